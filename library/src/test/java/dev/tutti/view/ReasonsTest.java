package dev.tutti.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Value;
import dev.tutti.core.run.Why;
import java.time.Instant;
import java.time.ZoneId;
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
        var reasons = new Reasons("R", leftAlone());
        assertThat(reasons.what(place(HAND)))
                .isEqualTo("a place at hand (left alone for failing until 2026-11-25T12:00:00Z)");
        assertThat(reasons.way(place(HAND))).isEmpty();
        assertThat(reasons.way(place(HAND, new AgentId("other")))).isEqualTo("tutti recover R");
    }

    private static Obstacles leftAlone() {
        return new Obstacles() {
            @Override
            public Optional<RunId> holder(String lock) {
                return Optional.empty();
            }

            @Override
            public boolean isOff(AgentId agent) {
                return false;
            }

            @Override
            public Optional<Instant> leftAlone(AgentId agent) {
                return agent.equals(HAND) ? Optional.of(NOON) : Optional.empty();
            }
        };
    }

    @Test
    void moments_are_written_for_people_by_their_clock_and_told_to_programs() {
        var berlin = ZoneId.of("Europe/Berlin");
        var now = NOON.minusSeconds(2_470);
        var people = new Reasons("R", leftAlone(), at -> Figures.moment(at, now, berlin));
        assertThat(people.what(place(HAND)))
                .isEqualTo("a place at hand (left alone for failing until 13:00 (in 41 m 10 s))");
        assertThat(people.what(new Why.Paused(NOON.minusSeconds(86_400))))
                .isEqualTo("being resumed; paused since 2026-11-24 13:00 (23 h 18 m ago)");
        assertThat(people.moments(new Why.Pause(TaskId.of("do"), NOON))).containsExactly(NOON);
        assertThat(people.moments(place(HAND, HAND))).containsExactly(NOON, NOON);
        assertThat(people.momentsWritten(place(HAND, HAND)))
                .isEqualTo(Value.array(Value.text("2026-11-25T12:00:00Z")));
        assertThat(people.moments(place(new AgentId("other")))).isEmpty();
    }
}
