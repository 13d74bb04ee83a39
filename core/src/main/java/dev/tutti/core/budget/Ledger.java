package dev.tutti.core.budget;

import dev.tutti.core.event.Agent;
import dev.tutti.core.event.Budget;
import dev.tutti.core.event.Money;
import dev.tutti.core.event.Spend;
import dev.tutti.core.event.Tally;
import dev.tutti.core.event.TaskId;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.pcollections.HashTreePMap;
import org.pcollections.OrderedPMap;
import org.pcollections.PMap;
import org.pcollections.PSortedSet;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

/// The money, tokens, attempts, tasks and runs of one run. Nothing begins before its worst case is
/// set aside, and what is set aside and spent is never more than the budget, unless an agent takes
/// more than it declared.
///
/// @param cap the most that the run may take
/// @param spent what is settled
/// @param reserved what is set aside for attempts under way, by token
/// @param held all of it together
/// @param owed runs within that were given up before they reported what they spent
/// @param attempts how many the run itself began
/// @param waiting tasks that wait for what others give back, with what each needs
/// @param parts what runs within may count against it, and have
/// @param alarms the latest share of each limit that was told of, in percent
public record Ledger(
        Budget cap,
        Spend spent,
        PMap<Long, Spend> reserved,
        Spend held,
        PSortedSet<Long> owed,
        int attempts,
        PMap<TaskId, Spend> waiting,
        Parts parts,
        PMap<String, Integer> alarms) {

    public static final Ledger NONE = of(Budget.NONE);

    /// Money within a run is shared out in parts no finer than this.
    private static final int DIGITS = 9;

    /// The name of the limit of time.
    public static final String TIME = "time";

    private static final List<Integer> ALARMS = List.of(100, 80, 50);

    public static Ledger of(Budget cap) {
        return new Ledger(
                cap,
                Spend.NONE,
                HashTreePMap.empty(),
                Spend.NONE,
                TreePSet.empty(),
                0,
                OrderedPMap.empty(),
                Parts.NONE,
                TreePMap.empty());
    }

    // ---- what is there

    /// What is set aside for an attempt.
    public Spend aside(long token) {
        return reserved.getOrDefault(token, Spend.NONE);
    }

    /// What is neither spent nor set aside; where there is no limit, the limit's own part is empty.
    public Optional<Money> freeMoney() {
        return cap.usd() == null
                ? Optional.empty()
                : Optional.of(new Spend(cap.usd(), 0).minus(spent).minus(held).usd());
    }

    /// As [#freeMoney].
    public Optional<Long> freeTokens() {
        return cap.tokens() == null
                ? Optional.empty()
                : Optional.of(Math.max(0, cap.tokens() - spent.tokens() - held.tokens()));
    }

    /// Whether this much can be set aside now.
    public boolean fits(Spend need) {
        return freeMoney().map(free -> need.usd().compareTo(free) <= 0).orElse(true)
                && freeTokens().map(free -> need.tokens() <= free).orElse(true);
    }

    /// Whether one more attempt may be made.
    public boolean hasAttempts() {
        return freeAttempts().map(free -> free > 0).orElse(true);
    }

    /// How many attempts are neither made nor set aside for runs within; where there is no limit,
    /// empty.
    public Optional<Integer> freeAttempts() {
        return free(cap.attempts(), attempts + parts.taken().attempts());
    }

    /// As [#freeAttempts].
    ///
    /// @param own how many tasks are to be counted as the run's own
    public Optional<Integer> freeTasks(int own) {
        return free(cap.tasks(), own + parts.taken().tasks());
    }

    /// As [#freeAttempts].
    public Optional<Integer> freeRuns() {
        return free(cap.runs(), parts.begun() + parts.taken().runs());
    }

    private static Optional<Integer> free(@Nullable Integer most, int taken) {
        return most == null ? Optional.empty() : Optional.of(Math.max(0, most - taken));
    }

    /// What was counted of the run and of those within that have ended.
    ///
    /// @param own how many tasks it has begun itself
    public Tally tally(int own) {
        return new Tally(attempts, own, parts.begun()).plus(parts.taken());
    }

    /// The worst that an attempt of the agent can take, as far as the budget counts it; empty where
    /// the agent does not say.
    public Optional<Spend> worst(Agent agent) {
        return worst(cap, agent);
    }

    /// The same for a budget.
    public static Optional<Spend> worst(Budget cap, Agent agent) {
        if (!cap.isOfSpending() || agent.isHuman()) {
            return Optional.of(Spend.NONE);
        }
        boolean free = agent.price().usd() != null && agent.price().usd().equals(Money.ZERO);
        var effort = agent.limits().effort();
        var usd = effort.usd() != null ? effort.usd() : free ? Money.ZERO : null;
        var tokens = effort.tokens() != null ? effort.tokens() : free ? Long.valueOf(0) : null;
        if ((cap.usd() != null && usd == null) || (cap.tokens() != null && tokens == null)) {
            return Optional.empty();
        }
        return Optional.of(
                new Spend(
                        cap.usd() == null || usd == null ? Money.ZERO : usd,
                        cap.tokens() == null || tokens == null ? 0 : tokens));
    }

    /// What a run within may spend: what it declares, or an equal share of what is free, and never
    /// more than is there. None where nothing is.
    ///
    /// @param declared by its workflow; its other limits stay as they are
    /// @param shares among how many what is free is to last
    public Optional<Budget> carve(Budget declared, int shares) {
        var money = freeMoney();
        var tokens = freeTokens();
        var usd =
                money.map(free ->
                                least(
                                        declared.usd(),
                                        declared.usd() == null ? share(free, shares) : free))
                        .orElse(declared.usd());
        var most =
                tokens.map(free ->
                                declared.tokens() == null
                                        ? Long.valueOf(free / shares)
                                        : Long.valueOf(Math.min(declared.tokens(), free)))
                        .orElse(declared.tokens());
        boolean nothing =
                (money.isPresent() && Money.ZERO.equals(usd) && !Money.ZERO.equals(declared.usd()))
                        || (tokens.isPresent() && most != null && most == 0);
        return nothing
                ? Optional.empty()
                : Optional.of(
                        new Budget(
                                usd,
                                most,
                                declared.time(),
                                declared.attempts(),
                                declared.tasks(),
                                declared.runs()));
    }

    /// What a run within may count: what it declares, or an equal share of what is free, and never
    /// more than is there. None where that is less than it needs to do anything.
    ///
    /// @param budget that it has been carved so far
    /// @param shares among how many what is free is to last
    /// @param own how many tasks are to be kept for the run itself
    /// @param tasks how many the run within has for certain
    public Optional<Budget> carve(Budget budget, int shares, int own, int tasks) {
        // Its beginning is an attempt, and a run, of this run.
        var attempt = freeAttempts().map(free -> part(budget.attempts(), free, shares, 1, 1));
        var task = freeTasks(own).map(free -> part(budget.tasks(), free, shares, 0, tasks));
        var run = freeRuns().map(free -> part(budget.runs(), free, shares, 1, 0));
        return attempt.orElse(0) < 0 || task.orElse(0) < 0 || run.orElse(0) < 0
                ? Optional.empty()
                : Optional.of(
                        new Budget(
                                budget.usd(),
                                budget.tokens(),
                                budget.time(),
                                attempt.orElse(budget.attempts()),
                                task.orElse(budget.tasks()),
                                run.orElse(budget.runs())));
    }

    /// A part of what is free; -1 where it would be too small.
    ///
    /// @param self how much of it the run above counts as its own
    /// @param least how much the run within needs
    private static int part(@Nullable Integer declared, int free, int shares, int self, int least) {
        int most = free - self;
        int need = declared == null ? least : Math.min(declared, least);
        if (most < need) {
            return -1;
        }
        return Math.min(most, declared == null ? Math.max(least, free / shares - self) : declared);
    }

    /// What a budget sets aside of what is counted in the run that it is carved from.
    public Tally countAside(Budget carved) {
        return new Tally(
                cap.attempts() == null || carved.attempts() == null ? 0 : carved.attempts(),
                cap.tasks() == null || carved.tasks() == null ? 0 : carved.tasks(),
                cap.runs() == null || carved.runs() == null ? 0 : carved.runs());
    }

    private static Money least(@Nullable Money one, Money other) {
        return one == null || one.compareTo(other) > 0 ? other : one;
    }

    private static Money share(Money free, int shares) {
        return new Money(free.usd().divide(BigDecimal.valueOf(shares), DIGITS, RoundingMode.DOWN));
    }

    /// What a budget sets aside in the run that it is carved from.
    public Spend setAside(Budget carved) {
        return new Spend(
                cap.usd() == null || carved.usd() == null ? Money.ZERO : carved.usd(),
                cap.tokens() == null || carved.tokens() == null ? 0 : carved.tokens());
    }

    /// A share of a limit that is used up.
    ///
    /// @param percent 50, 80 or 100
    public record Alarm(String limit, int percent) {}

    /// The greatest share of each limit that is used up and was not told of; time has its own.
    ///
    /// @param own how many tasks the run has begun itself
    public List<Alarm> due(int own) {
        var due = new ArrayList<Alarm>();
        var used = parts.used();
        if (cap.usd() != null) {
            due(due, "usd", spent.usd().usd(), cap.usd().usd());
        }
        due(due, "tokens", spent.tokens(), cap.tokens());
        due(due, "attempts", attempts + used.attempts(), cap.attempts());
        due(due, "tasks", own + used.tasks(), cap.tasks());
        due(due, "runs", parts.begun() + used.runs(), cap.runs());
        return due;
    }

    private void due(List<Alarm> due, String limit, long used, @Nullable Number most) {
        if (most != null) {
            due(due, limit, BigDecimal.valueOf(used), BigDecimal.valueOf(most.longValue()));
        }
    }

    private void due(List<Alarm> due, String limit, BigDecimal used, BigDecimal most) {
        var hundredfold = used.multiply(BigDecimal.valueOf(100));
        if (most.signum() > 0) {
            ALARMS.stream()
                    .filter(percent -> percent > told(limit))
                    .filter(percent ->
                            hundredfold.compareTo(most.multiply(BigDecimal.valueOf(percent))) >= 0)
                    .findFirst()
                    .ifPresent(percent -> due.add(new Alarm(limit, percent)));
        }
    }

    /// The latest share of a limit that was told of, 0 for none.
    public int told(String limit) {
        return alarms.getOrDefault(limit, 0);
    }

    /// The latest share that was told of any limit but time, which is used up in any case.
    public int alarm() {
        return alarms.entrySet().stream()
                .filter(told -> !told.getKey().equals(TIME))
                .mapToInt(Map.Entry::getValue)
                .max()
                .orElse(0);
    }

    // ---- what happens

    public Ledger begun() {
        return with(spent, reserved, held, owed, attempts + 1, waiting, parts);
    }

    public Ledger reserve(long token, Spend spend) {
        return spend.isNone()
                ? this
                : with(
                        spent,
                        reserved.plus(token, spend),
                        held.plus(spend),
                        owed,
                        attempts,
                        waiting,
                        parts);
    }

    /// A run within begins, and has this part of what is counted.
    public Ledger begunWithin(long token, Tally part) {
        return with(parts.begin(token, part));
    }

    /// A run within has said how much of its part it used; the rest is free.
    public Ledger returned(long token, Tally used) {
        return with(parts.returned(token, used));
    }

    /// The attempt took this much, and what was set aside for it is free.
    ///
    /// @param known whether that is all it took; otherwise it is charged what was set aside
    public Ledger settle(long token, Spend taken, boolean known) {
        var aside = aside(token);
        return with(
                spent.plus(known ? taken : taken.atLeast(aside)),
                reserved.minus(token),
                held.minus(aside),
                owed,
                attempts,
                waiting,
                parts.aside().containsKey(token) ? parts.returned(token, Tally.NONE) : parts);
    }

    /// A run within is given up; what it spent is not known before it reports.
    public Ledger owe(long token) {
        return with(spent, reserved, held, owed.plus(token), attempts, waiting, parts);
    }

    /// A run within that was given up has reported what it spent.
    public Ledger paid(long token, Spend taken) {
        return with(spent, reserved, held, owed.minus(token), attempts, waiting, parts)
                .settle(token, taken, true);
    }

    /// The task cannot begin before others have given something back.
    ///
    /// @param counted what it needs for a run within, none for others
    public Ledger await(TaskId task, Spend need, Tally counted) {
        return with(
                spent,
                reserved,
                held,
                owed,
                attempts,
                waiting.plus(task, need),
                parts.await(task, counted));
    }

    public Ledger goesOn(TaskId task) {
        return waiting.containsKey(task)
                ? with(
                        spent,
                        reserved,
                        held,
                        owed,
                        attempts,
                        waiting.minus(task),
                        parts.goesOn(task))
                : this;
    }

    /// A share was told of.
    ///
    /// @param limit null for money or tokens, whichever it was
    public Ledger told(@Nullable String limit, int percent) {
        return with(
                cap,
                limit == null
                        ? alarms.plus("usd", percent).plus("tokens", percent)
                        : alarms.plus(limit, percent));
    }

    /// Another budget holds from now on, and its alarms begin anew but for that of time.
    public Ledger raised(Budget other) {
        PMap<String, Integer> none = TreePMap.empty();
        return with(other, told(TIME) == 0 ? none : none.plus(TIME, told(TIME)));
    }

    /// The run has another deadline, and nothing of its time was told of.
    public Ledger timedAnew() {
        return with(cap, alarms.minus(TIME));
    }

    private Ledger with(Budget newCap, PMap<String, Integer> newAlarms) {
        return new Ledger(newCap, spent, reserved, held, owed, attempts, waiting, parts, newAlarms);
    }

    private Ledger with(Parts newParts) {
        return with(spent, reserved, held, owed, attempts, waiting, newParts);
    }

    private Ledger with(
            Spend newSpent,
            PMap<Long, Spend> newReserved,
            Spend newHeld,
            PSortedSet<Long> newOwed,
            int newAttempts,
            PMap<TaskId, Spend> newWaiting,
            Parts newParts) {
        return new Ledger(
                cap,
                newSpent,
                newReserved,
                newHeld,
                newOwed,
                newAttempts,
                newWaiting,
                newParts,
                alarms);
    }
}
