package dev.tutti.cli.bench;

import dev.tutti.core.event.Event;
import dev.tutti.core.event.TaskId;
import dev.tutti.runtime.engine.Runs;
import dev.tutti.runtime.journal.Entry;
import dev.tutti.runtime.journal.JournalReader;
import dev.tutti.runtime.journal.StreamId;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/// How long the steps of a run took, by the times in its journal, in microseconds.
final class StepTimes {
    private static final int PAGE = 5_000;

    private final boolean wide;
    private final Map<TaskId, Instant> assigned = new HashMap<>();
    private final LongStream.Builder micros = LongStream.builder();
    private @Nullable Instant last;

    private StepTimes(boolean wide) {
        this.wide = wide;
    }

    /// @param wide whether to count from assignment to result, and not from one result to the next
    static LongStream of(JournalReader reader, StreamId run, boolean wide) {
        var times = new StepTimes(wide);
        long from = 0;
        List<Entry> page;
        do {
            page = reader.read(run, from, PAGE);
            page.forEach(times::add);
            from += page.size();
        } while (page.size() == PAGE);
        return times.micros.build();
    }

    private void add(Entry entry) {
        var at = entry.event().at();
        switch (Runs.event(entry)) {
            case Event.RunStarted _ -> last = at;
            case Event.Assigned e when wide -> assigned.put(e.task(), at);
            case Event.ResultAccepted e -> {
                var since = wide ? assigned.get(e.task()) : last;
                if (since != null) {
                    micros.add(Duration.between(since, at).toNanos() / 1_000);
                }
                last = at;
            }
            default -> {
                // Only steps are measured.
            }
        }
    }
}
