package dev.tutti.core.run;

import dev.tutti.core.dispatch.Offer;
import dev.tutti.core.dispatch.Reply;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Budget;
import dev.tutti.core.event.Event;
import dev.tutti.core.event.Event.ArtifactStored;
import dev.tutti.core.event.Mode;
import dev.tutti.core.event.Origin;
import dev.tutti.core.event.Outcome;
import dev.tutti.core.event.Planner;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.Tally;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Timer;
import dev.tutti.core.event.Value;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a run can be told. A command that comes too late, twice or for something unknown changes
/// nothing.
public sealed interface Command {

    /// Begin. The inputs are bound and the tasks checked.
    ///
    /// @param goal the workflow's name
    /// @param team hash of the team's definition
    /// @param output the template of the run's output
    /// @param by who asked for it
    /// @param onStall ASK or FAIL
    /// @param origin the run that this one is a task of, or null
    /// @param planner who amends the plan, its goal with expressions; or null
    /// @param budget the most that the run may take
    /// @param mode who says what it does next
    /// @param standIns outputs that stand in for the work of tasks
    /// @param until when it must be over, however much time its budget gives; or null
    record Start(
            RunId run,
            String goal,
            String team,
            Value.Struct inputs,
            List<Task> tasks,
            Value output,
            String by,
            Task.Remedy onStall,
            @Nullable Origin origin,
            @Nullable Planner planner,
            Budget budget,
            Mode mode,
            List<StandIn> standIns,
            @Nullable Instant until)
            implements Command {
        public Start {
            tasks = List.copyOf(tasks);
            standIns = List.copyOf(standIns);
        }

        /// A run that has as much time as its budget gives.
        public Start(
                RunId run,
                String goal,
                String team,
                Value.Struct inputs,
                List<Task> tasks,
                Value output,
                String by,
                Task.Remedy onStall,
                @Nullable Origin origin,
                @Nullable Planner planner,
                Budget budget,
                Mode mode,
                List<StandIn> standIns) {
            this(
                    run, goal, team, inputs, tasks, output, by, onStall, origin, planner, budget,
                    mode, standIns, null);
        }

        /// A run of its own that asks when it is stuck.
        public Start(
                RunId run,
                String goal,
                String team,
                Value.Struct inputs,
                List<Task> tasks,
                Value output) {
            this(
                    run,
                    goal,
                    team,
                    inputs,
                    tasks,
                    output,
                    "",
                    Task.Remedy.ASK,
                    null,
                    null,
                    Budget.NONE,
                    Mode.PLANNED,
                    List.of());
        }
    }

    /// Begin where another run was after some of its events.
    ///
    /// @param source the other run's events, all of them
    /// @param at how many of them this run takes over
    /// @param refire whether effects that the other run has done since may be done again
    /// @param edit another input or output that this run goes on with, or null
    /// @param reason why it is wanted, empty where that is not said
    record Fork(
            RunId run,
            List<Event> source,
            long at,
            boolean refire,
            Verb.@Nullable Edit edit,
            String by,
            String reason)
            implements Command {
        public Fork {
            source = List.copyOf(source);
        }
    }

    /// Places at agents are there for these tasks.
    record Dispatch(List<Offer> offers) implements Command {
        public Dispatch {
            offers = List.copyOf(offers);
        }
    }

    /// An agent answers announcements.
    record Bid(AgentId agent, List<Reply> replies) implements Command {
        public Bid {
            replies = List.copyOf(replies);
        }
    }

    /// Places of agents that bid are there, each as often as it has some, for what takes no bids
    /// any more.
    record Award(List<AgentId> places) implements Command {
        public Award {
            places = List.copyOf(places);
        }
    }

    /// An agent that has a place takes a task.
    ///
    /// @param round which announcement of the task it answers
    /// @param from in whose backlog the task was, or null where it was in its own
    record ClaimTask(TaskId task, int round, AgentId agent, @Nullable AgentId from)
            implements Command {}

    /// An attempt is about to do something outside. It may, once this is on disk.
    ///
    /// @param name of the effect within its task
    record Intend(long token, String name) implements Command {}

    /// An attempt did something outside.
    record NoteEffect(long token, String name, Value outcome) implements Command {}

    /// An attempt is certain that it did not do what it was about to.
    record Withdraw(long token, String name, String reason) implements Command {}

    /// An attempt writes a note while it works.
    ///
    /// @param name tells its writes apart; the same name is the same write
    /// @param expect the version that must be there, 0 for none; null for whatever is
    record WriteNote(long token, String name, String key, Value value, @Nullable Integer expect)
            implements Command {}

    /// An attempt looks at a note while it works.
    record ReadNote(long token, String key) implements Command {}

    /// An attempt has its run begin a task, and goes on.
    ///
    /// @param name tells what it asks for apart; the same name is the same errand
    /// @param to a skill, or an agent
    /// @param reason in words; may be empty
    record Delegate(long token, String name, String to, Value.Struct input, String reason)
            implements Command {}

    /// An attempt ends, and its task goes on once these are done.
    ///
    /// @param errands tasks that it has asked for
    /// @param artifacts what it stored, in order
    record AwaitErrands(long token, List<String> errands, List<ArtifactStored> artifacts)
            implements Command {
        public AwaitErrands {
            errands = List.copyOf(errands);
            artifacts = List.copyOf(artifacts);
        }
    }

    /// An attempt reports.
    ///
    /// @param artifacts what it stored, in order
    /// @param used what it counted, where it is a run within that says so; otherwise null
    record Finish(long token, Outcome outcome, List<ArtifactStored> artifacts, @Nullable Tally used)
            implements Command {
        public Finish {
            artifacts = List.copyOf(artifacts);
        }

        /// An attempt that is no run within reports.
        public Finish(long token, Outcome outcome, List<ArtifactStored> artifacts) {
            this(token, outcome, artifacts, null);
        }
    }

    /// An attempt ends for now: it cannot go on before a person has decided.
    ///
    /// @param name tells what an attempt asks apart
    /// @param choices what may be answered; empty for free text
    /// @param subject what is decided upon
    /// @param artifacts what it stored, in order
    record Suspend(
            long token,
            String name,
            String text,
            List<String> choices,
            Value subject,
            List<ArtifactStored> artifacts)
            implements Command {
        public Suspend {
            choices = List.copyOf(choices);
            artifacts = List.copyOf(artifacts);
        }
    }

    /// A timer may be due.
    record Fire(Timer timer) implements Command {}

    /// A message for the run.
    record Deliver(String id, String type, Value data) implements Command {}

    /// An agent takes up a message, as its contract says.
    record Claim(AgentId agent, String message, String role) implements Command {}

    /// An agent has nothing to do with a message.
    record Decline(AgentId agent, String message) implements Command {}

    /// A message of a topic came for the attempt that waits for it.
    record Hand(long token, String id, String type, Value data) implements Command {}

    /// A person answers.
    ///
    /// @param hash of the subject as the person saw it, or null when nobody compared
    /// @param edited the input that an approval is for instead, or null
    record Answer(
            long question,
            Value answer,
            String by,
            String comment,
            @Nullable String hash,
            Value.@Nullable Struct edited)
            implements Command {}

    /// A person changes the course of the run.
    ///
    /// @param expected how many events the run had when the person looked; 0 for whatever it has
    record Intervene(Verb verb, String reason, long expected) implements Command {
        /// Why it is refused when the run has another number of events.
        public static String movedOn(long expected, long sequence) {
            return "the run has moved on: you saw it after event "
                    + expected
                    + ", it is at event "
                    + sequence
                    + " now; look again";
        }
    }

    /// Someone who sees all runs found that this one cannot go on.
    ///
    /// @param cycle who waits for whom
    /// @param sure whether it is certain; where not, a person is asked whatever the workflow says
    record Stall(String reason, List<String> cycle, boolean sure) implements Command {
        public Stall {
            cycle = List.copyOf(cycle);
        }

        public Stall(String reason, List<String> cycle) {
            this(reason, cycle, true);
        }
    }
}
