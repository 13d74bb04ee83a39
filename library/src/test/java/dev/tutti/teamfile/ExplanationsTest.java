package dev.tutti.teamfile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ExplanationsTest {
    private static final Pattern CODE = Pattern.compile("\"([EW]-[A-Z]+(?:-[A-Z]+)?-\\d\\d)\"");

    @Test
    void every_code_in_the_sources_is_explained_and_no_other() throws IOException {
        var emitted = new TreeSet<String>();
        for (var module : new String[] {"core", "library"}) {
            collect(root().resolve(module).resolve("src/main/java"), emitted);
        }
        assertThat(emitted).hasSizeGreaterThan(40);
        assertThat(new TreeSet<>(Explanations.codes())).isEqualTo(emitted);
    }

    private static void collect(Path folder, Set<String> codes) throws IOException {
        try (var files = Files.walk(folder)) {
            for (var file : files.filter(file -> file.toString().endsWith(".java")).toList()) {
                CODE.matcher(Files.readString(file))
                        .results()
                        .forEach(result -> codes.add(result.group(1)));
            }
        }
    }

    /// The folder of the project: tests run in that of the module.
    private static Path root() {
        var at = Path.of("").toAbsolutePath();
        while (at != null && !Files.isDirectory(at.resolve("core/src/main/java"))) {
            at = at.getParent();
        }
        if (at == null) {
            throw new IllegalStateException(
                    "not within the project: " + Path.of("").toAbsolutePath());
        }
        return at;
    }

    @Test
    void an_explanation_has_all_its_parts() {
        for (var code : Explanations.codes()) {
            assertThat(Explanations.of(code))
                    .hasValueSatisfying(explanation -> {
                        assertThat(explanation.title()).isNotBlank();
                        assertThat(explanation.cause()).isNotBlank();
                        assertThat(explanation.example()).isNotBlank();
                        assertThat(explanation.mend()).isNotBlank();
                        assertThat(explanation.text())
                                .startsWith(code + ": " + explanation.title());
                    });
        }
    }

    @Test
    void case_does_not_matter_and_unknown_codes_have_none() {
        assertThat(Explanations.of(" e-ref-02 ")).isPresent();
        assertThat(Explanations.of("E-REF-99")).isEmpty();
    }
}
