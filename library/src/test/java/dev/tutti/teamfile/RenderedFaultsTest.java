package dev.tutti.teamfile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every file of `faulty/` against what is printed for it. `-Dgolden.rewrite=true` writes the
/// expectations anew; read the difference before it is kept.
class RenderedFaultsTest {
    private static final int WIDTH = 100;

    static Stream<String> files() throws IOException {
        try (var files = Files.list(folder())) {
            return files
                    .map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".yaml"))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    private static Path folder() {
        var resources = Path.of("src/test/resources/dev/tutti/teamfile/faulty");
        return Files.isDirectory(resources) ? resources : Path.of("library").resolve(resources);
    }

    @ParameterizedTest
    @MethodSource("files")
    void faults_are_printed_as_expected(String name) throws IOException {
        var text = Files.readString(folder().resolve(name));
        var printed = TeamFile.parse(text, name).render(false, WIDTH);
        var expected = folder().resolve(name.replace(".yaml", ".txt"));
        if (Boolean.getBoolean("golden.rewrite")) {
            Files.writeString(expected, printed);
        }
        assertThat(printed).isEqualTo(Files.readString(expected));
        assertThat(
                        printed.lines()
                                .filter(line ->
                                        !line.startsWith("error") && !line.startsWith("help")))
                .as("columns of lines of the file")
                .filteredOn(line ->
                        line.contains(" | ") && !line.contains("^") && !line.contains("---"))
                .allSatisfy(line -> assertThat(DisplayWidth.of(line)).isLessThanOrEqualTo(WIDTH));
    }

    @Test
    void colour_changes_nothing_but_the_colour() throws IOException {
        var file = TeamFile.parse(resource("faulty/references.yaml"), "team.yaml");
        var coloured = file.render(true, WIDTH);
        assertThat(coloured).contains("\u001b[");
        assertThat(coloured.replaceAll("\u001b\\[[0-9;]*m", ""))
                .isEqualTo(file.render(false, WIDTH));
    }

    @Test
    void a_narrow_terminal_still_shows_the_mark() throws IOException {
        var file = TeamFile.parse(resource("faulty/long.yaml"), "team.yaml");
        for (int width = 40; width < 120; width++) {
            var printed = file.render(false, width).lines().toList();
            int at = 0;
            while (!printed.get(at).contains("^")) {
                at++;
            }
            var marks = printed.get(at);
            var marked =
                    printed.get(at - 1).substring(marks.indexOf('^'), marks.lastIndexOf('^') + 1);
            assertThat("serach").startsWith(marked);
        }
    }

    static String resource(String name) throws IOException {
        try (var in = Objects.requireNonNull(RenderedFaultsTest.class.getResourceAsStream(name))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
