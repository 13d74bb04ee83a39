package dev.tutti.core.memory;

import dev.tutti.core.event.Event;
import dev.tutti.core.event.NoteRef;
import dev.tutti.core.event.Provenance;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Value;
import java.util.ArrayList;
import org.pcollections.PVector;
import org.pcollections.TreePVector;

/// A note as it is now.
///
/// @param owner the task that wrote it first
/// @param version how often it was written
/// @param single what it says; null of a list that is appended to
/// @param entries what was appended, in order
/// @param latest where the latest version comes from
/// @param trusts of each version, that of the least trusted that it is made of
public record Note(
        String key,
        String owner,
        int version,
        Value single,
        PVector<Entry> entries,
        Provenance latest,
        PVector<Provenance.Trust> trusts) {

    /// What one writer appended.
    ///
    /// @param task who
    /// @param name which of its writes, empty for what was made of its result
    public record Entry(TaskId task, String name, Value value) {}

    static Note first(Event.NoteWritten e) {
        var from = e.from();
        return new Note(
                e.key(),
                from.task().name(),
                e.version(),
                e.place() < 0 ? e.value() : Value.NULL,
                e.place() < 0 ? TreePVector.empty() : TreePVector.singleton(entry(e)),
                from,
                TreePVector.singleton(from.trust()));
    }

    Note with(Event.NoteWritten e) {
        var from = e.from();
        if (e.place() < 0) {
            boolean replaces = e.by().equals("last");
            return new Note(
                    key,
                    owner,
                    e.version(),
                    e.value(),
                    TreePVector.empty(),
                    from,
                    trusts.plus(replaces ? from.trust() : lower(trust(), from.trust())));
        }
        PVector<Entry> kept = entries;
        for (int i = entries.size() - 1; i >= 0; i--) {
            if (isBy(entries.get(i), from)) {
                kept = kept.minus(i);
            }
        }
        return new Note(
                key,
                owner,
                e.version(),
                Value.NULL,
                kept.plus(Math.min(e.place(), kept.size()), entry(e)),
                from,
                trusts.plus(lower(trust(), from.trust())));
    }

    private static Entry entry(Event.NoteWritten e) {
        return new Entry(e.from().task(), e.from().name(), e.value());
    }

    static boolean isBy(Entry entry, Provenance from) {
        return entry.task().equals(from.task()) && entry.name().equals(from.name());
    }

    /// How many others have appended.
    public int others(Provenance from) {
        return (int) entries.stream().filter(entry -> !isBy(entry, from)).count();
    }

    private static Provenance.Trust lower(Provenance.Trust one, Provenance.Trust other) {
        return one.compareTo(other) <= 0 ? one : other;
    }

    /// Of the least trusted that it is made of.
    public Provenance.Trust trust() {
        return trusts.getLast();
    }

    /// Of the least trusted that a version was made of.
    public Provenance.Trust trust(int of) {
        return trusts.get(of - 1);
    }

    public NoteRef ref() {
        return new NoteRef(key, version);
    }

    /// What it says. Of a list that is appended to, the items of the lists that were appended, and
    /// whatever else was.
    public Value value() {
        if (entries.isEmpty()) {
            return single;
        }
        var items = new ArrayList<Value>();
        for (var entry : entries) {
            if (entry.value() instanceof Value.Array(var some)) {
                items.addAll(some);
            } else {
                items.add(entry.value());
            }
        }
        return new Value.Array(items);
    }
}
