package dev.tutti.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.Agent;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Event;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Outcome;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.TenantId;
import dev.tutti.core.event.Value;
import dev.tutti.core.expression.Expressions;
import dev.tutti.core.goal.Inputs;
import dev.tutti.core.goal.Team;
import dev.tutti.core.run.Action;
import dev.tutti.runtime.agent.AgentExecutor;
import dev.tutti.runtime.agent.AgentProvider;
import dev.tutti.runtime.agent.AgentSettings;
import dev.tutti.runtime.agent.Attempt;
import dev.tutti.runtime.agent.Catalogue;
import dev.tutti.runtime.agent.Handing;
import dev.tutti.runtime.artifact.MemoryArtifacts;
import dev.tutti.runtime.engine.Request;
import dev.tutti.runtime.engine.Runs;
import dev.tutti.runtime.journal.MemoryJournal;
import dev.tutti.runtime.journal.StreamId;
import dev.tutti.runtime.json.Json;
import dev.tutti.teamfile.TeamFile;
import dev.tutti.view.Sentences;
import dev.tutti.wiring.Definitions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every pattern's example goes as its golden transcript says, which `-Dgolden.rewrite=true` writes
/// anew.
class PresetsTest {
    private static final Path EXAMPLES = Path.of("../examples/patterns");
    private static final Path GOLDEN = Path.of("src/test/resources/patterns");
    private static final Instant START = Instant.parse("2026-11-26T09:00:00Z");
    private static final Duration TICK = Duration.ofMillis(10);

    static Stream<String> names() throws IOException {
        try (var files = Files.list(EXAMPLES)) {
            return files
                    .map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".yaml"))
                    .map(name -> name.substring(0, name.length() - ".yaml".length()))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    @Test
    void there_is_an_example_of_every_pattern() throws IOException {
        assertThat(names())
                .contains(
                        "blackboard",
                        "concurrent",
                        "contract_net",
                        "debate",
                        "evaluator_optimizer",
                        "group_chat",
                        "hand_off",
                        "magentic",
                        "map_reduce",
                        "orchestrator_workers",
                        "plan_execute",
                        "router",
                        "sequential",
                        "swarm");
    }

    @ParameterizedTest
    @MethodSource("names")
    void an_example_goes_as_its_transcript_says(String name) throws IOException {
        var transcript = transcript(name);
        var golden = GOLDEN.resolve(name + ".txt");
        if (Boolean.getBoolean("golden.rewrite")) {
            Files.createDirectories(GOLDEN);
            Files.writeString(golden, transcript);
        }
        assertThat(transcript).isEqualTo(Files.readString(golden));
    }

    private static String transcript(String name) throws IOException {
        var file = TeamFile.parse(Files.readString(EXAMPLES.resolve(name + ".yaml")), name);
        assertThat(file.faults()).as(file.render(false, 100)).isEmpty();
        var team = file.team().orElseThrow();
        var journal = new MemoryJournal();
        var definitions = new Definitions();
        var world = new OneThread(journal, definitions, new Players(team, definitions), START);
        var run = StreamId.run(TenantId.LOCAL, new RunId("PATTERN"));
        var workflow = team.workflows().getFirst();
        var inputs = Inputs.bind(workflow.input(), Value.Struct.EMPTY);
        var start =
                new Request.Start(
                        workflow.name(),
                        Definitions.of(file.document(), EXAMPLES),
                        inputs.values());
        world.ask(Duration.ZERO, run, start, "start");
        world.runUntil(START.plus(Duration.ofMinutes(10)));
        assertThat(Invariants.check(journal, new MemoryArtifacts(), definitions)).isEmpty();
        var text = new StringBuilder();
        for (var entry : journal.read(run, 0, 10_000)) {
            var event = Runs.event(entry);
            var said = Sentences.of(event);
            text.append(
                            "%-10s %-12s %s"
                                    .formatted(said.stage(), said.task(), said.sentence())
                                    .strip())
                    .append('\n');
            given(event).ifPresent(given -> text.append("           ").append(given).append('\n'));
        }
        assertThat(text.toString()).contains("succeeded");
        return text.toString();
    }

    /// What someone gave, in full.
    private static Optional<String> given(Event event) {
        return switch (event) {
            case Event.Iterated e -> Optional.of(Json.text(e.output()));
            case Event.ResultAccepted e -> Optional.of(Json.text(e.output()));
            case Event.ResultProposed e -> Optional.of(Json.text(e.output()));
            case Event.Ended e -> Optional.of(Json.text(e.output()));
            default -> Optional.empty();
        };
    }

    /// The agents of the examples, who do the same as in a process of their own but on one thread.
    private record Players(Team team, Definitions definitions) implements OneThread.Agents {
        @Override
        public OneThread.Work perform(Action.Perform attempt) {
            var agent = team.agent(attempt.agent()).orElseThrow();
            var settings =
                    (Value.Struct)
                            new Expressions()
                                    .render(
                                            agent.settings(),
                                            variable ->
                                                    variable.equals("input")
                                                            ? attempt.given()
                                                            : null);
            var input =
                    attempt.plans()
                            ? attempt.given()
                                    .with(
                                            Value.struct(
                                                    "team",
                                                    Catalogue.of(team, attempt.agent().value())))
                            : attempt.given();
            try (var executor = executor(agent)) {
                var outcome =
                        Handing.read(
                                attempt.input(),
                                executor.perform(new Playing(attempt, input, settings)));
                return new OneThread.Work(TICK, planned(attempt, outcome), List.of());
            } catch (Exception e) {
                var failure = new Failure.Transient("agent_error", String.valueOf(e.getMessage()));
                return new OneThread.Work(TICK, Outcome.failed(failure), List.of());
            }
        }

        private static AgentExecutor executor(Agent agent) {
            return ServiceLoader.load(AgentProvider.class).stream()
                    .map(ServiceLoader.Provider::get)
                    .filter(one -> one.uses().contains(agent.uses()))
                    .findFirst()
                    .orElseThrow()
                    .create(new AgentSettings(agent, agent.uses(), EXAMPLES, EXAMPLES));
        }

        private Outcome planned(Action.Perform attempt, Outcome outcome) {
            if (!attempt.plans() || !(outcome instanceof Outcome.Succeeded(var plan, var usage))) {
                return outcome;
            }
            return new Outcome.Planned(
                    definitions.amendment(
                            plan,
                            team,
                            team.workflows().getFirst().name(),
                            attempt.planned(),
                            attempt.plan(),
                            attempt.agent().value()),
                    plan,
                    usage);
        }
    }

    /// What an executor sees of an attempt here.
    private record Playing(Action.Perform given, Value.Struct input, Value.Struct settings)
            implements Attempt {
        @Override
        public RunId run() {
            return new RunId("PATTERN");
        }

        @Override
        public TaskId task() {
            return given.task();
        }

        @Override
        public AgentId agent() {
            return given.agent();
        }

        @Override
        public int number() {
            return given.attempt();
        }

        @Override
        public long token() {
            return given.token();
        }

        @Override
        public void progress(double fraction, String message) {}

        @Override
        public Value effect(String name, Effect action) throws Exception {
            return action.perform(name);
        }

        @Override
        public String store(byte[] content, String mediaType, String name) {
            throw new UnsupportedOperationException("nothing is stored here");
        }
    }
}
