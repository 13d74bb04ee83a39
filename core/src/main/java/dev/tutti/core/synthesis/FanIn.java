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
/// @param outputs by index, of the items that are done, of those who answered once more in the
///   rounds of a debate, and of those who decided after them
/// @param open how many items are not finished
/// @param need how many must be done
/// @param joined whether the list was handed on already
/// @param rounds how often those who gave results were told of each other's
/// @param debating how many have not answered yet in the latest of these rounds
/// @param deciders how many were asked to decide between the results; their places come after all
///   others
/// @param dissent the different answers, when there are several
/// @param resolved what the results became, or null
public record FanIn(
        int width,
        PSortedMap<Integer, Value> outputs,
        int open,
        int need,
        boolean joined,
        int rounds,
        int debating,
        int deciders,
        List<Position> dissent,
        @Nullable Resolved resolved) {

    public static FanIn of(int width, int need) {
        return new FanIn(width, TreePMap.empty(), width, need, false, 0, 0, 0, List.of(), null);
    }

    private FanIn ended(PSortedMap<Integer, Value> results, int item) {
        int still = item >= width * rounds && debates(item) ? debating - 1 : debating;
        return new FanIn(
                width, results, open - 1, need, joined, rounds, still, deciders, dissent, resolved);
    }

    public FanIn done(int item, Value output) {
        return ended(outputs.plus(item, output), item);
    }

    public FanIn skipped(int item) {
        return ended(outputs, item);
    }

    /// So many are told of the others' answers, and answer once more.
    public FanIn debated(int many) {
        return new FanIn(
                width,
                outputs,
                open + many,
                need,
                joined,
                rounds + 1,
                many,
                deciders,
                dissent,
                resolved);
    }

    /// One more is asked to decide.
    public FanIn asked() {
        return new FanIn(
                width,
                outputs,
                open + 1,
                need,
                joined,
                rounds,
                debating,
                deciders + 1,
                dissent,
                resolved);
    }

    public FanIn dissented(List<Position> answers) {
        return new FanIn(
                width, outputs, open, need, joined, rounds, debating, deciders, answers, resolved);
    }

    public FanIn handedOn(@Nullable Resolved as) {
        return new FanIn(width, outputs, open, need, true, rounds, debating, deciders, dissent, as);
    }

    /// Whether the place is that of no item: of one who answers once more, or decides.
    public boolean decides(int item) {
        return item >= width;
    }

    /// Whether the place is that of one who answers once more.
    public boolean debates(int item) {
        return item >= width && item < places();
    }

    /// How many places items and those have who answer once more: the next is a decider's.
    public int places() {
        return width * (1 + rounds);
    }

    /// What an item gave in the end: its answer in the latest round in which it gave one; null
    /// where it gave none at all.
    public @Nullable Value latest(int item) {
        return latest(item, rounds);
    }

    /// What an item gave before the latest round.
    public @Nullable Value before(int item) {
        return latest(item, rounds - 1);
    }

    private @Nullable Value latest(int item, int round) {
        for (int i = round; i >= 0; i--) {
            var output = outputs.get(i * width + item);
            if (output != null) {
                return output;
            }
        }
        return null;
    }

    /// What the last one gave who was asked to decide, or null.
    public @Nullable Value decision() {
        return deciders == 0 ? null : outputs.get(places() + deciders - 1);
    }

    /// Whether nothing more is to be waited for.
    public boolean complete() {
        if (joined || debating > 0) {
            return false;
        }
        return open == 0
                || (deciders > 0 ? decision() != null : rounds > 0 || outputs.size() >= need);
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
