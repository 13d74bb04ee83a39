package dev.tutti.runtime.recording;

import dev.tutti.core.event.Event;
import dev.tutti.core.event.Origin;
import dev.tutti.core.event.Planner;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.engine.Runs;
import dev.tutti.runtime.journal.Entry;
import dev.tutti.runtime.journal.JournalReader;
import dev.tutti.runtime.journal.StreamId;
import dev.tutti.runtime.json.Json;
import dev.tutti.runtime.step.Conversation;
import dev.tutti.runtime.step.StepTaken;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// The steps that the attempts of a run and of the runs within it took, apart from the run: what it
/// takes to play the run again without calling anyone.
///
/// @param conversations by the path of their task (`read[3]`, within another run `part/read[3]`):
///   for each time that the task was begun from nothing, its steps
/// @param told by the path of a task that plans: for each of its attempts, what it was told of the
///   moment, by its name; empty objects where that was nothing
public record Recording(
        Map<String, List<List<StepTaken>>> conversations, Map<String, List<Value.Struct>> told) {
    private static final String FORMAT = "tutti-recording";
    private static final int VERSION = 1;
    private static final int PAGE = 1_000;

    /// More attempts than this at a task are not looked for in a file.
    private static final int MOST_ATTEMPTS = 10_000;

    /// What the attempts of a run have on record.
    public static Recording of(JournalReader journal, StreamId run) {
        var recording = new Recording(new LinkedHashMap<>(), new LinkedHashMap<>());
        recording.add(journal, run, "");
        return recording;
    }

    private void add(JournalReader journal, StreamId run, String within) {
        var planning = new HashSet<String>();
        var latest = new HashMap<TaskId, Value.Struct>();
        each(
                journal,
                run,
                entry -> {
                    switch (Runs.event(entry)) {
                        case Event.PlanAmended e ->
                                e.tasks().stream()
                                        .filter(Task::plans)
                                        .forEach(task -> planning.add(task.name()));
                        case Event.TaskReady e -> {
                            if (planning.contains(e.task().name())) {
                                latest.put(e.task(), ofTheMoment(e.input()));
                            }
                        }
                        case Event.Assigned e -> {
                            told.computeIfAbsent(within + e.task(), _ -> new ArrayList<>())
                                    .add(latest.getOrDefault(e.task(), Value.Struct.EMPTY));
                            var steps = Conversation.read(journal, run, e.token()).steps();
                            if (!steps.isEmpty()) {
                                conversations
                                        .computeIfAbsent(within + e.task(), _ -> new ArrayList<>())
                                        .add(steps);
                            }
                        }
                        case Event.ChildStarted e ->
                                add(
                                        journal,
                                        StreamId.run(run.tenant(), e.child()),
                                        within + e.task() + "/");
                        default -> {
                            // Says nothing of steps.
                        }
                    }
                });
    }

    private static Value.Struct ofTheMoment(Value.Struct input) {
        var some = new LinkedHashMap<String, Value>();
        for (var name : Planner.OF_THE_MOMENT) {
            if (input.get(name) instanceof Value.Struct said) {
                some.put(name, said);
            }
        }
        return new Value.Struct(some);
    }

    private static void each(JournalReader journal, StreamId run, Consumer<Entry> look) {
        long from = 0;
        for (var page = journal.read(run, from, PAGE);
                !page.isEmpty();
                page = journal.read(run, from, PAGE)) {
            page.forEach(look);
            from = page.getLast().sequence();
        }
    }

    /// How a recording names a task: by what it is within, but not by ids that differ each time.
    public static String path(JournalReader journal, StreamId run, TaskId task) {
        var start = journal.read(run, 0, 1);
        if (start.isEmpty()
                || !(Runs.event(start.getFirst()) instanceof Event.RunStarted begun)
                || !(begun.origin() instanceof Origin.Child(var parent, var token, _))) {
            return task.toString();
        }
        var above = StreamId.run(run.tenant(), parent);
        var call = journal.read(above, token - 1, 1);
        return call.isEmpty() || !(Runs.event(call.getFirst()) instanceof Event.ChildStarted child)
                ? task.toString()
                : path(journal, above, child.task()) + "/" + task;
    }

    /// How many steps it has.
    public int steps() {
        return conversations.values().stream().flatMap(List::stream).mapToInt(List::size).sum();
    }

    /// What an attempt at a task that plans was told of the moment, by its name.
    ///
    /// @param number of the attempt, from 1
    public Value.Struct told(String task, int number) {
        var all = told.getOrDefault(task, List.of());
        return number <= all.size() ? all.get(number - 1) : Value.Struct.EMPTY;
    }

    // ---- as a file

    /// As JSON lines: what it is, and then one line a step.
    public List<String> lines() {
        var lines = new ArrayList<String>();
        lines.add(
                Json.text(
                        Value.struct("format", Value.text(FORMAT), "version", Value.of(VERSION))));
        told.forEach((task, all) -> {
            for (int i = 0; i < all.size(); i++) {
                if (!all.get(i).fields().isEmpty()) {
                    lines.add(
                            Json.text(
                                    Value.struct(
                                                    "task",
                                                    Value.text(task),
                                                    "attempt",
                                                    Value.of(i + 1))
                                            .with(all.get(i))));
                }
            }
        });
        conversations.forEach((task, all) -> {
            for (int i = 0; i < all.size(); i++) {
                for (var step : all.get(i)) {
                    lines.add(
                            Json.text(
                                    Value.struct(
                                                    "task",
                                                    Value.text(task),
                                                    "conversation",
                                                    Value.of(i + 1))
                                            .with(step.value())));
                }
            }
        });
        return lines;
    }

    /// Reads what [#lines] gave.
    ///
    /// @throws IllegalArgumentException naming the line that is no step
    public static Recording parse(List<String> lines) {
        var recording = new Recording(new LinkedHashMap<>(), new LinkedHashMap<>());
        if (lines.isEmpty()
                || !(parse(lines, 1) instanceof Value.Struct header)
                || !Value.text(FORMAT).equals(header.get("format"))) {
            throw new IllegalArgumentException(
                    "this is no recording: its first line does not say `" + FORMAT + "`");
        }
        if (!Value.of(VERSION).equals(header.get("version"))) {
            throw new IllegalArgumentException(
                    "this recording is of version " + header.get("version") + ", not " + VERSION);
        }
        for (int i = 2; i <= lines.size(); i++) {
            if (!lines.get(i - 1).isBlank()) {
                recording.add(parse(lines, i), i);
            }
        }
        return recording;
    }

    private static Value parse(List<String> lines, int number) {
        try {
            return Json.parse(lines.get(number - 1));
        } catch (RuntimeException e) {
            throw new IllegalArgumentException(
                    "line " + number + " is not JSON: " + e.getMessage(), e);
        }
    }

    private void add(Value line, int number) {
        if (line instanceof Value.Struct said
                && said.get("task") instanceof Value.Text(var task)
                && said.get("attempt") instanceof Value.Int(var attempt)
                && !ofTheMoment(said).fields().isEmpty()) {
            var all = told.computeIfAbsent(task, _ -> new ArrayList<>());
            while (all.size() < attempt - 1 && all.size() < MOST_ATTEMPTS) {
                all.add(Value.Struct.EMPTY);
            }
            all.add(ofTheMoment(said));
            return;
        }
        try {
            if (!(line instanceof Value.Struct step
                    && step.get("task") instanceof Value.Text(var task)
                    && step.get("conversation") instanceof Value.Int(var conversation))) {
                throw new IllegalArgumentException("it names no `task` and `conversation`");
            }
            var all = conversations.computeIfAbsent(task, _ -> new ArrayList<>());
            if (conversation == all.size() + 1) {
                all.add(new ArrayList<>());
            } else if (conversation != all.size()) {
                throw new IllegalArgumentException("conversation " + conversation + " is not next");
            }
            all.getLast().add(StepTaken.of(step));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "line " + number + " is no step: " + e.getMessage(), e);
        }
    }
}
