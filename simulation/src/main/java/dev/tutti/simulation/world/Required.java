package dev.tutti.simulation.world;

import dev.tutti.core.dispatch.Match;
import dev.tutti.core.event.Agent;
import dev.tutti.core.event.Meant;
import dev.tutti.core.event.Passing;
import dev.tutti.core.event.Require;
import dev.tutti.core.event.Resolve;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.Task.Performer;
import dev.tutti.core.event.Traits;
import dev.tutti.core.event.Version;
import dev.tutti.core.goal.Team;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/// In some worlds tasks require more of an agent than a skill.
final class Required {
    private static final String LABEL = "near";

    private final SplittableRandom dice;

    private Required(SplittableRandom dice) {
        this.dice = dice;
    }

    /// The team, in a third of the worlds with agents that differ, and tasks that mind.
    static Team of(Team team, SplittableRandom dice) {
        if (dice.nextInt(3) != 0) {
            return team;
        }
        var required = new Required(dice);
        var agents = new ArrayList<Agent>();
        boolean first = true;
        for (var agent : team.agents()) {
            boolean able = agent.skills().contains(Plans.WORK) && !agent.isHuman();
            agents.add(
                    able
                            ? agent.with(
                                    new Traits(
                                            first ? List.of(LABEL) : List.of(),
                                            Map.of(Plans.WORK, new Version(2, first ? 1 : 0))))
                            : agent);
            first &= !able;
        }
        return new Team(
                team.skills(),
                agents,
                team.workflows().stream()
                        .map(workflow ->
                                workflow.withTasks(
                                        workflow.tasks().stream()
                                                .map(task -> required.task(task, agents))
                                                .toList()))
                        .toList(),
                team.terms());
    }

    private Task task(Task task, List<Agent> agents) {
        boolean work = task.performer().equals(new Performer.BySkill(Plans.WORK));
        return switch (work ? dice.nextInt(5) : 4) {
            case 0 -> by(task, new Require(List.of(LABEL), null));
            case 1 -> by(task, new Require(List.of(), new Version(2, dice.nextInt(2))));
            case 2 -> isPlain(task) ? byAll(task, agents) : task;
            case 3 -> task.with(new Performer.BySkill(Plans.WORK, Require.NONE, meant(task)));
            default -> task;
        };
    }

    /// As if work had been asked for in other words.
    private static Meant meant(Task task) {
        var next = task.name().length() % 2 == 0 ? new Meant.Near(Plans.UNDO, 0.25) : null;
        return new Meant("get it done", 0.75, next);
    }

    private static boolean isPlain(Task task) {
        var flow = task.flow();
        return task.passing() == null
                && flow.each() == null
                && flow.loop() == null
                && flow.emit() == null
                && task.policy().approval() == null
                && task.policy().undo() == null
                && task.undoes() == null
                && !task.plans();
    }

    private static Task byAll(Task task, List<Agent> agents) {
        var able = Match.capable(agents, task.performer()).stream().map(Agent::id).toList();
        var all = Task.Each.replicas(able.size(), new Resolve(new Resolve.By.Vote()));
        return able.isEmpty()
                ? task
                : task.with(task.flow().with(all)).with(new Passing.Ensemble(able));
    }

    private static Task by(Task task, Require require) {
        return task.with(new Performer.BySkill(Plans.WORK, require));
    }
}
