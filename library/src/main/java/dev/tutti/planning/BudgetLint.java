package dev.tutti.planning;

import dev.tutti.core.dispatch.Match;
import dev.tutti.core.event.Agent;
import dev.tutti.core.event.Budget;
import dev.tutti.core.event.Fault;
import dev.tutti.core.event.Task.Performer;
import dev.tutti.core.goal.Team;
import dev.tutti.core.goal.Workflow;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/// Finds budgets that are too small for what is written, and trees of runs that nothing bounds.
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
