package dev.tutti.core.run;

import dev.tutti.core.agent.TaskState;
import dev.tutti.core.dispatch.PastBids;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Event.PlanAmended;
import dev.tutti.core.event.Event.RunStarted;
import dev.tutti.core.event.Event.TimerFired;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Failure.Limit;
import dev.tutti.core.event.Money;
import dev.tutti.core.event.Planner;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.Task.Performer;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Timer;
import dev.tutti.core.event.Usage;
import dev.tutti.core.event.Value;
import dev.tutti.core.expression.ExpressionException;
import dev.tutti.core.expression.Expressions;
import dev.tutti.core.goal.Team;
import dev.tutti.core.run.Decision.Refusal;
import dev.tutti.core.run.Decision.Rejection;
import dev.tutti.core.run.RunState.Doer;
import dev.tutti.core.synthesis.Experience;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.function.ToDoubleBiFunction;
import org.jspecify.annotations.Nullable;

/// Decides what follows from a command. A pure function of state, command and facts; expressions
/// are evaluated here and nowhere later, and what they gave is in the events.
///
/// What it decides is in classes by stage: [Planning] begins tasks, [Dispatching] gives them away,
/// [Effects] and [Results] hear the attempts, [Remedies] follow failures, [Questions] are put to
/// people, [Messages] taken, messages taken up by agents [Choreographing], [Interventions] carried
/// out, [Endings] bring all of it to an end.
public final class Decider {

    /// How long attempts have to stop once their run is closing.
    public static final Duration GRACE = Duration.ofSeconds(10);

    /// The most tasks of one run, fan-out items counted each.
    public static final int MOST_TASKS = 100_000;

    private final Expressions expressions;

    public Decider(Expressions expressions) {
        this.expressions = expressions;
    }

    /// What conditions outside of runs are evaluated with.
    public Expressions expressions() {
        return expressions;
    }

    /// What the core is told of the world.
    ///
    /// @param now the time, which may run backwards from one command to the next
    /// @param team who can do what
    /// @param spent what the steps of an attempt used up, by its token
    /// @param past what the earlier bids of an agent for such tasks were worth
    /// @param voters what runs before this one tell of those who do the tasks of a performer
    /// @param nearness how near two answers are in meaning, 1 where they mean the same
    /// @param expected what an attempt of an agent for such tasks is expected to cost, as far as
    ///   that is known
    /// @param capacity what the agents of the team can take on now, for the planner of this name;
    ///   empty where everybody is free
    public record Facts(
            Instant now,
            Team team,
            LongFunction<Usage> spent,
            BiFunction<AgentId, Performer, PastBids> past,
            Function<Performer, Experience> voters,
            ToDoubleBiFunction<Value, Value> nearness,
            BiFunction<AgentId, Performer, Optional<Money>> expected,
            Function<AgentId, Value.Struct> capacity) {

        /// Where nobody bid or voted before, and nothing is known of meanings.
        public Facts(Instant now, Team team, LongFunction<Usage> spent) {
            this(
                    now,
                    team,
                    spent,
                    (_, _) -> PastBids.NONE,
                    _ -> Experience.NONE,
                    (_, _) -> 0,
                    (_, _) -> Optional.empty(),
                    _ -> Value.Struct.EMPTY);
        }

        /// Where no attempt took steps.
        public Facts(Instant now, Team team) {
            this(now, team, _ -> Usage.NONE);
        }

        /// Where it does not matter who can do what.
        public Facts(Instant now) {
            this(now, Team.NOBODY);
        }
    }

    public Decision decide(RunState state, Command command, Facts facts) {
        var rejection = rejection(state, command, facts);
        if (rejection != null) {
            return new Decision(List.of(), state, rejection);
        }
        var draft = new Draft(state, expressions, facts);
        try {
            carryOut(draft, command);
        } catch (Refusal e) {
            return new Decision(List.of(), state, new Rejection("refused", e.text()));
        }
        Stalls.movedOn(draft);
        Planning.advance(draft);
        return draft.done();
    }

    /// Why a run can never go on by itself, or empty when it may. See [Deadlocks].
    ///
    /// @param gone messages that runs which have ended never sent
    public Optional<Deadlocks.Found> deadlock(
            RunId run, List<Blocked.Owed> gone, Deadlocks.World world) {
        return Deadlocks.find(run, gone, world, expressions);
    }

    /// The messages that a run which has not ended is to send.
    public List<Blocked.Owed> owed(RunState state) {
        return Blocked.owed(state, expressions);
    }

    /// The messages that a run which has ended never sent.
    public List<Blocked.Owed> unsent(RunState ended) {
        return Blocked.unsent(ended, expressions);
    }

    private static void carryOut(Draft draft, Command command) {
        switch (command) {
            case Command.Start start -> start(draft, start);
            case Command.Fork fork -> Forks.begin(draft, fork);
            case Command.Dispatch(var offers) ->
                    offers.forEach(offer -> Dispatching.assign(draft, offer));
            case Command.Bid bid -> Auctioning.bid(draft, bid);
            case Command.Award award -> Auctioning.award(draft, award);
            case Command.ClaimTask claim -> Auctioning.claim(draft, claim);
            case Command.Intend intend -> Effects.intend(draft, intend);
            case Command.NoteEffect recorded -> Effects.record(draft, recorded);
            case Command.Withdraw withdrawn -> Effects.withdraw(draft, withdrawn);
            case Command.WriteNote write -> Blackboard.write(draft, write);
            case Command.ReadNote read -> Blackboard.look(draft, read);
            case Command.Delegate errand -> Delegating.delegate(draft, errand);
            case Command.AwaitErrands awaited -> Delegating.await(draft, awaited);
            case Command.Finish finish -> Results.finish(draft, finish);
            case Command.Suspend suspend -> Questions.consult(draft, suspend);
            case Command.Fire(var timer) -> fire(draft, timer);
            case Command.Deliver message -> Messages.deliver(draft, message);
            case Command.Claim claim -> Choreographing.claim(draft, claim);
            case Command.Decline(var agent, var message) ->
                    Choreographing.decline(draft, agent, message);
            case Command.Hand message -> Messages.hand(draft, message);
            case Command.Answer answer -> Questions.answer(draft, answer);
            case Command.Intervene intervene -> Interventions.carryOut(draft, intervene);
            case Command.Stall stall -> {
                if (Blocked.mayBe(draft.state())) {
                    Stalls.stalled(draft, stall.reason(), stall.cycle(), stall.sure());
                }
            }
        }
    }

    private static @Nullable Rejection rejection(RunState state, Command command, Facts facts) {
        if (command instanceof Command.Start || command instanceof Command.Fork) {
            return state.started() ? Rejection.ALREADY_STARTED : null;
        }
        if (!state.started()) {
            return Rejection.NOT_STARTED;
        }
        if (state.status().isFinal()) {
            return Rejection.ENDED;
        }
        return switch (command) {
            case Command.Finish(var token, _, _, _) ->
                    state.ledger().owed().contains(token) ? null : attempt(state, token);
            case Command.Suspend suspend -> attempt(state, suspend.token());
            case Command.Intend(var token, _) -> attempt(state, token);
            case Command.Hand hand -> attempt(state, hand.token());
            case Command.WriteNote write -> attempt(state, write.token());
            case Command.ReadNote(var token, _) -> attempt(state, token);
            case Command.Delegate errand -> attempt(state, errand.token());
            case Command.AwaitErrands awaited -> attempt(state, awaited.token());
            case Command.Fire(var timer) -> {
                var due = state.timers().get(timer);
                yield due == null || state.paused() || facts.now().isBefore(due)
                        ? Rejection.NOT_DUE
                        : null;
            }
            case Command.Bid bid -> Auctioning.rejection(state, bid, facts.now());
            case Command.ClaimTask claim -> Auctioning.rejection(state, claim);
            case Command.Start _,
                    Command.Fork _,
                    Command.Dispatch _,
                    Command.Award _,
                    Command.NoteEffect _,
                    Command.Withdraw _,
                    Command.Deliver _,
                    Command.Claim _,
                    Command.Decline _,
                    Command.Answer _,
                    Command.Intervene _,
                    Command.Stall _ ->
                    null;
        };
    }

    /// The one answer to each kind of report that is not wanted any more.
    private static @Nullable Rejection attempt(RunState state, long token) {
        if (state.progress().pending().containsKey(token)) {
            return Rejection.DUPLICATE;
        }
        if (state.open().containsKey(token)) {
            return null;
        }
        if (token < 1 || token > state.sequence()) {
            return Rejection.UNKNOWN_ATTEMPT;
        }
        return state.tasks().values().stream()
                .filter(task -> task.token() == token)
                .findFirst()
                .map(task ->
                        task.phase() == TaskState.Phase.DONE ? Rejection.DUPLICATE : Rejection.LATE)
                .orElse(Rejection.STALE);
    }

    private static void start(Draft draft, Command.Start start) {
        draft.emit(
                new RunStarted(
                        start.run(),
                        start.goal(),
                        start.team(),
                        start.inputs(),
                        start.output(),
                        start.by(),
                        start.onStall(),
                        start.origin(),
                        asked(draft, start),
                        start.budget(),
                        start.mode()));
        Budgets.begin(draft, start.until());
        draft.emit(new PlanAmended(0, "workflow", "the plan as written", start.tasks()));
        Replanning.begin(draft);
        Choreographing.begin(draft);
        StandIns.give(draft, start.standIns());
    }

    /// The planner, asked in words.
    private static @Nullable Planner asked(Draft draft, Command.Start start) {
        var planner = start.planner();
        if (planner == null) {
            return null;
        }
        try {
            return planner.with(draft.words(planner.goal(), start.inputs()));
        } catch (ExpressionException e) {
            throw new Refusal("the goal cannot be put in words: " + e.getMessage());
        }
    }

    // ---- time

    private static void fire(Draft draft, Timer timer) {
        var due = draft.state().timers().getOrDefault(timer, draft.now());
        draft.emit(new TimerFired(timer));
        switch (timer) {
            case Timer.RetryDue(var task) -> retry(draft, task);
            case Timer.AttemptDue(var token) -> {
                if (draft.state().attempt(token).doer() instanceof Doer.Message) {
                    Messages.over(draft, token);
                } else {
                    timedOut(draft, token, Limit.RUN, due);
                }
            }
            case Timer.IdleDue(var token) -> timedOut(draft, token, Limit.IDLE, due);
            case Timer.QueueDue(var task) -> {
                if (draft.state().wants(task.name())
                        && phase(draft, task) == TaskState.Phase.READY) {
                    Remedies.giveUp(draft, task, new Failure.TimedOut(Limit.QUEUED, due));
                }
            }
            case Timer.BidsDue(var batch) -> Auctioning.over(draft, batch);
            case Timer.OverallDue(var task) -> overall(draft, task, due);
            case Timer.QuestionDue(var question) -> Questions.due(draft, question);
            case Timer.ReminderDue(var question) -> Questions.remind(draft, question);
            case Timer.AnswerDue(var message) -> Choreographing.nobody(draft, message);
            case Timer.ExpectedDue(var expected) -> Choreographing.missed(draft, expected);
            case Timer.BudgetDue() -> Budgets.timeIsOver(draft);
            case Timer.AlarmDue() -> Budgets.alarm(draft);
            case Timer.CloseDue() -> {
                Endings.endStopped(draft);
                Budgets.chargeOwed(draft);
            }
        }
    }

    private static void retry(Draft draft, TaskId task) {
        if (draft.state().wants(task.name()) && phase(draft, task) == TaskState.Phase.BACKING_OFF) {
            Planning.again(draft, task);
        }
    }

    private static void timedOut(Draft draft, long token, Limit limit, Instant due) {
        Remedies.attemptEnded(draft, token, new Failure.TimedOut(limit, due), Usage.NONE);
    }

    private static void overall(Draft draft, TaskId id, Instant due) {
        var task = draft.state().tasks().get(id);
        if (task == null || task.phase().isFinal() || !draft.state().wants(id.name())) {
            return;
        }
        if (draft.state().open().containsKey(task.token())) {
            timedOut(draft, task.token(), Limit.OVERALL, due);
        } else {
            Endings.stopOne(draft, id, "its time is over");
            Remedies.giveUp(draft, id, new Failure.TimedOut(Limit.OVERALL, due));
        }
    }

    private static TaskState.@Nullable Phase phase(Draft draft, TaskId id) {
        var task = draft.state().tasks().get(id);
        return task == null ? null : task.phase();
    }
}
