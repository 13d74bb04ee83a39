package dev.tutti.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The gates of the build itself, on code that they must refuse: each canary is a module with our
/// parent, so it is judged by the very settings that judge us.
class BuildGatesTest {

    private static final List<String> CANARIES = List.of("sound", "format", "errors", "warnings");

    private static String log = "";

    @BeforeAll
    static void build_the_canaries() throws Exception {
        var maven = System.getProperty("maven.home");
        if (maven == null) {
            System.out.println(
                    "SKIPPED: the canaries of the build need Maven; run them with it, not in an IDE");
        }
        assumeTrue(maven != null, "not started by Maven");
        var folder = Path.of(BuildGatesTest.class.getResource("/canaries").toURI());
        writeProjects(folder);
        var output = folder.resolve("build.log");
        var build =
                new ProcessBuilder(
                                Path.of(maven, "bin", "mvn").toString(),
                                "-B",
                                "-o",
                                "--fail-at-end",
                                "-Dmaven.repo.local=" + System.getProperty("maven.repo.local"),
                                "-Djacoco.skip",
                                "-Denforcer.skip",
                                "compile")
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile());
        build.environment().put("JAVA_HOME", System.getProperty("java.home"));
        var process = build.start();
        if (!process.waitFor(3, TimeUnit.MINUTES)) {
            process.destroyForcibly();
        }
        log = Files.readString(output);
    }

    private static void writeProjects(Path folder) throws IOException {
        var version = System.getProperty("project.version");
        var modules = new StringBuilder();
        for (var canary : CANARIES) {
            modules.append("<module>").append(canary).append("</module>");
            Files.writeString(
                    folder.resolve(canary).resolve("pom.xml"),
                    """
                    <project>
                      <modelVersion>4.0.0</modelVersion>
                      <parent>
                        <groupId>dev.tutti</groupId>
                        <artifactId>tutti-parent</artifactId>
                        <version>%s</version>
                        <relativePath>../../../../../pom.xml</relativePath>
                      </parent>
                      <artifactId>canary-%s</artifactId>
                    </project>
                    """
                            .formatted(version, canary));
        }
        Files.writeString(
                folder.resolve("pom.xml"),
                """
                <project>
                  <modelVersion>4.0.0</modelVersion>
                  <groupId>dev.tutti</groupId>
                  <artifactId>canaries</artifactId>
                  <version>1</version>
                  <packaging>pom</packaging>
                  <modules>%s</modules>
                </project>
                """
                        .formatted(modules));
    }

    @Test
    void sound_code_is_let_through() {
        assertThat(log).containsPattern("canary-sound .* \\.+ SUCCESS");
    }

    @Test
    void code_that_is_not_formatted_is_refused() {
        assertThat(log)
                .containsPattern("canary-format .* \\.+ FAILURE")
                .contains("format violations")
                .contains("Untidy.java");
    }

    @Test
    void what_error_prone_finds_is_an_error() {
        assertThat(log)
                .containsPattern("canary-errors .* \\.+ FAILURE")
                .containsPattern("ERROR.*\\[DeadException]");
    }

    @Test
    void a_null_dereference_is_an_error() {
        assertThat(log).containsPattern("ERROR.*\\[NullAway]");
    }

    @Test
    void a_warning_is_an_error() {
        assertThat(log)
                .containsPattern("canary-warnings .* \\.+ FAILURE")
                .contains("found raw type")
                .contains("warnings found and -Werror specified");
    }
}
