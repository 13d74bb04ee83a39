package dev.tutti.runtime.projection;

import dev.tutti.core.agent.TaskState;
import dev.tutti.core.event.Money;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.Status;
import dev.tutti.core.event.TenantId;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.engine.Runs;
import dev.tutti.runtime.json.Json;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// One line of the list of runs.
///
/// @param tasks that became ready so far, fan-out items each
/// @param done of them, finished with a result or skipped
/// @param failed of them, without result or attempt left
/// @param questions that people are asked now
/// @param startedAt the time of its first event
/// @param lastAt the time of its last event
public record RunSummary(
        TenantId tenant,
        RunId run,
        String goal,
        Status status,
        int tasks,
        int done,
        int failed,
        int questions,
        Money spent,
        Instant startedAt,
        Instant lastAt) {

    /// What the body of a run that has ended has in it, one of these: names and values are written
    /// without blanks, and a quotation mark within a text is never written so.
    static final List<String> ENDED =
            Arrays.stream(Status.values())
                    .filter(Status::isFinal)
                    .map(status -> "\"status\":\"" + status.word() + "\"")
                    .toList();

    /// The summary of a run that has started.
    public static RunSummary of(Runs.Loaded loaded) {
        var state = loaded.state();
        int done = 0;
        int failed = 0;
        for (var task : state.tasks().values()) {
            if (task.phase() == TaskState.Phase.DONE || task.phase() == TaskState.Phase.SKIPPED) {
                done++;
            } else if (task.phase() == TaskState.Phase.FAILED) {
                failed++;
            }
        }
        return new RunSummary(
                loaded.run().tenant(),
                loaded.run().run(),
                state.asked().name(),
                state.status(),
                state.tasks().size(),
                done,
                failed,
                state.questions().size(),
                state.usage().usd(),
                loaded.startedAt(),
                loaded.lastAt());
    }

    /// Sorts by the time of the start, as run ids do.
    String key() {
        return tenant.value() + "/" + run.value();
    }

    byte[] body() {
        return Json.bytes(
                Value.struct(
                        "tenant", Value.text(tenant.value()),
                        "run", Value.text(run.value()),
                        "goal", Value.text(goal),
                        "status", Value.text(status.word()),
                        "tasks", Value.of(tasks),
                        "done", Value.of(done),
                        "failed", Value.of(failed),
                        "questions", Value.of(questions),
                        "usd", Value.text(spent.toString()),
                        "started_at", Value.text(startedAt.toString()),
                        "last_at", Value.text(lastAt.toString())));
    }

    static RunSummary read(byte[] body) {
        if (!(Json.parse(body) instanceof Value.Struct fields)) {
            throw new IllegalArgumentException("not a summary of a run");
        }
        return new RunSummary(
                new TenantId(text(fields, "tenant")),
                new RunId(text(fields, "run")),
                text(fields, "goal"),
                Status.valueOf(text(fields, "status").toUpperCase(Locale.ROOT)),
                number(fields, "tasks"),
                number(fields, "done"),
                number(fields, "failed"),
                number(fields, "questions"),
                new Money(new BigDecimal(text(fields, "usd"))),
                Instant.parse(text(fields, "started_at")),
                Instant.parse(text(fields, "last_at")));
    }

    private static String text(Value.Struct fields, String name) {
        return fields.get(name) instanceof Value.Text(var text) ? text : "";
    }

    private static int number(Value.Struct fields, String name) {
        return fields.get(name) instanceof Value.Int(var number) ? Math.toIntExact(number) : 0;
    }
}
