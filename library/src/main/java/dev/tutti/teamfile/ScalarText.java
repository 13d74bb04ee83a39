package dev.tutti.teamfile;

import java.util.Arrays;

/// Tells where each character of a scalar's text stands in the file, whatever quotes, escapes and
/// line breaks it was written with.
final class ScalarText {
    private final String source;
    private final YamlNode.Scalar scalar;
    private final int[] offsets;
    private int raw;
    private int read;

    private ScalarText(String source, YamlNode.Scalar scalar) {
        this.source = source;
        this.scalar = scalar;
        offsets = new int[scalar.text().length() + 1];
    }

    /// The offset in `source` of every character of the scalar's text, and of its end.
    static int[] offsets(String source, YamlNode.Scalar scalar) {
        var mapping = new ScalarText(source, scalar);
        switch (scalar.style()) {
            case PLAIN -> mapping.folded(scalar.start());
            case SINGLE_QUOTED, DOUBLE_QUOTED -> mapping.folded(scalar.start() + 1);
            case BLOCK -> mapping.folded(mapping.endOfHeader());
        }
        return mapping.offsets;
    }

    private int endOfHeader() {
        int at = scalar.start();
        while (at < scalar.end() && source.charAt(at) != '\n') {
            at++;
        }
        return Math.min(at + 1, scalar.end());
    }

    private void folded(int from) {
        raw = from;
        var text = scalar.text();
        while (read < text.length() && raw < scalar.end()) {
            char wanted = text.charAt(read);
            char there = source.charAt(raw);
            if (there == '\\' && scalar.style() == YamlNode.Style.DOUBLE_QUOTED) {
                escape();
            } else if (there == wanted) {
                take(there == '\'' && scalar.style() == YamlNode.Style.SINGLE_QUOTED ? 2 : 1);
            } else if (there == '\r' || there == '\n') {
                lineBreak(wanted);
            } else {
                raw++;
            }
        }
        Arrays.fill(offsets, read, offsets.length, Math.min(raw, scalar.end()));
    }

    private void take(int characters) {
        offsets[read++] = raw;
        raw += characters;
    }

    /// A line break, with the blanks after it, may stand for a blank, for breaks, or for nothing.
    private void lineBreak(char wanted) {
        if (wanted == ' ' || wanted == '\n') {
            offsets[read++] = raw;
        }
        raw++;
        while (raw < scalar.end()
                && (" \t\r".indexOf(source.charAt(raw)) >= 0)
                && !(read < scalar.text().length()
                        && scalar.style() == YamlNode.Style.BLOCK
                        && scalar.text().startsWith(restOfLine(), read))) {
            raw++;
        }
    }

    private String restOfLine() {
        int end = source.indexOf('\n', raw);
        var rest = source.substring(raw, end < 0 ? scalar.end() : Math.min(end, scalar.end()));
        return rest.strip().isEmpty() ? "\0" : rest.stripTrailing();
    }

    private void escape() {
        char kind = raw + 1 < scalar.end() ? source.charAt(raw + 1) : ' ';
        int length =
                switch (kind) {
                    case 'x' -> 4;
                    case 'u' -> 6;
                    case 'U' -> 10;
                    default -> 2;
                };
        if (kind == '\n' || kind == '\r') {
            raw += 2;
            while (raw < scalar.end() && " \t\n\r".indexOf(source.charAt(raw)) >= 0) {
                raw++;
            }
            return;
        }
        boolean pair =
                Character.isHighSurrogate(scalar.text().charAt(read))
                        && read + 1 < scalar.text().length();
        if (pair) {
            offsets[read++] = raw;
        }
        take(length);
    }
}
