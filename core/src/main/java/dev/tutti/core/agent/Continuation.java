package dev.tutti.core.agent;

import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Value;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;

/// What the next attempt at a task may go on from: the steps that were taken and not answered for
/// by a result, and what people decided meanwhile.
///
/// @param since the token of the first attempt whose steps count, 0 for none
/// @param answers what people decided, by the name under which it was asked
/// @param suspended whether the latest attempt ended to wait for a person
public record Continuation(long since, PMap<String, Value> answers, boolean suspended) {
    public static final Continuation NONE = new Continuation(0, HashTreePMap.empty(), false);

    /// An attempt begins.
    ///
    /// @param same whether by the agent who made the one before
    Continuation assigned(long token, boolean same) {
        return since == 0 || !same
                ? new Continuation(token, HashTreePMap.empty(), false)
                : new Continuation(since, answers, false);
    }

    /// An attempt ended. Where it was its result that was not good enough, the next one begins from
    /// nothing.
    Continuation after(Failure failure) {
        return switch (failure) {
            case Failure.Transient _,
                    Failure.Crashed _,
                    Failure.TimedOut _,
                    Failure.Interrupted _ ->
                    this;
            case Failure.Suspended _ -> new Continuation(since, answers, true);
            case Failure.Rejected _,
                    Failure.Permanent _,
                    Failure.Cancelled _,
                    Failure.Quarantined _ ->
                    NONE;
        };
    }

    Continuation answered(String name, Value answer) {
        return new Continuation(since, answers.plus(name, answer), suspended);
    }
}
