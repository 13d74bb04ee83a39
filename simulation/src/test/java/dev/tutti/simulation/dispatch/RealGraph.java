package dev.tutti.simulation.dispatch;

import dev.tutti.core.event.SkillId;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.Value;
import dev.tutti.core.plan.Graph;
import dev.tutti.runtime.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/// A workflow that was really run.
///
/// @param plan its tasks as a plan of ours
/// @param seconds what each took
record RealGraph(String name, Graph plan, Map<String, Double> seconds) {
    static final SkillId WORK = new SkillId("work");

    /// All of them; empty where the data is not at hand.
    static List<RealGraph> read() throws IOException {
        var file =
                Path.of(System.getProperty("shared", "../../shared"))
                        .resolve("data/dags/wfinstances.jsonl.gz");
        if (!Files.exists(file)) {
            System.err.println("SKIPPED: real graphs are not at " + file.toAbsolutePath());
            return List.of();
        }
        try (var lines =
                new BufferedReader(
                        new InputStreamReader(
                                new GZIPInputStream(Files.newInputStream(file)),
                                StandardCharsets.UTF_8))) {
            return lines.lines().map(line -> of((Value.Struct) Json.parse(line))).toList();
        }
    }

    private static RealGraph of(Value.Struct json) {
        var tasks = new ArrayList<Task>();
        var seconds = new HashMap<String, Double>();
        for (var item : items(json.get("tasks"))) {
            var fields = items(item);
            var name = "t" + tasks.size();
            var parents =
                    items(fields.get(2)).stream()
                            .map(parent -> "t" + ((Value.Int) parent).value())
                            .distinct()
                            .toArray(String[]::new);
            tasks.add(Task.of(name, WORK, Value.Struct.EMPTY, parents));
            seconds.put(
                    name,
                    switch (fields.get(3)) {
                        case Value.Int(var whole) -> (double) whole;
                        case Value.Real(var real) -> real;
                        default -> 0.0;
                    });
        }
        return new RealGraph(json.text("name"), Graph.EMPTY.amend(tasks), seconds);
    }

    private static List<Value> items(@org.jspecify.annotations.Nullable Value value) {
        return value instanceof Value.Array(var items) ? items : List.of();
    }

    /// The tasks that wait for one.
    static List<String> after(RealGraph graph, String task) {
        var after = graph.plan().dependents().get(task);
        return after == null ? List.of() : after;
    }

    double work() {
        return plan.order().stream().mapToDouble(name -> seconds.getOrDefault(name, 0.0)).sum();
    }
}
