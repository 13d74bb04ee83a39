package dev.tutti.runtime.driver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.TenantId;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.dispatch.Chooser;
import dev.tutti.runtime.dispatch.DispatchPolicy;
import dev.tutti.runtime.engine.Input;
import dev.tutti.runtime.journal.StreamId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Programs' own policies, however they behave.
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(30)
class PoliciesTest {
    private static final StreamId RUN = StreamId.run(TenantId.LOCAL, new RunId("R1"));

    private final BlockingQueue<Input> answers = new LinkedBlockingQueue<>();

    /// One that takes a while for each question.
    private record Slow(Duration takes, Duration timeout) implements DispatchPolicy {
        @Override
        public double[] scores(Asked asked, List<Option> options) {
            try {
                Thread.sleep(takes);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return new double[] {1};
        }
    }

    /// One whose time or version is what is given here.
    private record Odd(Supplier<@Nullable Duration> time, Supplier<@Nullable String> rules)
            implements DispatchPolicy {
        @Override
        public double[] scores(Asked asked, List<Option> options) {
            return new double[] {1};
        }

        @Override
        @SuppressWarnings("NullAway") // Programs may.
        public Duration timeout() {
            return time.get();
        }

        @Override
        @SuppressWarnings("NullAway") // Programs may.
        public String version() {
            return rules.get();
        }
    }

    private static Chooser.Question question(long number) {
        var task = TaskId.of("task");
        return new Chooser.Question(
                number,
                RUN,
                task,
                "own",
                new DispatchPolicy.Asked(task, Value.Struct.EMPTY),
                List.of(new DispatchPolicy.Option(new AgentId("ann"), true, 0.5, 0.1, 0, 1)));
    }

    private Chooser.Answer reported() throws InterruptedException {
        var input = Objects.requireNonNull(answers.poll(20, TimeUnit.SECONDS), "no answer");
        return ((Input.Chosen) input).answer();
    }

    private Chooser.Answer answer(DispatchPolicy policy) throws InterruptedException {
        try (var policies = new Policies(Map.of("own", policy), answers::add)) {
            var known = policies.ask(question(1));
            return known.isPresent() ? known.get() : reported();
        }
    }

    private Chooser.Answer timed(Supplier<@Nullable Duration> time) throws InterruptedException {
        return answer(new Odd(time, () -> "1"));
    }

    @Test
    void a_policy_whose_time_cannot_be_told_is_passed_by() throws Exception {
        assertThat(timed(() -> null).why()).startsWith("does not say its timeout: ");
        var failed =
                timed(() -> {
                    throw new IllegalStateException("no");
                });
        assertThat(failed.scores()).isNull();
        assertThat(failed.why())
                .isEqualTo("does not say its timeout: java.lang.IllegalStateException: no");
    }

    @Test
    void however_long_or_short_its_time_is_it_is_asked() throws Exception {
        assertThat(timed(() -> Duration.ofSeconds(Long.MAX_VALUE)).scores()).containsExactly(1);
        // Out of time at once, or just in time.
        assertThat(timed(() -> Duration.ofSeconds(Long.MIN_VALUE)).why())
                .isIn("", "did not answer within 1 ms");
    }

    @Test
    void what_it_says_of_itself_is_no_longer_than_a_journal_can_bear() throws Exception {
        DispatchPolicy angry =
                (_, _) -> {
                    throw new IllegalStateException("no".repeat(100_000));
                };
        assertThat(answer(angry).why())
                .startsWith("failed: java.lang.IllegalStateException: nono")
                .hasSizeLessThan(350);
        var day = Duration.ofDays(1);
        assertThat(answer(new Odd(() -> day, () -> "v".repeat(100_000))).version())
                .startsWith("vvv")
                .hasSizeLessThan(350);
        assertThat(answer(new Odd(() -> day, () -> null)).why()).startsWith("failed: ");
    }

    @Test
    void many_that_ask_at_once_each_have_their_time() throws Exception {
        var slow = new Slow(Duration.ofMillis(400), Duration.ofMillis(1_000));
        try (var policies = new Policies(Map.of("own", slow), answers::add)) {
            for (long number = 1; number <= 5; number++) {
                assertThat(policies.ask(question(number))).isEmpty();
            }
            for (long number = 1; number <= 5; number++) {
                var answer = reported();
                assertThat(answer.number()).isEqualTo(number);
                assertThat(answer.why()).isEmpty();
                assertThat(answer.scores()).containsExactly(1);
            }
        }
    }

    @Test
    void who_was_never_asked_is_told_that_the_policy_was_busy() throws Exception {
        var slow = new Slow(Duration.ofMillis(150), Duration.ofMillis(200));
        try (var policies = new Policies(Map.of("own", slow), answers::add)) {
            LongStream.rangeClosed(1, 20).forEach(number -> policies.ask(question(number)));
            int asked = 0;
            for (int i = 0; i < 20; i++) {
                var answer = reported();
                if (answer.scores() == null && answer.number() > 7) {
                    assertThat(answer.why()).isEqualTo("was busy with other questions for 1000 ms");
                } else if (answer.scores() != null) {
                    asked++;
                }
            }
            assertThat(asked).isBetween(3, 7);
            assertThat(answers).as("one answer each").isEmpty();
        }
    }
}
