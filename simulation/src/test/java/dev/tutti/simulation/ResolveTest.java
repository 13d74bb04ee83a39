package dev.tutti.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.Agent;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Budget;
import dev.tutti.core.event.Event;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Outcome;
import dev.tutti.core.event.Question;
import dev.tutti.core.event.Resolve;
import dev.tutti.core.event.Resolve.By;
import dev.tutti.core.event.Resolve.Step;
import dev.tutti.core.event.Status;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.Type;
import dev.tutti.core.event.Value;
import dev.tutti.core.goal.Workflow;
import dev.tutti.core.run.Action;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// Tasks that several do, and how their results become one.
class ResolveTest {
    private static final Step JUDGE =
            new Step.Judge(new Task.Performer.ByAgent(new AgentId("critic")));

    /// Three agents, each of which gives what it always gives, and one who judges.
    private static Scene scene(Resolve resolve, Map<String, Value> given, Value decision) {
        var task = Scene.task("check");
        return scene(task.with(task.flow().with(Task.Each.replicas(3, resolve))))
                .when("check", attempt -> Scene.gives(says(attempt, given, decision)));
    }

    private static Scene scene(Task task) {
        return team().workflow("main", Value.text("${check}"), task);
    }

    private static Scene team() {
        var critic =
                new Agent(
                        new AgentId("critic"),
                        List.of(),
                        "scripted",
                        Value.Struct.EMPTY,
                        Agent.Limits.DEFAULT);
        return new Scene()
                .team(Scene.agent("ann", 9), Scene.agent("bob", 9), Scene.agent("cid", 9), critic);
    }

    private static Value says(Action.Perform attempt, Map<String, Value> given, Value decision) {
        var agent = attempt.agent().value();
        return agent.equals("critic") ? decision : given.getOrDefault(agent, Value.NULL);
    }

    private static Map<String, Value> answers(String ann, String bob, String cid) {
        return Map.of("ann", answer(ann), "bob", answer(bob), "cid", answer(cid));
    }

    private static Value answer(String text) {
        return Value.struct("answer", Value.text(text));
    }

    @Test
    void the_same_task_is_given_to_different_agents_and_the_majority_is_handed_on() {
        var scene =
                scene(new Resolve(new By.Vote()), answers("Paris", "Lyon", "paris"), Value.NULL)
                        .start()
                        .settle();

        assertThat(scene.state().status()).isEqualTo(Status.SUCCEEDED);
        assertThat(scene.output()).isEqualTo(answer("Paris"));
        assertThat(scene.all(Event.Assigned.class))
                .extracting(event -> event.agent().value())
                .containsExactlyInAnyOrder("ann", "bob", "cid");
        var dissent = scene.all(Event.Dissented.class).getFirst();
        assertThat(dissent.answers()).hasSize(2);
        assertThat(dissent.answers().getLast().agents()).containsExactly("bob");
        scene.sound();
    }

    @Test
    void where_all_agree_nothing_is_said() {
        var scene =
                scene(new Resolve(new By.Vote()), answers("a", "a", "A."), Value.NULL)
                        .start()
                        .settle();

        assertThat(scene.all(Event.Dissented.class)).isEmpty();
        assertThat(resolved(scene.all(Event.Joined.class).getFirst()).confidence()).isEqualTo(1);
        scene.sound();
    }

    @Test
    void what_is_not_sure_enough_goes_to_a_judge_who_is_told_the_answers_and_not_whose_they_are() {
        var resolve = new Resolve(new By.Vote(), null, 0.7, List.of(JUDGE, new Step.Ask()));
        var decision = Value.struct("choice", Value.of(2), "confidence", new Value.Real(0.9));
        var scene = scene(resolve, answers("Paris", "Lyon", "paris"), decision).start().settle();

        assertThat(scene.output()).isEqualTo(answer("Lyon"));
        var resolved = resolved(scene.all(Event.Joined.class).getFirst());
        assertThat(resolved.by()).isEqualTo("judged by critic");
        assertThat(resolved.confidence()).isEqualTo(0.9);
        var told = scene.all(Event.TaskReady.class).getLast().input();
        assertThat(String.valueOf(told.get("answers"))).contains("Lyon").doesNotContain("bob");
        scene.sound();
    }

    /// Who sees that most others say something else says so too, as in debates.
    private static Value follows(Action.Perform attempt, Map<String, Value> given) {
        var agent = attempt.agent().value();
        if (attempt.input().get("debate") instanceof Value.Struct debate
                && debate.get("answers") instanceof Value.Array(var answers)
                && answers.getFirst() instanceof Value.Struct most
                && !agent.equals("cid")) {
            return Value.struct("answer", Objects.requireNonNull(most.get("answer")));
        }
        return given.getOrDefault(agent, Value.NULL);
    }

    private static Scene debate(int rounds, Map<String, Value> given, Step... then) {
        var resolve = new Resolve(new By.Debate(rounds), null, 0.9, List.of(then));
        return scene(resolve, given, Value.struct("choice", Value.of(2)))
                .when("check", attempt -> Scene.gives(argues(attempt, given)));
    }

    private static Value argues(Action.Perform attempt, Map<String, Value> given) {
        return attempt.agent().value().equals("critic")
                ? Value.struct("choice", Value.of(2))
                : follows(attempt, given);
    }

    /// `until` says when enough has come in; what comes in later ends no decision.
    @Test
    void a_judge_who_is_at_work_is_waited_for_although_one_more_result_comes_in() {
        var task = Scene.task("check");
        var each =
                new Task.Each("${[1, 2, 3]}", 10, null, "${size(output) >= 2}", false)
                        .with(new Resolve(new By.Vote(), null, 0.9, List.of(JUDGE)));
        var scene =
                scene(task.with(task.flow().with(each)))
                        .when("check", ResolveTest::inItsTime)
                        .start()
                        .settle();

        assertThat(resolved(scene.all(Event.Joined.class).getFirst()).by())
                .isEqualTo("judged by critic");
        scene.sound();
    }

    private static OneThread.Work inItsTime(Action.Perform attempt) {
        boolean judges = attempt.agent().value().equals("critic");
        int item = attempt.task().item();
        var time = Duration.ofMillis(judges ? 500 : item == 2 ? 200 : 10);
        var output = judges ? Value.struct("choice", Value.of(2)) : answer("answer " + item);
        return new OneThread.Work(time, Outcome.succeeded(output), List.of());
    }

    @Test
    void who_differs_is_told_of_the_other_answers_and_answers_once_more() {
        var scene = debate(3, answers("Paris", "Lyon", "Paris")).start().settle();

        assertThat(scene.state().status()).isEqualTo(Status.SUCCEEDED);
        assertThat(scene.output()).isEqualTo(answer("Paris"));
        assertThat(resolved(scene.all(Event.Joined.class).getFirst()).confidence()).isEqualTo(1);
        assertThat(scene.all(Event.Debated.class))
                .containsExactly(new Event.Debated("check", 1, List.of(0, 1, 2)));
        var told = scene.all(Event.TaskReady.class).getLast().input().get("debate");
        assertThat(told).asString().contains("Paris", "Lyon", "yours").doesNotContain("ann");
        // Each has its own answer before it, and so is the one who gave it.
        var agents = scene.all(Event.Assigned.class).stream().map(one -> one.agent().value());
        assertThat(agents.toList()).hasSize(6).containsSubsequence("ann", "bob", "cid");
        scene.sound();
    }

    @Test
    void where_nobody_changes_their_mind_no_further_round_is_held_and_the_judge_decides() {
        var given = answers("Lyon", "Lyon", "Paris");
        var scene =
                scene(
                                new Resolve(new By.Debate(5), null, 0.9, List.of(JUDGE)),
                                given,
                                Value.struct("choice", Value.of(2)))
                        .start()
                        .settle();

        assertThat(scene.all(Event.Debated.class)).hasSize(1);
        assertThat(scene.all(Event.Dissented.class)).hasSize(2);
        assertThat(scene.output()).isEqualTo(answer("Paris"));
        assertThat(resolved(scene.all(Event.Joined.class).getFirst()).by())
                .isEqualTo("judged by critic");
        scene.sound();
    }

    @Test
    void a_debate_is_held_as_often_as_it_may_and_goes_on_after_a_restart() {
        var turns = new int[1];
        var scene =
                scene(new Resolve(new By.Debate(2)), Map.of(), Value.NULL)
                        .when("check", _ -> Scene.gives(answer("answer " + turns[0]++)))
                        .start();
        scene.settle();

        assertThat(scene.all(Event.Debated.class)).hasSize(2);
        assertThat(scene.all(Event.Assigned.class)).hasSize(9);
        assertThat(scene.state().status()).isEqualTo(Status.SUCCEEDED);
        scene.restart().sound();
    }

    /// A run that may have so many tasks: three that do the same, one after it, and whoever
    /// decides.
    private static Scene few(int tasks, Resolve resolve, Map<String, Value> given) {
        var task = Scene.task("check");
        return team().workflow(
                        new Workflow(
                                "main",
                                Type.Struct.OPEN,
                                List.of(
                                        task.with(task.flow().with(Task.Each.replicas(3, resolve))),
                                        Scene.task("after", "check")),
                                Value.text("${check}"),
                                Task.Remedy.FAIL,
                                null,
                                new Budget(null, null, null, null, tasks, null)))
                .when("check", attempt -> Scene.gives(argues(attempt, given)))
                .start()
                .settle();
    }

    private static String how(Scene scene) {
        assertThat(scene.state().status()).isEqualTo(Status.SUCCEEDED);
        scene.restart().sound();
        return resolved(scene.all(Event.Joined.class).getFirst()).by();
    }

    @Test
    void a_round_for_which_there_is_no_room_is_not_held_and_that_is_said() {
        var given = answers("Paris", "Lyon", "Paris");
        var debate = new Resolve(new By.Debate(2), null, 0.9, List.of());
        for (int tasks = 4; tasks < 7; tasks++) {
            var scene = few(tasks, debate, given);
            assertThat(how(scene)).isEqualTo("vote, too few tasks left for another round");
            assertThat(scene.all(Event.Debated.class)).isEmpty();
            assertThat(scene.state().tasks()).hasSize(4);
        }
        var enough = few(7, debate, given);
        assertThat(how(enough)).isEqualTo("vote");
        assertThat(enough.all(Event.Debated.class)).hasSize(1);
        assertThat(enough.state().tasks()).hasSize(7);
    }

    @Test
    void who_decides_goes_before_a_further_round() {
        var given = answers("Paris", "Lyon", "Paris");
        var judged = new Resolve(new By.Debate(2), null, 0.9, List.of(JUDGE));
        assertThat(how(few(4, judged, given)))
                .isEqualTo("vote, too few tasks left for another round or who decides");
        assertThat(how(few(7, judged, given)))
                .isEqualTo("judged by critic, too few tasks left for another round");
        assertThat(few(8, judged, given).all(Event.Debated.class)).hasSize(1);
    }

    @Test
    void a_judge_for_whom_there_is_no_room_is_passed_over_and_none_is_kept_where_all_agree() {
        var judged = new Resolve(new By.Vote(), null, 0.9, List.of(JUDGE, new Step.Ask()));
        assertThat(how(few(4, judged, answers("Paris", "Paris", "Paris")))).isEqualTo("vote");
        var differ = answers("Paris", "Lyon", "Paris");
        assertThat(how(few(4, judged, differ)))
                .isEqualTo("vote, too few tasks left for who decides");
        assertThat(how(few(5, judged, differ))).isEqualTo("judged by critic");
    }

    @Test
    void one_who_fails_in_a_debate_keeps_its_answer() {
        var given = answers("Paris", "Lyon", "Paris");
        var scene =
                debate(1, given)
                        .when(
                                "check",
                                attempt ->
                                        attempt.agent().value().equals("bob")
                                                        && attempt.input().get("debate") != null
                                                ? new OneThread.Work(
                                                        Duration.ofMillis(10),
                                                        Outcome.failed(
                                                                new Failure.Permanent("no", "no")),
                                                        List.of())
                                                : Scene.gives(follows(attempt, given)))
                        .start()
                        .settle();

        assertThat(scene.output()).isEqualTo(answer("Paris"));
        assertThat(scene.all(Event.Dissented.class)).hasSize(2);
        scene.sound();
    }

    @Test
    void what_the_judge_does_not_decide_a_person_does() {
        var resolve = new Resolve(new By.Vote(), null, 0.7, List.of(JUDGE, new Step.Ask()));
        var unsure = Value.struct("choice", Value.of(2), "confidence", new Value.Real(0.4));
        var scene = scene(resolve, answers("Paris", "Lyon", "paris"), unsure).start().settle();

        assertThat(scene.state().status()).isEqualTo(Status.WAITING);
        var question = scene.question().question();
        assertThat(question.purpose()).isEqualTo(Question.Purpose.RESOLVE);
        assertThat(question.choices()).containsExactly("1", "2", "none");
        assertThat(scene.restart().answer(question.id(), "2", "ana")).isEmpty();
        scene.settle();

        assertThat(scene.output()).isEqualTo(answer("Lyon"));
        assertThat(resolved(scene.all(Event.Joined.class).getFirst()).by())
                .isEqualTo("decided by ana");
        scene.sound();
    }

    @Test
    void where_a_person_says_that_none_is_right_the_task_fails() {
        var resolve = new Resolve(new By.BestOf(), null, 0, List.of(new Step.Ask()));
        var scene = scene(resolve, answers("a", "b", "c"), Value.NULL).start().settle();

        assertThat(scene.answer(scene.question().question().id(), "none", "ana")).isEmpty();
        scene.settle();

        assertThat(scene.state().status()).isEqualTo(Status.FAILED);
        assertThat(scene.all(Event.TaskFailed.class).getFirst().failure().code())
                .isEqualTo("no_right_answer");
        scene.sound();
    }

    @Test
    void where_nobody_decides_the_best_is_handed_on_with_what_speaks_against_it() {
        var resolve = new Resolve(new By.Vote(), null, 0.7, List.of(JUDGE));
        var scene =
                scene(resolve, answers("Paris", "Lyon", "paris"), Value.text("hm"))
                        .start()
                        .settle();

        assertThat(scene.output()).isEqualTo(answer("Paris"));
        assertThat(resolved(scene.all(Event.Joined.class).getFirst()).confidence()).isLessThan(0.7);
        assertThat(scene.all(Event.Dissented.class)).hasSize(1);
        scene.sound();
    }

    @Test
    void a_judge_who_fails_is_passed_over() {
        var resolve = new Resolve(new By.Vote(), null, 0.7, List.of(JUDGE, new Step.Ask()));
        var scene =
                scene(resolve, answers("Paris", "Lyon", "paris"), Value.NULL)
                        .when(
                                "check",
                                attempt ->
                                        attempt.agent().value().equals("critic")
                                                ? failed()
                                                : Scene.gives(
                                                        says(
                                                                attempt,
                                                                answers("Paris", "Lyon", "paris"),
                                                                Value.NULL)))
                        .start()
                        .settle();

        assertThat(scene.question().question().purpose()).isEqualTo(Question.Purpose.RESOLVE);
        scene.sound();
    }

    private static Map<String, Value> sourced() {
        return Map.of(
                "ann", sourced("It is old.", "a.txt"),
                "bob", sourced("It is green.", "b.txt"),
                "cid", sourced("it is old", "c.txt"));
    }

    private static Value sourced(String text, String source) {
        return Value.struct("answer", Value.text(text), "sources", Value.from(List.of(source)));
    }

    @Test
    void who_composes_is_bound_to_the_answers_and_their_sources() {
        var resolve = new Resolve(new By.Compose(), null, 0, List.of(JUDGE));
        var scene =
                scene(
                                resolve,
                                sourced(),
                                Value.struct("text", Value.text("It is old [1], and green [2].")))
                        .start()
                        .settle();

        var output = (Value.Struct) scene.output();
        assertThat(output.text("text")).isEqualTo("It is old [1], and green [2].");
        assertThat(output.get("uses")).isEqualTo(Value.from(List.of(1, 2)));
        assertThat(String.valueOf(output.get("sources"))).contains("a.txt", "b.txt", "c.txt");
        assertThat(resolved(scene.all(Event.Joined.class).getFirst()).by())
                .isEqualTo("composed by critic");
        var told = scene.all(Event.TaskReady.class).getLast().input();
        assertThat(told.text("asked")).contains("[1]");
        assertThat(scene.all(Event.Dissented.class)).hasSize(1);
        scene.sound();
    }

    @Test
    void what_names_no_answer_or_one_that_there_is_not_is_no_composition() {
        for (var text : List.of("It is blue.", "It is old [1], and blue [7].", "It is [0].")) {
            var resolve = new Resolve(new By.Compose(), null, 0, List.of(JUDGE));
            var scene =
                    scene(resolve, sourced(), Value.struct("text", Value.text(text)))
                            .start()
                            .settle();

            assertThat(((Value.Struct) scene.output()).text("answer")).isEqualTo("It is old.");
            assertThat(scene.all(Event.Dissented.class)).hasSize(1);
            scene.sound();
        }
    }

    @Test
    void where_no_composition_came_a_person_chooses() {
        var resolve = new Resolve(new By.Compose(), null, 0, List.of(JUDGE, new Step.Ask()));
        var scene =
                scene(resolve, sourced(), Value.struct("text", Value.text("Blue.")))
                        .start()
                        .settle();

        assertThat(scene.answer(scene.question().question().id(), "2", "ana")).isEmpty();
        scene.settle();

        assertThat(((Value.Struct) scene.output()).text("answer")).isEqualTo("It is green.");
        assertThat(resolved(scene.all(Event.Joined.class).getFirst()).by())
                .isEqualTo("decided by ana");
        scene.sound();
    }

    @Test
    void a_way_of_ones_own_is_told_who_gave_what_and_is_asked_where_all_agree() {
        for (var given : List.of(answers("4", "5", "9"), answers("4", "4", "4"))) {
            var resolve = new Resolve(new By.Custom(), null, 0, List.of(JUDGE));
            var decision = Value.struct("output", Value.of(18), "confidence", new Value.Real(0.6));
            var scene = scene(resolve, given, decision).start().settle();

            assertThat(scene.output()).isEqualTo(Value.of(18));
            var resolved = resolved(scene.all(Event.Joined.class).getFirst());
            assertThat(resolved.by()).isEqualTo("made by critic");
            assertThat(resolved.confidence()).isEqualTo(0.6);
            var told = scene.all(Event.TaskReady.class).getLast().input();
            assertThat(told.get("given"))
                    .isEqualTo(
                            Value.array(
                                    Value.struct(
                                            "agent", Value.text("ann"), "output", given.get("ann")),
                                    Value.struct(
                                            "agent", Value.text("bob"), "output", given.get("bob")),
                                    Value.struct(
                                            "agent",
                                            Value.text("cid"),
                                            "output",
                                            given.get("cid"))));
            assertThat(String.valueOf(told.get("answers"))).contains("share", "ann");
            scene.sound();
        }
    }

    @Test
    void a_way_of_ones_own_may_choose_and_what_it_does_not_say_is_decided_as_by_votes() {
        var resolve = new Resolve(new By.Custom(), null, 0, List.of(JUDGE));
        var chosen =
                scene(resolve, answers("a", "b", "a"), Value.struct("choice", Value.of(2)))
                        .start()
                        .settle();
        assertThat(chosen.output()).isEqualTo(answer("b"));
        assertThat(resolved(chosen.all(Event.Joined.class).getFirst()).by())
                .isEqualTo("judged by critic");
        chosen.sound();
        var silent = scene(resolve, answers("a", "b", "a"), Value.NULL).start().settle();
        assertThat(silent.output()).isEqualTo(answer("a"));
        silent.sound();
    }

    private static OneThread.Work failed() {
        return new OneThread.Work(
                Duration.ofMillis(10),
                Outcome.failed(new Failure.Permanent("no", "no opinion")),
                List.of());
    }

    @Test
    void who_was_right_in_earlier_tasks_weighs_more() {
        var known = new Resolve(new By.WeightedVote());
        var tasks = new Task[31];
        for (int i = 0; i < tasks.length; i++) {
            var before = i == 0 ? new String[0] : new String[] {"t" + (i - 1)};
            var task = Scene.task("t" + i, before);
            tasks[i] = task.with(task.flow().with(Task.Each.replicas(4, known)));
        }
        var scene =
                new Scene()
                        .team(
                                Scene.agent("ann", 9),
                                Scene.agent("bob", 9),
                                Scene.agent("cid", 9),
                                Scene.agent("dan", 9))
                        .workflow("main", Value.text("${t30}"), tasks);
        for (int i = 0; i < tasks.length; i++) {
            int number = i;
            scene.when("t" + i, attempt -> Scene.gives(answer(known(attempt, number))));
        }
        scene.start().settle();

        assertThat(scene.output()).isEqualTo(answer("right"));
        var resolved = resolved(scene.all(Event.Joined.class).getLast());
        assertThat(resolved.by()).isEqualTo("weighted vote");
        scene.sound();
    }

    /// Ann and dan are nearly always right; bob and cid err, each in turn, and agree once.
    private static String known(Action.Perform attempt, int task) {
        var agent = attempt.agent().value();
        boolean last = task == 30;
        return switch (agent) {
            case "ann" -> "right";
            case "dan" -> last ? "something else" : "right";
            case "bob" -> last ? "wrong" : task % 2 == 0 ? "bob " + task : "right";
            default -> last ? "wrong" : task % 2 == 1 ? "cid " + task : "right";
        };
    }

    private static Event.Resolved resolved(Event.Joined joined) {
        return Objects.requireNonNull(joined.resolved());
    }
}
