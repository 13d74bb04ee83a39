package dev.tutti.simulation.world;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.Agent;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.Type;
import dev.tutti.core.event.Value;
import dev.tutti.core.goal.Team;
import dev.tutti.core.goal.Workflow;
import dev.tutti.runtime.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Workflows that somebody really ran, each in a world with faults. The build plays those of at
/// most 60 tasks; `-Dgraphs=all` plays all 79. The data lies beside the project and is not part of
/// it: `-Dshared=…` says where.
class GraphsTest {
    private static final int SMALL = 60;
    private static final Path DATA =
            Path.of(System.getProperty("shared", "../../shared"))
                    .resolve("data/dags/wfinstances.jsonl.gz");

    /// @param tasks the names of each task's dependencies, by name
    record Graph(String name, List<Task> tasks) {
        @Override
        public String toString() {
            return name + " (" + tasks.size() + " tasks)";
        }
    }

    static Stream<Graph> graphs() throws IOException {
        if (!Files.exists(DATA)) {
            System.err.println("SKIPPED: real graphs are not at " + DATA.toAbsolutePath());
            return Stream.of(new Graph("none", List.of()));
        }
        boolean all = System.getProperty("graphs", "").equals("all");
        var graphs = new ArrayList<Graph>();
        try (var lines =
                new BufferedReader(
                        new InputStreamReader(
                                new GZIPInputStream(Files.newInputStream(DATA)),
                                StandardCharsets.UTF_8))) {
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                var graph = graph((Value.Struct) Json.parse(line.getBytes(StandardCharsets.UTF_8)));
                if (all || graph.tasks().size() <= SMALL) {
                    graphs.add(graph);
                }
            }
        }
        return graphs.stream();
    }

    private static Graph graph(Value.Struct line) {
        var tasks = new ArrayList<Task>();
        for (var entry : items(line.get("tasks"))) {
            var parents = items(items(entry).get(2));
            var dependencies =
                    parents.stream().map(parent -> "t" + ((Value.Int) parent).value()).toList();
            var policy =
                    Task.Policy.DEFAULT
                            .with(new Task.Retry(5, Duration.ofMillis(100), Duration.ofSeconds(1)))
                            .withLadder(Task.Remedy.ASK)
                            .with(Task.Timeouts.ofRun(Duration.ofMinutes(5)));
            tasks.add(
                    new Task(
                                    "t" + tasks.size(),
                                    new Task.Performer.BySkill(Plans.WORK),
                                    Value.Struct.EMPTY,
                                    dependencies)
                            .with(policy));
        }
        return new Graph(line.text("name"), tasks);
    }

    private static List<Value> items(@Nullable Value value) {
        return value instanceof Value.Array(var items) ? items : List.of();
    }

    private static Team team(Graph graph) {
        var agents =
                Stream.of("one", "two", "three")
                        .map(name ->
                                new Agent(
                                        new AgentId(name),
                                        List.of(Plans.WORK),
                                        "scripted",
                                        Value.Struct.EMPTY,
                                        new Agent.Limits(8, null)))
                        .toList();
        var workflow = new Workflow(Plans.MAIN, Type.Struct.OPEN, graph.tasks(), Value.NULL);
        return new Team(List.of(), agents, List.of(workflow));
    }

    @ParameterizedTest
    @MethodSource("graphs")
    void a_real_graph_ends_under_faults(Graph graph) {
        Assumptions.assumeFalse(graph.tasks().isEmpty(), "real graphs are not there");
        var report = World.play(new Scenario(graph.name().hashCode()), team(graph));

        assertThat(report.violations()).isEmpty();
        assertThat(report.events()).isGreaterThan(graph.tasks().size());
    }
}
