package dev.tutti.agents.local;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Lines that so many documents of a folder share that they say nothing of any: menus, mastheads,
/// licence notices. Learnt from a sample and kept with the index.
record Boilerplate(Set<String> lines) {
    static final Boilerplate NONE = new Boilerplate(Set.of());

    /// Documents that are looked at.
    static final int SAMPLE = 120;

    /// Larger files, in bytes, are not looked at.
    static final long LARGEST_FILE = 1 << 20;

    /// With fewer documents nothing is called boilerplate.
    private static final int FEWEST = 8;

    /// The share of the documents that a line must be in.
    private static final double SHARE = 0.4;

    private static final int LONGEST_LINE = 200;
    private static final int MOST_LINES = 500;

    Boilerplate {
        lines = Set.copyOf(lines);
    }

    static Boilerplate of(List<Document> sample) {
        if (sample.size() < FEWEST) {
            return NONE;
        }
        var documents = new TreeMap<String, Integer>();
        for (var document : sample) {
            var seen = new HashSet<String>();
            for (var line : document.lines()) {
                var text = line.text().strip();
                if (!text.isEmpty() && text.length() <= LONGEST_LINE && seen.add(text)) {
                    documents.merge(text, 1, Integer::sum);
                }
            }
        }
        var common = new ArrayList<String>();
        for (var entry : documents.entrySet()) {
            if (entry.getValue() >= sample.size() * SHARE && common.size() < MOST_LINES) {
                common.add(entry.getKey());
            }
        }
        return new Boilerplate(Set.copyOf(common));
    }

    boolean contains(String line) {
        return lines.contains(line);
    }

    /// As one text, for [#parse].
    String join() {
        return String.join("\n", lines);
    }

    static Boilerplate parse(Map<String, String> stored, String key) {
        var text = stored.getOrDefault(key, "");
        return text.isEmpty() ? NONE : new Boilerplate(Set.copyOf(text.lines().toList()));
    }
}
