package dev.tutti.core.synthesis;

import dev.tutti.core.event.Value;
import java.util.List;
import org.pcollections.PSortedMap;
import org.pcollections.TreePMap;

/// The results of a fan-out while they come in.
///
/// @param outputs by index, of the items that are done
/// @param open how many items are not finished
public record FanIn(int width, PSortedMap<Integer, Value> outputs, int open) {

    public static FanIn of(int width) {
        return new FanIn(width, TreePMap.empty(), width);
    }

    public FanIn done(int item, Value output) {
        return new FanIn(width, outputs.plus(item, output), open - 1);
    }

    public FanIn skipped() {
        return new FanIn(width, outputs, open - 1);
    }

    /// The outputs in the order of the items, without those skipped.
    public Value.Array collect() {
        return new Value.Array(List.copyOf(outputs.values()));
    }
}
