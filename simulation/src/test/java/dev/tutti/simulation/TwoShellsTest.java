package dev.tutti.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.Run;
import dev.tutti.Tutti;
import dev.tutti.core.event.Event;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.Status;
import dev.tutti.core.event.TenantId;
import dev.tutti.runtime.artifact.FileArtifacts;
import dev.tutti.runtime.engine.Request;
import dev.tutti.runtime.engine.Runs;
import dev.tutti.runtime.journal.Message;
import dev.tutti.runtime.journal.SqliteJournal;
import dev.tutti.runtime.journal.StreamId;
import dev.tutti.simulation.crash.ChildJvm;
import dev.tutti.wiring.Definitions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A run in one process; looks, events and commands from another, while the first is alive,
/// stopped, and killed.
@Timeout(60)
class TwoShellsTest {
    private static final Duration SOON = Duration.ofMillis(100);
    private static final String TEAM =
            """
            tutti: 1
            agents:
              worker:
                skills: [work]
                uses: simulated
                limits: { concurrency: 2 }
                with: { latency: 300ms..400ms }
            workflows:
              long:
                input: { steps: { type: [int], default: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16] } }
                tasks:
                  step:
                    skill: work
                    each: "${input.steps}"
                    input: { n: "${item}" }
                output: "${step}"
              short:
                tasks:
                  only: { skill: work, input: { n: 1 } }
                output: "${only.n}"
            """;

    @TempDir private Path folder;

    private Path store() {
        return folder.resolve("store");
    }

    @BeforeEach
    void write_the_team() throws Exception {
        Files.writeString(folder.resolve("team.yaml"), TEAM);
    }

    // ---- the owner is alive

    @Test
    void another_process_sees_the_run_and_cancels_it_while_the_owner_is_alive() throws Exception {
        var owner = start("long");
        try (var output = owner.inputReader();
                var tutti = Tutti.open(store())) {
            var run = tutti.run(output.readLine());
            awaitResults(run, 1);

            assertThat(tutti.runs(10))
                    .extracting(summary -> summary.status())
                    .containsExactly(Status.RUNNING);
            assertThat(run.load().state().open()).isNotEmpty();
            assertThat(events(tutti, run)).hasAtLeastOneElementOfType(Event.ResultAccepted.class);
            run.cancel("seen enough");

            var result = run.await(Duration.ofSeconds(20)).orElseThrow();
            assertThat(result.status()).isEqualTo(Status.CANCELLED);
            assertThat(result.reason()).isEqualTo("seen enough");
            assertThat(owner.isAlive()).isTrue();
            stop(owner);
        } finally {
            owner.destroyForcibly().waitFor();
        }
        assertSound();
    }

    @Test
    void the_owner_takes_a_message_within_a_tenth_of_a_second() throws Exception {
        var owner = start("short");
        var waits = new ArrayList<Long>();
        try (var output = owner.inputReader()) {
            assertThat(output.readLine()).isNotEmpty();
            try (var journal = SqliteJournal.open(store().resolve("tutti.db"), artifacts())) {
                for (int i = 0; i < 20; i++) {
                    waits.add(messageTaken(journal, "unheard_of_" + i).toMillis());
                }
            }
        } finally {
            owner.destroyForcibly().waitFor();
        }
        waits.sort(null);
        long median = waits.get(waits.size() / 2);
        System.out.printf(
                "two shells: a message is taken after %d ms (median of 20), %d ms at most%n",
                median, waits.getLast());
        assertThat(median).isLessThanOrEqualTo(SOON.toMillis());
    }

    /// From the moment when the message is on disk to that of the event that answers it.
    private static Duration messageTaken(SqliteJournal journal, String id) throws Exception {
        var run = StreamId.run(TenantId.LOCAL, new RunId(id));
        var cancel = Request.cancel("for the clock");
        journal.post(new Message(id, run, cancel.kind(), "ana", Instant.now(), cancel.payload()));
        var posted = Instant.now();
        while (journal.head(run) == 0) {
            TimeUnit.MILLISECONDS.sleep(2);
        }
        return Duration.between(posted, journal.read(run, 0, 1).getFirst().event().at());
    }

    // ---- the owner was stopped

    @Test
    void a_run_whose_owner_was_stopped_is_seen_and_goes_on_where_it_was() throws Exception {
        var owner = start("long");
        try (var output = owner.inputReader();
                var tutti = Tutti.open(store())) {
            var run = tutti.run(output.readLine());
            awaitResults(run, 2);
            stop(owner);

            var left = run.load().state();
            assertThat(left.status()).isEqualTo(Status.RUNNING);
            assertThat(left.open()).as("every attempt was recorded as it ended").isEmpty();
            assertThat(tutti.runs(10)).hasSize(1);

            var result = run.await(Duration.ofSeconds(20)).orElseThrow();
            assertThat(result.status()).isEqualTo(Status.SUCCEEDED);
            assertThat(failures(tutti, run)).doesNotHaveAnyElementsOfTypes(Failure.Crashed.class);
        } finally {
            owner.destroyForcibly().waitFor();
        }
        assertSound();
    }

    @Test
    void a_run_whose_owner_was_stopped_can_be_cancelled() throws Exception {
        var owner = start("long");
        try (var output = owner.inputReader();
                var tutti = Tutti.open(store())) {
            var run = tutti.run(output.readLine());
            stop(owner);

            run.cancel("nobody is there");
            assertThat(run.await(Duration.ofSeconds(20)).orElseThrow().status())
                    .isEqualTo(Status.CANCELLED);
        } finally {
            owner.destroyForcibly().waitFor();
        }
        assertSound();
    }

    // ---- the owner was killed

    @Test
    void a_run_whose_owner_is_killed_under_our_eyes_is_taken_over_and_finished() throws Exception {
        var owner = start("long");
        try (var output = owner.inputReader();
                var tutti = Tutti.open(store())) {
            var run = tutti.run(output.readLine());
            awaitResults(run, 1);
            assertThat(tutti.own()).isFalse();
            owner.destroyForcibly().waitFor();

            assertThat(run.load().state().status()).isEqualTo(Status.RUNNING);
            assertThat(run.load().state().open()).isNotEmpty();
            var result = run.await(Duration.ofSeconds(20)).orElseThrow();

            assertThat(result.status()).isEqualTo(Status.SUCCEEDED);
            assertThat(failures(tutti, run)).hasAtLeastOneElementOfType(Failure.Crashed.class);
        } finally {
            owner.destroyForcibly().waitFor();
        }
        assertSound();
    }

    @Test
    void a_run_whose_owner_was_killed_can_be_cancelled_and_others_stay_in_the_list()
            throws Exception {
        var owner = start("short", "long");
        try (var output = owner.inputReader();
                var tutti = Tutti.open(store())) {
            var brief = tutti.run(output.readLine());
            var run = tutti.run(output.readLine());
            assertThat(brief.await(Duration.ofSeconds(20)).orElseThrow().status())
                    .isEqualTo(Status.SUCCEEDED);
            awaitResults(run, 1);
            owner.destroyForcibly().waitFor();

            run.cancel("its owner is gone");
            assertThat(run.await(Duration.ofSeconds(20)).orElseThrow().status())
                    .isEqualTo(Status.CANCELLED);
        } finally {
            owner.destroyForcibly().waitFor();
        }
        try (var tutti = Tutti.open(store())) {
            assertThat(tutti.runs(10))
                    .extracting(summary -> summary.status())
                    .containsExactly(Status.CANCELLED, Status.SUCCEEDED);
        }
        assertSound();
    }

    // ---- words for the tests

    private Process start(String... workflows) throws Exception {
        var arguments = new ArrayList<>(List.of(store().toString()));
        arguments.add(folder.resolve("team.yaml").toString());
        arguments.addAll(List.of(workflows));
        var command =
                ChildJvm.command(List.of("-Dorg.sqlite.tmpdir=" + folder), Shell.class, arguments);
        return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }

    private static void stop(Process owner) throws Exception {
        owner.getOutputStream().close();
        assertThat(owner.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(owner.exitValue()).isZero();
    }

    private static void awaitResults(Run run, int count) throws Exception {
        while (run.load().state().tasks().values().stream()
                        .filter(task -> task.phase() == dev.tutti.core.agent.TaskState.Phase.DONE)
                        .count()
                < count) {
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }

    private static StreamId stream(Run run) {
        return StreamId.run(TenantId.LOCAL, run.id());
    }

    private static List<Event> events(Tutti tutti, Run run) {
        try (var reader = tutti.reader()) {
            return reader.read(stream(run), 0, 10_000).stream().map(Runs::event).toList();
        }
    }

    private static List<Failure> failures(Tutti tutti, Run run) {
        return events(tutti, run).stream()
                .filter(Event.AttemptEnded.class::isInstance)
                .map(event -> ((Event.AttemptEnded) event).failure())
                .toList();
    }

    private FileArtifacts artifacts() {
        return new FileArtifacts(store().resolve("artifacts"));
    }

    private void assertSound() {
        try (var journal = SqliteJournal.open(store().resolve("tutti.db"), artifacts())) {
            assertThat(Invariants.check(journal, artifacts(), new Definitions())).isEmpty();
        }
    }
}
