package dev.tutti.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.Agent;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.SkillId;
import dev.tutti.core.event.Task.Performer;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.TenantId;
import dev.tutti.core.event.Value;
import dev.tutti.core.goal.Team;
import dev.tutti.core.goal.Terms;
import dev.tutti.runtime.dispatch.Chooser;
import dev.tutti.runtime.dispatch.Dispatcher;
import dev.tutti.runtime.dispatch.Want;
import dev.tutti.runtime.dispatch.Wish;
import dev.tutti.runtime.evidence.Content;
import dev.tutti.runtime.journal.StreamId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Tasks that wait for what a program's own policy says.
class AskedPoliciesTest {
    private static final Instant NOON = Instant.parse("2026-11-25T12:00:00Z");

    /// When the quota, which is empty at first, lets calls through.
    private static final Instant LATER = NOON.plusSeconds(30);

    private static final SkillId WORK = new SkillId("work");
    private static final StreamId ONE = StreamId.run(TenantId.LOCAL, new RunId("R1"));
    private static final StreamId OTHER = StreamId.run(TenantId.LOCAL, new RunId("R2"));
    private static final Wish OWN = new Wish(Terms.Choice.custom("own"), 0, 0, Content.UNKNOWN);

    private final List<Chooser.Question> asked = new ArrayList<>();
    private final Dispatcher dispatcher =
            new Dispatcher(_ -> true)
                    .with(question -> {
                        asked.add(question);
                        return Optional.empty();
                    });

    private static Agent agent(String name) {
        return new Agent(
                new AgentId(name),
                List.of(WORK),
                "scripted",
                Value.Struct.EMPTY,
                new Agent.Limits(1, null));
    }

    /// Two agents that share a quota of calls.
    private static Team team() {
        var rate = new Terms.Rate(100, Duration.ofMinutes(1));
        var needs = new Terms.OfAgent(List.of("calls"), 0, 0);
        return new Team(
                List.of(),
                List.of(agent("ann"), agent("bob")),
                List.of(),
                new Terms(
                        Terms.Choice.ROUND_ROBIN,
                        Terms.Worth.DEFAULT,
                        List.of(new Terms.Quota("calls", rate, null, null, null)),
                        Map.of(),
                        Map.of(new AgentId("ann"), needs, new AgentId("bob"), needs)));
    }

    private static Want want(StreamId run) {
        return new Want(
                run,
                TaskId.of("task"),
                new Performer.BySkill(WORK),
                "team",
                List.of(),
                null,
                List.of(),
                OWN);
    }

    private void inLine(StreamId run) {
        assertThat(dispatcher.offer(want(run), team(), NOON)).isEmpty();
        assertThat(dispatcher.wake(LATER)).isEmpty();
    }

    private Chooser.Answer says(int question, double... scores) {
        return new Chooser.Answer(asked.get(question).number(), scores, "own/1", "");
    }

    @Test
    void who_waits_for_an_answer_waits_for_no_time() {
        inLine(ONE);
        assertThat(asked).hasSize(1);
        assertThat(dispatcher.nextAlarm()).isEmpty();
        assertThat(dispatcher.wake(LATER.plusSeconds(60))).isEmpty();
        assertThat(asked).as("asked once").hasSize(1);

        var turns = dispatcher.answered(says(0, 0.25, 0.75), LATER);
        assertThat(turns).hasSize(1);
        var offer = turns.getFirst().offer();
        assertThat(offer.agent()).isNotNull().extracting(Agent::id).hasToString("bob");
        assertThat(offer.choosing().policy()).isEqualTo("custom/own");
        assertThat(dispatcher.answered(says(0, 1, 0), LATER)).as("a second answer").isEmpty();
    }

    @Test
    void the_next_in_line_is_asked_for_when_the_first_has_its_place() {
        inLine(ONE);
        inLine(OTHER);
        assertThat(asked).hasSize(1);

        assertThat(dispatcher.answered(says(0, 1, 0), LATER)).hasSize(1);
        assertThat(asked).hasSize(2);
        assertThat(asked.getLast().run()).isEqualTo(OTHER);
        assertThat(asked.getLast().options().getFirst().free()).isFalse();
        var turns = dispatcher.answered(says(1, 1, 0), LATER);
        assertThat(turns).hasSize(1);
        assertThat(turns.getFirst().offer().agent())
                .as("the better one has no place left")
                .isNotNull()
                .extracting(Agent::id)
                .hasToString("bob");
    }

    @Test
    void an_answer_for_a_run_that_wants_nothing_more_is_of_no_use() {
        inLine(ONE);
        dispatcher.forget(ONE, LATER);
        assertThat(dispatcher.answered(says(0, 1, 0), LATER)).isEmpty();

        inLine(OTHER);
        var unanswered = asked.get(1).unanswered("did not answer");
        var turns = dispatcher.answered(unanswered, LATER);
        assertThat(turns).hasSize(1);
        assertThat(turns.getFirst().offer().choosing().policy()).isEqualTo("round_robin");
        assertThat(turns.getFirst().offer().choosing().instead())
                .isEqualTo("`custom/own` did not answer");
    }

    /// One task after the other at `ann`, who has its steps, and `bob`.
    private static Team pair() {
        return new Team(List.of(), List.of(agent("ann"), agent("bob")), List.of(), Terms.DEFAULT);
    }

    @Test
    void what_was_asked_for_a_task_is_of_no_use_once_it_goes_on_from_its_own_steps() {
        var ann = agent("ann");
        dispatcher.hold(OTHER, 1, TaskId.of("other"), "team", Terms.DEFAULT, ann, List.of());
        var again =
                new Want(
                        ONE,
                        TaskId.of("task"),
                        new Performer.BySkill(WORK),
                        "team",
                        List.of(),
                        ann.id(),
                        List.of(),
                        OWN);
        assertThat(dispatcher.offer(again, pair(), NOON)).isEmpty();
        assertThat(asked).hasSize(1);
        dispatcher.release(OTHER, 1, NOON);
        var turns = dispatcher.serve(NOON);
        assertThat(turns).hasSize(1);
        assertThat(turns.getFirst().offer().choosing().policy()).isEqualTo("same");
        dispatcher.grant(ONE, 2, "team", turns.getFirst().offer());
        dispatcher.release(ONE, 2, NOON);
        assertThat(dispatcher.serve(NOON)).isEmpty();
        assertThat(dispatcher.answered(says(0, 0, 1), NOON)).isEmpty();

        // The next attempt is asked about anew, with the agents as they are then.
        assertThat(dispatcher.offer(want(ONE), pair(), NOON)).isEmpty();
        assertThat(asked).hasSize(2);
        var next = dispatcher.answered(says(1, 1, 0), NOON);
        assertThat(next).hasSize(1);
        assertThat(next.getFirst().offer().agent())
                .isNotNull()
                .extracting(Agent::id)
                .hasToString("ann");
    }
}
