package dev.tutti.core.agent;

import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Usage;
import dev.tutti.core.event.Value;
import java.util.List;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;

/// What the next attempt at a task may go on from: the steps that were taken and not answered for
/// by a result, and what people decided meanwhile.
///
/// @param since the token of the first attempt whose steps count, 0 for none
/// @param answers what people decided, by the name under which it was asked
/// @param suspended whether the latest attempt ended to wait for a person
/// @param paid whether the steps cost something, as far as is known
/// @param awaits the tasks that it waits for, since its agent has asked for them
public record Continuation(
        long since,
        PMap<String, Value> answers,
        boolean suspended,
        boolean paid,
        List<String> awaits) {
    public static final Continuation NONE = from(0, HashTreePMap.empty(), false, false);

    private static final String ERRAND = "errand ";

    public Continuation {
        awaits = List.copyOf(awaits);
    }

    private static Continuation from(
            long since, PMap<String, Value> answers, boolean suspended, boolean paid) {
        return new Continuation(since, answers, suspended, paid, List.of());
    }

    /// The name under which stands among the answers what came of a task that was asked for.
    public static String errand(String task) {
        return ERRAND + task;
    }

    /// Whether the agent who took the steps had better go on: another takes them anew.
    boolean isWorthGoingOn() {
        return suspended || paid;
    }

    /// An attempt begins. Another agent takes steps of its own; what people decided of the task
    /// holds for it as well.
    ///
    /// @param same whether by the agent who made the one before
    Continuation assigned(long token, boolean same) {
        return since == 0 || !same
                ? from(token, answers, false, false)
                : from(since, answers, false, paid);
    }

    /// An attempt ended. Where it was its result that was not good enough, the next one begins from
    /// nothing.
    ///
    /// @param used what it used up: where it did not report, its steps did
    Continuation after(Failure failure, Usage used) {
        return switch (failure) {
            case Failure.Transient _ -> this;
            case Failure.Crashed _, Failure.TimedOut _, Failure.Interrupted _ ->
                    from(since, answers, suspended, paid || !used.isNone());
            case Failure.Suspended _ -> from(since, answers, true, paid);
            case Failure.Rejected _,
                    Failure.Permanent _,
                    Failure.Cancelled _,
                    Failure.Quarantined _ ->
                    NONE;
        };
    }

    /// Another has the task now: what people decided of it holds for that one too.
    Continuation handedOver() {
        return from(0, answers, false, false);
    }

    Continuation answered(String name, Value answer) {
        return new Continuation(since, answers.plus(name, answer), suspended, paid, awaits);
    }

    Continuation awaiting(List<String> errands) {
        return new Continuation(since, answers, suspended, paid, errands);
    }
}
