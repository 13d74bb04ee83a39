package dev.tutti.cli.view;

import dev.tutti.cli.terminal.Ink;
import dev.tutti.cli.terminal.Line;
import dev.tutti.cli.terminal.Screen;
import dev.tutti.view.Width;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Rows under headings, each column as wide as its widest cell up to a limit; the last column takes
/// what is left.
public final class Table {
    private static final int WIDEST = 64;

    private final List<String> headings;
    private final List<List<String>> rows = new ArrayList<>();
    private final List<Ink> inks = new ArrayList<>();

    public Table(String... headings) {
        this.headings = List.of(headings);
    }

    /// Adds a row.
    ///
    /// @param ink of the first cell
    public void row(Ink ink, String... cells) {
        rows.add(Arrays.asList(cells));
        inks.add(ink);
    }

    /// The lines as they are printed; cut to the screen where it is a terminal.
    public List<String> lines(Screen screen) {
        var lines = new ArrayList<String>();
        lines.add(line(headings, Ink.DIM, Ink.DIM).show(screen, screen.most()));
        for (int i = 0; i < rows.size(); i++) {
            lines.add(line(rows.get(i), inks.get(i), Ink.PLAIN).show(screen, screen.most()));
        }
        return lines;
    }

    private Line line(List<String> cells, Ink first, Ink others) {
        var line = new Line();
        for (int column = 0; column < cells.size(); column++) {
            var ink = column == 0 ? first : others;
            if (column == cells.size() - 1) {
                line.add(ink, cells.get(column));
            } else {
                line.column(ink, cells.get(column), width(column));
            }
        }
        return line;
    }

    private int width(int column) {
        int widest = Width.of(headings.get(column));
        for (var row : rows) {
            widest = Math.max(widest, Math.min(WIDEST, Width.of(row.get(column))));
        }
        return widest;
    }
}
