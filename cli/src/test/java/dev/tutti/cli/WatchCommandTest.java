package dev.tutti.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.Value;
import dev.tutti.runtime.json.Json;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(value = 1, unit = TimeUnit.MINUTES)
class WatchCommandTest {
    @TempDir private Path folder;

    private Console console = new Console(Path.of("."));
    private String run = "";

    @BeforeEach
    void begin() {
        console = new Console(folder);
        console.write(
                "team.yaml",
                """
                tutti: 1
                agents:
                  boss:  { skills: [allow], uses: human }
                  maker: { skills: [make], uses: simulated, with: { latency: 200ms, output: { made: true } } }
                workflows:
                  work:
                    tasks:
                      ask:  { skill: allow }
                      make: { skill: make, after: [ask] }
                    output: "${make}"
                """);
        var said = console.run("run", "team.yaml#work", "--json");
        assertThat(said.code()).isEqualTo(ExitCode.WAITING);
        run = ((Value.Struct) Json.parse(said.out())).text("run");
    }

    private void answer() {
        var asked = (Value.Struct) Json.parse(console.run("questions", "--json").out());
        var first =
                (Value.Struct) ((Value.Array) asked.fields().get("questions")).items().getFirst();
        var said = console.run("answer", first.text("question"), "yes");
        assertThat(said.code()).as(said.err()).isZero();
    }

    @Test
    void a_run_that_asks_somebody_is_watched_until_it_does() {
        var said = console.run("watch", run);
        assertThat(said.code()).isEqualTo(ExitCode.WAITING);
        assertThat(said.err()).contains("is asked: Task `ask` is yours").contains("tutti answer ");
    }

    @Test
    void what_does_not_come_in_time_is_said_with_the_way_on() {
        var said = console.run("watch", run, "--until", "ended", "--timeout", "200ms");
        assertThat(said.code()).isEqualTo(ExitCode.TIMED_OUT);
        assertThat(said.err()).contains("after 200ms it is waiting").contains("tutti why ");
        assertThat(console.run("watch", run, "--timeout", "soon").err())
                .contains("`--timeout soon` is no time: write 10m or 90s");
        assertThat(console.run("watch", run, "--until", "soon").code())
                .isEqualTo(ExitCode.WRONG_REQUEST);
    }

    @Test
    void a_run_that_another_drives_is_watched_to_its_end_a_line_whenever_something_changed()
            throws Exception {
        answer();
        var watching =
                CompletableFuture.supplyAsync(() ->
                        new Console(folder).run("watch", run, "--until", "succeeded", "--json"));
        // Watching drives nothing: without somebody else the run stays where it is.
        TimeUnit.MILLISECONDS.sleep(500);
        assertThat(watching).isNotDone();
        assertThat(console.run("recover", run).code()).isZero();
        var said = watching.get();
        assertThat(said.code()).as(said.err()).isZero();
        var lines = said.out().lines().map(line -> (Value.Struct) Json.parse(line)).toList();
        assertThat(lines).hasSizeGreaterThan(1);
        assertThat(lines).extracting(line -> line.text("run")).containsOnly(run);
        assertThat(lines.getLast().text("status")).isEqualTo("succeeded");
        // What has ended is told at once, whatever is waited for.
        for (var until : List.of("question", "ended", "failed")) {
            assertThat(console.run("watch", run, "--until", until).code()).as(until).isZero();
        }
        assertThat(console.run("watch", run).out()).contains("made");
    }
}
