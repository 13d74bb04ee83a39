package dev.tutti.runtime.journal;

import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Amendment;
import dev.tutti.core.event.Budget;
import dev.tutti.core.event.Event;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Mode;
import dev.tutti.core.event.Origin;
import dev.tutti.core.event.Question;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.Status;
import dev.tutti.core.event.Tally;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Usage;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.json.Json;
import dev.tutti.runtime.json.JsonException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Events as JSON payloads with a type and a version, and back.
///
/// A payload of an older version is lifted to the current form by the upcasters in [#lift] before
/// it is read: payloads on disk are never rewritten. The set of types is closed.
public final class EventCodec {
    /// The version that is written, for every type; types have moved together so far.
    public static final int VERSION = 1;

    /// The fields that hold what tasks were given and gave.
    private static final Set<String> CONTENT =
            Set.of(
                    "after",
                    "answer",
                    "before",
                    "candidates",
                    "data",
                    "input",
                    "inputs",
                    "look",
                    "outcome",
                    "output",
                    "what");

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
                        if (!e.by().isEmpty()) {
                            out.put("by", e.by());
                        }
                        if (e.onStall() != Task.Remedy.ASK) {
                            out.put("on_stall", e.onStall().word());
                        }
                        out.put("origin", origin(e.origin()));
                        out.put("planner", PlanCodec.encode(e.planner()));
                        out.put("budget", BudgetCodec.encode(e.budget()));
                        if (e.mode() != Mode.PLANNED) {
                            out.put("mode", e.mode().word());
                        }
                        yield "RunStarted";
                    }
                    case Event.Paused e -> {
                        out.put("at", e.at().toString()).put("reason", e.reason());
                        yield "Paused";
                    }
                    case Event.Resumed e -> {
                        out.put("paused", e.paused().toString()).put("reason", e.reason());
                        yield "Resumed";
                    }
                    case Event.Intervened e -> {
                        out.put("verb", e.verb()).put("tasks", Value.from(e.tasks()));
                        out.put("reason", e.reason());
                        out.put("before", e.before()).put("after", e.after());
                        yield "Intervened";
                    }
                    case Event.Stalled e -> {
                        out.put("reason", e.reason()).put("cycle", Value.from(e.cycle()));
                        yield "Stalled";
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
                        PlanCodec.encode(out, e.amendment());
                        yield "PlanAmended";
                    }
                    case Event.PlanProposed e -> {
                        out.put("task", e.task().toString()).put("token", e.token());
                        var plan = new Fields();
                        PlanCodec.encode(plan, e.amendment());
                        out.put("plan", plan.struct()).put("proposal", e.proposal());
                        out.put("usage", usage(e.usage()));
                        yield "PlanProposed";
                    }
                    case Event.TaskRevised e -> {
                        out.put("task", TaskCodec.encode(e.task()));
                        yield "TaskRevised";
                    }
                    case Event.TasksReset e -> {
                        out.put("tasks", Value.from(e.tasks()));
                        yield "TasksReset";
                    }
                    case Event.FannedOut e -> {
                        out.put("task", e.task()).put("width", e.width());
                        if (e.need() != e.width()) {
                            out.put("need", e.need());
                        }
                        yield "FannedOut";
                    }
                    case Event.TaskHeld e -> {
                        out.put("task", e.task().toString()).put("input", e.input());
                        yield "TaskHeld";
                    }
                    case Event.TaskReady e -> {
                        out.put("task", e.task().toString()).put("input", e.input());
                        if (!e.locks().isEmpty()) {
                            out.put("locks", Value.from(e.locks()));
                        }
                        ChoiceCodec.encode(out, e.ruling());
                        yield "TaskReady";
                    }
                    case Event.InputGiven e -> {
                        out.put("task", e.task().toString()).put("input", e.input());
                        if (e.by() != null) {
                            out.put("by", e.by());
                        }
                        yield "InputGiven";
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
                        out.put("candidates", ChoiceCodec.encode(e.candidates()));
                        putDue(out, e.due());
                        if (e.idle() != null) {
                            out.put("idle", e.idle().toString());
                        }
                        if (!e.reserved().isNone()) {
                            out.put("reserved", BudgetCodec.encode(e.reserved()));
                        }
                        ChoiceCodec.encode(out, e.choosing());
                        yield "Assigned";
                    }
                    case Event.Announced e -> {
                        AuctionCodec.encode(out, e);
                        yield "Announced";
                    }
                    case Event.BidPlaced e -> {
                        AuctionCodec.encode(out, e);
                        yield "BidPlaced";
                    }
                    case Event.BidDeclined e -> {
                        AuctionCodec.encode(out, e);
                        yield "BidDeclined";
                    }
                    case Event.TaskClaimed e -> {
                        AuctionCodec.encode(out, e);
                        yield "TaskClaimed";
                    }
                    case Event.ChildStarted e -> {
                        out.put("task", e.task().toString()).put("token", e.token());
                        out.put("child", e.child().value()).put("workflow", e.workflow());
                        out.put("inputs", e.inputs());
                        putDue(out, e.due());
                        if (e.agent() != null) {
                            out.put("agent", e.agent().value());
                        }
                        out.put("budget", BudgetCodec.encode(e.budget()));
                        putTally(out, "part", e.part());
                        if (e.until() != null) {
                            out.put("until", e.until().toString());
                        }
                        yield "ChildStarted";
                    }
                    case Event.Awaited e -> {
                        out.put("task", e.task().toString()).put("token", e.token());
                        if (e.message() != null) {
                            out.put("message", e.message());
                        }
                        putDue(out, e.due());
                        putText(out, "topic", e.topic());
                        putText(out, "key", e.key());
                        yield "Awaited";
                    }
                    case Event.Rerouted e -> {
                        out.put("task", e.task().toString()).put("from", e.from().value());
                        out.put("rung", e.rung());
                        yield "Rerouted";
                    }
                    case Event.HandedOver e -> {
                        out.put("task", e.task().toString()).put("token", e.token());
                        out.put("from", e.from().value()).put("to", e.to().value());
                        out.put("what", e.what()).put("reason", e.reason());
                        out.put("usage", usage(e.usage()));
                        yield "HandedOver";
                    }
                    case Event.ErrandsAwaited e -> {
                        out.put("task", e.task().toString()).put("token", e.token());
                        out.put("errands", Value.from(e.errands()));
                        yield "ErrandsAwaited";
                    }
                    case Event.BudgetShort e -> {
                        out.put("task", e.task().toString());
                        out.put("need", BudgetCodec.encode(e.need())).put("reason", e.reason());
                        putTally(out, "counted", e.counted());
                        yield "BudgetShort";
                    }
                    case Event.TooDear e -> {
                        out.put("task", e.task().toString());
                        out.put(
                                "agents",
                                Value.from(e.agents().stream().map(AgentId::value).toList()));
                        out.put("reason", e.reason());
                        yield "TooDear";
                    }
                    case Event.BudgetAlarm e -> {
                        out.put("percent", e.percent());
                        out.put("spent", BudgetCodec.encode(e.spent()));
                        if (e.limit() != null) {
                            out.put("limit", e.limit());
                        }
                        yield "BudgetAlarm";
                    }
                    case Event.PartReturned e -> {
                        out.put("token", e.token());
                        putTally(out, "used", e.used());
                        yield "PartReturned";
                    }
                    case Event.BudgetRaised e -> {
                        out.put("budget", BudgetCodec.encode(e.budget()));
                        yield "BudgetRaised";
                    }
                    case Event.Settled e -> {
                        out.put("token", e.token()).put("usage", usage(e.usage()));
                        yield "Settled";
                    }
                    case Event.EffectIntended e -> {
                        out.put("task", e.task().toString()).put("token", e.token());
                        out.put("name", e.name()).put("key", e.key());
                        yield "EffectIntended";
                    }
                    case Event.EffectRecorded e -> {
                        out.put("task", e.task().toString()).put("name", e.name());
                        out.put("outcome", e.outcome());
                        yield "EffectRecorded";
                    }
                    case Event.EffectWithdrawn e -> {
                        out.put("task", e.task().toString()).put("name", e.name());
                        out.put("reason", e.reason());
                        yield "EffectWithdrawn";
                    }
                    case Event.AttemptEnded e -> {
                        out.put("task", e.task().toString()).put("token", e.token());
                        out.put("failure", failure(e.failure())).put("usage", usage(e.usage()));
                        yield "AttemptEnded";
                    }
                    case Event.ResultProposed e -> {
                        out.put("task", e.task().toString()).put("token", e.token());
                        out.put("output", e.output()).put("look", e.look());
                        out.put("usage", usage(e.usage()));
                        yield "ResultProposed";
                    }
                    case Event.Iterated e -> {
                        out.put("task", e.task().toString()).put("token", e.token());
                        out.put("output", e.output()).put("usage", usage(e.usage()));
                        if (e.next() != null) {
                            out.put("next", e.next().value());
                        }
                        yield "Iterated";
                    }
                    case Event.OutputGiven e -> {
                        out.put("task", e.task().toString()).put("output", e.output());
                        yield "OutputGiven";
                    }
                    case Event.QuestionAsked e -> {
                        out.put("question", QuestionCodec.encode(e.question()));
                        out.put("token", e.token());
                        yield "QuestionAsked";
                    }
                    case Event.QuestionHandedOn e -> {
                        out.put("question", e.question()).put("rung", e.rung());
                        yield "QuestionHandedOn";
                    }
                    case Event.QuestionReminded e -> {
                        out.put("question", e.question());
                        yield "QuestionReminded";
                    }
                    case Event.QuestionAnswered e -> {
                        out.put("question", e.question()).put("by", e.by());
                        out.put("answer", e.answer()).put("comment", e.comment());
                        yield "QuestionAnswered";
                    }
                    case Event.QuestionClosed e -> {
                        out.put("question", e.question()).put("end", e.end().word());
                        out.put("answer", e.answer()).put("reason", e.reason());
                        yield "QuestionClosed";
                    }
                    case Event.MessageReceived e -> {
                        out.put("id", e.id()).put("type", e.type()).put("data", e.data());
                        if (e.task() != null) {
                            out.put("task", e.task().toString());
                        }
                        out.put("kept", Value.of(e.kept()));
                        yield "MessageReceived";
                    }
                    case Event.MessagePublished e -> {
                        out.put("task", e.task().toString()).put("type", e.type());
                        out.put("data", e.data());
                        putText(out, "to", e.to() == null ? null : e.to().value());
                        putText(out, "topic", e.topic());
                        putText(out, "key", e.key());
                        yield "MessagePublished";
                    }
                    case Event.ArtifactStored e -> {
                        out.put("task", e.task().toString())
                                .put("hash", e.hash())
                                .put("size", e.size());
                        out.put("media_type", e.mediaType()).put("name", e.name());
                        yield "ArtifactStored";
                    }
                    case Event.NoteWritten e -> {
                        NoteCodec.encode(out, e);
                        yield "NoteWritten";
                    }
                    case Event.NoteRead e -> {
                        out.put("task", e.task().toString()).put("token", e.token());
                        out.put("notes", NoteCodec.refs(e.notes()));
                        yield "NoteRead";
                    }
                    case Event.ContextAssembled e -> {
                        NoteCodec.encode(out, e);
                        yield "ContextAssembled";
                    }
                    case Event.ResultAccepted e -> {
                        out.put("task", e.task().toString()).put("token", e.token());
                        out.put("output", e.output()).put("usage", usage(e.usage()));
                        yield "ResultAccepted";
                    }
                    case Event.Joined e -> {
                        out.put("task", e.task());
                        if (e.resolved() != null) {
                            out.put("resolved", ResolveCodec.encode(e.resolved()));
                        }
                        yield "Joined";
                    }
                    case Event.Dissented e -> {
                        out.put("task", e.task());
                        out.put("confidence", new Value.Real(e.confidence())).put("by", e.by());
                        out.put("answers", ResolveCodec.encode(e.answers()));
                        yield "Dissented";
                    }
                    case Event.Debated e -> {
                        out.put("task", e.task()).put("round", e.round());
                        out.put("items", Value.from(e.items()));
                        yield "Debated";
                    }
                    case Event.Claimed e -> {
                        out.put("task", e.task().toString()).put("agent", e.agent().value());
                        out.put("message", e.message()).put("role", e.role());
                        yield "Claimed";
                    }
                    case Event.Declined e -> {
                        out.put("agent", e.agent().value()).put("message", e.message());
                        yield "Declined";
                    }
                    case Event.ClaimLost e -> {
                        out.put("task", e.task().toString()).put("failure", failure(e.failure()));
                        yield "ClaimLost";
                    }
                    case Event.Unanswered e -> {
                        out.put("message", e.message()).put("role", e.role());
                        out.put("expected", e.expected()).put("reason", e.reason());
                        yield "Unanswered";
                    }
                    case Event.Expected e -> {
                        out.put("rule", e.rule()).put("message", e.message());
                        out.put("same", e.same()).put("due", e.due().toString());
                        yield "Expected";
                    }
                    case Event.ExpectationMet e -> {
                        out.put("expected", e.expected()).put("by", e.by());
                        yield "ExpectationMet";
                    }
                    case Event.TimerSet e -> {
                        out.put("timer", Timers.encode(e.timer())).put("due", e.due().toString());
                        yield "TimerSet";
                    }
                    case Event.TimerFired e -> {
                        out.put("timer", Timers.encode(e.timer()));
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
        return decode(type, version, () -> Json.parse(payload));
    }

    /// Reads a payload but for its content: what tasks were given and gave is left unread, and who
    /// else could have done them, and stands as an empty object or list. For those who need to know
    /// what happened and not with what.
    ///
    /// @throws JournalException as [#decode] does
    public static Event outline(String type, int version, byte[] payload) {
        return decode(type, version, () -> Json.outline(payload, CONTENT));
    }

    private static Event decode(String type, int version, Supplier<Value> payload) {
        if (version > VERSION) {
            throw new JournalException(
                    "version",
                    "the event " + type + " version " + version + " was written by a later Tutti",
                    null);
        }
        try {
            return decode(type, Fields.of(lift(type, version, payload.get())));
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

    /// An amendment as a payload.
    public static Value amendment(Amendment amendment) {
        var out = new Fields();
        PlanCodec.encode(out, amendment);
        return out.struct();
    }

    /// An amendment from its payload.
    ///
    /// @throws IllegalArgumentException when it is none
    public static Amendment amendment(Value payload) {
        return PlanCodec.decodeAmendment(Fields.of(payload));
    }

    /// A budget as a payload; null where there is no limit.
    public static @Nullable Value budget(Budget budget) {
        return BudgetCodec.encode(budget);
    }

    /// A budget from its payload, or no limit where there is none.
    public static Budget budget(@Nullable Value payload) {
        return BudgetCodec.decode(new Fields().put("budget", payload), "budget");
    }

    /// What was counted, as a payload.
    public static Value tally(Tally tally) {
        return BudgetCodec.encode(tally);
    }

    /// What was counted, from its payload.
    public static Tally tally(Value payload) {
        return BudgetCodec.tally(new Fields().put("tally", payload), "tally");
    }

    private static void putTally(Fields out, String name, Tally tally) {
        if (!tally.isNone()) {
            out.put(name, BudgetCodec.encode(tally));
        }
    }

    private static Event decode(String type, Fields in) {
        return switch (type) {
            case "RunStarted" ->
                    new Event.RunStarted(
                            new RunId(in.text("run")),
                            in.text("goal"),
                            in.text("team"),
                            in.struct("inputs"),
                            in.value("output"),
                            in.textOr("by", ""),
                            remedy(in.textOr("on_stall", "ask")),
                            origin(in.find("origin")),
                            PlanCodec.decodePlanner(in),
                            BudgetCodec.decode(in, "budget"),
                            mode(in.textOr("mode", Mode.PLANNED.word())));
            case "Paused" -> new Event.Paused(in.requiredInstant("at"), in.text("reason"));
            case "Resumed" ->
                    new Event.Resumed(Duration.parse(in.text("paused")), in.text("reason"));
            case "Intervened" ->
                    new Event.Intervened(
                            in.text("verb"),
                            in.texts("tasks"),
                            in.text("reason"),
                            in.value("before"),
                            in.value("after"));
            case "Stalled" -> new Event.Stalled(in.text("reason"), in.texts("cycle"));
            case "Closing" ->
                    new Event.Closing(status(in), in.text("reason"), failure(in.find("failure")));
            case "Ended" ->
                    new Event.Ended(status(in), in.value("output"), failure(in.find("failure")));
            case "Refused" -> new Event.Refused(in.text("command"), in.text("reason"));
            case "PlanAmended" -> new Event.PlanAmended(PlanCodec.decodeAmendment(in));
            case "PlanProposed" ->
                    new Event.PlanProposed(
                            task(in),
                            in.number("token"),
                            PlanCodec.decodeAmendment(in.fields("plan")),
                            in.value("proposal"),
                            usage(in));
            case "TaskRevised" -> new Event.TaskRevised(TaskCodec.decode(in.value("task")));
            case "TasksReset" -> new Event.TasksReset(in.texts("tasks"));
            case "FannedOut" ->
                    new Event.FannedOut(
                            in.text("task"),
                            (int) in.number("width"),
                            (int) in.number(in.find("need") == null ? "width" : "need"));
            case "TaskHeld" -> new Event.TaskHeld(task(in), in.struct("input"));
            case "TaskReady" ->
                    new Event.TaskReady(
                            task(in),
                            in.struct("input"),
                            in.texts("locks"),
                            ChoiceCodec.ruling(in));
            case "InputGiven" ->
                    new Event.InputGiven(
                            task(in),
                            in.struct("input"),
                            in.find("by") == null ? null : in.text("by"));
            case "TaskSkipped" -> new Event.TaskSkipped(task(in), in.text("reason"));
            case "TaskFailed" ->
                    new Event.TaskFailed(task(in), Failures.decode(in.fields("failure")));
            case "Assigned" ->
                    new Event.Assigned(
                            task(in),
                            in.number("token"),
                            new AgentId(in.text("agent")),
                            (int) in.number("attempt"),
                            in.list("candidates").stream().map(ChoiceCodec::candidate).toList(),
                            in.instant("due"),
                            in.duration("idle"),
                            BudgetCodec.spend(in, "reserved"),
                            ChoiceCodec.choosing(in));
            case "Announced" -> AuctionCodec.announced(in);
            case "BidPlaced" -> AuctionCodec.bidPlaced(in);
            case "BidDeclined" -> AuctionCodec.bidDeclined(in);
            case "TaskClaimed" -> AuctionCodec.claimed(in);
            case "ChildStarted" ->
                    new Event.ChildStarted(
                            task(in),
                            in.number("token"),
                            new RunId(in.text("child")),
                            in.text("workflow"),
                            in.struct("inputs"),
                            in.instant("due"),
                            in.find("agent") == null ? null : new AgentId(in.text("agent")),
                            BudgetCodec.decode(in, "budget"),
                            BudgetCodec.tally(in, "part"),
                            in.instant("until"));
            case "Awaited" ->
                    new Event.Awaited(
                            task(in),
                            in.number("token"),
                            in.findText("message"),
                            in.instant("due"),
                            in.findText("topic"),
                            in.findText("key"));
            case "Rerouted" ->
                    new Event.Rerouted(
                            task(in), new AgentId(in.text("from")), (int) in.number("rung"));
            case "HandedOver" ->
                    new Event.HandedOver(
                            task(in),
                            in.number("token"),
                            new AgentId(in.text("from")),
                            new AgentId(in.text("to")),
                            in.value("what"),
                            in.text("reason"),
                            usage(in));
            case "ErrandsAwaited" ->
                    new Event.ErrandsAwaited(task(in), in.number("token"), in.texts("errands"));
            case "BudgetShort" ->
                    new Event.BudgetShort(
                            task(in),
                            BudgetCodec.spend(in, "need"),
                            BudgetCodec.tally(in, "counted"),
                            in.text("reason"));
            case "TooDear" ->
                    new Event.TooDear(
                            task(in),
                            in.texts("agents").stream().map(AgentId::new).toList(),
                            in.text("reason"));
            case "BudgetAlarm" ->
                    new Event.BudgetAlarm(
                            (int) in.number("percent"),
                            BudgetCodec.spend(in, "spent"),
                            in.findText("limit"));
            case "PartReturned" ->
                    new Event.PartReturned(in.number("token"), BudgetCodec.tally(in, "used"));
            case "BudgetRaised" -> new Event.BudgetRaised(BudgetCodec.decode(in, "budget"));
            case "Settled" -> new Event.Settled(in.number("token"), usage(in));
            case "EffectIntended" ->
                    new Event.EffectIntended(
                            task(in), in.number("token"), in.text("name"), in.text("key"));
            case "EffectRecorded" ->
                    new Event.EffectRecorded(task(in), in.text("name"), in.value("outcome"));
            case "EffectWithdrawn" ->
                    new Event.EffectWithdrawn(task(in), in.text("name"), in.text("reason"));
            case "ResultProposed" ->
                    new Event.ResultProposed(
                            task(in),
                            in.number("token"),
                            in.value("output"),
                            in.struct("look"),
                            usage(in));
            case "Iterated" ->
                    new Event.Iterated(
                            task(in),
                            in.number("token"),
                            in.value("output"),
                            usage(in),
                            in.find("next") == null ? null : new AgentId(in.text("next")));
            case "OutputGiven" -> new Event.OutputGiven(task(in), in.value("output"));
            case "QuestionAsked" ->
                    new Event.QuestionAsked(
                            QuestionCodec.decode(in.fields("question")), in.number("token"));
            case "QuestionHandedOn" ->
                    new Event.QuestionHandedOn(in.number("question"), (int) in.number("rung"));
            case "QuestionReminded" -> new Event.QuestionReminded(in.number("question"));
            case "QuestionAnswered" ->
                    new Event.QuestionAnswered(
                            in.number("question"),
                            in.text("by"),
                            in.value("answer"),
                            in.text("comment"));
            case "QuestionClosed" ->
                    new Event.QuestionClosed(
                            in.number("question"),
                            Question.End.valueOf(in.text("end").toUpperCase(Locale.ROOT)),
                            in.value("answer"),
                            in.text("reason"));
            case "MessageReceived" ->
                    new Event.MessageReceived(
                            in.text("id"),
                            in.text("type"),
                            in.value("data"),
                            in.find("task") == null ? null : task(in),
                            in.value("kept").equals(Value.of(true)));
            case "MessagePublished" ->
                    new Event.MessagePublished(
                            task(in),
                            in.text("type"),
                            in.value("data"),
                            in.find("to") == null ? null : new RunId(in.text("to")),
                            in.findText("topic"),
                            in.findText("key"));
            case "Claimed" ->
                    new Event.Claimed(
                            task(in),
                            new AgentId(in.text("agent")),
                            in.text("message"),
                            in.text("role"));
            case "Declined" ->
                    new Event.Declined(new AgentId(in.text("agent")), in.text("message"));
            case "ClaimLost" ->
                    new Event.ClaimLost(task(in), Failures.decode(in.fields("failure")));
            case "Unanswered" ->
                    new Event.Unanswered(
                            in.text("message"),
                            in.text("role"),
                            in.number("expected"),
                            in.text("reason"));
            case "Expected" ->
                    new Event.Expected(
                            (int) in.number("rule"),
                            in.text("message"),
                            in.text("same"),
                            in.requiredInstant("due"));
            case "ExpectationMet" -> new Event.ExpectationMet(in.number("expected"), in.text("by"));
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
            case "NoteWritten" -> NoteCodec.written(in);
            case "ContextAssembled" -> NoteCodec.assembled(in);
            case "NoteRead" ->
                    new Event.NoteRead(task(in), in.number("token"), NoteCodec.refs(in, "notes"));
            case "ResultAccepted" ->
                    new Event.ResultAccepted(
                            task(in), in.number("token"), in.value("output"), usage(in));
            case "Joined" ->
                    new Event.Joined(
                            in.text("task"),
                            in.find("resolved") == null
                                    ? null
                                    : ResolveCodec.resolved(in.fields("resolved")));
            case "Dissented" ->
                    new Event.Dissented(
                            in.text("task"),
                            ResolveCodec.confidence(in),
                            in.text("by"),
                            ResolveCodec.positions(in));
            case "Debated" ->
                    new Event.Debated(
                            in.text("task"), (int) in.number("round"), in.wholes("items"));
            case "TimerSet" ->
                    new Event.TimerSet(
                            Timers.decode(in.fields("timer")), in.requiredInstant("due"));
            case "TimerFired" -> new Event.TimerFired(Timers.decode(in.fields("timer")));
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

    /// Usage that is none is left out, and so is that it is known.
    private static @Nullable Value usage(Usage usage) {
        return usage.equals(Usage.NONE) ? null : BudgetCodec.encode(usage);
    }

    /// What an attempt or a step used up.
    public static Value encode(Usage usage) {
        return BudgetCodec.encode(usage);
    }

    /// Reads what [#encode(Usage)] gave.
    public static Usage usage(Value value) {
        return BudgetCodec.usage(Fields.of(value));
    }

    private static Usage usage(Fields in) {
        var usage = in.find("usage");
        return usage == null ? Usage.NONE : BudgetCodec.usage(Fields.of(usage));
    }

    private static void putText(Fields out, String name, @Nullable String text) {
        if (text != null) {
            out.put(name, text);
        }
    }

    private static void putDue(Fields out, @Nullable Instant due) {
        if (due != null) {
            out.put("due", due.toString());
        }
    }

    private static Mode mode(String word) {
        return Mode.valueOf(word.toUpperCase(Locale.ROOT));
    }

    static Task.Remedy remedy(String word) {
        return Task.Remedy.valueOf(word.toUpperCase(Locale.ROOT));
    }

    private static @Nullable Value origin(@Nullable Origin origin) {
        return switch (origin) {
            case null -> null;
            case Origin.Child(var parent, var token, var depth) ->
                    new Fields()
                            .put("parent", parent.value())
                            .put("token", token)
                            .put("depth", depth)
                            .struct();
            case Origin.Fork(var from, var at, var keys, var reason) ->
                    new Fields()
                            .put("from", from.value())
                            .put("at", at)
                            .put("keys", keys.value())
                            .put("reason", reason.isEmpty() ? null : Value.text(reason))
                            .struct();
        };
    }

    private static @Nullable Origin origin(@Nullable Value value) {
        if (value == null) {
            return null;
        }
        var in = Fields.of(value);
        var parent = in.findText("parent");
        return parent != null
                ? new Origin.Child(new RunId(parent), in.number("token"), (int) in.number("depth"))
                : new Origin.Fork(
                        new RunId(in.text("from")),
                        in.number("at"),
                        new RunId(in.text("keys")),
                        Objects.requireNonNullElse(in.findText("reason"), ""));
    }
}
