package dev.tutti.core.memory;

import dev.tutti.core.event.ContextPart;
import dev.tutti.core.event.Event;
import dev.tutti.core.event.NoteRef;
import dev.tutti.core.event.TaskId;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;
import org.pcollections.PSortedMap;
import org.pcollections.TreePMap;

/// The notes of a run, and what each task that is not finished has seen of them. Immutable.
///
/// @param byKey every note as it is now
/// @param readings by task
/// @param made what attempts wrote while they worked, by task and the name of the write
public record Notes(
        PSortedMap<String, Note> byKey,
        PMap<TaskId, Reading> readings,
        PMap<TaskId, PMap<String, NoteRef>> made) {

    public static final Notes NONE =
            new Notes(TreePMap.empty(), HashTreePMap.empty(), HashTreePMap.empty());

    /// The most notes of a run.
    public static final int MOST = 10_000;

    /// What a task has seen.
    ///
    /// @param given what its expressions named
    /// @param proposed what the attempt had seen whose result is being looked at
    /// @param since the first of the attempts that go on from one another
    /// @param seen what those attempts were given or asked for
    /// @param pinned the notes that they were given, as they were then: an attempt that goes on
    ///   from another's steps is given what that one was
    /// @param context how what they were given was made to fit; empty where it had not to
    public record Reading(
            List<NoteRef> given,
            List<NoteRef> proposed,
            long since,
            List<NoteRef> seen,
            List<Note> pinned,
            List<ContextPart> context) {
        static final Reading NOTHING =
                new Reading(List.of(), List.of(), 0, List.of(), List.of(), List.of());

        public Reading {
            given = List.copyOf(given);
            proposed = List.copyOf(proposed);
            seen = List.copyOf(seen);
            pinned = List.copyOf(pinned);
            context = List.copyOf(context);
        }
    }

    public @Nullable Note of(String key) {
        return byKey.get(key);
    }

    /// The version of a note, 0 where there is none yet.
    public int version(String key) {
        var note = byKey.get(key);
        return note == null ? 0 : note.version();
    }

    public Reading reading(TaskId task) {
        return readings.getOrDefault(task, Reading.NOTHING);
    }

    /// What a write of an attempt came to that has been made before.
    public Optional<NoteRef> made(TaskId task, String name) {
        return Optional.ofNullable(made.getOrDefault(task, HashTreePMap.empty()).get(name));
    }

    /// Every version that what a task gives may rest on, each once.
    ///
    /// @param since the first of the attempts that led to it
    /// @param looked whether its result was looked at before it was accepted
    public List<NoteRef> behind(TaskId task, long since, boolean looked) {
        SequencedSet<NoteRef> refs = new LinkedHashSet<>(reading(TaskId.of(task.name())).given());
        var own = reading(task);
        refs.addAll(own.given());
        if (looked) {
            refs.addAll(own.proposed());
        }
        if (own.since() == since) {
            refs.addAll(own.seen());
        }
        return List.copyOf(refs);
    }

    /// A note has a new version.
    public Notes with(Event.NoteWritten e) {
        var before = byKey.get(e.key());
        var after = before == null ? Note.first(e) : before.with(e);
        var names = made;
        var from = e.from();
        if (!from.name().isEmpty()) {
            names =
                    made.plus(
                            from.task(),
                            made.getOrDefault(from.task(), HashTreePMap.empty())
                                    .plus(from.name(), new NoteRef(e.key(), e.version())));
        }
        return new Notes(byKey.plus(e.key(), after), readings, names);
    }

    /// A task has seen notes, as they are now.
    ///
    /// @param since the first of the attempts that this one goes on from; 0 where no attempt is
    /// @param begun whether the attempt is under way, and asked for them itself
    public Notes with(Event.NoteRead e, long since, boolean begun) {
        var known = reading(e.task());
        if (e.token() == 0) {
            return put(
                    e.task(),
                    new Reading(
                            e.notes(),
                            known.proposed(),
                            known.since(),
                            known.seen(),
                            known.pinned(),
                            known.context()));
        }
        boolean goesOn = known.since() == since;
        var seen = new LinkedHashSet<>(goesOn ? known.seen() : List.<NoteRef>of());
        seen.addAll(e.notes());
        var pinned = new ArrayList<>(goesOn ? known.pinned() : List.<Note>of());
        if (!begun) {
            pinned.clear();
            for (var ref : e.notes()) {
                var note = byKey.get(ref.key());
                if (note != null) {
                    pinned.add(note);
                }
            }
        }
        var context = goesOn ? known.context() : List.<ContextPart>of();
        return put(
                e.task(),
                new Reading(
                        known.given(),
                        known.proposed(),
                        since,
                        List.copyOf(seen),
                        pinned,
                        context));
    }

    /// What the next attempt at a task is going to be given was made to fit.
    public Notes with(Event.ContextAssembled e) {
        var known = reading(e.task());
        return put(
                e.task(),
                new Reading(
                        known.given(),
                        known.proposed(),
                        e.token(),
                        List.of(),
                        List.of(),
                        e.parts()));
    }

    /// A result waits for a second look: what it rests on is not what the one who looks will see.
    public Notes proposed(TaskId task, long since) {
        var known = readings.get(task);
        return known == null || known.since() != since
                ? this
                : put(
                        task,
                        new Reading(
                                known.given(), known.seen(), 0, List.of(), List.of(), List.of()));
    }

    private Notes put(TaskId task, Reading reading) {
        return new Notes(byKey, readings.plus(task, reading), made);
    }

    /// The task is finished, or as if it had never begun. The notes stay as they are.
    public Notes forget(TaskId task) {
        return readings.containsKey(task) ? new Notes(byKey, readings.minus(task), made) : this;
    }

    /// Tasks are as if they had never begun: what their attempts write is new again.
    public Notes reset(List<String> tasks) {
        var names = made;
        var seen = readings;
        for (var id : made.keySet()) {
            names = tasks.contains(id.name()) ? names.minus(id) : names;
        }
        for (var id : readings.keySet()) {
            seen = tasks.contains(id.name()) ? seen.minus(id) : seen;
        }
        return new Notes(byKey, seen, names);
    }
}
