package dev.tutti.core.run;

import dev.tutti.core.agent.Relay;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Event.HandedOver;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Outcome;
import dev.tutti.core.event.Passing.HandOff;
import dev.tutti.core.event.TaskId;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The one who has a task names the next. What it may not do comes back to it as what was wrong
/// with its attempt.
final class HandOffs {
    /// More of a reason is not kept.
    static final int MOST_WORDS = 2_000;

    private HandOffs() {}

    static void handOver(Draft draft, long token, Outcome.HandedOver outcome) {
        var id = draft.state().attempt(token).task();
        if (!draft.state().wants(id.name())) {
            Remedies.attemptEnded(draft, token, new Failure.Cancelled(), outcome.usage());
            return;
        }
        var task = draft.state().task(id);
        var from = task.agent();
        var wrong = from == null ? "nobody in particular has it" : wrong(draft, id, from, outcome);
        if (from == null || wrong != null) {
            Remedies.attemptEnded(
                    draft,
                    token,
                    new Failure.Rejected("hand_off", String.valueOf(wrong)),
                    outcome.usage());
            return;
        }
        Questions.withdraw(draft, token, "it was handed over");
        draft.emit(
                new HandedOver(
                        id,
                        token,
                        from,
                        outcome.to(),
                        outcome.what(),
                        cut(outcome.reason(), MOST_WORDS),
                        outcome.usage()));
        Planning.ready(draft, id, task.input());
    }

    /// Why it may not be handed over so, or null.
    private static @Nullable String wrong(
            Draft draft, TaskId id, AgentId from, Outcome.HandedOver outcome) {
        var task = draft.state().task(id);
        var to = outcome.to();
        if (draft.state().decides(id) || task.course().proposal() != null) {
            return "who judges a result cannot hand that over";
        }
        if (!(draft.state().declaration(id).passing() instanceof HandOff(var allowed, int max))) {
            return "task `" + id.name() + "` may not be handed over: it has no `hand_off`";
        }
        var others =
                allowed.stream()
                        .filter(agent -> !agent.equals(from))
                        .map(agent -> "`" + agent + "`")
                        .collect(Collectors.joining(", "));
        if (to.equals(from)) {
            return "`" + from + "` has the task already; it may hand it over to " + others;
        }
        if (!allowed.contains(to)) {
            return "it may be handed over to " + others + ", not to `" + to + "`";
        }
        if (draft.facts().team().agent(to).isEmpty()) {
            return "the team has no agent `" + to + "`";
        }
        var hands = task.course().relay().hands();
        if (hands.stream().anyMatch(hand -> isSame(hand, from, outcome))) {
            return "`"
                    + from
                    + "` has handed the same to `"
                    + to
                    + "` before: it goes round in a circle; give a result, or hand over something"
                    + " else";
        }
        return hands.size() >= max
                ? "it was handed over " + max + " times, and `hand_off.max` is " + max
                : null;
    }

    private static boolean isSame(Relay.Hand hand, AgentId from, Outcome.HandedOver outcome) {
        return hand.from().equals(from)
                && hand.to().equals(outcome.to())
                && hand.what().equals(outcome.what());
    }

    static String cut(String reason, int most) {
        return reason.length() <= most ? reason : reason.substring(0, most) + "…";
    }
}
