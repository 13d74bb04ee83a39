package dev.tutti.server.report;

import dev.tutti.Refusal;
import dev.tutti.Tutti;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Value;
import dev.tutti.history.Watch;
import dev.tutti.runtime.json.Json;
import dev.tutti.server.view.Preview;
import dev.tutti.server.view.RunPages;
import dev.tutti.server.view.TaskPages;
import dev.tutti.view.Figures;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What the views of a run would ask a server for, asked beforehand. What would make the file too
/// large is left out, and the file says so.
final class Contents {
    /// What is looked up beside the tasks: the moments, the run as a whole, the journal.
    private static final int OTHER_PARTS = 3;

    private static final int MOST_MOMENTS = 300;
    private static final int MOST_EVENTS = 5_000;
    private static final int PAGE = 1_000;
    private static final int MOST_ITEMS = 500;
    private static final int ITEMS_OPENED = 20;
    private static final int MOST_TASKS = 500;
    private static final int MOST_PIECES = 200;
    private static final int BUCKETS = 160;

    /// Bytes of JSON, before they are packed: of moments, of events with their payloads, of tasks,
    /// and of what agents stored.
    private static final long MOST_BYTES = 8L << 20;

    /// Bytes of one payload or picture.
    private static final int MOST_EACH = 512 << 10;

    private final Tutti tutti;
    private final RunPages runs;
    private final TaskPages tasks;
    private final RunId run;
    private final Watch watch;
    private final List<Value> said = new ArrayList<>();

    /// What is left of the bytes that things of one kind may have.
    private static final class Room {
        private long left = MOST_BYTES;

        private boolean isFull() {
            return left < 0;
        }

        private Value.Struct take(Value.Struct one) {
            left -= Json.bytes(one).length;
            return one;
        }
    }

    Contents(Tutti tutti, RunPages runs, TaskPages tasks, RunId run, Watch watch) {
        this.tutti = tutti;
        this.runs = runs;
        this.tasks = tasks;
        this.run = run;
        this.watch = watch;
    }

    /// The record that the script of the file reads.
    Value.Struct record() throws IOException {
        var view = runs.view(run, Long.MAX_VALUE);
        long head = number(view, "sequence");
        var rows = structs(view, "tasks");
        int parts = rows.size() + OTHER_PARTS;
        watch.at(0, parts);
        var record = new LinkedHashMap<String, Value>();
        record.put("run", Value.text(run.value()));
        record.put("view", view);
        record.put("moments", moments(head, Json.bytes(view).length));
        watch.at(1, parts);
        record.put("document", runs.document(run));
        record.put("lanes", runs.lanes(run, BUCKETS));
        record.put("timeline", tasks.timeline(run, null, Long.MAX_VALUE));
        record.put("path", runs.path(run).<Value>map(path -> path).orElse(Value.NULL));
        record.put("cost", runs.cost(run));
        record.put("budget", runs.budget(run, tutti::evidence));
        record.put("ran", tasks.ran(run, Long.MAX_VALUE));
        record.put("strip", tasks.strip(run, Long.MAX_VALUE));
        watch.at(2, parts);
        record.put("events", events(head));
        watch.at(OTHER_PARTS, parts);
        var kept = tasks(rows, parts);
        record.put("tasks", kept);
        record.put("artifacts", artifacts(kept));
        record.put("said", new Value.Array(said));
        return new Value.Struct(record);
    }

    /// As many of the run's moments as there is room for, evenly.
    ///
    /// @param size bytes of one at most, about
    private Value moments(long head, long size) {
        long most = Math.clamp(MOST_BYTES / size, 1, MOST_MOMENTS);
        var at = new TreeSet<Long>();
        for (long i = 1; i <= Math.min(most, head); i++) {
            at.add(head <= most ? i : Math.max(1, i * head / most));
        }
        if (at.size() < head) {
            said.add(
                    Value.text(
                            "the slider has "
                                    + Figures.count(at.size())
                                    + " of "
                                    + Figures.count(head, "moment")));
        }
        return new Value.Array(List.copyOf(runs.moments(run, at)));
    }

    private Value events(long head) {
        long from = Math.max(0, head - MOST_EVENTS);
        var events = new ArrayList<Value>();
        var room = new Room();
        for (long after = from; after < head; ) {
            var choice = new RunPages.Choice(null, null, !room.isFull());
            var page = structs(runs.events(run, after, PAGE, choice), "events");
            if (page.isEmpty()) {
                break;
            }
            page.forEach(event -> events.add(room.take(event)));
            after = from + events.size();
        }
        if (from > 0) {
            said.add(
                    Value.text(
                            "the journal has the last "
                                    + Figures.count(events.size())
                                    + " of "
                                    + Figures.count(head, "event")));
        }
        return new Value.Array(events);
    }

    // ---- tasks

    private Value.Struct tasks(List<Value.Struct> rows, int parts) {
        var kept = new LinkedHashMap<String, Value>();
        var room = new Room();
        int opened = 0;
        for (var row : rows) {
            if (opened >= MOST_TASKS || room.isFull()) {
                break;
            }
            watch.at(OTHER_PARTS + opened++, parts);
            var name = row.text("task");
            var one = task(TaskId.of(name), row.get("items"));
            kept.put(name, room.take(one));
            structs(struct(one, "items"), "items").stream()
                    .limit(ITEMS_OPENED)
                    .map(item -> item.text("task"))
                    .forEach(item -> kept.put(item, room.take(task(TaskId.parse(item), null))));
        }
        tasks.lineages(run, kept.keySet().stream().map(TaskId::parse).toList(), MOST_PIECES)
                .forEach((task, lineage) ->
                        kept.computeIfPresent(
                                task.toString(),
                                (_, one) -> ((Value.Struct) one).with("lineage", lineage)));
        if (opened < rows.size()) {
            said.add(Value.text(Figures.count(rows.size() - opened, "task") + " cannot be opened"));
        }
        return new Value.Struct(kept);
    }

    private Value.Struct task(TaskId task, @Nullable Value items) {
        var one = new LinkedHashMap<String, Value>();
        var drawer = tasks.drawer(run, task, Long.MAX_VALUE).orElseThrow();
        one.put("detail", drawer);
        whole(one, "input", drawer, () -> payload(task, false));
        whole(one, "output", drawer, () -> payload(task, true));
        if (items instanceof Value.Struct) {
            tasks.items(
                            run,
                            task.name(),
                            new TaskPages.Wanted(null, null, 0, MOST_ITEMS),
                            Long.MAX_VALUE)
                    .ifPresent(page -> one.put("items", page));
            one.put("timeline", tasks.timeline(run, task.name(), Long.MAX_VALUE));
        }
        return new Value.Struct(one);
    }

    private @Nullable Value payload(TaskId task, boolean output) {
        return tasks.payload(run, task, output, Long.MAX_VALUE).orElse(null);
    }

    /// What the drawer has the beginning of only.
    private static void whole(
            Map<String, Value> one,
            String name,
            Value.Struct drawer,
            Supplier<@Nullable Value> payload) {
        if (!(drawer.get(name) instanceof Value.Struct shown) || shown.get("cut") == null) {
            return;
        }
        var value = payload.get();
        if (value != null && Json.bytes(value).length <= MOST_EACH) {
            one.put(name, value);
        }
    }

    // ---- what agents stored

    private Value.Struct artifacts(Value.Struct tasks) throws IOException {
        var kept = new LinkedHashMap<String, Value>();
        var room = new Room();
        for (var task : tasks.fields().values()) {
            for (var artifact : structs(struct((Value.Struct) task, "detail"), "artifacts")) {
                var hash = artifact.text("hash");
                if (!kept.containsKey(hash) && !room.isFull()) {
                    artifact(hash).ifPresent(one -> kept.put(hash, room.take(one)));
                }
            }
        }
        return new Value.Struct(kept);
    }

    /// What can be looked at of an artifact; nothing where it is gone, or a picture that is large.
    private Optional<Value.Struct> artifact(String hash) throws IOException {
        var stored = tasks.artifact(run, hash).orElseThrow();
        byte[] begun;
        try (var content = tutti.openArtifact(hash).content()) {
            begun = content.readNBytes(MOST_EACH + 1);
        } catch (Refusal _) {
            return Optional.empty();
        }
        var picture = Preview.picture(begun);
        if (picture.isPresent() && begun.length > MOST_EACH) {
            return Optional.empty();
        }
        var one = Value.struct("preview", Preview.of(stored, begun).document());
        return Optional.of(
                picture.map(type -> one.with("image", Value.text(dataUrl(type, begun))))
                        .orElse(one));
    }

    private static String dataUrl(String type, byte[] bytes) {
        return "data:" + type + ";base64," + Base64.getEncoder().encodeToString(bytes);
    }

    // ---- parts of documents

    private static long number(Value.Struct of, String name) {
        return of.get(name) instanceof Value.Int(var number) ? number : 0;
    }

    private static Value.Struct struct(Value.Struct of, String name) {
        return of.get(name) instanceof Value.Struct struct ? struct : Value.Struct.EMPTY;
    }

    private static List<Value.Struct> structs(Value.Struct of, String name) {
        return of.get(name) instanceof Value.Array(var items)
                ? items.stream()
                        .filter(Value.Struct.class::isInstance)
                        .map(Value.Struct.class::cast)
                        .toList()
                : List.of();
    }
}
