package dev.tutti.core.event;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A fact in the journal of a run, in the order of the stages.
///
/// Everything that was evaluated or chosen when it was decided is in the event, so that replay
/// evaluates nothing. Who caused it and when is in the envelope that the journal keeps around it.
public sealed interface Event {

    // ---- goal

    /// The first event of every run.
    ///
    /// @param goal the workflow's name, or the goal in words
    /// @param team hash of the team's definition, which the journal keeps beside it
    /// @param inputs as given, defaults filled in
    /// @param output the template of the run's output
    record RunStarted(RunId run, String goal, String team, Value.Struct inputs, Value output)
            implements Event {}

    /// Nothing new is begun; the run ends with `status` once the attempts that still run have
    /// reported.
    record Closing(Status status, String reason, @Nullable Failure failure) implements Event {}

    /// The last event, but for notes of refused commands.
    record Ended(Status status, Value output, @Nullable Failure failure) implements Event {}

    /// A command was not carried out. Changes nothing.
    record Refused(String command, String reason) implements Event {}

    // ---- plan

    /// The plan grew by `tasks`.
    ///
    /// @param base the version of the plan that the author saw: the number of earlier amendments
    record PlanAmended(int base, String author, String reason, List<Task> tasks) implements Event {
        public PlanAmended {
            tasks = List.copyOf(tasks);
        }
    }

    /// The list that the task runs over is known.
    record FannedOut(String task, int width) implements Event {}

    /// Everything the task waited for is there. A task becomes ready again for each further
    /// attempt.
    record TaskReady(TaskId task, Value.Struct input) implements Event {}

    /// The task will not run, and the run goes on without it.
    record TaskSkipped(TaskId task, String reason) implements Event {}

    /// The task has no result and no attempt left.
    record TaskFailed(TaskId task, Failure failure) implements Event {}

    // ---- dispatch

    /// The task was given to an agent.
    ///
    /// @param token names this attempt; greater than every earlier token of the run
    /// @param attempt the number of the attempt at this task, from 1
    /// @param candidates who was considered, best first
    /// @param due when the attempt is given up, or null
    record Assigned(
            TaskId task,
            long token,
            AgentId agent,
            int attempt,
            List<Candidate> candidates,
            @Nullable Instant due)
            implements Event {
        public Assigned {
            candidates = List.copyOf(candidates);
        }
    }

    /// An agent that was considered.
    ///
    /// @param score greater is better
    /// @param excluded why it was not eligible, or null
    record Candidate(AgentId agent, double score, @Nullable String excluded) {}

    // ---- agent

    /// The attempt ended without a result that was accepted.
    record AttemptEnded(TaskId task, long token, Failure failure, Usage usage) implements Event {}

    // ---- memory

    /// An agent stored content under its hash.
    ///
    /// @param hash SHA-256 of the content in hexadecimal
    /// @param size in bytes
    /// @param name a label for people, never a path
    record ArtifactStored(TaskId task, String hash, long size, String mediaType, String name)
            implements Event {}

    // ---- synthesis

    /// The one result of the task; it ends the attempt.
    record ResultAccepted(TaskId task, long token, Value output, Usage usage) implements Event {}

    /// Every item of the fan-out is finished; the output is the list of theirs, in order, without
    /// those skipped.
    record Joined(String task) implements Event {}

    // ---- time

    record TimerSet(Timer timer, Instant due) implements Event {}

    record TimerFired(Timer timer) implements Event {}
}
