package dev.tutti.runtime.evidence;

import dev.tutti.core.dispatch.PastBids;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Bid;
import dev.tutti.core.event.Event;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.run.RunState;
import dev.tutti.runtime.journal.StreamId;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the bids of all agents of a store were worth: for each agent and skill what it promised
/// where it won, and what came of it.
public final class Reputation {
    /// Agents with their skills that are known at once, the oldest forgotten.
    private static final int MOST = 20_000;

    /// How much slower or faster than promised counts at most.
    private static final double MOST_RATIO = 10;

    private final Map<Key, PastBids> known = new LinkedHashMap<>();
    private final Map<StreamId, Map<Long, Won>> open = new HashMap<>();
    private final Map<StreamId, Map<TaskId, Won>> proposed = new HashMap<>();

    private record Key(String definition, AgentId agent, String skill) {}

    /// An attempt that was won by a bid.
    private record Won(Key key, Bid bid, Instant at) {}

    /// What the earlier bids of an agent were worth.
    ///
    /// @param definition everything that makes it do what it does
    PastBids of(String definition, AgentId agent, String skill) {
        return known.getOrDefault(new Key(definition, agent, skill), PastBids.NONE);
    }

    /// One who won begins.
    ///
    /// @param before the state before it was given the task
    void begun(
            StreamId run,
            RunState before,
            Event.Assigned e,
            String definition,
            String skill,
            Instant at) {
        if (!before.auctions().holds(e.task())) {
            return;
        }
        before.auctions()
                .round(e.task())
                .bidOf(e.agent())
                .ifPresent(placed -> {
                    var bid = placed.bid();
                    if (bid != null) {
                        open.computeIfAbsent(run, _ -> new HashMap<>())
                                .put(
                                        e.token(),
                                        new Won(new Key(definition, e.agent(), skill), bid, at));
                    }
                });
    }

    /// Something became of an attempt, if it was won by a bid.
    void see(StreamId run, Event event, Instant at) {
        switch (event) {
            case Event.ResultProposed e -> {
                var won = took(run, e.token(), at);
                if (won != null) {
                    proposed.computeIfAbsent(run, _ -> new HashMap<>()).put(e.task(), won);
                }
            }
            case Event.ResultAccepted e -> {
                decided(took(run, e.token(), at), true);
                decided(proposal(run, e.task()), true);
            }
            case Event.Iterated e -> {
                decided(took(run, e.token(), at), true);
                decided(proposal(run, e.task()), true);
            }
            case Event.AttemptEnded e -> ended(run, e, at);
            case Event.Ended _ -> {
                open.remove(run);
                proposed.remove(run);
            }
            default -> {}
        }
    }

    private void ended(StreamId run, Event.AttemptEnded e, Instant at) {
        switch (e.failure()) {
            case Failure.Rejected(var gate, _) when gate.equals("verify") -> {
                decided(took(run, e.token(), at), true);
                decided(proposal(run, e.task()), false);
            }
            case Failure.Rejected _ -> decided(took(run, e.token(), at), false);
            case Failure.Transient _, Failure.Permanent _, Failure.TimedOut _ ->
                    decided(over(run, e.token()), false);
            case Failure.Crashed _,
                    Failure.Quarantined _,
                    Failure.Interrupted _,
                    Failure.Suspended _,
                    Failure.Cancelled _ ->
                    over(run, e.token());
        }
    }

    private @Nullable Won over(StreamId run, long token) {
        var own = open.get(run);
        return own == null ? null : own.remove(token);
    }

    private @Nullable Won proposal(StreamId run, TaskId task) {
        var own = proposed.get(run);
        return own == null ? null : own.remove(task);
    }

    private @Nullable Won took(StreamId run, long token, Instant at) {
        var won = over(run, token);
        if (won != null) {
            double bid = Math.max(1, won.bid().time().toMillis());
            double took = Math.max(0, Duration.between(won.at(), at).toMillis());
            double ratio = Math.clamp(took / bid, 1 / MOST_RATIO, MOST_RATIO);
            put(won.key(), past(won.key()).took(ratio));
        }
        return won;
    }

    private void decided(@Nullable Won won, boolean accepted) {
        if (won != null) {
            put(won.key(), past(won.key()).decided(won.bid().confidence(), accepted));
        }
    }

    private PastBids past(Key key) {
        return known.getOrDefault(key, PastBids.NONE);
    }

    private void put(Key key, PastBids past) {
        if (known.size() >= MOST && !known.containsKey(key)) {
            known.remove(known.keySet().iterator().next());
        }
        known.put(key, past);
    }
}
