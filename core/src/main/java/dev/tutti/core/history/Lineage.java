package dev.tutti.core.history;

import dev.tutti.core.event.Origin;
import dev.tutti.core.event.Provenance.Trust;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Usage;
import dev.tutti.core.expression.Expressions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a result rests on: back to every input, result, note, message, answer, artifact and call
/// that had a part in it, into the runs within; or what rests on a result.
///
/// Read off what the expressions of the plan name, at the moment at which they were evaluated, and
/// off what the journal says was read, asked and handed on. A task is a black box: its result rests
/// on all that it was given. Tasks that only had to be finished first are not met.
///
/// @param of what is looked at
/// @param forward whether it is what rests on it
/// @param pieces each once, the nearest first; the first is `of`
/// @param edges between them, in the order of the pieces that they go from
/// @param trust how far what a piece says can be relied on: no better than the least trusted that
///   it was made of; without an entry for what nobody vouches for
/// @param cut whether it goes on beyond what is told
public record Lineage(
        Piece of,
        boolean forward,
        List<Piece> pieces,
        List<Edge> edges,
        Map<Piece, Trust> trust,
        boolean cut) {
    /// The most pieces that are told.
    public static final int MOST_PIECES = 20_000;

    private static final int MOST_RUNS = 200;

    public Lineage {
        pieces = List.copyOf(pieces);
        edges = List.copyOf(edges);
    }

    /// One thing rests on another.
    ///
    /// @param piece what rests
    /// @param on what it rests on
    /// @param place where it is named, such as `notes[0]`, or empty
    public record Edge(Piece piece, Piece on, How how, String place) {}

    /// How one thing rests on another.
    public enum How {
        /// The output names it.
        OUTPUT,
        /// The input names it.
        INPUT,
        /// It is the item that the task ran for.
        ITEM,
        /// A condition names it.
        CONDITION,
        /// It was shown the note.
        NOTE,
        /// It wrote the note.
        WRITTEN,
        /// The version before, which this one was made with.
        KEPT,
        /// It is the result of an item.
        LIST,
        /// It decided between several results.
        DECIDED,
        /// It came before in a loop or a conversation.
        BEFORE,
        /// It had a second look.
        LOOK,
        /// It refused the result before, and said why.
        REFUSED,
        /// It had the task before.
        HANDED_ON,
        /// It was begun for it, as its agent had asked.
        ERRAND,
        /// It asked for it to be done.
        ASKER,
        /// A person answered.
        ANSWER,
        /// A person gave it in place of what was there.
        EDITED,
        /// The message was taken up.
        MESSAGE,
        /// The task was a run of its own.
        RUN,
        /// The run was begun with it.
        GIVEN,
        /// It put the task into the plan.
        PLANNED,
        /// It was called.
        CALL,
        /// It was stored on the way.
        STORED;

        /// As people and programs read it.
        public String word() {
            return switch (this) {
                case OUTPUT -> "output";
                case INPUT -> "input";
                case ITEM -> "item";
                case CONDITION -> "condition";
                case NOTE -> "note";
                case WRITTEN -> "written by";
                case KEPT -> "version before";
                case LIST -> "result";
                case DECIDED -> "decided by";
                case BEFORE -> "result before";
                case LOOK -> "verified by";
                case REFUSED -> "refused by";
                case HANDED_ON -> "handed on by";
                case ERRAND -> "asked for";
                case ASKER -> "asked for by";
                case ANSWER -> "answer";
                case EDITED -> "edited";
                case MESSAGE -> "message";
                case RUN -> "run of its own";
                case GIVEN -> "given by";
                case PLANNED -> "planned by";
                case CALL -> "call";
                case STORED -> "stored";
            };
        }

        /// Whether what it says goes on in what rests on it.
        boolean hands() {
            return switch (this) {
                case CONDITION, LOOK, PLANNED, CALL, STORED -> false;
                case OUTPUT,
                        INPUT,
                        ITEM,
                        NOTE,
                        WRITTEN,
                        KEPT,
                        LIST,
                        DECIDED,
                        BEFORE,
                        REFUSED,
                        HANDED_ON,
                        ERRAND,
                        ASKER,
                        ANSWER,
                        EDITED,
                        MESSAGE,
                        RUN,
                        GIVEN ->
                        true;
            };
        }
    }

    /// Where journals are read.
    public interface Journals {
        /// The events of a run; none where there is no such run.
        List<Moment> run(RunId run);

        /// The steps that attempts took which go on from one another.
        ///
        /// @param since the token of the first of them
        List<Taken> steps(RunId run, long since);
    }

    /// A step on record.
    ///
    /// @param kind what was called, such as `model`
    public record Taken(int number, String kind, String name, Usage usage) {}

    /// What the output of a run rests on, or a result of it.
    ///
    /// @param task a task, of which all items count, or an item; null for the output of the run
    /// @param most how many pieces are told, [#MOST_PIECES] at most
    /// @return nothing while there is nothing that anything could rest on
    public static Optional<Lineage> of(
            Journals journals,
            RunId run,
            @Nullable TaskId task,
            Expressions expressions,
            int most) {
        var walk = new Walk(journals, expressions, most, new LinkedHashMap<>());
        return Optional.ofNullable(walk.trace(run).find(task)).map(walk::back);
    }

    /// What each of so many tasks of a run rests on, as [#of] says it, from one reading of every
    /// journal. Tasks of which there is nothing are left out.
    public static SequencedMap<TaskId, Lineage> ofEach(
            Journals journals, RunId run, List<TaskId> tasks, Expressions expressions, int most) {
        var traces = new LinkedHashMap<RunId, Trace>();
        var found = new LinkedHashMap<TaskId, Lineage>();
        for (var task : tasks) {
            var walk = new Walk(journals, expressions, most, traces);
            var piece = walk.trace(run).find(task);
            if (piece != null) {
                found.put(task, walk.back(piece));
            }
        }
        return found;
    }

    /// What of a run rests on a result of it.
    ///
    /// @param most how many pieces are told, [#MOST_PIECES] at most
    /// @return nothing while there is no result
    public static Optional<Lineage> usedBy(
            Journals journals, RunId run, TaskId task, Expressions expressions, int most) {
        var walk = new Walk(journals, expressions, most, new LinkedHashMap<>());
        return Optional.ofNullable(walk.trace(run).find(task))
                .map(piece -> walk.forward(walk.trace(run), piece));
    }

    /// Everything that one run made, and what each piece of it rests on within the run, without the
    /// calls.
    ///
    /// @param events from the first on
    public static SequencedMap<Piece, List<Edge>> within(
            RunId run, List<Moment> events, Expressions expressions) {
        var trace = Trace.of(run, events, expressions);
        var within = new LinkedHashMap<Piece, List<Edge>>();
        for (var piece : trace.pieces()) {
            within.put(piece, trace.edges(piece));
        }
        return within;
    }

    private static final class Walk {
        private final Journals journals;
        private final Expressions expressions;
        private final Map<RunId, Trace> traces;
        private final Map<Piece, List<Edge>> met = new LinkedHashMap<>();
        private final int most;
        private boolean cut;

        Walk(Journals journals, Expressions expressions, int most, Map<RunId, Trace> traces) {
            this.traces = traces;
            this.journals = journals;
            this.expressions = expressions;
            this.most = Math.min(most, MOST_PIECES);
        }

        Trace trace(RunId run) {
            var known = traces.get(run);
            if (known != null) {
                return known;
            }
            if (traces.size() >= MOST_RUNS) {
                cut = true;
                return Trace.NOTHING;
            }
            var trace = Trace.of(run, journals.run(run), expressions);
            traces.put(run, trace);
            return trace;
        }

        Lineage back(Piece of) {
            follow(of, this::sources);
            return new Lineage(of, false, List.copyOf(met.keySet()), edges(), trust(), cut);
        }

        Lineage forward(Trace trace, Piece of) {
            var users = new LinkedHashMap<Piece, List<Edge>>();
            for (var piece : trace.pieces()) {
                for (var edge : trace.edges(piece)) {
                    users.computeIfAbsent(edge.on(), _ -> new ArrayList<>()).add(edge);
                }
            }
            follow(of, piece -> users.getOrDefault(piece, List.of()));
            return new Lineage(
                    of, true, List.copyOf(met.keySet()), edges(), new LinkedHashMap<>(), cut);
        }

        /// Breadth first, so that what is cut off is what is furthest.
        private void follow(Piece of, java.util.function.Function<Piece, List<Edge>> next) {
            var open = new ArrayDeque<Piece>();
            var known = new LinkedHashSet<Piece>();
            known.add(of);
            open.add(of);
            while (!open.isEmpty()) {
                var piece = open.remove();
                var kept = new ArrayList<Edge>();
                for (var edge : next.apply(piece)) {
                    var other = edge.piece().equals(piece) ? edge.on() : edge.piece();
                    if (!known.contains(other) && known.size() >= most) {
                        cut = true;
                        continue;
                    }
                    if (known.add(other)) {
                        open.add(other);
                    }
                    kept.add(edge);
                }
                met.put(piece, kept);
            }
        }

        private List<Edge> edges() {
            return met.values().stream().flatMap(List::stream).toList();
        }

        private List<Edge> sources(Piece piece) {
            var trace = trace(piece.run());
            var edges = new LinkedHashSet<>(trace.edges(piece));
            if (piece instanceof Piece.Asked asked) {
                begun(asked, trace, edges);
            }
            var child = trace.child(piece);
            var output = child == null ? null : trace(child).find(null);
            if (output != null) {
                edges.add(new Edge(piece, output, How.RUN, ""));
            }
            for (long since : trace.talks(piece)) {
                calls(piece, since, edges);
            }
            return List.copyOf(edges);
        }

        /// The input of a run within is what the task that it is was given.
        private void begun(Piece.Asked asked, Trace trace, Set<Edge> edges) {
            if (trace.origin() instanceof Origin.Child(var parent, _, _)) {
                for (var link : trace(parent).begunWith(asked.run())) {
                    var place = link.place();
                    if (place.equals(asked.input())
                            || place.startsWith(asked.input() + ".")
                            || place.startsWith(asked.input() + "[")
                            || link.how() == How.EDITED) {
                        edges.add(new Edge(asked, link.piece(), How.GIVEN, place));
                    }
                }
            }
        }

        /// A run that was forked from another took over its events; the steps of its attempts are
        /// where they were taken.
        private void calls(Piece piece, long since, Set<Edge> edges) {
            var task = piece.task();
            var run = piece.run();
            for (int i = 0;
                    i < MOST_RUNS
                            && trace(run).origin() instanceof Origin.Fork(var from, var at, _, _)
                            && since <= at;
                    i++) {
                run = from;
            }
            if (task == null) {
                return;
            }
            for (var step : journals.steps(run, since)) {
                var call =
                        new Piece.Call(
                                run,
                                task,
                                since,
                                step.number(),
                                step.kind(),
                                step.name(),
                                step.usage());
                edges.add(new Edge(piece, call, How.CALL, ""));
            }
        }

        /// What a piece was made of comes after it; a piece is done once all of that is.
        private SequencedMap<Piece, Trust> trust() {
            var trust = new LinkedHashMap<Piece, Trust>();
            var begun = new LinkedHashSet<Piece>();
            var open = new ArrayDeque<Piece>();
            for (var start : met.keySet()) {
                open.push(start);
                while (!open.isEmpty()) {
                    var piece = open.peek();
                    if (begun.add(piece)) {
                        met.getOrDefault(piece, List.of()).stream()
                                .filter(edge -> edge.how().hands() && !begun.contains(edge.on()))
                                .forEach(edge -> open.push(edge.on()));
                    } else {
                        open.pop();
                        settle(piece, trust);
                    }
                }
            }
            return trust;
        }

        private void settle(Piece piece, Map<Piece, Trust> trust) {
            var least = trace(piece.run()).trust(piece);
            for (var edge : met.getOrDefault(piece, List.of())) {
                var other = edge.how().hands() ? trust.get(edge.on()) : null;
                if (other != null && (least == null || other.compareTo(least) < 0)) {
                    least = other;
                }
            }
            if (least != null) {
                trust.put(piece, least);
            }
        }
    }
}
