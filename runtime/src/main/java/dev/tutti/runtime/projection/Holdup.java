package dev.tutti.runtime.projection;

import dev.tutti.core.event.Question;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.people.Asked;
import dev.tutti.core.run.RunState;
import java.util.Collection;
import java.util.Comparator;
import java.util.stream.Collectors;

/// Why a run does not go on, in one short line, from its state alone: what follows from the agents
/// of its team, [dev.tutti.core.run.Why] knows.
final class Holdup {
    private static final int MOST = 160;
    private static final int MOST_NAMES = 3;

    private Holdup() {}

    /// The line; empty while agents are at work, and of what succeeded.
    static String of(RunState state) {
        var line =
                switch (state.status()) {
                    case SUCCEEDED -> "";
                    case FAILED, CANCELLED, CLOSING -> ending(state);
                    case PAUSED -> paused(state);
                    case RUNNING, WAITING -> waiting(state);
                };
        return OneLine.of(line, MOST);
    }

    private static String ending(RunState state) {
        var ending = state.ending();
        if (ending == null) {
            return "";
        }
        var failure = ending.failure();
        return failure == null || ending.reason().contains(failure.message())
                ? ending.reason()
                : ending.reason() + ": " + failure.message();
    }

    private static String paused(RunState state) {
        int open = state.open().size();
        return "until it is resumed"
                + (open == 0
                        ? ""
                        : open == 1 ? "; one attempt goes on" : "; " + open + " attempts go on");
    }

    private static String waiting(RunState state) {
        if (!state.questions().isEmpty()) {
            return asked(state.questions().values());
        }
        if (state.open().values().stream()
                .anyMatch(open -> open.doer() instanceof RunState.Doer.Agent)) {
            return "";
        }
        if (!state.ledger().waiting().isEmpty()) {
            return "waits for the budget: " + names(state.ledger().waiting().keySet());
        }
        for (var open : state.open().values()) {
            switch (open.doer()) {
                case RunState.Doer.Message(var type, _) -> {
                    return "waits for " + (type == null ? "the time" : "message " + type);
                }
                case RunState.Doer.Child(var child) -> {
                    return "waits for run " + child;
                }
                case RunState.Doer.Agent _, RunState.Doer.Person _ -> {
                    // Said above, or by the question.
                }
            }
        }
        return state.ready() == 0 ? "" : "waits for an agent: " + names(state.readyTasks());
    }

    private static String asked(Collection<Asked> questions) {
        var first =
                questions.stream()
                        .min(
                                Comparator.comparing(asked ->
                                        asked.question().purpose() != Question.Purpose.STALL))
                        .orElseThrow();
        var more = questions.size() == 1 ? "" : " (" + (questions.size() - 1) + " more)";
        return "asks " + OneLine.of(first.now().to(), 40) + more + ": " + first.question().text();
    }

    private static String names(Collection<TaskId> tasks) {
        var first =
                tasks.stream()
                        .map(TaskId::toString)
                        .sorted()
                        .limit(MOST_NAMES)
                        .collect(Collectors.joining(", "));
        return tasks.size() <= MOST_NAMES
                ? first
                : first + " and " + (tasks.size() - MOST_NAMES) + " more";
    }
}
