package dev.tutti.server.view;

import dev.tutti.core.event.Status;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.projection.RunFilter;
import dev.tutti.runtime.projection.RunSummary;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.Supplier;

/// How many runs began when. Every page of the list asks for it again and again: to count thousands
/// of runs takes some tenths of a second, and some seconds later it is as good as new.
final class Histogram {
    private static final long MOST_FRESH = Duration.ofSeconds(10).toNanos();
    private static final int MOST_KEPT = 64;

    /// So many times as long as it takes to count them, they are not counted again.
    private static final int REST = 10;

    /// What is counted.
    ///
    /// @param parts how many parts of the same length the time has
    record Asked(RunFilter filter, Instant since, Instant until, int parts) {}

    private record Kept(Value.Struct counted, long until) {}

    private final SequencedMap<Asked, Kept> kept = new LinkedHashMap<>();

    /// @param count finds the runs; counted twice at once is counted once
    synchronized Value.Struct get(Asked asked, Supplier<Value.Struct> count) {
        long now = System.nanoTime();
        kept.values().removeIf(one -> now - one.until > 0);
        var known = kept.get(asked);
        if (known == null) {
            var counted = count.get();
            long ended = System.nanoTime();
            known = new Kept(counted, ended + Math.min(MOST_FRESH, REST * (ended - now)));
            kept.put(asked, known);
            if (kept.size() > MOST_KEPT) {
                kept.pollFirstEntry();
            }
        }
        return known.counted;
    }

    /// @param whole whether these are all
    static Value.Struct of(Asked asked, List<RunSummary> runs, boolean whole) {
        long from = asked.since.toEpochMilli();
        long length = Math.max(1, Math.ceilDiv(asked.until.toEpochMilli() - from, asked.parts));
        int[] begun = new int[asked.parts];
        int[] failed = new int[asked.parts];
        for (var run : runs) {
            int part =
                    (int)
                            Math.min(
                                    asked.parts - 1,
                                    (RunFilter.begun(run).toEpochMilli() - from) / length);
            begun[part]++;
            if (run.status() == Status.FAILED) {
                failed[part]++;
            }
        }
        var parts = new ArrayList<Value>();
        for (int i = 0; i < asked.parts; i++) {
            parts.add(
                    Value.struct(
                            "at",
                            Rows.time(Instant.ofEpochMilli(from + i * length)),
                            "runs",
                            Value.of(begun[i]),
                            "failed",
                            Value.of(failed[i])));
        }
        return Value.struct(
                "since",
                Rows.time(asked.since),
                "until",
                Rows.time(asked.until),
                "part_ms",
                Value.of(length),
                "whole",
                Value.of(whole),
                "runs",
                Value.of(runs.size()),
                "parts",
                new Value.Array(parts));
    }
}
