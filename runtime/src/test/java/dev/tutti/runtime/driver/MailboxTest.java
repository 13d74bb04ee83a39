package dev.tutti.runtime.driver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.RunId;
import dev.tutti.core.event.TenantId;
import dev.tutti.core.run.Command;
import dev.tutti.runtime.engine.Input;
import dev.tutti.runtime.journal.StreamId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class MailboxTest {
    private static final StreamId RUN = StreamId.run(TenantId.LOCAL, new RunId("ONE"));

    private final Mailbox mailbox = new Mailbox();

    private static Input.Alive alive(long token, long second) {
        return new Input.Alive(RUN, token, Instant.ofEpochSecond(second));
    }

    private static Input told(String name) {
        return new Input.Told(RUN, new Command.Intend(1, name), "agent/any");
    }

    private List<Input> drained() {
        var inputs = new ArrayList<Input>();
        mailbox.drainTo(inputs);
        return inputs;
    }

    @Test
    void of_the_signs_of_life_that_nobody_takes_one_for_each_attempt_waits() {
        for (int second = 0; second < 10_000; second++) {
            mailbox.add(alive(1, second));
            mailbox.add(alive(2, second));
        }

        assertThat(mailbox.isEmpty()).isFalse();
        assertThat(drained()).containsExactlyInAnyOrder(alive(1, 9_999), alive(2, 9_999));
        assertThat(mailbox.isEmpty()).isTrue();
        assertThat(drained()).isEmpty();
    }

    @Test
    void everything_else_is_taken_in_the_order_in_which_it_came() {
        mailbox.add(told("first"));
        mailbox.add(alive(1, 1));
        mailbox.add(told("second"));
        mailbox.add(told("first"));

        assertThat(drained())
                .contains(alive(1, 1))
                .filteredOn(Input.Told.class::isInstance)
                .containsExactly(told("first"), told("second"), told("first"));
    }
}
