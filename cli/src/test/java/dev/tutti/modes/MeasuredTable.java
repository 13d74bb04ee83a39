package dev.tutti.modes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Writes a table between two marks of a page.
final class MeasuredTable {
    private MeasuredTable() {}

    /// @param page from the project's folder
    /// @param name the page has `<!-- name -->`, and some lines below `<!-- end -->`
    static void write(String page, String name, List<String> rows) throws IOException {
        var path = Path.of("..", page);
        var lines = Files.readAllLines(path, StandardCharsets.UTF_8);
        int from = lines.indexOf("<!-- " + name + " -->");
        assertThat(from).as("the place in " + page).isNotNegative();
        int to = from + lines.subList(from, lines.size()).indexOf("<!-- end -->");
        assertThat(to).as("the end of the place in " + page).isGreaterThan(from);
        var written = new ArrayList<>(lines.subList(0, from + 1));
        written.add("");
        written.addAll(rows);
        written.add("");
        written.addAll(lines.subList(to, lines.size()));
        Files.write(path, written, StandardCharsets.UTF_8);
    }
}
