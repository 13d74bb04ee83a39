package dev.tutti.core.event;

import java.math.BigDecimal;

/// Money and tokens together, exact, never negative.
///
/// @param tokens read and written by models
public record Spend(Money usd, long tokens) {
    public static final Spend NONE = new Spend(Money.ZERO, 0);

    public Spend {
        if (tokens < 0) {
            throw new IllegalArgumentException("negative tokens");
        }
    }

    public static Spend of(Usage usage) {
        return new Spend(usage.usd(), Math.addExact(usage.inputTokens(), usage.outputTokens()));
    }

    public Spend plus(Spend other) {
        return new Spend(usd.plus(other.usd), Math.addExact(tokens, other.tokens));
    }

    /// What is left after `other`, none where that is more.
    public Spend minus(Spend other) {
        var left = usd.usd().subtract(other.usd.usd());
        return new Spend(new Money(left.max(BigDecimal.ZERO)), Math.max(0, tokens - other.tokens));
    }

    /// The greater of each.
    public Spend atLeast(Spend other) {
        return new Spend(
                usd.compareTo(other.usd) >= 0 ? usd : other.usd, Math.max(tokens, other.tokens));
    }

    public boolean isNone() {
        return equals(NONE);
    }

    @Override
    public String toString() {
        return "$" + usd + (tokens == 0 ? "" : " and " + tokens + " tokens");
    }
}
