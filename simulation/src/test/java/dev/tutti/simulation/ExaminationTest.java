package dev.tutti.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.Event;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.Type;
import dev.tutti.core.event.Value;
import dev.tutti.core.goal.Team;
import dev.tutti.core.goal.Workflow;
import dev.tutti.runtime.artifact.FileArtifacts;
import dev.tutti.runtime.engine.Request;
import dev.tutti.runtime.engine.Runs;
import dev.tutti.runtime.examination.Examination;
import dev.tutti.runtime.journal.SqliteJournal;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What `doctor --verify` says of stores that are sound, and when a run is due.
class ExaminationTest {
    /// More exact than a store keeps times.
    private static final Instant NOON = Scene.NOON.plusNanos(123_456_789);

    @TempDir private Path folder;

    /// Lets a run of these tasks come to rest.
    private void rest(Task... tasks) {
        var workflow = new Workflow("main", Type.Struct.OPEN, List.of(tasks), Value.NULL);
        var team = new Team(List.of(), List.of(Scene.agent("worker", 1)), List.of(workflow));
        var run = Scene.stream(Scene.RUN);
        try (var journal = SqliteJournal.open(database(), artifacts())) {
            var world =
                    new OneThread(
                            journal,
                            _ -> team,
                            attempt -> Scene.done(attempt, Duration.ofMillis(10)),
                            NOON);
            var start =
                    new Request.Start(
                            "main",
                            Request.definition(Value.Struct.EMPTY),
                            Value.struct("peer", Value.text("B")));
            world.ask(Duration.ZERO, run, start, "start");
            world.runUntil(NOON.plusSeconds(1));
            assertThat(Runs.load(journal, run).state().counts().live()).isPositive();
            assertThat(journal.read(run, 0, 1_000))
                    .noneMatch(entry -> Runs.event(entry) instanceof Event.Stalled);
        }
    }

    private Path database() {
        return folder.resolve("tutti.db");
    }

    private FileArtifacts artifacts() {
        return new FileArtifacts(folder.resolve("artifacts"));
    }

    private List<String> findings() {
        return Examination.of(database(), artifacts()).findings();
    }

    private void due(String value) throws Exception {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + database());
                var raw = connection.createStatement()) {
            raw.execute("UPDATE stream SET due = " + value);
        }
    }

    private static Task hears(Duration within) {
        var message = new Task.Performer.ByMessage("news", null, within, true);
        return Scene.by(message, "hear");
    }

    @Test
    void a_run_that_rests_on_a_timer_is_sound() throws Exception {
        rest(hears(Duration.ofHours(1)));

        assertThat(findings()).isEmpty();
        due("due + 1");
        assertThat(findings()).singleElement().asString().contains("is due at");
        due("NULL");
        assertThat(findings()).singleElement().asString().contains("is due at null");
    }

    @Test
    void a_run_that_others_may_wait_for_is_sound_also_as_earlier_versions_left_it()
            throws Exception {
        var say = Scene.task("say", "hear");
        var emit = new Task.Emit("yours", Value.Struct.EMPTY, "${input.peer}");
        rest(Scene.await("hear", "news"), say.with(say.flow().with(emit)));

        assertThat(findings()).isEmpty();
        due("NULL");
        assertThat(findings()).isEmpty();
        due("1");
        assertThat(findings()).singleElement().asString().contains("is due at");
    }
}
