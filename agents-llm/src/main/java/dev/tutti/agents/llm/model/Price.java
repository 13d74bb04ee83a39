package dev.tutti.agents.llm.model;

import dev.tutti.core.event.Money;
import dev.tutti.core.event.Value;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/// US dollars for a million tokens, exact.
public record Price(
        BigDecimal input, BigDecimal cached, BigDecimal cacheWrites, BigDecimal output) {
    private static final int MILLION = 6;

    /// Reads `{ input, output, cached_input, cache_write }`; input that comes from a cache or is
    /// put there costs as other input where nothing else is said.
    ///
    /// @throws IllegalArgumentException when an amount is missing, or is none
    public static Price of(Value.Struct written) {
        var input = amount("input", written.get("input"));
        var cached = written.get("cached_input");
        var writes = written.get("cache_write");
        return new Price(
                input,
                cached == null ? input : amount("cached_input", cached),
                writes == null ? input : amount("cache_write", writes),
                amount("output", written.get("output")));
    }

    /// What so many tokens cost.
    public Money of(Tokens tokens) {
        long plain = tokens.input() - tokens.cached() - tokens.cacheWrites();
        var sum =
                input.multiply(BigDecimal.valueOf(plain))
                        .add(cacheWrites.multiply(BigDecimal.valueOf(tokens.cacheWrites())))
                        .add(cached.multiply(BigDecimal.valueOf(tokens.cached())))
                        .add(output.multiply(BigDecimal.valueOf(tokens.output())));
        return new Money(sum.movePointLeft(MILLION));
    }

    private static BigDecimal amount(String key, @Nullable Value value) {
        var amount =
                switch (value) {
                    case Value.Int(var n) -> BigDecimal.valueOf(n);
                    case Value.Real(var n) -> BigDecimal.valueOf(n);
                    case null, default -> BigDecimal.ONE.negate();
                };
        if (amount.signum() < 0) {
            throw new IllegalArgumentException(
                    "`price` has dollars for a million tokens: { input: 0.15, output: 0.60 }; `"
                            + key
                            + "` is no amount");
        }
        return amount;
    }
}
