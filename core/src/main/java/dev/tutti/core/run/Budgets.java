package dev.tutti.core.run;

import dev.tutti.core.budget.Ledger;
import dev.tutti.core.dispatch.Offer;
import dev.tutti.core.event.Agent;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Budget;
import dev.tutti.core.event.Event.BudgetAlarm;
import dev.tutti.core.event.Event.BudgetShort;
import dev.tutti.core.event.Event.Candidate;
import dev.tutti.core.event.Event.Settled;
import dev.tutti.core.event.Event.TaskSkipped;
import dev.tutti.core.event.Event.TimerSet;
import dev.tutti.core.event.Event.TooDear;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Origin;
import dev.tutti.core.event.Resolve;
import dev.tutti.core.event.Spend;
import dev.tutti.core.event.Status;
import dev.tutti.core.event.Tally;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.TimeText;
import dev.tutti.core.event.Timer;
import dev.tutti.core.event.Usage;
import dev.tutti.core.event.Value;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Holds the budget of a run: what an attempt can take at worst is set aside before it begins, and
/// a run within gets a part of what is left. A task for which there is too little waits until
/// others have given back what they did not take; when nothing will be given back, the run says so.
/// What is counted, attempts, tasks and runs, is held in the same way.
final class Budgets {
    /// The shares of its time, in percent, that a run tells of.
    private static final int HALF = 50;

    private static final int MOST = 80;
    private static final int ALL = 100;

    private Budgets() {}

    /// The time of a run begins.
    ///
    /// @param until when it must be over, however late it begins; or null
    static void begin(Draft draft, @Nullable Instant until) {
        var time = draft.state().ledger().cap().time();
        if (time != null) {
            var due = draft.now().plus(time);
            draft.emit(
                    new TimerSet(
                            new Timer.BudgetDue(),
                            until != null && until.isBefore(due) ? until : due));
            awaitAlarm(draft);
        }
    }

    /// Waits for the next share of the time, the last of which is its end.
    static void awaitAlarm(Draft draft) {
        var state = draft.state();
        var time = state.ledger().cap().time();
        int next = next(state);
        if (time != null && next < ALL) {
            state.deadline()
                    .map(due -> due.minus(time.dividedBy(ALL).multipliedBy(ALL - next)))
                    .ifPresent(due -> draft.emit(new TimerSet(new Timer.AlarmDue(), due)));
        }
    }

    /// A share of the time is over.
    static void alarm(Draft draft) {
        if (draft.state().ending() == null && next(draft.state()) < ALL) {
            tell(draft, Ledger.TIME, next(draft.state()));
            awaitAlarm(draft);
        }
    }

    private static int next(RunState state) {
        int told = state.ledger().told(Ledger.TIME);
        return told < HALF ? HALF : told < MOST ? MOST : ALL;
    }

    private static void tell(Draft draft, String limit, int percent) {
        draft.emit(new BudgetAlarm(percent, draft.state().ledger().spent(), limit));
    }

    /// Whether the time of the run is over though nobody has said so yet; then it closes, and
    /// begins nothing more.
    static boolean endsNow(Draft draft) {
        var state = draft.state();
        boolean over =
                state.ending() == null
                        && state.deadline().filter(due -> !draft.now().isBefore(due)).isPresent();
        if (over) {
            timeIsOver(draft);
        }
        return over;
    }

    /// The run closes, and says what is left to do.
    static void timeIsOver(Draft draft) {
        if (draft.state().ending() != null) {
            return;
        }
        tell(draft, Ledger.TIME, ALL);
        var state = draft.state();
        var time = state.ledger().cap().time();
        var words = new StringBuilder("the run's time");
        words.append(time == null ? "" : " of " + TimeText.of(time)).append(" is over");
        var left = ToFinish.of(state, draft.facts().team(), draft.facts().expected());
        if (left.tasks() > 0) {
            words.append("; ").append(left.rest(state));
            if (!(state.asked().origin() instanceof Origin.Child)) {
                words.append("; `tutti fork ")
                        .append(state.asked().run())
                        .append("` goes on with what is done, and with as much time again");
            }
        }
        var failure = new Failure.Permanent("budget_exhausted", words.toString());
        Endings.close(draft, Status.FAILED, failure.message(), failure);
    }

    /// What is left of each limit that the run has: dollars and tokens that are neither spent nor
    /// set aside, seconds, attempts, tasks beside those in the plan, and runs within. Empty where
    /// there is no budget.
    static Value.Struct left(Draft draft) {
        var state = draft.state();
        var ledger = state.ledger();
        var left = new LinkedHashMap<String, Value>();
        ledger.freeMoney().ifPresent(free -> left.put("usd", Value.from(free.usd().doubleValue())));
        ledger.freeTokens().ifPresent(free -> left.put("tokens", Value.of(free)));
        state.timeLeft(draft.now())
                .ifPresent(time -> left.put("seconds", new Value.Real(time.toMillis() / 1e3)));
        ledger.freeAttempts().ifPresent(free -> left.put("attempts", Value.of(free)));
        ledger.freeTasks(Carving.kept(state)).ifPresent(free -> left.put("tasks", Value.of(free)));
        ledger.freeRuns().ifPresent(free -> left.put("runs", Value.of(free)));
        return new Value.Struct(left);
    }

    // ---- setting aside

    /// What is set aside for an attempt; null when it cannot begin, and then the task waits or has
    /// failed.
    static @Nullable Spend reserve(Draft draft, Offer offer, Agent agent) {
        var id = offer.task();
        var ledger = draft.state().ledger();
        var worst = ledger.worst(agent).orElse(null);
        if (worst == null) {
            Remedies.giveUp(
                    draft,
                    id,
                    new Failure.Permanent(
                            "no_worst_case",
                            "agent `"
                                    + agent.id()
                                    + "` does not say what an attempt can cost at"
                                    + " most, and the run has a budget: add `limits: { usd: … }`,"
                                    + " or `price: { usd: 0 }` where it costs nothing"));
            return null;
        }
        if (!ledger.hasAttempts() || !ledger.fits(worst)) {
            var dear = dear(draft, offer);
            if (dear.isEmpty()) {
                waits(draft, id, worst, Tally.NONE);
            } else {
                draft.emit(new TooDear(id, dear, reason(draft.state(), id, worst, Tally.NONE)));
            }
            return null;
        }
        return worst;
    }

    /// The agents that may take more than is left, where there is another that may not and was
    /// considered with the one that is offered; otherwise none.
    private static List<AgentId> dear(Draft draft, Offer offer) {
        var state = draft.state();
        var id = offer.task();
        if (!state.ledger().hasAttempts()
                || state.auctions().holds(id)
                || Auctioning.choice(draft, id).agent() != null) {
            return List.of();
        }
        var dear = new ArrayList<AgentId>();
        boolean another = false;
        for (var agent : state.candidates(id, draft.facts().team().agents())) {
            boolean fits = state.ledger().worst(agent).filter(state.ledger()::fits).isPresent();
            if (!fits) {
                dear.add(agent.id());
            }
            another |= fits && isConsidered(offer, agent.id());
        }
        return another ? dear : List.of();
    }

    private static boolean isConsidered(Offer offer, AgentId agent) {
        return offer.candidates().stream()
                .anyMatch(
                        one -> one.agent().equals(agent) && !Candidate.OFF.equals(one.excluded()));
    }

    static void waits(Draft draft, TaskId id, Spend need, Tally counted) {
        var why = reason(draft.state(), id, need, counted);
        if (draft.state().ending() == null && !Carving.isLost(draft.state(), counted)) {
            draft.emit(new BudgetShort(id, need, counted, why));
        } else {
            Remedies.giveUp(draft, id, new Failure.Permanent("budget_exhausted", why));
        }
    }

    private static String reason(RunState state, TaskId id, Spend need, Tally counted) {
        var ledger = state.ledger();
        if (!ledger.hasAttempts()) {
            int within = ledger.parts().taken().attempts();
            return "the budget of "
                    + ledger.cap().attempts()
                    + " attempts is used up"
                    + (within == 0 ? "" : ", " + within + " of them by runs within or for them");
        }
        var lacks = Carving.lacks(state, counted);
        if (lacks != null) {
            return lacks;
        }
        var cap = ledger.cap();
        var limits =
                cap.usd() == null
                        ? cap.tokens() + " tokens"
                        : "$"
                                + cap.usd()
                                + (cap.tokens() == null ? "" : ", " + cap.tokens() + " tokens");
        return "of the budget of "
                + limits
                + ", "
                + ledger.spent()
                + " is spent and "
                + ledger.held()
                + " set aside; "
                + id
                + " may take "
                + need;
    }

    // ---- going on

    /// Begins what there is enough for now, and says so where nothing will come.
    ///
    /// @return whether something new was begun
    static boolean goOn(Draft draft) {
        draft.state()
                .ledger()
                .due(Carving.tasks(draft.state()))
                .forEach(alarm -> tell(draft, alarm.limit(), alarm.percent()));
        var state = draft.state();
        var free = state.ledger();
        if (free.waiting().isEmpty()) {
            return false;
        }
        boolean began = false;
        long place = -1;
        for (var waiting : List.copyOf(free.waiting().entrySet())) {
            if (draft.state().ending() != null) {
                return true;
            }
            var counted = draft.state().ledger().parts().waiting().get(waiting.getKey());
            boolean fits = free.hasAttempts() && free.fits(waiting.getValue());
            if (!draft.state().ledger().waiting().containsKey(waiting.getKey())) {
                began = true;
            } else if (fits && counted == null) {
                free = free.begun().reserve(place--, waiting.getValue());
                Planning.again(draft, waiting.getKey());
                began = true;
            } else if (counted != null && Carving.isLost(draft.state(), counted)) {
                var why = reason(draft.state(), waiting.getKey(), waiting.getValue(), counted);
                Remedies.giveUp(
                        draft, waiting.getKey(), new Failure.Permanent("budget_exhausted", why));
                began = true;
            } else if (fits
                    && counted != null
                    && Carving.fits(free, counted, Carving.kept(draft.state()))) {
                free =
                        free.begun()
                                .reserve(place, waiting.getValue())
                                .begunWithin(place--, counted.minus(new Tally(0, 0, 1)));
                Planning.again(draft, waiting.getKey());
                began = true;
            }
        }
        boolean working =
                state.open().values().stream()
                        .anyMatch(open ->
                                open.doer() instanceof RunState.Doer.Agent
                                        || open.doer() instanceof RunState.Doer.Child);
        boolean hopeless =
                !working
                        && state.ledger().held().isNone()
                        && state.ledger().owed().isEmpty()
                        && state.ready() == 0;
        if (!began && !working && state.ready() == 0) {
            isOwed(draft);
        }
        if (!began && hopeless && !state.paused()) {
            if (spare(draft)) {
                return true;
            }
            var first = state.ledger().waiting().entrySet().iterator().next();
            var left = ToFinish.of(state, draft.facts().team(), draft.facts().expected());
            return Stalls.exhausted(
                    draft,
                    reason(state, first.getKey(), first.getValue(), within(state, first.getKey()))
                            + "; "
                            + left.sentence(state));
        }
        return began;
    }

    private static Tally within(RunState state, TaskId id) {
        return state.ledger().parts().waiting().getOrDefault(id, Tally.NONE);
    }

    /// Nothing will be given back: tasks that are done several times are done as often as the
    /// budget allowed, and results are handed on without those who were to decide between them.
    ///
    /// @return whether something goes on without what waits
    private static boolean spare(Draft draft) {
        var spared = new ArrayList<TaskId>();
        for (var id : draft.state().ledger().waiting().keySet()) {
            if (draft.state().decides(id) || isSpare(draft.state(), id)) {
                spared.add(id);
            }
        }
        for (var id : spared) {
            var fanIn = draft.state().fanIns().get(id.name());
            var waiting = draft.state().ledger().waiting().get(id);
            if (fanIn == null || waiting == null) {
                continue;
            }
            var why = reason(draft.state(), id, waiting, within(draft.state(), id));
            draft.emit(
                    new TaskSkipped(
                            id,
                            draft.state().decides(id)
                                    ? "no decision: " + why
                                    : "done "
                                            + fanIn.outputs().size()
                                            + " times instead of "
                                            + fanIn.width()
                                            + ": "
                                            + why));
        }
        return !spared.isEmpty();
    }

    /// Whether others have done the same already, as often as is needed to say what comes out.
    private static boolean isSpare(RunState state, TaskId id) {
        var each = state.declaration(id).flow().each();
        var fanIn = state.fanIns().get(id.name());
        if (each == null || fanIn == null || !each.isReplicas()) {
            return false;
        }
        int least =
                each.resolve() != null && each.resolve().by() instanceof Resolve.By.KOfN(var k)
                        ? k
                        : 1;
        return fanIn.outputs().size() >= least;
    }

    // ---- runs within that were given up

    /// Whether the run waits to hear what runs within have spent, as its budget must know.
    static boolean isOwed(Draft draft) {
        var state = draft.state();
        if (!isKept(state.ledger().cap()) || state.ledger().owed().isEmpty()) {
            return false;
        }
        var close = new Timer.CloseDue();
        if (!state.timers().containsKey(close)) {
            draft.emit(new TimerSet(close, draft.now().plus(Decider.GRACE)));
        }
        return true;
    }

    /// What runs within have not said in time is charged as the most that they could take.
    static void chargeOwed(Draft draft) {
        var ledger = draft.state().ledger();
        if (isKept(ledger.cap())) {
            ledger.owed()
                    .forEach(token -> {
                        Carving.takeBack(draft, token, null);
                        draft.emit(new Settled(token, all(ledger.aside(token))));
                    });
        }
    }

    private static boolean isKept(Budget cap) {
        return cap.isOfSpending() || cap.isOfCounts();
    }

    private static Usage all(Spend aside) {
        return new Usage(aside.usd(), aside.tokens(), 0);
    }

    /// What the run reports to the one above: all that it is charged, where that has a budget.
    static Usage charged(RunState state) {
        var usage = state.usage();
        if (!state.ledger().cap().isOfSpending()) {
            return usage;
        }
        var spent = state.ledger().spent();
        long unknown = Math.max(0, spent.tokens() - usage.inputTokens() - usage.outputTokens());
        return new Usage(spent.usd(), usage.inputTokens() + unknown, usage.outputTokens());
    }
}
