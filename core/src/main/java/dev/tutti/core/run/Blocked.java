package dev.tutti.core.run;

import dev.tutti.core.agent.TaskState;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.Task.Performer;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Value;
import dev.tutti.core.expression.ExpressionException;
import dev.tutti.core.expression.Expressions;
import dev.tutti.core.plan.Graph;
import dev.tutti.core.run.RunState.Doer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A run that only others can move, as far as the journal tells: no agent is at work for it, nobody
/// is asked, and no timer runs.
///
/// @param needs what its tasks wait for; one of them is enough to go on
/// @param owed what it would send to others if it went on
public record Blocked(RunId run, List<Need> needs, List<Owed> owed) {
    public Blocked {
        needs = List.copyOf(needs);
        owed = List.copyOf(owed);
    }

    /// What one task waits for, all of it.
    public record Need(TaskId task, List<Link> links) {
        public Need {
            links = List.copyOf(links);
        }
    }

    /// One thing that a task waits for.
    public sealed interface Link {
        /// A run that it began.
        record OnRun(RunId run) implements Link {}

        /// A lock.
        ///
        /// @param holder who has it, or null when it is free
        record OnLock(String lock, Deadlocks.@Nullable Holder holder) implements Link {}

        record OnMessage(String type) implements Link {}

        /// No agent of the team can do it.
        record OnNobody() implements Link {}
    }

    /// A message that a task of a run is to send.
    ///
    /// @param gone whether the run has ended without sending it
    public record Owed(RunId from, String task, String type, RunId to, boolean gone) {}

    /// Whether the run waits for nothing but others, seen from outside: cheap, and true for some
    /// that can go on.
    public static boolean mayBe(RunState state) {
        return state.started()
                && !state.status().isFinal()
                && !state.paused()
                && state.ending() == null
                && !state.isAwakened()
                && state.questions().isEmpty()
                && state.counts().live() > 0
                && state.open().values().stream()
                        .noneMatch(open -> open.doer() instanceof Doer.Agent);
    }

    /// Whether a run can be part of a circle at all: it waits for runs, or for places, or has
    /// messages to send.
    public static boolean mayBeInACircle(RunState state) {
        return state.ready() > 0
                || owes(state)
                || state.open().values().stream()
                        .anyMatch(open -> open.doer() instanceof Doer.Child)
                || state.graph().nodes().values().stream()
                        .anyMatch(node ->
                                node.task().performer() instanceof Performer.ByWorkflow
                                        && !node.phase().isFinal());
    }

    /// Whether a task of the run has a message to send that it has not sent.
    public static boolean owes(RunState state) {
        return state.graph().nodes().values().stream()
                .anyMatch(node -> sends(node.task()) && !node.phase().isFinal());
    }

    /// What is published is owed to nobody.
    private static boolean sends(Task task) {
        var emit = task.flow().emit();
        return emit != null && emit.topic() == null;
    }

    static Blocked of(RunState state, Deadlocks.World world, Expressions expressions) {
        var needs = new ArrayList<Need>();
        state.open()
                .values()
                .forEach(open -> {
                    switch (open.doer()) {
                        case Doer.Child(var run) ->
                                needs.add(new Need(open.task(), List.of(new Link.OnRun(run))));
                        case Doer.Message(var type, var topic) ->
                                needs.add(
                                        new Need(
                                                open.task(),
                                                type == null || topic != null
                                                        ? List.of()
                                                        : List.of(new Link.OnMessage(type))));
                        case Doer.Agent _, Doer.Person _ ->
                                needs.add(new Need(open.task(), List.of()));
                    }
                });
        for (var id : state.readyTasks()) {
            needs.add(new Need(id, links(state, id, state.task(id), world)));
        }
        return new Blocked(state.asked().run(), needs, owed(state, expressions, false));
    }

    private static List<Link> links(
            RunState state, TaskId id, TaskState task, Deadlocks.World world) {
        var links = new ArrayList<Link>();
        for (var lock : task.course().locks()) {
            links.add(new Link.OnLock(lock, world.holder(lock).orElse(null)));
        }
        if (nobody(state, id, world)) {
            links.add(new Link.OnNobody());
        }
        return links;
    }

    private static boolean nobody(RunState state, TaskId id, Deadlocks.World world) {
        return !(state.performer(id) instanceof Performer.ByWorkflow)
                && state.candidates(id, world.team(state.asked().team()).agents()).isEmpty();
    }

    /// The other runs that it waits for, and those that may wait for it.
    Set<RunId> others() {
        var others = new LinkedHashSet<RunId>();
        for (var need : needs) {
            for (var link : need.links()) {
                switch (link) {
                    case Link.OnRun(var child) -> others.add(child);
                    case Link.OnLock(_, var holder) -> {
                        if (holder != null) {
                            others.add(holder.run());
                        }
                    }
                    case Link.OnMessage _, Link.OnNobody _ -> {}
                }
            }
        }
        owed.forEach(one -> others.add(one.to()));
        return others;
    }

    /// The messages that a run is to send.
    static List<Owed> owed(RunState state, Expressions expressions) {
        return owed(state, expressions, false);
    }

    /// The messages that a run was to send and, as it has ended, never will.
    static List<Owed> unsent(RunState ended, Expressions expressions) {
        return owed(ended, expressions, true);
    }

    private static List<Owed> owed(RunState state, Expressions expressions, boolean gone) {
        var owed = new ArrayList<Owed>();
        var scope = new TaskScope(new Draft(state, expressions, new Decider.Facts(Instant.EPOCH)));
        for (var name : state.graph().order()) {
            var node = state.graph().node(name);
            var emit = node.task().flow().emit();
            boolean sends = gone ? node.phase() != Graph.Phase.DONE : !node.phase().isFinal();
            if (emit == null || emit.topic() != null || !sends) {
                continue;
            }
            var to = to(state, emit.to(), expressions, scope);
            if (to != null) {
                owed.add(new Owed(state.asked().run(), name, emit.type(), to, gone));
            }
        }
        return owed;
    }

    /// Whom a message is for, or null while that is not known.
    private static @Nullable RunId to(
            RunState state, @Nullable String to, Expressions expressions, TaskScope scope) {
        if (to == null) {
            return state.asked().run();
        }
        try {
            return expressions.render(to, scope) instanceof Value.Text(var name) && !name.isEmpty()
                    ? new RunId(name)
                    : null;
        } catch (ExpressionException | IllegalArgumentException _) {
            return null;
        }
    }
}
