package dev.tutti.simulation.world;

import dev.tutti.core.event.Agent;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Outcome;
import dev.tutti.core.event.Passing;
import dev.tutti.core.event.Passing.Turns;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.Task.Performer;
import dev.tutti.core.event.Usage;
import dev.tutti.core.event.Value;
import dev.tutti.core.goal.Workflow;
import dev.tutti.core.run.Action;
import dev.tutti.core.run.Passed;
import dev.tutti.runtime.agent.Handing;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// Lets some tasks of some teams go from agent to agent, by dice of its own; and what agents make
/// of it.
final class Relays {
    private final SplittableRandom random;
    private final List<AgentId> workers;
    private final boolean some;

    Relays(SplittableRandom random, List<Agent> agents) {
        this.random = random;
        workers = agents.stream().filter(one -> !one.isHuman()).map(Agent::id).toList();
        some = random.nextInt(3) == 0;
    }

    Workflow in(Workflow workflow) {
        return workflow.withTasks(workflow.tasks().stream().map(this::in).toList());
    }

    private Task in(Task task) {
        boolean works =
                task.performer().equals(new Performer.BySkill(Plans.WORK))
                        || task.performer() instanceof Performer.ByAgent;
        boolean resolved = task.flow().each() != null && task.flow().each().resolve() != null;
        if (!some || !works || resolved || workers.size() < 2 || random.nextInt(3) != 0) {
            return task;
        }
        return task.flow().loop() == null && random.nextBoolean()
                ? task.with(group())
                : task.with(new Passing.HandOff(workers, 1 + random.nextInt(4)));
    }

    private Passing group() {
        var ways = List.of(Turns.values());
        var turns = ways.get(random.nextInt(ways.size()));
        boolean moderated = turns == Turns.MODERATED;
        var members = moderated ? workers.subList(1, workers.size()) : workers;
        return new Passing.Group(
                members.stream().map(one -> new Passing.Member(one, "about " + one)).toList(),
                turns,
                moderated ? workers.getFirst() : null,
                1 + random.nextInt(5),
                random.nextBoolean() ? "${output.turns >= 3}" : null,
                Value.text("${output.last}"));
    }

    /// What an agent makes of having the task now; null where it just does it.
    static @Nullable Outcome outcome(Action.Perform attempt, SplittableRandom dice) {
        var input = attempt.input();
        if (input.get(Passed.HAND_OFF) instanceof Value.Struct && dice.nextInt(3) > 0) {
            var to = Handing.to(input);
            var name =
                    to.isEmpty() || dice.nextInt(8) == 0
                            ? List.of("one", "boss", "nobody").get(dice.nextInt(3))
                            : to.get(dice.nextInt(to.size()));
            return new Outcome.HandedOver(
                    new AgentId(name), Value.of(dice.nextInt(2)), "as it fell", Usage.NONE);
        }
        if (input.get(Passed.GROUP) instanceof Value.Struct group
                && Value.of(true).equals(group.get("moderates"))) {
            return Outcome.succeeded(choice(group, dice));
        }
        return null;
    }

    private static Value choice(Value.Struct group, SplittableRandom dice) {
        if (dice.nextInt(5) == 0) {
            return Value.struct("done", Value.of(true));
        }
        var members =
                group.get("members") instanceof Value.Array(var items) ? items : List.<Value>of();
        return Value.struct(
                "next",
                dice.nextInt(6) == 0
                        ? Value.text("nobody")
                        : members.get(dice.nextInt(members.size())));
    }
}
