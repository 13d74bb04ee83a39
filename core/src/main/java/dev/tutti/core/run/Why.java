package dev.tutti.core.run;

import dev.tutti.core.agent.TaskState;
import dev.tutti.core.event.Agent;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Money;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.Spend;
import dev.tutti.core.event.Tally;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Timer;
import dev.tutti.core.goal.Team;
import dev.tutti.core.people.Asked;
import dev.tutti.core.plan.Graph;
import dev.tutti.core.run.RunState.Doer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Why a task of a run is not finished: what it waits for.
public sealed interface Why {

    /// Which task; null for the run as a whole.
    @Nullable TaskId task();

    /// Other tasks must be finished first.
    record Dependencies(TaskId task, List<String> on) implements Why {}

    /// An agent must have a place for it, and the locks must be free.
    ///
    /// @param agents who can do it; empty when nobody of the team that has not had its attempts can
    /// @param kept which rules of its policy keep whom from it, in words, or null
    record Place(TaskId task, List<AgentId> agents, List<String> locks, @Nullable String kept)
            implements Why {}

    /// It was announced, and nobody has it yet.
    ///
    /// @param agents who may bid or claim
    /// @param bids how many did
    /// @param replies how many answered, bids among them
    /// @param reserve what no bid that wins is above, or null
    /// @param until when no further bids are taken, or null
    /// @param kept which rules of its policy keep whom from it, in words, or null
    record Auction(
            TaskId task,
            int round,
            boolean claimed,
            List<AgentId> agents,
            int bids,
            int replies,
            @Nullable Money reserve,
            @Nullable Instant until,
            @Nullable String kept)
            implements Why {}

    /// An agent is at it.
    ///
    /// @param until when the attempt is given up, or null
    record Working(TaskId task, AgentId agent, @Nullable Instant until) implements Why {}

    /// The pause before its next attempt.
    record Pause(TaskId task, Instant until) implements Why {}

    /// Others must give back what is set aside for them, or somebody must allow more.
    ///
    /// @param need what must be free of the budget
    /// @param left what is free
    /// @param limit which of its limits is reached, as it is called
    record Budget(TaskId task, String need, String left, String limit) implements Why {}

    /// A person must answer.
    record Person(@Nullable TaskId task, Asked asked, @Nullable Instant until) implements Why {}

    /// A message must come.
    ///
    /// @param message its type, or null when it waits for the time alone
    record Message(TaskId task, @Nullable String message, @Nullable Instant until) implements Why {}

    /// A run of its own must end.
    record Child(TaskId task, RunId run) implements Why {}

    /// The run is paused, and nothing is dispatched.
    record Paused(Instant since) implements Why {
        @Override
        public @Nullable TaskId task() {
            return null;
        }
    }

    /// Everything that keeps the run from going on, the run as a whole first, then task by task in
    /// the order of the plan. Empty when it has ended.
    static List<Why> of(RunState state, Team team) {
        var reasons = new ArrayList<Why>();
        if (state.status().isFinal() || !state.started()) {
            return reasons;
        }
        if (state.pausedAt() != null) {
            reasons.add(new Paused(state.pausedAt()));
        }
        state.questions().values().stream()
                .filter(asked -> asked.question().task() == null)
                .forEach(asked -> reasons.add(person(state, null, asked)));
        for (var name : state.graph().order()) {
            if (!state.wants(name)) {
                continue;
            }
            var node = state.graph().node(name);
            if (Carving.isHeldBack(state, name)) {
                int most = Objects.requireNonNullElse(state.ledger().cap().tasks(), 0);
                reasons.add(
                        new Budget(
                                TaskId.of(name),
                                "room for its tasks",
                                state.ledger().freeTasks(state.tasks().size()).orElse(0)
                                        + " of "
                                        + most
                                        + " tasks",
                                "tasks"));
            } else if (node.phase() == Graph.Phase.PLANNED) {
                reasons.add(
                        new Dependencies(
                                TaskId.of(name),
                                node.task().dependencies().stream()
                                        .filter(on -> !state.graph().node(on).phase().isFinal())
                                        .toList()));
            }
        }
        var place = new LinkedHashMap<String, Integer>();
        state.graph().order().forEach(name -> place.put(name, place.size()));
        state.tasks().entrySet().stream()
                .filter(task -> !task.getValue().phase().isFinal())
                .filter(task -> state.wants(task.getKey().name()))
                .sorted(
                        Comparator.comparingInt((Map.Entry<TaskId, TaskState> task) ->
                                        place.getOrDefault(task.getKey().name(), 0))
                                .thenComparingInt(task -> task.getKey().item()))
                .forEach(task -> reasons.add(live(state, team, task.getKey(), task.getValue())));
        return reasons;
    }

    private static Why live(RunState state, Team team, TaskId id, TaskState task) {
        return switch (task.phase()) {
            case READY -> place(state, team, id, task);
            case BACKING_OFF -> {
                var need = state.ledger().waiting().get(id);
                if (need != null) {
                    yield budget(state, id, need);
                }
                var until = state.timers().get(new Timer.RetryDue(id));
                yield until == null ? place(state, team, id, task) : new Pause(id, until);
            }
            case HELD -> {
                var errands = Delegating.awaited(state, task);
                if (!errands.isEmpty()) {
                    yield new Dependencies(id, errands);
                }
                var asked =
                        state.questions().values().stream()
                                .filter(one -> id.equals(one.question().task()))
                                .findFirst();
                yield asked.isPresent()
                        ? person(state, id, asked.get())
                        : place(state, team, id, task);
            }
            case ASSIGNED, WAITING -> attempt(state, id, task.token());
            case DONE, SKIPPED, FAILED ->
                    throw new IllegalStateException("task " + id + " is finished");
        };
    }

    private static Budget budget(RunState state, TaskId id, Spend need) {
        var ledger = state.ledger();
        var counted = ledger.parts().waiting().getOrDefault(id, Tally.NONE);
        if (!ledger.fits(need)) {
            boolean money =
                    ledger.freeMoney().map(free -> need.usd().compareTo(free) > 0).orElse(false);
            return new Budget(id, need.toString(), spending(state), money ? "usd" : "tokens");
        }
        int runs = ledger.freeRuns().orElse(counted.runs());
        if (runs < counted.runs()) {
            return new Budget(id, "1 run within", runs + " runs", "runs");
        }
        int tasks = ledger.freeTasks(Carving.kept(state)).orElse(counted.tasks());
        if (tasks < counted.tasks()) {
            return new Budget(id, counted.tasks() + " tasks", tasks + " tasks", "tasks");
        }
        return new Budget(
                id,
                counted.attempts() == 0 ? "1 attempt" : "2 attempts",
                ledger.freeAttempts().orElse(0) + " attempts",
                "attempts");
    }

    private static String spending(RunState state) {
        var ledger = state.ledger();
        return ledger.freeMoney().map(money -> "$" + money).orElse("")
                + (ledger.freeMoney().isPresent() && ledger.freeTokens().isPresent() ? " and " : "")
                + ledger.freeTokens().map(tokens -> tokens + " tokens").orElse("");
    }

    private static Why place(RunState state, Team team, TaskId id, TaskState task) {
        var agents = state.candidates(id, team.agents()).stream().map(Agent::id).toList();
        var kept = Rules.kept(state.declaration(id).policy().rules(), task.course().ruling());
        if (!state.auctions().holds(id)) {
            return new Place(id, agents, task.course().locks(), kept);
        }
        var round = state.auctions().round(id);
        return new Auction(
                id,
                round.round(),
                round.claimed(),
                agents,
                (int) round.replies().values().stream().filter(one -> one.bid() != null).count(),
                round.replies().size(),
                round.reserve(),
                state.timers().get(new Timer.BidsDue(round.batch())),
                kept);
    }

    private static Why attempt(RunState state, TaskId id, long token) {
        var until = state.timers().get(new Timer.AttemptDue(token));
        return switch (state.attempt(token).doer()) {
            case Doer.Agent(var agent) -> new Working(id, agent, until);
            case Doer.Child(var run) -> new Child(id, run);
            case Doer.Message(var type, _) -> new Message(id, type, until);
            case Doer.Person(_, var question) -> {
                var asked = state.questions().get(question);
                if (asked == null) {
                    throw new IllegalStateException("question " + question + " is not open");
                }
                yield person(state, id, asked);
            }
        };
    }

    private static Why person(RunState state, @Nullable TaskId id, Asked asked) {
        return new Person(
                id, asked, state.timers().get(new Timer.QuestionDue(asked.question().id())));
    }
}
