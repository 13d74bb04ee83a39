package dev.tutti.core.event;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The most that a run, with all runs within it, may take; null for no limit.
///
/// @param usd money
/// @param tokens read and written by models
/// @param time from the start of the run
/// @param attempts made
/// @param tasks begun, items of fan-outs each
/// @param runs within it, at any depth
public record Budget(
        @Nullable Money usd,
        @Nullable Long tokens,
        @Nullable Duration time,
        @Nullable Integer attempts,
        @Nullable Integer tasks,
        @Nullable Integer runs) {
    public static final Budget NONE = new Budget(null, null, null, null, null, null);

    /// Where runs within are not counted.
    public Budget(
            @Nullable Money usd,
            @Nullable Long tokens,
            @Nullable Duration time,
            @Nullable Integer attempts,
            @Nullable Integer tasks) {
        this(usd, tokens, time, attempts, tasks, null);
    }

    public static Budget of(Money usd) {
        return new Budget(usd, null, null, null, null);
    }

    /// As many runs within, at any depth, and no other limit.
    public static Budget ofRuns(int runs) {
        return new Budget(null, null, null, null, null, runs);
    }

    /// The smaller of both, limit by limit.
    public Budget within(Budget other) {
        return new Budget(
                least(usd, other.usd),
                least(tokens, other.tokens),
                least(time, other.time),
                least(attempts, other.attempts),
                least(tasks, other.tasks),
                least(runs, other.runs));
    }

    /// What the limits that `more` has come to on top of these, and no other limit; one that is not
    /// limited here is as `more` has it.
    public Budget raisedBy(Budget more) {
        return new Budget(
                more.usd == null || usd == null ? more.usd : usd.plus(more.usd),
                more.tokens == null || tokens == null
                        ? more.tokens
                        : Long.valueOf(sum(tokens, more.tokens, Long.MAX_VALUE)),
                more.time == null || time == null ? more.time : time.plus(more.time),
                sum(attempts, more.attempts),
                sum(tasks, more.tasks),
                sum(runs, more.runs));
    }

    private static @Nullable Integer sum(@Nullable Integer cap, @Nullable Integer more) {
        return cap == null || more == null
                ? more
                : Integer.valueOf((int) sum(cap, more, Integer.MAX_VALUE));
    }

    private static long sum(long one, long other, long most) {
        return one > most - other ? most : one + other;
    }

    /// The limits here that allow more than `cap` does, by name.
    public List<String> beyond(Budget cap) {
        var beyond = new ArrayList<String>();
        note(beyond, "usd", usd, cap.usd);
        note(beyond, "tokens", tokens, cap.tokens);
        note(beyond, "time", time, cap.time);
        note(beyond, "attempts", attempts, cap.attempts);
        note(beyond, "tasks", tasks, cap.tasks);
        note(beyond, "runs", runs, cap.runs);
        return beyond;
    }

    private static <T extends Comparable<T>> void note(
            List<String> beyond, String limit, @Nullable T own, @Nullable T cap) {
        if (own != null && cap != null && own.compareTo(cap) > 0) {
            beyond.add(limit);
        }
    }

    private static <T extends Comparable<T>> @Nullable T least(@Nullable T one, @Nullable T other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return one.compareTo(other) <= 0 ? one : other;
    }

    /// Whether what attempts cost is held against it.
    public boolean isOfSpending() {
        return usd != null || tokens != null;
    }

    /// Whether attempts, tasks or runs are counted against it.
    public boolean isOfCounts() {
        return attempts != null || tasks != null || runs != null;
    }
}
