package dev.tutti.core.run;

import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.ContextPart;
import dev.tutti.core.event.Event.ContextAssembled;
import dev.tutti.core.event.Event.NoteRead;
import dev.tutti.core.event.Event.NoteWritten;
import dev.tutti.core.event.NoteRef;
import dev.tutti.core.event.Provenance;
import dev.tutti.core.event.Provenance.Trust;
import dev.tutti.core.event.Sharing;
import dev.tutti.core.event.Sharing.Reducer;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.Task.Performer;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Value;
import dev.tutti.core.expression.ExpressionException;
import dev.tutti.core.expression.Reference;
import dev.tutti.core.memory.Context;
import dev.tutti.core.memory.Note;
import dev.tutti.core.memory.Notes;
import dev.tutti.core.memory.Reducing;
import dev.tutti.core.memory.Tokens;
import dev.tutti.core.run.Decision.Refusal;
import dev.tutti.core.run.RunState.Doer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Notes: written by tasks under their own names or where the workflow shares a key, and read by
/// whoever may.
///
/// What a task writes is made of its result, in the decision that accepts it; so the same accepted
/// results lead to the same notes, whatever crashed in between. What is written at once is one
/// after the other: no write is lost, and each knows the version before it.
public final class Blackboard {
    /// The most characters of one value, as JSON.
    static final int MOST_TEXT = 1_000_000;

    /// The most that may be appended to one note.
    static final int MOST_ENTRIES = 10_000;

    private Blackboard() {}

    /// A write that does not fit what is there: another came first.
    static final class Conflict extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Conflict(String message) {
            super(message, null, false, false);
        }
    }

    // ---- what expressions see

    /// The notes that a template names, and null for each that is not there.
    static Value.Struct view(Draft draft, Value template) {
        var fields = new LinkedHashMap<String, Value>();
        for (var reference : draft.expressions().references(template)) {
            if (reference.variable().equals("notes")) {
                show(draft, reference, fields);
            }
        }
        return new Value.Struct(fields);
    }

    private static void show(Draft draft, Reference reference, Map<String, Value> fields) {
        var path = reference.path();
        if (path.isEmpty()) {
            throw new ExpressionException(
                    "no_such_note", "say which note: `notes.KEY` or `notes.TASK.KEY`");
        }
        var first = path.getFirst();
        if (draft.state().graph().find(first) == null) {
            fields.put(first, value(draft, first));
            return;
        }
        if (path.size() < 2) {
            throw new ExpressionException(
                    "no_such_note", "say which note of task `" + first + "`: `notes.TASK.KEY`");
        }
        var own = fields.get(first) instanceof Value.Struct known ? known : Value.Struct.EMPTY;
        fields.put(first, own.with(path.get(1), value(draft, first + "." + path.get(1))));
    }

    private static Value value(Draft draft, String key) {
        var note = draft.state().notes().of(key);
        if (note == null) {
            return Value.NULL;
        }
        draft.saw(note.ref());
        return note.value();
    }

    /// Records what the expressions of a task have named since `before`.
    static void read(Draft draft, TaskId task, long token) {
        var seen = draft.seen();
        if (!seen.isEmpty()) {
            draft.emit(new NoteRead(task, token, seen));
        }
    }

    // ---- what an attempt is given

    /// Records what the agent of an attempt is going to be given, made to fit where the task has a
    /// budget for it. One that goes on from the steps of another is given what that one was.
    ///
    /// @param goesOn whether it does
    /// @return whether there is something to give: not so when even what the task declares cannot
    ///   be made to fit
    static boolean give(Draft draft, TaskId id, AgentId agent, boolean goesOn) {
        var state = draft.state();
        var sharing = state.declaration(id).sharing();
        if (goesOn || !isOwn(state, id) || (sharing.reads().isEmpty() && sharing.tokens() == 0)) {
            return true;
        }
        var notes =
                sharing.reads().isEmpty()
                        ? List.<Note>of()
                        : state.notes().byKey().values().stream()
                                .filter(note -> sharing.reads(note.key()))
                                .toList();
        if (sharing.tokens() == 0) {
            shown(draft, id, draft.nextSequence() + 1, notes.stream().map(Note::ref).toList());
            return true;
        }
        var declared = Passed.given(state, id, agent);
        var whole =
                sharing.reads().isEmpty()
                        ? declared
                        : declared.with(Context.NOTES, Value.Struct.EMPTY);
        var fitted = Context.assemble(whole, notes, sharing.giving().first(), Tokens::estimate);
        fitted.ifPresent(context -> fit(draft, id, context));
        return fitted.isPresent();
    }

    private static void fit(Draft draft, TaskId id, Context.Assembled context) {
        var refs =
                context.parts().stream()
                        .filter(ContextPart::isGivenNote)
                        .map(ContextPart::note)
                        .sorted(Comparator.comparing(NoteRef::key))
                        .toList();
        long token = draft.nextSequence() + (refs.isEmpty() ? 1 : 2);
        draft.emit(
                new ContextAssembled(id, token, context.budget(), context.used(), context.parts()));
        shown(draft, id, token, refs);
    }

    private static void shown(Draft draft, TaskId id, long token, List<NoteRef> refs) {
        if (!refs.isEmpty()) {
            draft.emit(new NoteRead(id, token, refs));
        }
    }

    /// Whether the next attempt is at the task itself, and not at a look at its result, or at a
    /// decision between several.
    static boolean isOwn(RunState state, TaskId id) {
        return !state.decides(id) && !isLook(state, id);
    }

    /// The notes that an attempt is given.
    ///
    /// @param since the first of the attempts whose steps it goes on from: itself where none does
    static List<Context.Shown> given(RunState state, TaskId id, long since) {
        var reading = state.notes().reading(id);
        return reading.since() == since
                ? Context.notes(reading.pinned(), reading.context())
                : List.of();
    }

    /// How the notes that an attempt is given were made to fit; empty where they had not to.
    static List<ContextPart> fitted(RunState state, TaskId id, long since) {
        var reading = state.notes().reading(id);
        return reading.since() == since ? reading.context() : List.of();
    }

    /// What an attempt is given of what its task declares.
    static Value.Struct input(RunState state, TaskId id, long since, Value.Struct declared) {
        var reading = state.notes().reading(id);
        return reading.since() == since ? Context.input(declared, reading.context()) : declared;
    }

    // ---- what a result writes

    /// The new versions that a result leads to. Nothing is written by one who only looks at a
    /// result or decides between several, nor by the list of a fan-out's results, whose items have
    /// written.
    ///
    /// @throws ExpressionException when a value cannot be made
    /// @throws Conflict when what is there is not what the task says must be
    static List<NoteWritten> written(Draft draft, TaskId id, long token, Value output) {
        var state = draft.state();
        var task = state.declaration(id);
        boolean whole = task.flow().each() != null && id.item() == TaskId.WHOLE;
        if (task.sharing().writes().isEmpty() || whole || state.decides(id)) {
            return List.of();
        }
        draft.seen();
        var scope = draft.scope().of(id).with("output", output);
        var behind = behind(state, id, token);
        var written = new ArrayList<NoteWritten>();
        for (var write : task.sharing().writes()) {
            if (write.value() == null) {
                continue;
            }
            var value = draft.render(write.value(), scope);
            expected(draft, id, token, write, scope);
            var now = reduced(draft, write, value, scope);
            var read = plus(behind, draft.seen());
            var from = new Provenance(id, token, "", read, trust(state, task, token, read));
            written.add(version(state, write, now, from));
        }
        return written;
    }

    private static List<NoteRef> behind(RunState state, TaskId id, long token) {
        var known = state.tasks().get(id);
        if (known == null || token == 0) {
            return state.notes().behind(id, 0, false);
        }
        boolean looked = isLook(state, id);
        return state.notes().behind(id, known.continuation().since(), looked);
    }

    /// Whether the attempt under way only looks at a result of another.
    private static boolean isLook(RunState state, TaskId id) {
        var known = state.tasks().get(id);
        return known != null && known.course().proposal() != null;
    }

    private static List<NoteRef> plus(List<NoteRef> some, List<NoteRef> more) {
        var all = new LinkedHashSet<>(some);
        all.addAll(more);
        return List.copyOf(all);
    }

    private static Trust trust(RunState state, Task task, long token, List<NoteRef> read) {
        var attempt = state.open().get(token);
        var least =
                task.sharing().outside() || task.performer() instanceof Performer.ByMessage
                        ? Trust.OUTSIDE
                        : attempt == null
                                ? Trust.PERSON
                                : switch (attempt.doer()) {
                                    case Doer.Person _ ->
                                            isLook(state, attempt.task())
                                                    ? Trust.AGENT
                                                    : Trust.PERSON;
                                    case Doer.Agent _, Doer.Child _ -> Trust.AGENT;
                                    case Doer.Message _ -> Trust.OUTSIDE;
                                };
        for (var ref : read) {
            var note = state.notes().of(ref.key());
            if (note != null && note.trust(ref.version()).compareTo(least) < 0) {
                least = note.trust(ref.version());
            }
        }
        return least;
    }

    private static void expected(
            Draft draft, TaskId id, long token, Sharing.Write write, TaskScope scope) {
        if (write.expect() == null) {
            return;
        }
        int version = draft.state().notes().version(write.key());
        long wanted =
                switch (write.expect()) {
                    case Sharing.Write.ABSENT -> 0;
                    case Sharing.Write.READ ->
                            behind(draft.state(), id, token).stream()
                                    .filter(ref -> ref.key().equals(write.key()))
                                    .mapToInt(NoteRef::version)
                                    .max()
                                    .orElse(0);
                    default -> version(draft.render(write.expect(), scope));
                };
        if (version != wanted) {
            throw new Conflict(conflict(draft.state(), write.key(), wanted));
        }
    }

    private static long version(Value value) {
        return switch (value) {
            case Value.Int(var number) -> number;
            case Value.Null _ -> 0;
            case Value.Bool _, Value.Real _, Value.Text _, Value.Array _, Value.Struct _ ->
                    throw new ExpressionException(
                            "not_a_version",
                            "`expect` gave a " + Value.shape(value) + ", not a version");
        };
    }

    private static String conflict(RunState state, String key, long wanted) {
        var note = state.notes().of(key);
        return "note `"
                + key
                + "` is "
                + (note == null
                        ? "not written yet"
                        : "at version " + note.version() + " by `" + note.latest().task() + "`")
                + ", not "
                + (wanted == 0 ? "unwritten" : "at version " + wanted);
    }

    // ---- how values become one

    private static Value reduced(Draft draft, Sharing.Write write, Value value, TaskScope scope) {
        var note = draft.state().notes().of(write.key());
        var current = note == null ? null : note.value();
        var now =
                switch (write.by()) {
                    case Reducer.Last _, Reducer.Append _ -> value;
                    case Reducer.Max _ ->
                            Reducing.max(current, value)
                                    .orElseThrow(() -> unfit(write, current, value));
                    case Reducer.Merge _ ->
                            Reducing.merge(current, value)
                                    .orElseThrow(() -> unfit(write, current, value));
                    case Reducer.Computed(var expression) ->
                            draft.render(
                                    expression,
                                    scope.with("current", current == null ? Value.NULL : current)
                                            .with("new", value));
                };
        if (Digest.canonical(now).length() > MOST_TEXT) {
            throw tooMany(write, "be longer than " + MOST_TEXT + " characters");
        }
        return now;
    }

    private static NoteWritten version(
            RunState state, Sharing.Write write, Value value, Provenance from) {
        var notes = state.notes();
        var note = notes.of(write.key());
        if (note == null && notes.byKey().size() >= Notes.MOST) {
            throw new ExpressionException(
                    "limit_exceeded", "the run would have more than " + Notes.MOST + " notes");
        }
        int place = -1;
        if (write.by() instanceof Reducer.Append) {
            if (note != null && note.others(from) >= MOST_ENTRIES) {
                throw tooMany(write, "have more than " + MOST_ENTRIES + " entries");
            }
            place = Reducing.place(note, from, places(state));
        }
        return new NoteWritten(
                write.key(), notes.version(write.key()) + 1, value, write.by().word(), place, from);
    }

    private static ExpressionException tooMany(Sharing.Write write, String what) {
        return new ExpressionException(
                "limit_exceeded", "note `" + write.key() + "` would " + what);
    }

    private static java.util.function.ToIntFunction<String> places(RunState state) {
        var places = new LinkedHashMap<String, Integer>();
        return name -> {
            if (places.isEmpty()) {
                state.graph().order().forEach(task -> places.put(task, places.size()));
            }
            return places.getOrDefault(name, Integer.MAX_VALUE);
        };
    }

    private static ExpressionException unfit(
            Sharing.Write write, @Nullable Value current, Value value) {
        var word = write.by().word();
        return new ExpressionException(
                "not_reducible",
                "note `"
                        + write.key()
                        + "` is kept by `"
                        + word
                        + "`, which takes "
                        + (word.equals("max") ? "numbers, or texts" : "objects")
                        + "; there is a "
                        + (current == null ? "nothing" : Value.shape(current))
                        + ", and a "
                        + Value.shape(value)
                        + " to write");
    }

    // ---- while an attempt works

    /// Under which name something is known that a task does under one of its own: every iteration
    /// of a loop does it anew.
    static String full(RunState state, TaskId task, String name) {
        var known = state.tasks().get(task);
        int iterations = known == null ? 0 : known.course().iterations();
        return iterations == 0 ? name : name + "#" + iterations;
    }

    /// The version that a write of a task came to; empty when it was not made.
    public static Optional<NoteRef> made(RunState state, TaskId task, String name) {
        return state.notes().made(task, full(state, task, name));
    }

    static void write(Draft draft, Command.WriteNote command) {
        var state = draft.state();
        var id = state.attempt(command.token()).task();
        var task = state.declaration(id);
        var write = task.sharing().write(command.key());
        if (write == null || write.value() != null || !state.wants(id.name())) {
            throw new Refusal(
                    "task `" + id.name() + "` may not write note `" + command.key() + "`");
        }
        var name = full(state, id, command.name());
        if (state.notes().made(id, name).isPresent()) {
            return;
        }
        var expected = command.expect();
        if (expected != null && expected != state.notes().version(command.key())) {
            return;
        }
        try {
            draft.seen();
            var value = reduced(draft, write, command.value(), draft.scope().of(id));
            var read = plus(behind(state, id, command.token()), draft.seen());
            var trust = trust(state, task, command.token(), read);
            var from = new Provenance(id, command.token(), name, read, trust);
            draft.emit(version(state, write, value, from));
        } catch (ExpressionException e) {
            throw new Refusal(String.valueOf(e.getMessage()));
        }
    }

    static void look(Draft draft, Command.ReadNote command) {
        var state = draft.state();
        var id = state.attempt(command.token()).task();
        var sharing = state.declaration(id).sharing();
        var own = sharing.write(command.key());
        if (!sharing.reads(command.key()) && (own == null || own.value() != null)) {
            throw new Refusal("task `" + id.name() + "` may not read note `" + command.key() + "`");
        }
        var note = state.notes().of(command.key());
        if (note != null && !state.notes().reading(id).seen().contains(note.ref())) {
            draft.emit(new NoteRead(id, command.token(), List.of(note.ref())));
        }
    }
}
