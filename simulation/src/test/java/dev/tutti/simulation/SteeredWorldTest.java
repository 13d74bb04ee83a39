package dev.tutti.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Outcome;
import dev.tutti.core.event.Question;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Value;
import dev.tutti.core.goal.Team;
import dev.tutti.core.people.Asked;
import dev.tutti.core.run.Action;
import dev.tutti.core.run.RunState;
import dev.tutti.core.run.Verb;
import dev.tutti.core.run.Why;
import dev.tutti.runtime.engine.Request;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Runs that ask, wait, loop, lock, call and pay, in a world where attempts fail, the process ends
/// now and then, and people answer and interfere as it falls: every run ends once, nothing is
/// violated, and nothing that must be done at most once is done twice. `-Dseed=…`, `-Dseeds=…`.
class SteeredWorldTest {
    private static final int RUNS = 3;

    static LongStream seeds() {
        var one = Long.getLong("seed");
        return one != null
                ? LongStream.of(one)
                : LongStream.range(0, Integer.getInteger("seeds", 100));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void every_run_ends_whatever_people_do(long seed) {
        var random = new SplittableRandom(seed);
        var scene = scene(random);
        scene.restart();
        for (int i = 0; i < RUNS; i++) {
            scene.begin(run(i), "main", Value.struct("n", Value.of(i)));
        }
        for (int i = 0; i < 60; i++) {
            scene.pass(Duration.ofMillis(random.nextInt(400)));
            if (random.nextInt(8) == 0) {
                scene.restart();
            }
            interfere(scene, random, run(random.nextInt(RUNS)));
        }
        for (int i = 0; i < 200 && !over(scene); i++) {
            for (int r = 0; r < RUNS; r++) {
                settle(scene, run(r));
            }
            scene.pass(Duration.ofMinutes(1));
        }
        for (int i = 0; i < RUNS; i++) {
            var state = scene.state(run(i));
            assertThat(state.status().isFinal())
                    .as(
                            "run %d is %s; it waits for %s",
                            i, state.status().word(), Why.of(state, Team.NOBODY))
                    .isTrue();
        }
        scene.sound();
        var strict = scene.fired.stream().filter(key -> key.contains("/pay/")).toList();
        assertThat(new HashSet<>(strict)).hasSameSizeAs(strict);
    }

    private static RunId run(int i) {
        return new RunId("R" + i);
    }

    private static boolean over(Scene scene) {
        for (int i = 0; i < RUNS; i++) {
            if (!scene.state(run(i)).status().isFinal()) {
                return false;
            }
        }
        return true;
    }

    // ---- the plan

    private static Scene scene(SplittableRandom random) {
        var scene = new Scene();
        scene.team(
                Scene.agent("one", 1 + random.nextInt(2)),
                Scene.agent("two", 1 + random.nextInt(2)),
                Scene.human("boss", boss(random)));
        for (var name : List.of("pay", "wide", "again", "inner", "last", "locked")) {
            scene.when(name, attempt -> work(attempt, random));
        }
        var part =
                Scene.by(new Task.Performer.ByWorkflow("part"), "part", "pay").with(policy(random));
        var decide =
                Scene.by(new Task.Performer.ByAgent(new AgentId("boss")), "decide", "wide")
                        .with(policy(random));
        var pay =
                Scene.task("pay")
                        .with(
                                policy(random)
                                        .with(Task.Effects.AT_MOST_ONCE)
                                        .withApproval(new AgentId("boss")));
        return scene.workflow("part", Value.NULL, Scene.task("inner").with(policy(random)))
                .workflow(
                        "main",
                        Value.NULL,
                        pay,
                        Scene.task("wide")
                                .with(
                                        Task.Flow.ONCE.with(
                                                new Task.Each(
                                                        "${[1, 2, 3, 4]}",
                                                        9,
                                                        random.nextBoolean() ? "${2}" : null,
                                                        null,
                                                        random.nextBoolean())))
                                .with(policy(random)),
                        decide,
                        part,
                        Scene.task("again", "pay")
                                .with(Task.Flow.ONCE.with(new Task.Loop("${output.n < 3}", 9)))
                                .with(policy(random)),
                        Scene.await("news", "news", "wide"),
                        Scene.task("locked", "wide")
                                .with(Task.Flow.ONCE.withLocks("the-lock"))
                                .with(policy(random)),
                        Scene.task("last", "again", "part", "news", "decide", "locked")
                                .with(
                                        Task.Flow.ONCE.with(
                                                new Task.Join(
                                                        1 + random.nextInt(4),
                                                        random.nextBoolean())))
                                .with(policy(random)));
    }

    private static Value.Struct boss(SplittableRandom random) {
        return random.nextBoolean() ? Value.Struct.EMPTY : Value.struct("remind", Value.text("2s"));
    }

    private static Task.Policy policy(SplittableRandom random) {
        var policy =
                Task.Policy.DEFAULT.with(
                        new Task.Retry(3, Duration.ofMillis(20), Duration.ofMillis(100)));
        var limits =
                new Task.Timeouts(
                        random.nextInt(6) == 0 ? Duration.ofSeconds(2) : null,
                        random.nextInt(3) == 0 ? Duration.ofSeconds(1) : null,
                        null,
                        random.nextInt(6) == 0 ? Duration.ofSeconds(20) : null);
        var undo = new Task.Undo(new Task.Performer.BySkill(Scene.WORK), Value.Struct.EMPTY);
        policy = random.nextInt(4) == 0 ? policy.with(undo) : policy;
        return switch (random.nextInt(4)) {
            case 0 -> policy.with(limits).withLadder(Task.Remedy.ASK);
            case 1 -> policy.with(limits).withLadder(Task.Remedy.REROUTE, Task.Remedy.SKIP);
            case 2 -> policy.with(limits).withLadder(Task.Remedy.SKIP);
            default -> policy;
        };
    }

    private static OneThread.Work work(Action.Perform attempt, SplittableRandom random) {
        var takes =
                random.nextInt(25) == 0
                        ? Duration.ofDays(400)
                        : Duration.ofMillis(1 + random.nextInt(300));
        var outcome =
                switch (random.nextInt(12)) {
                    case 0, 1 -> Outcome.failed(new Failure.Transient("busy", "as it fell"));
                    case 2 -> Outcome.failed(new Failure.Permanent("no", "as it fell"));
                    default -> Outcome.succeeded(Value.struct("n", Value.of(random.nextInt(5))));
                };
        boolean pays = attempt.task().name().equals("pay") || random.nextInt(5) == 0;
        return new OneThread.Work(takes, outcome, List.of(), pays ? List.of("deed") : List.of());
    }

    // ---- people

    private static void interfere(Scene scene, SplittableRandom random, RunId run) {
        var state = scene.state(run);
        if (!state.started() || state.status().isFinal()) {
            return;
        }
        for (var asked : state.questions().values()) {
            if (random.nextInt(3) == 0) {
                answer(scene, run, state, asked, random.nextInt(10));
            }
        }
        var names = state.graph().order();
        var name = names.get(random.nextInt(names.size()));
        var verb =
                switch (random.nextInt(24)) {
                    case 0 -> new Verb.Pause();
                    case 1, 2, 3 -> new Verb.Resume();
                    case 4 -> new Verb.Retry(TaskId.of(name), false);
                    case 5 -> new Verb.Skip(TaskId.of(name), null);
                    case 6 -> new Verb.EditInput(TaskId.of(name), Value.struct("n", Value.of(7)));
                    case 7 -> new Verb.EditOutput(name, Value.struct("n", Value.of(9)));
                    case 8 -> new Verb.CancelTasks(List.of(name));
                    case 9 -> new Verb.Raise(name, "attempts", 4);
                    case 10 -> random.nextInt(6) == 0 ? new Verb.Cancel(false) : null;
                    case 11 -> random.nextInt(9) == 0 ? new Verb.Terminate() : null;
                    default -> null;
                };
        if (verb != null) {
            scene.ask(run, new Request.Intervene(verb, "as it fell", 0));
        }
        if (random.nextInt(10) == 0) {
            scene.ask(run, new Request.Deliver("news", Value.Struct.EMPTY));
        }
    }

    /// Whoever looks at what was paid says what is there.
    private static void answer(Scene scene, RunId run, RunState state, Asked asked, int mood) {
        var question = asked.question();
        var word =
                switch (question.purpose()) {
                    case TASK -> "fine";
                    case APPROVAL, PLAN -> mood == 0 ? Question.DENY : Question.APPROVE;
                    case REMEDY -> mood < 5 ? Question.RETRY : Question.SKIP;
                    case UNKNOWN ->
                            state.effectsOf(task(question)).values().stream()
                                            .anyMatch(one -> scene.fired.contains(one.key()))
                                    ? Question.DONE
                                    : Question.NOT_DONE;
                    case CONSULT, RESOLVE -> question.choices().getFirst();
                    case STALL -> Question.FAIL;
                };
        scene.ask(run, new Request.Answer(question.id(), Value.text(word), "", null, null), "bo");
    }

    private static TaskId task(Question question) {
        var task = question.task();
        if (task == null) {
            throw new IllegalStateException("question " + question.id() + " is about no task");
        }
        return task;
    }

    /// Somebody tidies up: goes on with what is paused, answers what is open, sends what is
    /// awaited.
    private static void settle(Scene scene, RunId run) {
        var state = scene.state(run);
        if (state.status().isFinal()) {
            return;
        }
        if (state.paused()) {
            scene.ask(run, new Request.Intervene(new Verb.Resume(), "tidy up", 0));
        }
        state.questions().values().forEach(asked -> answer(scene, run, state, asked, 9));
        scene.ask(run, new Request.Deliver("news", Value.Struct.EMPTY));
        for (var open : state.open().values()) {
            if (open.doer() instanceof RunState.Doer.Child(var child)) {
                settle(scene, child);
            } else if (open.doer() instanceof RunState.Doer.Agent) {
                scene.ask(
                        run,
                        new Request.Intervene(
                                new Verb.Skip(open.task(), null), "it never reports", 0));
            }
        }
    }
}
