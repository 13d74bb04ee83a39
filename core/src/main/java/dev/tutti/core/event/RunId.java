package dev.tutti.core.event;

import java.time.Instant;
import java.util.Optional;

/// Names a run within its tenant: a ULID, so that ids sort by the time of their making. The id of a
/// run within another is the id of that one and, after a dash, the attempt there that it is.
public record RunId(String value) {
    private static final char WITHIN = '-';

    /// Crockford's base 32. A ULID has 26 of these, of which the first ten are the milliseconds
    /// since 1970 (https://github.com/ulid/spec).
    private static final String DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    private static final int LENGTH = 26;
    private static final int OF_TIME = 10;
    private static final int BITS = 5;
    private static final int MASK = 31;
    private static final long LATEST = (1L << 48) - 1;

    public RunId {
        Names.require(value, "run id");
    }

    /// The run that an attempt of this one is.
    public RunId child(long token) {
        return new RunId(value + WITHIN + token);
    }

    /// Whether it is within `outer`, directly or not.
    public boolean isWithin(RunId outer) {
        return value.startsWith(outer.value + WITHIN);
    }

    /// When it was made, or the outermost that it is within; empty where that is no ULID.
    public Optional<Instant> madeAt() {
        var id = outermost().value;
        if (id.length() != LENGTH) {
            return Optional.empty();
        }
        long millis = 0;
        for (int i = 0; i < LENGTH; i++) {
            int digit = DIGITS.indexOf(id.charAt(i));
            if (digit < 0) {
                return Optional.empty();
            }
            millis = i < OF_TIME ? (millis << BITS) | digit : millis;
        }
        return millis > LATEST ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis));
    }

    /// The least id that may be made at a time or later.
    public static RunId leastAt(Instant time) {
        long millis = Math.clamp(time.toEpochMilli(), 0, LATEST);
        var id = new StringBuilder();
        for (int i = OF_TIME - 1; i >= 0; i--) {
            id.append(DIGITS.charAt((int) ((millis >> (BITS * i)) & MASK)));
        }
        return new RunId(id.append("0".repeat(LENGTH - OF_TIME)).toString());
    }

    /// The run that it is within and that is itself within no other; its own if there is none.
    public RunId outermost() {
        int end = value.indexOf(WITHIN);
        return end <= 0 ? this : new RunId(value.substring(0, end));
    }

    @Override
    public String toString() {
        return value;
    }
}
