package dev.tutti.server.api;

import dev.tutti.Refusal;
import dev.tutti.Run;
import dev.tutti.Tutti;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.TimeText;
import dev.tutti.core.event.Value;
import dev.tutti.core.run.Command;
import dev.tutti.runtime.artifact.Sha256;
import dev.tutti.runtime.json.Json;
import dev.tutti.server.http.Body;
import dev.tutti.server.http.Caller;
import dev.tutti.server.http.Problem;
import dev.tutti.server.live.Streams;
import dev.tutti.server.view.Inbox;
import dev.tutti.server.view.RunPages;
import dev.tutti.server.view.TaskPages;
import io.javalin.http.Context;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the routes work with.
///
/// @param team whose workflows may be begun here
public record Desk(
        Tutti tutti,
        RunPages runs,
        TaskPages tasks,
        Inbox inbox,
        Streams streams,
        ServedTeam team,
        Admission admission,
        Reservations reservations) {

    /// What most that is asked of a run takes.
    static final Map<String, String> MANNER =
            Map.of("reason", "string?", "expect", "int?", "dry_run", "bool?");

    private static final int LONGEST_KEY = 200;

    /// The run that a request is about.
    ///
    /// @throws Problem `no_run`
    RunId run(Context request) {
        return run(request.pathParam("run"));
    }

    RunId run(String prefix) {
        var matches = startingWith(prefix);
        if (matches.size() != 1) {
            throw new Problem(
                    404,
                    "no_run",
                    matches.isEmpty()
                            ? "there is no such run here"
                            : "this could be more than one run: write more of the id");
        }
        return matches.getFirst();
    }

    /// The runs that an id or its beginning may mean, two at most.
    List<RunId> startingWith(String prefix) {
        return prefix.matches("[0-9A-Za-z-]{1,200}")
                ? runs.startingWith(prefix.toUpperCase(Locale.ROOT))
                : List.of();
    }

    /// The run, to ask something of it in the name of whoever asks.
    Run asked(Context request, RunId run) {
        return tutti.inTheNameOf(Caller.of(request).name()).run(run.value());
    }

    /// The task that a request is about.
    static TaskId task(Context request) {
        return task(request.pathParam("task"));
    }

    static TaskId task(String text) {
        try {
            return TaskId.parse(text);
        } catch (IllegalArgumentException _) {
            throw noTask();
        }
    }

    static Problem noTask() {
        return new Problem(404, "no_task", "this run has no such task");
    }

    /// The moment that is looked at: after so many events.
    static long at(Context request) {
        return number(request, "at", Long.MAX_VALUE, 1, Long.MAX_VALUE);
    }

    /// A number of the query.
    static long number(Context request, String name, long otherwise, long least, long most) {
        var text = request.queryParam(name);
        if (text == null) {
            return otherwise;
        }
        if (!text.matches("\\d{1,18}")) {
            throw Problem.badRequest("`" + name + "` is a number");
        }
        long number = Long.parseLong(text);
        if (number < least || number > most) {
            throw Problem.badRequest("`" + name + "` is a number from " + least + " to " + most);
        }
        return number;
    }

    /// A moment, or how long ago it was; null where nothing is said.
    ///
    /// @throws Problem with the field `pointer`, or of the query where that is null
    static @Nullable Instant moment(
            String name, @Nullable String text, Instant now, @Nullable String pointer) {
        if (text == null || text.isBlank()) {
            return null;
        }
        return TimeText.moment(text.strip(), now)
                .orElseThrow(() -> {
                    var told =
                            "`"
                                    + name
                                    + "` is a moment, 2027-01-31T00:00:00Z, or how long ago: `24h`";
                    return pointer == null
                            ? Problem.badRequest(told)
                            : Problem.field(pointer, told);
                });
    }

    static boolean flag(Context request, String name) {
        return switch (request.queryParam(name)) {
            case null -> false;
            case "true" -> true;
            case "false" -> false;
            default -> throw Problem.badRequest("`" + name + "` is true or false");
        };
    }

    /// How many events whoever asks has seen, 0 where that does not matter.
    static long expected(Body body) {
        return switch (body.fields().get("expect")) {
            case null -> 0;
            case Value.Null _ -> 0;
            case Value.Int(var number) when number >= 0 -> number;
            default -> throw Problem.field("/expect", "`expect` is how many events you saw");
        };
    }

    /// For what the engine does not look at the number of events itself.
    ///
    /// @throws Refusal when the run has another number than was seen
    void requireExpected(RunId run, Body body) {
        long expected = expected(body);
        if (expected == 0) {
            return;
        }
        long now = runs.sequence(run);
        if (expected != now) {
            throw new Refusal(Command.Intervene.movedOn(expected, now));
        }
    }

    /// The id of what is asked, the same when the same caller asks it again under one
    /// `Idempotency-Key`; null where there is no key.
    ///
    /// @param scope what it is asked of, and what is asked
    /// @throws Problem `wrong_key` when something else was asked under this key
    @Nullable String key(Context request, String scope, Body body) {
        var key = idempotencyKey(request);
        if (key == null) {
            return null;
        }
        var whole = String.join("\n", Caller.of(request).name(), scope, key);
        reservations.reserve("asked\n" + whole, Json.bytes(body.fields()));
        return "api-" + Sha256.hex(whole.getBytes(StandardCharsets.UTF_8)).substring(0, 40);
    }

    static @Nullable String idempotencyKey(Context request) {
        var key = request.header("idempotency-key");
        if (key != null && (key.isBlank() || key.length() > LONGEST_KEY)) {
            throw Problem.badRequest("`Idempotency-Key` has up to " + LONGEST_KEY + " characters");
        }
        return key;
    }

    /// A refusal as a problem.
    static Problem refused(Refusal refusal) {
        var message = String.valueOf(refusal.getMessage());
        return new Problem(
                409, message.startsWith("the run has moved on") ? "stale" : "refused", message);
    }
}
