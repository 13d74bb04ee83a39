package dev.tutti;

import dev.tutti.core.event.Event;
import dev.tutti.core.event.Status;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Usage;
import dev.tutti.core.event.Value;
import dev.tutti.core.expression.Expressions;
import dev.tutti.core.plan.Regions;
import dev.tutti.core.run.Command;
import dev.tutti.core.run.Decider;
import dev.tutti.core.run.Decision;
import dev.tutti.core.run.RunState;
import dev.tutti.core.run.Verb;
import dev.tutti.runtime.engine.Request;
import dev.tutti.runtime.engine.Runs;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/// What a verb would do to a run, had it been carried out as the run stood: nothing is done.
///
/// @param sequence how many events the run had
/// @param status what the run would be
/// @param tasks that would be touched
/// @param spent on them so far
/// @param effectsAgain what may be done again outside: those of the tasks whose outcome is not on
///   record
/// @param kept on tasks that have a result and are not touched
/// @param reused how many these are
public record Preview(
        long sequence,
        Status status,
        SequencedSet<TaskId> tasks,
        Usage spent,
        List<String> effectsAgain,
        Usage kept,
        int reused) {

    private static final int PAGE = 2_000;

    public Preview {
        tasks = Collections.unmodifiableSequencedSet(new LinkedHashSet<>(tasks));
        effectsAgain = List.copyOf(effectsAgain);
    }

    /// What a verb would do.
    ///
    /// @param expected how many events the run had when the person looked; 0 for whatever it has
    /// @throws Refusal when it makes no sense as the run stands
    public static Preview of(Tutti tutti, Run run, Verb verb, String reason, long expected) {
        return of(tutti, run, new Command.Intervene(verb, reason, expected));
    }

    /// What a message would do that a task may wait for.
    ///
    /// @throws Refusal when the run takes none
    public static Preview ofMessage(Tutti tutti, Run run, String type, Value data) {
        return of(tutti, run, new Command.Deliver("a dry run", type, data));
    }

    /// What an answer would do, by whoever asks things of the run.
    ///
    /// @throws Refusal when the question is over, or the answer is none
    public static Preview ofAnswer(Tutti tutti, Run run, Request.Answer answer) {
        return of(
                tutti,
                run,
                new Command.Answer(
                        answer.question(),
                        answer.answer(),
                        run.actor(),
                        answer.comment(),
                        answer.hash(),
                        answer.edited()));
    }

    private static Preview of(Tutti tutti, Run run, Command command) {
        var state = run.load().state();
        var decision =
                new Decider(new Expressions())
                        .decide(state, command, new Decider.Facts(Instant.now(), tutti.team(run)));
        var rejection = decision.rejection();
        if (rejection != null) {
            throw new Refusal(rejection.message());
        }
        return of(tutti, run, state, decision.after(), touched(decision));
    }

    /// What a run that goes on from an event of this one would take over and do again.
    ///
    /// @param at how many events it takes over
    /// @param refire whether what this run has done outside may be done again
    /// @param edit another input or output of a task, or null
    /// @throws Refusal when the task is not there to be edited
    public static Preview ofFork(
            Tutti tutti, Run run, long at, boolean refire, Verb.@Nullable Edit edit) {
        var state = run.load().state();
        RunState then;
        try (var reader = tutti.reader()) {
            then = Runs.load(reader, run.stream(), Math.min(at, before(tutti, run))).state();
        }
        var again = new LinkedHashSet<TaskId>();
        for (var task : state.tasks().keySet()) {
            var before = then.tasks().get(task);
            if (before == null || !before.phase().isFinal()) {
                again.add(task);
            }
        }
        if (edit != null) {
            require(tutti, run, at, edit);
            edited(then, edit).forEach(again::add);
        }
        var preview = of(tutti, run, state, then, again);
        var effects = refire ? effects(state, again, true) : preview.effectsAgain;
        return new Preview(
                then.sequence(),
                Status.RUNNING,
                again,
                preview.spent,
                effects,
                preview.kept,
                preview.reused);
    }

    /// Refuses a fork that would be refused.
    private static void require(Tutti tutti, Run run, long at, Verb.Edit edit) {
        var events = new ArrayList<Event>();
        try (var reader = tutti.reader()) {
            while (true) {
                var page = reader.read(run.stream(), events.size(), PAGE);
                page.forEach(entry -> events.add(Runs.event(entry)));
                if (page.size() < PAGE) {
                    break;
                }
            }
        }
        var rejection =
                new Decider(new Expressions())
                        .decide(
                                RunState.EMPTY,
                                new Command.Fork(run.id(), events, at, false, edit, "", ""),
                                new Decider.Facts(Instant.now(), tutti.team(run)))
                        .rejection();
        if (rejection != null) {
            throw new Refusal(rejection.message());
        }
    }

    /// The tasks that are done again since one of them is edited.
    private static List<TaskId> edited(RunState then, Verb.Edit edit) {
        var name =
                switch (edit) {
                    case Verb.EditInput(var task, _) -> task.name();
                    case Verb.EditOutput(var task, _) -> task;
                };
        var after = new LinkedHashSet<>(Regions.begunAfter(then.graph(), List.of(name)));
        if (edit instanceof Verb.EditInput) {
            after.add(name);
        }
        return then.tasks().keySet().stream().filter(task -> after.contains(task.name())).toList();
    }

    /// How many events there were before the run failed or began to close.
    private static long before(Tutti tutti, Run run) {
        long from = 0;
        try (var reader = tutti.reader()) {
            while (true) {
                var page = reader.read(run.stream(), from, PAGE);
                for (var entry : page) {
                    var event = Runs.event(entry);
                    if (event instanceof Event.Closing
                            || event instanceof Event.Ended
                            || event instanceof Event.TaskFailed) {
                        return from;
                    }
                    from = entry.sequence();
                }
                if (page.size() < PAGE) {
                    return from;
                }
            }
        }
    }

    private static Preview of(
            Tutti tutti, Run run, RunState state, RunState after, SequencedSet<TaskId> tasks) {
        var spent = Usage.NONE;
        var kept = Usage.NONE;
        var done = new LinkedHashSet<TaskId>();
        try (var reader = tutti.reader()) {
            long from = 0;
            while (from < state.sequence()) {
                var page = reader.read(run.stream(), from, PAGE);
                if (page.isEmpty()) {
                    break;
                }
                for (var entry : page) {
                    from = entry.sequence();
                    switch (Runs.event(entry)) {
                        case Event.ResultAccepted e when tasks.contains(e.task()) ->
                                spent = spent.plus(e.usage());
                        case Event.ResultAccepted e -> {
                            kept = kept.plus(e.usage());
                            done.add(e.task());
                        }
                        case Event.AttemptEnded e when tasks.contains(e.task()) ->
                                spent = spent.plus(e.usage());
                        default -> {
                            // Cost nothing.
                        }
                    }
                }
            }
        }
        return new Preview(
                state.sequence(),
                after.status(),
                tasks,
                spent,
                effects(after, tasks, false),
                kept,
                done.size());
    }

    private static List<String> effects(
            RunState state, Collection<TaskId> tasks, boolean recordedToo) {
        var effects = new ArrayList<String>();
        for (var task : tasks) {
            state.effectsOf(task)
                    .forEach((name, effect) -> {
                        if (recordedToo || effect.outcome() == null) {
                            effects.add(task + " " + name);
                        }
                    });
        }
        return effects;
    }

    private static SequencedSet<TaskId> touched(Decision decision) {
        var tasks = new LinkedHashSet<TaskId>();
        for (var step : decision.steps()) {
            switch (step.event()) {
                case Event.TasksReset e ->
                        step.before().tasks().keySet().stream()
                                .filter(id -> e.tasks().contains(id.name()))
                                .forEach(tasks::add);
                case Event.AttemptEnded e -> tasks.add(e.task());
                case Event.TaskSkipped e -> tasks.add(e.task());
                case Event.OutputGiven e -> tasks.add(e.task());
                case Event.InputGiven e -> tasks.add(e.task());
                case Event.MessageReceived e when e.task() != null -> tasks.add(e.task());
                case Event.TaskRevised e -> tasks.add(TaskId.of(e.task().name()));
                default -> {
                    // Touches no task.
                }
            }
        }
        return tasks;
    }
}
