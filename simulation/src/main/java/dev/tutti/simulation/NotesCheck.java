package dev.tutti.simulation;

import dev.tutti.core.event.Event;
import dev.tutti.core.event.NoteRef;
import dev.tutti.core.event.Provenance;
import dev.tutti.core.event.Sharing;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// I22: no note is lost. The versions of a note have no gaps; every accepted result has written all
/// that its task declares, in the same decision, and nothing else has; what is appended stands in
/// the order of the plan, and what is kept by `max` never falls; a version names the attempt it
/// comes from, rests only on what that was shown, and is trusted no more than that was.
final class NotesCheck extends Check {
    private final Map<String, Task> plan = new HashMap<>();
    private final Map<String, Integer> places = new HashMap<>();
    private final Map<String, Integer> widths = new HashMap<>();
    private final Map<String, Book> notes = new HashMap<>();
    private final Map<TaskId, Set<NoteRef>> shown = new HashMap<>();
    private final Map<Long, TaskId> open = new HashMap<>();
    private final Map<NoteRef, Provenance.Trust> trusts = new HashMap<>();
    private @Nullable Result result;

    /// What is known of a note.
    private static final class Book {
        private int version;
        private Value value = Value.NULL;
        private final List<Provenance> entries = new ArrayList<>();
    }

    /// A result that is writing its notes.
    ///
    /// @param there the versions that were there when it came: its own writes see no other
    private record Result(TaskId task, long token, Set<String> owed, Map<String, Integer> there) {}

    @Override
    void see(Step step) {
        if (!(step.event() instanceof Event.NoteWritten)) {
            settled(step);
        }
        switch (step.event()) {
            case Event.PlanAmended e -> e.tasks().forEach(this::planned);
            case Event.TaskRevised e -> plan.put(e.task().name(), e.task());
            case Event.FannedOut e -> widths.put(e.task(), e.width());
            case Event.TasksReset e -> e.tasks().forEach(this::reset);
            case Event.Assigned e -> open.put(e.token(), e.task());
            case Event.ChildStarted e -> open.put(e.token(), e.task());
            case Event.Awaited e -> open.put(e.token(), e.task());
            case Event.AttemptEnded e -> open.remove(e.token());
            case Event.NoteRead e -> read(step, e);
            case Event.ResultAccepted e -> {
                open.remove(e.token());
                accepted(e.task(), e.token());
            }
            case Event.OutputGiven e -> accepted(e.task(), 0);
            case Event.NoteWritten e -> written(step, e);
            default -> {}
        }
    }

    @Override
    void end(Step last) {
        settled(last);
    }

    private void planned(Task task) {
        plan.put(task.name(), task);
        places.putIfAbsent(task.name(), places.size());
    }

    private void reset(String name) {
        widths.remove(name);
        shown.keySet().removeIf(task -> task.name().equals(name));
    }

    private void read(Step step, Event.NoteRead e) {
        for (var ref : e.notes()) {
            var book = notes.get(ref.key());
            if (book == null || book.version != ref.version()) {
                report("I22", step, e.task() + " reads " + ref + ", which is not there");
            }
        }
        shown.computeIfAbsent(e.task(), _ -> new HashSet<>()).addAll(e.notes());
    }

    // ---- results

    private void accepted(TaskId id, long token) {
        var task = plan.get(id.name());
        if (task == null || task.sharing().isNothing()) {
            return;
        }
        boolean items = task.flow().each() != null;
        boolean writes =
                !items || (id.item() >= 0 && id.item() < widths.getOrDefault(id.name(), 0));
        var owed = new LinkedHashSet<String>();
        if (writes) {
            task.sharing().writes().stream()
                    .filter(write -> write.value() != null)
                    .forEach(write -> owed.add(write.key()));
        }
        result = new Result(id, token, owed, versions());
    }

    private Map<String, Integer> versions() {
        var there = new HashMap<String, Integer>();
        notes.forEach((key, book) -> there.put(key, book.version));
        return there;
    }

    private void settled(Step step) {
        if (result != null && !result.owed().isEmpty()) {
            report(
                    "I22",
                    step,
                    "the result of " + result.task() + " has not written " + result.owed());
        }
        result = null;
    }

    // ---- versions

    private void written(Step step, Event.NoteWritten e) {
        var from = e.from();
        var task = plan.get(from.task().name());
        var declared = task == null ? null : task.sharing().write(e.key());
        if (declared == null || !declared.by().word().equals(e.by())) {
            report("I22", step, from.task() + " writes " + e.key() + " and has not said so");
        }
        if (from.name().isEmpty()) {
            ofResult(step, e);
        } else if (!from.task().equals(open.get(from.token()))) {
            report("I22", step, e.key() + " is written by an attempt that is not under way");
        }
        var book = notes.computeIfAbsent(e.key(), _ -> new Book());
        if (e.version() != book.version + 1) {
            report(
                    "I22",
                    step,
                    e.key() + " goes on at version " + e.version() + " after " + book.version);
        }
        rests(step, e);
        becomes(step, e, book, declared);
        trusted(e);
        book.version = e.version();
    }

    private void ofResult(Step step, Event.NoteWritten e) {
        var from = e.from();
        if (result == null
                || !result.task().equals(from.task())
                || result.token() != from.token()
                || !result.owed().remove(e.key())) {
            report(
                    "I22",
                    step,
                    e.key()
                            + " says that it comes from a result of "
                            + from.task()
                            + " at "
                            + from.token()
                            + ", and does not");
        }
    }

    private void rests(Step step, Event.NoteWritten e) {
        var whole = shown.getOrDefault(TaskId.of(e.from().task().name()), Set.of());
        var own = shown.getOrDefault(e.from().task(), Set.of());
        for (var ref : e.from().read()) {
            boolean current =
                    result != null
                            && Integer.valueOf(ref.version()).equals(result.there().get(ref.key()));
            if (!own.contains(ref) && !whole.contains(ref) && !current) {
                report("I22", step, e.key() + " rests on " + ref + ", which nobody was shown");
            }
            if (e.from().trust().compareTo(trusts.getOrDefault(ref, e.from().trust())) > 0) {
                report("I22", step, e.key() + " is trusted more than " + ref);
            }
        }
    }

    /// What is kept is trusted no more than what was there.
    private void trusted(Event.NoteWritten e) {
        var now = e.from().trust();
        var before = trusts.get(new NoteRef(e.key(), e.version() - 1));
        boolean kept = !e.by().equals("last") && before != null && before.compareTo(now) < 0;
        trusts.put(new NoteRef(e.key(), e.version()), kept ? before : now);
    }

    private void becomes(
            Step step, Event.NoteWritten e, Book book, Sharing.@Nullable Write declared) {
        if (declared != null && declared.by() instanceof Sharing.Reducer.Append) {
            book.entries.removeIf(entry ->
                    entry.task().equals(e.from().task()) && entry.name().equals(e.from().name()));
            if (e.place() < 0 || e.place() > book.entries.size()) {
                report("I22", step, e.key() + " has no place " + e.place());
                return;
            }
            book.entries.add(e.place(), e.from());
            ordered(step, e, book);
        } else if (e.by().equals("max")
                && book.version > 0
                && number(e.value()) < number(book.value)) {
            report("I22", step, e.key() + " fell from " + book.value + " to " + e.value());
        } else if (e.by().equals("merge")
                && e.value() instanceof Value.Struct now
                && book.value instanceof Value.Struct before
                && !now.fields().keySet().containsAll(before.fields().keySet())) {
            report("I22", step, e.key() + " has lost a field");
        }
        book.value = e.value();
    }

    private void ordered(Step step, Event.NoteWritten e, Book book) {
        for (int i = 1; i < book.entries.size(); i++) {
            var one = book.entries.get(i - 1).task();
            var next = book.entries.get(i).task();
            int place = place(one).compareTo(place(next));
            if (place > 0 || (place == 0 && one.item() > next.item())) {
                report("I22", step, e.key() + " has " + one + " before " + next);
            }
        }
    }

    private Integer place(TaskId task) {
        return places.getOrDefault(task.name(), Integer.MAX_VALUE);
    }

    private static double number(Value value) {
        return switch (value) {
            case Value.Int(var n) -> n;
            case Value.Real(var n) -> n;
            case Value.Null _, Value.Bool _, Value.Text _, Value.Array _, Value.Struct _ ->
                    Double.NaN;
        };
    }
}
