package dev.tutti.simulation.world;

import dev.tutti.core.event.Agent;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.Task.Performer;
import dev.tutti.core.event.Task.Remedy;
import dev.tutti.core.event.Task.Rule;
import dev.tutti.core.event.Task.Rule.Decision;
import dev.tutti.core.event.Traits;
import dev.tutti.core.goal.Team;
import dev.tutti.core.goal.Workflow;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// In some worlds agents are trusted to different degrees, tasks say who may have them, and
/// failures go to the planner or to a person by name.
final class Ruled {
    /// What rules are drawn from. Some cannot be evaluated, for some inputs or for any.
    private static final List<String> CONDITIONS =
            List.of(
                    "${agent.trust < 0.5}",
                    "${agent.trust >= 0.5}",
                    "${agent.name == 'one'}",
                    "${'near' in agent.labels}",
                    "${input.n > 2 && agent.name != 'two'}",
                    "${input.n % 2 == 0}",
                    "${task.skill == 'work' && agent.trust < 0.9}",
                    "${input.from > 1}",
                    "${agent.height > 2}",
                    "${true}");

    private final SplittableRandom dice;

    private Ruled(SplittableRandom dice) {
        this.dice = dice;
    }

    private boolean once(int in) {
        return dice.nextInt(in) == 0;
    }

    /// The team, in a third of the worlds with rules, and with rungs of ladders that lead
    /// elsewhere.
    static Team of(Team team, SplittableRandom dice) {
        var ruled = new Ruled(dice);
        if (!ruled.once(3)) {
            return team;
        }
        var agents = new ArrayList<Agent>();
        for (var agent : team.agents()) {
            var own = agent.traits();
            var trust = dice.nextInt(11) / 10.0;
            agents.add(agent.with(new Traits(own.labels(), own.versions(), trust)));
        }
        return new Team(
                team.skills(),
                agents,
                team.workflows().stream().map(ruled::workflow).toList(),
                team.terms());
    }

    private Workflow workflow(Workflow workflow) {
        boolean planned = workflow.planner() != null;
        return workflow.withTasks(
                workflow.tasks().stream().map(task -> task(task, planned)).toList());
    }

    private Task task(Task task, boolean planned) {
        if (task.performer() instanceof Performer.ByMessage) {
            return task;
        }
        var policy = remedied(task.policy(), planned);
        return bounded(task).with(once(2) ? policy.withRules(rules()) : policy);
    }

    /// The most items of some fan-outs follow from the input, for now and then too few. Nothing is
    /// drawn for it.
    private static Task bounded(Task task) {
        var each = task.flow().each();
        boolean some = Math.floorMod(task.name().hashCode(), 3) == 0;
        return each != null && !each.isReplicas() && task.passing() == null && some
                ? task.with(task.flow().with(each.withMost("${input.n + 2}")))
                : task;
    }

    private Task.Policy remedied(Task.Policy policy, boolean planned) {
        var ladder = new ArrayList<>(policy.ladder());
        int first = ladder.indexOf(Remedy.REROUTE) + 1;
        if (planned && once(3)) {
            ladder.add(first, Remedy.REPLAN);
        }
        if (once(6)) {
            ladder.add(first, Remedy.ESCALATE);
        }
        var changed = policy.withLadder(ladder.toArray(Remedy[]::new));
        return ladder.contains(Remedy.ESCALATE)
                ? changed.withEscalation(once(2) ? Plans.BOSS : Plans.CLERK)
                : changed;
    }

    private Rule[] rules() {
        var rules = new ArrayList<Rule>();
        var decisions = List.of(Decision.values());
        int count = 1 + dice.nextInt(3);
        for (int i = 0; i < count; i++) {
            rules.add(
                    new Rule(
                            decisions.get(dice.nextInt(decisions.size())),
                            CONDITIONS.get(dice.nextInt(CONDITIONS.size()))));
        }
        return rules.toArray(Rule[]::new);
    }
}
