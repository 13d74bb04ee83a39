package dev.tutti.simulation;

import dev.tutti.core.event.Agent;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Event;
import dev.tutti.core.event.Passing;
import dev.tutti.core.event.Task.Performer;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.goal.Team;
import dev.tutti.core.run.RunState;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// I33: no task is given to an agent that does not have the skill, the version and the labels that
/// are asked for, or is not the one that is named.
///
/// I35: where a skill stands for what was asked for, each choice by it says so, as the plan does,
/// and no other choice does.
final class CapableCheck extends Check {
    private final Supplier<RunState> before;
    private final Function<String, Optional<Team>> teams;

    /// @param before the run before the step that is looked at
    CapableCheck(Supplier<RunState> before, Function<String, Optional<Team>> teams) {
        this.before = before;
        this.teams = teams;
    }

    @Override
    void see(Step step) {
        if (step.copied()) {
            return;
        }
        if (step.event() instanceof Event.Assigned e) {
            given(step, e.task(), e.agent());
            said(step, e);
        } else if (step.event() instanceof Event.ChildStarted e) {
            given(step, e.task(), e.agent());
        }
    }

    private void given(Step step, TaskId task, @Nullable AgentId id) {
        var state = before.get();
        if (id == null || !state.started() || !state.tasks().containsKey(task)) {
            return;
        }
        var agent = teams.apply(state.asked().team()).flatMap(team -> team.agent(id));
        var performer = state.performer(task);
        if (state.declaration(task).passing() instanceof Passing.Ensemble(var agents)
                && task.item() >= 0
                && task.item() < agents.size()
                && state.task(task).course().proposal() == null
                && !agents.get(task.item()).equals(id)) {
            report("I33", step, task + " is for " + agents.get(task.item()) + ", not for " + id);
        }
        if (agent.isPresent() && !can(agent.get(), performer)) {
            report("I33", step, task + " asks for " + performer + ", and is given to " + id);
        }
    }

    private void said(Step step, Event.Assigned e) {
        var state = before.get();
        if (!state.started() || !state.tasks().containsKey(e.task())) {
            return;
        }
        var meant = state.performer(e.task()).standsFor();
        if (!Objects.equals(meant, e.choosing().meant())) {
            report(
                    "I35",
                    step,
                    e.task()
                            + " asks for "
                            + meant
                            + ", and the choice is by "
                            + e.choosing().meant());
        }
    }

    private static boolean can(Agent agent, Performer performer) {
        return switch (performer) {
            case Performer.ByAgent(var id) -> agent.id().equals(id);
            case Performer.BySkill(var skill, var require, _) -> {
                var own = agent.traits().versions().get(skill);
                var wanted = require.version();
                boolean current =
                        wanted == null
                                || (own != null
                                        && own.major() == wanted.major()
                                        && own.minor() >= wanted.minor());
                yield current
                        && agent.skills().contains(skill)
                        && agent.traits().labels().containsAll(require.labels());
            }
            case Performer.ByWorkflow _, Performer.ByMessage _ -> false;
        };
    }
}
