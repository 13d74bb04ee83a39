package dev.tutti.teamfile;

import dev.tutti.core.event.Value;
import dev.tutti.runtime.json.Json;
import dev.tutti.teamfile.YamlNode.Entry;
import dev.tutti.teamfile.YamlNode.Mapping;
import dev.tutti.teamfile.YamlNode.Scalar;
import dev.tutti.teamfile.YamlNode.Sequence;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Edits of a team file as a unified diff: its comments and its form stay as they are.
final class Patch {
    private static final int CONTEXT = 2;

    private final Source source;
    private final YamlNode root;
    private final List<Cut> cuts = new ArrayList<>();

    /// Characters that are replaced.
    private record Cut(int from, int to, String by) {}

    private record Hunk(int from, int to) {}

    Patch(Source source, YamlNode root) {
        this.source = source;
        this.root = root;
    }

    /// @throws IllegalArgumentException when an edit leads nowhere
    String of(List<Edit> edits, String name) {
        for (var edit : edits) {
            cut(edit);
        }
        cuts.sort(Comparator.comparingInt(Cut::from));
        var diff = new StringBuilder();
        diff.append("--- ").append(name).append('\n').append("+++ ").append(name).append('\n');
        int shift = 0;
        for (var hunk : hunks()) {
            shift += write(diff, hunk, shift);
        }
        return diff.toString();
    }

    // ---- where

    private void cut(Edit edit) {
        YamlNode node = root;
        var path = edit.at();
        if (edit instanceof Edit.Fill fill) {
            for (var step : path) {
                node = child(node, step);
            }
            if (!(node instanceof Mapping mapping)) {
                throw nowhere(path);
            }
            fill(fill, mapping);
            return;
        }
        for (var step : path.subList(0, path.size() - 1)) {
            node = child(node, step);
        }
        var last = path.getLast();
        switch (node) {
            case Mapping mapping -> cut(edit, mapping, last);
            case Sequence sequence -> cut(sequence, last);
            case Scalar scalar when scalar.text().equals(last) -> throw nowhere(path);
            case null, default -> throw nowhere(path);
        }
    }

    private static IllegalArgumentException nowhere(List<String> path) {
        return new IllegalArgumentException("nothing can be edited at " + path);
    }

    private static @Nullable YamlNode child(@Nullable YamlNode node, String step) {
        return node instanceof Mapping mapping
                ? mapping.entries().stream()
                        .filter(entry -> entry.key().text().equals(step))
                        .map(Entry::value)
                        .findFirst()
                        .orElse(null)
                : null;
    }

    private void cut(Edit edit, Mapping mapping, String key) {
        var entries = mapping.entries();
        for (int i = 0; i < entries.size(); i++) {
            var entry = entries.get(i);
            if (!entry.key().text().equals(key)) {
                continue;
            }
            int from = entry.key().start();
            int to = Math.max(entry.value().end(), entry.key().end());
            if (edit instanceof Edit.Replace(_, var word, var value)) {
                cuts.add(new Cut(from, trimmed(from, to), word + ": " + written(value)));
            } else if (i + 1 < entries.size()) {
                cuts.add(new Cut(from, entries.get(i + 1).key().start(), ""));
            } else if (i > 0) {
                cuts.add(
                        new Cut(
                                trimmed(0, entries.get(i - 1).value().end()),
                                trimmed(from, to),
                                ""));
            } else {
                cuts.add(new Cut(from, trimmed(from, to), ""));
            }
            return;
        }
        throw nowhere(edit.at());
    }

    /// What goes is cut out, neighbours together, and the new keys stand where the first of it was.
    private void fill(Edit.Fill fill, Mapping mapping) {
        var entries = mapping.entries();
        boolean flow = source.text().charAt(mapping.start()) == '{';
        boolean first = true;
        for (int i = 0; i < entries.size(); i++) {
            if (!fill.gone().contains(entries.get(i).key().text())) {
                continue;
            }
            int last = i;
            while (last + 1 < entries.size()
                    && fill.gone().contains(entries.get(last + 1).key().text())) {
                last++;
            }
            int from = entries.get(i).key().start();
            int to =
                    trimmed(
                            from,
                            Math.max(
                                    entries.get(last).value().end(),
                                    entries.get(last).key().end()));
            if (first) {
                var by = new YamlText(flow ? -1 : column(from)).keys(fill.keys());
                cuts.add(new Cut(from, to, by));
            } else if (last + 1 < entries.size()) {
                cuts.add(new Cut(from, entries.get(last + 1).key().start(), ""));
            } else {
                cuts.add(new Cut(trimmed(0, entries.get(i - 1).value().end()), to, ""));
            }
            first = false;
            i = last;
        }
        if (first) {
            throw nowhere(fill.at());
        }
    }

    private int column(int at) {
        return at - source.lineStart(source.line(at));
    }

    private void cut(Sequence sequence, String word) {
        var items = sequence.items();
        for (int i = 0; i < items.size(); i++) {
            if (items.get(i) instanceof Scalar scalar && scalar.text().equals(word)) {
                if (i + 1 < items.size()) {
                    cuts.add(new Cut(scalar.start(), items.get(i + 1).start(), ""));
                } else if (i > 0) {
                    cuts.add(new Cut(items.get(i - 1).end(), scalar.end(), ""));
                } else {
                    cuts.add(new Cut(scalar.start(), scalar.end(), ""));
                }
                return;
            }
        }
        throw nowhere(List.of(word));
    }

    /// A word as it is, a number in digits.
    private static String written(Value value) {
        return value instanceof Value.Text(var word) ? word : Json.text(value);
    }

    /// Without blanks and ends of lines before `to`: a block ends where the next begins.
    private int trimmed(int from, int to) {
        int end = to;
        while (end > from && Character.isWhitespace(source.text().charAt(end - 1))) {
            end--;
        }
        return end;
    }

    // ---- what is written

    /// The lines that are touched, those near one another together.
    private List<Hunk> hunks() {
        var hunks = new ArrayList<Hunk>();
        for (var cut : cuts) {
            int from = source.line(cut.from());
            int to = source.line(Math.max(cut.from(), cut.to() - 1));
            var last = hunks.isEmpty() ? null : hunks.getLast();
            if (last != null && from <= last.to() + 2 * CONTEXT) {
                hunks.removeLast();
                hunks.add(new Hunk(last.from(), Math.max(last.to(), to)));
            } else {
                hunks.add(new Hunk(from, to));
            }
        }
        return hunks;
    }

    /// Returns how many lines the file grows by.
    private int write(StringBuilder diff, Hunk hunk, int shift) {
        int all = source.line(Math.max(0, source.text().length() - 1));
        int before = Math.max(0, hunk.from() - CONTEXT);
        int after = Math.min(all, hunk.to() + CONTEXT);
        int start = source.lineStart(hunk.from());
        int end = source.lineEnd(hunk.to());
        var text = new StringBuilder(source.text().substring(start, end));
        for (var cut : cuts.reversed()) {
            if (cut.from() >= start && cut.to() <= end) {
                text.replace(cut.from() - start, cut.to() - start, cut.by());
            }
        }
        var lines = text.toString().lines().filter(line -> !line.isBlank()).toList();
        int context = hunk.from() - before + after - hunk.to();
        int old = hunk.to() - hunk.from() + 1;
        diff.append(
                "@@ -%d,%d +%d,%d @@\n"
                        .formatted(
                                before + 1,
                                old + context,
                                before + 1 + shift,
                                lines.size() + context));
        lines(diff, ' ', before, hunk.from() - 1);
        lines(diff, '-', hunk.from(), hunk.to());
        lines.forEach(line -> diff.append('+').append(line.stripTrailing()).append('\n'));
        lines(diff, ' ', hunk.to() + 1, after);
        return lines.size() - old;
    }

    private void lines(StringBuilder diff, char sign, int from, int to) {
        for (int line = from; line <= to; line++) {
            diff.append(sign)
                    .append(source.text(), source.lineStart(line), source.lineEnd(line))
                    .append('\n');
        }
    }
}
