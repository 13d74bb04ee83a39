package dev.tutti.agents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Money;
import dev.tutti.core.event.Outcome;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.agent.Attempt;
import java.time.Duration;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class SimulationTest {
    private static final AgentId AGENT = new AgentId("stand_in");

    private record Given(TaskId task, int number, Value.Struct input, Value.Struct settings)
            implements Attempt {
        @Override
        public RunId run() {
            return new RunId("R1");
        }

        @Override
        public AgentId agent() {
            return AGENT;
        }

        @Override
        public long token() {
            return number;
        }

        @Override
        public Value effect(String name, Effect action) throws Exception {
            return action.perform(name);
        }

        @Override
        public void progress(double fraction, String message) {}

        @Override
        public String store(byte[] content, String mediaType, String name) {
            throw new AssertionError("a simulated agent stores nothing");
        }
    }

    private static Outcome perform(int item, int number, Value.Struct settings) throws Exception {
        var attempt =
                new Given(
                        new TaskId("t", item), number, Value.struct("x", Value.of(item)), settings);
        return Simulation.of(settings, AGENT).perform(attempt);
    }

    @Test
    void without_settings_it_answers_its_input_at_once_and_for_nothing() throws Exception {
        assertThat(perform(7, 1, Value.Struct.EMPTY))
                .isEqualTo(Outcome.succeeded(Value.struct("x", Value.of(7))));
    }

    @Test
    void it_fails_as_often_as_it_is_told_to_and_the_same_attempt_always_goes_the_same_way()
            throws Exception {
        var settings = Value.struct("failure", new Value.Real(0.25));
        int failed = 0;
        for (int item = 0; item < 4_000; item++) {
            var outcome = perform(item, 1, settings);
            assertThat(perform(item, 1, settings)).isEqualTo(outcome);
            failed += outcome instanceof Outcome.Failed ? 1 : 0;
        }
        assertThat(failed).isBetween(900, 1_100);
    }

    @Test
    void another_attempt_at_the_same_task_may_go_another_way() throws Exception {
        var settings = Value.struct("failure", new Value.Real(0.5));
        int changed = 0;
        for (int item = 0; item < 200; item++) {
            var first = perform(item, 1, settings) instanceof Outcome.Failed;
            changed += first != perform(item, 2, settings) instanceof Outcome.Failed ? 1 : 0;
        }
        assertThat(changed).isBetween(60, 140);
    }

    @Test
    void it_costs_what_it_is_told_to_whether_it_fails_or_not() throws Exception {
        for (double share : new double[] {0, 1}) {
            var settings =
                    Value.struct(
                            "failure",
                            new Value.Real(share),
                            "usd",
                            new Value.Real(0.001),
                            "input_tokens",
                            Value.of(12),
                            "output_tokens",
                            Value.of(3));
            var usage = perform(1, 1, settings).usage();
            assertThat(usage.usd()).isEqualTo(Money.of("0.001"));
            assertThat(usage.inputTokens()).isEqualTo(12);
            assertThat(usage.outputTokens()).isEqualTo(3);
        }
    }

    @Test
    void it_takes_no_less_time_than_its_range_says() throws Exception {
        long begun = System.nanoTime();
        for (int item = 0; item < 5; item++) {
            perform(item, 1, Value.struct("latency", Value.text("4ms..6ms")));
        }
        assertThat(Duration.ofNanos(System.nanoTime() - begun))
                .isGreaterThan(Duration.ofMillis(20));
    }

    @ParameterizedTest
    @CsvSource({
        "latency, fast", "latency, 5ms..1ms", "latency, -5ms", "latency, ''",
        "failure, 2", "failure, -0.1", "usd, -1", "input_tokens, many"
    })
    void a_setting_that_makes_no_sense_is_refused_with_its_name(String name, String value) {
        assertThatThrownBy(() -> perform(0, 1, Value.struct(name, Value.text(value))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("with." + name);
    }
}
