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
import dev.tutti.runtime.dispatch.Dispatcher;
import dev.tutti.runtime.dispatch.Want;
import dev.tutti.runtime.journal.StreamId;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Locks of tasks that were offered a place and have not used it yet.
class LocksOfOffersTest {
    private static final Instant NOON = Instant.parse("2026-11-25T12:00:00Z");
    private static final SkillId WORK = new SkillId("work");
    private static final StreamId ONE = StreamId.run(TenantId.LOCAL, new RunId("R1"));
    private static final StreamId OTHER = StreamId.run(TenantId.LOCAL, new RunId("R2"));
    private static final Team TEAM =
            new Team(
                    List.of(),
                    List.of(
                            new Agent(
                                    new AgentId("worker"),
                                    List.of(WORK),
                                    "scripted",
                                    Value.Struct.EMPTY,
                                    Agent.Limits.DEFAULT)),
                    List.of());

    private static Want want(StreamId run) {
        return new Want(
                run,
                TaskId.of("task"),
                new Performer.BySkill(WORK),
                "team",
                List.of(),
                null,
                List.of("the-lock"));
    }

    @Test
    void a_run_that_closes_while_it_is_given_a_place_keeps_the_lock_that_comes_with_it() {
        var dispatcher = new Dispatcher(_ -> true);
        var offer = dispatcher.offer(want(ONE), TEAM, NOON).orElseThrow();
        assertThat(dispatcher.offer(want(OTHER), TEAM, NOON)).isEmpty();

        assertThat(dispatcher.forget(ONE, NOON)).as("nobody else has its turn").isEmpty();
        dispatcher.grant(ONE, 7, "team", offer);
        dispatcher.release(ONE, 7, NOON);

        assertThat(dispatcher.serve(NOON)).extracting(Dispatcher.Turn::run).containsExactly(OTHER);
    }

    @Test
    void a_lock_that_came_with_an_offer_nobody_used_is_free() {
        var dispatcher = new Dispatcher(_ -> true);
        var offer = dispatcher.offer(want(ONE), TEAM, NOON).orElseThrow();
        assertThat(dispatcher.offer(want(OTHER), TEAM, NOON)).isEmpty();
        dispatcher.forget(ONE, NOON);

        assertThat(dispatcher.giveBack(ONE, "team", offer, NOON))
                .extracting(Dispatcher.Turn::run)
                .containsExactly(OTHER);
    }
}
