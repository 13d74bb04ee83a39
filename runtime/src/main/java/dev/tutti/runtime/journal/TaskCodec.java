package dev.tutti.runtime.journal;

import dev.tutti.core.event.Task;
import dev.tutti.core.event.Value;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/// Tasks of a plan as payloads. What is as by default is left out, so that a plan stays short on
/// disk and keys that later versions add have their default in old journals.
final class TaskCodec {
    private TaskCodec() {}

    static Value encode(Task task) {
        var out = new Fields().put("name", task.name());
        switch (task.performer()) {
            case Task.Performer.BySkill(var skill) -> out.put("skill", skill.value());
            case Task.Performer.ByAgent(var agent) -> out.put("agent", agent.value());
        }
        out.put("input", task.input());
        if (!task.dependencies().isEmpty()) {
            out.put("dependencies", Value.from(task.dependencies()));
        }
        putText(out, "when", task.when());
        putText(out, "each", task.each());
        if (task.max() != Task.DEFAULT_MAX) {
            out.put("max", task.max());
        }
        if (!task.join().equals(Task.Join.ALL)) {
            out.put("need", task.join().need());
        }
        if (!task.retry().equals(Task.Retry.DEFAULT)) {
            out.put(
                    "retry",
                    new Fields()
                            .put("attempts", task.retry().attempts())
                            .put("first", task.retry().first().toString())
                            .put("ceiling", task.retry().ceiling().toString())
                            .struct());
        }
        if (task.onFailure() != Task.Remedy.FAIL) {
            out.put("on_failure", task.onFailure().name().toLowerCase(Locale.ROOT));
        }
        if (task.timeout() != null) {
            out.put("timeout", task.timeout().toString());
        }
        putText(out, "label", task.label());
        return out.struct();
    }

    private static void putText(
            Fields out, String name, @org.jspecify.annotations.Nullable String text) {
        if (text != null) {
            out.put(name, text);
        }
    }

    static Task decode(Value value) {
        var in = Fields.of(value);
        var dependencies =
                in.find("dependencies") == null ? List.<Value>of() : in.list("dependencies");
        var timeout = in.findText("timeout");
        var remedy = in.findText("on_failure");
        return new Task(
                in.text("name"),
                EventCodec.performer(in),
                in.struct("input"),
                dependencies.stream().map(TaskCodec::name).toList(),
                in.findText("when"),
                in.findText("each"),
                in.find("max") == null ? Task.DEFAULT_MAX : (int) in.number("max"),
                in.find("need") == null ? Task.Join.ALL : new Task.Join((int) in.number("need")),
                in.find("retry") == null ? Task.Retry.DEFAULT : retry(in.fields("retry")),
                remedy == null
                        ? Task.Remedy.FAIL
                        : Task.Remedy.valueOf(remedy.toUpperCase(Locale.ROOT)),
                timeout == null ? null : Duration.parse(timeout),
                in.findText("label"));
    }

    private static String name(Value value) {
        if (value instanceof Value.Text(var text)) {
            return text;
        }
        throw new IllegalArgumentException("a dependency is not a string");
    }

    private static Task.Retry retry(Fields in) {
        return new Task.Retry(
                (int) in.number("attempts"),
                Duration.parse(in.text("first")),
                Duration.parse(in.text("ceiling")));
    }
}
