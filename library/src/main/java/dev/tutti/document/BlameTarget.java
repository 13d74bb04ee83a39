package dev.tutti.document;

import dev.tutti.Refusal;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Value;
import dev.tutti.core.history.Account;
import dev.tutti.core.history.Blame;
import dev.tutti.core.history.Chronicle;
import dev.tutti.core.history.Deviation;
import dev.tutti.runtime.json.Json;
import dev.tutti.runtime.json.JsonException;
import dev.tutti.view.Places;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is wrong, as people write it down: a task, a place in its output, what should be there.
public final class BlameTarget {
    private BlameTarget() {}

    /// What is to be traced.
    ///
    /// @param task whose output is wrong, or null for the output of the run
    /// @param path the part of it that is wrong, such as `notes[0].total`, or null for all of it
    /// @param expected what should be there, JSON or else a text; null where nobody says
    /// @throws Refusal when the run has no such thing
    public static Blame.Target of(
            Chronicle chronicle,
            @Nullable String task,
            @Nullable String path,
            @Nullable String expected) {
        var id = task == null ? null : PlannedTask.named(task, chronicle);
        var actual = id == null ? output(chronicle) : output(chronicle, id);
        var place = place(path);
        if (Deviation.at(actual, place) == null) {
            throw new Refusal(
                    "there is no `"
                            + path
                            + "` in what "
                            + (id == null ? "the run" : id)
                            + " gave, which is "
                            + Places.value(actual));
        }
        return expected == null
                ? new Blame.Target(id, List.of(place), null)
                : Blame.Target.expecting(id, actual, place, value(expected));
    }

    /// As with inputs: what is no JSON is a text.
    private static Value value(String expected) {
        try {
            return Json.parse(expected);
        } catch (JsonException _) {
            return Value.text(expected);
        }
    }

    private static List<String> place(@Nullable String path) {
        if (path == null) {
            return List.of();
        }
        try {
            return Places.parse(path);
        } catch (IllegalArgumentException _) {
            throw new Refusal("`" + path + "` is no place; write it like `notes[0].total`");
        }
    }

    private static Value output(Chronicle chronicle) {
        if (chronicle.endedAt() == 0) {
            throw new Refusal("the run has no output yet; name the task whose output is wrong");
        }
        return chronicle.output();
    }

    private static Value output(Chronicle chronicle, TaskId id) {
        var fan = id.item() == TaskId.WHOLE ? chronicle.fan(id.name()) : null;
        if (fan != null) {
            var items = new ArrayList<Value>();
            for (var item : chronicle.joined(id.name())) {
                var result = item.result();
                items.add(result == null ? Value.NULL : result.output());
            }
            return new Value.Array(items);
        }
        var result = chronicle.account(id).map(Account::result);
        if (result.isEmpty()) {
            throw new Refusal(
                    "task " + id + " has no result; `tutti show` says how far the tasks are");
        }
        return result.get().output();
    }
}
