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
import org.jspecify.annotations.Nullable;

/// One line of the list of runs.
///
/// @param about what tells it from others of its workflow, by its inputs; may be empty
/// @param reason why it does not go on, or how it ended without success; may be empty
/// @param tasks that became ready so far, fan-out items each
/// @param done of them, finished with a result or skipped
/// @param failed of them, without result or attempt left
/// @param questions that people are asked now
/// @param limit the most that it may spend, or null
/// @param startedAt the time of its first event
/// @param lastAt the time of its last event
public record RunSummary(
        TenantId tenant,
        RunId run,
        String goal,
        String about,
        Status status,
        String reason,
        int tasks,
        int done,
        int failed,
        int questions,
        Money spent,
        @Nullable Money limit,
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
                Subject.of(state.asked().inputs()),
                state.status(),
                Holdup.of(state),
                state.tasks().size(),
                done,
                failed,
                state.questions().size(),
                state.usage().usd(),
                state.ledger().cap().usd(),
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
                        "about", Value.text(about),
                        "status", Value.text(status.word()),
                        "reason", Value.text(reason),
                        "tasks", Value.of(tasks),
                        "done", Value.of(done),
                        "failed", Value.of(failed),
                        "questions", Value.of(questions),
                        "usd", Value.text(spent.toString()),
                        "limit", limit == null ? Value.NULL : Value.text(limit.toString()),
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
                text(fields, "about"),
                Status.valueOf(text(fields, "status").toUpperCase(Locale.ROOT)),
                text(fields, "reason"),
                number(fields, "tasks"),
                number(fields, "done"),
                number(fields, "failed"),
                number(fields, "questions"),
                money(text(fields, "usd")),
                text(fields, "limit").isEmpty() ? null : money(text(fields, "limit")),
                Instant.parse(text(fields, "started_at")),
                Instant.parse(text(fields, "last_at")));
    }

    private static String text(Value.Struct fields, String name) {
        return fields.get(name) instanceof Value.Text(var text) ? text : "";
    }

    private static Money money(String usd) {
        return new Money(new BigDecimal(usd));
    }

    private static int number(Value.Struct fields, String name) {
        return fields.get(name) instanceof Value.Int(var number) ? Math.toIntExact(number) : 0;
    }
}
