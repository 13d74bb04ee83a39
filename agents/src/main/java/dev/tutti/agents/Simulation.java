package dev.tutti.agents;

import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Money;
import dev.tutti.core.event.Outcome;
import dev.tutti.core.event.Usage;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.agent.Attempt;
import dev.tutti.runtime.agent.Handing;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/// An agent that takes its time, fails now and then, costs something and answers what it is told
/// to.
///
/// What one attempt does is drawn from a seed of run, task and attempt number: the same attempt
/// always goes the same way.
///
/// @param least the shortest time it takes
/// @param most the longest; the draw between is log-uniform, so that long ones are rare
/// @param failure the share of attempts that fail, from 0 to 1
/// @param usd what an attempt costs, whether it fails or not
/// @param inputTokens it claims to have read
/// @param outputTokens it claims to have written
/// @param output what it answers; the task's input where the settings have none
/// @param handOff to whom it hands the task over instead, with what; null in the sense of values,
///   or without a name in `to`, where it does not
record Simulation(
        Duration least,
        Duration most,
        double failure,
        Money usd,
        long inputTokens,
        long outputTokens,
        Value output,
        Value handOff) {

    static Simulation of(Value.Struct settings, AgentId agent) {
        var in = new Settings(settings, agent);
        var latency = in.range("latency");
        return new Simulation(
                latency.least(),
                latency.most(),
                in.share("failure"),
                new Money(in.decimal("usd")),
                in.count("input_tokens"),
                in.count("output_tokens"),
                settings.fields().getOrDefault("output", Value.NULL),
                settings.fields().getOrDefault("hand_off", Value.NULL));
    }

    Outcome perform(Attempt attempt) throws InterruptedException {
        var random = new SplittableRandom(seed(attempt));
        var pause = draw(random);
        if (!pause.isZero()) {
            Thread.sleep(pause);
        }
        var usage = new Usage(usd, inputTokens, outputTokens);
        if (random.nextDouble() < failure) {
            return new Outcome.Failed(
                    new Failure.Transient("simulated", "this agent was told to fail now and then"),
                    usage);
        }
        if (handsOver()) {
            return Handing.handedOver(handOff, usage);
        }
        return new Outcome.Succeeded(
                output instanceof Value.Null ? attempt.input() : output, usage);
    }

    private boolean handsOver() {
        var to = handOff instanceof Value.Struct fields ? fields.get("to") : null;
        return to != null && !(to instanceof Value.Null) && !to.equals(Value.text(""));
    }

    private Duration draw(SplittableRandom random) {
        double from = least.toNanos();
        double to = most.toNanos();
        if (from >= to) {
            return least;
        }
        double low = Math.max(from, 1);
        return Duration.ofNanos((long) (low * Math.pow(to / low, random.nextDouble())));
    }

    private static long seed(Attempt attempt) {
        var checksum = new CRC32();
        var name = attempt.run() + "/" + attempt.task();
        checksum.update(name.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        return checksum.getValue() << 16 | attempt.number();
    }

    /// Settings by name, each with its default and with an error that says what it should be.
    private record Settings(Value.Struct settings, AgentId agent) {

        private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h)");
        private static final Map<String, ChronoUnit> UNITS =
                Map.of(
                        "ms", ChronoUnit.MILLIS,
                        "s", ChronoUnit.SECONDS,
                        "m", ChronoUnit.MINUTES,
                        "h", ChronoUnit.HOURS);

        private record Range(Duration least, Duration most) {}

        Range range(String name) {
            var value = settings.get(name);
            if (value == null) {
                return new Range(Duration.ZERO, Duration.ZERO);
            }
            if (value instanceof Value.Text(var text)) {
                try {
                    int dots = text.indexOf("..");
                    var least = duration(dots < 0 ? text : text.substring(0, dots));
                    var most = dots < 0 ? least : duration(text.substring(dots + 2));
                    if (least.compareTo(most) <= 0) {
                        return new Range(least, most);
                    }
                } catch (NumberFormatException _) {
                    // Falls through to the one message for everything that is not a duration.
                }
            }
            throw wrong(name, "a duration or a range of them, such as 10ms..50ms");
        }

        private static Duration duration(String text) {
            var parts = DURATION.matcher(text);
            if (!parts.matches()) {
                throw new NumberFormatException(text);
            }
            return Duration.of(Long.parseLong(parts.group(1)), UNITS.get(parts.group(2)));
        }

        double share(String name) {
            double share = decimal(name).doubleValue();
            if (share > 1) {
                throw wrong(name, "a share from 0 to 1");
            }
            return share;
        }

        BigDecimal decimal(String name) {
            var value = settings.get(name);
            var number =
                    switch (value) {
                        case null -> BigDecimal.ZERO;
                        case Value.Int(var n) -> BigDecimal.valueOf(n);
                        case Value.Real(var n) -> BigDecimal.valueOf(n);
                        case Value.Text(var text) when text.matches("\\d{1,12}(\\.\\d{1,12})?") ->
                                new BigDecimal(text);
                        default -> throw wrong(name, "a number, not negative");
                    };
            if (number.signum() < 0) {
                throw wrong(name, "a number, not negative");
            }
            return number;
        }

        long count(String name) {
            var value = settings.get(name);
            if (value == null) {
                return 0;
            }
            if (value instanceof Value.Int(var number) && number >= 0) {
                return number;
            }
            throw wrong(name, "a whole number, not negative");
        }

        private IllegalArgumentException wrong(String name, String wanted) {
            return new IllegalArgumentException(
                    "agent `"
                            + agent
                            + "`: `with."
                            + name
                            + "` must be "
                            + wanted
                            + ", not "
                            + settings.get(name));
        }
    }
}
