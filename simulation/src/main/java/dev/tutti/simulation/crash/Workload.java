package dev.tutti.simulation.crash;

import dev.tutti.core.event.Agent;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.SkillId;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.Type;
import dev.tutti.core.event.Value;
import dev.tutti.core.goal.Team;
import dev.tutti.core.goal.Workflow;
import dev.tutti.runtime.engine.Request;
import dev.tutti.runtime.journal.Definition;
import dev.tutti.simulation.SimulatedExecutors;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// A run of 200 simulated tasks: a wide fan-out with failures and retries, a few outputs beyond
/// what a row of the journal holds, and a chain. And a small run of two tasks, for clients that
/// submit many.
final class Workload {
    static final int PARTS = 130;
    static final int PAGES = 40;
    static final int LINKS = 30;
    static final int TASKS = PARTS + PAGES + LINKS;

    private static final String NAME = "crash";
    private static final String SMALL = "small";
    private static final int PAGE_LENGTH = 70_000;

    /// A kill costs each attempt under way, so there are more attempts than any run will see kills.
    private static final Task.Retry OFTEN =
            new Task.Retry(20, Duration.ofMillis(1), Duration.ofMillis(5));

    private static final Definition DEFINITION =
            Request.definition(Value.struct("workload", Value.text(NAME)));

    private Workload() {}

    static Request.Start start() {
        var items = IntStream.range(0, PARTS).<Value>mapToObj(Value::of).toList();
        return new Request.Start(
                NAME,
                DEFINITION,
                Value.struct(
                        "parts", new Value.Array(items),
                        "pages", new Value.Array(items.subList(0, PAGES))));
    }

    static Request.Start small(Value.Struct inputs) {
        return new Request.Start(SMALL, DEFINITION, inputs);
    }

    static Team team() {
        return new Team(
                List.of(),
                List.of(
                        agent("worker", 4, Value.struct("n", Value.text("${input.n}"))),
                        agent(
                                "printer",
                                4,
                                Value.struct(
                                        "n", Value.text("${input.n}"),
                                        "page", Value.text("page ".repeat(PAGE_LENGTH / 5)))),
                        agent("smith", 1, Value.struct("link", Value.text("${input.link}"))),
                        agent("clerk", 4, Value.struct("number", Value.text("${input.number}")))),
                List.of(workflow(), smallWorkflow()));
    }

    private static Agent agent(String name, int concurrency, Value.Struct output) {
        var settings =
                Value.struct(
                        "latency",
                        Value.text("0ms..3ms"),
                        "failure",
                        new Value.Real(0.05),
                        "usd",
                        Value.text("0.001"),
                        "output",
                        output);
        return new Agent(
                new AgentId(name),
                List.of(new SkillId(name)),
                SimulatedExecutors.SIMULATED,
                settings,
                new Agent.Limits(concurrency, Duration.ofSeconds(30)));
    }

    private static Workflow workflow() {
        var tasks = new ArrayList<Task>();
        tasks.add(task("part", "worker", item(), "${input.parts}"));
        tasks.add(task("page", "printer", item(), "${input.pages}"));
        tasks.add(task("link_0", "smith", Value.struct("link", Value.of(0)), null));
        for (int i = 1; i < LINKS; i++) {
            var before = "link_" + (i - 1);
            var input = Value.struct("link", Value.text("${" + before + ".link}"));
            tasks.add(task("link_" + i, "smith", input, null, before));
        }
        return new Workflow(
                NAME,
                Type.Struct.OPEN,
                tasks,
                Value.struct(
                        "parts", Value.text("${part}"),
                        "pages", Value.text("${page}"),
                        "link", Value.text("${link_" + (LINKS - 1) + "}")));
    }

    private static Workflow smallWorkflow() {
        var first = Value.struct("number", Value.text("${input.number}"));
        var second = Value.struct("number", Value.text("${note.number}"));
        return new Workflow(
                SMALL,
                Type.Struct.OPEN,
                List.of(
                        task("note", "clerk", first, null),
                        task("file", "clerk", second, null, "note")),
                Value.text("${file.number}"));
    }

    private static Value.Struct item() {
        return Value.struct("n", Value.text("${item}"));
    }

    private static Task task(
            String name,
            String skill,
            Value.Struct input,
            @Nullable String each,
            String... dependencies) {
        var task =
                Task.of(name, new SkillId(skill), input, dependencies)
                        .with(Task.Policy.DEFAULT.with(OFTEN));
        return each == null ? task : task.with(Task.Flow.over(each, Task.DEFAULT_MAX));
    }
}
