package dev.tutti;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.Event;
import dev.tutti.core.event.Outcome;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.agent.AgentExecutor;
import dev.tutti.runtime.agent.Attempt;
import dev.tutti.runtime.engine.Runs;
import dev.tutti.runtime.recording.Recording;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Planners are told what agents can take on as they plan, and plan otherwise under load.
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(60)
class PlannerCapacityTest {
    private static final String FILE =
            """
            tutti: 1
            quotas:
              key: { slots: 1 }
            skills:
              fetch:   { input: { topic: string }, output: { page: string } }
              archive: { input: { topic: string }, output: { page: string } }
            agents:
              near: { skills: [fetch],   uses: function, limits: { concurrency: 1 }, needs: [key], price: { usd: 0.001, time: 60s } }
              far:  { skills: [archive], uses: function, price: { usd: 0.01, time: 90s } }
              boss: { skills: [plan], uses: function }
            workflows:
              busy:
                tasks: { hold: { skill: fetch, input: { topic: t } } }
                output: "${hold.page}"
              written:
                goal: A page
                planner: boss
              searched:
                input: { topic: string }
                goal: A page
                planner: search
                wants: page
            """;

    @TempDir private Path folder;

    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch over = new CountDownLatch(1);

    private Outcome hold(Attempt attempt) throws InterruptedException {
        begun.countDown();
        over.await();
        return Outcome.succeeded(Value.struct("page", Value.text("near")));
    }

    /// Goes by the archive where the nearer one has no place.
    private static Outcome plan(Attempt attempt) {
        var near = at(attempt.input(), "capacity", "agents", "near");
        var skill =
                near instanceof Value.Struct told && told.get("why") != null ? "archive" : "fetch";
        return Outcome.succeeded(
                Value.from(
                        Map.of(
                                "reason",
                                "as there is room",
                                "tasks",
                                Map.of(
                                        "get",
                                        Map.of("skill", skill, "input", Map.of("topic", "tea"))),
                                "output",
                                "${get.page}")));
    }

    private static Value at(Value from, String... keys) {
        var found = from;
        for (var key : keys) {
            var next = found instanceof Value.Struct struct ? struct.get(key) : null;
            found = next == null ? Value.NULL : next;
        }
        return found;
    }

    private static List<Event.TaskReady> asked(Tutti tutti, Run run) {
        try (var reader = tutti.reader()) {
            return reader.read(run.stream(), 0, 1_000).stream()
                    .map(Runs::event)
                    .filter(Event.TaskReady.class::isInstance)
                    .map(Event.TaskReady.class::cast)
                    .filter(e -> e.task().name().equals("plan"))
                    .toList();
        }
    }

    private Tutti open() {
        AgentExecutor page = _ -> Outcome.succeeded(Value.struct("page", Value.text("far")));
        return Tutti.inMemory()
                .function("near", this::hold)
                .function("far", page)
                .function("boss", PlannerCapacityTest::plan);
    }

    @Test
    void a_planner_plans_otherwise_where_an_agent_has_no_place() throws Exception {
        var team = Team.read(Files.writeString(folder.resolve("team.yaml"), FILE));
        try (var tutti = open()) {
            var busy = tutti.submit(team.goal("busy", Map.of()));
            begun.await();

            var written = tutti.submit(team.goal("written", Map.of()));
            assertThat(written.await().output()).isEqualTo(Value.text("far"));
            var told = asked(tutti, written).getFirst().input();
            assertThat(at(told, "capacity", "agents", "near", "free")).isEqualTo(Value.of(0));
            assertThat(at(told, "capacity", "agents", "near", "why"))
                    .isEqualTo(Value.text("all its places are taken"));
            assertThat(at(told, "capacity", "agents", "near", "wait"))
                    .isEqualTo(new Value.Real(60.0));
            assertThat(at(told, "capacity", "quotas", "key", "slots")).isEqualTo(Value.of(0));
            assertThat(at(told, "capacity", "agents", "far")).isEqualTo(Value.NULL);

            var searched = tutti.submit(team.goal("searched", Map.of("topic", "tea")));
            assertThat(searched.await().output()).isEqualTo(Value.text("far"));

            over.countDown();
            busy.await();
            var quiet = tutti.submit(team.goal("written", Map.of()));
            assertThat(quiet.await().output()).isEqualTo(Value.text("near"));
            assertThat(asked(tutti, quiet).getFirst().input().get("capacity")).isNull();
            var near = tutti.submit(team.goal("searched", Map.of("topic", "tea")));
            assertThat(near.await().output()).isEqualTo(Value.text("near"));
        }
    }

    @Test
    void a_recording_is_played_with_what_the_planner_was_told_then() throws Exception {
        var team = Team.read(Files.writeString(folder.resolve("team.yaml"), FILE));
        List<String> lines;
        try (var tutti = open()) {
            tutti.submit(team.goal("busy", Map.of()));
            begun.await();
            var run = tutti.submit(team.goal("searched", Map.of("topic", "tea")));
            assertThat(run.await().output()).isEqualTo(Value.text("far"));
            lines = tutti.recording(run).lines();
            over.countDown();
        }
        assertThat(lines).anyMatch(line -> line.contains("\"capacity\""));
        try (var tutti = open().replaying(Recording.parse(lines))) {
            var run = tutti.submit(team.goal("searched", Map.of("topic", "tea")));
            assertThat(run.await().output()).isEqualTo(Value.text("far"));
            assertThat(Recording.parse(lines).lines()).isEqualTo(lines);
        }
    }
}
