package dev.tutti.core.dispatch;

import dev.tutti.core.dispatch.Auction.Phase;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Event;
import dev.tutti.core.event.TaskId;
import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.pcollections.HashTreePMap;
import org.pcollections.HashTreePSet;
import org.pcollections.PMap;
import org.pcollections.PSet;
import org.pcollections.PSortedMap;
import org.pcollections.TreePMap;

/// The tasks of a run that its agents give away among themselves.
///
/// @param rounds by task, the latest round of each
/// @param batches what was announced together and is not all given away, by name
public record Auctions(PMap<TaskId, Auction> rounds, PSortedMap<Long, Batch> batches) {
    public static final Auctions NONE = new Auctions(HashTreePMap.empty(), TreePMap.empty());

    private static final Comparator<TaskId> TASKS =
            Comparator.comparing(TaskId::name).thenComparingInt(TaskId::item);

    /// Tasks that were announced together, to be awarded together.
    ///
    /// @param deadline after which no bid counts
    /// @param tasks those that nobody has yet
    /// @param open how many of them still take bids
    public record Batch(Instant deadline, PSet<TaskId> tasks, int open) {}

    /// The latest round of a task, or null where it was never announced.
    public @Nullable Auction of(TaskId task) {
        return rounds.get(task);
    }

    /// The latest round of a task that was announced.
    public Auction round(TaskId task) {
        var auction = rounds.get(task);
        if (auction == null) {
            throw new IllegalStateException("task " + task + " was never announced");
        }
        return auction;
    }

    /// Whether a task is announced and nobody has it.
    public boolean holds(TaskId task) {
        var auction = rounds.get(task);
        return auction != null && auction.phase() != Phase.SETTLED;
    }

    public Auctions announced(Event.Announced e) {
        var before = rounds.get(e.task());
        int fruitless = before != null && before.phase() == Phase.OVER ? before.fruitless() + 1 : 0;
        var rest = settled(e.task());
        var auction =
                Auction.announced(
                        e.round(),
                        fruitless,
                        e.batch(),
                        e.deadline() == null,
                        e.reserve(),
                        e.invited());
        var with = rest.rounds.plus(e.task(), auction);
        if (e.deadline() == null) {
            return new Auctions(with, rest.batches);
        }
        var known = rest.batches.get(e.batch());
        var batch =
                known == null
                        ? new Batch(e.deadline(), HashTreePSet.singleton(e.task()), 1)
                        : new Batch(
                                known.deadline(), known.tasks().plus(e.task()), known.open() + 1);
        return new Auctions(with, rest.batches.plus(e.batch(), batch));
    }

    /// An agent answered.
    public Auctions replied(TaskId task, Auction.Placed placed) {
        var before = rounds.get(task);
        if (before == null) {
            return this;
        }
        var after = before.with(placed);
        var next = new Auctions(rounds.plus(task, after), batches);
        return before.phase() == Phase.OPEN && after.phase() == Phase.OVER
                ? next.closed(after.batch(), 1)
                : next;
    }

    private Auctions closed(long name, int some) {
        var batch = batches.get(name);
        return batch == null
                ? this
                : new Auctions(
                        rounds,
                        batches.plus(
                                name,
                                new Batch(batch.deadline(), batch.tasks(), batch.open() - some)));
    }

    /// The time for bids is over.
    public Auctions over(long name) {
        var batch = batches.get(name);
        if (batch == null) {
            return this;
        }
        var next = rounds;
        for (var task : batch.tasks()) {
            var auction = next.get(task);
            if (auction != null && auction.phase() == Phase.OPEN) {
                next = next.plus(task, auction.in(Phase.OVER));
            }
        }
        return new Auctions(
                next, batches.plus(name, new Batch(batch.deadline(), batch.tasks(), 0)));
    }

    /// Someone has the task, or nobody is to have it now.
    public Auctions settled(TaskId task) {
        var auction = rounds.get(task);
        if (auction == null || auction.phase() == Phase.SETTLED) {
            return this;
        }
        var next = rounds.plus(task, auction.in(Phase.SETTLED));
        var batch = batches.get(auction.batch());
        if (auction.claimed() || batch == null) {
            return new Auctions(next, batches);
        }
        var left = batch.tasks().minus(task);
        int open = batch.open() - (auction.phase() == Phase.OPEN ? 1 : 0);
        return new Auctions(
                next,
                left.isEmpty()
                        ? batches.minus(auction.batch())
                        : batches.plus(auction.batch(), new Batch(batch.deadline(), left, open)));
    }

    /// The task is over, or as if it had never begun.
    public Auctions forgotten(TaskId task) {
        if (!rounds.containsKey(task)) {
            return this;
        }
        var rest = settled(task);
        return new Auctions(rest.rounds.minus(task), rest.batches);
    }

    /// The batch with this deadline among those begun after an event.
    public @Nullable Long batch(Instant deadline, long after) {
        for (var entry : batches.descendingMap().entrySet()) {
            if (entry.getKey() <= after) {
                return null;
            }
            if (entry.getValue().deadline().equals(deadline)) {
                return entry.getKey();
            }
        }
        return null;
    }

    /// Whether a batch takes no bids any more and is not all given away.
    public boolean isDue() {
        return !batches.isEmpty() && batches.values().stream().anyMatch(one -> one.open() == 0);
    }

    /// The tasks to be awarded together: of each batch that takes no bids any more those for which
    /// a bid could win, in the order of their names.
    public List<List<TaskId>> due() {
        return batches.values().stream()
                .filter(batch -> batch.open() == 0)
                .map(batch -> inOrder(batch.tasks(), true))
                .filter(tasks -> !tasks.isEmpty())
                .toList();
    }

    /// The tasks of a batch for which no bid could win.
    public List<TaskId> fruitless(long name) {
        var batch = batches.get(name);
        return batch == null || batch.open() > 0 ? List.of() : inOrder(batch.tasks(), false);
    }

    private List<TaskId> inOrder(PSet<TaskId> tasks, boolean eligible) {
        return tasks.stream()
                .filter(task -> {
                    var auction = rounds.get(task);
                    return auction != null && auction.anyEligible() == eligible;
                })
                .sorted(TASKS)
                .toList();
    }

    /// The tasks that are announced and take bids, in the order of their names.
    public List<TaskId> open() {
        return rounds.entrySet().stream()
                .filter(one -> one.getValue().phase() == Phase.OPEN)
                .map(Map.Entry::getKey)
                .sorted(TASKS)
                .toList();
    }

    /// Everyone who could win something that is due, and how many tasks at most.
    ///
    /// @param wanted whether a task is still to be done
    public SortedMap<AgentId, Integer> bidders(Predicate<TaskId> wanted) {
        var bidders = new TreeMap<AgentId, Integer>();
        for (var batch : due()) {
            for (var task : batch) {
                var auction = rounds.get(task);
                if (auction != null && wanted.test(task)) {
                    auction.replies().values().stream()
                            .filter(auction::lets)
                            .forEach(placed -> bidders.merge(placed.agent(), 1, Integer::sum));
                }
            }
        }
        return Collections.unmodifiableSortedMap(bidders);
    }
}
