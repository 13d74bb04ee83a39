package dev.tutti.core.run;

import dev.tutti.core.event.Event.Stalled;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Question;
import dev.tutti.core.event.Status;
import dev.tutti.core.event.Task;
import dev.tutti.core.plan.Graph;
import java.util.List;

/// A run that nothing moves any more says so, in the same append as what brought it there.
final class Stalls {
    private Stalls() {}

    /// A run that goes on after all need not be asked about any more.
    static void movedOn(Draft draft) {
        for (var asked : List.copyOf(draft.state().questions().values())) {
            if (asked.question().purpose() == Question.Purpose.STALL && draft.hasMoved()) {
                Questions.close(draft, asked.question().id(), "the run goes on");
            }
        }
    }

    /// Looks whether anything can still move the run by itself.
    ///
    /// @return whether something new was begun
    static boolean look(Draft draft) {
        var state = draft.state();
        boolean moves =
                state.counts().live() > 0
                        || !state.questions().isEmpty()
                        || state.isAwakened()
                        || state.paused();
        if (moves) {
            return false;
        }
        boolean heldBack =
                state.graph().order().stream().anyMatch(name -> Carving.isHeldBack(state, name));
        if (heldBack && Budgets.isOwed(draft)) {
            return false;
        }
        var waiting =
                state.graph().order().stream()
                        .filter(name -> state.graph().node(name).phase() == Graph.Phase.PLANNED)
                        .toList();
        return stalled(
                draft,
                "nothing is under way, ready or waited for, and "
                        + (waiting.isEmpty()
                                ? "the run is not finished"
                                : "these tasks never became free: " + String.join(", ", waiting)),
                List.of(),
                true);
    }

    /// Does as the run's policy says when it is stuck, once its planner can do nothing.
    ///
    /// @param cycle who waits for whom, or empty
    /// @param sure whether it is certain; where not, a person is asked
    /// @return whether something new was begun
    static boolean stalled(Draft draft, String reason, List<String> cycle, boolean sure) {
        if (isAsked(draft) || draft.state().ending() != null) {
            return false;
        }
        draft.emit(new Stalled(reason, cycle));
        return Replanning.stalled(draft, reason) || escalate(draft, "stalled", reason, sure);
    }

    /// There is too little left of the budget, and nothing will be given back.
    ///
    /// @return whether something new was begun
    static boolean exhausted(Draft draft, String reason) {
        if (isAsked(draft) || draft.state().ending() != null) {
            return false;
        }
        draft.emit(new Stalled(reason, List.of()));
        return escalate(draft, "budget_exhausted", reason, true);
    }

    private static boolean isAsked(Draft draft) {
        return draft.state().questions().values().stream()
                .anyMatch(one -> one.question().purpose() == Question.Purpose.STALL);
    }

    private static boolean escalate(Draft draft, String code, String reason, boolean sure) {
        if (sure && draft.state().asked().onStall() == Task.Remedy.FAIL) {
            var failure = new Failure.Permanent(code, reason);
            Endings.close(draft, Status.FAILED, code.replace('_', ' ') + ": " + reason, failure);
            return true;
        }
        Questions.stall(draft, reason);
        return false;
    }
}
