package dev.tutti.core.run;

import dev.tutti.core.event.Event.MessageReceived;
import dev.tutti.core.event.Task.Performer.ByMessage;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Usage;
import dev.tutti.core.event.Value;
import dev.tutti.core.expression.ExpressionException;
import dev.tutti.core.run.RunState.Doer;
import dev.tutti.core.run.RunState.Letter;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Messages that tasks wait for: each is taken by one task, kept for one to come, or dropped.
final class Messages {
    /// The most messages that a run keeps for tasks to come.
    static final int MOST_KEPT = 1_000;

    private Messages() {}

    static void deliver(Draft draft, Command.Deliver message) {
        // One that comes while the run is closing is noted as anywhere else: nobody takes it up.
        if (draft.state().choreographed() && draft.state().ending() == null) {
            Choreographing.post(draft, message.id(), message.type(), message.data());
            return;
        }
        var letter = new Letter(message.id(), message.type(), message.data());
        var waiting = waiting(draft, letter);
        if (waiting.isPresent()) {
            take(draft, waiting.get().getKey(), waiting.get().getValue().task(), letter);
            return;
        }
        boolean kept =
                draft.state().mailbox().size() < MOST_KEPT
                        && awaiting(draft.state(), letter.type());
        draft.emit(new MessageReceived(letter.id(), letter.type(), letter.data(), null, kept));
    }

    /// A message of a topic came for the attempt that waits for it.
    static void hand(Draft draft, Command.Hand message) {
        var task = draft.state().attempt(message.token()).task();
        var letter = new Letter(message.id(), message.type(), message.data());
        take(draft, message.token(), task, letter);
    }

    /// The attempt that waits for this message, the oldest first.
    private static Optional<Map.Entry<Long, RunState.Open>> waiting(Draft draft, Letter letter) {
        return draft.state().open().entrySet().stream()
                .filter(open -> open.getValue().doer() instanceof Doer.Message)
                .filter(open -> matches(draft, open.getValue().task(), letter))
                .findFirst();
    }

    private static boolean matches(Draft draft, TaskId task, Letter letter) {
        if (!(draft.state().declaration(task).performer() instanceof ByMessage wanted)
                || wanted.topic() != null
                || !letter.type().equals(wanted.type())) {
            return false;
        }
        if (wanted.where() == null) {
            return true;
        }
        try {
            var scope = draft.scope().of(task).with("message", letter.data());
            return Planning.isTrue("where", draft.render(wanted.where(), scope));
        } catch (ExpressionException _) {
            return false;
        }
    }

    /// Whether a task that has not had its turn will take messages of this type that came before.
    private static boolean awaiting(RunState state, String type) {
        return state.graph().order().stream()
                .map(name -> state.graph().node(name))
                .filter(node -> !node.phase().isFinal())
                .map(node -> node.task().performer())
                .anyMatch(performer ->
                        performer instanceof ByMessage wanted
                                && wanted.keep()
                                && wanted.topic() == null
                                && type.equals(wanted.type()));
    }

    /// Takes a message that came before the task's turn.
    static void takeKept(Draft draft, TaskId task) {
        var wanted = draft.state().declaration(task).performer();
        if (!(wanted instanceof ByMessage message) || !message.keep() || message.topic() != null) {
            return;
        }
        for (var letter : List.copyOf(draft.state().mailbox())) {
            if (matches(draft, task, letter)) {
                take(draft, draft.state().task(task).token(), task, letter);
                return;
            }
        }
    }

    private static void take(Draft draft, long token, TaskId task, Letter letter) {
        draft.emit(new MessageReceived(letter.id(), letter.type(), letter.data(), task, false));
        Results.succeeded(
                draft,
                token,
                Value.struct("by", Value.text("message"), "message", letter.data()),
                Usage.NONE);
    }

    /// What a message is published with, as a text.
    static String key(Value value) {
        return value instanceof Value.Text(var text) ? text : Digest.canonical(value);
    }

    /// The time of a task that waits for a message is over: that is its result.
    static void over(Draft draft, long token) {
        Results.succeeded(
                draft,
                token,
                Value.struct("by", Value.text("timer"), "message", Value.NULL),
                Usage.NONE);
    }
}
