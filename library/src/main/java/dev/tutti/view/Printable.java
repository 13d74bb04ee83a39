package dev.tutti.view;

/// Text from outside, made fit to be shown: what would move the cursor, colour or reverse the line
/// is shown as an escape instead.
public final class Printable {
    private static final int FIRST_C1 = 0x7F;
    private static final int LAST_C1 = 0x9F;

    private Printable() {}

    /// As a part of one line.
    public static String line(String text) {
        return shown(text, false);
    }

    /// As a part of one line, `most` columns wide at most.
    public static String line(String text, int most) {
        // A column is at least one character, so the rest is never looked at.
        var begin = text.length() > most * 4 ? text.substring(0, most * 4) + "…" : text;
        return Width.cut(line(begin), most);
    }

    /// As text of several lines.
    public static String lines(String text) {
        return shown(text.replace("\r\n", "\n").replace("\t", "    "), true);
    }

    private static String shown(String text, boolean keepLines) {
        if (text.codePoints().noneMatch(c -> isControl(c) && !(keepLines && c == '\n'))) {
            return text;
        }
        var shown = new StringBuilder(text.length() + 16);
        text.codePoints()
                .forEach(c -> {
                    if (!isControl(c) || (keepLines && c == '\n')) {
                        shown.appendCodePoint(c);
                    } else {
                        shown.append(escape(c));
                    }
                });
        return shown.toString();
    }

    private static boolean isControl(int c) {
        return c < ' '
                || (c >= FIRST_C1 && c <= LAST_C1)
                || (c >= 0x202A && c <= 0x202E)
                || (c >= 0x2066 && c <= 0x2069)
                || c == 0x2028
                || c == 0x2029;
    }

    private static String escape(int c) {
        return switch (c) {
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            default -> c < 0x100 ? "\\x%02x".formatted(c) : "\\u%04x".formatted(c);
        };
    }
}
