package dev.tutti.core.run;

import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Budget;
import dev.tutti.core.event.ContextPart;
import dev.tutti.core.event.Event;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Money;
import dev.tutti.core.event.Origin;
import dev.tutti.core.event.Outcome;
import dev.tutti.core.event.Passing;
import dev.tutti.core.event.Question;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.Sharing;
import dev.tutti.core.event.Status;
import dev.tutti.core.event.Tally;
import dev.tutti.core.event.Task.Performer;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Timer;
import dev.tutti.core.event.Value;
import dev.tutti.core.memory.Context;
import dev.tutti.core.run.RunState.Doer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the runtime must do once events are on disk.
public sealed interface Action {

    /// Find a place at an agent for a task that became ready.
    ///
    /// @param excluded agents that had their attempts
    /// @param preferred who can go on from its own steps, or null
    /// @param locks what the attempt must hold
    /// @param only the one agent that it is for, or null for any that can
    /// @param denied agents that a rule of the task's policy takes out
    record Seek(
            TaskId task,
            Performer performer,
            List<AgentId> excluded,
            @Nullable AgentId preferred,
            List<String> locks,
            @Nullable AgentId only,
            List<AgentId> denied)
            implements Action {
        /// For any that can.
        public Seek(
                TaskId task,
                Performer performer,
                List<AgentId> excluded,
                @Nullable AgentId preferred,
                List<String> locks) {
            this(task, performer, excluded, preferred, locks, null, List.of());
        }
    }

    /// Let the agent perform the attempt.
    ///
    /// @param feedback why the latest result was not good enough, or null
    /// @param edit who changed the input last, and how, or null
    /// @param strict whether the attempt must not do anything twice
    /// @param since the first attempt whose steps this one goes on from: itself where none does
    /// @param answers what people decided of what those attempts asked, by its name
    /// @param plans whether the result is an amendment of the plan
    /// @param plan the version of the plan that the attempt sees
    /// @param planned the tasks of that plan, where it plans
    /// @param notes that its agent is given
    /// @param context how they were made to fit; empty where they had not to
    /// @param sharing the notes that it may write and read while it works
    /// @param delegation whom it may have do parts of it, or null
    record Perform(
            TaskId task,
            Performer performer,
            long token,
            AgentId agent,
            int attempt,
            Value.Struct input,
            @Nullable String feedback,
            @Nullable String edit,
            boolean strict,
            long since,
            Map<String, Value> answers,
            boolean plans,
            int plan,
            List<String> planned,
            List<Context.Shown> notes,
            List<ContextPart> context,
            Sharing sharing,
            Passing.@Nullable Delegation delegation)
            implements Action {

        /// What the agent is given: the input, with the notes that the task asks for.
        public Value.Struct given() {
            if (sharing.reads().isEmpty()) {
                return input;
            }
            var read = new LinkedHashMap<String, Value>();
            notes.forEach(note -> read.put(note.key(), note.value()));
            return input.with(Context.NOTES, new Value.Struct(read));
        }
    }

    /// Let the agents know of a task that they may bid on, or claim.
    ///
    /// @param excluded agents that had their attempts
    /// @param deadline after which no bid counts, or null where the first claim has the task
    /// @param reserve what no bid that wins is above, or null
    record Announce(
            TaskId task,
            int round,
            Performer performer,
            List<AgentId> excluded,
            Value.Struct input,
            @Nullable Instant deadline,
            @Nullable Money reserve)
            implements Action {}

    /// Interrupt an attempt, if it still runs. It reports all the same.
    record Stop(long token) implements Action {}

    /// An attempt that no process is performing: report it as crashed.
    record Orphaned(long token) implements Action {}

    /// Begin a run that is a task of this one.
    ///
    /// @param budget the most that it may take
    /// @param until when it must be over, or null
    record Call(
            RunId child,
            String workflow,
            Value.Struct inputs,
            Origin.Child origin,
            Budget budget,
            @Nullable Instant until)
            implements Action {}

    /// End a run that is a task of this one.
    record CancelChild(RunId child) implements Action {}

    /// Tell the run that this one is a task of how it ended.
    ///
    /// @param used what it counted, with all runs within it
    record Report(RunId parent, long token, Outcome outcome, Tally used) implements Action {}

    /// Send a message to a run.
    record Publish(RunId to, String type, Value data) implements Action {}

    /// Let agents that follow the type of a message know of it.
    record Tell(RunState.Letter letter) implements Action {}

    /// Publish a message.
    ///
    /// @param key what it is published with, or null
    record Post(String topic, String type, @Nullable String key, Value data) implements Action {}

    /// Let an attempt have the next message of a topic that matches.
    ///
    /// @param type of the message
    /// @param key what it must be published with, or null for anything
    /// @param where a condition on the `message`, or null for any
    /// @param keep whether one that came since the run began will do
    record Subscribe(
            TaskId task,
            long token,
            String topic,
            String type,
            @Nullable String key,
            @Nullable String where,
            boolean keep)
            implements Action {}

    /// What a fresh event asks for.
    ///
    /// @param before the state the event was appended to
    static List<Action> of(RunState before, Event event) {
        return switch (event) {
            case Event.TaskReady _, Event.Resumed _ -> readied(before, event);
            case Event.TooDear e -> List.of(seek(before, e.task(), e.agents()));
            case Event.Assigned e -> {
                var task = before.task(e.task());
                var policy = before.declaration(e.task()).policy();
                var proposal = task.course().proposal();
                var now = task.assigned(e.token(), e.agent()).continuation();
                yield List.of(
                        new Perform(
                                e.task(),
                                before.performer(e.task()),
                                e.token(),
                                e.agent(),
                                e.attempt(),
                                proposal == null
                                        ? Blackboard.input(
                                                before,
                                                e.task(),
                                                now.since(),
                                                Passed.given(before, e.task(), e.agent()))
                                        : proposal.look(),
                                task.course().feedback(),
                                task.course().edit(),
                                policy.effects() == dev.tutti.core.event.Task.Effects.AT_MOST_ONCE,
                                now.since(),
                                now.answers(),
                                before.declaration(e.task()).plans(),
                                before.graph().version(),
                                before.declaration(e.task()).plans()
                                        ? List.copyOf(before.graph().order())
                                        : List.of(),
                                Blackboard.given(before, e.task(), now.since()),
                                Blackboard.fitted(before, e.task(), now.since()),
                                Blackboard.isOwn(before, e.task())
                                        ? before.declaration(e.task()).sharing()
                                        : Sharing.NOTHING,
                                Delegating.delegation(before, e.task())));
            }
            case Event.Announced e ->
                    e.deadline() == null && before.paused()
                            ? List.of()
                            : List.of(
                                    announce(
                                            before.evolve(e),
                                            e.task(),
                                            e.round(),
                                            e.deadline(),
                                            e.reserve()));
            case Event.ChildStarted e ->
                    List.of(
                            new Call(
                                    e.child(),
                                    e.workflow(),
                                    e.inputs(),
                                    new Origin.Child(
                                            before.asked().run(),
                                            e.token(),
                                            before.asked().depth() + 1),
                                    e.budget(),
                                    e.until()));
            case Event.AttemptEnded e -> stop(before, e.token());
            case Event.Closing _ -> {
                var stops = new ArrayList<Action>();
                before.open().keySet().forEach(token -> stops.addAll(stop(before, token)));
                yield stops;
            }
            case Event.MessagePublished e -> publish(e);
            case Event.Awaited e -> subscribe(before, e);
            case Event.Ended e -> report(before, e);
            case Event.MessageReceived e ->
                    before.choreographed()
                            ? List.of(new Tell(new RunState.Letter(e.id(), e.type(), e.data())))
                            : List.of();
            case Event.QuestionClosed e -> retold(before, e);
            case Event.ClaimLost e -> {
                var claim = before.board().claim(e.task().name());
                var letter = claim == null ? null : Choreographing.letter(before, claim.message());
                yield letter == null ? List.of() : List.of(new Tell(letter));
            }
            case Event.RunStarted _,
                    Event.Paused _,
                    Event.Intervened _,
                    Event.Stalled _,
                    Event.Refused _,
                    Event.PlanAmended _,
                    Event.PlanProposed _,
                    Event.TaskRevised _,
                    Event.TasksReset _,
                    Event.FannedOut _,
                    Event.TaskHeld _,
                    Event.InputGiven _,
                    Event.TaskSkipped _,
                    Event.TaskFailed _,
                    Event.BidPlaced _,
                    Event.BidDeclined _,
                    Event.TaskClaimed _,
                    Event.Rerouted _,
                    Event.HandedOver _,
                    Event.BudgetShort _,
                    Event.BudgetAlarm _,
                    Event.PartReturned _,
                    Event.BudgetRaised _,
                    Event.Settled _,
                    Event.ErrandsAwaited _,
                    Event.EffectIntended _,
                    Event.EffectRecorded _,
                    Event.EffectWithdrawn _,
                    Event.ResultProposed _,
                    Event.ArtifactStored _,
                    Event.NoteWritten _,
                    Event.NoteRead _,
                    Event.ContextAssembled _,
                    Event.Iterated _,
                    Event.ResultAccepted _,
                    Event.OutputGiven _,
                    Event.Joined _,
                    Event.Dissented _,
                    Event.Debated _,
                    Event.QuestionAsked _,
                    Event.QuestionHandedOn _,
                    Event.QuestionReminded _,
                    Event.QuestionAnswered _,
                    Event.Claimed _,
                    Event.Declined _,
                    Event.Unanswered _,
                    Event.Expected _,
                    Event.ExpectationMet _,
                    Event.TimerSet _,
                    Event.TimerFired _ ->
                    List.of();
        };
    }

    private static List<Action> publish(Event.MessagePublished e) {
        if (e.to() != null) {
            return List.of(new Publish(e.to(), e.type(), e.data()));
        }
        return e.topic() == null
                ? List.of()
                : List.of(new Post(e.topic(), e.type(), e.key(), e.data()));
    }

    private static List<Action> subscribe(RunState before, Event.Awaited e) {
        if (e.topic() == null
                || e.message() == null
                || !(before.declaration(e.task()).performer() instanceof Performer.ByMessage by)) {
            return List.of();
        }
        return List.of(
                new Subscribe(
                        e.task(),
                        e.token(),
                        e.topic(),
                        e.message(),
                        e.key(),
                        by.where(),
                        by.keep()));
    }

    /// Where a person wants a run that is stuck tried again, what nobody took up is told once more.
    private static List<Action> retold(RunState before, Event.QuestionClosed e) {
        var asked = before.questions().get(e.question());
        if (!before.choreographed()
                || asked == null
                || asked.question().purpose() != Question.Purpose.STALL
                || e.end() != Question.End.DECIDED) {
            return List.of();
        }
        return before.mailbox().stream()
                .filter(letter -> before.board().hearing(letter.id()).taken().isEmpty())
                .<Action>map(Tell::new)
                .toList();
    }

    private static List<Action> readied(RunState before, Event event) {
        var after = before.evolve(event);
        if (event instanceof Event.TaskReady e) {
            return after.paused() ? List.of() : List.of(seek(after, e.task()));
        }
        var actions = new ArrayList<Action>();
        after.readyTasks().stream()
                .filter(id -> !after.auctions().holds(id))
                .forEach(id -> actions.add(seek(after, id)));
        actions.addAll(announcements(after));
        return actions;
    }

    private static Seek seek(RunState state, TaskId id) {
        return seek(state, id, List.of());
    }

    /// @param dear agents that may take more than there is
    private static Seek seek(RunState state, TaskId id, List<AgentId> dear) {
        var task = state.task(id);
        var excluded = new ArrayList<>(task.course().excluded());
        excluded.addAll(dear);
        // Who gave an answer is told of the others' if that can be.
        var preferred =
                state.debates(id) && task.preferred() == null
                        ? state.task(state.speaker(id)).agent()
                        : task.preferred();
        return new Seek(
                id,
                state.performer(id),
                excluded,
                preferred != null && dear.contains(preferred) ? null : preferred,
                task.course().locks(),
                state.holder(id),
                task.course().ruling().agents());
    }

    private static List<Action> stop(RunState before, long token) {
        return switch (before.attempt(token).doer()) {
            case Doer.Agent _ -> List.of(new Stop(token));
            case Doer.Child(var child) ->
                    isOwn(before, child) ? List.of(new CancelChild(child)) : List.of();
            case Doer.Person _, Doer.Message _ -> List.of();
        };
    }

    /// Whether the run began `child` itself. What a fork took over belongs to the other run.
    private static boolean isOwn(RunState state, RunId child) {
        return child.isWithin(state.asked().run());
    }

    private static List<Action> report(RunState before, Event.Ended e) {
        if (!(before.asked().origin() instanceof Origin.Child(var parent, var token, _))) {
            return List.of();
        }
        var usage = Budgets.charged(before);
        Outcome outcome =
                e.status() == Status.SUCCEEDED
                        ? new Outcome.Succeeded(e.output(), usage)
                        : new Outcome.Failed(failure(before, e), usage);
        return List.of(new Report(parent, token, outcome, Carving.counted(before)));
    }

    private static Failure failure(RunState before, Event.Ended e) {
        var run = before.asked().run();
        if (e.status() == Status.CANCELLED) {
            return new Failure.Permanent("cancelled", "run " + run + " was cancelled");
        }
        var why = e.failure();
        if (why == null) {
            return new Failure.Transient("failed", "run " + run + " failed");
        }
        // What is in vain for the run within is in vain for another one like it.
        var message = "run " + run + " failed: " + why.message();
        return why.retryable()
                ? new Failure.Transient(why.code(), message)
                : new Failure.Permanent(why.code(), message);
    }

    /// What is still to be done after a load: whatever has no recorded outcome. Persons, messages
    /// and runs of their own are not this process's to perform.
    static List<Action> outstanding(RunState state) {
        var actions = new ArrayList<Action>();
        state.open()
                .forEach((token, open) -> {
                    if (open.doer() instanceof Doer.Agent) {
                        actions.add(new Orphaned(token));
                    }
                });
        actions.addAll(seeks(state));
        actions.addAll(announcements(state));
        return actions;
    }

    /// For every task that is ready: find it a place.
    static List<Seek> seeks(RunState state) {
        return state.status().isFinal() || state.paused()
                ? List.of()
                : state.readyTasks().stream()
                        .filter(id -> state.wants(id.name()) && !state.auctions().holds(id))
                        .map(id -> seek(state, id))
                        .toList();
    }

    /// For every task that takes bids or claims: tell the agents. Bids are taken while the run is
    /// paused, claims are not.
    static List<Announce> announcements(RunState state) {
        return state.status().isFinal()
                ? List.of()
                : state.auctions().open().stream()
                        .filter(id -> state.wants(id.name()))
                        .filter(id -> !state.paused() || !state.auctions().round(id).claimed())
                        .map(id -> announce(state, id))
                        .toList();
    }

    private static Announce announce(RunState state, TaskId id) {
        var auction = state.auctions().round(id);
        return announce(
                state,
                id,
                auction.round(),
                state.timers().get(new Timer.BidsDue(auction.batch())),
                auction.reserve());
    }

    private static Announce announce(
            RunState state,
            TaskId id,
            int round,
            @Nullable Instant deadline,
            @Nullable Money reserve) {
        var task = state.task(id);
        var holder = state.holder(id);
        var proposal = task.course().proposal();
        var excluded = new ArrayList<>(task.course().excluded());
        excluded.addAll(task.course().ruling().agents());
        return new Announce(
                id,
                round,
                holder == null ? state.performer(id) : new Performer.ByAgent(holder),
                excluded,
                proposal == null ? task.input() : proposal.look(),
                deadline,
                reserve);
    }

    /// How an orphaned attempt ended.
    static Failure orphaned() {
        return new Failure.Crashed();
    }
}
