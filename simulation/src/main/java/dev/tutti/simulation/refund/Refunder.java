package dev.tutti.simulation.refund;

import dev.tutti.core.event.Agent;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Outcome;
import dev.tutti.core.event.Question;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.SkillId;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.TenantId;
import dev.tutti.core.event.Type;
import dev.tutti.core.event.Value;
import dev.tutti.core.expression.Expressions;
import dev.tutti.core.goal.Team;
import dev.tutti.core.goal.Workflow;
import dev.tutti.core.people.Asked;
import dev.tutti.core.run.RunState;
import dev.tutti.runtime.agent.AgentExecutor;
import dev.tutti.runtime.agent.Upkeep;
import dev.tutti.runtime.artifact.FileArtifacts;
import dev.tutti.runtime.driver.Driver;
import dev.tutti.runtime.driver.Executors;
import dev.tutti.runtime.engine.Request;
import dev.tutti.runtime.engine.Runs;
import dev.tutti.runtime.journal.OwnerLock;
import dev.tutti.runtime.journal.SqliteJournal;
import dev.tutti.runtime.journal.StreamId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;

/// Pays refunds at two ledgers, one that honours keys and one that does not, and stands in for the
/// person who is asked whether a refund was paid: it looks at the ledger.
public final class Refunder {
    public static final StreamId RUN = StreamId.run(TenantId.LOCAL, new RunId("REFUNDS"));

    /// An agent at work is outside for so long before and after the ledger pays.
    private static final Duration OUTSIDE = Duration.ofMillis(8);

    private static final Duration LOOK = Duration.ofMillis(40);

    private Refunder() {}

    /// Where the ledgers are.
    ///
    /// @param forgetfulFile what the ledger that does not honour keys has paid
    record Ledgers(int honest, int forgetful, Path forgetfulFile) {}

    public static Path database(Path store) {
        return store.resolve("tutti.db");
    }

    /// A team whose workflow pays at both ledgers.
    public static Team team() {
        var amount = Value.struct("refund", Value.text("${item}"));
        var honest =
                Task.of("honest", new SkillId("honest"), amount)
                        .with(Task.Flow.over("${input.refunds}", 10_000));
        var forgetful =
                Task.of("forgetful", new SkillId("forgetful"), amount)
                        .with(Task.Flow.over("${input.refunds}", 10_000))
                        .with(Task.Policy.DEFAULT.with(Task.Effects.AT_MOST_ONCE));
        var workflow =
                new Workflow("refunds", Type.Struct.OPEN, List.of(honest, forgetful), Value.NULL);
        return new Team(List.of(), List.of(agent("honest"), agent("forgetful")), List.of(workflow));
    }

    private static Agent agent(String name) {
        return new Agent(
                new AgentId(name),
                List.of(new SkillId(name)),
                "teller",
                Value.Struct.EMPTY,
                new Agent.Limits(2, null));
    }

    /// Arguments: the store's folder, the ports of the two ledgers, the file of the forgetful one,
    /// how many refunds.
    public static void main(String[] arguments) throws Exception {
        var store = Path.of(arguments[0]);
        var ledgers =
                new Ledgers(
                        Integer.parseInt(arguments[1]),
                        Integer.parseInt(arguments[2]),
                        Path.of(arguments[3]));
        var artifacts = new FileArtifacts(store.resolve("artifacts"));
        try (var _ = OwnerLock.take(store.resolve("owner.lock")).orElseThrow()) {
            var journal = SqliteJournal.open(database(store), artifacts);
            boolean begun = journal.head(RUN) > 0;
            try (var driver =
                            Driver.start(
                                    new Driver.Parts(
                                            journal,
                                            artifacts,
                                            _ -> team(),
                                            new Tellers(ledgers),
                                            new Expressions(),
                                            Value.Struct.EMPTY,
                                            Clock.systemUTC()));
                    var reader = SqliteJournal.reader(database(store), artifacts)) {
                if (!begun) {
                    driver.ask(RUN, start(Integer.parseInt(arguments[4])), "test", "start").get();
                }
                var state = RunState.EMPTY;
                while (!state.status().isFinal()) {
                    Thread.sleep(LOOK);
                    state = Runs.proceed(reader, RUN, state);
                    for (var asked : state.questions().values()) {
                        answer(driver, state, asked, ledgers);
                    }
                }
            }
        }
    }

    private static Request start(int refunds) {
        var items = new java.util.ArrayList<Value>();
        for (int i = 0; i < refunds; i++) {
            items.add(Value.text("refund-" + i));
        }
        return new Request.Start(
                "refunds",
                Request.definition(Value.Struct.EMPTY),
                Value.struct("refunds", new Value.Array(items)));
    }

    /// What a person does who is asked: looks at the ledger and says what is there.
    private static void answer(Driver driver, RunState state, Asked asked, Ledgers ledgers)
            throws IOException, InterruptedException, ExecutionException {
        var question = asked.question();
        var word = Question.RETRY;
        if (question.purpose() == Question.Purpose.UNKNOWN && question.task() != null) {
            var paid = Ledger.paid(ledgers.forgetfulFile());
            boolean there =
                    state.effectsOf(question.task()).values().stream()
                            .anyMatch(effect -> paid.contains(effect.key()));
            word = there ? Question.DONE : Question.NOT_DONE;
        }
        var answer =
                new Request.Answer(
                        question.id(), Value.text(word), "looked", question.hash(), null);
        driver.ask(RUN, answer, "clerk", "answer" + question.id()).get();
    }

    /// Agents that pay.
    private record Tellers(Ledgers ledgers) implements Executors {
        @Override
        public boolean has(Agent agent) {
            return true;
        }

        @Override
        public AgentExecutor of(String team, Agent agent) {
            int port = agent.id().value().equals("honest") ? ledgers.honest() : ledgers.forgetful();
            return attempt ->
                    Outcome.succeeded(
                            attempt.effect(
                                    "refund",
                                    key -> {
                                        Thread.sleep(OUTSIDE);
                                        Ledger.refund(port, key);
                                        Thread.sleep(OUTSIDE);
                                        return Value.struct("receipt", Value.text(key));
                                    }));
        }

        @Override
        public List<Upkeep> upkeep() {
            return List.of();
        }

        @Override
        public void close() {}
    }
}
