package dev.tutti.view;

/// How many columns text takes in a terminal, by Unicode's East Asian width: wide characters two,
/// marks none.
public final class Width {
    private static final char CUT = '…';

    private Width() {}

    public static int of(String text) {
        return text.codePoints().map(Width::of).sum();
    }

    static int of(int c) {
        if (c < 0x300) {
            return 1;
        }
        int type = Character.getType(c);
        if (type == Character.NON_SPACING_MARK
                || type == Character.ENCLOSING_MARK
                || type == Character.FORMAT) {
            return 0;
        }
        return isWide(c) ? 2 : 1;
    }

    private static boolean isWide(int c) {
        return (c >= 0x1100 && c <= 0x115F)
                || (c >= 0x2E80 && c <= 0xA4CF && c != 0x303F)
                || (c >= 0xAC00 && c <= 0xD7A3)
                || (c >= 0xF900 && c <= 0xFAFF)
                || (c >= 0xFE30 && c <= 0xFE6F)
                || (c >= 0xFF00 && c <= 0xFF60)
                || (c >= 0xFFE0 && c <= 0xFFE6)
                || (c >= 0x1F300 && c <= 0x1F64F)
                || (c >= 0x1F680 && c <= 0x1F6FF)
                || (c >= 0x1F900 && c <= 0x1F9FF)
                || (c >= 0x20000 && c <= 0x3FFFD);
    }

    /// The text, `most` columns wide at most; what is cut off leaves a `…`.
    public static String cut(String text, int most) {
        if (text.length() <= most && text.chars().allMatch(c -> c < 0x300)) {
            return text;
        }
        if (most < 1) {
            return "";
        }
        int columns = 0;
        int fits = 0;
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            columns += of(c);
            if (columns > most) {
                return text.substring(0, fits) + CUT;
            }
            i += Character.charCount(c);
            if (columns < most) {
                fits = i;
            }
        }
        return text;
    }

    /// The text, filled up with blanks to `columns`.
    public static String pad(String text, int columns) {
        int missing = columns - of(text);
        return missing > 0 ? text + " ".repeat(missing) : text;
    }
}
