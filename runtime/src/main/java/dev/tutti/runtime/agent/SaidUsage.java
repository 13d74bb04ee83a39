package dev.tutti.runtime.agent;

import dev.tutti.core.event.Money;
import dev.tutti.core.event.Usage;
import dev.tutti.core.event.Value;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/// What somebody outside, a worker, a command, a service, says that it used up: `{ usd,
/// input_tokens, output_tokens }`. What is left out of it is none; who says nothing at all is not
/// known to have used up nothing.
public final class SaidUsage {
    /// The field that it stands in, beside the output.
    public static final String FIELD = "usage";

    private SaidUsage() {}

    /// Reads it.
    ///
    /// @param said null where nothing was said
    /// @throws IllegalArgumentException saying what to write
    public static Usage of(@Nullable Value said) {
        if (said == null) {
            return Usage.UNKNOWN;
        }
        if (!(said instanceof Value.Struct usage)) {
            throw new IllegalArgumentException("`usage` is { usd, input_tokens, output_tokens }");
        }
        return new Usage(
                usd(usage.get("usd")),
                count("input_tokens", usage.get("input_tokens")),
                count("output_tokens", usage.get("output_tokens")));
    }

    private static Money usd(@Nullable Value usd) {
        var amount =
                switch (usd) {
                    case null -> BigDecimal.ZERO;
                    case Value.Int(var n) -> BigDecimal.valueOf(n);
                    case Value.Real(var n) when n < 1e9 -> BigDecimal.valueOf(n);
                    case Value.Text(var text) when text.matches("\\d{1,9}(\\.\\d{1,12})?") ->
                            new BigDecimal(text);
                    default -> BigDecimal.ONE.negate();
                };
        if (amount.signum() < 0) {
            throw new IllegalArgumentException(
                    "`usage.usd` is an amount, best as a string: \"0.0125\"");
        }
        return new Money(amount);
    }

    private static long count(String name, @Nullable Value said) {
        if (said == null) {
            return 0;
        }
        if (said instanceof Value.Int(var n) && n >= 0) {
            return n;
        }
        throw new IllegalArgumentException("`usage." + name + "` is a count");
    }
}
