package dev.tutti.core.run;

import dev.tutti.core.agent.TaskState;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Event;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.Status;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Timer;
import dev.tutti.core.event.Usage;
import dev.tutti.core.event.Value;
import dev.tutti.core.memory.Outputs;
import dev.tutti.core.plan.Graph;
import dev.tutti.core.synthesis.FanIn;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;
import org.pcollections.PSortedMap;
import org.pcollections.TreePMap;

/// What the events of a run add up to. Immutable: [#evolve] gives the next state.
///
/// @param sequence how many events were folded
/// @param goal what is asked, or null before the run has started
/// @param graph the plan and how far each of its tasks is
/// @param tasks every task that became ready, fan-out items each on their own
/// @param fanIns the fan-outs that are under way, by task
/// @param outputs what finished tasks hand on
/// @param open the attempts under way, by token
/// @param ready how many tasks wait to be dispatched
/// @param timers what the run wants to be woken for, and when
/// @param usage what all attempts used up so far
/// @param ending how the run is going to end once it is closing, or null
/// @param output of the run, once it has ended
public record RunState(
        long sequence,
        Status status,
        @Nullable Goal goal,
        Graph graph,
        PMap<TaskId, TaskState> tasks,
        PMap<String, FanIn> fanIns,
        Outputs outputs,
        PSortedMap<Long, Open> open,
        int ready,
        PMap<Timer, Instant> timers,
        Usage usage,
        @Nullable Ending ending,
        Value output) {

    public static final RunState EMPTY =
            new RunState(
                    0,
                    Status.RUNNING,
                    null,
                    Graph.EMPTY,
                    HashTreePMap.empty(),
                    HashTreePMap.empty(),
                    Outputs.NONE,
                    TreePMap.empty(),
                    0,
                    HashTreePMap.empty(),
                    Usage.NONE,
                    null,
                    Value.NULL);

    /// What was asked for.
    ///
    /// @param team hash of the team's definition
    /// @param output the template of the run's output
    public record Goal(RunId run, String name, String team, Value.Struct inputs, Value output) {}

    /// An attempt under way.
    public record Open(TaskId task, AgentId agent) {}

    /// How a run ends.
    public record Ending(Status status, String reason, @Nullable Failure failure) {}

    public boolean started() {
        return goal != null;
    }

    /// What is asked.
    ///
    /// @throws IllegalStateException before the run has started
    public Goal asked() {
        if (goal == null) {
            throw new IllegalStateException("the run has not started");
        }
        return goal;
    }

    public TaskState task(TaskId id) {
        var task = tasks.get(id);
        if (task == null) {
            throw new IllegalStateException("task " + id + " was never ready");
        }
        return task;
    }

    /// The attempt under way that `token` names.
    public Open attempt(long token) {
        var attempt = open.get(token);
        if (attempt == null) {
            throw new IllegalStateException("attempt " + token + " is not under way");
        }
        return attempt;
    }

    /// The declaration that `id` is an instance of.
    public Task declaration(TaskId id) {
        return graph.node(id.name()).task();
    }

    /// The tasks that wait to be dispatched, in the order of the plan and of their items.
    public List<TaskId> readyTasks() {
        var place = new LinkedHashMap<String, Integer>();
        graph.order().forEach(name -> place.put(name, place.size()));
        return tasks.entrySet().stream()
                .filter(entry -> entry.getValue().phase() == TaskState.Phase.READY)
                .map(Map.Entry::getKey)
                .sorted(
                        Comparator.comparing((TaskId id) -> place.get(id.name()))
                                .thenComparingInt(TaskId::item))
                .toList();
    }

    /// When the run next wants to be woken, or empty when only others can move it.
    public Optional<Instant> nextDue() {
        return status.isFinal()
                ? Optional.empty()
                : timers.values().stream().min(Instant::compareTo);
    }

    /// The state after one more event.
    public RunState evolve(Event event) {
        return Evolution.evolve(this, event);
    }

    /// The state after all of `events`.
    public RunState evolve(Iterable<Event> events) {
        var state = this;
        for (var event : events) {
            state = state.evolve(event);
        }
        return state;
    }
}
