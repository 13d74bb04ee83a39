package dev.tutti.core.expression;

import dev.cel.common.exceptions.CelIterationLimitExceededException;
import java.util.Collection;
import java.util.Map;

/// What one evaluation may touch and make, so that no expression runs long or grows without bound.
///
/// A unit is one value, or sixteen characters of one, each time it is looked at; or four characters
/// made.
final class Budget {
    static final ScopedValue<Budget> CURRENT = ScopedValue.newInstance();

    private static final int UNITS = 20_000_000;
    private static final int READ_FOR_A_UNIT = 16;
    private static final int MADE_FOR_A_UNIT = 4;

    private long left = UNITS;

    static Object use(Object value) {
        CURRENT.get().charge(size(value));
        return value;
    }

    static String concatenated(String a, String b) {
        CURRENT.get().charge(((long) a.length() + b.length()) / MADE_FOR_A_UNIT + 1);
        return a + b;
    }

    void charge(long units) {
        left -= units;
        if (left < 0) {
            throw new CelIterationLimitExceededException(UNITS);
        }
    }

    static long size(Object value) {
        return switch (value) {
            case String text -> text.length() / READ_FOR_A_UNIT + 1;
            case Collection<?> items -> {
                long sum = 1;
                for (var item : items) {
                    sum += size(item);
                }
                yield sum;
            }
            case Map<?, ?> map -> {
                long sum = 1;
                for (var item : map.values()) {
                    sum += 1 + size(item);
                }
                yield sum;
            }
            default -> 1;
        };
    }
}
