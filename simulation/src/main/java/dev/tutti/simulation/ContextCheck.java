package dev.tutti.simulation;

import dev.tutti.core.event.ContextPart;
import dev.tutti.core.event.Event;
import dev.tutti.core.event.NoteRef;
import dev.tutti.core.event.Task;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// I28: what is put together for an attempt is what its task allows and what its agent is shown. It
/// takes no more tokens than the task says; it is followed, in the same decision, by the notes of
/// which something is given, no more and no fewer, and by the attempt itself; what it says of notes
/// is said of versions that are there.
final class ContextCheck extends Check {
    private final Map<String, Task> plan = new HashMap<>();
    private final Map<String, Integer> versions = new HashMap<>();
    private Event.@Nullable ContextAssembled open;
    private List<NoteRef> owed = List.of();
    private boolean copied;

    @Override
    void see(Step step) {
        if (open != null) {
            follows(step, open);
        }
        switch (step.event()) {
            case Event.PlanAmended e -> e.tasks().forEach(task -> plan.put(task.name(), task));
            case Event.TaskRevised e -> plan.put(e.task().name(), e.task());
            case Event.NoteWritten e -> versions.put(e.key(), e.version());
            case Event.ContextAssembled e -> assembled(step, e);
            default -> {}
        }
    }

    private void assembled(Step step, Event.ContextAssembled e) {
        open = e;
        copied = step.copied();
        var task = plan.get(e.task().name());
        int allowed = task == null ? 0 : task.sharing().giving().first();
        if (e.budget() != allowed || e.used() > e.budget()) {
            report("I28", step, e.task() + " is given " + e.used() + " tokens of " + allowed);
        }
        var given = new ArrayList<NoteRef>();
        for (var part : e.parts()) {
            if (part.version() > 0
                    && !Integer.valueOf(part.version()).equals(versions.get(part.name()))) {
                report("I28", step, part.label() + " is not there");
            }
            if (part.isGivenNote()) {
                given.add(part.note());
            }
            if ((part.fate() == ContextPart.Fate.COMPACTED) != (part.value() != null)) {
                report("I28", step, part.label() + " does not say what is given of it");
            }
        }
        owed = given;
    }

    private void follows(Step step, Event.ContextAssembled e) {
        switch (step.event()) {
            case Event.NoteRead read when read.token() == e.token() -> {
                if (!new HashSet<>(read.notes()).equals(new HashSet<>(owed))) {
                    report("I28", step, e.task() + " is shown what it is not given");
                }
                owed = List.of();
            }
            case Event.Assigned assigned
                    when assigned.token() == e.token() && assigned.task().equals(e.task()) -> {
                if (!owed.isEmpty()) {
                    report("I28", step, e.task() + " is given " + owed + ", and nothing says so");
                }
                open = null;
            }
            default -> {
                // A fork may have been made just there: what followed is not here.
                if (!copied) {
                    report("I28", step, "what was put together for " + e.task() + " is for nobody");
                }
                open = null;
            }
        }
    }
}
