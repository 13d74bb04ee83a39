package dev.tutti.simulation;

import dev.tutti.core.event.Event;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.NoteRef;
import dev.tutti.core.event.Passing;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Value;
import dev.tutti.core.expression.Expressions;
import dev.tutti.core.history.Contribution.Means;
import dev.tutti.core.history.Lineage;
import dev.tutti.core.history.Lineage.Edge;
import dev.tutti.core.history.Lineage.How;
import dev.tutti.core.history.Moment;
import dev.tutti.core.history.Piece;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// I29: the lineage of a result leaves nothing out and makes nothing up. Every result is a piece;
/// it rests on the very result of each task that its input names, as it was when the input was
/// fixed, and on every note that it was shown; on no task that it does not depend on, and on
/// nothing that came later.
final class LineageCheck extends Check {
    /// Longer runs than worlds have are looked at elsewhere.
    private static final int MOST_EVENTS = 20_000;

    private static final Expressions EXPRESSIONS = new Expressions();

    private final List<Moment> moments = new ArrayList<>();
    private final Map<String, Task> plan = new HashMap<>();
    private final Map<String, Long> finished = new HashMap<>();
    private final Map<TaskId, Value.Struct> inputs = new HashMap<>();
    private final Map<TaskId, Set<Long>> needs = new HashMap<>();
    private final Map<TaskId, Set<NoteRef>> shown = new HashMap<>();
    private final Map<Long, Set<Long>> owed = new LinkedHashMap<>();
    private final Map<Long, Set<NoteRef>> notes = new HashMap<>();
    private final Map<Long, Set<NoteRef>> shownTo = new HashMap<>();

    /// The attempts whose results are looked at.
    private final Map<TaskId, Long> looking = new HashMap<>();

    private final Set<String> wide = new HashSet<>();
    private @Nullable RunId run;
    private long many;

    @Override
    void see(Step step) {
        if (many++ > MOST_EVENTS) {
            moments.clear();
            return;
        }
        long at = step.entry().sequence();
        moments.add(new Moment(at, step.at(), step.event()));
        switch (step.event()) {
            case Event.RunStarted e -> run = e.run();
            case Event.PlanAmended e -> e.tasks().forEach(task -> plan.put(task.name(), task));
            case Event.TaskRevised e -> plan.put(e.task().name(), e.task());
            case Event.FannedOut e -> wide.add(e.task());
            case Event.TasksReset e -> e.tasks().forEach(this::reset);
            case Event.TaskHeld e -> given(e.task(), e.input());
            case Event.TaskReady e -> given(e.task(), e.input());
            case Event.InputGiven e -> inputs.put(e.task(), e.input());
            case Event.NoteRead e -> {
                if (e.token() == 0) {
                    shown.put(e.task(), new HashSet<>(e.notes()));
                } else {
                    shownTo.computeIfAbsent(e.token(), _ -> new HashSet<>()).addAll(e.notes());
                }
            }
            case Event.ResultProposed e -> looking.put(e.task(), e.token());
            case Event.AttemptEnded e -> {
                if (e.failure() instanceof Failure.Rejected) {
                    looking.remove(e.task());
                }
            }
            case Event.Iterated e -> {
                // Others see nothing of it before the last round.
                made(e.task(), e.token(), at);
                inputs.remove(e.task());
            }
            case Event.ResultAccepted e -> result(e.task(), e.token(), at);
            case Event.OutputGiven e -> result(e.task(), 0, at);
            case Event.TaskSkipped e -> over(e.task(), at);
            case Event.TaskFailed e -> over(e.task(), at);
            case Event.Joined e -> finished.put(e.task(), at);
            default -> {
                // Makes nothing that others rest on.
            }
        }
    }

    private void reset(String name) {
        finished.remove(name);
        wide.remove(name);
        inputs.keySet().removeIf(task -> task.name().equals(name));
        needs.keySet().removeIf(task -> task.name().equals(name));
        shown.keySet().removeIf(task -> task.name().equals(name));
        looking.keySet().removeIf(task -> task.name().equals(name));
    }

    private void given(TaskId id, Value.Struct input) {
        var task = plan.get(id.name());
        if (task == null
                || task.plans()
                || looking.containsKey(id)
                || input.equals(inputs.get(id))) {
            return;
        }
        inputs.put(id, input);
        var found = new LinkedHashSet<Long>();
        for (var reference : EXPRESSIONS.references(task.input())) {
            var at = finished.get(reference.variable());
            boolean one =
                    wide.contains(reference.variable())
                            && !reference.path().isEmpty()
                            && reference.path().getFirst().matches("\\d+");
            if (at != null && !one) {
                found.add(at);
            }
        }
        needs.put(id, found);
    }

    private void result(TaskId id, long token, long at) {
        made(id, token, at);
        over(id, at);
    }

    /// What one who only looked at it was shown is not what it rests on.
    private void made(TaskId id, long token, long at) {
        var seen = new HashSet<>(shown.getOrDefault(id, Set.of()));
        var proposer = looking.remove(id);
        seen.addAll(shownTo.getOrDefault(proposer == null ? token : proposer, Set.of()));
        owed.put(at, needs.getOrDefault(id, Set.of()));
        notes.put(at, seen);
    }

    private void over(TaskId id, long at) {
        owed.putIfAbsent(at, Set.of());
        if (id.item() == TaskId.WHOLE) {
            finished.put(id.name(), at);
        }
    }

    // ---- at the end

    @Override
    void end(Step last) {
        if (moments.isEmpty() || run == null) {
            return;
        }
        Map<Piece, List<Edge>> within;
        try {
            within = Lineage.within(run, moments, EXPRESSIONS);
        } catch (IllegalStateException e) {
            // It does not fold, which I5 says.
            return;
        }
        var results = new HashMap<Long, Piece.Result>();
        within.forEach((piece, edges) -> {
            if (piece instanceof Piece.Result result) {
                results.put(result.at(), result);
            }
            edges.forEach(edge -> sound(last, edge));
        });
        owed.forEach((at, sources) -> {
            var result = results.get(at);
            if (result == null) {
                report("I29", last, "the result of event " + at + " has no lineage");
                return;
            }
            complete(last, result, within.getOrDefault(result, List.of()), sources);
        });
    }

    private void complete(Step last, Piece.Result result, List<Edge> edges, Set<Long> sources) {
        var reached = new HashSet<Long>();
        var seen = new HashSet<NoteRef>();
        for (var edge : edges) {
            reached.add(edge.on().at());
            if (edge.on() instanceof Piece.Noted noted) {
                seen.add(noted.note());
            }
        }
        for (long source : sources) {
            if (!reached.contains(source)) {
                report(
                        "I29",
                        last,
                        result.id() + " does not lead to event " + source + ", which it names");
            }
        }
        for (var note : notes.getOrDefault(result.at(), Set.of())) {
            if (!seen.contains(note)) {
                report("I29", last, result.id() + " does not lead to note " + note);
            }
        }
    }

    /// Whether a part rests on the attempt that asked for it, which goes on meanwhile.
    private boolean asked(Edge edge) {
        var part = edge.piece().task();
        var by = edge.on().task();
        return edge.how() == How.ASKER && part != null && by != null && isFor(part, by.name());
    }

    private boolean isFor(TaskId part, String by) {
        var task = plan.get(part.name());
        return task != null
                && task.passing() instanceof Passing.Errand(var asker, _)
                && asker.name().equals(by);
    }

    private void sound(Step last, Edge edge) {
        var piece = edge.piece();
        var on = edge.on();
        boolean atWork = piece instanceof Piece.Turn turn && turn.part() == Piece.Part.AT_WORK;
        boolean same = edge.how() == How.LOOK || edge.how() == How.EDITED;
        if (!atWork && (on.at() > piece.at() || (on.at() == piece.at() && !same))) {
            report("I29", last, piece.id() + " rests on " + on.id() + ", which came later");
        }
        if (on instanceof Piece.Turn turn
                && turn.part() == Piece.Part.AT_WORK
                && !(piece instanceof Piece.Noted)
                && !asked(edge)) {
            report("I29", last, piece.id() + " rests on what was not finished");
        }
        var user = piece.task() == null ? null : plan.get(piece.task().name());
        var used = on.task();
        if (user == null
                || used == null
                || !(on instanceof Piece.Result || on instanceof Piece.Joined)
                || piece instanceof Piece.Noted) {
            return;
        }
        boolean may =
                used.name().equals(user.name())
                        || user.dependencies().contains(used.name())
                        || user.plans()
                        || edge.how() == How.PLANNED
                        || (edge.how() == How.ERRAND && isFor(used, user.name()))
                        || (user.undoes() != null && user.undoes().name().equals(used.name()));
        if (!may) {
            report(
                    "I29",
                    last,
                    piece.id() + " rests on " + on.id() + ", which it does not depend on");
        }
        if (on instanceof Piece.Result result
                && result.means() == Means.SKIPPED
                && edge.how() == How.LIST) {
            report("I29", last, piece.id() + " counts " + on.id() + ", which was skipped");
        }
    }
}
