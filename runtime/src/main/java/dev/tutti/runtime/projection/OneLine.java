package dev.tutti.runtime.projection;

/// Text as a short line: blanks, ends of lines and what would move or reverse a line are one blank
/// each, and what is too long is cut behind a word.
final class OneLine {
    private static final String CUT = "…";

    private OneLine() {}

    /// @param most characters that are kept, the mark of the cut among them
    static String of(String text, int most) {
        var line = new StringBuilder(Math.min(text.length(), most + 1));
        int kept = 0;
        boolean blank = false;
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            if (isBlank(c)) {
                blank = kept > 0;
                continue;
            }
            if (kept + (blank ? 1 : 0) >= most) {
                return cut(line, most);
            }
            if (blank) {
                line.append(' ');
                kept++;
                blank = false;
            }
            line.appendCodePoint(c);
            kept++;
        }
        return line.toString();
    }

    private static String cut(StringBuilder line, int most) {
        int end = line.offsetByCodePoints(0, Math.min(most - 1, points(line)));
        int word = line.lastIndexOf(" ", end);
        line.setLength(word > end / 2 ? word : end);
        return line.append(CUT).toString();
    }

    private static int points(StringBuilder line) {
        return line.codePointCount(0, line.length());
    }

    private static boolean isBlank(int c) {
        return Character.isWhitespace(c)
                || Character.isSpaceChar(c)
                || Character.isISOControl(c)
                || (c >= 0x202A && c <= 0x202E)
                || (c >= 0x2066 && c <= 0x2069)
                || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
    }
}
