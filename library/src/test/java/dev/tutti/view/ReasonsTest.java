package dev.tutti.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.run.Why;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/// What a task waits for, in words.
@DisplayNameGeneration(ReplaceUnderscores.class)
class ReasonsTest {
    private static final AgentId HAND = new AgentId("hand");
    private static final Instant NOON = Instant.parse("2026-11-25T12:00:00Z");

    private static Why place(AgentId... agents) {
        return new Why.Place(TaskId.of("do"), List.of(agents), List.of(), null);
    }

    @Test
    void one_who_is_left_alone_for_failing_is_said_to_be_and_moves_by_itself() {
        var reasons =
                new Reasons(
                        "R",
                        _ -> Optional.empty(),
                        _ -> false,
                        agent -> agent.equals(HAND) ? Optional.of(NOON) : Optional.empty());
        assertThat(reasons.what(place(HAND)))
                .isEqualTo("a place at hand (left alone for failing until 2026-11-25T12:00:00Z)");
        assertThat(reasons.way(place(HAND))).isEmpty();
        assertThat(reasons.way(place(HAND, new AgentId("other")))).isEqualTo("tutti recover R");
    }
}
