package dev.tutti.core.run;

import dev.tutti.core.budget.Ledger;
import dev.tutti.core.dispatch.Match;
import dev.tutti.core.event.Agent;
import dev.tutti.core.event.Budget;
import dev.tutti.core.event.Fault;
import dev.tutti.core.event.Spend;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.Task.Performer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// Tasks that can never be done within a budget, whatever goes well: of all agents that can do one,
/// each may take more in a single attempt than there is, or does not say what it may take. Known
/// before anything is spent.
///
/// What is not certain is no fault here: an attempt that fits by itself may find too little left,
/// and what a run within needs is known when it begins.
public final class Unaffordable {
    /// More agents than this are not named.
    private static final int MOST_NAMED = 3;

    private final Budget cap;
    private final Spend spent;
    private final List<Agent> agents;
    private final List<Fault> found = new ArrayList<>();

    private Unaffordable(Budget cap, Spend spent, List<Agent> agents) {
        this.cap = cap;
        this.spent = spent;
        this.agents = agents;
    }

    /// What is found of tasks, each at `tasks` and its name.
    ///
    /// @param cap the budget of the run
    /// @param spent of it by now, which never comes back
    public static List<Fault> of(Budget cap, Spend spent, List<Task> tasks, List<Agent> agents) {
        var check = new Unaffordable(cap, spent, agents);
        if (cap.isOfSpending()) {
            for (var task : tasks) {
                check.check(List.of("tasks", task.name()), task.performer());
                var verify = task.policy().gate().verify();
                if (verify != null) {
                    check.check(List.of("tasks", task.name(), "verify"), verify.performer());
                }
            }
        }
        return List.copyOf(check.found);
    }

    /// What is found of one who is to do something, such as a planner.
    public static List<Fault> of(
            Budget cap, List<String> at, Performer performer, List<Agent> agents) {
        var check = new Unaffordable(cap, Spend.NONE, agents);
        if (cap.isOfSpending()) {
            check.check(at, performer);
        }
        return List.copyOf(check.found);
    }

    private void check(List<String> at, Performer performer) {
        var capable = Match.capable(agents, performer);
        if (capable.isEmpty() || capable.stream().anyMatch(this::fits)) {
            return;
        }
        var unbounded = new ArrayList<Agent>();
        var dear = new ArrayList<Agent>();
        for (var agent : capable) {
            (Ledger.worst(cap, agent).isEmpty() ? unbounded : dear).add(agent);
        }
        var said = new ArrayList<String>();
        if (!dear.isEmpty()) {
            var least =
                    dear.stream()
                            .map(agent -> Ledger.worst(cap, agent).orElseThrow())
                            .reduce((before, next) -> isLess(next, before) ? next : before)
                            .orElseThrow();
            said.add(names(dear) + " may take " + least + (dear.size() > 1 ? " or more" : ""));
        }
        if (!unbounded.isEmpty()) {
            said.add(names(unbounded) + " does not say what an attempt can take at most");
        }
        var limit = cap.usd() == null ? "tokens" : "usd";
        found.add(
                new Fault(
                        "E-BUDGET-02",
                        "nobody can do `"
                                + at.getLast()
                                + "` within the budget of "
                                + words()
                                + ": "
                                + String.join(", and ", said),
                        at,
                        null,
                        dear.isEmpty() ? "no worst case" : "more than the budget",
                        dear.isEmpty()
                                ? "add `limits: { "
                                        + limit
                                        + ": … }` to "
                                        + names(unbounded)
                                        + ", or `price: { usd: 0 }` where it costs nothing"
                                : "lower `limits` of " + names(dear) + ", or raise the budget"));
    }

    private boolean fits(Agent agent) {
        if (agent.workflow() != null) {
            return true;
        }
        var worst = Ledger.worst(cap, agent);
        if (worst.isEmpty()) {
            return false;
        }
        var total = spent.plus(worst.get());
        return (cap.usd() == null
                        || worst.get().usd().usd().signum() == 0
                        || total.usd().compareTo(cap.usd()) <= 0)
                && (cap.tokens() == null
                        || worst.get().tokens() == 0
                        || total.tokens() <= cap.tokens());
    }

    private static boolean isLess(Spend one, Spend other) {
        int money = one.usd().compareTo(other.usd());
        return money < 0 || (money == 0 && one.tokens() < other.tokens());
    }

    private String words() {
        var limits = new ArrayList<String>();
        if (cap.usd() != null) {
            limits.add("$" + cap.usd());
        }
        if (cap.tokens() != null) {
            limits.add(cap.tokens() + " tokens");
        }
        return String.join(" and ", limits)
                + (spent.isNone() ? "" : ", of which " + spent + " is spent");
    }

    private static String names(List<Agent> some) {
        var named =
                some.stream()
                        .limit(MOST_NAMED)
                        .map(agent -> "`" + agent.id() + "`")
                        .collect(Collectors.joining(", "));
        return some.size() <= MOST_NAMED
                ? named
                : named + " and " + (some.size() - MOST_NAMED) + " others";
    }
}
