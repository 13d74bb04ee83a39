package dev.tutti.teamfile;

import dev.tutti.core.event.Fault;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Writes faults for people: the line, a mark under the exact characters, what is wrong with them,
/// and what to write instead.
final class Diagnostics {
    private static final String CUT = "...";
    private static final int NARROWEST = 40;

    private final Source source;
    private final String name;
    private final Ink ink;
    private final int width;

    /// @param width columns of the terminal; longer lines are cut around the mark
    Diagnostics(Source source, String name, boolean colour, int width) {
        this.source = source;
        this.name = name;
        this.ink = new Ink(colour);
        this.width = Math.max(width, NARROWEST);
    }

    /// A marked place with a few words.
    record Mark(int from, int to, String label) {}

    /// @param second where the cause is, if that is elsewhere
    record Item(Fault fault, Mark mark, @Nullable Mark second) {}

    /// Colours of a terminal, or none.
    private record Ink(boolean colour) {
        String strong(String text, boolean warning) {
            return paint(warning ? "1;33" : "1;31", text);
        }

        String quiet(String text) {
            return paint("34", text);
        }

        String mend(String text) {
            return paint("36", text);
        }

        String bold(String text) {
            return paint("1", text);
        }

        private String paint(String code, String text) {
            return colour && !text.isEmpty() ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
        }
    }

    String write(Item item) {
        var fault = item.fault();
        var out = new StringBuilder();
        out.append(
                        ink.strong(
                                (fault.isWarning() ? "warning[" : "error[") + fault.code() + "]",
                                fault.isWarning()))
                .append(ink.bold(": " + DisplayWidth.shown(fault.message())))
                .append('\n');
        var marks = new ArrayList<Mark>();
        marks.add(item.mark());
        if (item.second() != null && !isWithin(item.second(), item.mark())) {
            marks.add(item.second());
        }
        marks.sort((a, b) -> Integer.compare(source.line(a.from()), source.line(b.from())));
        int digits = Integer.toString(source.line(marks.getLast().from()) + 1).length();
        var place = source.place(item.mark().from(), item.mark().to());
        out.append(" ".repeat(digits))
                .append(ink.quiet("-->"))
                .append(
                        " %s:%d:%d%n"
                                .formatted(name, place.line(), place.column())
                                .replace("\r", ""));
        var gutter = " ".repeat(digits) + " |";
        out.append(ink.quiet(gutter)).append('\n');
        int shownLine = -1;
        for (var mark : marks) {
            int line = source.line(mark.from());
            shownLine = line(mark, line, line != shownLine, digits, item, out);
        }
        if (fault.help() != null) {
            out.append(ink.quiet(gutter)).append('\n');
            out.append(ink.mend("help: ")).append(DisplayWidth.shown(fault.help())).append('\n');
        }
        return out.toString();
    }

    private boolean isWithin(Mark a, Mark b) {
        return a.from() == b.from() && a.to() == b.to();
    }

    private int line(
            Mark mark, int line, boolean withText, int digits, Item item, StringBuilder out) {
        var window = window(mark, line, digits);
        if (withText) {
            out.append(ink.quiet(("%" + digits + "d |").formatted(line + 1)));
            if (!window.text().isBlank()) {
                out.append(' ').append(window.text());
            }
            out.append('\n');
        }
        boolean first = mark.equals(item.mark());
        var pointer = (first ? "^" : "-").repeat(window.length());
        var label = DisplayWidth.shown(mark.label());
        int room = width - digits - 3;
        boolean beside = window.before() + window.length() + 1 + DisplayWidth.of(label) <= room;
        var gutter = ink.quiet(" ".repeat(digits) + " |") + " ";
        out.append(gutter)
                .append(" ".repeat(window.before()))
                .append(
                        painted(
                                beside && !label.isEmpty() ? pointer + " " + label : pointer,
                                first,
                                item))
                .append('\n');
        if (!beside) {
            out.append(gutter)
                    .append(" ".repeat(Math.max(0, room - DisplayWidth.of(label))))
                    .append(painted(label, first, item))
                    .append('\n');
        }
        return line;
    }

    private String painted(String text, boolean first, Item item) {
        return first ? ink.strong(text, item.fault().isWarning()) : ink.quiet(text);
    }

    /// A line as it is shown.
    ///
    /// @param before columns before the mark
    /// @param length columns of the mark
    private record Window(String text, int before, int length) {}

    private Window window(Mark mark, int line, int digits) {
        var text = source.text();
        int start = source.lineStart(line);
        int end = source.lineEnd(line);
        int from = Math.min(Math.max(mark.from(), start), end);
        int to = Math.min(Math.max(mark.to(), from), end);
        int room = width - digits - 3;
        int marked = Math.max(1, DisplayWidth.of(text.substring(from, to)));
        int before = DisplayWidth.of(text.substring(start, from));
        int after = DisplayWidth.of(text.substring(to, end));
        if (before + marked + after <= room) {
            return new Window(DisplayWidth.shown(text.substring(start, end)), before, marked);
        }
        int label =
                mark.label().isEmpty() ? 0 : Math.min(DisplayWidth.of(mark.label()) + 1, room / 2);
        marked = Math.min(marked, Math.max(1, room - 2 * CUT.length() - label));
        int context =
                Math.max(
                        0,
                        room
                                - marked
                                - Math.max(label, Math.min(after, room / 4))
                                - 2 * CUT.length());
        var left =
                before <= context + CUT.length()
                        ? DisplayWidth.shown(text.substring(start, from))
                        : CUT + DisplayWidth.shown(last(text.substring(start, from), context));
        var middle = first(text.substring(from, to), marked);
        int used = DisplayWidth.of(left) + DisplayWidth.of(middle);
        boolean whole = middle.length() == to - from && used + after <= room;
        var right =
                whole
                        ? text.substring(to, end)
                        : first(
                                text.substring(from + middle.length(), end),
                                Math.max(0, room - used - CUT.length()));
        return new Window(
                left + DisplayWidth.shown(middle + right) + (whole ? "" : CUT),
                DisplayWidth.of(left),
                Math.max(1, DisplayWidth.of(middle)));
    }

    /// As much of the beginning of `text` as fits into `columns`.
    private static String first(String text, int columns) {
        int at = 0;
        int used = 0;
        while (at < text.length()) {
            int codePoint = text.codePointAt(at);
            used += DisplayWidth.of(codePoint);
            if (used > columns) {
                break;
            }
            at += Character.charCount(codePoint);
        }
        return text.substring(0, at);
    }

    /// As much of the end of `text` as fits into `columns`.
    private static String last(String text, int columns) {
        int at = text.length();
        int used = 0;
        while (at > 0) {
            int codePoint = text.codePointBefore(at);
            used += DisplayWidth.of(codePoint);
            if (used > columns) {
                break;
            }
            at -= Character.charCount(codePoint);
        }
        return text.substring(at);
    }

    /// "2 errors, 1 warning in team.yaml. Nothing was started. Explain: tutti explain E-REF-02"
    String sum(List<Fault> faults) {
        long warnings = faults.stream().filter(Fault::isWarning).count();
        long errors = faults.size() - warnings;
        var counts = new ArrayList<String>();
        if (errors > 0) {
            counts.add(errors + (errors == 1 ? " error" : " errors"));
        }
        if (warnings > 0) {
            counts.add(warnings + (warnings == 1 ? " warning" : " warnings"));
        }
        return String.join(", ", counts)
                + " in "
                + name
                + "."
                + (errors > 0 ? " Nothing was started." : "")
                + " Explain: tutti explain "
                + faults.getFirst().code()
                + "\n";
    }
}
