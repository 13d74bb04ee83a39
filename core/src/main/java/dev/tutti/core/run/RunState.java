package dev.tutti.core.run;

import dev.tutti.core.agent.TaskState;
import dev.tutti.core.budget.Ledger;
import dev.tutti.core.choreography.Board;
import dev.tutti.core.dispatch.Auctions;
import dev.tutti.core.dispatch.Match;
import dev.tutti.core.event.Agent;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Event;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Mode;
import dev.tutti.core.event.Origin;
import dev.tutti.core.event.Passing;
import dev.tutti.core.event.Planner;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.Status;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Timer;
import dev.tutti.core.event.Usage;
import dev.tutti.core.event.Value;
import dev.tutti.core.memory.Notes;
import dev.tutti.core.memory.Outputs;
import dev.tutti.core.people.Asked;
import dev.tutti.core.plan.Graph;
import dev.tutti.core.plan.Progress;
import dev.tutti.core.synthesis.FanIn;
import java.time.Duration;
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
import org.pcollections.PVector;
import org.pcollections.TreePMap;
import org.pcollections.TreePVector;

/// What the events of a run add up to. Immutable: [#evolve] gives the next state.
///
/// @param sequence how many events were folded
/// @param status waiting while nothing but people can move it
/// @param pausedAt since when it is paused, or null
/// @param goal what is asked, or null before the run has started
/// @param graph the plan and how far each of its tasks is
/// @param progress how the planning of it goes
/// @param tasks every task that has begun, fan-out items each on their own
/// @param counts how many of them are where
/// @param fanIns the fan-outs that are under way, by task
/// @param outputs what finished tasks hand on
/// @param open the attempts under way, by token
/// @param effects what attempts did outside or were about to, by task and name
/// @param questions what people are asked, by id
/// @param mailbox messages that wait for a task to take them
/// @param board what became of the messages, where it is choreographed
/// @param timers what the run wants to be woken for, and when
/// @param usage what all attempts used up so far
/// @param ledger what is set aside and spent of the budget
/// @param ending how the run is going to end once it is closing, or null
/// @param output of the run, once it has ended
/// @param auctions the tasks that its agents give away among themselves
/// @param notes what tasks share beside their outputs
public record RunState(
        long sequence,
        Status status,
        @Nullable Instant pausedAt,
        @Nullable Goal goal,
        Graph graph,
        Progress progress,
        PMap<TaskId, TaskState> tasks,
        Counts counts,
        PMap<String, FanIn> fanIns,
        Outputs outputs,
        PSortedMap<Long, Open> open,
        PMap<TaskId, PMap<String, Effect>> effects,
        PSortedMap<Long, Asked> questions,
        PVector<Letter> mailbox,
        Board board,
        PMap<Timer, Instant> timers,
        Usage usage,
        Ledger ledger,
        @Nullable Ending ending,
        Value output,
        Auctions auctions,
        Notes notes) {

    public static final RunState EMPTY =
            new RunState(
                    0,
                    Status.RUNNING,
                    null,
                    null,
                    Graph.EMPTY,
                    Progress.NONE,
                    HashTreePMap.empty(),
                    Counts.NONE,
                    HashTreePMap.empty(),
                    Outputs.NONE,
                    TreePMap.empty(),
                    HashTreePMap.empty(),
                    TreePMap.empty(),
                    TreePVector.empty(),
                    Board.EMPTY,
                    HashTreePMap.empty(),
                    Usage.NONE,
                    Ledger.NONE,
                    null,
                    Value.NULL,
                    Auctions.NONE,
                    Notes.NONE);

    /// What was asked for.
    ///
    /// @param team hash of the team's definition
    /// @param by who asked
    /// @param onStall what happens when nothing moves the run any more
    /// @param origin what the run came from, or null
    /// @param planner who amends the plan, or null
    /// @param mode who says what it does next
    public record Goal(
            RunId run,
            String name,
            String team,
            Value.Struct inputs,
            Value output,
            String by,
            Task.Remedy onStall,
            @Nullable Origin origin,
            @Nullable Planner planner,
            Mode mode) {

        /// The run whose name the keys of effects bear.
        RunId keys() {
            return origin instanceof Origin.Fork fork ? fork.keys() : run;
        }

        /// How many runs are above this one.
        int depth() {
            return origin instanceof Origin.Child child ? child.depth() : 0;
        }
    }

    /// How many tasks are where.
    ///
    /// @param live begun and not finished
    /// @param ready of them, waiting to be dispatched
    /// @param still of them, moved by people or messages only
    public record Counts(int live, int ready, int still) {
        static final Counts NONE = new Counts(0, 0, 0);

        Counts plus(@Nullable TaskState task, int sign) {
            if (task == null || task.phase().isFinal()) {
                return this;
            }
            int isReady = task.phase() == TaskState.Phase.READY ? sign : 0;
            boolean isStill =
                    task.phase() == TaskState.Phase.HELD || task.phase() == TaskState.Phase.WAITING;
            return new Counts(live + sign, ready + isReady, still + (isStill ? sign : 0));
        }
    }

    /// An attempt under way.
    ///
    /// @param idle how long it may be silent, or null
    public record Open(TaskId task, Doer doer, @Nullable Duration idle) {

        /// The agent at it, or null.
        public @Nullable AgentId agent() {
            return switch (doer) {
                case Doer.Agent(var id) -> id;
                case Doer.Person(var id, _) -> id;
                case Doer.Child _, Doer.Message _ -> null;
            };
        }
    }

    /// Who is to finish an attempt.
    public sealed interface Doer {
        /// An executor in some process.
        record Agent(AgentId id) implements Doer {}

        /// A person, by answering.
        record Person(AgentId id, long question) implements Doer {}

        /// A run of its own.
        record Child(RunId run) implements Doer {}

        /// A message, or the end of its time.
        ///
        /// @param topic where it is published, or null when it is sent to the run
        record Message(@Nullable String type, @Nullable String topic) implements Doer {}
    }

    /// Something done outside, or about to be.
    ///
    /// @param token the latest attempt that was about to do it
    /// @param outcome what it came to, or null while that is not known
    /// @param doubtful whether an earlier attempt was about to do it too, and may have
    public record Effect(String key, long token, @Nullable Value outcome, boolean doubtful) {}

    /// A message that waits for a task to take it; where the run is choreographed, one that all may
    /// read.
    public record Letter(String id, String type, Value data) {}

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

    /// Whether nobody directs it, and agents take up what they hear of.
    public boolean choreographed() {
        return goal != null && goal.mode() == Mode.CHOREOGRAPHY;
    }

    /// Whether it has asked to be woken for something else than the end of its time, which moves
    /// nothing.
    public boolean isAwakened() {
        return timers.keySet().stream()
                .anyMatch(timer ->
                        !(timer instanceof Timer.BudgetDue || timer instanceof Timer.AlarmDue));
    }

    /// When its time is over; empty where nobody limits it, or where the run has ended. While it is
    /// paused, when it would be if it went on at once is later by the pause.
    public Optional<Instant> deadline() {
        return Optional.ofNullable(timers.get(new Timer.BudgetDue()));
    }

    /// How much of its time is left, none at least. It does not run while the run is paused.
    public Optional<Duration> timeLeft(Instant now) {
        var at = pausedAt == null ? now : pausedAt;
        return deadline().map(due -> due.isBefore(at) ? Duration.ZERO : Duration.between(at, due));
    }

    public boolean paused() {
        return pausedAt != null;
    }

    /// How many tasks wait to be dispatched.
    public int ready() {
        return counts.ready();
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

    /// The effects of a task, by name.
    public PMap<String, Effect> effectsOf(TaskId task) {
        return effects.getOrDefault(task, HashTreePMap.empty());
    }

    /// The template of the run's output, as the plan stands.
    public Value outputTemplate() {
        return progress.output() == null ? asked().output() : progress.output();
    }

    /// The declaration that `id` is an instance of.
    public Task declaration(TaskId id) {
        return graph.node(id.name()).task();
    }

    /// Who is to make the next attempt at a task: whoever it declares, or the one who has a second
    /// look at its result.
    public Task.Performer performer(TaskId id) {
        var declared = declaration(id);
        if (decides(id)) {
            return Synthesizing.judge(this, id);
        }
        var verify = declared.policy().gate().verify();
        var known = tasks.get(id);
        if (verify != null && known != null && known.course().proposal() != null) {
            return verify.performer();
        }
        var holder = holder(id);
        boolean asAnyone =
                declared.performer() instanceof Task.Performer.BySkill
                        && !(declared.passing() instanceof Passing.Group group
                                && group.moderator() != null
                                && group.moderator().equals(holder));
        return holder == null || asAnyone
                ? declared.performer()
                : new Task.Performer.ByAgent(holder);
    }

    /// Who alone may make the next attempt at a task, since it was handed over to them or it is
    /// their turn; null where that is open.
    public @Nullable AgentId holder(TaskId id) {
        return Passed.holder(this, id);
    }

    /// The agents that may make the next attempt at a task.
    public List<Agent> candidates(TaskId id, List<Agent> agents) {
        var ruling = task(id).course().ruling();
        return eligible(id, agents).stream().filter(agent -> !ruling.denies(agent.id())).toList();
    }

    /// Those that may by everything but the rules of the task's policy, whether it has begun or
    /// not.
    List<Agent> eligible(TaskId id, List<Agent> agents) {
        var holder = holder(id);
        var known = tasks.get(id);
        var excluded = known == null ? List.<AgentId>of() : known.course().excluded();
        return Match.capable(agents, performer(id)).stream()
                .filter(agent -> holder == null || agent.id().equals(holder))
                .filter(agent -> !excluded.contains(agent.id()))
                .toList();
    }

    /// Whether it is no item of a fan-out, but one who decides between their results, or who
    /// answers once more after having been told of them.
    public boolean decides(TaskId id) {
        var fanIn = fanIns.get(id.name());
        return fanIn != null && fanIn.decides(id.item());
    }

    /// Whether it answers once more after having been told of the others' answers.
    public boolean debates(TaskId id) {
        var fanIn = fanIns.get(id.name());
        return fanIn != null && fanIn.debates(id.item());
    }

    /// The item of a fan-out that an item is, or speaks for once more.
    TaskId speaker(TaskId id) {
        var fanIn = fanIns.get(id.name());
        return fanIn != null && fanIn.debates(id.item())
                ? new TaskId(id.name(), id.item() % fanIn.width())
                : id;
    }

    /// Whether the task may still begin something: while the run is closing, only those that take
    /// something back.
    public boolean wants(String task) {
        return !status.isFinal() && (ending == null || graph.node(task).task().undoes() != null);
    }

    /// The tasks that wait to be dispatched, in the order of the plan and of their items.
    public List<TaskId> readyTasks() {
        if (counts.ready() == 0) {
            return List.of();
        }
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
        return status.isFinal() || paused()
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
