package dev.tutti.cli.terminal;

import dev.tutti.view.Width;
import java.util.ArrayList;
import java.util.List;

/// One line of output, put together of pieces with an ink each. It is cut, never wrapped.
public final class Line {
    private final List<Piece> pieces = new ArrayList<>();

    private record Piece(Ink ink, String text) {}

    public Line add(String text) {
        return add(Ink.PLAIN, text);
    }

    public Line add(Ink ink, String text) {
        if (!text.isEmpty()) {
            pieces.add(new Piece(ink, text));
        }
        return this;
    }

    /// Adds a column of its own: cut or filled up to `columns`, with two blanks behind it.
    public Line column(Ink ink, String text, int columns) {
        return add(ink, Width.pad(Width.cut(text, columns), columns)).add("  ");
    }

    /// Blanks up to the column `at`, counted from 0; at least one.
    public Line to(int at) {
        return add(" ".repeat(Math.max(1, at - width())));
    }

    public int width() {
        return pieces.stream().mapToInt(piece -> Width.of(piece.text)).sum();
    }

    /// As it is printed, `most` columns wide at most and without blanks at the end.
    public String show(Screen screen, int most) {
        var shown = new StringBuilder();
        int left = most;
        int last = pieces.size() - 1;
        while (last >= 0 && pieces.get(last).text.isBlank()) {
            last--;
        }
        for (int i = 0; i <= last && left > 0; i++) {
            var piece = pieces.get(i);
            var text = screen.signs(i == last ? piece.text.stripTrailing() : piece.text);
            var fitting = Width.cut(text, left);
            shown.append(screen.paint(piece.ink, screen.signs(fitting)));
            left = fitting.equals(text) ? left - Width.of(text) : 0;
        }
        return shown.toString();
    }

    public String show(Screen screen) {
        return show(screen, Integer.MAX_VALUE);
    }
}
