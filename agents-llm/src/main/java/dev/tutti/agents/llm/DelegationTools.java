package dev.tutti.agents.llm;

import dev.tutti.core.event.Value;
import dev.tutti.runtime.agent.Attempt;
import dev.tutti.runtime.artifact.Sha256;
import dev.tutti.runtime.json.Json;
import dev.tutti.runtime.tool.Tool;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// The tools by which a model has others do parts of its task. Each part is a task of the run, in
/// its plan, its budget and its journal; while the model waits for some, its own attempt is over
/// and holds nothing.
final class DelegationTools implements RunTools {
    static final String DELEGATE = "delegate";
    static final String SPAWN = "spawn";
    static final String AWAIT = "await_tasks";

    /// Parts that are asked for by one call.
    private static final int MOST = 50;

    private final Attempt attempt;

    DelegationTools(Attempt attempt) {
        this.attempt = attempt;
    }

    @Override
    public List<Tool.Description> offer() {
        var to = attempt.delegates();
        if (to.isEmpty()) {
            return List.of();
        }
        var part =
                Map.of(
                        "type",
                        "object",
                        "properties",
                        Map.of(
                                "to",
                                Map.of("type", "string", "enum", to),
                                "input",
                                Map.of(
                                        "type",
                                        "object",
                                        "description",
                                        "what it is given; it knows nothing of what you know"),
                                "why",
                                Map.of("type", "string", "description", "in a few words")),
                        "required",
                        List.of("to", "input"));
        return List.of(
                new Tool.Description(
                        DELEGATE,
                        "Has others do parts of this task, all at the same time, and gives what"
                                + " came of each once all are over. Use it for what another can do"
                                + " better, or what can be done side by side. There are: "
                                + String.join(", ", to),
                        RunTools.schema(
                                Map.of(
                                        "tasks",
                                        Map.of(
                                                "type",
                                                "array",
                                                "items",
                                                part,
                                                "minItems",
                                                1,
                                                "maxItems",
                                                MOST)),
                                List.of("tasks")),
                        false),
                new Tool.Description(
                        SPAWN,
                        "Has another begin a part of this task and goes on at once; gives the name"
                                + " of the task that was begun. `"
                                + AWAIT
                                + "` gives what came of it.",
                        (Value.Struct) Value.from(part),
                        false),
                new Tool.Description(
                        AWAIT,
                        "Gives what came of tasks that you have begun, once all of them are over.",
                        RunTools.schema(
                                Map.of(
                                        "tasks",
                                        Map.of(
                                                "type",
                                                "array",
                                                "items",
                                                Map.of("type", "string"),
                                                "minItems",
                                                1)),
                                List.of("tasks")),
                        true));
    }

    @Override
    public Value.Struct call(String tool, Value.Struct arguments, int number) throws Exception {
        var step = new Attempt.Step("tool", tool, arguments);
        var taken =
                attempt.stepWithin(step, () -> Attempt.Taken.free(made(tool, arguments, number)));
        return (Value.Struct) taken.result();
    }

    private Value.Struct made(String tool, Value.Struct arguments, int number)
            throws InterruptedException {
        try {
            if (tool.equals(SPAWN)) {
                var task = begun(arguments, "call " + number);
                return RunTools.said("begun: " + task, false);
            }
            var tasks = new ArrayList<String>();
            if (arguments.get("tasks") instanceof Value.Array(var items)) {
                for (var item : items) {
                    if (item instanceof Value.Struct part) {
                        tasks.add(begun(part, "call " + number + "." + tasks.size()));
                    } else if (item instanceof Value.Text(var task)) {
                        tasks.add(task);
                    }
                }
            }
            return told(attempt.outcomes(tasks));
        } catch (IllegalArgumentException e) {
            return RunTools.said(String.valueOf(e.getMessage()), true);
        }
    }

    /// Named by what it is about as well, so that what came of it is not taken for another's.
    private String begun(Value.Struct part, String call) throws InterruptedException {
        var input = part.get("input") instanceof Value.Struct given ? given : Value.Struct.EMPTY;
        var about = Json.text(Value.struct("to", Value.text(part.text("to")), "input", input));
        var hash = Sha256.hex(about.getBytes(StandardCharsets.UTF_8)).substring(0, 12);
        var why = part.get("why") instanceof Value.Text(var words) ? words : "";
        return attempt.delegate(call + " " + hash, new Attempt.Errand(part.text("to"), input, why));
    }

    private static Value.Struct told(List<Attempt.Came> all) {
        var text =
                all.stream()
                        .map(one ->
                                one.failure().isEmpty()
                                        ? one.task() + ": " + Json.text(one.output())
                                        : one.task() + " failed: " + one.failure())
                        .collect(Collectors.joining("\n"));
        return RunTools.said(text, all.stream().noneMatch(one -> one.failure().isEmpty()));
    }
}
