package dev.tutti.core.plan;

import dev.tutti.core.event.Amendment;
import dev.tutti.core.event.Value;
import org.jspecify.annotations.Nullable;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;
import org.pcollections.PSortedMap;
import org.pcollections.PVector;
import org.pcollections.TreePMap;
import org.pcollections.TreePVector;

/// How the planning of a run goes: the progress ledger that each round reads and writes.
///
/// @param rounds how often the planner was asked
/// @param stalls how many rounds in a row brought no progress
/// @param partial whether the plan is to grow once all of it is done
/// @param task the planning task of the latest round, or null before the first
/// @param asked the sequence number of the event that asked for it, 0 before the first
/// @param reason why it was asked for
/// @param output the template of the run's output, or null where it is as it was at the start
/// @param ledgers what the rounds so far knew, the latest last
/// @param failures why tasks failed, by name
/// @param pending what waits for a person to agree, by the attempt that proposed it
public record Progress(
        int rounds,
        int stalls,
        boolean partial,
        @Nullable String task,
        long asked,
        String reason,
        @Nullable Value output,
        PVector<Value> ledgers,
        PMap<String, String> failures,
        PSortedMap<Long, Pending> pending) {

    public static final Progress NONE =
            new Progress(
                    0,
                    0,
                    false,
                    null,
                    0,
                    "",
                    null,
                    TreePVector.empty(),
                    HashTreePMap.empty(),
                    TreePMap.empty());

    /// How many earlier ledgers a round reads.
    private static final int LEDGERS = 3;

    /// An amendment that waits for a person.
    public record Pending(Amendment amendment, Value proposal) {}

    /// The planner is asked once more.
    ///
    /// @param planning the task that asks it
    public Progress ask(String planning, String why, long at) {
        return new Progress(
                rounds + 1, stalls, partial, planning, at, why, output, ledgers, failures, pending);
    }

    public Progress propose(long token, Amendment amendment, Value proposal) {
        return with(pending.plus(token, new Pending(amendment, proposal)));
    }

    /// What the attempt proposed waits no more.
    public Progress decided(long token) {
        return pending.containsKey(token) ? with(pending.minus(token)) : this;
    }

    private Progress with(PSortedMap<Long, Pending> next) {
        return new Progress(
                rounds, stalls, partial, task, asked, reason, output, ledgers, failures, next);
    }

    /// A task failed for good.
    public Progress failed(String name, String why) {
        return new Progress(
                rounds,
                stalls,
                partial,
                task,
                asked,
                reason,
                output,
                ledgers,
                failures.plus(name, why),
                pending);
    }

    /// A person wants it tried on, whatever came of the rounds so far.
    public Progress forgiven() {
        return new Progress(
                rounds, 0, partial, task, asked, reason, output, ledgers, failures, pending);
    }

    /// The plan was amended by someone other than the run itself.
    public Progress amended(Amendment amendment) {
        var kept = ledgers;
        if (!amendment.ledger().fields().isEmpty()) {
            kept = kept.plus(amendment.ledger());
            if (kept.size() > LEDGERS) {
                kept = kept.minus(0);
            }
        }
        return new Progress(
                rounds,
                amendment.progress() ? 0 : stalls + 1,
                amendment.partial(),
                task,
                asked,
                reason,
                amendment.output() == null ? output : amendment.output(),
                kept,
                failures,
                pending);
    }
}
