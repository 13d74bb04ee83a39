package dev.tutti.agents.local;

import java.util.List;

/// The text of a file, line by line.
///
/// @param title what the document calls itself, or else the name of its file
/// @param lines its text without the title
record Document(String title, List<Line> lines) {

    Document {
        lines = List.copyOf(lines);
    }

    /// One line.
    ///
    /// @param text without Markdown or HTML marks
    /// @param kind what the line is
    /// @param number the line or the page it is on, from 1; see [#unit]
    /// @param unit what `number` counts
    record Line(String text, Kind kind, int number, Unit unit) {
        boolean isBlank() {
            return text.isBlank();
        }
    }

    enum Kind {
        TEXT,
        HEADING,
        ITEM,
        CODE
    }

    /// What people look a place up by.
    enum Unit {
        LINE,
        PAGE,
        PARAGRAPH
    }
}
