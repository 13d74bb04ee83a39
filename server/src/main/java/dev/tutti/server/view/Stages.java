package dev.tutti.server.view;

import dev.tutti.core.event.Event;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.journal.Entry;
import dev.tutti.view.Sentences;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Of which stage each event of a run is, and when it was: a byte and a time each, for the slider.
final class Stages {
    /// The lanes, in the order of the vocabulary.
    static final List<String> LANES =
            List.of(
                    "goal",
                    "plan",
                    "dispatch",
                    "agent",
                    "memory",
                    "synthesis",
                    "people",
                    "messages",
                    "time");

    private static final int FIRST = 256;

    private final Map<String, Byte> byType = new HashMap<>();
    private byte[] lanes = new byte[FIRST];
    private long[] times = new long[FIRST];
    private int size;

    void add(Entry entry, Event event) {
        if (size == lanes.length) {
            lanes = Arrays.copyOf(lanes, size * 2);
            times = Arrays.copyOf(times, size * 2);
        }
        lanes[size] =
                byType.computeIfAbsent(
                        entry.event().type(),
                        _ -> (byte) Math.max(0, LANES.indexOf(Sentences.of(event).stage())));
        times[size] = entry.event().at().toEpochMilli();
        size++;
    }

    /// How many events of each lane are in each of `buckets` equal parts of the journal.
    Value.Struct document(int buckets) {
        int width = Math.max(1, (size + buckets - 1) / buckets);
        int many = (size + width - 1) / width;
        var counts = new int[LANES.size()][many];
        var firsts = new Value[many];
        for (int i = 0; i < size; i++) {
            counts[lanes[i]][i / width]++;
            if (i % width == 0) {
                firsts[i / width] = Value.text(java.time.Instant.ofEpochMilli(times[i]).toString());
            }
        }
        var byLane = new LinkedHashMap<String, Value>();
        for (int lane = 0; lane < LANES.size(); lane++) {
            byLane.put(
                    LANES.get(lane),
                    new Value.Array(
                            Arrays.stream(counts[lane]).<Value>mapToObj(Value::of).toList()));
        }
        return Value.struct(
                "head",
                Value.of(size),
                "size",
                Value.of(width),
                "lanes",
                new Value.Struct(byLane),
                "times",
                Value.array(firsts));
    }
}
