package dev.tutti.modes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tutti.Run;
import dev.tutti.Tutti;
import dev.tutti.cli.JavaProcess;
import dev.tutti.core.event.Event;
import dev.tutti.core.event.Failure;
import dev.tutti.runtime.engine.Runs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/// What becomes of the desk of examples/modes when an agent is killed in the middle of its work,
/// and when the process is that owns the store and drives every run.
///
/// The build looks at the modes in which nobody directs; `-Dmodes.deaths=docs/modes.md` measures
/// all and writes the table of that page.
@Timeout(300)
class DeathsTest {
    @TempDir Path folder;

    /// What came of it.
    ///
    /// @param answered how many answers were right
    /// @param again attempts that were made again because of it
    /// @param millis from the death to the last answer
    private record Aftermath(int answered, int again, long millis) {}

    static boolean python() throws Exception {
        try {
            return new ProcessBuilder("python3", "-c", "pass").start().waitFor() == 0;
        } catch (java.io.IOException _) {
            return false;
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = ModesTest.Mode.class,
            mode = Mode.INCLUDE,
            names = {"AUCTION", "CHOREOGRAPHY"})
    void agents_that_are_processes_answer_the_same_although_one_is_killed(ModesTest.Mode mode)
            throws Exception {
        assumeTrue(python(), "SKIPPED: there is no python3 for agents of their own");
        var came = agentDies(mode, "checker");

        assertThat(came.answered()).isEqualTo(Desk.ASKED.size());
        assertThat(came.again()).isEqualTo(1);
    }

    @Test
    void a_planner_that_is_killed_plans_again() throws Exception {
        assumeTrue(python(), "SKIPPED: there is no python3 for agents of their own");
        var came = agentDies(ModesTest.Mode.GOAL, "planner");

        assertThat(came.answered()).isEqualTo(Desk.ASKED.size());
        assertThat(came.again()).isEqualTo(1);
    }

    private Aftermath agentDies(ModesTest.Mode mode, String victim) throws Exception {
        var own = Files.createDirectory(folder.resolve(mode.workflow() + "-" + victim));
        var mark = own.resolve("killed");
        var team = Desk.ofProcesses(own, List.of(victim, mark.toString()));
        try (var tutti = Desk.open(own.resolve("store"), team)) {
            long from = System.nanoTime();
            var asked = Desk.ask(tutti, team, mode.workflow(), Desk.ASKED.size());
            int answered = answered(asked);
            long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - from);
            assertThat(mark).exists();
            return new Aftermath(
                    answered, count(tutti, failure -> failure instanceof Failure.Transient), took);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = ModesTest.Mode.class,
            mode = Mode.INCLUDE,
            names = {"CHOREOGRAPHY"})
    void another_process_goes_on_where_the_one_that_began_is_gone_for_good(ModesTest.Mode mode)
            throws Exception {
        assertThat(nodeDies(mode).answered()).isEqualTo(RUNS);
    }

    private static final int RUNS = 30;

    private Aftermath nodeDies(ModesTest.Mode mode) throws Exception {
        var store = folder.resolve(mode.workflow() + "-gone");
        var began =
                JavaProcess.of(
                                Desk.class,
                                List.of(store.toString(), mode.workflow(), String.valueOf(RUNS)))
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        try (var said = began.inputReader()) {
            assertThat(said.readLine()).isEqualTo("asked");
        } finally {
            began.destroyForcibly().waitFor();
        }
        long from = System.nanoTime();
        try (var tutti = Tutti.open(store)) {
            var asked = new ArrayList<Run>();
            for (var summary : tutti.runs(10 * RUNS)) {
                if (summary.goal().equals(mode.workflow())) {
                    asked.add(tutti.run(summary.run().value()));
                }
            }
            assertThat(asked).hasSize(RUNS);
            int answered = answered(asked);
            long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - from);
            return new Aftermath(
                    answered, count(tutti, failure -> failure instanceof Failure.Crashed), took);
        }
    }

    private static int answered(List<Run> runs) throws Exception {
        int answered = 0;
        for (var run : runs) {
            var output = Desk.sent(run.await(Desk.PATIENCE).orElseThrow().output());
            var text = run.load().state().asked().inputs().text("text");
            answered += output.equals(Desk.ANSWERED.get(Desk.ASKED.indexOf(text))) ? 1 : 0;
        }
        return answered;
    }

    /// Attempts of all runs that ended so.
    private static int count(Tutti tutti, Predicate<Failure> so) {
        int count = 0;
        try (var reader = tutti.reader()) {
            for (var summary : tutti.runs(1_000)) {
                var run = tutti.run(summary.run().value());
                for (var entry : reader.read(run.stream(), 0, 10_000)) {
                    if (Runs.event(entry) instanceof Event.AttemptEnded(_, _, var failure, _)
                            && so.test(failure)) {
                        count++;
                    }
                }
            }
        }
        return count;
    }

    // ---- the table

    @Test
    @EnabledIfSystemProperty(named = "modes.deaths", matches = ".+")
    void deaths_are_measured_in_every_mode() throws Exception {
        assumeTrue(python(), "SKIPPED: there is no python3 for agents of their own");
        var rows = new ArrayList<String>();
        rows.add(
                "| workflow | an agent is killed: answers | attempts again | all after | the process is"
                        + " killed: answers | attempts again | all after |");
        rows.add("|---|---|---|---|---|---|---|");
        for (var mode : ModesTest.Mode.values()) {
            var agent = agentDies(mode, "checker");
            var node = nodeDies(mode);
            rows.add(
                    String.format(
                            Locale.ROOT,
                            "| `%s` | %d of %d | %d | %d ms | %d of %d | %d | %d ms |",
                            mode.workflow(),
                            agent.answered(),
                            Desk.ASKED.size(),
                            agent.again(),
                            agent.millis(),
                            node.answered(),
                            RUNS,
                            node.again(),
                            node.millis()));
        }
        MeasuredTable.write(System.getProperty("modes.deaths"), "deaths", rows);
        var planner = agentDies(ModesTest.Mode.GOAL, "planner");
        var said =
                String.format(
                        Locale.ROOT,
                        "The planner of `goal`, a process as well, is killed in its first attempt: %d of %d"
                                + " answers, %d attempt again, all after %d ms.",
                        planner.answered(),
                        Desk.ASKED.size(),
                        planner.again(),
                        planner.millis());
        MeasuredTable.write(System.getProperty("modes.deaths"), "planner", List.of(said));
    }
}
