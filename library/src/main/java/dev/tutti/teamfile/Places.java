package dev.tutti.teamfile;

import dev.tutti.core.event.Fault;
import dev.tutti.teamfile.YamlNode.Entry;
import dev.tutti.teamfile.YamlNode.Mapping;
import dev.tutti.teamfile.YamlNode.Scalar;
import dev.tutti.teamfile.YamlNode.Sequence;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Finds the characters that a path and a span lead to.
final class Places {

    /// Faults of a key rather than of what stands under it.
    private static final Set<String> OF_KEYS =
            Set.of(
                    "E-KEY-01",
                    "E-KEY-03",
                    "E-NAME-01",
                    "E-NAME-02",
                    "E-NAME-03",
                    "W-NAME-01",
                    "E-TYPE-03",
                    "W-SCHEMA-01");

    private final Source source;
    private final YamlNode root;

    Places(Source source, YamlNode root) {
        this.source = source;
        this.root = root;
    }

    /// Characters `from` to `to` of the file.
    record Region(int from, int to) {}

    /// @param exact whether the whole path was found, not only its beginning
    private record Found(YamlNode node, @Nullable Scalar key, boolean exact) {}

    Region of(Fault fault) {
        var found = find(fault.at());
        var span = fault.span();
        if (span != null && found.exact() && found.node() instanceof Scalar scalar) {
            var offsets = ScalarText.offsets(source.text(), scalar);
            int last = offsets.length - 1;
            int from = offsets[Math.min(span.from(), last)];
            int to = offsets[Math.min(span.to(), last)];
            return new Region(from, Math.max(to, from + 1));
        }
        if (found.key() != null && found.exact() && OF_KEYS.contains(fault.code())) {
            return region(found.key());
        }
        return region(found);
    }

    /// Where the key at the end of a path stands, or null.
    @Nullable Region key(List<String> path) {
        var found = find(path);
        return found.exact() && found.key() != null ? region(found.key()) : null;
    }

    private Region region(Found found) {
        if (found.node() instanceof Scalar scalar && scalar.end() > scalar.start()) {
            return region(scalar);
        }
        if (found.key() != null) {
            return region(found.key());
        }
        int from = found.node().start();
        return new Region(from, Math.max(from + 1, Math.min(found.node().end(), from + 1)));
    }

    /// Without its quotes.
    private static Region region(Scalar scalar) {
        return switch (scalar.style()) {
            case PLAIN, BLOCK -> new Region(scalar.start(), scalar.end());
            case SINGLE_QUOTED, DOUBLE_QUOTED ->
                    scalar.end() - scalar.start() > 2
                            ? new Region(scalar.start() + 1, scalar.end() - 1)
                            : new Region(scalar.start(), scalar.end());
        };
    }

    private Found find(List<String> path) {
        YamlNode node = root;
        Scalar key = null;
        for (var step : path) {
            switch (node) {
                case Mapping mapping -> {
                    var entry = entry(mapping, step);
                    if (entry == null) {
                        return new Found(node, key, false);
                    }
                    node = entry.value();
                    key = entry.key();
                }
                case Sequence sequence -> {
                    var item = item(sequence, step);
                    if (item == null) {
                        return new Found(node, key, false);
                    }
                    node = item;
                    key = null;
                }
                case Scalar scalar -> {
                    return new Found(node, key, scalar.text().equals(step));
                }
            }
        }
        return new Found(node, key, true);
    }

    private static @Nullable Entry entry(Mapping mapping, String name) {
        for (var entry : mapping.entries()) {
            if (entry.key().text().equals(name)) {
                return entry;
            }
        }
        return null;
    }

    /// By its index, or where the items are words by the word.
    private static @Nullable YamlNode item(Sequence sequence, String step) {
        for (var item : sequence.items()) {
            if (item instanceof Scalar scalar && scalar.text().equals(step)) {
                return item;
            }
        }
        if (step.matches("[0-9]{1,9}")) {
            int index = Integer.parseInt(step);
            return index < sequence.items().size() ? sequence.items().get(index) : null;
        }
        return null;
    }
}
