package dev.tutti.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.Agent;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Outcome;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.SkillId;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.TenantId;
import dev.tutti.core.event.Type;
import dev.tutti.core.event.Value;
import dev.tutti.core.goal.Team;
import dev.tutti.core.goal.Workflow;
import dev.tutti.core.run.Action;
import dev.tutti.runtime.artifact.MemoryArtifacts;
import dev.tutti.runtime.engine.Request;
import dev.tutti.runtime.engine.Runs;
import dev.tutti.runtime.journal.MemoryJournal;
import dev.tutti.runtime.journal.StreamId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Several runs that share a few agents, in a world where attempts fail, hang and are too slow,
/// runs are cancelled, and the process ends now and then: whatever the seed, every run ends and
/// nothing is violated. `-Dseed=…` for one of them, `-Dseeds=…` for more.
class SeededWorldTest {
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
    private static final int RUNS = 4;

    static LongStream seeds() {
        var one = Long.getLong("seed");
        return one != null
                ? LongStream.of(one)
                : LongStream.range(0, Integer.getInteger("seeds", 100));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void every_run_ends_and_nothing_is_violated(long seed) {
        var random = new SplittableRandom(seed);
        var journal = new MemoryJournal();
        var team = team(random);
        var world = world(journal, team, random, NOON);
        for (int i = 0; i < RUNS; i++) {
            world.ask(Duration.ofMillis(random.nextInt(300)), stream(i), start(i), "start" + i);
            if (random.nextInt(4) == 0) {
                var soon = Duration.ofMillis(500L + random.nextInt(2_000));
                world.ask(soon, stream(i), Request.cancel("as it fell"), "cancel" + i);
            }
        }
        world.runUntil(NOON.plusMillis(500));
        for (int deaths = random.nextInt(4); deaths > 0; deaths--) {
            world.runUntil(world.now().plusMillis(random.nextInt(1_000)));
            world = world(journal, team, random, world.now().plusMillis(random.nextInt(100)));
        }
        world.runUntil(NOON.plus(Duration.ofHours(10)));

        for (int i = 0; i < RUNS; i++) {
            var state = Runs.load(journal, stream(i)).state();
            assertThat(state.status().isFinal())
                    .as("run %d is %s", i, state.status().word())
                    .isTrue();
        }
        assertThat(Invariants.check(journal, new MemoryArtifacts(), _ -> team)).isEmpty();
    }

    private static OneThread world(
            MemoryJournal journal, Team team, SplittableRandom random, Instant start) {
        return new OneThread(journal, _ -> team, attempt -> work(attempt, random), start);
    }

    private static OneThread.Work work(Action.Perform attempt, SplittableRandom random) {
        var takes =
                switch (random.nextInt(40)) {
                    case 0 -> Duration.ofDays(1);
                    case 1, 2, 3, 4 -> Duration.ofMillis(random.nextInt(4_000));
                    default -> Duration.ofMillis(random.nextInt(100));
                };
        var outcome =
                switch (random.nextInt(20)) {
                    case 0, 1, 2 -> Outcome.failed(new Failure.Transient("busy", "as it fell"));
                    case 3 -> Outcome.failed(new Failure.Permanent("no", "as it fell"));
                    default -> Outcome.succeeded(attempt.input());
                };
        return new OneThread.Work(takes, outcome, List.of());
    }

    private static StreamId stream(int run) {
        return StreamId.run(TenantId.LOCAL, new RunId("R" + run));
    }

    private static Request.Start start(int run) {
        var items = LongStream.range(0, 3 + 5L * run).<Value>mapToObj(Value::of).toList();
        return new Request.Start(
                "mixed",
                Request.definition(Value.Struct.EMPTY),
                Value.struct("items", new Value.Array(items)));
    }

    private static Team team(SplittableRandom random) {
        var skill = new SkillId("work");
        var agents =
                List.of(
                        agent("one", 1 + random.nextInt(3), skill),
                        agent("two", 1 + random.nextInt(3), skill));
        var item = Value.struct("n", Value.text("${item}"));
        var all = Value.struct("n", Value.text("${size(wide)}"));
        var plan =
                List.of(
                        task("wide", item, "${input.items}", remedy(random)),
                        task("first", Value.Struct.EMPTY, null, remedy(random)),
                        task("second", Value.Struct.EMPTY, null, remedy(random), "first"),
                        task("narrow", item, "${input.items}", remedy(random), "second"),
                        task("last", all, null, remedy(random), "wide", "narrow"));
        return new Team(
                List.of(),
                agents,
                List.of(new Workflow("mixed", Type.Struct.OPEN, plan, Value.text("${last}"))));
    }

    private static Task.Remedy remedy(SplittableRandom random) {
        return random.nextInt(3) == 0 ? Task.Remedy.FAIL : Task.Remedy.SKIP;
    }

    private static Agent agent(String name, int concurrency, SkillId skill) {
        return new Agent(
                new AgentId(name),
                List.of(skill),
                "scripted",
                Value.Struct.EMPTY,
                new Agent.Limits(concurrency, Duration.ofSeconds(2)));
    }

    private static Task task(
            String name,
            Value.Struct input,
            @Nullable String each,
            Task.Remedy remedy,
            String... dependencies) {
        var retry = new Task.Retry(4, Duration.ofMillis(20), Duration.ofMillis(200));
        var task =
                Task.of(name, new SkillId("work"), input, dependencies)
                        .with(Task.Policy.DEFAULT.with(retry).withLadder(remedy));
        return each == null ? task : task.with(Task.Flow.over(each, Task.DEFAULT_MAX));
    }
}
