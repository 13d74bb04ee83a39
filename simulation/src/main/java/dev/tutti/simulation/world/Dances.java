package dev.tutti.simulation.world;

import dev.tutti.core.event.Agent;
import dev.tutti.core.event.Budget;
import dev.tutti.core.event.Choreography;
import dev.tutti.core.event.Choreography.Expectation;
import dev.tutti.core.event.Choreography.Opening;
import dev.tutti.core.event.Contract;
import dev.tutti.core.event.Contract.Emission;
import dev.tutti.core.event.Contract.Reaction;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.Type;
import dev.tutti.core.event.Value;
import dev.tutti.core.goal.Team;
import dev.tutti.core.goal.Workflow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// Teams in which some runs are choreographed, by dice of their own: what else a seed draws stays
/// as it is.
final class Dances {
    static final String DANCE = "dance";

    private final SplittableRandom dice;

    private Dances(SplittableRandom dice) {
        this.dice = dice;
    }

    private boolean once(int in) {
        return dice.nextInt(in) == 0;
    }

    /// The team, in some worlds with a workflow without a plan, and with contracts.
    static Team given(Team team, SplittableRandom dice) {
        var dances = new Dances(dice);
        if (!dances.once(3)) {
            return team;
        }
        var agents = new ArrayList<Agent>();
        int place = 0;
        for (var agent : team.agents()) {
            agents.add(
                    agent.skills().contains(Plans.CHECK)
                            ? agent.with(dances.contract(place++))
                            : agent);
        }
        var workflows = new ArrayList<>(team.workflows());
        workflows.add(dances.workflow(team.workflows().getFirst().input()));
        return new Team(team.skills(), agents, workflows, team.terms());
    }

    /// The first two compete for what is said first; who comes after them goes on, and now and then
    /// it goes round.
    private Contract contract(int place) {
        var reactions = new ArrayList<Reaction>();
        var emissions = new ArrayList<Emission>();
        if (place < 2) {
            reactions.add(reaction("asked", once(3) ? "${message.n < 2}" : null, "first"));
            emissions.add(emission("sorted", null));
            if (once(2)) {
                emissions.add(emission("doubted", "${!output.ok}"));
            }
        }
        if (place != 1) {
            reactions.add(reaction("sorted", once(3) ? "${message.n > 0}" : null, "second"));
            reactions.add(reaction("doubted", null, "third"));
            emissions.add(emission("answered", "${output.n != 3}"));
            if (once(4)) {
                emissions.add(emission("asked", "${output.n == 3}"));
            }
        }
        if (once(4)) {
            reactions.add(reaction(Choreography.UNANSWERED, null, "rescue"));
        }
        return new Contract(reactions, emissions);
    }

    private Reaction reaction(String to, @Nullable String where, String role) {
        return new Reaction(
                to,
                where,
                role,
                Value.struct("n", Value.of(1), "of", Value.text("${message}")),
                once(4) ? Duration.ofSeconds(5 + dice.nextInt(300)) : null);
    }

    private static Emission emission(String type, @Nullable String when) {
        return new Emission(type, when, Value.struct("n", Value.text("${output.n}")));
    }

    private Workflow workflow(Type.Struct input) {
        var openings = new ArrayList<Opening>();
        for (int i = 0; i <= dice.nextInt(3); i++) {
            openings.add(new Opening("asked", Value.struct("n", Value.text("${input.n}"))));
        }
        var expectations =
                once(2)
                        ? List.of(
                                new Expectation(
                                        "asked",
                                        once(2) ? "answered" : "sorted",
                                        once(2) ? "${message.n}" : null,
                                        Duration.ofSeconds(5 + dice.nextInt(600))))
                        : List.<Expectation>of();
        return new Workflow(
                        DANCE,
                        input,
                        List.of(),
                        Value.struct("answers", Value.text("${messages[\"answered\"]}")),
                        once(3) ? Task.Remedy.FAIL : Task.Remedy.ASK,
                        null,
                        once(4)
                                ? new Budget(null, null, null, 5 + dice.nextInt(60), null)
                                : Budget.NONE)
                .with(
                        new Choreography(
                                openings,
                                once(2) ? "${size(messages[\"answered\"]) > 0}" : null,
                                Duration.ofSeconds(5 + dice.nextInt(120)),
                                once(6) ? 12 : 60,
                                expectations));
    }
}
