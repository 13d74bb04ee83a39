package dev.tutti.cli;

import dev.tutti.Refusal;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.history.Chronicle;
import dev.tutti.core.history.Lineage;
import dev.tutti.document.PlannedTask;
import dev.tutti.history.Lineages;
import dev.tutti.history.Moments;
import dev.tutti.history.Watch;
import dev.tutti.runtime.journal.JournalReader;
import dev.tutti.runtime.journal.StreamId;
import org.jspecify.annotations.Nullable;

/// Whose lineage is wanted.
///
/// @param run as it was called
/// @param of a task as it was called, [#OUTPUT] for the output of the run, null where it is
///   `usedBy` that is wanted
/// @param at the last event that counts, or null for all
record LineageRequest(String run, @Nullable String of, @Nullable String usedBy, @Nullable Long at) {
    static final String OUTPUT = "(output)";

    /// The lineage.
    ///
    /// @throws Refusal when there is no such task, or nothing of it yet
    Lineage answer(JournalReader reader, StreamId stream) {
        long last = at == null ? Long.MAX_VALUE : at;
        if (last < 1) {
            throw new Refusal("events are counted from 1");
        }
        var lineages = new Lineages(reader, stream, last, Lineage.MOST_PIECES);
        if (OUTPUT.equals(of)) {
            return lineages.of(null)
                    .orElseThrow(() ->
                            new Refusal(
                                    "the run has no output"
                                            + (at == null ? "" : " at this event")
                                            + " yet; name a task: `tutti show "
                                            + run
                                            + " --lineage TASK`"));
        }
        var name = of == null ? String.valueOf(usedBy) : of;
        var moments = Moments.of(reader, stream, Watch.NOBODY);
        var chronicle = Chronicle.of(moments.subList(0, (int) Math.min(last, moments.size())));
        var id = task(chronicle, name);
        var told = of == null ? lineages.usedBy(id) : lineages.of(id);
        return told.orElseThrow(() -> new Refusal(nothing(chronicle, id)));
    }

    private static String nothing(Chronicle chronicle, TaskId id) {
        var fan = id.item() == TaskId.WHOLE ? chronicle.fan(id.name()) : null;
        return fan == null
                ? "task " + id + " has not begun; `tutti why` says what it waits for"
                : "not all items of task "
                        + id
                        + " are done; name one of them, such as `"
                        + id
                        + "[0]`";
    }

    private static TaskId task(Chronicle chronicle, String name) {
        var id = PlannedTask.named(name, chronicle);
        var fan = chronicle.fan(id.name());
        if (id.item() != TaskId.WHOLE && chronicle.account(id).isEmpty()) {
            throw new Refusal(
                    "task "
                            + id.name()
                            + (fan == null
                                    ? " has no items"
                                    : " has " + fan.width() + " items, counted from 0"));
        }
        return id;
    }
}
