package dev.tutti.cli.terminal;

import java.util.List;
import java.util.function.Supplier;

/// What the reader of a stream can be shown.
///
/// @param terminal whether somebody watches: otherwise nothing is redrawn
/// @param colour whether to colour
/// @param unicode whether there are more characters than ASCII
/// @param size how much fits, now
public record Screen(boolean terminal, boolean colour, boolean unicode, Supplier<Size> size) {

    /// Columns and rows.
    public record Size(int columns, int rows) {
        public static final Size USUAL = new Size(80, 24);
    }

    /// Our own signs and what stands for them in ASCII, longer ones first.
    private static final List<Sign> SIGNS =
            List.of(
                    new Sign("├─▶", "|->"),
                    new Sign("╰─▶", "`->"),
                    new Sign("▓", "#"),
                    new Sign("░", "."),
                    new Sign("─", "-"),
                    new Sign("·", "-"),
                    new Sign("×", "x"),
                    new Sign("µ", "u"),
                    new Sign("…", "..."),
                    new Sign("→", "->"),
                    new Sign("“", "\""),
                    new Sign("”", "\""));

    private record Sign(String sign, String standIn) {}

    /// Neither watched nor coloured: a file or a pipe.
    public static Screen file(boolean unicode) {
        return new Screen(false, false, unicode, () -> Size.USUAL);
    }

    public int columns() {
        return size.get().columns();
    }

    /// How many columns of a line are shown: a terminal would wrap it, a file takes all of it.
    public int most() {
        return terminal ? columns() - 1 : Integer.MAX_VALUE;
    }

    public Screen withColour(boolean coloured) {
        return new Screen(terminal, coloured, unicode, size);
    }

    /// The same without redrawing.
    public Screen still() {
        return new Screen(false, colour, unicode, size);
    }

    public String paint(Ink ink, String text) {
        return colour ? ink.paint(text) : text;
    }

    /// The text with stand-ins for our own signs where the reader has ASCII only.
    public String signs(String text) {
        if (unicode || text.chars().allMatch(c -> c < 0x80)) {
            return text;
        }
        var shown = text;
        for (var sign : SIGNS) {
            shown = shown.replace(sign.sign, sign.standIn);
        }
        return shown;
    }
}
