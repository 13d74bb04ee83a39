package dev.tutti.runtime.journal;

import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Event;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.SkillId;
import dev.tutti.core.event.Status;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Timer;
import dev.tutti.core.event.Usage;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.json.Json;
import dev.tutti.runtime.json.JsonException;
import java.time.DateTimeException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Events as JSON payloads with a type and a version, and back.
///
/// A payload of an older version is lifted to the current form by the upcasters in [#lift] before
/// it is read: payloads on disk are never rewritten. The set of types is closed.
public final class EventCodec {
    /// The version that is written, for every type; types have moved together so far.
    public static final int VERSION = 1;

    private EventCodec() {}

    /// An event without its envelope.
    public record Encoded(String type, int version, byte[] payload) {}

    public static Encoded encode(Event event) {
        var out = new Fields();
        var type =
                switch (event) {
                    case Event.RunStarted e -> {
                        out.put("run", e.run().value()).put("goal", e.goal()).put("team", e.team());
                        out.put("inputs", e.inputs()).put("output", e.output());
                        yield "RunStarted";
                    }
                    case Event.Closing e -> {
                        out.put("status", e.status().word()).put("reason", e.reason());
                        out.put("failure", failure(e.failure()));
                        yield "Closing";
                    }
                    case Event.Ended e -> {
                        out.put("status", e.status().word()).put("output", e.output());
                        out.put("failure", failure(e.failure()));
                        yield "Ended";
                    }
                    case Event.Refused e -> {
                        out.put("command", e.command()).put("reason", e.reason());
                        yield "Refused";
                    }
                    case Event.PlanAmended e -> {
                        out.put("base", e.base())
                                .put("author", e.author())
                                .put("reason", e.reason());
                        out.put(
                                "tasks",
                                new Value.Array(
                                        e.tasks().stream().<Value>map(TaskCodec::encode).toList()));
                        yield "PlanAmended";
                    }
                    case Event.FannedOut e -> {
                        out.put("task", e.task()).put("width", e.width());
                        yield "FannedOut";
                    }
                    case Event.TaskReady e -> {
                        out.put("task", e.task().toString()).put("input", e.input());
                        yield "TaskReady";
                    }
                    case Event.TaskSkipped e -> {
                        out.put("task", e.task().toString()).put("reason", e.reason());
                        yield "TaskSkipped";
                    }
                    case Event.TaskFailed e -> {
                        out.put("task", e.task().toString()).put("failure", failure(e.failure()));
                        yield "TaskFailed";
                    }
                    case Event.Assigned e -> {
                        out.put("task", e.task().toString()).put("token", e.token());
                        out.put("agent", e.agent().value()).put("attempt", e.attempt());
                        out.put("candidates", candidates(e));
                        if (e.due() != null) {
                            out.put("due", e.due().toString());
                        }
                        yield "Assigned";
                    }
                    case Event.AttemptEnded e -> {
                        out.put("task", e.task().toString()).put("token", e.token());
                        out.put("failure", failure(e.failure())).put("usage", usage(e.usage()));
                        yield "AttemptEnded";
                    }
                    case Event.ArtifactStored e -> {
                        out.put("task", e.task().toString())
                                .put("hash", e.hash())
                                .put("size", e.size());
                        out.put("media_type", e.mediaType()).put("name", e.name());
                        yield "ArtifactStored";
                    }
                    case Event.ResultAccepted e -> {
                        out.put("task", e.task().toString()).put("token", e.token());
                        out.put("output", e.output()).put("usage", usage(e.usage()));
                        yield "ResultAccepted";
                    }
                    case Event.Joined e -> {
                        out.put("task", e.task());
                        yield "Joined";
                    }
                    case Event.TimerSet e -> {
                        out.put("timer", timer(e.timer())).put("due", e.due().toString());
                        yield "TimerSet";
                    }
                    case Event.TimerFired e -> {
                        out.put("timer", timer(e.timer()));
                        yield "TimerFired";
                    }
                };
        return new Encoded(type, VERSION, Json.bytes(out.struct()));
    }

    /// Reads a payload.
    ///
    /// @throws JournalException `version` for a type or version that a later Tutti wrote, `corrupt`
    ///   for a payload that is not of its type's form
    public static Event decode(String type, int version, byte[] payload) {
        if (version > VERSION) {
            throw new JournalException(
                    "version",
                    "the event " + type + " version " + version + " was written by a later Tutti",
                    null);
        }
        try {
            return decode(type, Fields.of(lift(type, version, Json.parse(payload))));
        } catch (IllegalArgumentException | JsonException | DateTimeException e) {
            throw new JournalException(
                    "corrupt", "the payload of a " + type + " is not one: " + e.getMessage(), e);
        }
    }

    /// Lifts an older payload to the current form. There is no older form yet.
    private static Value lift(String type, int version, Value payload) {
        if (version < 1) {
            throw new IllegalArgumentException(type + " version " + version);
        }
        return payload;
    }

    private static Event decode(String type, Fields in) {
        return switch (type) {
            case "RunStarted" ->
                    new Event.RunStarted(
                            new RunId(in.text("run")),
                            in.text("goal"),
                            in.text("team"),
                            in.struct("inputs"),
                            in.value("output"));
            case "Closing" ->
                    new Event.Closing(status(in), in.text("reason"), failure(in.find("failure")));
            case "Ended" ->
                    new Event.Ended(status(in), in.value("output"), failure(in.find("failure")));
            case "Refused" -> new Event.Refused(in.text("command"), in.text("reason"));
            case "PlanAmended" ->
                    new Event.PlanAmended(
                            (int) in.number("base"),
                            in.text("author"),
                            in.text("reason"),
                            in.list("tasks").stream().map(TaskCodec::decode).toList());
            case "FannedOut" -> new Event.FannedOut(in.text("task"), (int) in.number("width"));
            case "TaskReady" -> new Event.TaskReady(task(in), in.struct("input"));
            case "TaskSkipped" -> new Event.TaskSkipped(task(in), in.text("reason"));
            case "TaskFailed" ->
                    new Event.TaskFailed(task(in), Failures.decode(in.fields("failure")));
            case "Assigned" ->
                    new Event.Assigned(
                            task(in),
                            in.number("token"),
                            new AgentId(in.text("agent")),
                            (int) in.number("attempt"),
                            in.list("candidates").stream().map(EventCodec::candidate).toList(),
                            in.instant("due"));
            case "AttemptEnded" ->
                    new Event.AttemptEnded(
                            task(in),
                            in.number("token"),
                            Failures.decode(in.fields("failure")),
                            usage(in));
            case "ArtifactStored" ->
                    new Event.ArtifactStored(
                            task(in),
                            in.text("hash"),
                            in.number("size"),
                            in.text("media_type"),
                            in.text("name"));
            case "ResultAccepted" ->
                    new Event.ResultAccepted(
                            task(in), in.number("token"), in.value("output"), usage(in));
            case "Joined" -> new Event.Joined(in.text("task"));
            case "TimerSet" ->
                    new Event.TimerSet(timer(in.fields("timer")), in.requiredInstant("due"));
            case "TimerFired" -> new Event.TimerFired(timer(in.fields("timer")));
            default ->
                    throw new JournalException(
                            "version", "the event " + type + " was written by a later Tutti", null);
        };
    }

    private static TaskId task(Fields in) {
        return TaskId.parse(in.text("task"));
    }

    private static Status status(Fields in) {
        return Status.valueOf(in.text("status").toUpperCase(Locale.ROOT));
    }

    private static @Nullable Value failure(@Nullable Failure failure) {
        return failure == null ? null : Failures.encode(failure);
    }

    private static @Nullable Failure failure(@Nullable Value value) {
        return value == null ? null : Failures.decode(Fields.of(value));
    }

    /// Usage that is none is left out.
    private static @Nullable Value usage(Usage usage) {
        return usage.equals(Usage.NONE)
                ? null
                : new Fields()
                        .put("usd", usage.usd().toString())
                        .put("input_tokens", usage.inputTokens())
                        .put("output_tokens", usage.outputTokens())
                        .struct();
    }

    private static Usage usage(Fields in) {
        var usage = in.find("usage");
        if (usage == null) {
            return Usage.NONE;
        }
        var fields = Fields.of(usage);
        return new Usage(
                fields.money("usd"), fields.number("input_tokens"), fields.number("output_tokens"));
    }

    private static Value candidates(Event.Assigned e) {
        return new Value.Array(
                e.candidates().stream()
                        .<Value>map(candidate -> {
                            var out = new Fields().put("agent", candidate.agent().value());
                            out.put("score", new Value.Real(candidate.score()));
                            if (candidate.excluded() != null) {
                                out.put("excluded", candidate.excluded());
                            }
                            return out.struct();
                        })
                        .toList());
    }

    private static Event.Candidate candidate(Value value) {
        var in = Fields.of(value);
        return new Event.Candidate(
                new AgentId(in.text("agent")), in.real("score"), in.findText("excluded"));
    }

    private static Value timer(Timer timer) {
        return switch (timer) {
            case Timer.RetryDue(var task) ->
                    new Fields().put("kind", "retry").put("task", task.toString()).struct();
            case Timer.AttemptDue(var token) ->
                    new Fields().put("kind", "attempt").put("token", token).struct();
            case Timer.CloseDue() -> new Fields().put("kind", "close").struct();
        };
    }

    private static Timer timer(Fields in) {
        var kind = in.text("kind");
        return switch (kind) {
            case "retry" -> new Timer.RetryDue(task(in));
            case "attempt" -> new Timer.AttemptDue(in.number("token"));
            case "close" -> new Timer.CloseDue();
            default -> throw new IllegalArgumentException("timer " + kind);
        };
    }

    static Task.Performer performer(Fields in) {
        var skill = in.findText("skill");
        return skill != null
                ? new Task.Performer.BySkill(new SkillId(skill))
                : new Task.Performer.ByAgent(new AgentId(in.text("agent")));
    }
}
