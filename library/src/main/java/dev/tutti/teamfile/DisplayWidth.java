package dev.tutti.teamfile;

/// How many columns of a terminal a character takes, and how characters are shown that take none.
final class DisplayWidth {
    private static final String TAB = "    ";
    private static final int ZERO_WIDTH_JOINER = 0x200D;

    /// Ranges of East Asian wide characters (Unicode TR11: W and F), without emoji, which
    /// [Character] knows.
    private static final int[][] WIDE = {
        {0x1100, 0x115F},
        {0x2E80, 0x303E},
        {0x3041, 0x33FF},
        {0x3400, 0x4DBF},
        {0x4E00, 0x9FFF},
        {0xA000, 0xA4CF},
        {0xA960, 0xA97F},
        {0xAC00, 0xD7A3},
        {0xF900, 0xFAFF},
        {0xFE30, 0xFE6F},
        {0xFF00, 0xFF60},
        {0xFFE0, 0xFFE6},
        {0x17000, 0x18CFF},
        {0x1B000, 0x1B2FF},
        {0x20000, 0x3FFFD}
    };

    private DisplayWidth() {}

    /// The character as it is shown: tabs as blanks, control characters and invisible directions
    /// escaped.
    static String shown(int codePoint) {
        if (codePoint == '\t') {
            return TAB;
        }
        boolean hidden =
                switch (Character.getType(codePoint)) {
                    case Character.CONTROL,
                            Character.SURROGATE,
                            Character.UNASSIGNED,
                            Character.LINE_SEPARATOR,
                            Character.PARAGRAPH_SEPARATOR ->
                            true;
                    case Character.FORMAT -> codePoint != ZERO_WIDTH_JOINER;
                    default -> false;
                };
        return hidden
                ? (codePoint > 0xFFFF ? "\\U%08x" : "\\u%04x").formatted(codePoint)
                : Character.toString(codePoint);
    }

    /// Columns of the character as it is shown.
    static int of(int codePoint) {
        var shown = shown(codePoint);
        if (shown.length() > Character.charCount(codePoint)) {
            return shown.length();
        }
        return switch (Character.getType(codePoint)) {
            case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.FORMAT -> 0;
            default -> isWide(codePoint) ? 2 : 1;
        };
    }

    static int of(String text) {
        return text.codePoints().map(DisplayWidth::of).sum();
    }

    private static boolean isWide(int codePoint) {
        if (Character.isEmojiPresentation(codePoint)) {
            return true;
        }
        for (var range : WIDE) {
            if (codePoint >= range[0] && codePoint <= range[1]) {
                return true;
            }
        }
        return false;
    }

    /// The text as it is shown, on one line.
    static String shown(String text) {
        var shown = new StringBuilder();
        text.codePoints().forEach(c -> shown.append(shown(c)));
        return shown.toString();
    }
}
