package dev.tutti.server.view;

import dev.tutti.core.agent.TaskState;
import dev.tutti.core.event.Event;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Money;
import dev.tutti.core.event.Origin;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.Task.Performer;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Value;
import dev.tutti.core.plan.Graph;
import dev.tutti.core.run.RunState;
import dev.tutti.core.run.Why;
import dev.tutti.runtime.engine.Runs;
import dev.tutti.runtime.journal.Entry;
import dev.tutti.runtime.json.Json;
import dev.tutti.runtime.projection.RunSummary;
import dev.tutti.runtime.projection.Subject;
import dev.tutti.view.Reasons;
import dev.tutti.view.RunDocument;
import dev.tutti.view.Sentences;
import dev.tutti.view.Standing;
import dev.tutti.view.TaskOverview;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// Runs, tasks and events as the documents of the API have them.
final class Rows {
    /// Of a run with more tasks under way it is not said of each what it waits for.
    private static final int MOST_REASONS = 300;

    private static final int SHORT = 8;

    /// How states of one task are named beside the standing of a task of the plan.
    private static final Map<TaskState.Phase, String> PHASES = new EnumMap<>(TaskState.Phase.class);

    static {
        PHASES.put(TaskState.Phase.HELD, "held");
        PHASES.put(TaskState.Phase.READY, "ready");
        PHASES.put(TaskState.Phase.ASSIGNED, "running");
        PHASES.put(TaskState.Phase.WAITING, "held");
        PHASES.put(TaskState.Phase.BACKING_OFF, "backing_off");
        PHASES.put(TaskState.Phase.DONE, "succeeded");
        PHASES.put(TaskState.Phase.SKIPPED, "skipped");
        PHASES.put(TaskState.Phase.FAILED, "failed");
    }

    private Rows() {}

    // ---- small things

    static Value text(@Nullable Object text) {
        return text == null ? Value.NULL : Value.text(text.toString());
    }

    /// A text that may be empty, which is told as null.
    static Value said(String text) {
        return text.isEmpty() ? Value.NULL : Value.text(text);
    }

    static Value time(@Nullable Instant at) {
        return text(at);
    }

    static String state(Standing standing) {
        return standing.name().toLowerCase(Locale.ROOT);
    }

    /// The state of one task or item; what was under way when its run ended is cancelled.
    static String state(TaskState.Phase phase, boolean runEnded) {
        return runEnded && !phase.isFinal() ? "cancelled" : PHASES.getOrDefault(phase, "waiting");
    }

    static Value failure(@Nullable Failure failure) {
        return failure == null
                ? Value.NULL
                : Value.struct(
                        "code",
                        Value.text(failure.code()),
                        "message",
                        Value.text(failure.message()),
                        "retryable",
                        Value.of(failure.retryable()));
    }

    static Value names(Collection<?> names) {
        return new Value.Array(
                names.stream().<Value>map(name -> Value.text(name.toString())).toList());
    }

    /// The first characters of an id, enough for people; programs have the whole.
    static String brief(String run) {
        return run.substring(0, Math.min(SHORT, run.length()));
    }

    // ---- the list of runs

    static Value.Struct run(RunSummary run) {
        return Value.struct(
                "run",
                Value.text(run.run().value()),
                "short",
                Value.text(brief(run.run().value())),
                "status",
                Value.text(run.status().word()),
                "reason",
                said(run.reason()),
                "goal",
                Value.text(run.goal()),
                "about",
                said(run.about()),
                "tasks",
                Value.struct(
                        "total",
                        Value.of(run.tasks()),
                        "done",
                        Value.of(run.done()),
                        "failed",
                        Value.of(run.failed())),
                "questions",
                Value.of(run.questions()),
                "cost",
                Value.struct("usd", Value.from(run.spent().usd().doubleValue())),
                "budget",
                budget(run.limit()),
                "started_at",
                time(run.startedAt()),
                "last_at",
                time(run.lastAt()));
    }

    /// What it may spend, or null for no limit.
    private static Value budget(@Nullable Money limit) {
        return limit == null
                ? Value.NULL
                : Value.struct("usd", Value.from(limit.usd().doubleValue()));
    }

    // ---- events

    static Value.Struct event(Entry entry, Event event, boolean payload) {
        var said = Sentences.of(event);
        var header =
                Value.struct(
                        "sequence",
                        Value.of(entry.sequence()),
                        "at",
                        time(entry.event().at()),
                        "stage",
                        Value.text(said.stage()),
                        "type",
                        Value.text(entry.event().type()),
                        "task",
                        said.task().isEmpty() ? Value.NULL : Value.text(said.task()),
                        "sentence",
                        Value.text(said.sentence()),
                        "by",
                        Value.text(entry.event().actor()),
                        "cause",
                        Value.text(entry.event().cause()));
        return payload ? header.with("payload", Json.parse(entry.event().payload())) : header;
    }

    /// A mark as all that show the run have it: what was changed is left to the journal.
    static Value mark(RunFold.Mark mark) {
        return marked(mark);
    }

    private static Value.Struct marked(RunFold.Mark mark) {
        return Value.struct(
                "sequence",
                Value.of(mark.sequence()),
                "at",
                time(mark.at()),
                "by",
                Value.text(mark.by()),
                "verb",
                Value.text(mark.verb()),
                "tasks",
                names(mark.tasks()),
                "reason",
                Value.text(mark.reason()));
    }

    /// A mark with what was changed from what to what.
    static Value change(RunFold.Mark mark) {
        return marked(mark).with(Value.struct("before", mark.before(), "after", mark.after()));
    }

    // ---- a run

    /// A run as a page shows it.
    ///
    /// @param head how many events the run has by now
    static Rendered render(RunFold fold, long head, Views views) {
        var state = fold.state();
        var reasons = reasons(fold, views);
        var layers = layers(state.graph());
        var rows = new LinkedHashMap<String, Value.Struct>();
        var counts = new LinkedHashMap<String, Integer>();
        for (var standing : Standing.values()) {
            counts.put(state(standing), 0);
        }
        for (var task : fold.overview().tasks()) {
            rows.put(
                    task.name(),
                    row(fold, task, layers.getOrDefault(task.name(), 0), reasons.get(task.name())));
            count(fold, task, counts);
        }
        return new Rendered(
                header(fold, head, reasons.get(""), counts, layers),
                Payload.of(state.started() ? state.asked().inputs() : Value.Struct.EMPTY),
                rows);
    }

    private static void count(RunFold fold, TaskOverview task, Map<String, Integer> counts) {
        if (!task.isFanOut() || task.items().isEmpty()) {
            counts.merge(state(task.standing()), 1, Integer::sum);
            return;
        }
        int seen = 0;
        for (var entry : PHASES.entrySet()) {
            int number = task.count(entry.getKey());
            counts.merge(state(entry.getKey(), fold.overview().ended()), number, Integer::sum);
            seen += number;
        }
        // Items of a fan-out that were given up before they began have no state of their own.
        counts.merge("not_run", Math.max(0, task.items().orElse(0) - seen), Integer::sum);
    }

    private static Value.Struct header(
            RunFold fold,
            long head,
            @Nullable Waits waits,
            Map<String, Integer> counts,
            Map<String, Integer> layers) {
        var state = fold.state();
        var overview = fold.overview();
        var ending = state.ending();
        var header = new LinkedHashMap<String, Value>();
        header.put("format", RunDocument.FORMAT);
        header.put("run", text(fold.run()));
        header.put("short", Value.text(brief(fold.run().value())));
        header.put("goal", Value.text(state.started() ? state.asked().name() : ""));
        header.put("about", about(state));
        header.put("status", Value.text(fold.status().word()));
        header.put(
                "status_reason",
                ending != null && state.status() != dev.tutti.core.event.Status.SUCCEEDED
                        ? Value.text(ending.reason())
                        : waits == null ? Value.NULL : Value.text(waits.what));
        if (waits != null && ending == null) {
            waits.put(header);
        }
        header.put("sequence", Value.of(fold.sequence()));
        header.put("head", Value.of(head));
        header.put("position", Value.of(fold.position()));
        header.put("at", time(overview.lastAt()));
        header.put("started_at", time(overview.startedAt()));
        header.put("last_at", time(overview.lastAt()));
        header.put("ended", Value.of(overview.ended()));
        header.put("by", Value.text(overview.actor()));
        header.put("origin", state.started() ? origin(state.asked().origin()) : Value.NULL);
        header.put("output", overview.ended() ? Payload.of(state.output()) : Value.NULL);
        header.put("failure", failure(ending == null ? null : ending.failure()));
        header.put("cost", RunDocument.cost(state.usage()));
        header.put("budget", budget(state.ledger().cap().usd()));
        header.put(
                "charged",
                state.ledger().cap().usd() == null
                        ? Value.NULL
                        : Value.from(state.ledger().spent().usd().usd().doubleValue()));
        header.put("alarm", Value.of(state.ledger().alarm()));
        header.put(
                "deadline",
                state.paused() ? Value.NULL : state.deadline().map(Rows::time).orElse(Value.NULL));
        header.put("total", Value.of(overview.total()));
        header.put("finished", Value.of(overview.finished()));
        header.put("results", Value.of(overview.results()));
        header.put("counts", Value.from(counts));
        header.put(
                "layers",
                Value.of(layers.values().stream().mapToInt(layer -> layer + 1).max().orElse(0)));
        header.put("failed_first", text(fold.failedFirst()));
        header.put(
                "questions",
                new Value.Array(
                        state.questions().values().stream()
                                .<Value>map(asked -> Questions.document(fold, asked))
                                .toList()));
        header.put("marks", new Value.Array(fold.marks().stream().map(Rows::mark).toList()));
        var children = new LinkedHashMap<String, Value>();
        fold.children().forEach((task, child) -> children.put(task, text(child)));
        header.put("children", new Value.Struct(children));
        return new Value.Struct(header);
    }

    /// What tells a run from others of its workflow.
    static Value about(RunState state) {
        return said(state.started() ? Subject.of(state.asked().inputs()) : "");
    }

    private static Value origin(@Nullable Origin origin) {
        return switch (origin) {
            case null -> Value.NULL;
            case Origin.Child child ->
                    Value.struct("kind", Value.text("child"), "run", text(child.parent()));
            case Origin.Fork fork ->
                    Value.struct(
                            "kind",
                            Value.text("fork"),
                            "run",
                            text(fork.from()),
                            "at",
                            Value.of(fork.at()),
                            "reason",
                            Value.text(fork.reason()));
        };
    }

    // ---- what is waited for

    /// @param moments that it names
    private record Waits(String kind, String what, Value moments) {
        Waits(String kind, String what) {
            this(kind, what, Value.Array.EMPTY);
        }

        /// Puts the moments, which pages word by their own clock, where there are any.
        void put(Map<String, Value> row) {
            if (!moments.equals(Value.Array.EMPTY)) {
                row.put("moments", moments);
            }
        }
    }

    /// What something waits for, and what would move it.
    static Value.Struct why(Reasons words, Why why) {
        return Value.struct(
                "kind",
                Value.text(Reasons.kind(why)),
                "what",
                Value.text(words.what(why)),
                "moments",
                words.momentsWritten(why),
                "way",
                Value.text(words.way(why)));
    }

    /// What tasks of the plan wait for, by name; the run as a whole under no name.
    private static Map<String, Waits> reasons(RunFold fold, Views views) {
        var state = fold.state();
        var reasons = new HashMap<String, Waits>();
        if (!state.started() || state.status().isFinal()) {
            return reasons;
        }
        if (state.counts().live() > MOST_REASONS) {
            dependencies(state, reasons);
            return reasons;
        }
        var team = views.team(fold);
        if (team.isEmpty()) {
            dependencies(state, reasons);
            return reasons;
        }
        var words = new Reasons(brief(fold.run().value()), views.obstaclesAtHand());
        for (var why : Why.of(state, team.get())) {
            var waits = new Waits(Reasons.kind(why), words.what(why), words.momentsWritten(why));
            var task = why.task();
            reasons.putIfAbsent(task == null ? "" : task.name(), waits);
            if (!(why instanceof Why.Working || why instanceof Why.Dependencies)) {
                reasons.putIfAbsent("", waits);
            }
        }
        return reasons;
    }

    private static void dependencies(RunState state, Map<String, Waits> reasons) {
        for (var name : state.graph().order()) {
            var node = state.graph().node(name);
            if (node.phase() == Graph.Phase.PLANNED) {
                var on =
                        node.task().dependencies().stream()
                                .filter(one -> !state.graph().node(one).phase().isFinal())
                                .toList();
                reasons.put(
                        name,
                        new Waits(
                                "dependency",
                                on.isEmpty() ? "its turn" : "task " + String.join(", ", on)));
            }
        }
    }

    // ---- tasks

    private static Value.Struct row(
            RunFold fold, TaskOverview task, int layer, @Nullable Waits waits) {
        var state = fold.state();
        var row = new LinkedHashMap<String, Value>();
        var standing = task.standing();
        row.putAll(declared(task.task(), layer).fields());
        row.put("state", Value.text(state(standing)));
        row.put("items", items(fold, task));
        var one = state.tasks().get(TaskId.of(task.name()));
        var loop = task.task().flow().loop();
        if (loop != null) {
            row.put(
                    "loop",
                    Value.struct(
                            "max",
                            Value.of(loop.max()),
                            "iterations",
                            Value.of(one == null ? 0 : one.course().iterations())));
        }
        row.put("attempts", Value.of(task.attempts()));
        row.put("agents", names(task.agents()));
        row.put("cost", RunDocument.cost(task.usage()));
        row.put("begun_at", time(task.begunAt().orElse(null)));
        row.put("ended_at", time(task.endedAt().orElse(null)));
        boolean failing = standing != Standing.SUCCEEDED;
        row.put("failure", failing ? failure(task.failure().orElse(null)) : Value.NULL);
        row.put("reason", standing == Standing.SKIPPED ? Value.text(task.skipped()) : Value.NULL);
        row.put("summary", text(task.output().flatMap(Sentences::summary).orElse(null)));
        row.put("waits", waits == null || standing.isFinal() ? Value.NULL : Value.text(waits.what));
        row.put("why", waits == null || standing.isFinal() ? Value.NULL : Value.text(waits.kind));
        if (waits != null && !standing.isFinal()) {
            waits.put(row);
        }
        row.put("question", question(fold, task.name()));
        row.put("stand_in", task.standIn().map(RunDocument::standIn).orElse(Value.NULL));
        row.put("child", text(fold.children().get(task.name())));
        row.put("changed", Value.of(fold.changed(task.name())));
        return new Value.Struct(row);
    }

    /// What is known of a task before it begins.
    static Value.Struct declared(Task task, int layer) {
        var row = new LinkedHashMap<String, Value>();
        row.put("task", Value.text(task.name()));
        row.put("state", Value.text("waiting"));
        row.put("kind", Value.text(kind(task.performer())));
        row.put("does", Value.text(does(task.performer())));
        row.put("after", names(task.dependencies()));
        row.put("layer", Value.of(layer));
        row.put("each", text(task.each()));
        row.put("items", Value.NULL);
        row.put("loop", Value.NULL);
        row.put("undoes", text(task.undoes()));
        return new Value.Struct(row);
    }

    static String kind(Performer performer) {
        return switch (performer) {
            case Performer.BySkill _ -> "skill";
            case Performer.ByAgent _ -> "agent";
            case Performer.ByWorkflow _ -> "workflow";
            case Performer.ByMessage _ -> "message";
        };
    }

    static String does(Performer performer) {
        return switch (performer) {
            case Performer.BySkill(var skill, _, _) -> skill.value();
            case Performer.ByAgent(var agent) -> agent.value();
            case Performer.ByWorkflow(var workflow) -> workflow;
            case Performer.ByMessage(var type, _, var within, _, _, _) ->
                    type != null ? type : "time" + (within == null ? "" : " " + within);
        };
    }

    private static Value items(RunFold fold, TaskOverview task) {
        if (!task.isFanOut()) {
            return Value.NULL;
        }
        if (task.items().isEmpty()) {
            return Value.struct("total", Value.NULL, "counts", Value.Struct.EMPTY);
        }
        var counts = new LinkedHashMap<String, Integer>();
        int seen = 0;
        for (var entry : PHASES.entrySet()) {
            int number = task.count(entry.getKey());
            if (number > 0) {
                counts.merge(state(entry.getKey(), fold.overview().ended()), number, Integer::sum);
                seen += number;
            }
        }
        int total = task.items().orElse(0);
        if (seen < total) {
            counts.put("not_run", total - seen);
        }
        return Value.struct("total", Value.of(total), "counts", Value.from(counts));
    }

    private static Value question(RunFold fold, String task) {
        for (var asked : fold.state().questions().values()) {
            var about = asked.question().task();
            if (about != null && about.name().equals(task)) {
                return Value.text(fold.run() + "." + asked.question().id());
            }
        }
        return Value.NULL;
    }

    /// How many tasks lie before each at most, one after the other.
    static Map<String, Integer> layers(Graph graph) {
        var tasks = new LinkedHashMap<String, List<String>>();
        for (var name : graph.order()) {
            tasks.put(name, graph.node(name).task().dependencies());
        }
        return layers(tasks);
    }

    static Map<String, Integer> layers(SequencedMap<String, List<String>> tasks) {
        var layers = new HashMap<String, Integer>();
        boolean moved = true;
        // Plans list most tasks behind what they wait for, so this takes one or two rounds.
        for (int round = 0; moved && round <= tasks.size(); round++) {
            moved = false;
            for (var task : tasks.entrySet()) {
                int layer = 0;
                for (var before : task.getValue()) {
                    layer = Math.max(layer, layers.getOrDefault(before, 0) + 1);
                }
                moved |= !Integer.valueOf(layer).equals(layers.put(task.getKey(), layer));
            }
        }
        return layers;
    }

    /// A run within another run, as its parent sees it.
    static RunSummary summary(RunFold fold) {
        return RunSummary.of(fold.loaded());
    }

    static Event event(Entry entry) {
        return Runs.event(entry);
    }
}
