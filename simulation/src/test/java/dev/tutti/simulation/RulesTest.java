package dev.tutti.simulation;

import static dev.tutti.simulation.Scene.agent;
import static dev.tutti.simulation.Scene.task;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Event;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Passing;
import dev.tutti.core.event.Question;
import dev.tutti.core.event.Resolve;
import dev.tutti.core.event.Status;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.Task.Remedy;
import dev.tutti.core.event.Task.Rule;
import dev.tutti.core.event.Task.Rule.Decision;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Value;
import dev.tutti.core.run.Verb;
import dev.tutti.runtime.engine.Request;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Who may have a task by its policy, where failures and people meet it.
class RulesTest {
    private static final Rule NOT_TWO = new Rule(Decision.DENY, "${agent.name == 'two'}");
    private static final Rule NOBODY = new Rule(Decision.DENY, "${true}");
    private static final Rule SMALL = new Rule(Decision.DENY, "${input.n > 2}");
    private static final Duration TICK = Duration.ofMillis(10);

    private final Scene scene = new Scene().team(agent("one", 9), agent("two", 9));

    private static Task.Policy once(Remedy... ladder) {
        return Task.Policy.DEFAULT.with(new Task.Retry(1, TICK, TICK)).withLadder(ladder);
    }

    private static Request reassign(String task, String agent) {
        return new Request.Intervene(new Verb.Reassign(task, new AgentId(agent)), "tested", 0);
    }

    private static Task waits(Rule rule) {
        return task("a", "news").with(once().withRules(rule));
    }

    @Test
    void a_failure_does_not_go_to_an_agent_that_may_not_have_the_task() {
        scene.fails("a", new Failure.Permanent("gone", "no such page"))
                .workflow(
                        "main", Value.NULL, task("a").with(once(Remedy.REROUTE).withRules(NOT_TWO)))
                .start()
                .settle();
        assertThat(scene.all(Event.Rerouted.class)).isEmpty();
        assertThat(scene.failure().message()).isEqualTo("no such page");
        scene.sound();
    }

    @Test
    void a_task_that_nobody_may_have_goes_along_its_ladder_with_its_input_on_record() {
        scene.workflow("main", Value.NULL, task("a").with(once(Remedy.ASK).withRules(NOBODY)))
                .start()
                .settle();
        var asked = scene.question().question();
        assertThat(asked.purpose()).isEqualTo(Question.Purpose.REMEDY);
        assertThat(asked.text()).contains("no agent may have it: rule 1 of its policy");
        scene.answer(asked.id(), "skip", "ana");
        scene.succeeds();
    }

    @Test
    void where_the_first_item_fails_at_once_the_others_are_not_begun() {
        var each = Task.Flow.ONCE.with(new Task.Each("${[1, 2, 3]}", 9, null, null, false));
        scene.workflow("main", Value.NULL, task("a").with(each).with(once().withRules(NOBODY)))
                .start()
                .settle();
        assertThat(scene.state().status()).isEqualTo(Status.FAILED);
        assertThat(scene.all(Event.TaskHeld.class))
                .extracting(Event.TaskHeld::task)
                .containsExactly(new TaskId("a", 0));
        scene.sound();
    }

    @Test
    void where_each_has_a_part_of_its_own_the_part_of_one_who_may_not_is_left_out() {
        var both = new Passing.Ensemble(List.of(new AgentId("one"), new AgentId("two")));
        var all = Task.Flow.ONCE.with(Task.Each.replicas(2, new Resolve(new Resolve.By.Collect())));
        var each = task("a").with(all).with(both).with(once().withRules(NOT_TWO));
        scene.workflow("main", Value.NULL, each).start().succeeds();
        assertThat(scene.finished()).containsExactly("a[0]");
    }

    @Test
    void a_task_that_fails_at_once_leaves_no_timer() {
        var limited =
                once(Remedy.SKIP)
                        .withRules(NOBODY)
                        .with(new Task.Timeouts(null, null, null, Duration.ofHours(1)));
        scene.workflow("main", Value.NULL, task("a").with(limited)).start().succeeds();
        assertThat(scene.all(Event.TimerSet.class)).isEmpty();
    }

    @Test
    void a_person_is_refused_who_gives_a_task_to_an_agent_that_may_not_have_it() {
        scene.workflow("main", Value.NULL, Scene.await("news", "news"), waits(NOT_TWO))
                .start()
                .settle();
        assertThat(scene.refusal(Scene.RUN, reassign("a", "two"), "ana"))
                .isEqualTo(
                        "agent `two` may not have `a`: rule 1 of its policy, deny"
                                + " `${agent.name == 'two'}`; name one that may, or edit the"
                                + " task's input");
        assertThat(scene.refusal(Scene.RUN, reassign("a", "one"), "ana")).isEmpty();
        scene.send("news", Value.text("here")).succeeds();
    }

    @Test
    void what_only_the_input_tells_is_told_once_there_is_one() {
        scene.workflow(
                        "main",
                        Value.NULL,
                        Scene.await("news", "news"),
                        Scene.with(waits(SMALL), Value.struct("n", Value.of(3))))
                .start()
                .settle();
        assertThat(scene.refusal(Scene.RUN, reassign("a", "two"), "ana")).isEmpty();
        scene.send("news", Value.text("here")).settle();
        assertThat(scene.failure().code()).isEqualTo("denied");
        scene.sound();
    }

    @Test
    void a_task_that_waits_for_leave_is_not_given_to_one_who_may_not_have_it() {
        var rules = List.of(NOT_TWO, new Rule(Decision.ASK, "${true}"));
        var asks = once().withRules(rules.toArray(Rule[]::new));
        scene.workflow("main", Value.NULL, task("a").with(asks)).start().settle();
        var question = scene.question().question();
        assertThat(question.text()).contains("rule 2 of its policy, ask `${true}`: one.");
        assertThat(scene.refusal(Scene.RUN, reassign("a", "two"), "ana"))
                .startsWith("agent `two` may not have `a`: rule 1 of its policy");
        scene.answer(question.id(), "approve", "ana");
        scene.succeeds();
    }
}
