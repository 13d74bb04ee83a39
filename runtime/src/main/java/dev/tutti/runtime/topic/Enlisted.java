package dev.tutti.runtime.topic;

import dev.tutti.core.event.RunId;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.journal.Entry;
import dev.tutti.runtime.journal.Fields;
import dev.tutti.runtime.journal.JournalException;
import dev.tutti.runtime.journal.NewEntry;
import dev.tutti.runtime.json.Json;
import java.time.Instant;

/// A fact about who waits for messages, and what they trigger. Folded, they say how it stands: see
/// [Board].
public sealed interface Enlisted {

    /// A topic has its first message.
    record Opened(String topic) implements Enlisted {}

    /// A task of a run waits from now on.
    record Subscribed(Subscription.Await await) implements Enlisted {}

    /// It waits no more: its run went on without a message.
    record Unsubscribed(RunId run, long token) implements Enlisted {}

    /// It has its message.
    ///
    /// @param sequence of the message in its topic
    record Handed(RunId run, long token, String topic, long sequence) implements Enlisted {}

    /// The triggers of a team begin runs from now on, and those that it had under this name before
    /// do no more.
    ///
    /// @param team hash of its definition, which the journal keeps
    /// @param from where it was read, for people
    record Deployed(String name, String team, String from) implements Enlisted {}

    /// The triggers of a team begin no more runs.
    record Withdrawn(String name) implements Enlisted {}

    /// A trigger that minds what is under way has begun a run.
    ///
    /// @param group which of its runs it minds
    record Begun(String trigger, String group, RunId run) implements Enlisted {}

    /// A trigger will begin a run when the one under way has ended.
    record Queued(
            String trigger,
            String group,
            RunId run,
            String workflow,
            String team,
            Value.Struct inputs)
            implements Enlisted {}

    /// A run that a trigger minds has ended.
    record Over(RunId run) implements Enlisted {}

    /// Times of a trigger have come.
    ///
    /// @param until the last of them
    /// @param begun how many runs they began
    record Struck(String trigger, Instant until, int begun) implements Enlisted {}

    int VERSION = 1;

    default NewEntry entry(Instant at, String actor, String cause) {
        var out = new Fields();
        var type =
                switch (this) {
                    case Opened(var topic) -> {
                        out.put("topic", topic);
                        yield "Opened";
                    }
                    case Subscribed(var await) -> {
                        await.value().fields().forEach(out::put);
                        yield "Subscribed";
                    }
                    case Unsubscribed(var run, var token) -> {
                        out.put("run", run.value()).put("token", token);
                        yield "Unsubscribed";
                    }
                    case Handed(var run, var token, var topic, var sequence) -> {
                        out.put("run", run.value()).put("token", token);
                        out.put("topic", topic).put("sequence", sequence);
                        yield "Handed";
                    }
                    case Deployed(var name, var team, var from) -> {
                        out.put("name", name).put("team", team).put("from", from);
                        yield "Deployed";
                    }
                    case Withdrawn(var name) -> {
                        out.put("name", name);
                        yield "Withdrawn";
                    }
                    case Begun(var trigger, var group, var run) -> {
                        out.put("trigger", trigger).put("group", group);
                        out.put("run", run.value());
                        yield "Begun";
                    }
                    case Queued(
                                    var trigger,
                                    var group,
                                    var run,
                                    var workflow,
                                    var team,
                                    var inputs) -> {
                        out.put("trigger", trigger).put("group", group);
                        out.put("run", run.value()).put("workflow", workflow);
                        out.put("team", team).put("inputs", inputs);
                        yield "Queued";
                    }
                    case Over(var run) -> {
                        out.put("run", run.value());
                        yield "Over";
                    }
                    case Struck(var trigger, var until, var begun) -> {
                        out.put("trigger", trigger).put("until", until.toString());
                        out.put("begun", begun);
                        yield "Struck";
                    }
                };
        return new NewEntry(type, VERSION, at, actor, cause, null, Json.bytes(out.struct()));
    }

    /// Reads one.
    ///
    /// @throws JournalException `version` when it was written by a later version
    static Enlisted of(Entry entry) {
        var type = entry.event().version() == VERSION ? entry.event().type() : "";
        var in = Fields.of(Json.parse(entry.event().payload()));
        return switch (type) {
            case "Opened" -> new Opened(in.text("topic"));
            case "Subscribed" -> new Subscribed(Subscription.Await.of(in.struct()));
            case "Unsubscribed" -> new Unsubscribed(run(in), in.number("token"));
            case "Handed" ->
                    new Handed(
                            run(in), in.number("token"), in.text("topic"), in.number("sequence"));
            case "Deployed" -> new Deployed(in.text("name"), in.text("team"), in.text("from"));
            case "Withdrawn" -> new Withdrawn(in.text("name"));
            case "Begun" -> new Begun(in.text("trigger"), in.text("group"), run(in));
            case "Queued" ->
                    new Queued(
                            in.text("trigger"),
                            in.text("group"),
                            run(in),
                            in.text("workflow"),
                            in.text("team"),
                            in.fields("inputs").struct());
            case "Over" -> new Over(run(in));
            case "Struck" ->
                    new Struck(
                            in.text("trigger"),
                            Instant.parse(in.text("until")),
                            (int) in.number("begun"));
            default ->
                    throw new JournalException(
                            "version",
                            "the entry " + entry.event().type() + " was written by a later Tutti",
                            null);
        };
    }

    private static RunId run(Fields in) {
        return new RunId(in.text("run"));
    }
}
