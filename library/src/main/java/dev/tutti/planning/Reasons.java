package dev.tutti.planning;

import dev.tutti.core.event.Task;
import java.util.ArrayList;
import java.util.List;

/// Why a part of a plan is there, and why it stands where it does, in sentences.
public final class Reasons {
    private final Uses uses;

    public Reasons(Uses uses) {
        this.uses = uses;
    }

    /// What a task is there for.
    public List<String> of(Task task) {
        var reasons = new ArrayList<String>();
        for (var use : uses.of(task.name())) {
            var user = "`" + use.user() + "`";
            var what = "`" + use.what() + "`";
            reasons.add(
                    switch (use.how()) {
                        case GIVEN ->
                                use.user().equals(Uses.OUTPUT)
                                        ? "the run gives " + what
                                        : user + " is given " + what;
                        case RUNS_OVER -> user + " runs over " + what;
                        case DECIDES -> what + " decides on " + user;
                        case OTHER -> user + " names " + what;
                        case ORDER -> user + " waits for it, and takes nothing from it";
                    });
        }
        if (task.flow().emit() != null) {
            reasons.add("it sends `" + task.flow().emit().type() + "`");
        }
        task.flow().cancels().forEach(other -> reasons.add("it gives up `" + other + "`"));
        if (reasons.isEmpty()) {
            reasons.add("nothing uses what it gives: it is there for what it does");
        }
        return reasons;
    }

    /// What a task waits for.
    public List<String> before(Task task) {
        var reasons = new ArrayList<String>();
        for (var dependency : task.dependencies()) {
            reasons.add(
                    uses.isOrderOnly(task.name(), dependency)
                            ? "`" + dependency + "`, for the order alone"
                            : "`" + dependency + "`");
        }
        return reasons;
    }
}
