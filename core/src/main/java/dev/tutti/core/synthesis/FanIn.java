package dev.tutti.core.synthesis;

import dev.tutti.core.event.Event.Resolved;
import dev.tutti.core.event.Position;
import dev.tutti.core.event.Value;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.pcollections.PSortedMap;
import org.pcollections.TreePMap;

/// The results of a fan-out while they come in.
///
/// @param outputs by index, of the items that are done, and of those who decided after them
/// @param open how many items are not finished
/// @param need how many must be done
/// @param joined whether the list was handed on already
/// @param deciders how many were asked to decide between the results; their places come after the
///   items'
/// @param dissent the different answers, when there are several
/// @param resolved what the results became, or null
public record FanIn(
        int width,
        PSortedMap<Integer, Value> outputs,
        int open,
        int need,
        boolean joined,
        int deciders,
        List<Position> dissent,
        @Nullable Resolved resolved) {

    public static FanIn of(int width, int need) {
        return new FanIn(width, TreePMap.empty(), width, need, false, 0, List.of(), null);
    }

    private FanIn with(PSortedMap<Integer, Value> results, int still) {
        return new FanIn(width, results, still, need, joined, deciders, dissent, resolved);
    }

    public FanIn done(int item, Value output) {
        return with(outputs.plus(item, output), open - 1);
    }

    public FanIn skipped() {
        return with(outputs, open - 1);
    }

    /// One more is asked to decide.
    public FanIn asked() {
        return new FanIn(width, outputs, open + 1, need, joined, deciders + 1, dissent, resolved);
    }

    public FanIn dissented(List<Position> answers) {
        return new FanIn(width, outputs, open, need, joined, deciders, answers, resolved);
    }

    public FanIn handedOn(@Nullable Resolved as) {
        return new FanIn(width, outputs, open, need, true, deciders, dissent, as);
    }

    /// Whether the place is that of one who decides.
    public boolean decides(int item) {
        return item >= width;
    }

    /// What the last one gave who was asked to decide, or null.
    public @Nullable Value decision() {
        return deciders == 0 ? null : outputs.get(width + deciders - 1);
    }

    /// Whether nothing more is to be waited for.
    public boolean complete() {
        if (joined) {
            return false;
        }
        return open == 0 || (deciders == 0 ? outputs.size() >= need : decision() != null);
    }

    /// The outputs in the order of the items, without those skipped.
    public Value.Array collect() {
        var items = new ArrayList<Value>();
        outputs.forEach((item, output) -> {
            if (!decides(item)) {
                items.add(output);
            }
        });
        return new Value.Array(items);
    }
}
