package dev.tutti.core.synthesis;

import dev.tutti.core.event.Value;
import java.util.List;
import org.pcollections.PSortedMap;
import org.pcollections.TreePMap;

/// The results of a fan-out while they come in.
///
/// @param outputs by index, of the items that are done
/// @param open how many items are not finished
/// @param need how many must be done
/// @param joined whether the list was handed on already
public record FanIn(
        int width, PSortedMap<Integer, Value> outputs, int open, int need, boolean joined) {

    public static FanIn of(int width, int need) {
        return new FanIn(width, TreePMap.empty(), width, need, false);
    }

    public FanIn done(int item, Value output) {
        return new FanIn(width, outputs.plus(item, output), open - 1, need, joined);
    }

    public FanIn skipped() {
        return new FanIn(width, outputs, open - 1, need, joined);
    }

    public FanIn handedOn() {
        return new FanIn(width, outputs, open, need, true);
    }

    /// Whether nothing more is to be waited for.
    public boolean complete() {
        return !joined && (open == 0 || outputs.size() >= need);
    }

    /// The outputs in the order of the items, without those skipped.
    public Value.Array collect() {
        return new Value.Array(List.copyOf(outputs.values()));
    }
}
