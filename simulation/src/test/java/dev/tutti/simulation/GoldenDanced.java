package dev.tutti.simulation;

import dev.tutti.core.event.Agent;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Budget;
import dev.tutti.core.event.Choreography;
import dev.tutti.core.event.Contract;
import dev.tutti.core.event.Contract.Emission;
import dev.tutti.core.event.Contract.Reaction;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Outcome;
import dev.tutti.core.event.SkillId;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.Type;
import dev.tutti.core.event.Value;
import dev.tutti.core.goal.Team;
import dev.tutti.core.goal.Workflow;
import dev.tutti.core.run.Action;
import dev.tutti.runtime.engine.Request;
import dev.tutti.runtime.journal.Journal;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A golden run that nobody directs.
final class GoldenDanced {
    private static final SkillId WORK = new SkillId("work");

    private GoldenDanced() {}

    private static Agent agent(String name, List<Reaction> reactions, List<Emission> emissions) {
        return new Agent(
                        new AgentId(name),
                        List.of(WORK),
                        "scripted",
                        Value.Struct.EMPTY,
                        new Agent.Limits(2, null))
                .with(new Contract(reactions, emissions));
    }

    private static Reaction to(String type, @Nullable String where, String role) {
        return new Reaction(
                type,
                where,
                role,
                Value.struct("by", Value.text(role), "of", Value.text("${message}")),
                Duration.ofMinutes(5));
    }

    private static Emission says(String type, @Nullable String when) {
        return new Emission(type, when, Value.text("${output}"));
    }

    private static Team team() {
        var choreography =
                new Choreography(
                        List.of(
                                new Choreography.Opening("asked", Value.text("${input}")),
                                new Choreography.Opening("asked", Value.struct("n", Value.of(2)))),
                        "${size(messages['told']) > 1}",
                        Duration.ofSeconds(30),
                        40,
                        List.of(
                                new Choreography.Expectation(
                                        "asked", "sorted", null, Duration.ofSeconds(2)),
                                new Choreography.Expectation(
                                        "asked", "told", "${message.n}", Duration.ofSeconds(1))));
        var golden =
                new Workflow(
                                "golden",
                                Type.Struct.OPEN,
                                List.of(),
                                Value.struct("told", Value.text("${messages['told']}")),
                                Task.Remedy.ASK,
                                null,
                                Budget.NONE)
                        .with(choreography);
        return new Team(
                List.of(),
                List.of(
                        agent(
                                "clumsy",
                                List.of(to("asked", null, "sorting")),
                                List.of(says("sorted", null))),
                        agent(
                                "deft",
                                List.of(to("asked", null, "sorting")),
                                List.of(says("sorted", null))),
                        agent(
                                "teller",
                                List.of(to("sorted", "${message.n == 1}", "telling")),
                                List.of(says("told", "${output.n > 0}"))),
                        agent(
                                "rescuer",
                                List.of(to(Choreography.UNANSWERED, null, "rescue")),
                                List.of(says("told", null)))),
                List.of(golden));
    }

    /// The clumsy one always fails.
    private static OneThread.Work work(Action.Perform attempt) {
        var of = attempt.input().get("of");
        boolean fails = attempt.agent().value().equals("clumsy");
        var outcome =
                fails
                        ? Outcome.failed(new Failure.Permanent("no", "it fell"))
                        : Outcome.succeeded(
                                of instanceof Value.Struct said && said.get("n") != null
                                        ? said
                                        : Value.struct("n", Value.of(9)));
        return new OneThread.Work(Duration.ofMillis(400), outcome, List.of());
    }

    /// Taken up by one who fails and then by another; a condition that leaves one message
    /// unanswered; what was expected and came, and what did not.
    static void danced(String name, Journal journal) {
        var run = GoldenRuns.stream(name);
        var team = team();
        var world = new OneThread(journal, _ -> team, GoldenDanced::work, GoldenRuns.START);
        var start =
                new Request.Start(
                        "golden",
                        Request.definition(Value.Struct.EMPTY),
                        Value.struct("n", Value.of(1)));
        world.ask(Duration.ZERO, run, start, "start-1");
        world.runUntil(GoldenRuns.START.plus(Duration.ofMinutes(10)));
    }
}
