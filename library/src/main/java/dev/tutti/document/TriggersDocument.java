package dev.tutti.document;

import dev.tutti.core.event.Trigger;
import dev.tutti.core.event.Trigger.Source;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.topic.Board;
import dev.tutti.view.Printable;
import java.time.Instant;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/// What begins runs by itself, for programs: what `tutti triggers --json` prints.
public final class TriggersDocument {
    private static final int[] NONE = new int[2];

    private TriggersDocument() {}

    /// All of what is deployed.
    public static Value.Struct of(Board board) {
        var deployments = new ArrayList<Value>();
        for (var one : board.deployments()) {
            deployments.add(
                    Value.struct(
                            "name", Value.text(one.name()),
                            "from", Value.text(one.from()),
                            "at", Value.text(one.at().toString())));
        }
        var triggers = new ArrayList<Value>();
        for (var one : board.triggers()) {
            triggers.add(
                    of(
                            one.id(),
                            one.trigger(),
                            null,
                            board.underWay().getOrDefault(one.id(), NONE)));
        }
        for (var one : board.times()) {
            triggers.add(
                    of(
                            one.id(),
                            one.trigger(),
                            one.next(),
                            board.underWay().getOrDefault(one.id(), NONE)));
        }
        return Value.struct(
                "deployments", new Value.Array(deployments), "triggers", new Value.Array(triggers));
    }

    /// One of them.
    ///
    /// @param next when its time comes next, or null
    /// @param counts of its runs, those under way and those that wait
    public static Value.Struct of(
            String id, Trigger trigger, @Nullable Instant next, int[] counts) {
        return Value.struct(
                "trigger",
                Value.text(id),
                "when",
                Value.text(when(trigger)),
                "overlap",
                Value.text(trigger.overlap().word()),
                "next",
                next == null ? Value.NULL : Value.text(next.toString()),
                "under_way",
                Value.of(counts[0]),
                "queued",
                Value.of(counts[1]));
    }

    /// What sets it off, in a few words.
    public static String when(Trigger trigger) {
        return switch (trigger.source()) {
            case Source.OnMessage(var topic, var type, var key, var where) ->
                    "message "
                            + Printable.line(type)
                            + " on "
                            + topic
                            + (key == null ? "" : " for " + Printable.line(key))
                            + (where == null ? "" : " where " + Printable.line(where));
            case Source.AtTimes(var times, var zone, _) ->
                    "cron " + Printable.line(times) + " " + zone;
            case Source.OnWebhook(var path, _, _) -> "webhook /hooks/" + path;
        };
    }
}
