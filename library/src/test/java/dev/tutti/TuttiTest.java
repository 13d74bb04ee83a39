package dev.tutti;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Outcome;
import dev.tutti.core.event.Status;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.journal.JournalException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(30)
class TuttiTest {
    private static final Map<String, ?> QUICK = Map.of("attempts", 3, "backoff", "1ms..5ms");

    private static Team counting(AtomicInteger calls) {
        return Team.define()
                .agent("counter", "count", _ -> Map.of("n", calls.incrementAndGet()))
                .workflow(
                        "three",
                        w ->
                                w.input(Map.of("list", List.of("int")))
                                        .task(
                                                "each",
                                                "count",
                                                Map.of("x", "${item}"),
                                                Map.of("each", "${input.list}"))
                                        .task("all", "count", Map.of("was", "${each}"))
                                        .output("${each}"));
    }

    @Test
    void a_goal_runs_to_its_result_in_memory() throws Exception {
        var calls = new AtomicInteger();
        try (var tutti = Tutti.inMemory()) {
            var result =
                    tutti.submit(counting(calls).goal("three", Map.of("list", List.of(1, 2, 3))))
                            .await();
            assertThat(result.status()).isEqualTo(Status.SUCCEEDED);
            assertThat(((Value.Array) result.output()).items()).hasSize(3);
        }
        assertThat(calls).hasValue(4);
    }

    @Test
    void a_goal_runs_to_its_result_on_disk_and_can_be_read_after_the_store_was_closed(
            @TempDir Path store) throws Exception {
        String id;
        try (var tutti = Tutti.open(store)) {
            var run =
                    tutti.submit(
                            counting(new AtomicInteger())
                                    .goal("three", Map.of("list", List.of(1))));
            assertThat(run.await().succeeded()).isTrue();
            id = run.id().value();
        }
        try (var tutti = Tutti.open(store)) {
            assertThat(tutti.runs(10))
                    .singleElement()
                    .satisfies(summary -> {
                        assertThat(summary.run().value()).isEqualTo(id);
                        assertThat(summary.status()).isEqualTo(Status.SUCCEEDED);
                        assertThat(summary.done()).isEqualTo(2);
                    });
            assertThat(tutti.run(id.substring(0, 20)).result()).isPresent();
        }
    }

    /// An event further back is damaged, so whoever reads that far is refused.
    @Test
    void the_team_of_a_run_is_known_from_its_first_event(@TempDir Path store) throws Exception {
        try (var tutti = Tutti.open(store)) {
            var run =
                    tutti.submit(
                            counting(new AtomicInteger())
                                    .goal("three", Map.of("list", List.of(1, 2, 3))));
            run.await();
            try (var connection =
                            DriverManager.getConnection(
                                    "jdbc:sqlite:" + store.resolve("tutti.db"));
                    var statement = connection.createStatement()) {
                statement.execute("UPDATE event SET payload = '{}' WHERE seq = 4");
            }
            assertThatThrownBy(run::load).isInstanceOf(JournalException.class);
            assertThat(tutti.team(run).agents()).hasSize(1);
        }
    }

    @Test
    void forks_of_several_runs_under_one_key_are_requests_of_their_own() throws Exception {
        var team = counting(new AtomicInteger());
        try (var tutti = Tutti.inMemory()) {
            var goal = team.goal("three", Map.of("list", List.of(1)));
            var first = tutti.submit(goal);
            var second = tutti.submit(goal);
            assertThat(first.await().succeeded() && second.await().succeeded()).isTrue();
            var fork = first.fork(2, false, "again");
            assertThat(first.fork(2, false, "again").id()).isEqualTo(fork.id());
            var other = second.fork(2, false, "again");
            assertThat(other.await().succeeded() && fork.await().succeeded()).isTrue();
            assertThat(other.id()).isNotEqualTo(fork.id());
            assertThat(cause(tutti, other)).isNotEqualTo(cause(tutti, fork));
        }
    }

    /// The request that a run began with.
    private static String cause(Tutti tutti, Run run) {
        try (var reader = tutti.reader()) {
            return reader.read(run.stream(), 0, 1).getFirst().event().cause();
        }
    }

    @Test
    void a_store_that_could_not_be_opened_is_let_go_of_and_can_be_owned_later(@TempDir Path store)
            throws Exception {
        var database = Files.writeString(store.resolve("tutti.db"), "no database".repeat(500));
        try (var tutti = Tutti.open(store)) {
            assertThatThrownBy(tutti::own).isInstanceOf(JournalException.class);
            Files.delete(database);

            assertThat(tutti.own()).isTrue();
        }
    }

    @Test
    void inputs_that_do_not_fit_are_refused_all_at_once_and_nothing_is_begun(@TempDir Path store) {
        try (var tutti = Tutti.open(store)) {
            var team = counting(new AtomicInteger());
            assertThatThrownBy(
                            () -> tutti.submit(team.goal("three", Map.of("list", "x", "more", 1))))
                    .isInstanceOfSatisfying(
                            Refusal.class, refusal -> assertThat(refusal.faults()).hasSize(2));
            assertThatThrownBy(() -> tutti.submit(team.goal("nothing", Map.of())))
                    .isInstanceOf(Refusal.class)
                    .hasMessageContaining("three");
            assertThat(tutti.own()).isTrue();
            assertThat(tutti.runs(10)).isEmpty();
        }
    }

    @Test
    void what_a_function_throws_is_tried_again_and_then_fails_the_run_with_its_message()
            throws Exception {
        var calls = new AtomicInteger();
        var team =
                Team.define()
                        .agent(
                                "bad",
                                "work",
                                _ -> {
                                    calls.incrementAndGet();
                                    throw new java.io.IOException("the disk is on fire");
                                })
                        .workflow(
                                "w",
                                w ->
                                        w.task("a", "work", Map.of(), Map.of("retry", QUICK))
                                                .output("${a}"));
        try (var tutti = Tutti.inMemory()) {
            var result = tutti.submit(team.goal("w", Map.of())).await();
            assertThat(result.status()).isEqualTo(Status.FAILED);
            assertThat(result.reason()).contains("the disk is on fire");
        }
        assertThat(calls).hasValue(3);
    }

    @Test
    void a_run_that_is_cancelled_interrupts_its_attempts_and_ends() throws Exception {
        var started = new CountDownLatch(1);
        var team =
                Team.define()
                        .agent(
                                "sleeper",
                                List.of("work"),
                                _ -> {
                                    started.countDown();
                                    new CountDownLatch(1).await();
                                    return Outcome.failed(new Failure.Permanent("never", "never"));
                                })
                        .workflow("w", w -> w.task("a", "work", Map.of()).output("${a}"));
        try (var tutti = Tutti.inMemory()) {
            var run = tutti.submit(team.goal("w", Map.of()));
            started.await();
            run.cancel("no longer needed");
            assertThat(run.await().status()).isEqualTo(Status.CANCELLED);
            assertThatThrownBy(() -> run.cancel("again")).isInstanceOf(Refusal.class);
        }
    }

    @Test
    void a_run_that_was_stopped_goes_on_when_the_store_is_opened_again(@TempDir Path store)
            throws Exception {
        var first = new CountDownLatch(1);
        var team =
                Team.define()
                        .agent("quick", "quick", _ -> Map.of("n", 1))
                        .agent(
                                "slow",
                                List.of("slow"),
                                _ -> {
                                    first.countDown();
                                    new CountDownLatch(1).await();
                                    return Outcome.succeeded(Value.NULL);
                                })
                        .workflow(
                                "w",
                                w ->
                                        w.task("a", "quick", Map.of())
                                                .task("b", "slow", Map.of("was", "${a.n}"))
                                                .output("${b}"));
        try (var tutti = Tutti.open(store)) {
            tutti.submit(team.goal("w", Map.of()));
            first.await();
        }
        var quick = new AtomicInteger();
        try (var tutti = Tutti.open(store)) {
            tutti.function(
                    "quick",
                    _ -> {
                        quick.incrementAndGet();
                        return Outcome.succeeded(Value.NULL);
                    });
            tutti.function("slow", _ -> Outcome.succeeded(Value.struct("done", Value.of(true))));
            var run = tutti.unfinished().getFirst();
            assertThat(tutti.own()).isTrue();
            assertThat(run.await().output()).isEqualTo(Value.struct("done", Value.of(true)));
        }
        assertThat(quick).hasValue(0);
    }

    @Test
    void never_more_attempts_at_once_than_an_agent_has_places() throws Exception {
        var now = new AtomicInteger();
        var most = new AtomicInteger();
        var list = java.util.stream.IntStream.range(0, 300).boxed().toList();
        var team =
                Team.define()
                        .agent(
                                "narrow",
                                List.of("work"),
                                _ -> {
                                    most.accumulateAndGet(now.incrementAndGet(), Math::max);
                                    Thread.sleep(Duration.ofMillis(2));
                                    now.decrementAndGet();
                                    return Outcome.succeeded(Value.Struct.EMPTY);
                                })
                        .workflow(
                                "w",
                                w ->
                                        w.input(Map.of("list", List.of("int")))
                                                .task(
                                                        "a",
                                                        "work",
                                                        Map.of(),
                                                        Map.of("each", "${input.list}"))
                                                .output("${size(a)}"));
        try (var tutti = Tutti.inMemory()) {
            assertThat(tutti.submit(team.goal("w", Map.of("list", list))).await().output())
                    .isEqualTo(Value.of(300));
        }
        assertThat(most.get()).isBetween(2, 64);
    }
}
