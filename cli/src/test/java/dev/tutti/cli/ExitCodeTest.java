package dev.tutti.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExitCodeTest {
    @TempDir static Path folder;

    @BeforeAll
    static void aStoreWithTwoRuns() {
        var console = new Console(folder);
        console.write("team.yaml", Teams.fanOut("1ms"));
        console.write("failing.yaml", Teams.failing());
        console.write("broken.yaml", "tutti: 2\n");
        console.run("run", "team.yaml", "--input", "question=why");
        console.run("run", "failing.yaml");
    }

    @ParameterizedTest(name = "tutti {0} ends with {1}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    --help                                    | 0
                    --version                                 | 0
                    ''                                        | 2
                    rnu                                       | 2
                    --nope                                    | 2
                    run                                       | 2
                    run nope.yaml                             | 2
                    run .                                     | 2
                    run broken.yaml                           | 2
                    run team.yaml#nope                        | 2
                    run team.yaml                             | 2
                    run team.yaml --input question            | 2
                    run team.yaml --input question=5          | 2
                    run team.yaml --input question=why        | 0
                    run team.yaml --upkeep sometimes          | 2
                    run team.yaml --store postgresql://h/d    | 2
                    run failing.yaml                          | 1
                    run failing.yaml --json                   | 1
                    recover                                   | 0
                    recover --store nowhere                   | 2
                    recover nope                              | 2
                    watch nope                                | 2
                    validate team.yaml                        | 0
                    validate broken.yaml                      | 2
                    validate broken.yaml --json               | 2
                    validate nope.yaml                        | 2
                    runs                                      | 0
                    runs --store nowhere                      | 0
                    runs --limit x                            | 2
                    show nope                                 | 2
                    show 01 --at 1                            | 2
                    show 01 --store nowhere                   | 2
                    events nope                               | 2
                    cancel nope                               | 2
                    export nope                               | 2
                    doctor                                    | 0
                    doctor --verify                           | 0
                    explain E-REF-02                          | 0
                    explain                                   | 0
                    explain nope                              | 2
                    completion bash                           | 0
                    completion zsh                            | 0
                    completion fish                           | 2
                    bench W9                                  | 2
                    bench W3 --width 0                        | 2
                    bench W1 --rounds -1                      | 2
                    bench W4 --turns 2                        | 2
                    bench W1 --turns -1                       | 2
                    bench W3 --width 5 --rounds 0 --turns 1   | 2
                    """)
    void the_command_ends_with(String command, int code) {
        var said =
                new Console(folder).run(command.isEmpty() ? new String[0] : command.split(" ", -1));
        assertThat(said.code()).as("%s%s", said.out(), said.err()).isEqualTo(code);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "run",
                "recover",
                "watch",
                "validate",
                "runs",
                "show",
                "events",
                "cancel",
                "export",
                "doctor",
                "bench",
                "explain",
                "completion",
                "init"
            })
    void the_help_of_each_command_lists_its_exit_codes(String command) {
        var said = new Console(folder).run(command, "--help");
        assertThat(said.code()).isZero();
        assertThat(said.out()).containsPattern("(?s)Exit codes:\\s+0 ");
    }

    @Test
    void a_damaged_store_is_an_internal_error_with_its_causes() {
        var console = new Console(folder);
        assertThat(folder.resolve("damaged").toFile().mkdir()).isTrue();
        console.write(
                "damaged/tutti.db", "this is no database, whatever its name says".repeat(100));
        var said = console.run("runs", "--store", "damaged");
        assertThat(said.code()).isEqualTo(4);
        assertThat(said.err())
                .startsWith("× the store did not do what was asked\n")
                .contains("╰─▶ ", "help: tutti doctor");
    }
}
