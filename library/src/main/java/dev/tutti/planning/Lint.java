package dev.tutti.planning;

import dev.tutti.core.dispatch.Match;
import dev.tutti.core.event.Agent;
import dev.tutti.core.event.Fault;
import dev.tutti.core.event.Sharing;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.Task.Performer;
import dev.tutti.core.event.Value;
import dev.tutti.core.expression.Expressions;
import dev.tutti.core.goal.Team;
import dev.tutti.core.goal.Workflow;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Finds what is sound and yet not as it should be: more orchestration than the work needs, order
/// where none is needed, agents who share what they should not, and budgets that cannot do. All of
/// it warns only.
public final class Lint {

    /// A chain by one agent of at least so many tasks could be one task.
    private static final int LONG_CHAIN = 3;

    private final Team team;
    private final Expressions expressions = new Expressions();
    private final List<Fault> found = new ArrayList<>();

    private Lint(Team team) {
        this.team = team;
    }

    /// Everything found, in the order of the file.
    ///
    /// @param document that the team was read from
    public static List<Fault> of(Team team, Value.Struct document) {
        var lint = new Lint(team);
        for (var workflow : team.workflows()) {
            if (workflow.isWithin()) {
                continue;
            }
            var uses = Uses.of(lint.expressions, workflow);
            if (workflow.planner() == null) {
                lint.chains(workflow, uses);
                lint.rigid(workflow, uses);
            } else {
                lint.planners(workflow);
            }
            lint.found.addAll(StateLint.of(team, document, workflow));
            lint.found.addAll(TrafficLint.of(team, workflow));
            lint.found.addAll(BudgetLint.of(team, workflow));
        }
        return List.copyOf(lint.found);
    }

    private void add(
            String code,
            String message,
            Workflow workflow,
            List<String> at,
            String label,
            @Nullable String help) {
        var path = new ArrayList<>(List.of("workflows", workflow.name()));
        path.addAll(at);
        found.add(new Fault(code, message, path, null, label, help));
    }

    // ---- over-orchestration

    /// Tasks one after the other, by the same agent and nobody else, each used by the next alone.
    private void chains(Workflow workflow, Uses uses) {
        var done = new LinkedHashSet<String>();
        for (var task : workflow.tasks()) {
            if (done.contains(task.name()) || !plain(task) || next(task, workflow, uses) == null) {
                continue;
            }
            var chain = new ArrayList<>(List.of(task));
            for (var next = next(task, workflow, uses);
                    next != null && plain(next) && who(next).equals(who(task));
                    next = next(next, workflow, uses)) {
                chain.add(next);
            }
            if (chain.size() >= LONG_CHAIN && !who(task).isEmpty()) {
                chain.forEach(one -> done.add(one.name()));
                var names =
                        chain.stream()
                                .map(one -> "`" + one.name() + "`")
                                .collect(Collectors.joining(", "));
                add(
                        "W-LINT-01",
                        names
                                + " are one after the other, all by `"
                                + who(task)
                                + "`, with no branch and no check between them",
                        workflow,
                        List.of("tasks", task.name()),
                        "a chain of " + chain.size(),
                        "one task that does all of it saves "
                                + (chain.size() - 1)
                                + " hand-overs; keep them apart where one of them must not be done twice");
            }
        }
    }

    /// The only task that needs this one, if it needs no other, or null.
    private static @Nullable Task next(Task task, Workflow workflow, Uses uses) {
        var users = uses.of(task.name()).stream().map(Uses.Use::user).distinct().toList();
        if (users.size() != 1 || users.getFirst().equals(Uses.OUTPUT)) {
            return null;
        }
        return workflow.tasks().stream()
                .filter(one -> one.name().equals(users.getFirst()))
                .filter(one -> one.dependencies().equals(List.of(task.name())))
                .filter(one -> !uses.isOrderOnly(one.name(), task.name()))
                .findFirst()
                .orElse(null);
    }

    /// Whether a task has nothing that only a task of its own can have.
    private static boolean plain(Task task) {
        return task.flow().equals(Task.Flow.ONCE)
                && task.policy().equals(Task.Policy.DEFAULT)
                && task.sharing().equals(Sharing.NOTHING)
                && task.passing() == null;
    }

    /// The only agent that can do a task, or empty.
    private String who(Task task) {
        var capable = Match.capable(team.agents(), task.performer());
        return capable.size() == 1 && !capable.getFirst().isHuman()
                ? capable.getFirst().id().value()
                : "";
    }

    /// A planner that has no choice.
    private void planners(Workflow workflow) {
        var skills = new LinkedHashSet<String>();
        var planner = workflow.planner();
        for (var agent : team.agents()) {
            if (planner == null || !agent.id().equals(planner.agent())) {
                agent.skills().forEach(skill -> skills.add(skill.value()));
            }
        }
        if (skills.size() == 1) {
            add(
                    "W-LINT-02",
                    "the planner has one skill to plan with: every plan is tasks of `"
                            + skills.getFirst()
                            + "`",
                    workflow,
                    List.of("goal"),
                    "nothing to plan",
                    "write the one task: `tasks: { "
                            + skills.getFirst()
                            + ": { skill: "
                            + skills.getFirst()
                            + " } }`");
        }
    }

    // ---- rigid order

    private void rigid(Workflow workflow, Uses uses) {
        for (var task : workflow.tasks()) {
            for (var before : task.dependencies()) {
                var other =
                        workflow.tasks().stream()
                                .filter(one -> one.name().equals(before))
                                .findFirst()
                                .orElse(null);
                if (other != null
                        && uses.isOrderOnly(task.name(), before)
                        && task.flow().join().equals(Task.Join.ALL)
                        && !ordered(other)
                        && !ordered(task)) {
                    add(
                            "W-LINT-03",
                            "`"
                                    + task.name()
                                    + "` waits for `"
                                    + before
                                    + "` and takes nothing from it",
                            workflow,
                            List.of("tasks", task.name(), "after", before),
                            "order without use",
                            "drop it, and both can run at once; keep it where `"
                                    + before
                                    + "` changes something that `"
                                    + task.name()
                                    + "` looks at");
                }
            }
        }
    }

    /// Whether what a task does outside, or for its skipping, can be a reason to wait for it: then
    /// the order is meant.
    private boolean ordered(Task task) {
        return task.flow().when() != null
                || task.flow().emit() != null
                || !task.flow().cancels().isEmpty()
                || !task.flow().locks().isEmpty()
                || !task.sharing().writes().isEmpty()
                || task.policy().undo() != null
                || task.policy().effects() == Task.Effects.AT_MOST_ONCE
                || task.policy().approval() != null
                || task.performer() instanceof Performer.ByMessage
                || task.performer() instanceof Performer.ByWorkflow
                || Match.capable(team.agents(), task.performer()).stream().anyMatch(Lint::changes);
    }

    /// Whether an agent may change something outside.
    private static boolean changes(Agent agent) {
        return agent.isHuman()
                || agent.effects() == Task.Effects.AT_MOST_ONCE
                || agent.uses().equals("process")
                || agent.settings().get("tools") instanceof Value.Array;
    }
}
