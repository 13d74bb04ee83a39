package dev.tutti.simulation.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.Event;
import dev.tutti.core.event.Status;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.engine.Runs;
import dev.tutti.runtime.journal.JournalReader;
import dev.tutti.runtime.journal.SqliteJournal;
import dev.tutti.simulation.Invariants;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// SIGKILL in every place of an agent's loop: before it, during each step, and between any two.
class StepKillTest {
    @TempDir private Path folder;

    @Test
    void a_step_on_record_is_never_taken_again_wherever_the_process_is_killed() throws Exception {
        int killed = 0;
        while (work() != 0) {
            killed++;
            assertThat(killed).as("processes killed").isLessThanOrEqualTo(Talker.TASKS);
        }
        assertThat(killed).as("one in every place").isEqualTo(Talker.TASKS);

        var calls = new HashMap<String, List<String>>();
        for (var line : Files.readAllLines(Talker.calls(folder))) {
            var words = line.split(" ", -1);
            calls.computeIfAbsent(words[0] + " " + words[1], _ -> new ArrayList<>()).add(words[2]);
        }
        int repeated = 0;
        try (var journal = journal()) {
            assertThat(Runs.load(journal, Talker.RUN).state().status()).isEqualTo(Status.SUCCEEDED);
            var results = results(journal);
            for (int place = 0; place < Talker.TASKS; place++) {
                var said = results.getOrDefault(Talker.task(place), List.of());
                for (int step = 1; step <= Talker.STEPS; step++) {
                    var made = calls.getOrDefault(Talker.task(place) + " " + step, List.of());
                    // Killed during the call, nobody knows what it gave: it is made once more.
                    int most = place == 2 * step - 1 ? 2 : 1;
                    assertThat(made).as("%s, step %d", Talker.task(place), step).hasSize(most);
                    assertThat(said.get(step - 1)).isEqualTo(Value.text(made.getLast()));
                    repeated += most - 1;
                }
            }
            assertThat(Invariants.check(journal, Worker.artifacts(folder), _ -> Talker.team()))
                    .isEmpty();
        }
        System.out.printf(
                "steps: %d kills in %d places of a loop of %d steps; %d calls, %d of them made again"
                        + " for want of a record%n",
                killed,
                Talker.TASKS,
                Talker.STEPS,
                calls.values().stream().mapToInt(List::size).sum(),
                repeated);
    }

    private JournalReader journal() {
        return SqliteJournal.reader(Worker.database(folder), Worker.artifacts(folder));
    }

    private static Map<String, List<Value>> results(JournalReader journal) {
        var results = new HashMap<String, List<Value>>();
        for (var entry : journal.read(Talker.RUN, 0, Integer.MAX_VALUE)) {
            if (Runs.event(entry) instanceof Event.ResultAccepted e
                    && e.output() instanceof Value.Struct output
                    && output.get("said") instanceof Value.Array(var said)) {
                results.put(e.task().name(), said);
            }
        }
        return results;
    }

    /// The exit code of a process that works until it is killed or through.
    private int work() throws Exception {
        var process =
                new ProcessBuilder(
                                ChildJvm.command(
                                        List.of(), Talker.class, List.of(folder.toString())))
                        .redirectErrorStream(true)
                        .redirectOutput(
                                ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()))
                        .start();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IllegalStateException(
                    "it neither died nor ended: " + Files.readString(folder.resolve("log")));
        }
        return process.exitValue();
    }
}
