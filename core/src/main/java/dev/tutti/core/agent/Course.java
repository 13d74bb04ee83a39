package dev.tutti.core.agent;

import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Ruling;
import dev.tutti.core.event.Value;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What happened to a task beyond plain attempts. Most tasks never have any of it.
///
/// @param crashes how many attempts ended with their process
/// @param rung the place of the next remedy on the ladder
/// @param excluded agents that had their attempts
/// @param feedback why the latest result was not good enough, or null
/// @param edit who changed its input last, and how, in a sentence; or null
/// @param iterations how often the loop gave a result
/// @param latest the result of the latest iteration; null in the sense of values before the first
/// @param proposal a result that waits for a second look, or null
/// @param locks what an attempt must hold
/// @param finishedAt the sequence number of the event that finished it, 0 before
/// @param relay how it went from agent to agent
/// @param ruling what the rules of its policy say of agents, for its input
public record Course(
        int crashes,
        int rung,
        List<AgentId> excluded,
        @Nullable String feedback,
        @Nullable String edit,
        int iterations,
        Value latest,
        @Nullable Proposal proposal,
        List<String> locks,
        long finishedAt,
        Relay relay,
        Ruling ruling) {
    public static final Course PLAIN =
            new Course(
                    0,
                    0,
                    List.of(),
                    null,
                    null,
                    0,
                    Value.NULL,
                    null,
                    List.of(),
                    0,
                    Relay.NONE,
                    Ruling.NONE);

    public Course {
        excluded = List.copyOf(excluded);
        locks = List.copyOf(locks);
    }

    /// A result that waits for a second look.
    ///
    /// @param look what the one who looks is given
    public record Proposal(Value output, Value.Struct look) {}

    Course after(Failure failure) {
        return switch (failure) {
            case Failure.Crashed _ ->
                    new Course(
                            crashes + 1,
                            rung,
                            excluded,
                            feedback,
                            edit,
                            iterations,
                            latest,
                            proposal,
                            locks,
                            finishedAt,
                            relay,
                            ruling);
            case Failure.Rejected rejected ->
                    new Course(
                            crashes,
                            rung,
                            excluded,
                            rejected.message(),
                            edit,
                            iterations,
                            latest,
                            null,
                            locks,
                            finishedAt,
                            relay,
                            ruling);
            case Failure.Transient _,
                    Failure.Permanent _,
                    Failure.TimedOut _,
                    Failure.Interrupted _,
                    Failure.Suspended _,
                    Failure.Cancelled _,
                    Failure.Quarantined _ ->
                    this;
        };
    }

    public Course rerouted(AgentId from, int nextRung) {
        var gone = new java.util.ArrayList<>(excluded);
        gone.add(from);
        return new Course(
                crashes,
                nextRung,
                gone,
                feedback,
                edit,
                iterations,
                latest,
                proposal,
                locks,
                finishedAt,
                relay.open(),
                ruling);
    }

    public Course at(int nextRung) {
        return new Course(
                crashes,
                nextRung,
                excluded,
                feedback,
                edit,
                iterations,
                latest,
                proposal,
                locks,
                finishedAt,
                relay,
                ruling);
    }

    /// It has another input.
    ///
    /// @param how who changed it, and what, in a sentence; null where that is nobody's to say
    Course edited(@Nullable String how) {
        return new Course(
                crashes,
                rung,
                excluded,
                feedback,
                how,
                iterations,
                latest,
                proposal,
                locks,
                finishedAt,
                relay,
                ruling);
    }

    public Course proposed(Proposal next) {
        return new Course(
                crashes,
                rung,
                excluded,
                feedback,
                edit,
                iterations,
                latest,
                next,
                locks,
                finishedAt,
                relay,
                ruling);
    }

    public Course ruled(Ruling next) {
        return next.equals(ruling)
                ? this
                : new Course(
                        crashes,
                        rung,
                        excluded,
                        feedback,
                        edit,
                        iterations,
                        latest,
                        proposal,
                        locks,
                        finishedAt,
                        relay,
                        next);
    }

    public Course locking(List<String> names) {
        return names.equals(locks)
                ? this
                : new Course(
                        crashes,
                        rung,
                        excluded,
                        feedback,
                        edit,
                        iterations,
                        latest,
                        proposal,
                        names,
                        finishedAt,
                        relay,
                        ruling);
    }

    /// The course of the next iteration, which begins with a ladder of its own.
    public Course iterated(Value output) {
        return new Course(
                0,
                0,
                List.of(),
                null,
                edit,
                iterations + 1,
                output,
                null,
                locks,
                finishedAt,
                Relay.NONE,
                ruling);
    }

    /// Someone has contributed to the conversation, and the next turn begins with a ladder of its
    /// own.
    ///
    /// @param by who
    public Course said(AgentId by, Value output, @Nullable AgentId next) {
        return new Course(
                0,
                0,
                List.of(),
                null,
                edit,
                iterations + 1,
                output,
                null,
                locks,
                finishedAt,
                relay.said(new Relay.Turn(by, output), next),
                ruling);
    }

    /// Another has the task now, who begins with a ladder of its own.
    public Course handed(Relay.Hand hand) {
        return new Course(
                0,
                0,
                List.of(),
                null,
                edit,
                iterations,
                latest,
                null,
                locks,
                finishedAt,
                relay.handed(hand),
                ruling);
    }

    /// Whoever can may have the task next.
    public Course open() {
        return new Course(
                crashes,
                rung,
                excluded,
                feedback,
                edit,
                iterations,
                latest,
                proposal,
                locks,
                finishedAt,
                relay.open(),
                ruling);
    }

    /// A person wants it tried once more, as if nothing had gone wrong.
    public Course forgiven() {
        return new Course(
                0,
                0,
                List.of(),
                feedback,
                edit,
                iterations,
                latest,
                proposal,
                locks,
                finishedAt,
                relay,
                ruling);
    }

    Course finished(long at) {
        return new Course(
                crashes,
                rung,
                excluded,
                null,
                null,
                iterations,
                Value.NULL,
                null,
                List.of(),
                at,
                relay,
                ruling);
    }
}
