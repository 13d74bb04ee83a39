package dev.tutti.cli.view;

import dev.tutti.cli.terminal.Ink;
import dev.tutti.cli.terminal.Line;

/// What commands print that look whether things are as they should be: a column of names, then what
/// there is to say.
public final class FactLines {
    private static final int NAMES = 10;
    private static final int GAP = 2;

    private FactLines() {}

    /// Something that is so.
    public static Line fact(String name, String text) {
        return new Line().column(Ink.DIM, name, NAMES).add(text);
    }

    /// Something that should not be so.
    public static Line wrong(String text) {
        return new Line().add(Ink.RED, "wrong").to(NAMES + GAP).add(text);
    }
}
