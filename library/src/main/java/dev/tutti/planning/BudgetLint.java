package dev.tutti.planning;

import dev.tutti.core.budget.Ledger;
import dev.tutti.core.dispatch.Match;
import dev.tutti.core.event.Agent;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Budget;
import dev.tutti.core.event.Fault;
import dev.tutti.core.event.Money;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.Task.Performer;
import dev.tutti.core.event.TimeText;
import dev.tutti.core.goal.Team;
import dev.tutti.core.goal.Workflow;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Finds budgets that are too small for what is written, agents that they keep from tasks, and
/// trees of runs that nothing bounds.
final class BudgetLint {
    private final Team team;
    private final List<Fault> found = new ArrayList<>();

    private BudgetLint(Team team) {
        this.team = team;
    }

    /// What is found of a workflow.
    static List<Fault> of(Team team, Workflow workflow) {
        var lint = new BudgetLint(team);
        lint.enough(workflow);
        lint.expected(workflow);
        lint.kept(workflow);
        lint.bounded(workflow);
        return List.copyOf(lint.found);
    }

    private void add(String code, Workflow workflow, @Nullable String key, String... said) {
        var at = new ArrayList<>(List.of("workflows", workflow.name()));
        if (key != null) {
            at.addAll(List.of("budget", key));
        }
        found.add(new Fault(code, said[0], at, null, said[1], said[2]));
    }

    // ---- enough

    private void enough(Workflow workflow) {
        int tasks = 0;
        int attempts = 0;
        int runs = 0;
        for (var task : workflow.tasks()) {
            var each = task.flow().each();
            if (task.when() != null || (each != null && !each.isReplicas())) {
                continue;
            }
            int times = each == null ? 1 : each.max();
            tasks += times;
            // Replicas are done less often where attempts are few; messages are waited for.
            attempts += task.performer() instanceof Performer.ByMessage ? 0 : 1;
            runs += Match.isRun(team.agents(), task.performer()) ? times : 0;
        }
        var budget = workflow.budget();
        // What a run within counts is counted here too: its beginning, and one attempt and task.
        few(workflow, "tasks", budget.tasks(), tasks + runs);
        few(workflow, "attempts", budget.attempts(), attempts + runs);
        few(workflow, "runs", budget.runs(), runs);
    }

    private void few(Workflow workflow, String limit, @Nullable Integer most, int least) {
        if (most != null && most < least) {
            add(
                    "W-LINT-07",
                    workflow,
                    limit,
                    "a run may have "
                            + most
                            + " "
                            + limit
                            + ", and with what is written it needs "
                            + least
                            + " at least",
                    "too few",
                    "write " + least + " or more");
        }
    }

    /// What agents say of themselves, where the cheapest and the fastest of them do all of it.
    private void expected(Workflow workflow) {
        var budget = workflow.budget();
        if (budget.usd() != null) {
            var least = Money.ZERO;
            for (var task : certain(workflow)) {
                least = least.plus(least(task, Agent.Price::usd, Money.ZERO));
            }
            if (least.compareTo(budget.usd()) > 0) {
                little(workflow, "usd", "$" + budget.usd(), "$" + least, least.toString());
            }
        }
        if (budget.time() != null) {
            var least = longest(workflow);
            if (least.compareTo(budget.time()) > 0) {
                var enough = TimeText.of(least);
                little(workflow, "time", TimeText.of(budget.time()), enough, enough);
            }
        }
    }

    private void little(Workflow workflow, String limit, String most, String least, String enough) {
        add(
                "W-LINT-07",
                workflow,
                limit,
                "a run may take "
                        + most
                        + ", and by the `price` of its agents what is written takes "
                        + least
                        + " at least",
                "too little",
                "write " + enough + " or more");
    }

    /// Tasks that are done once at least, whatever comes out.
    private static List<Task> certain(Workflow workflow) {
        return workflow.tasks().stream()
                .filter(task -> {
                    var each = task.flow().each();
                    return task.when() == null && (each == null || each.isReplicas());
                })
                .toList();
    }

    /// The least that an agent says a task takes; nothing where one of them does not say.
    private <T extends Comparable<T>> T least(
            Task task, Function<Agent.Price, @Nullable T> of, T nothing) {
        T least = null;
        for (var agent : Match.capable(team.agents(), task.performer())) {
            var said = of.apply(agent.price());
            if (said == null) {
                return nothing;
            }
            least = least == null || said.compareTo(least) < 0 ? said : least;
        }
        return least == null ? nothing : least;
    }

    /// The time of the longest chain of tasks, each at the agent that is fastest.
    private Duration longest(Workflow workflow) {
        var tasks = certain(workflow);
        var waits = new HashMap<String, Integer>();
        var after = new HashMap<String, List<Task>>();
        var names = tasks.stream().map(Task::name).toList();
        for (var task : tasks) {
            var on = task.dependencies().stream().distinct().filter(names::contains).toList();
            waits.put(task.name(), on.size());
            on.forEach(name -> after.computeIfAbsent(name, _ -> new ArrayList<>()).add(task));
        }
        var open = new ArrayDeque<Task>();
        tasks.stream().filter(task -> waits.getOrDefault(task.name(), 0) == 0).forEach(open::add);
        var over = new HashMap<String, Duration>();
        var longest = Duration.ZERO;
        while (!open.isEmpty()) {
            var task = open.remove();
            var end =
                    over.getOrDefault(task.name(), Duration.ZERO)
                            .plus(least(task, Agent.Price::time, Duration.ZERO));
            longest = end.compareTo(longest) > 0 ? end : longest;
            for (var next : after.getOrDefault(task.name(), List.of())) {
                over.merge(
                        next.name(), end, (one, other) -> one.compareTo(other) > 0 ? one : other);
                if (waits.merge(next.name(), -1, Integer::sum) == 0) {
                    open.add(next);
                }
            }
        }
        return longest;
    }

    // ---- kept from tasks

    /// Agents that a budget keeps from tasks which others can do within it.
    private void kept(Workflow workflow) {
        var budget = workflow.budget();
        if (!budget.isOfSpending()) {
            return;
        }
        var told = new LinkedHashSet<AgentId>();
        for (var task : workflow.tasks()) {
            var capable = Match.capable(team.agents(), task.performer());
            var kept = capable.stream().filter(agent -> isKept(budget, agent)).toList();
            if (kept.size() == capable.size()) {
                continue;
            }
            for (var agent : kept) {
                if (told.add(agent.id())) {
                    boolean unbounded = Ledger.worst(budget, agent).isEmpty();
                    add(
                            "W-LINT-09",
                            workflow,
                            null,
                            unbounded
                                    ? "`"
                                            + agent.id()
                                            + "` may be given `"
                                            + task.name()
                                            + "` and does not say what an attempt can take at most:"
                                            + " the task fails then"
                                    : "`"
                                            + agent.id()
                                            + "` is never given `"
                                            + task.name()
                                            + "`: an attempt may take more than the whole budget",
                            unbounded ? "no worst case" : "more than the budget",
                            unbounded
                                    ? "add `limits` to `" + agent.id() + "`"
                                    : "lower `limits` of `"
                                            + agent.id()
                                            + "`, or raise the budget");
                }
            }
        }
    }

    private static boolean isKept(Budget budget, Agent agent) {
        if (agent.workflow() != null) {
            return false;
        }
        var worst = Ledger.worst(budget, agent).orElse(null);
        return worst == null
                || (budget.usd() != null && worst.usd().compareTo(budget.usd()) > 0)
                || (budget.tokens() != null && worst.tokens() > budget.tokens());
    }

    // ---- bounded

    private void bounded(Workflow workflow) {
        if (isBounded(workflow.budget()) || !reaches(workflow, workflow.name())) {
            return;
        }
        add(
                "W-LINT-08",
                workflow,
                null,
                "a run of `"
                        + workflow.name()
                        + "` may have runs of itself within it, and nothing bounds how many",
                "a tree without a cap",
                "give it `budget: { runs: … }`, or money, tokens, attempts or tasks");
    }

    private static boolean isBounded(Budget budget) {
        return budget.isOfSpending() || budget.isOfCounts();
    }

    private boolean reaches(Workflow from, String wanted) {
        var seen = new LinkedHashSet<String>();
        var open = new ArrayList<>(within(from));
        while (!open.isEmpty()) {
            var name = open.removeLast();
            if (name.equals(wanted)) {
                return true;
            }
            if (seen.add(name)) {
                team.workflow(name).ifPresent(one -> open.addAll(within(one)));
            }
        }
        return false;
    }

    /// The workflows that may be runs within. A planner may have any skill of the team used.
    private SequencedSet<String> within(Workflow workflow) {
        var names = new LinkedHashSet<String>();
        for (var task : workflow.tasks()) {
            if (task.performer() instanceof Performer.ByWorkflow(var name)) {
                names.add(name);
            }
            names.addAll(of(Match.capable(team.agents(), task.performer())));
        }
        if (workflow.planner() != null) {
            names.addAll(of(team.agents()));
        }
        return names;
    }

    private static List<String> of(List<Agent> agents) {
        var names = new ArrayList<String>();
        for (var agent : agents) {
            if (agent.workflow() != null) {
                names.add(agent.workflow());
            }
        }
        return names;
    }
}
