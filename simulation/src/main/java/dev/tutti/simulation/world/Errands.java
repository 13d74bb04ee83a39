package dev.tutti.simulation.world;

import dev.tutti.core.agent.Continuation;
import dev.tutti.core.event.Agent;
import dev.tutti.core.event.Passing;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.Task.Performer;
import dev.tutti.core.event.Value;
import dev.tutti.core.goal.Workflow;
import dev.tutti.core.run.Command;
import dev.tutti.runtime.agent.Attempt;
import dev.tutti.runtime.engine.Deed;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// Lets some tasks of some teams have parts of them done by others, by dice of its own.
final class Errands {
    private final SplittableRandom random;
    private final List<String> names = new ArrayList<>();
    private final boolean some;

    Errands(SplittableRandom random, List<Agent> agents) {
        this.random = random;
        names.add(Plans.WORK.value());
        agents.stream().filter(one -> !one.isHuman()).forEach(one -> names.add(one.id().value()));
        some = random.nextInt(4) == 0;
    }

    Workflow in(Workflow workflow) {
        return workflow.withTasks(workflow.tasks().stream().map(this::in).toList());
    }

    private Task in(Task task) {
        boolean works =
                task.performer().equals(new Performer.BySkill(Plans.WORK))
                        || task.performer() instanceof Performer.ByAgent;
        return some && works && task.passing() == null && random.nextInt(3) == 0
                ? task.with(new Passing.Delegation(names, 1 + random.nextInt(4)))
                : task;
    }

    /// What one attempt asks for: the same in every attempt that goes on from the first, as with an
    /// agent that goes on from its steps. It waits for all of it, or for none.
    static final class Asking {
        private final Deed.Perform deed;
        private final List<String> to = new ArrayList<>();
        private final List<String> begun = new ArrayList<>();
        private final SplittableRandom plan;
        private final boolean waits;
        private int next;
        private String pending = "";

        Asking(World world, Deed.Perform deed) {
            this.deed = deed;
            plan =
                    world.swarm()
                            .dice("errands " + deed.run().name() + " " + deed.attempt().since());
            var delegation = deed.attempt().delegation();
            int parts = delegation == null ? 0 : plan.nextInt(4);
            waits = plan.nextInt(3) > 0;
            for (int i = 0; i < parts && delegation != null; i++) {
                to.add(
                        plan.nextInt(12) == 0
                                ? Plans.CHECK.value()
                                : delegation.to().get(plan.nextInt(delegation.to().size())));
            }
        }

        boolean goesOn() {
            return pending.isEmpty() && next < to.size();
        }

        Command tells() {
            var name = "part" + next;
            pending = Attempt.delegating(name);
            return new Command.Delegate(
                    deed.attempt().token(),
                    name,
                    to.get(next),
                    Value.struct("n", Value.of(plan.nextInt(9)), "said", Value.text("${input.n}")),
                    "as it fell");
        }

        boolean isAbout(Deed.Allow allow) {
            return !pending.isEmpty() && allow.name().equals(pending);
        }

        /// What the engine said to that: who may not have it does without.
        void told(Deed.Permission permission) {
            if (permission instanceof Deed.Permission.Told told
                    && told.value() instanceof Value.Text(var task)) {
                begun.add(task);
            }
            next++;
            pending = "";
        }

        /// Whether the attempt ends until all of it is over.
        boolean isWaiting() {
            var answers = deed.attempt().answers();
            return waits
                    && !begun.stream()
                            .allMatch(task -> answers.containsKey(Continuation.errand(task)));
        }

        Command awaits() {
            return new Command.AwaitErrands(deed.attempt().token(), begun, List.of());
        }
    }
}
