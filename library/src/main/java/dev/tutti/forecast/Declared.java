package dev.tutti.forecast;

import dev.tutti.core.event.Agent;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Value;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What the team file says of an agent.
///
/// @param least the shortest time that it takes
/// @param most the longest; between them the logarithm is uniform
/// @param failure the share of attempts that fail
/// @param usd what an attempt costs
/// @param source a few words for people
record Declared(Duration least, Duration most, double failure, double usd, String source)
        implements Odds {
    private static final Pattern TIME = Pattern.compile("(\\d{1,9})(ms|s|m|h)");

    /// Where nothing at all is known.
    static final Declared UNKNOWN =
            new Declared(Duration.ofSeconds(1), Duration.ofSeconds(10), 0, 0, "nothing is known");

    /// What an agent declares, if it does.
    static Optional<Odds> of(Agent agent) {
        if (agent.uses().equals("simulated")) {
            return Optional.of(simulated(agent));
        }
        var price = agent.price();
        return price.equals(Agent.Price.UNKNOWN) ? Optional.empty() : Optional.of(priced(price));
    }

    /// A time that is expected is taken to be half of it to twice as long.
    private static Declared priced(Agent.Price price) {
        var time = price.time() == null ? Duration.ZERO : price.time();
        return new Declared(
                time.dividedBy(2),
                time.multipliedBy(2),
                price.success() == null ? 0 : 1 - price.success(),
                price.usd() == null ? 0 : price.usd().usd().doubleValue(),
                "`price`");
    }

    private static Declared simulated(Agent agent) {
        var with = agent.settings();
        var range = with.get("latency") instanceof Value.Text(var text) ? text : "0ms";
        int dots = range.indexOf("..");
        var least = time(dots < 0 ? range : range.substring(0, dots));
        var most = dots < 0 ? least : time(range.substring(dots + 2));
        return new Declared(
                least, most, number(with.get("failure")), number(with.get("usd")), "declared");
    }

    /// A duration as team files write it; zero where it is none.
    private static Duration time(String text) {
        var match = TIME.matcher(text.strip());
        if (!match.matches()) {
            return Duration.ZERO;
        }
        long n = Long.parseLong(match.group(1));
        return switch (match.group(2)) {
            case "ms" -> Duration.ofMillis(n);
            case "s" -> Duration.ofSeconds(n);
            case "m" -> Duration.ofMinutes(n);
            default -> Duration.ofHours(n);
        };
    }

    private static double number(@Nullable Value value) {
        return switch (value) {
            case Value.Int(var n) -> n;
            case Value.Real(var n) -> n;
            case Value.Text(var text) when text.matches("\\d{1,12}(\\.\\d{1,12})?") ->
                    new BigDecimal(text).doubleValue();
            case null, default -> 0;
        };
    }

    @Override
    public Draw inOneRun(SplittableRandom dice) {
        return this::next;
    }

    private Attempted next(SplittableRandom dice) {
        double low = Math.max(least.toNanos(), 1);
        double time =
                low * Math.pow(Math.max((double) most.toNanos(), low) / low, dice.nextDouble());
        boolean fails = dice.nextDouble() < failure;
        return new Attempted(
                Duration.ofNanos(least.isZero() && most.isZero() ? 0 : (long) time),
                usd,
                fails ? new Failure.Transient("foreseen", "it fails now and then") : null);
    }
}
