package dev.tutti.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutti.Refusal;
import dev.tutti.Result;
import dev.tutti.Team;
import dev.tutti.Tutti;
import dev.tutti.core.event.Agent;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Outcome;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.SkillId;
import dev.tutti.core.event.Status;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.TenantId;
import dev.tutti.core.event.Type;
import dev.tutti.core.event.Value;
import dev.tutti.core.goal.Workflow;
import dev.tutti.runtime.artifact.FileArtifacts;
import dev.tutti.runtime.engine.Request;
import dev.tutti.runtime.engine.Runs;
import dev.tutti.runtime.examination.Examination;
import dev.tutti.runtime.journal.MemoryJournal;
import dev.tutti.runtime.journal.Message;
import dev.tutti.runtime.journal.SqliteJournal;
import dev.tutti.runtime.journal.StreamId;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Data that cannot be kept harms the run that it is of, and no other.
@Timeout(30)
class PoisonTest {
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

    private static Value nested(int levels) {
        Value value = Value.NULL;
        for (int i = 0; i < levels; i++) {
            value = Value.array(value);
        }
        return value;
    }

    @Test
    void a_result_that_is_nested_too_deep_fails_its_task() throws Exception {
        var result = resultOf(nested(10_000), Value.of(1));

        assertThat(result.status()).isEqualTo(Status.FAILED);
        assertThat(result.failure()).extracting(Failure::code).isEqualTo("bad_output");
    }

    @Test
    void a_result_that_is_too_long_fails_its_task() throws Exception {
        var result = resultOf(Value.text("x".repeat(20_000_000)), Value.of(1));

        assertThat(result.status()).isEqualTo(Status.FAILED);
        assertThat(result.failure()).extracting(Failure::code).isEqualTo("bad_output");
    }

    @Test
    void lone_surrogates_survive_as_replacement_characters() throws Exception {
        var result = resultOf(Value.struct("\uD800", Value.text("\uDC00")), Value.of(1));

        assertThat(result.status()).isEqualTo(Status.SUCCEEDED);
        assertThat(result.output()).isEqualTo(Value.struct("\uFFFD", Value.text("\uFFFD")));
    }

    @Test
    void inputs_that_are_nested_too_deep_are_refused() {
        assertThatThrownBy(() -> resultOf(Value.NULL, nested(1_000)))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("deep");
    }

    @Test
    void a_damaged_message_is_left_unread_and_found_and_keeps_no_run_from_going_on(
            @TempDir Path folder) throws Exception {
        var database = folder.resolve("tutti.db");
        var artifacts = new FileArtifacts(folder.resolve("artifacts"));
        var lost = StreamId.run(TenantId.LOCAL, new RunId("LOST"));
        try (var journal = SqliteJournal.open(database, artifacts)) {
            journal.post(new Message("m-1", lost, "cancel", "ana", NOON, new byte[] {'{', '}'}));
        }
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + database);
                var raw = connection.createStatement()) {
            raw.execute("UPDATE message SET payload = X'7B7E'");
        }

        try (var tutti = Tutti.open(folder)) {
            var team =
                    Team.define()
                            .agent(
                                    "any",
                                    List.of("work"),
                                    _ -> Outcome.succeeded(Value.struct("n", Value.of(1))))
                            .workflow(
                                    "one",
                                    one -> one.task("only", "work", Map.of()).output("${only}"));
            for (int i = 0; i < 3; i++) {
                assertThat(tutti.submit(team.goal("one", Map.of())).await().reason()).isNull();
                Thread.sleep(60);
            }
        }

        assertThat(Examination.of(database, artifacts).findings())
                .singleElement()
                .asString()
                .contains("m-1");
    }

    private static Result resultOf(Value output, Value input) throws Exception {
        var team =
                Team.define()
                        .agent("poison", List.of("work"), _ -> Outcome.succeeded(output))
                        .workflow(
                                "one",
                                workflow ->
                                        workflow.input(Map.of("x", "any"))
                                                .task("only", "work", Map.of("x", "${input.x}"))
                                                .output("${only}"));
        try (var tutti = Tutti.inMemory()) {
            return tutti.submit(team.goal("one", Map.of("x", input))).await();
        }
    }

    @Test
    void an_event_that_cannot_be_written_halts_its_run_alone() {
        var plan =
                List.of(
                        Task.of(
                                "only",
                                new SkillId("work"),
                                Value.struct("x", Value.text("${input.x}"))));
        var team =
                new dev.tutti.core.goal.Team(
                        List.of(),
                        List.of(
                                new Agent(
                                        new AgentId("any"),
                                        List.of(new SkillId("work")),
                                        "scripted",
                                        Value.Struct.EMPTY,
                                        new Agent.Limits(1, null))),
                        List.of(new Workflow("one", Type.Struct.OPEN, plan, Value.NULL)));
        var journal = new MemoryJournal();
        var world =
                new OneThread(
                        journal,
                        _ -> team,
                        attempt -> {
                            var poison = Value.text("poison").equals(attempt.input().get("x"));
                            return new OneThread.Work(
                                    Duration.ofMillis(5),
                                    Outcome.succeeded(poison ? nested(300) : Value.NULL),
                                    List.of());
                        },
                        NOON);
        world.ask(Duration.ZERO, stream("R1"), start("poison"), "1");
        world.ask(Duration.ofMillis(1), stream("R2"), start("food"), "2");
        world.runUntil(NOON.plusSeconds(60));

        assertThat(Runs.load(journal, stream("R1")).state().status()).isEqualTo(Status.RUNNING);
        assertThat(Runs.load(journal, stream("R2")).state().status()).isEqualTo(Status.SUCCEEDED);
    }

    private static StreamId stream(String run) {
        return StreamId.run(TenantId.LOCAL, new RunId(run));
    }

    private static Request.Start start(String x) {
        return new Request.Start(
                "one", Request.definition(Value.Struct.EMPTY), Value.struct("x", Value.text(x)));
    }
}
