package dev.tutti.server.view;

import dev.tutti.core.agent.TaskState;
import dev.tutti.core.event.Event;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.TenantId;
import dev.tutti.core.event.Usage;
import dev.tutti.core.event.Value;
import dev.tutti.core.run.RunState;
import dev.tutti.history.Lineages;
import dev.tutti.runtime.journal.StreamId;
import dev.tutti.view.LineageDocument;
import dev.tutti.view.Printable;
import dev.tutti.view.RunDocument;
import dev.tutti.view.TaskOverview;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What the API says of the tasks of a run: the items of fan-outs, when they ran, what they were
/// given and gave.
public final class TaskPages {
    /// Rows of a timeline.
    private static final int MOST_ROWS = 10_000;

    /// The worst first.
    static final List<String> WORST =
            List.of(
                    "failed",
                    "held",
                    "backing_off",
                    "running",
                    "ready",
                    "cancelled",
                    "not_run",
                    "skipped",
                    "succeeded");

    /// Attempts whose progress is told at once.
    private static final int MOST_PROGRESS = 200;

    private static final int MOST_WORDS = 200;

    private static final List<TaskLog.Kind> KINDS = List.of(TaskLog.Kind.values());
    private static final Map<String, Character> LETTERS = letters();

    private final Views views;
    private final Function<RunId, Map<TaskId, String>> progress;

    /// @param progress what the attempts of a run say of how far they are, by task
    public TaskPages(Views views, Function<RunId, Map<TaskId, String>> progress) {
        this.views = views;
        this.progress = progress;
    }

    private static Map<String, Character> letters() {
        var letters = new LinkedHashMap<String, Character>();
        letters.put("waiting", 'w');
        letters.put("ready", 'y');
        letters.put("running", 'r');
        letters.put("backing_off", 'b');
        letters.put("held", 'h');
        letters.put("succeeded", 's');
        letters.put("skipped", 'k');
        letters.put("failed", 'f');
        letters.put("cancelled", 'c');
        letters.put("not_run", 'n');
        return letters;
    }

    private static char letter(String state) {
        return LETTERS.getOrDefault(state, '?');
    }

    // ---- items

    static List<TaskId> items(RunFold fold, String name) {
        return java.util.stream.IntStream.range(0, fold.overview().task(name).places())
                .mapToObj(i -> new TaskId(name, i))
                .toList();
    }

    /// The state of one task or item.
    static String state(RunFold fold, TaskId task) {
        var state = fold.state().tasks().get(task);
        if (state == null) {
            return task.item() == TaskId.WHOLE
                    ? Rows.state(fold.overview().task(task.name()).standing())
                    : "not_run";
        }
        return Rows.state(state.phase(), fold.overview().ended());
    }

    /// Which items are asked for.
    ///
    /// @param state a word, or null for all
    /// @param text a part of what they are known by, or null
    public record Wanted(@Nullable String state, @Nullable String text, int offset, int limit) {}

    /// The items of a fan-out, the worst first; nothing when there is no such task.
    public Optional<Value.Struct> items(RunId run, String name, Wanted wanted, long at) {
        return views.tasks(
                run,
                at,
                (fold, log) -> {
                    if (!fold.state().graph().nodes().containsKey(name)) {
                        return Optional.empty();
                    }
                    record Placed(TaskId task, String state, TaskLog.@Nullable Item item) {}
                    var all = items(fold, name);
                    var matching =
                            all.stream()
                                    .map(task ->
                                            new Placed(task, state(fold, task), log.find(task)))
                                    .filter(one ->
                                            wanted.state() == null
                                                    || one.state.equals(wanted.state()))
                                    .filter(one ->
                                            wanted.text() == null
                                                    || matches(one.task, one.item, wanted.text()))
                                    .sorted(
                                            Comparator.comparingInt((Placed one) ->
                                                            WORST.indexOf(one.state))
                                                    .thenComparingInt(one -> one.task.item()))
                                    .toList();
                    return Optional.of(
                            Value.struct(
                                    "run",
                                    Rows.text(run),
                                    "task",
                                    Value.text(name),
                                    "sequence",
                                    Value.of(fold.sequence()),
                                    "total",
                                    Value.of(all.size()),
                                    "matching",
                                    Value.of(matching.size()),
                                    "items",
                                    new Value.Array(
                                            matching.stream()
                                                    .skip(wanted.offset())
                                                    .limit(wanted.limit())
                                                    .<Value>map(one ->
                                                            item(one.task, one.state, one.item))
                                                    .toList())));
                });
    }

    private static boolean matches(TaskId task, TaskLog.@Nullable Item item, String text) {
        return task.toString().contains(text)
                || (item != null && item.label != null && item.label.contains(text));
    }

    private static Value.Struct item(TaskId task, String state, TaskLog.@Nullable Item item) {
        var row = new LinkedHashMap<String, Value>();
        row.put("task", Value.text(task.toString()));
        row.put("item", Value.of(task.item()));
        row.put("state", Value.text(state));
        row.put("label", Rows.text(item == null ? null : item.label));
        row.put("attempts", Value.of(item == null ? 0 : item.attempts()));
        row.put("agent", Rows.text(item == null ? null : item.agent));
        row.put("begun_at", Rows.time(item == null ? null : item.begunAt));
        row.put("ended_at", Rows.time(item == null ? null : item.endedAt));
        row.put("cost", RunDocument.cost(item == null ? Usage.NONE : item.usage));
        row.put("failure", Rows.failure(item == null ? null : item.failure));
        return new Value.Struct(row);
    }

    /// The state of every task and item, a letter each.
    public Value.Struct strip(RunId run, long at) {
        return views.at(
                run,
                at,
                (fold, _) -> {
                    var tasks = new LinkedHashMap<String, Value>();
                    for (var task : fold.overview().tasks()) {
                        var letters = new StringBuilder();
                        if (task.isFanOut() && task.items().isPresent()) {
                            items(fold, task.name())
                                    .forEach(item -> letters.append(letter(state(fold, item))));
                        } else {
                            letters.append(letter(Rows.state(task.standing())));
                        }
                        tasks.put(task.name(), Value.text(letters.toString()));
                    }
                    var meaning = new LinkedHashMap<String, Value>();
                    LETTERS.forEach(
                            (state, letter) -> meaning.put(letter.toString(), Value.text(state)));
                    return Value.struct(
                            "run",
                            Rows.text(run),
                            "sequence",
                            Value.of(fold.sequence()),
                            "letters",
                            new Value.Struct(meaning),
                            "tasks",
                            new Value.Struct(tasks));
                });
    }

    /// The run task by task and attempt by attempt, as it ran.
    public Value.Struct ran(RunId run, long at) {
        return views.tasks(run, at, (fold, log) -> new Ran(fold, log).document());
    }

    // ---- time

    /// When the tasks of a run were at what.
    ///
    /// @param name of a fan-out whose items are wanted, or null for the tasks of the plan
    public Value.Struct timeline(RunId run, @Nullable String name, long at) {
        return views.tasks(
                run,
                at,
                (fold, log) -> {
                    var rows = new ArrayList<Value>();
                    for (var task : fold.overview().tasks()) {
                        if (name != null && !task.name().equals(name)) {
                            continue;
                        }
                        if (!task.isFanOut()) {
                            rows.add(row(fold, TaskId.of(task.name()), log));
                        } else if (name == null) {
                            rows.add(envelope(task, log));
                        } else {
                            items(fold, name).stream()
                                    .limit(MOST_ROWS)
                                    .filter(item -> log.find(item) != null)
                                    .forEach(item -> rows.add(row(fold, item, log)));
                        }
                    }
                    return Value.struct(
                            "run",
                            Rows.text(run),
                            "sequence",
                            Value.of(fold.sequence()),
                            "start",
                            Rows.time(log.start()),
                            "end",
                            Rows.time(end(fold, log)),
                            "kinds",
                            new Value.Array(
                                    KINDS.stream()
                                            .<Value>map(kind -> Value.text(kind.word()))
                                            .toList()),
                            "rows",
                            new Value.Array(rows));
                });
    }

    private static Instant end(RunFold fold, TaskLog log) {
        var now = Instant.now();
        return fold.overview().ended() || now.isBefore(log.last()) ? log.last() : now;
    }

    private static Value row(RunFold fold, TaskId task, TaskLog log) {
        var item = log.find(task);
        long end = Duration.between(log.start(), end(fold, log)).toMillis();
        var bars = new ArrayList<Value>();
        if (item != null) {
            for (var bar : item.bars()) {
                bars.add(
                        Value.array(
                                Value.of(KINDS.indexOf(bar.kind())),
                                Value.of(bar.from()),
                                Value.of(bar.to() < 0 ? Math.max(end, bar.from()) : bar.to())));
            }
        }
        var row = new LinkedHashMap<String, Value>();
        row.put("task", Value.text(task.toString()));
        if (task.item() != TaskId.WHOLE) {
            row.put("item", Value.of(task.item()));
        }
        row.put("items", Value.of(1));
        row.put("state", Value.text(state(fold, task)));
        row.put("label", Rows.text(item == null ? null : item.label));
        row.put("bars", new Value.Array(bars));
        if (task.item() != TaskId.WHOLE && item != null && !item.usage.equals(Usage.NONE)) {
            row.put("cost", RunDocument.cost(item.usage));
        }
        return new Value.Struct(row);
    }

    /// A fan-out as one bar, from its first item to its last.
    private static Value envelope(TaskOverview task, TaskLog log) {
        var bars = new ArrayList<Value>();
        var begun = task.begunAt().orElse(null);
        if (begun != null) {
            var ended = task.endedAt().orElse(log.last());
            bars.add(
                    Value.array(
                            Value.of(KINDS.indexOf(TaskLog.Kind.WORK)),
                            Value.of(Duration.between(log.start(), begun).toMillis()),
                            Value.of(Duration.between(log.start(), ended).toMillis())));
        }
        return Value.struct(
                "task",
                Value.text(task.name()),
                "items",
                Value.of(task.items().orElse(0)),
                "state",
                Value.text(Rows.state(task.standing())),
                "label",
                Value.NULL,
                "bars",
                new Value.Array(bars));
    }

    // ---- one task

    /// Everything of one task; nothing when there is none of that name.
    public Optional<Value.Struct> drawer(RunId run, TaskId task, long at) {
        if (views.at(run, at, (fold, _) -> waitsForAPlace(fold.state(), task))) {
            // Learned before, as pages that follow the run wait while it is looked at.
            views.obstacles().learn();
        }
        return views.tasks(
                run,
                at,
                (fold, log) -> {
                    if (!exists(fold.state(), task, fold)) {
                        return Optional.empty();
                    }
                    var far = at == Long.MAX_VALUE ? words(progress.apply(run).get(task)) : "";
                    return Optional.of(new Drawer(views, fold, log, task).document(far));
                });
    }

    private static String words(@Nullable String far) {
        return far == null ? "" : Printable.line(far, MOST_WORDS);
    }

    /// What the attempts of a run say now of how far they are, by task. No event tells it: it is
    /// gone with the attempt.
    public Value.Struct progress(RunId run) {
        var said = new LinkedHashMap<String, Value>();
        progress.apply(run).entrySet().stream()
                .filter(one -> !one.getValue().isBlank())
                .sorted(Map.Entry.comparingByKey(Comparator.comparing(TaskId::toString)))
                .limit(MOST_PROGRESS)
                .forEach(one ->
                        said.put(one.getKey().toString(), Value.text(words(one.getValue()))));
        return new Value.Struct(said);
    }

    private static boolean waitsForAPlace(RunState state, TaskId task) {
        var known = state.tasks().get(task);
        return known != null && known.phase() == TaskState.Phase.READY;
    }

    private static boolean exists(RunState state, TaskId task, RunFold fold) {
        return state.graph().nodes().containsKey(task.name())
                && (task.item() == TaskId.WHOLE
                        || task.item() < fold.overview().task(task.name()).places());
    }

    /// What a task was given, or gave; nothing while there is none.
    ///
    /// @param output whether it is its output that is wanted
    public Optional<Value> payload(RunId run, TaskId task, boolean output, long at) {
        return views.tasks(
                run,
                at,
                (fold, log) -> {
                    if (!exists(fold.state(), task, fold)) {
                        return Optional.empty();
                    }
                    var drawer = new Drawer(views, fold, log, task);
                    return Optional.ofNullable(output ? drawer.output() : drawer.input());
                });
    }

    /// Whether the run has such a task.
    public boolean has(RunId run, TaskId task, long at) {
        return views.at(run, at, (fold, _) -> exists(fold.state(), task, fold));
    }

    /// What a task rests on, or what rests on it; nothing while there is nothing, or no such task.
    ///
    /// @param usedBy whether it is what rests on it
    /// @param most how many pieces are told
    public Optional<Value.Struct> lineage(
            RunId run, TaskId task, boolean usedBy, int most, long at) {
        return views.read(journal -> {
            var stream = StreamId.run(TenantId.LOCAL, run);
            var lineages = new Lineages(journal, stream, at, most);
            return (usedBy ? lineages.usedBy(task) : lineages.of(task)).map(LineageDocument::of);
        });
    }

    /// What each of so many tasks rests on, from one reading of their run; those of which there is
    /// nothing are left out.
    public Map<TaskId, Value.Struct> lineages(RunId run, List<TaskId> tasks, int most) {
        return views.read(journal -> {
            var stream = StreamId.run(TenantId.LOCAL, run);
            var found = new LinkedHashMap<TaskId, Value.Struct>();
            new Lineages(journal, stream, Long.MAX_VALUE, most)
                    .ofEach(tasks)
                    .forEach((task, lineage) -> found.put(task, LineageDocument.of(lineage)));
            return found;
        });
    }

    /// Whether a run names an artifact: another's are not given out.
    public Optional<Event.ArtifactStored> artifact(RunId run, String hash) {
        return views.tasks(
                run, Long.MAX_VALUE, (_, log) -> Optional.ofNullable(log.artifacts().get(hash)));
    }

    /// How many tasks are under way, by agent.
    static int running(RunState state, dev.tutti.core.event.AgentId agent) {
        return (int)
                state.open().values().stream()
                        .filter(open -> agent.equals(open.agent()))
                        .filter(open -> state.task(open.task()).phase() == TaskState.Phase.ASSIGNED)
                        .count();
    }
}
