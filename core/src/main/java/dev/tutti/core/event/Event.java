package dev.tutti.core.event;

import java.time.Duration;
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
    /// @param by who asked for it
    /// @param onStall what happens when nothing moves the run any more: ASK or FAIL
    /// @param origin what it came from, or null
    /// @param planner who amends its plan, or null where the plan is as written
    /// @param budget the most that it may take
    /// @param mode who says what it does next
    record RunStarted(
            RunId run,
            String goal,
            String team,
            Value.Struct inputs,
            Value output,
            String by,
            Task.Remedy onStall,
            @Nullable Origin origin,
            @Nullable Planner planner,
            Budget budget,
            Mode mode)
            implements Event {
        /// A run of its own that asks when it is stuck, with the plan as written.
        public RunStarted(RunId run, String goal, String team, Value.Struct inputs, Value output) {
            this(run, goal, team, inputs, output, "", Task.Remedy.ASK, null, null, Budget.NONE);
        }

        /// A run with a plan.
        public RunStarted(
                RunId run,
                String goal,
                String team,
                Value.Struct inputs,
                Value output,
                String by,
                Task.Remedy onStall,
                @Nullable Origin origin,
                @Nullable Planner planner,
                Budget budget) {
            this(
                    run,
                    goal,
                    team,
                    inputs,
                    output,
                    by,
                    onStall,
                    origin,
                    planner,
                    budget,
                    Mode.PLANNED);
        }
    }

    /// Nothing is dispatched and no timer runs until the run is resumed. Attempts under way go on.
    record Paused(Instant at, String reason) implements Event {}

    /// The run goes on; its timers are put off by as long as it was paused.
    record Resumed(Duration paused, String reason) implements Event {}

    /// A person changed the course of the run; what follows from it comes after.
    ///
    /// @param verb what was done
    /// @param tasks what it was done to, as names; empty for the run as a whole
    /// @param before what stood there
    /// @param after what stands there now
    record Intervened(String verb, List<String> tasks, String reason, Value before, Value after)
            implements Event {
        public Intervened {
            tasks = List.copyOf(tasks);
        }
    }

    /// Nothing moves the run any more.
    ///
    /// @param cycle who waits for whom, if they wait in a circle
    record Stalled(String reason, List<String> cycle) implements Event {
        public Stalled {
            cycle = List.copyOf(cycle);
        }
    }

    /// Nothing new is begun; the run ends with `status` once the attempts that still run have
    /// reported and what must be taken back is.
    record Closing(Status status, String reason, @Nullable Failure failure) implements Event {}

    /// The last event, but for notes of refused commands.
    record Ended(Status status, Value output, @Nullable Failure failure) implements Event {}

    /// A command was not carried out. Changes nothing.
    record Refused(String command, String reason) implements Event {}

    // ---- plan

    /// The plan is another now.
    record PlanAmended(Amendment amendment) implements Event {
        /// The plan grew by `tasks`.
        public PlanAmended(int base, String author, String reason, List<Task> tasks) {
            this(new Amendment(base, author, reason, tasks));
        }

        public int base() {
            return amendment.base();
        }

        public String author() {
            return amendment.author();
        }

        public String reason() {
            return amendment.reason();
        }

        public List<Task> tasks() {
            return amendment.tasks();
        }
    }

    /// The planner gave an amendment that a person must agree to.
    ///
    /// @param proposal as the agent wrote it
    record PlanProposed(TaskId task, long token, Amendment amendment, Value proposal, Usage usage)
            implements Event {}

    /// The declaration of a task of this name was replaced; its dependencies are the same.
    record TaskRevised(Task task) implements Event {}

    /// Tasks of the plan are as if they had never begun. What their effects did is not forgotten.
    record TasksReset(List<String> tasks) implements Event {
        public TasksReset {
            tasks = List.copyOf(tasks);
        }
    }

    /// The list that the task runs over is known.
    ///
    /// @param need how many items must be done
    record FannedOut(String task, int width, int need) implements Event {}

    /// Everything the task waited for is there, but it is not dispatched before it is approved.
    record TaskHeld(TaskId task, Value.Struct input) implements Event {}

    /// Everything the task waited for is there. A task becomes ready again for each further
    /// attempt.
    ///
    /// @param locks what the attempt must hold
    /// @param ruling what the rules of its policy say of the agents that could have it
    record TaskReady(TaskId task, Value.Struct input, List<String> locks, Ruling ruling)
            implements Event {
        public TaskReady {
            locks = List.copyOf(locks);
        }

        public TaskReady(TaskId task, Value.Struct input, List<String> locks) {
            this(task, input, locks, Ruling.NONE);
        }

        public TaskReady(TaskId task, Value.Struct input) {
            this(task, input, List.of());
        }
    }

    /// A person gave the task another input.
    ///
    /// @param by who is to be told of to whoever does it, or null
    record InputGiven(TaskId task, Value.Struct input, @Nullable String by) implements Event {
        public InputGiven(TaskId task, Value.Struct input) {
            this(task, input, null);
        }
    }

    /// The task will not run, or not be waited for, and the run goes on without it.
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
    /// @param idle how long it may be silent, or null
    /// @param reserved the worst that it can take, set aside from the budget
    /// @param choosing how the agent was chosen
    record Assigned(
            TaskId task,
            long token,
            AgentId agent,
            int attempt,
            List<Candidate> candidates,
            @Nullable Instant due,
            @Nullable Duration idle,
            Spend reserved,
            Choosing choosing)
            implements Event {
        public Assigned {
            candidates = List.copyOf(candidates);
        }

        /// Where nothing is set aside, or said of the choice.
        public Assigned(
                TaskId task,
                long token,
                AgentId agent,
                int attempt,
                List<Candidate> candidates,
                @Nullable Instant due,
                @Nullable Duration idle) {
            this(task, token, agent, attempt, candidates, due, idle, Spend.NONE, Choosing.UNSAID);
        }
    }

    /// An agent that was considered.
    ///
    /// @param score greater is better
    /// @param excluded why it was not eligible, or null
    /// @param parts what the score is made of, or null where it is one thing
    record Candidate(
            AgentId agent,
            double score,
            @Nullable String excluded,
            Choosing.@Nullable Parts parts) {
        /// Why one is not eligible that a person has switched off.
        public static final String OFF = "it is switched off";

        /// One whose score is one thing.
        public Candidate(AgentId agent, double score, @Nullable String excluded) {
            this(agent, score, excluded, null);
        }
    }

    /// The task was put up for agents to bid on, or for the first who claims it.
    ///
    /// @param round which announcement of the task it is, from 1
    /// @param batch what was announced together with it, and is awarded with it
    /// @param deadline after which no bid counts, or null where the first claim has the task
    /// @param reserve what no bid that wins is above, or null
    /// @param invited how many agents may answer
    record Announced(
            TaskId task,
            int round,
            long batch,
            @Nullable Instant deadline,
            @Nullable Money reserve,
            int invited)
            implements Event {}

    /// An agent bid for a task, in time.
    ///
    /// @param bid as the agent put it
    /// @param likely what it is likely to come to, by what its earlier bids were worth
    /// @param cost of that in dollars, all in all; less is better
    record BidPlaced(TaskId task, int round, AgentId agent, Bid bid, Bid likely, double cost)
            implements Event {}

    /// An agent would not do the task.
    record BidDeclined(TaskId task, int round, AgentId agent, String reason) implements Event {}

    /// An agent took the task; the assignment follows.
    ///
    /// @param from in whose backlog the task was, or null where it was in its own
    record TaskClaimed(TaskId task, int round, AgentId agent, @Nullable AgentId from)
            implements Event {}

    /// The task is a run of its own now.
    ///
    /// @param agent who does its tasks so, or null where the task itself says so
    /// @param budget the most that it may take, carved from this run's
    /// @param part what is set aside for it of the attempts, tasks and runs that this run may have
    /// @param until when it must be over, or null where nobody says: its time, and what this run
    ///   has left of its own
    record ChildStarted(
            TaskId task,
            long token,
            RunId child,
            String workflow,
            Value.Struct inputs,
            @Nullable Instant due,
            @Nullable AgentId agent,
            Budget budget,
            Tally part,
            @Nullable Instant until)
            implements Event {}

    /// The task waits for a message, or until `due`.
    ///
    /// @param topic where the message is published, or null when it is sent to the run
    /// @param key what it must be published with, or null for anything
    record Awaited(
            TaskId task,
            long token,
            @Nullable String message,
            @Nullable Instant due,
            @Nullable String topic,
            @Nullable String key)
            implements Event {
        /// The task waits for a message that is sent to the run, or until `due`.
        public Awaited(TaskId task, long token, @Nullable String message, @Nullable Instant due) {
            this(task, token, message, due, null, null);
        }
    }

    /// The ladder of the task went on to another agent.
    ///
    /// @param rung the place of the next remedy
    record Rerouted(TaskId task, AgentId from, int rung) implements Event {}

    /// The one who had the task gave no result but named the next, who alone may have it now.
    ///
    /// @param what goes with it
    record HandedOver(
            TaskId task,
            long token,
            AgentId from,
            AgentId to,
            Value what,
            String reason,
            Usage usage)
            implements Event {}

    /// The task goes on once others are done that its agent has asked for.
    ///
    /// @param token of the attempt that ended to wait
    /// @param errands the names of those tasks
    record ErrandsAwaited(TaskId task, long token, List<String> errands) implements Event {
        public ErrandsAwaited {
            errands = List.copyOf(errands);
        }
    }

    // ---- budget

    /// The task cannot begin before others have given back what is set aside for them.
    ///
    /// @param need what it needs to begin
    /// @param counted what it needs of attempts, tasks and runs to be a run within; none for others
    record BudgetShort(TaskId task, Spend need, Tally counted, String reason) implements Event {}

    /// An agent that had a place for the task may take more than is left of the budget, and there
    /// is another that may not: the task looks for that one.
    ///
    /// @param agents those that are too dear now
    record TooDear(TaskId task, List<AgentId> agents, String reason) implements Event {
        public TooDear {
            agents = List.copyOf(agents);
        }
    }

    /// A share of the budget is used up.
    ///
    /// @param percent 50, 80 or 100
    /// @param limit which one, as in a budget; null for money or tokens, in journals that do not
    ///   say
    record BudgetAlarm(int percent, Spend spent, @Nullable String limit) implements Event {}

    /// A run within has ended, and used this much of its part; the rest is free again.
    ///
    /// @param token of the attempt that it was
    record PartReturned(long token, Tally used) implements Event {}

    /// A person allows the run more.
    record BudgetRaised(Budget budget) implements Event {}

    /// A run within, given up before it reported, has said what it spent; or is charged what was
    /// set aside for it, as it never did.
    record Settled(long token, Usage usage) implements Event {}

    // ---- agent

    /// The attempt is about to do something outside.
    ///
    /// @param name of the effect within its task
    /// @param key the same in every attempt, for the one outside to tell repetitions by
    record EffectIntended(TaskId task, long token, String name, String key) implements Event {}

    /// It is known what the effect came to; it is never done again.
    record EffectRecorded(TaskId task, String name, Value outcome) implements Event {}

    /// It is known that the effect was not done.
    record EffectWithdrawn(TaskId task, String name, String reason) implements Event {}

    /// The attempt ended without a result that was accepted.
    record AttemptEnded(TaskId task, long token, Failure failure, Usage usage) implements Event {}

    /// The attempt gave a result that waits for a second look.
    ///
    /// @param look what the one who looks is given
    record ResultProposed(TaskId task, long token, Value output, Value.Struct look, Usage usage)
            implements Event {}

    // ---- memory

    /// An agent stored content under its hash.
    ///
    /// @param hash SHA-256 of the content in hexadecimal
    /// @param size in bytes
    /// @param name a label for people, never a path
    record ArtifactStored(TaskId task, String hash, long size, String mediaType, String name)
            implements Event {}

    /// A note has a new version.
    ///
    /// @param key whole: `facts`, or `read.facts` for a note of task `read`
    /// @param version one more than the one before; the first is 1
    /// @param value what it says now; of a list that is appended to, what was added
    /// @param by the word of the reducer
    /// @param place where in the list it was added, or -1
    record NoteWritten(String key, int version, Value value, String by, int place, Provenance from)
            implements Event {}

    /// Notes were shown to a task.
    ///
    /// @param token of the attempt whose agent is given them; 0 where expressions of the task named
    ///   them
    record NoteRead(TaskId task, long token, List<NoteRef> notes) implements Event {
        public NoteRead {
            notes = List.copyOf(notes);
        }
    }

    /// What the agent of an attempt is going to be given fits into the budget of its task.
    ///
    /// @param token of the attempt
    /// @param budget the most tokens that it may take
    /// @param used the tokens that it takes, as [dev.tutti.core.memory.Tokens] counts
    /// @param parts what is given first, then notes by how much they bear on it
    record ContextAssembled(TaskId task, long token, int budget, int used, List<ContextPart> parts)
            implements Event {
        public ContextAssembled {
            parts = List.copyOf(parts);
        }
    }

    // ---- synthesis

    /// The task gave a result and does it again, as its loop says; or someone contributed to its
    /// conversation.
    ///
    /// @param next who has the next turn, or null where nobody in particular does it
    record Iterated(TaskId task, long token, Value output, Usage usage, @Nullable AgentId next)
            implements Event {
        /// Of a loop.
        public Iterated(TaskId task, long token, Value output, Usage usage) {
            this(task, token, output, usage, null);
        }
    }

    /// The one result of the task; it ends the attempt.
    record ResultAccepted(TaskId task, long token, Value output, Usage usage) implements Event {}

    /// The one result of the task, given by a person.
    record OutputGiven(TaskId task, Value output) implements Event {}

    /// Enough items of the fan-out are finished; the output is the list of theirs, in order,
    /// without those skipped, or what they were resolved to.
    ///
    /// @param resolved what the results became, or null for the list of them
    record Joined(String task, @Nullable Resolved resolved) implements Event {
        public Joined(String task) {
            this(task, null);
        }
    }

    /// What several results became.
    ///
    /// @param confidence how probable it is that it is right, from 0 to 1
    /// @param by how it was decided, in a few words
    record Resolved(Value output, double confidence, String by) {}

    /// The results of a task are not the same answer. What follows from it comes after: someone is
    /// asked, or one of them is handed on.
    ///
    /// @param answers each different one once, the most probable first
    record Dissented(String task, double confidence, String by, List<Position> answers)
            implements Event {
        public Dissented {
            answers = List.copyOf(answers);
        }
    }

    /// Those who gave answers that differ are told of each other's, and answer once more. Their
    /// places of this round come after those of the rounds before.
    ///
    /// @param round from 1
    /// @param items whose answers are debated
    record Debated(String task, int round, List<Integer> items) implements Event {
        public Debated {
            items = List.copyOf(items);
        }
    }

    // ---- people

    /// A person is asked.
    ///
    /// @param token the attempt that the answer is the result of, or 0
    record QuestionAsked(Question question, long token) implements Event {}

    /// The one who was asked did not answer in time: the next one is.
    ///
    /// @param rung the place of the next
    record QuestionHandedOn(long question, int rung) implements Event {}

    record QuestionReminded(long question) implements Event {}

    /// One person's answer. It decides only together with the next event.
    record QuestionAnswered(long question, String by, Value answer, String comment)
            implements Event {}

    /// The question is over, and no other answer will count.
    ///
    /// @param answer what was decided; null unless it was
    record QuestionClosed(long question, Question.End end, Value answer, String reason)
            implements Event {}

    // ---- messages

    /// A message came for the run.
    ///
    /// @param task the task that took it, or null when none waited for it
    /// @param kept whether it waits for a task to come
    record MessageReceived(String id, String type, Value data, @Nullable TaskId task, boolean kept)
            implements Event {}

    /// A task sent a message.
    ///
    /// @param to the run it is for, or null when it is published
    /// @param topic where it is published, or null when it is for a run
    /// @param key what it is published with, or null
    record MessagePublished(
            TaskId task,
            String type,
            Value data,
            @Nullable RunId to,
            @Nullable String topic,
            @Nullable String key)
            implements Event {
        /// A task sent a message to a run.
        public MessagePublished(TaskId task, String type, Value data, RunId to) {
            this(task, type, data, to, null, null);
        }
    }

    // ---- choreography

    /// An agent takes up a message; the task that it gives itself comes before.
    ///
    /// @param role the part that it plays by it; nobody else takes up the message in this role
    record Claimed(TaskId task, AgentId agent, String message, String role) implements Event {}

    /// The agent has nothing to do with the message.
    record Declined(AgentId agent, String message) implements Event {}

    /// The one who took up the message could not do it; others may.
    record ClaimLost(TaskId task, Failure failure) implements Event {}

    /// Nobody took up the message, or what was expected upon it did not follow.
    ///
    /// @param role the part that nobody is left for; empty where nobody took it up at all
    /// @param expected the number of what was expected, or 0 where nobody took it up
    record Unanswered(String message, String role, long expected, String reason) implements Event {}

    /// Something must follow upon the message.
    ///
    /// @param rule which of the workflow's expectations, from 0
    /// @param same what both have in common, as text
    record Expected(int rule, String message, String same, Instant due) implements Event {}

    /// What was expected has followed.
    ///
    /// @param expected the sequence number of the event that says so
    /// @param by the message that follows
    record ExpectationMet(long expected, String by) implements Event {}

    // ---- time

    record TimerSet(Timer timer, Instant due) implements Event {}

    record TimerFired(Timer timer) implements Event {}
}
