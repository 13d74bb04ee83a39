package dev.tutti.simulation.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Event;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Usage;
import dev.tutti.core.event.Value;
import dev.tutti.core.expression.Expressions;
import dev.tutti.core.history.Chronicle;
import dev.tutti.core.history.Comparison;
import dev.tutti.core.history.Comparison.Aspect;
import dev.tutti.core.history.Comparison.Cause;
import dev.tutti.core.history.Comparison.Change;
import dev.tutti.core.history.Moment;
import dev.tutti.core.run.Action;
import dev.tutti.core.run.Digest;
import dev.tutti.simulation.OneThread;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/// Where two runs part.
@Isolated
class ComparisonTest {
    private static final Value NONE = Value.NULL;

    @Test
    void of_200_tasks_exactly_the_one_that_was_changed_and_all_that_came_of_it_are_found() {
        for (long seed = 0; seed < 20; seed++) {
            var random = new SplittableRandom(seed);
            var plan = plan(200, random);
            var changed = "t" + random.nextInt(200);
            var good = run(plan, null, seed);
            var bad = run(plan, changed, seed + 1_000);

            var comparison = compare(good, bad);

            assertThat(comparison.first().map(change -> String.valueOf(change.left())))
                    .as("seed %d", seed)
                    .contains(changed);
            assertThat(comparison.first().orElseThrow().differences())
                    .extracting(Comparison.Difference::aspect)
                    .containsExactly(Aspect.OUTPUT);
            assertThat(names(comparison.all(Cause.DOWNSTREAM)))
                    .as("seed %d", seed)
                    .isEqualTo(below(changed, plan));
            assertThat(comparison.all(Cause.INDEPENDENT)).isEmpty();
            assertThat(comparison.same()).isEqualTo(199 - below(changed, plan).size());
        }
    }

    @Test
    void two_runs_of_5000_events_are_compared_within_half_a_second() {
        var items = new ArrayList<Value>();
        for (int i = 0; i < 1_650; i++) {
            items.add(Value.struct("n", Value.of(i), "text", Value.text("passage " + i)));
        }
        var plan =
                List.of(
                        Task.of("read", Workshop.WORK, Value.struct("it", Value.text("${item}")))
                                .with(Task.Flow.over("${input.all}", 10_000)),
                        Task.of(
                                "end",
                                Workshop.WORK,
                                Value.struct("all", Value.text("${read}")),
                                "read"));
        var inputs = Value.struct("all", new Value.Array(items));
        var good = run(plan, inputs, ComparisonTest::mixed);
        var bad = run(plan, inputs, new TaskId("read", 777));
        assertThat(good.size()).isGreaterThan(4_900);
        compare(good, bad);

        long begun = System.nanoTime();
        var comparison = compare(good, bad);
        long millis = (System.nanoTime() - begun) / 1_000_000;

        assertThat(comparison.first().map(change -> String.valueOf(change.left())))
                .contains("read[777]");
        assertThat(names(comparison.all(Cause.DOWNSTREAM))).containsExactly("end");
        assertThat(comparison.same()).isEqualTo(1_649);
        assertThat(millis).as("milliseconds for 2 x %d events", good.size()).isLessThan(500);
    }

    @Test
    void a_run_is_like_itself_and_like_one_that_was_only_slower() {
        var plan = plan(40, new SplittableRandom(7));
        var one = run(plan, null, 1);
        var comparison = compare(one, run(plan, null, 2));
        assertThat(comparison.changes()).isEmpty();
        assertThat(comparison.first()).isEmpty();
        assertThat(comparison.same()).isEqualTo(40);
    }

    @Test
    void other_inputs_are_the_first_divergence_and_only_who_names_them_follows() {
        var plan =
                List.of(
                        Task.of(
                                "reads",
                                Workshop.WORK,
                                Value.struct("x", Value.text("${input.x}"))),
                        Task.of("does_not", Workshop.WORK, Value.Struct.EMPTY),
                        Task.of(
                                "after",
                                Workshop.WORK,
                                Value.struct("x", Value.text("${reads}")),
                                "reads"));
        var comparison =
                compare(
                        run(plan, Value.struct("x", Value.of(1)), ComparisonTest::mixed),
                        run(plan, Value.struct("x", Value.of(2)), ComparisonTest::mixed));
        assertThat(comparison.first().orElseThrow().left()).isNull();
        assertThat(names(comparison.all(Cause.DOWNSTREAM))).containsExactly("after", "reads");
        assertThat(comparison.same()).isEqualTo(1);
    }

    @Test
    void an_agent_that_gave_another_output_from_the_same_input_is_a_cause_of_its_own() {
        var plan =
                List.of(
                        Task.of("first", Workshop.WORK, Value.Struct.EMPTY),
                        Task.of(
                                "uses",
                                Workshop.WORK,
                                Value.struct("x", Value.text("${first}")),
                                "first"),
                        Task.of("later", Workshop.WORK, Value.Struct.EMPTY, "first"));
        var comparison =
                compare(
                        run(plan, Value.Struct.EMPTY, attempt -> NONE),
                        run(
                                plan,
                                Value.Struct.EMPTY,
                                attempt ->
                                        attempt.task().name().equals("uses")
                                                ? NONE
                                                : Value.text("wrong")));
        assertThat(comparison.first().orElseThrow().left()).isEqualTo(TaskId.of("first"));
        assertThat(names(comparison.all(Cause.DOWNSTREAM))).containsExactly("uses");
        assertThat(names(comparison.all(Cause.INDEPENDENT))).containsExactly("later");
    }

    @Test
    void an_item_more_at_the_front_shifts_nothing() {
        var plan =
                List.of(
                        Task.of("read", Workshop.WORK, Value.struct("it", Value.text("${item}")))
                                .with(Task.Flow.over("${input.all}", 10)));
        var comparison =
                compare(
                        run(plan, all(1, 2, 3), Action.Perform::input),
                        run(plan, all(0, 1, 2, 3), Action.Perform::input));
        assertThat(comparison.same()).isEqualTo(3);
        assertThat(comparison.all(Cause.DOWNSTREAM))
                .extracting(change -> change.left() + " " + change.right())
                .containsExactly("read read", "null read[0]");
    }

    @Test
    void items_that_were_given_the_same_are_paired_in_their_order_also_after_a_beginning_alike() {
        var plan =
                List.of(
                        Task.of("read", Workshop.WORK, Value.struct("it", Value.text("${item}")))
                                .with(Task.Flow.over("${input.all}", 10)));
        var comparison =
                compare(
                        run(plan, all(1, 1, 2, 1, 3, 4), Action.Perform::input),
                        run(plan, all(1, 1, 3, 2, 1, 5), Action.Perform::input));
        assertThat(comparison.same()).isEqualTo(5);
        assertThat(comparison.changes())
                .extracting(change -> change.left() + " " + change.right())
                .contains("read[5] read[5]")
                .doesNotContain("read[2] read[2]", "read[4] read[4]");
    }

    @Test
    void of_several_agents_the_one_that_was_at_a_task_last_is_compared() {
        var comparison = compare(tried("a", "b", "a"), tried("b"));
        assertThat(comparison.first().orElseThrow().differences())
                .containsExactly(
                        new Comparison.Difference(
                                Aspect.AGENT, 8, 4, Value.text("a"), Value.text("b")));
    }

    /// A run of one task at which all agents but the last fail.
    private static List<Moment> tried(String... agents) {
        var task = Task.of("only", Workshop.WORK, Value.Struct.EMPTY);
        var id = TaskId.of("only");
        var events = new ArrayList<Event>();
        events.add(new Event.RunStarted(new RunId("R"), "main", "team", Value.Struct.EMPTY, NONE));
        events.add(new Event.PlanAmended(0, "", "", List.of(task)));
        events.add(new Event.TaskReady(id, Value.Struct.EMPTY));
        for (int i = 0; i < agents.length; i++) {
            long token = events.size() + 1L;
            var agent = new AgentId(agents[i]);
            events.add(new Event.Assigned(id, token, agent, i + 1, List.of(), null, null));
            events.add(
                    i < agents.length - 1
                            ? new Event.AttemptEnded(id, token, new Failure.Crashed(), Usage.NONE)
                            : new Event.ResultAccepted(id, token, NONE, Usage.NONE));
        }
        var moments = new ArrayList<Moment>();
        events.forEach(event -> moments.add(new Moment(moments.size() + 1L, Instant.EPOCH, event)));
        return moments;
    }

    private static Value.Struct all(int... numbers) {
        var items = new ArrayList<Value>();
        for (int number : numbers) {
            items.add(Value.of(number));
        }
        return Value.struct("all", new Value.Array(items));
    }

    // ---- plans and runs

    private static Comparison compare(List<Moment> left, List<Moment> right) {
        return Comparison.of(Chronicle.of(left), Chronicle.of(right), new Expressions());
    }

    private static Set<String> names(List<Change> changes) {
        var names = new TreeSet<String>();
        changes.forEach(change -> names.add(String.valueOf(change.left())));
        return names;
    }

    /// Each task is given the outputs of up to three before it.
    private static List<Task> plan(int size, SplittableRandom random) {
        var plan = new ArrayList<Task>();
        for (int i = 0; i < size; i++) {
            var input = Value.Struct.EMPTY;
            var after = new ArrayList<String>();
            for (int j = 0; i > 0 && j < random.nextInt(4); j++) {
                var name = "t" + random.nextInt(i);
                input = input.with("in" + j, Value.text("${" + name + "}"));
                after.add(name);
            }
            plan.add(
                    Task.of(
                            "t" + i,
                            Workshop.WORK,
                            input,
                            after.stream().distinct().toArray(String[]::new)));
        }
        return plan;
    }

    private static Set<String> below(String name, List<Task> plan) {
        var below = new HashSet<>(Set.of(name));
        for (var task : plan) {
            if (task.dependencies().stream().anyMatch(below::contains)) {
                below.add(task.name());
            }
        }
        below.remove(name);
        return new TreeSet<>(below);
    }

    /// What a task gives depends on its name and all that it was given.
    private static Value mixed(Action.Perform attempt) {
        return Value.text(
                Digest.hash(attempt.input().with("task", Value.text(attempt.task().toString())))
                        .substring(0, 12));
    }

    private static List<Moment> run(List<Task> plan, @Nullable String changed, long seed) {
        var random = new SplittableRandom(seed);
        return new Workshop(Workshop.agent("worker", 1 + random.nextInt(20)))
                .run(
                        "R" + seed,
                        plan,
                        NONE,
                        Value.Struct.EMPTY,
                        attempt ->
                                Workshop.gives(
                                        Duration.ofMillis(random.nextInt(30)),
                                        attempt.task().name().equals(changed)
                                                ? Value.text("wrong")
                                                : mixed(attempt)));
    }

    private static List<Moment> run(List<Task> plan, Value.Struct inputs, TaskId changed) {
        return run(
                plan,
                inputs,
                attempt -> attempt.task().equals(changed) ? Value.text("wrong") : mixed(attempt));
    }

    private static List<Moment> run(
            List<Task> plan, Value.Struct inputs, Function<Action.Perform, Value> gives) {
        OneThread.Agents agents =
                attempt -> Workshop.gives(Duration.ofMillis(1), gives.apply(attempt));
        return new Workshop(Workshop.agent("worker", 5_000)).run("R", plan, NONE, inputs, agents);
    }
}
