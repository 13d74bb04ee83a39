package dev.tutti.core.event;

import java.math.BigDecimal;

/// An amount in US dollars, exact, never negative.
public record Money(BigDecimal usd) implements Comparable<Money> {
    public static final Money ZERO = new Money(BigDecimal.ZERO);

    /// Enough for a millionth of a cent and for more than anyone spends.
    private static final int MOST_DIGITS = 30;

    public Money {
        if (usd.signum() < 0) {
            throw new IllegalArgumentException("negative amount " + usd);
        }
        if (usd.precision() > MOST_DIGITS || Math.abs(usd.scale()) > MOST_DIGITS) {
            throw new IllegalArgumentException("amount with more than " + MOST_DIGITS + " digits");
        }
        usd = usd.signum() == 0 ? BigDecimal.ZERO : usd.stripTrailingZeros();
    }

    public static Money of(String usd) {
        return new Money(new BigDecimal(usd));
    }

    public Money plus(Money other) {
        return new Money(usd.add(other.usd));
    }

    @Override
    public int compareTo(Money other) {
        return usd.compareTo(other.usd);
    }

    /// Plain digits without the currency, `0.0012`.
    @Override
    public String toString() {
        return usd.toPlainString();
    }
}
