package dev.tutti.core.run;

import dev.tutti.core.agent.TaskState;
import dev.tutti.core.event.Event;
import dev.tutti.core.event.Event.EffectIntended;
import dev.tutti.core.event.Event.EffectRecorded;
import dev.tutti.core.event.Event.EffectWithdrawn;
import dev.tutti.core.event.Event.InputGiven;
import dev.tutti.core.event.Event.Resumed;
import dev.tutti.core.event.Event.RunStarted;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Mode;
import dev.tutti.core.event.Origin;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Timer;
import dev.tutti.core.event.Usage;
import dev.tutti.core.run.Decision.Refusal;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A run that goes on from an event of another. It takes over the other's events as they are, so
/// that what was done stays done; what was under way is begun again.
final class Forks {
    /// A run begins with its start and its plan, which only make sense together.
    private static final int PLAN = 2;

    private static final long NO_ATTEMPT = 0;

    private Forks() {}

    static void begin(Draft draft, Command.Fork fork) {
        if (!(fork.source().getFirst() instanceof RunStarted start)) {
            throw new Refusal("the run to fork has no beginning");
        }
        var prefix = prefix(fork, start);
        var keys = fork.refire() ? fork.run() : keys(start);
        draft.emit(
                new RunStarted(
                        fork.run(),
                        start.goal(),
                        start.team(),
                        start.inputs(),
                        start.output(),
                        fork.by(),
                        start.onStall(),
                        new Origin.Fork(start.run(), prefix.size(), keys, fork.reason()),
                        start.planner(),
                        start.budget(),
                        start.mode()));
        prefix.stream().skip(1).forEach(draft::copy);
        if (!fork.refire()) {
            carryOver(draft, fork.source().subList(prefix.size(), fork.source().size()));
        }
        if (draft.state().paused()) {
            draft.emit(new Resumed(Duration.ZERO, "forked"));
        }
        Budgets.begin(draft, null);
        List.copyOf(draft.state().open().keySet())
                .forEach(token ->
                        Remedies.attemptEnded(draft, token, new Failure.Interrupted(), Usage.NONE));
        List.copyOf(draft.state().fanIns().keySet()).forEach(name -> Planning.join(draft, name));
        stranded(draft);
        missing(draft);
        Choreographing.again(draft);
        if (fork.edit() != null) {
            edit(draft, fork.edit());
        }
        Auctioning.goOn(draft);
    }

    /// Before auctions that are over go on: what is edited may be what nobody wanted.
    private static void edit(Draft draft, Verb.Edit edit) {
        var ending = draft.state().ending();
        if (ending != null) {
            throw new Refusal(
                    "forked here the run ends at once, as "
                            + ending.reason()
                            + "; fork it at an earlier event to edit");
        }
        Interventions.edit(draft, edit, "edited as it was forked");
    }

    private static RunId keys(RunStarted start) {
        return start.origin() instanceof Origin.Fork earlier ? earlier.keys() : start.run();
    }

    /// The events to take over: none from where the other run began to close.
    private static List<Event> prefix(Command.Fork fork, RunStarted start) {
        if (fork.at() < 1) {
            throw new Refusal("a fork takes over at least the first event");
        }
        int at = (int) Math.min(Math.max(fork.at(), PLAN), fork.source().size());
        while (at < fork.source().size()
                && (isOfResult(fork.source().get(at))
                        || StandIns.belongs(fork.source().get(at - 1), fork.source().get(at)))) {
            at++;
        }
        for (int i = 0; i < at; i++) {
            var event = fork.source().get(i);
            if (event instanceof Event.Closing
                    || event instanceof Event.Ended
                    || (event instanceof Event.TaskFailed && start.planner() == null)) {
                return fork.source().subList(0, i);
            }
        }
        while (start.mode() == Mode.CHOREOGRAPHY
                && at < fork.source().size()
                && belongs(fork.source().get(at - 1), fork.source().get(at))) {
            at++;
        }
        return fork.source().subList(0, at);
    }

    /// Whether the second event is part of what the first one began: what is said and who takes it
    /// up is not taken over by halves.
    private static boolean belongs(Event first, Event second) {
        return first instanceof Event.ClaimLost
                || second instanceof Event.Claimed
                || second instanceof Event.MessageReceived
                || second instanceof Event.Expected
                || second instanceof Event.ExpectationMet
                || second instanceof Event.Unanswered
                || (second instanceof Event.TimerSet(var timer, _)
                        && timer instanceof Timer.AnswerDue);
    }

    /// A result and what it noted only make sense together.
    private static boolean isOfResult(Event event) {
        return event instanceof Event.NoteWritten note && note.from().name().isEmpty();
    }

    /// What the other run has done since counts as done here, and what it may have done as that. No
    /// attempt of this run was about to do it, so its token is none of this run's.
    private static void carryOver(Draft draft, List<Event> later) {
        for (var event : later) {
            if (event instanceof EffectIntended(var task, _, var name, var key)) {
                draft.emit(new EffectIntended(task, NO_ATTEMPT, name, key));
            } else if (event instanceof EffectRecorded || event instanceof EffectWithdrawn) {
                draft.emit(event);
            }
        }
    }

    /// A task whose last attempt had failed when the other run gave it up.
    private static void stranded(Draft draft) {
        for (var id : List.copyOf(draft.state().tasks().keySet())) {
            var task = draft.state().task(id);
            if (!draft.state().wants(id.name())) {
                continue;
            }
            if (task.phase() == TaskState.Phase.BACKING_OFF && !retries(draft, id)) {
                draft.emit(new InputGiven(id, task.input()));
                Planning.present(draft, id, task.input());
            } else if (task.phase() == TaskState.Phase.HELD
                    && question(draft, id) == null
                    && Delegating.awaited(draft.state(), task).isEmpty()) {
                Planning.present(draft, id, task.input());
            }
        }
    }

    /// Items of fan-outs that the other run was just about to begin.
    private static void missing(Draft draft) {
        for (var name : List.copyOf(draft.state().fanIns().keySet())) {
            var fanIn = draft.state().fanIns().get(name);
            for (int i = 0; fanIn != null && i < fanIn.width(); i++) {
                var id = new TaskId(name, i);
                if (Planning.isActive(draft, name) && !draft.state().tasks().containsKey(id)) {
                    var task = draft.state().declaration(id);
                    draft.seen();
                    var input = Planning.input(draft, task, draft.scope().of(id));
                    Blackboard.read(draft, id, 0);
                    Planning.present(draft, id, input);
                }
            }
        }
    }

    private static boolean retries(Draft draft, TaskId id) {
        return draft.state().timers().containsKey(new Timer.RetryDue(id));
    }

    private static @Nullable Long question(Draft draft, TaskId id) {
        return draft.state().questions().entrySet().stream()
                .filter(asked -> id.equals(asked.getValue().question().task()))
                .map(java.util.Map.Entry::getKey)
                .findFirst()
                .orElse(null);
    }
}
