package dev.tutti.simulation;

import static dev.tutti.simulation.Scene.await;
import static dev.tutti.simulation.Scene.by;
import static dev.tutti.simulation.Scene.gives;
import static dev.tutti.simulation.Scene.task;
import static dev.tutti.simulation.Scene.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.Event;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.Status;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Value;
import dev.tutti.core.run.Verb;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// The control-flow patterns, each as one run. `docs/patterns.md` is made from this file
/// (`-Dgolden.rewrite=true`).
class PatternsTest {
    private static final Value NONE = Value.NULL;
    private static final Duration SOON = Duration.ofMillis(50);
    private static final Duration LATER = Duration.ofSeconds(5);
    private final Scene scene = new Scene();

    private static Task.Flow once() {
        return Task.Flow.ONCE;
    }

    private static Task when(Task task, String condition) {
        return task.with(once().withWhen(condition));
    }

    private static Task join(Task task, int need, boolean cancelRest) {
        return task.with(once().with(new Task.Join(need, cancelRest)));
    }

    private static Task each(Task task, String list) {
        return task.with(Task.Flow.over(list, 100));
    }

    private static Value.Struct n(long n) {
        return Value.struct("n", Value.of(n));
    }

    // ---- basic

    @Test
    @Pattern(number = 1, name = "Sequence", by = "after, or an expression that names a task")
    void a_task_begins_when_the_one_before_it_is_done() {
        scene.workflow("main", NONE, task("a"), task("b", "a"), task("c", "b")).start().succeeds();
        assertThat(scene.finished()).containsExactly("a", "b", "c");
    }

    @Test
    @Pattern(number = 2, name = "Parallel Split", by = "several tasks after the same one")
    void several_tasks_begin_together_after_one() {
        scene.workflow("main", NONE, task("a"), task("b", "a"), task("c", "a")).start().succeeds();
        var events = scene.events(Scene.RUN);
        var begun =
                events.stream()
                        .filter(Event.Assigned.class::isInstance)
                        .map(events::indexOf)
                        .toList();
        assertThat(begun.get(2) - begun.get(1)).isEqualTo(1);
    }

    @Test
    @Pattern(number = 3, name = "Synchronization", by = "after with several tasks")
    void a_task_waits_for_all_before_it() {
        scene.takes("b", LATER)
                .workflow("main", NONE, task("a"), task("b"), task("c", "a", "b"))
                .start()
                .succeeds();
        assertThat(scene.finished()).containsExactly("a", "b", "c");
    }

    @Test
    @Pattern(number = 4, name = "Exclusive Choice", by = "when on each branch")
    void one_of_two_branches_runs() {
        scene.workflow(
                        "main",
                        NONE,
                        task("a"),
                        when(task("b", "a"), "${input.n > 3}"),
                        when(task("c", "a"), "${input.n <= 3}"))
                .start(n(5))
                .succeeds();
        assertThat(scene.finished()).containsExactly("a", "b");
        assertThat(scene.skipped()).containsExactly("c");
    }

    @Test
    @Pattern(number = 5, name = "Simple Merge", by = "join: { need: any }")
    void what_follows_a_choice_runs_once_after_whichever_branch_ran() {
        scene.workflow(
                        "main",
                        NONE,
                        when(task("b"), "${input.n > 3}"),
                        when(task("c"), "${input.n <= 3}"),
                        join(task("d", "b", "c"), 1, false))
                .start(n(1))
                .succeeds();
        assertThat(scene.finished()).containsExactly("c", "d");
    }

    // ---- branching and synchronization

    @Test
    @Pattern(number = 6, name = "Multi-Choice", by = "when on each branch")
    void some_of_three_branches_run() {
        scene.workflow(
                        "main",
                        NONE,
                        when(task("a"), "${input.n > 1}"),
                        when(task("b"), "${input.n > 2}"),
                        when(task("c"), "${input.n > 9}"))
                .start(n(5))
                .succeeds();
        assertThat(scene.finished()).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    @Pattern(
            number = 7,
            name = "Structured Synchronizing Merge",
            by = "after: skipped tasks count as finished")
    void a_merge_waits_for_the_branches_that_were_chosen_and_no_others() {
        scene.takes("b", LATER)
                .workflow(
                        "main",
                        NONE,
                        when(task("a"), "${input.n > 1}"),
                        when(task("b"), "${input.n > 2}"),
                        when(task("c"), "${input.n > 9}"),
                        task("d", "a", "b", "c"))
                .start(n(5))
                .succeeds();
        assertThat(scene.finished()).containsExactly("a", "b", "d");
    }

    @Test
    @Pattern(number = 9, name = "Structured Discriminator", by = "join: { need: any }")
    void the_first_branch_goes_on_and_the_others_end_as_they_would() {
        scene.takes("b", LATER)
                .workflow("main", NONE, task("a"), task("b"), join(task("c", "a", "b"), 1, false))
                .start()
                .succeeds();
        assertThat(scene.finished()).containsExactly("a", "c", "b");
    }

    @Test
    @Pattern(
            number = 10,
            name = "Arbitrary Cycles",
            by = "loop over workflow, with when on its steps")
    void a_cycle_with_two_ways_in_runs_until_it_is_left() {
        var step =
                by(new Task.Performer.ByWorkflow("step"), "cycle")
                        .with(once().with(new Task.Loop("${output.at != 'out'}", 10)));
        scene.when("one", _ -> gives(Value.struct("at", Value.text("two"))))
                .when(
                        "two",
                        attempt ->
                                gives(
                                        Value.struct(
                                                "at",
                                                Value.text(attempt.token() > 3 ? "out" : "one"))))
                .workflow(
                        "step",
                        Value.struct("at", Value.text("${one == null ? two.at : one.at}")),
                        when(task("one"), "${input.at == 'one'}"),
                        when(task("two"), "${input.at == 'two'}"))
                .workflow(
                        "main",
                        NONE,
                        with(
                                        step,
                                        Value.struct(
                                                "at",
                                                Value.text(
                                                        "${output == null ? input.enter : output.at}")))
                                .with(step.flow()))
                .start(Value.struct("enter", Value.text("one")))
                .settle();
        assertThat(scene.all(Event.Iterated.class)).isNotEmpty();
        assertThat(scene.state().status().isFinal()).isTrue();
        scene.sound();
    }

    // ---- many instances

    @Test
    @Pattern(
            number = 13,
            name = "Multiple Instances with a priori Design-Time Knowledge",
            by = "each over a list written out")
    void a_number_of_instances_that_is_written_in_the_plan() {
        scene.workflow("main", Value.text("${size(a)}"), each(task("a"), "${[1, 2, 3]}"))
                .start()
                .succeeds();
        assertThat(scene.output()).isEqualTo(Value.of(3));
    }

    @Test
    @Pattern(
            number = 14,
            name = "Multiple Instances with a priori Run-Time Knowledge",
            by = "each over a list from input or another task")
    void a_number_of_instances_that_is_known_when_they_begin() {
        var items = Value.array(Value.of(1), Value.of(2), Value.of(3), Value.of(4));
        scene.when("find", _ -> gives(Value.struct("items", items)))
                .workflow(
                        "main",
                        Value.text("${size(a)}"),
                        task("find"),
                        each(task("a", "find"), "${find.items}"))
                .start()
                .succeeds();
        assertThat(scene.output()).isEqualTo(Value.of(4));
    }

    @Test
    @Pattern(
            number = 15,
            name = "Multiple Instances without a priori Run-Time Knowledge",
            by = "workflow that runs itself while there is more")
    void instances_that_turn_up_while_others_run() {
        var rest =
                with(
                        by(new Task.Performer.ByWorkflow("main"), "rest"),
                        Value.struct("n", Value.text("${input.n - 1}")));
        scene.workflow(
                        "main",
                        Value.text("${rest == null ? 1 : 1 + rest}"),
                        task("a"),
                        rest.with(once().withWhen("${input.n > 1}")))
                .start(n(5))
                .succeeds();
        assertThat(scene.output()).isEqualTo(Value.of(5));
    }

    // ---- state

    @Test
    @Pattern(
            number = 16,
            name = "Deferred Choice",
            by = "await, and join: { need: any, cancel_rest: true }")
    void the_world_chooses_the_branch_by_what_comes_first() {
        scene.workflow(
                        "main",
                        Value.text("${paid == null ? 'late' : 'paid'}"),
                        await("paid", "paid"),
                        by(new Task.Performer.ByMessage(null, null, LATER, true), "late"),
                        join(task("after", "paid", "late"), 1, true))
                .start()
                .pass(SOON)
                .send("paid", Value.Struct.EMPTY)
                .succeeds();
        assertThat(scene.output()).isEqualTo(Value.text("paid"));
        assertThat(scene.skipped()).containsExactly("late");
    }

    @Test
    @Pattern(number = 18, name = "Milestone", by = "cancels on the task that ends it")
    void a_task_is_possible_only_until_another_begins() {
        scene.workflow(
                        "main",
                        NONE,
                        task("open"),
                        await("change", "change", "open"),
                        by(new Task.Performer.ByMessage("ship", null, null, true), "ship", "open"),
                        task("shipped", "ship").with(once().withCancels("change")))
                .start()
                .pass(SOON)
                .send("ship", Value.Struct.EMPTY)
                .pass(SOON)
                .send("change", Value.Struct.EMPTY)
                .succeeds();
        assertThat(scene.skipped()).containsExactly("change");
    }

    // ---- cancellation

    @Test
    @Pattern(number = 19, name = "Cancel Task", by = "tutti cancel RUN --task T, or cancels")
    void a_task_is_given_up_and_the_run_goes_on() {
        scene.takes("a", LATER).workflow("main", NONE, task("a"), task("b")).start().pass(SOON);
        scene.act(new Verb.CancelTasks(List.of("a"))).succeeds();
        assertThat(scene.skipped()).containsExactly("a");
    }

    @Test
    @Pattern(number = 20, name = "Cancel Case", by = "tutti cancel RUN")
    void a_run_is_given_up() {
        scene.takes("a", LATER)
                .workflow("main", NONE, task("a"), task("b", "a"))
                .start()
                .pass(SOON);
        scene.act(new Verb.Cancel(false)).ends(Status.CANCELLED);
        assertThat(scene.began()).containsExactly("a");
    }

    @Test
    @Pattern(number = 25, name = "Cancel Region", by = "cancels with several tasks")
    void a_task_that_begins_gives_up_several_others() {
        scene.takes("a", LATER)
                .takes("b", LATER)
                .workflow(
                        "main",
                        NONE,
                        task("a"),
                        task("b"),
                        task("c", "b"),
                        task("stop").with(once().withCancels("a", "b", "c")))
                .start()
                .succeeds();
        assertThat(scene.skipped()).contains("a", "b", "c");
        assertThat(scene.finished()).containsExactly("stop");
    }

    @Test
    @Pattern(
            number = 26,
            name = "Cancel Multiple Instance Task",
            by = "cancels, or tutti cancel RUN --task T")
    void a_fan_out_is_given_up_with_what_it_has_done() {
        scene.takes("a", LATER)
                .workflow("main", NONE, each(task("a"), "${[1, 2, 3]}"), task("b", "a"))
                .start()
                .pass(SOON);
        scene.act(new Verb.CancelTasks(List.of("a"))).succeeds();
        assertThat(scene.finished()).isEmpty();
        assertThat(scene.skipped()).contains("a", "b");
    }

    @Test
    @Pattern(number = 27, name = "Complete Multiple Instance Task", by = "tutti skip RUN T")
    void a_fan_out_is_ended_and_what_it_has_done_counts() {
        scene.when("a", one -> Scene.done(one, one.task().item() == 0 ? SOON : LATER))
                .workflow("main", Value.text("${size(a)}"), each(task("a"), "${[1, 2, 3]}"))
                .start()
                .pass(Duration.ofSeconds(1));
        scene.act(new Verb.Skip(TaskId.of("a"), null)).succeeds();
        assertThat(scene.output()).isEqualTo(Value.of(1));
    }

    // ---- iteration

    @Test
    @Pattern(number = 21, name = "Structured Loop", by = "loop: { while, max }")
    void a_task_is_done_again_while_a_condition_holds() {
        var again =
                with(
                                task("a"),
                                Value.struct(
                                        "n", Value.text("${output == null ? 1 : output.n + 1}")))
                        .with(once().with(new Task.Loop("${output.n < 4}", 10)));
        scene.workflow("main", Value.text("${a.n}"), again).start().succeeds();
        assertThat(scene.output()).isEqualTo(Value.of(4));
        assertThat(scene.all(Event.Iterated.class)).hasSize(3);
    }

    @Test
    @Pattern(number = 22, name = "Recursion", by = "workflow that names itself")
    void a_workflow_runs_itself() {
        var below =
                with(
                        by(new Task.Performer.ByWorkflow("main"), "below"),
                        Value.struct("n", Value.text("${input.n - 1}")));
        scene.workflow(
                        "main",
                        Value.text("${below == null ? 1 : input.n * below}"),
                        below.with(once().withWhen("${input.n > 1}")))
                .start(n(5))
                .succeeds();
        assertThat(scene.output()).isEqualTo(Value.of(120));
    }

    // ---- triggers

    @Test
    @Pattern(number = 23, name = "Transient Trigger", by = "await with keep: false")
    void a_message_that_nobody_waits_for_is_lost() {
        var wanted = by(new Task.Performer.ByMessage("go", null, LATER, false), "go", "first");
        scene.takes("first", Duration.ofSeconds(1))
                .workflow("main", Value.text("${go.by}"), task("first"), wanted)
                .start()
                .pass(SOON)
                .send("go", Value.Struct.EMPTY)
                .succeeds();
        assertThat(scene.output()).isEqualTo(Value.text("timer"));
    }

    @Test
    @Pattern(number = 24, name = "Persistent Trigger", by = "await")
    void a_message_that_comes_too_early_is_kept() {
        scene.takes("first", Duration.ofSeconds(1))
                .workflow("main", Value.text("${go.by}"), task("first"), await("go", "go", "first"))
                .start()
                .pass(SOON)
                .send("go", Value.Struct.EMPTY)
                .succeeds();
        assertThat(scene.output()).isEqualTo(Value.text("message"));
    }

    // ---- partial joins

    @Test
    @Pattern(
            number = 29,
            name = "Cancelling Discriminator",
            by = "join: { need: any, cancel_rest: true }")
    void the_first_branch_goes_on_and_the_others_are_given_up() {
        scene.takes("b", LATER)
                .workflow("main", NONE, task("a"), task("b"), join(task("c", "a", "b"), 1, true))
                .start()
                .succeeds();
        assertThat(scene.finished()).containsExactly("a", "c");
        assertThat(scene.skipped()).containsExactly("b");
    }

    @Test
    @Pattern(number = 30, name = "Structured Partial Join", by = "join: { need: 2 }")
    void two_of_three_branches_are_enough() {
        scene.takes("c", LATER)
                .workflow(
                        "main",
                        NONE,
                        task("a"),
                        task("b"),
                        task("c"),
                        join(task("d", "a", "b", "c"), 2, false))
                .start()
                .succeeds();
        assertThat(scene.finished()).endsWith("d", "c");
    }

    @Test
    @Pattern(
            number = 32,
            name = "Cancelling Partial Join",
            by = "join: { need: 2, cancel_rest: true }")
    void two_of_three_branches_are_enough_and_the_third_is_given_up_with_what_only_it_needs() {
        scene.takes("before", LATER)
                .workflow(
                        "main",
                        NONE,
                        task("a"),
                        task("b"),
                        task("before"),
                        task("c", "before"),
                        join(task("d", "a", "b", "c"), 2, true))
                .start()
                .succeeds();
        assertThat(scene.skipped()).containsExactlyInAnyOrder("before", "c");
        assertThat(scene.finished()).endsWith("d");
    }

    private Scene instances(Task.Each each) {
        return scene.when("a", one -> Scene.done(one, one.task().item() < 2 ? SOON : LATER))
                .workflow(
                        "main",
                        Value.text("${size(a)}"),
                        task("a").with(once().with(each)),
                        task("b", "a"))
                .start(n(2))
                .succeeds();
    }

    @Test
    @Pattern(
            number = 34,
            name = "Static Partial Join for Multiple Instances",
            by = "each: { of, need: 2, cancel_rest: false }")
    void two_items_are_enough_and_the_others_end_as_they_would() {
        instances(new Task.Each("${[1, 2, 3, 4]}", 100, "${2}", null, false));
        assertThat(scene.output()).isEqualTo(Value.of(2));
        assertThat(scene.finished()).hasSize(5);
    }

    @Test
    @Pattern(
            number = 35,
            name = "Cancelling Partial Join for Multiple Instances",
            by = "each: { of, need: 2 }")
    void two_items_are_enough_and_the_others_are_given_up() {
        instances(new Task.Each("${[1, 2, 3, 4]}", 100, "${input.n}", null, true));
        assertThat(scene.output()).isEqualTo(Value.of(2));
        assertThat(scene.finished()).hasSize(3);
    }

    @Test
    @Pattern(
            number = 36,
            name = "Dynamic Partial Join for Multiple Instances",
            by = "each: { of, until: \"${…}\" }")
    void a_condition_on_the_results_so_far_says_when_it_is_enough() {
        instances(new Task.Each("${[1, 2, 3, 4]}", 100, null, "${size(output) >= input.n}", true));
        assertThat(scene.output()).isEqualTo(Value.of(2));
    }

    // ---- concurrency, termination

    @Test
    @Pattern(number = 39, name = "Critical Section", by = "locks")
    void tasks_that_need_the_same_lock_run_one_after_the_other_in_whichever_run() {
        scene.workflow(
                "main",
                NONE,
                task("a").with(once().withLocks("account-${input.n}")),
                task("b").with(once().withLocks("account-${input.n}")));
        scene.start(n(7));
        scene.begin(new RunId("S"), "main", n(7));
        scene.succeeds();
        assertThat(scene.state(new RunId("S")).status()).isEqualTo(Status.SUCCEEDED);
    }

    @Test
    @Pattern(
            number = 43,
            name = "Explicit Termination",
            by = "cancels on a last task, or tutti terminate RUN")
    void a_run_ends_when_it_is_told_to_though_work_is_left() {
        scene.takes("a", LATER)
                .workflow("main", NONE, task("a"), task("b", "a"))
                .start()
                .pass(SOON);
        scene.act(new Verb.Terminate()).ends(Status.CANCELLED);
        assertThat(scene.all(Event.Ended.class)).hasSize(1);
    }

    // ---- the table

    private static final Map<String, String> NOT =
            new TreeMap<>(
                    Map.of(
                            "08 Multi-Merge",
                            "a task has one result; what follows a branch is repeated by a workflow for each",
                            "11 Implicit Termination",
                            "how every run ends when nothing is left",
                            "12 Multiple Instances without Synchronization",
                            "a run ends only when its tasks have; instances that outlive it are runs of their own",
                            "17 Interleaved Parallel Routing",
                            "tasks with the same lock, in whichever order (39)",
                            "28 Blocking Discriminator",
                            "a plan has no second token to block",
                            "31 Blocking Partial Join",
                            "as 28",
                            "33 Generalized AND-Join",
                            "a plan has no second token to remember",
                            "37, 38 Synchronizing Merges",
                            "7 covers acyclic plans, and plans are acyclic",
                            "40 Interleaved Routing",
                            "as 17",
                            "41, 42 Thread Merge and Split",
                            "tokens have no identity here; fan-outs (13, 14) do what they are used for"));

    @Test
    void the_table_in_the_docs_lists_every_pattern_with_its_test() throws IOException {
        var out = new StringBuilder();
        out.append(
                """
                # Control flow

                The control-flow patterns of Russell, ter Hofstede, van der Aalst and Mulyar (2006), and how a team file says
                them. Each row is a test of `PatternsTest`, from which this page is made.

                | | pattern | in a team file | test |
                |---|---|---|---|
                """);
        Arrays.stream(PatternsTest.class.getDeclaredMethods())
                .filter(method -> method.isAnnotationPresent(Pattern.class))
                .sorted(
                        Comparator.comparingInt(
                                method -> method.getAnnotation(Pattern.class).number()))
                .forEach(method -> {
                    var pattern = method.getAnnotation(Pattern.class);
                    out.append(
                            "| %d | %s | %s | %s |\n"
                                    .formatted(
                                            pattern.number(),
                                            pattern.name(),
                                            pattern.by(),
                                            method.getName().replace('_', ' ')));
                });
        out.append("\nThe others, and why not:\n\n| pattern | |\n|---|---|\n");
        NOT.forEach((name, why) -> out.append("| %s | %s |\n".formatted(name, why)));
        var here = Path.of("../docs/patterns.md");
        var page = Files.isDirectory(Path.of("../docs")) ? here : Path.of("docs/patterns.md");
        if (Boolean.getBoolean("golden.rewrite")) {
            Files.writeString(page, out);
        }
        assertThat(out.toString()).isEqualTo(Files.readString(page));
    }
}
