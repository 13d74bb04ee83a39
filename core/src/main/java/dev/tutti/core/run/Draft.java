package dev.tutti.core.run;

import dev.tutti.core.event.Event;
import dev.tutti.core.event.NoteRef;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Usage;
import dev.tutti.core.event.Value;
import dev.tutti.core.expression.ExpressionException;
import dev.tutti.core.expression.Expressions;
import dev.tutti.core.plan.Graph;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/// The events of one decision while it is being made, the state that they lead to, what it is made
/// with, and the tasks of the plan that it may have set free.
final class Draft {
    private final Expressions expressions;
    private final Decider.Facts facts;
    private final List<Decision.Step> steps = new ArrayList<>();
    private final Deque<String> toLookAt = new ArrayDeque<>();
    private final long began;
    private final SequencedSet<NoteRef> seen = new LinkedHashSet<>();
    private Value rendering = Value.NULL;
    private RunState state;

    Draft(RunState state, Expressions expressions, Decider.Facts facts) {
        this.state = state;
        began = state.sequence();
        this.expressions = expressions;
        this.facts = facts;
    }

    /// Adds an event. One that ends an attempt bears what its steps used up, whatever it ends by.
    /// One that is the result of a task writes its notes as well.
    void emit(Event event) {
        var notes = notes(event);
        var finished = add(withSteps(event), false);
        notes.forEach(note -> add(note, false));
        if (finished != null && finished.item() != TaskId.WHOLE) {
            Planning.join(this, finished.name());
        }
        if (finished != null) {
            Delegating.finished(this, finished);
        }
    }

    private List<Event.NoteWritten> notes(Event event) {
        if (event instanceof Event.ResultAccepted(var task, var token, var output, _)) {
            return Blackboard.written(this, task, token, output);
        }
        if (!(event instanceof Event.OutputGiven(var task, var output))) {
            return List.of();
        }
        try {
            return Blackboard.written(this, task, 0, output);
        } catch (ExpressionException | Blackboard.Conflict e) {
            throw new Decision.Refusal(
                    "what task `" + task + "` notes cannot be made of that: " + e.getMessage());
        }
    }

    private Event withSteps(Event event) {
        return switch (event) {
            case Event.PlanProposed(var task, var token, var amendment, var proposal, var usage) ->
                    new Event.PlanProposed(
                            task, token, amendment, proposal, withSteps(token, usage));
            case Event.AttemptEnded(var task, var token, var failure, var usage) ->
                    new Event.AttemptEnded(task, token, failure, withSteps(token, usage));
            case Event.ResultProposed(var task, var token, var output, var look, var usage) ->
                    new Event.ResultProposed(task, token, output, look, withSteps(token, usage));
            case Event.Iterated(var task, var token, var output, var usage, var next) ->
                    new Event.Iterated(task, token, output, withSteps(token, usage), next);
            case Event.HandedOver(
                            var task,
                            var token,
                            var from,
                            var to,
                            var what,
                            var reason,
                            var usage) ->
                    new Event.HandedOver(
                            task, token, from, to, what, reason, withSteps(token, usage));
            case Event.ResultAccepted(var task, var token, var output, var usage) ->
                    new Event.ResultAccepted(task, token, output, withSteps(token, usage));
            default -> event;
        };
    }

    private Usage withSteps(long token, Usage usage) {
        var attempt = state.open().get(token);
        return attempt != null && attempt.doer() instanceof RunState.Doer.Person
                ? usage
                : usage.plus(facts.spent().apply(token));
    }

    /// Takes over what another run decided: what followed from it there comes as events of its own.
    void copy(Event event) {
        add(event, true);
    }

    /// Returns the task that the event finishes, or null.
    private @Nullable TaskId add(Event event, boolean takenOver) {
        steps.add(new Decision.Step(state, event, takenOver));
        state = state.evolve(event);
        return switch (event) {
            case Event.PlanAmended e -> {
                e.tasks().forEach(task -> toLookAt.add(task.name()));
                e.amendment().drops().forEach(this::lookAtDependentsOf);
                yield null;
            }
            case Event.TasksReset e -> {
                toLookAt.addAll(e.tasks());
                yield null;
            }
            case Event.Joined e -> {
                lookAtDependentsOf(e.task());
                yield null;
            }
            case Event.PartReturned _, Event.BudgetRaised _ -> {
                if (state.ledger().cap().tasks() != null) {
                    lookAtPlanned();
                }
                yield null;
            }
            case Event.TaskFailed e -> e.task();
            case Event.TaskSkipped e -> finished(e.task());
            case Event.ResultAccepted e -> finished(e.task());
            case Event.OutputGiven e -> finished(e.task());
            case Event.RunStarted _,
                    Event.Paused _,
                    Event.Resumed _,
                    Event.Intervened _,
                    Event.Stalled _,
                    Event.Closing _,
                    Event.Ended _,
                    Event.Refused _,
                    Event.PlanProposed _,
                    Event.TaskRevised _,
                    Event.FannedOut _,
                    Event.Dissented _,
                    Event.Debated _,
                    Event.TaskHeld _,
                    Event.TaskReady _,
                    Event.InputGiven _,
                    Event.Announced _,
                    Event.BidPlaced _,
                    Event.BidDeclined _,
                    Event.TaskClaimed _,
                    Event.Assigned _,
                    Event.ChildStarted _,
                    Event.Awaited _,
                    Event.Rerouted _,
                    Event.HandedOver _,
                    Event.ErrandsAwaited _,
                    Event.BudgetShort _,
                    Event.TooDear _,
                    Event.BudgetAlarm _,
                    Event.Settled _,
                    Event.EffectIntended _,
                    Event.EffectRecorded _,
                    Event.EffectWithdrawn _,
                    Event.AttemptEnded _,
                    Event.ResultProposed _,
                    Event.ArtifactStored _,
                    Event.NoteWritten _,
                    Event.NoteRead _,
                    Event.ContextAssembled _,
                    Event.Iterated _,
                    Event.QuestionAsked _,
                    Event.QuestionHandedOn _,
                    Event.QuestionReminded _,
                    Event.QuestionAnswered _,
                    Event.QuestionClosed _,
                    Event.MessageReceived _,
                    Event.MessagePublished _,
                    Event.Claimed _,
                    Event.Declined _,
                    Event.ClaimLost _,
                    Event.Unanswered _,
                    Event.Expected _,
                    Event.ExpectationMet _,
                    Event.TimerSet _,
                    Event.TimerFired _ ->
                    null;
        };
    }

    private TaskId finished(TaskId task) {
        if (task.item() == TaskId.WHOLE) {
            lookAtDependentsOf(task.name());
        }
        return task;
    }

    private void lookAtDependentsOf(String name) {
        toLookAt.addAll(state.graph().dependentsOf(name));
    }

    /// There may be room now for tasks that there was none for.
    private void lookAtPlanned() {
        for (var name : state.graph().order()) {
            if (state.graph().node(name).phase() == Graph.Phase.PLANNED) {
                toLookAt.add(name);
            }
        }
    }

    /// The next task of the plan that may have become free to run, or null.
    @Nullable String next() {
        return toLookAt.poll();
    }

    RunState state() {
        return state;
    }

    Expressions expressions() {
        return expressions;
    }

    Decider.Facts facts() {
        return facts;
    }

    Instant now() {
        return facts.now();
    }

    /// The value of a template, seen from `scope`.
    Value render(Value template, TaskScope scope) {
        var around = rendering;
        rendering = template;
        try {
            return expressions.render(template, scope);
        } finally {
            rendering = around;
        }
    }

    Value render(String template, TaskScope scope) {
        return render((Value) Value.text(template), scope);
    }

    /// Whether the template names none but these variables.
    boolean tells(String template, List<String> variables) {
        return expressions.references(template).stream()
                .allMatch(one -> variables.contains(one.variable()));
    }

    /// The notes that the template named which is being rendered.
    Value.Struct notes() {
        return Blackboard.view(this, rendering);
    }

    /// An expression has named a version of a note.
    void saw(NoteRef ref) {
        seen.add(ref);
    }

    /// What expressions have named since this was last asked.
    List<NoteRef> seen() {
        var refs = List.copyOf(seen);
        seen.clear();
        return refs;
    }

    /// A goal in words, seen before the run has started.
    String words(String goal, Value.Struct inputs) {
        var value = expressions.render(goal, variable -> variable.equals("input") ? inputs : null);
        return value instanceof Value.Text(var text) ? text : Digest.canonical(value);
    }

    /// What expressions of the plan see.
    TaskScope scope() {
        return new TaskScope(this);
    }

    /// The sequence number of the last event before this decision.
    long began() {
        return began;
    }

    /// The sequence number that the next event will have.
    long nextSequence() {
        return state.sequence() + 1;
    }

    /// Whether a task began or ended by what was decided.
    boolean hasMoved() {
        return steps.stream()
                .map(Decision.Step::event)
                .anyMatch(event ->
                        event instanceof Event.Assigned
                                || event instanceof Event.ChildStarted
                                || event instanceof Event.ResultAccepted
                                || event instanceof Event.OutputGiven);
    }

    Decision done() {
        return new Decision(steps, state, null);
    }
}
