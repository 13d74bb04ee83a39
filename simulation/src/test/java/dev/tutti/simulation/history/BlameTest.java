package dev.tutti.simulation.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.Event;
import dev.tutti.core.event.Origin;
import dev.tutti.core.event.Outcome;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Value;
import dev.tutti.core.expression.Expressions;
import dev.tutti.core.history.Blame;
import dev.tutti.core.history.Blame.Reason;
import dev.tutti.core.history.Blame.Suspect;
import dev.tutti.core.history.Blame.Target;
import dev.tutti.core.history.Chronicle;
import dev.tutti.core.history.Moment;
import dev.tutti.core.history.Precedents;
import dev.tutti.simulation.OneThread;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;

/// What speaks for and against a suspect.
class BlameTest {
    private final Workshop workshop = new Workshop(Workshop.agent("worker", 9));
    private int runs;

    @Test
    void an_agent_that_gave_something_else_when_it_was_given_the_same_is_first() {
        var plan = List.of(task("a", in("x", "${input.x}")), after("b", "a"), after("c", "b"));
        var good = run(plan, Map.of("a", number(1_111), "b", number(2_222), "c", number(3_333)));
        var bad = run(plan, Map.of("a", number(1_111), "b", number(9_999), "c", number(8_888)));
        var blame = blame(bad, Target.whole(TaskId.of("c")), good);
        assertThat(names(blame)).containsExactly("b", "c", "the goal", "a");
        assertThat(blame.suspects().getFirst().contradicts()).isTrue();
        assertThat(reasons(blame, "a")).hasAtLeastOneElementOfType(Reason.Confirmed.class);
        assertThat(reasons(blame, "c")).hasAtLeastOneElementOfType(Reason.NoRecord.class);
    }

    @Test
    void with_several_contradictions_the_first_of_them_is_where_the_run_left_its_course() {
        var plan = List.of(task("a", in("x", "${input.x}")), after("b", "a"), after("c", "a"));
        var good = run(plan, Map.of("a", number(1_111), "b", number(2_222)));
        var bad = run(plan, Map.of("a", number(1_112), "b", number(2_223)));
        var blame = blame(bad, Target.whole(TaskId.of("b")), good);
        assertThat(names(blame)).startsWith("a");
    }

    @Test
    void a_task_that_only_had_to_be_finished_first_is_no_suspect() {
        var plan =
                List.of(
                        task("a", in("x", "${input.x}")),
                        task("beside", Value.Struct.EMPTY),
                        Task.of("end", Workshop.WORK, in("v", "${a.v}"), "a", "beside"));
        var blame = blame(run(plan, Map.of()), Target.whole(TaskId.of("end")));
        assertThat(names(blame)).containsExactlyInAnyOrder("end", "a", "the goal");
        assertThat(blame.unmoved()).containsExactly(TaskId.of("beside"));
    }

    @Test
    void a_task_that_handed_the_value_through_stands_behind_the_one_that_made_it() {
        var made = Value.struct("text", Value.text("a sentence that nobody else would write"));
        var plan =
                List.of(
                        task("a", in("x", "${input.x}")),
                        task("noise", in("x", "${input.x}")),
                        Task.of(
                                "b",
                                Workshop.WORK,
                                in("text", "${a.text}").with("more", Value.text("${noise}")),
                                "a",
                                "noise"));
        var blame = blame(run(plan, Map.of("a", made, "b", made)), Target.whole(TaskId.of("b")));
        assertThat(names(blame)).startsWith("a");
        assertThat(reasons(blame, "b")).hasAtLeastOneElementOfType(Reason.HandedThrough.class);
        assertThat(share(blame, "noise")).isLessThan(share(blame, "a"));
    }

    @Test
    void a_place_in_the_output_of_the_run_leads_to_the_task_that_filled_it() {
        var plan = List.of(task("a", in("x", "${input.x}")), task("b", in("x", "${input.x}")));
        var bad =
                run(
                        plan,
                        Value.struct("one", Value.text("${a}"), "other", Value.text("${b}")),
                        Map.of());
        var blame = blame(bad, new Target(null, List.of(List.of("other")), null));
        assertThat(names(blame)).containsExactlyInAnyOrder("b", "the goal");
    }

    @Test
    void only_what_went_on_of_an_output_counts() {
        var plan = List.of(task("a", in("x", "${input.x}")), after("b", "a"));
        var noisy = Value.struct("v", Value.of(5_000), "took", Value.of(17));
        var quiet = Value.struct("v", Value.of(5_000), "took", Value.of(99));
        var blame =
                blame(
                        run(plan, Map.of("a", noisy)),
                        Target.whole(TaskId.of("b")),
                        run(plan, Map.of("a", quiet)));
        assertThat(reasons(blame, "a")).hasAtLeastOneElementOfType(Reason.Confirmed.class);
    }

    @Test
    void who_was_given_what_is_expected_and_lost_it_is_first() {
        var right = Value.struct("v", Value.text("the right sentence"));
        var wrong = Value.struct("v", Value.text("the wrong sentence"));
        var plan = List.of(task("a", in("x", "${input.x}")), after("b", "a"), after("c", "b"));
        var bad = run(plan, Map.of("a", right, "b", wrong, "c", wrong));
        var target = Target.expecting(TaskId.of("c"), wrong, List.of(), right);
        assertThat(target.paths()).containsExactly(List.of("v"));
        var blame = blame(bad, target);
        assertThat(names(blame)).startsWith("b");
        assertThat(reasons(blame, "b")).hasAtLeastOneElementOfType(Reason.LostTheValue.class);
        assertThat(reasons(blame, "a")).hasAtLeastOneElementOfType(Reason.GaveTheValue.class);
    }

    @Test
    void an_agent_that_gives_now_this_and_now_that_is_not_much_suspected_for_it() {
        var plan = List.of(task("a", in("x", "${input.x}")), after("b", "a"), after("c", "b"));
        var others = new Chronicle[12];
        for (int i = 0; i < others.length; i++) {
            others[i] =
                    run(
                            plan,
                            Map.of("a", number(5_000 + i % 3), "b", number(7_000), "c", number(1)));
        }
        var bad = run(plan, Map.of("a", number(5_000), "b", number(7_001), "c", number(2)));
        var blame = blame(bad, Target.whole(TaskId.of("c")), others);
        assertThat(names(blame)).startsWith("b");
        assertThat(reasons(blame, "a")).hasAtLeastOneElementOfType(Reason.Unsteady.class);
    }

    @Test
    void what_a_fork_took_over_confirms_nothing() {
        var plan = List.of(task("a", in("x", "${input.x}")), after("b", "a"));
        var good = run(plan, Map.of("a", number(1_111)));
        var bad = run(plan, Map.of("a", number(2_222)));
        var target = Target.whole(TaskId.of("b"));
        var fork = fork(bad, "F");
        assertThat(reasons(blame(bad, target, good, fork), "a"))
                .hasAtLeastOneElementOfType(Reason.Contradicts.class);
        assertThat(reasons(blame(fork, target, bad, good), "a"))
                .hasAtLeastOneElementOfType(Reason.Contradicts.class);
    }

    /// The same run as a fork from its last event would begin.
    private Chronicle fork(Chronicle run, String name) {
        var moments = new ArrayList<>(workshop.moments(run.start().run().value()));
        var start = run.start();
        var origin = new Origin.Fork(start.run(), moments.size() - 1L, start.run(), "");
        moments.set(
                0,
                new Moment(
                        1,
                        moments.getFirst().at(),
                        new Event.RunStarted(
                                new RunId(name),
                                start.goal(),
                                start.team(),
                                start.inputs(),
                                start.output(),
                                start.by(),
                                start.onStall(),
                                origin,
                                start.planner(),
                                start.budget())));
        return Chronicle.of(moments);
    }

    @Test
    void a_run_that_somebody_vouches_for_weighs_more_than_others() {
        var plan = List.of(task("a", in("x", "${input.x}")), after("b", "a"));
        var good = run(plan, Map.of("a", number(1_111)));
        var bad = run(plan, Map.of("a", number(2_222)));
        var precedents = new Precedents(bad, (_, agent) -> agent.value());
        precedents.see(good, true);
        var vouched = Blame.of(bad, Target.whole(TaskId.of("b")), precedents, new Expressions());
        assertThat(names(vouched)).startsWith("a");
        assertThat(share(vouched, "a"))
                .isGreaterThan(share(blame(bad, Target.whole(TaskId.of("b")), good), "a"));
    }

    @Test
    void a_result_of_a_shape_that_the_agent_never_gave_is_suspicious_without_any_record() {
        var plan = List.of(task("a", in("x", "${input.x}")), after("b", "a"));
        var others = new Chronicle[6];
        for (int i = 0; i < others.length; i++) {
            others[i] = run(plan, Value.of(100 + i), Map.of("a", number(i), "b", number(i)));
        }
        var bad =
                run(
                        plan,
                        Value.of(7),
                        Map.of("a", Value.struct("error", Value.text("timeout")), "b", number(1)));
        var blame = blame(bad, Target.whole(TaskId.of("b")), others);
        assertThat(names(blame)).startsWith("a");
        assertThat(reasons(blame, "a")).hasAtLeastOneElementOfType(Reason.StrangeShape.class);
    }

    @Test
    void a_place_in_a_list_leads_to_the_one_item_that_filled_it() {
        var read =
                Task.of("read", Workshop.WORK, in("it", "${item}"))
                        .with(Task.Flow.over("${input.x}", 10));
        var end = Task.of("end", Workshop.WORK, in("v", "${read[1]}"), "read");
        var list = Value.array(Value.of(1), Value.of(2), Value.of(3));
        var blame = blame(run(List.of(read, end), list, Map.of()), Target.whole(TaskId.of("end")));
        assertThat(names(blame)).containsExactlyInAnyOrder("end", "read[1]", "the goal");
    }

    @Test
    void an_item_of_a_list_of_results_leads_to_the_one_that_gave_it() {
        var read =
                Task.of("read", Workshop.WORK, in("it", "${item}"))
                        .with(Task.Flow.over("${input.x}", 10));
        var note =
                Task.of("note", Workshop.WORK, in("v", "${item.v}"), "read")
                        .with(Task.Flow.over("${read}", 10));
        var end = Task.of("end", Workshop.WORK, in("v", "${note[2]}"), "note");
        var list = Value.array(Value.of(1), Value.of(2), Value.of(3));
        var blame =
                blame(
                        run(List.of(read, note, end), list, Map.of()),
                        Target.whole(TaskId.of("end")));
        assertThat(names(blame)).containsExactlyInAnyOrder("end", "note[2]", "read[2]", "the goal");
    }

    @Test
    void each_round_of_a_loop_is_a_suspect_of_its_own() {
        var loop =
                Task.of("again", Workshop.WORK, in("v", "${output}"))
                        .with(Task.Flow.ONCE.with(new Task.Loop("${output.v < 3}", 5)));
        var rounds = new int[1];
        var bad =
                Chronicle.of(
                        workshop.run(
                                "R" + runs++,
                                List.of(loop),
                                Value.NULL,
                                Value.Struct.EMPTY,
                                _ -> Workshop.gives(Duration.ofMillis(1), number(++rounds[0]))));
        var blame = blame(bad, Target.whole(TaskId.of("again")));
        assertThat(names(blame)).containsExactly("again", "again", "again");
    }

    @Test
    void a_task_without_result_is_looked_into_as_well() {
        var plan =
                List.of(
                        task("a", in("x", "${input.x}")),
                        task("skipped", in("v", "${a.v}"), "a")
                                .with(Task.Flow.ONCE.withWhen("${a.v > 3}")),
                        Task.of("end", Workshop.WORK, in("v", "${skipped}"), "skipped"));
        var blame = blame(run(plan, Map.of("a", number(1))), Target.whole(TaskId.of("end")));
        assertThat(reasons(blame, "skipped")).hasAtLeastOneElementOfType(Reason.Skipped.class);
        assertThat(names(blame)).contains("a");
    }

    // ---- runs

    private static Value.Struct in(String name, String template) {
        return Value.struct(name, Value.text(template));
    }

    private static Task task(String name, Value.Struct input, String... dependencies) {
        return Task.of(name, Workshop.WORK, input, dependencies);
    }

    /// A task that is given the number of another.
    private static Task after(String name, String other) {
        return Task.of(name, Workshop.WORK, in("v", "${" + other + ".v}"), other);
    }

    private static Value.Struct number(long number) {
        return Value.struct("v", Value.of(number));
    }

    private Chronicle run(List<Task> plan, Map<String, Value.Struct> gives) {
        return run(plan, Value.NULL, Value.of(1), gives);
    }

    private Chronicle run(List<Task> plan, Value x, Map<String, Value.Struct> gives) {
        if (x instanceof Value.Struct output) {
            return run(plan, output, Value.of(1), gives);
        }
        return run(plan, Value.NULL, x, gives);
    }

    private Chronicle run(List<Task> plan, Value output, Value x, Map<String, Value.Struct> gives) {
        OneThread.Agents agents =
                attempt -> {
                    var given = gives.get(attempt.task().name());
                    return new OneThread.Work(
                            Duration.ofMillis(5),
                            Outcome.succeeded(given == null ? number(42) : given),
                            List.of());
                };
        return Chronicle.of(workshop.run("R" + runs++, plan, output, Value.struct("x", x), agents));
    }

    private static Blame blame(Chronicle run, Target target, Chronicle... others) {
        var precedents = new Precedents(run, (_, agent) -> agent.value());
        for (var other : others) {
            precedents.see(other, false);
        }
        return Blame.of(run, target, precedents, new Expressions());
    }

    private static List<String> names(Blame blame) {
        return blame.suspects().stream().map(BlameTest::name).toList();
    }

    private static String name(Suspect suspect) {
        var task = suspect.source().task();
        return task == null ? "the goal" : task.toString();
    }

    private static SequencedMap<String, Suspect> byName(Blame blame) {
        var byName = new LinkedHashMap<String, Suspect>();
        blame.suspects().forEach(suspect -> byName.put(name(suspect), suspect));
        return byName;
    }

    private static List<Reason> reasons(Blame blame, String name) {
        var suspect = byName(blame).get(name);
        return suspect == null ? List.of() : suspect.reasons();
    }

    private static double share(Blame blame, String name) {
        var suspect = byName(blame).get(name);
        return suspect == null ? 0 : suspect.share();
    }
}
