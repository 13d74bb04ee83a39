package dev.tutti.core.run;

import dev.tutti.core.agent.TaskState;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Event.AttemptEnded;
import dev.tutti.core.event.Event.ErrandsAwaited;
import dev.tutti.core.event.Event.PlanAmended;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Passing.Delegation;
import dev.tutti.core.event.Passing.Errand;
import dev.tutti.core.event.SkillId;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.Task.Performer;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Usage;
import dev.tutti.core.event.Value;
import dev.tutti.core.run.Decision.Refusal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The agent that has a task has others do parts of it. Each part is a task of the plan like any
/// other; the attempt that waits for some ends, holds nothing, and is made anew once they are done.
public final class Delegating {
    /// More of a reason is not kept.
    private static final int MOST_WORDS = 500;

    private Delegating() {}

    // ---- asking

    /// Whom the agent of a task may have do parts of it; null where it may not, as when it looks at
    /// what another has done.
    static @Nullable Delegation delegation(RunState state, TaskId id) {
        return Blackboard.isOwn(state, id)
                        && state.declaration(id).passing() instanceof Delegation delegation
                ? delegation
                : null;
    }

    /// The task that was begun for another under a name.
    public static Optional<String> find(RunState state, TaskId by, String name) {
        var errand = new Errand(by, Blackboard.full(state, by, name));
        return of(state, by).stream()
                .filter(task -> errand.equals(task.passing()))
                .map(Task::name)
                .findFirst();
    }

    /// All that was begun for a task, in order.
    private static List<Task> of(RunState state, TaskId by) {
        return state.graph().order().stream()
                .map(name -> state.graph().node(name).task())
                .filter(task -> task.passing() instanceof Errand(var asker, _) && asker.equals(by))
                .toList();
    }

    static void delegate(Draft draft, Command.Delegate asked) {
        var state = draft.state();
        var open = state.attempt(asked.token());
        var id = open.task();
        var delegation = delegation(state, id);
        var agent = open.agent();
        if (delegation == null || agent == null || !state.wants(id.name())) {
            throw new Refusal("task `" + id.name() + "` may not delegate: it has no `delegate`");
        }
        if (find(state, id, asked.name()).isPresent()) {
            return;
        }
        if (!delegation.to().contains(asked.to())) {
            throw new Refusal(
                    "`"
                            + asked.to()
                            + "` is not among those that task `"
                            + id.name()
                            + "` may delegate to: "
                            + String.join(", ", delegation.to()));
        }
        if (of(state, id).size() >= delegation.max()) {
            throw new Refusal(
                    "it has delegated "
                            + delegation.max()
                            + " times, and `delegate.max` is "
                            + delegation.max());
        }
        var errand = errand(draft, id, asked);
        var amended =
                new PlanAmended(
                        state.graph().version(), agent.value(), words(asked), List.of(errand));
        var faults = Replanning.faults(draft, null, amended.amendment());
        if (!faults.isEmpty()) {
            throw new Refusal(String.join("; ", faults));
        }
        draft.emit(amended);
    }

    private static Task errand(Draft draft, TaskId by, Command.Delegate asked) {
        var skill = new SkillId(asked.to());
        var team = draft.facts().team();
        boolean isSkill =
                team.skills().stream().anyMatch(one -> one.id().equals(skill))
                        || team.agents().stream().anyMatch(agent -> agent.skills().contains(skill));
        var performer =
                isSkill
                        ? new Performer.BySkill(skill)
                        : new Performer.ByAgent(new AgentId(asked.to()));
        return new Task(
                free(draft.state(), by.name()),
                performer,
                (Value.Struct) literal(asked.input()),
                List.of(),
                Task.Flow.ONCE,
                Task.Policy.DEFAULT.withLadder(Task.Remedy.SKIP),
                null,
                null,
                false,
                new Errand(by, Blackboard.full(draft.state(), by, asked.name())));
    }

    private static String free(RunState state, String base) {
        int number = 1;
        while (state.graph().find(base + "_" + number) != null) {
            number++;
        }
        return base + "_" + number;
    }

    /// What an agent says is no expression, whatever it looks like.
    private static Value literal(Value value) {
        return switch (value) {
            case Value.Text(var text) -> Value.text(text.replace("${", "$${"));
            case Value.Array(var items) ->
                    new Value.Array(items.stream().map(Delegating::literal).toList());
            case Value.Struct struct -> {
                var fields = new LinkedHashMap<String, Value>();
                struct.fields().forEach((name, field) -> fields.put(name, literal(field)));
                yield new Value.Struct(fields);
            }
            case Value.Null _, Value.Bool _, Value.Int _, Value.Real _ -> value;
        };
    }

    private static String words(Command.Delegate asked) {
        var reason = asked.reason().isBlank() ? "it was asked for" : asked.reason();
        return HandOffs.cut(reason, MOST_WORDS);
    }

    // ---- waiting

    /// An attempt ends until others are done. Where they are by now, the next one begins at once.
    static void await(Draft draft, Command.AwaitErrands awaited) {
        var id = draft.state().attempt(awaited.token()).task();
        var own = new ArrayList<String>();
        of(draft.state(), id).forEach(task -> own.add(task.name()));
        awaited.artifacts().forEach(draft::emit);
        if (awaited.errands().isEmpty() || !own.containsAll(awaited.errands())) {
            Remedies.attemptEnded(
                    draft,
                    awaited.token(),
                    new Failure.Permanent(
                            "not_delegated",
                            "it waits for tasks that it has not asked for: "
                                    + String.join(", ", awaited.errands())),
                    Usage.NONE);
            return;
        }
        var agent = draft.state().attempt(awaited.token()).agent();
        draft.emit(
                new AttemptEnded(
                        id,
                        awaited.token(),
                        new Failure.Suspended(
                                "not over are " + String.join(", ", awaited.errands())),
                        Usage.NONE));
        if (!draft.state().wants(id.name())) {
            return;
        }
        if (Remedies.isUnknown(draft, id, agent)) {
            Questions.unknown(draft, id, "the attempt ended to wait for others");
            return;
        }
        draft.emit(new ErrandsAwaited(id, awaited.token(), awaited.errands()));
        goOn(draft, id);
    }

    /// A task is over: the one that waits for it may go on, and what it has itself asked for is
    /// given up where it came to nothing.
    static void finished(Draft draft, TaskId id) {
        var passing = draft.state().declaration(id).passing();
        if (passing instanceof Errand(var by, _)) {
            goOn(draft, by);
        } else if (passing instanceof Delegation && cameToNothing(draft.state(), id)) {
            for (var task : of(draft.state(), id)) {
                Endings.giveUp(draft, task.name(), "`" + id + "`, which it is for, is over");
            }
        }
    }

    private static boolean cameToNothing(RunState state, TaskId id) {
        var task = state.tasks().get(id);
        return task == null || task.phase() != TaskState.Phase.DONE;
    }

    /// Where people are asked how it goes on, since its time is over, they say.
    private static void goOn(Draft draft, TaskId id) {
        var state = draft.state();
        var task = state.tasks().get(id);
        boolean asked =
                state.questions().values().stream()
                        .anyMatch(one -> id.equals(one.question().task()));
        if (task == null
                || task.phase() != TaskState.Phase.HELD
                || !state.wants(id.name())
                || asked) {
            return;
        }
        var awaits = task.continuation().awaits();
        if (!awaits.isEmpty()
                && awaits.stream()
                        .allMatch(errand -> state.graph().node(errand).phase().isFinal())) {
            Planning.again(draft, id);
        }
    }

    /// The tasks that a task waits for, as its agent has asked for them.
    static List<String> awaited(RunState state, TaskState task) {
        return task.phase() != TaskState.Phase.HELD
                ? List.of()
                : task.continuation().awaits().stream()
                        .filter(errand -> !state.graph().node(errand).phase().isFinal())
                        .toList();
    }
}
