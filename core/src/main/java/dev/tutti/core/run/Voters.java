package dev.tutti.core.run;

import dev.tutti.core.event.Resolve;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.Task.Performer;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.synthesis.Experience;
import dev.tutti.core.synthesis.Given;
import dev.tutti.core.synthesis.Likeness;
import dev.tutti.core.synthesis.Resolving;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/// What the resolved tasks of a run tell of those who did them.
public final class Voters {
    /// How many tasks of a run are learned from.
    private static final int MOST_LEARNED = 200;

    static final Likeness LIKENESS = Likeness.NORMALISED;

    private Voters() {}

    /// Of whose tasks the run has resolved results.
    public static SequencedSet<Performer> of(RunState state) {
        var performers = new LinkedHashSet<Performer>();
        for (var name : state.graph().order()) {
            var task = state.graph().node(name).task();
            if (resolve(state, task) != null) {
                performers.add(task.performer());
            }
        }
        return performers;
    }

    /// What is known of those who do the tasks of a performer, once the tasks that the run has
    /// resolved are learned from as well: what judges and people decided among them counts as true.
    public static Experience learned(RunState state, Performer performer, Experience before) {
        var known = before;
        int learned = 0;
        for (var name : state.graph().order()) {
            var task = state.graph().node(name).task();
            var resolve = resolve(state, task);
            var fanIn = state.fanIns().get(name);
            if (resolve != null
                    && fanIn != null
                    && fanIn.resolved() != null
                    && task.performer().equals(performer)
                    // Whose answers were the same by meaning is not known any more.
                    && !resolve.meaning()
                    && learned++ < MOST_LEARNED) {
                // What was composed is none of the answers, and a program's choice no truth.
                boolean own =
                        resolve.by() instanceof Resolve.By.Compose
                                || resolve.by() instanceof Resolve.By.Custom;
                var truth =
                        fanIn.decision() == null || own
                                ? null
                                : Given.of("", fanIn.resolved().output()).answer();
                known = Resolving.learned(first(state, name, resolve), LIKENESS, known, truth);
            }
        }
        return known;
    }

    /// How the results of a task were resolved, or null where they were not.
    private static @Nullable Resolve resolve(RunState state, Task task) {
        var each = task.flow().each();
        var fanIn = state.fanIns().get(task.name());
        return each == null || fanIn == null || fanIn.resolved() == null ? null : each.resolve();
    }

    /// The results of a task's items, with those who gave them: of a debate what they gave last.
    static List<Given> given(RunState state, String name, Resolve resolve) {
        return given(state, name, resolve, true);
    }

    /// What they gave before they knew of each other: what they say afterwards is not their own.
    private static List<Given> first(RunState state, String name, Resolve resolve) {
        return given(state, name, resolve, false);
    }

    private static List<Given> given(RunState state, String name, Resolve resolve, boolean latest) {
        var fanIn = state.fanIns().get(name);
        var given = new ArrayList<Given>();
        if (fanIn == null) {
            return given;
        }
        for (int item = 0; item < fanIn.width(); item++) {
            var output = latest ? fanIn.latest(item) : fanIn.outputs().get(item);
            if (output != null) {
                var agent = agent(state, new TaskId(name, item));
                given.add(
                        resolve.on() == null
                                ? Given.of(agent, output)
                                : Given.of(agent, output, resolve.on()));
            }
        }
        return given;
    }

    private static String agent(RunState state, TaskId id) {
        var task = state.tasks().get(id);
        return task == null || task.agent() == null
                ? "item " + (id.item() + 1)
                : task.agent().value();
    }
}
