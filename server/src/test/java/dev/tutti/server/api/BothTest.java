package dev.tutti.server.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutti.server.http.Problem;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(60)
class BothTest {

    /// Neither is found before the other is being looked for.
    @Test
    void two_things_are_found_at_the_same_time() {
        var meeting = new CyclicBarrier(2);
        assertThat(Both.of(() -> met(meeting, "one"), () -> met(meeting, "other")))
                .isEqualTo(new Both<>("one", "other"));
    }

    @Test
    void what_is_wrong_with_either_is_said_as_it_is() {
        var problem = Problem.badRequest("it is too long");
        assertThatThrownBy(() -> Both.of(() -> fail(problem), () -> "other")).isSameAs(problem);
        assertThatThrownBy(() -> Both.of(() -> "one", () -> fail(problem))).isSameAs(problem);
    }

    private static String fail(RuntimeException why) {
        throw why;
    }

    private static String met(CyclicBarrier meeting, String found) {
        try {
            meeting.await(20, TimeUnit.SECONDS);
            return found;
        } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }
}
