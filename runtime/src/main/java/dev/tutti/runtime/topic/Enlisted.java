package dev.tutti.runtime.topic;

import dev.tutti.core.event.RunId;
import dev.tutti.runtime.journal.Entry;
import dev.tutti.runtime.journal.Fields;
import dev.tutti.runtime.journal.JournalException;
import dev.tutti.runtime.journal.NewEntry;
import dev.tutti.runtime.json.Json;
import java.time.Instant;

/// A fact about who waits for messages. Folded, they say who does: see [Board].
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
                };
        return new NewEntry(type, VERSION, at, actor, cause, null, Json.bytes(out.struct()));
    }

    /// Reads one.
    ///
    /// @throws JournalException `version` when it was written by a later version
    static Enlisted of(Entry entry) {
        var event = entry.event();
        if (event.version() == VERSION) {
            var in = Fields.of(Json.parse(event.payload()));
            switch (event.type()) {
                case "Opened" -> {
                    return new Opened(in.text("topic"));
                }
                case "Subscribed" -> {
                    return new Subscribed(Subscription.Await.of(in.struct()));
                }
                case "Unsubscribed" -> {
                    return new Unsubscribed(new RunId(in.text("run")), in.number("token"));
                }
                case "Handed" -> {
                    return new Handed(
                            new RunId(in.text("run")),
                            in.number("token"),
                            in.text("topic"),
                            in.number("sequence"));
                }
                default -> {}
            }
        }
        throw new JournalException(
                "version", "the entry " + event.type() + " was written by a later Tutti", null);
    }
}
