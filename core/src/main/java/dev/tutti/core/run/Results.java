package dev.tutti.core.run;

import dev.tutti.core.event.Event.Iterated;
import dev.tutti.core.event.Event.MessagePublished;
import dev.tutti.core.event.Event.ResultAccepted;
import dev.tutti.core.event.Event.ResultProposed;
import dev.tutti.core.event.Event.Settled;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Outcome;
import dev.tutti.core.event.Passing;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Usage;
import dev.tutti.core.event.Value;
import dev.tutti.core.expression.ExpressionException;
import org.jspecify.annotations.Nullable;

/// What an attempt reported: whether it counts, and whether the task is done with it.
final class Results {
    private Results() {}

    static void finish(Draft draft, Command.Finish finish) {
        Carving.takeBack(draft, finish.token(), finish.used());
        if (draft.state().ledger().owed().contains(finish.token())) {
            draft.emit(new Settled(finish.token(), finish.outcome().usage()));
            return;
        }
        finish.artifacts().forEach(draft::emit);
        switch (finish.outcome()) {
            case Outcome.Succeeded(var output, var usage) ->
                    succeeded(draft, finish.token(), output, usage);
            case Outcome.Planned(var amendment, var proposal, var usage) ->
                    Replanning.planned(draft, finish.token(), amendment, proposal, usage);
            case Outcome.HandedOver handedOver ->
                    HandOffs.handOver(draft, finish.token(), handedOver);
            case Outcome.Failed(var failure, var usage) ->
                    Remedies.attemptEnded(draft, finish.token(), failure, usage);
        }
    }

    static void succeeded(Draft draft, long token, Value output, Usage usage) {
        var id = draft.state().attempt(token).task();
        draft.seen();
        if (draft.state().wants(id.name()) && draft.state().declaration(id).plans()) {
            var failure = new Failure.Rejected("plan", "its result is no amendment of the plan");
            Remedies.attemptEnded(draft, token, failure, usage);
            return;
        }
        try {
            if (!draft.state().wants(id.name())) {
                tooLate(draft, id, token, output, usage);
                return;
            }
            var proposal = draft.state().task(id).course().proposal();
            if (proposal == null
                    && draft.state().declaration(id).passing() instanceof Passing.Group group
                    && !draft.state().decides(id)) {
                Groups.turn(draft, id, group, token, output, usage);
            } else if (proposal == null) {
                gate(draft, id, token, output, usage);
            } else {
                looked(draft, id, token, proposal.output(), output, usage);
            }
        } catch (ExpressionException e) {
            Remedies.attemptEnded(draft, token, Planning.failure(e), usage);
        } catch (Blackboard.Conflict e) {
            var failure = new Failure.Rejected("conflict", String.valueOf(e.getMessage()));
            Remedies.attemptEnded(draft, token, failure, usage);
        }
    }

    /// The run is closing: a result that needs no further look is kept, since it was paid for.
    private static void tooLate(Draft draft, TaskId id, long token, Value output, Usage usage) {
        var task = draft.state().declaration(id);
        if (task.policy().gate().equals(Task.Gate.OPEN)
                && task.flow().loop() == null
                && !(task.passing() instanceof Passing.Group)) {
            draft.emit(new ResultAccepted(id, token, output, usage));
        } else {
            Remedies.attemptEnded(draft, token, new Failure.Cancelled(), usage);
        }
    }

    static void gate(Draft draft, TaskId id, long token, Value output, Usage usage) {
        boolean decides = draft.state().decides(id);
        if (decides && !draft.state().debates(id)) {
            draft.emit(new ResultAccepted(id, token, output, usage));
            return;
        }
        var task = draft.state().declaration(id);
        var gate = task.policy().gate();
        var scope = draft.scope().of(draft.state().speaker(id)).with("output", output);
        for (var condition : gate.accept()) {
            if (!Planning.isTrue("accept", draft.render(condition, scope))) {
                var failure = new Failure.Rejected("accept", "not accepted: " + condition);
                Remedies.attemptEnded(draft, token, failure, usage);
                return;
            }
        }
        if (decides) {
            draft.emit(new ResultAccepted(id, token, output, usage));
            return;
        }
        if (gate.verify() == null) {
            accept(draft, id, token, output, usage);
            return;
        }
        var look = look(draft, id, gate.verify(), scope, output);
        Blackboard.read(draft, id, token);
        draft.emit(new ResultProposed(id, token, output, look, usage));
        Planning.ready(draft, id, draft.state().task(id).input());
    }

    private static Value.Struct look(
            Draft draft, TaskId id, Task.Verify verify, TaskScope scope, Value output) {
        return verify.input() == null
                ? Value.struct("input", draft.state().task(id).input(), "output", output)
                : (Value.Struct) draft.render(verify.input(), scope);
    }

    /// The one who had a second look has reported.
    private static void looked(
            Draft draft, TaskId id, long token, Value output, Value verdict, Usage usage) {
        var verify = draft.state().declaration(id).policy().gate().verify();
        var condition = verify == null ? Task.Verify.OK : verify.accept();
        var scope = draft.scope().of(id).with("output", verdict);
        if (Planning.isTrue("verify", draft.render(condition, scope))) {
            accept(draft, id, token, output, usage);
        } else {
            var failure = new Failure.Rejected("verify", reason(verdict));
            Remedies.attemptEnded(draft, token, failure, usage);
        }
    }

    private static String reason(Value verdict) {
        return verdict instanceof Value.Struct struct
                        && struct.get("reason") instanceof Value.Text(var reason)
                ? reason
                : "not verified: " + Digest.canonical(verdict);
    }

    private static void accept(Draft draft, TaskId id, long token, Value output, Usage usage) {
        var loop = draft.state().declaration(id).flow().loop();
        if (loop != null && again(draft, id, loop, output)) {
            if (draft.state().task(id).course().iterations() + 1 >= loop.max()) {
                var failure =
                        new Failure.Permanent(
                                "limit_exceeded",
                                "its loop wants more than " + loop.max() + " iterations");
                Remedies.attemptEnded(draft, token, failure, usage);
                return;
            }
            var scope = draft.scope().of(id).with("output", output);
            var input = Planning.input(draft, draft.state().declaration(id), scope);
            draft.emit(new Iterated(id, token, output, usage));
            Blackboard.read(draft, id, 0);
            Planning.present(draft, id, input);
            return;
        }
        var message = message(draft, id, output);
        var said = Choreographing.said(draft, id, output);
        Blackboard.read(draft, id, token);
        draft.emit(new ResultAccepted(id, token, output, usage));
        if (message != null) {
            draft.emit(message);
        }
        Choreographing.say(draft, id, said);
        Replanning.look(draft, id);
    }

    private static boolean again(Draft draft, TaskId id, Task.Loop loop, Value output) {
        var scope = draft.scope().of(id).with("output", output);
        return Planning.isTrue("loop", draft.render(loop.condition(), scope));
    }

    /// What the task sends now that it is done, or null.
    static @Nullable MessagePublished message(Draft draft, TaskId id, Value output) {
        var emit = draft.state().declaration(id).flow().emit();
        if (emit == null) {
            return null;
        }
        var scope = draft.scope().of(id).with("output", output);
        var data = draft.render(emit.data(), scope);
        if (emit.topic() != null) {
            var key = emit.key() == null ? null : Messages.key(draft.render(emit.key(), scope));
            return new MessagePublished(id, emit.type(), data, null, emit.topic(), key);
        }
        var to = emit.to() == null ? null : draft.render(emit.to(), scope);
        var run = draft.state().asked().run();
        if (to instanceof Value.Text(var name)) {
            run = new RunId(name);
        } else if (to != null) {
            throw new ExpressionException("not_a_run", "`emit.to` gave no id of a run");
        }
        return new MessagePublished(id, emit.type(), data, run);
    }
}
