package dev.tutti.view;

import dev.tutti.core.agent.TaskState;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Event.Resolved;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Position;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.Usage;
import dev.tutti.core.event.Value;
import dev.tutti.core.plan.Graph;
import dev.tutti.core.run.RunState;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One task of the plan as people look at it: a fan-out is one line with counts. Changed only by
/// the [Overview] that it is part of.
public final class TaskOverview {
    private final Task task;
    private final Map<TaskState.Phase, Integer> counts = new EnumMap<>(TaskState.Phase.class);
    private final Map<AgentId, Integer> agents = new LinkedHashMap<>();
    Graph.Phase phase = Graph.Phase.PLANNED;
    boolean runEnded;
    int width = -1;
    int attempts;
    Usage usage = Usage.NONE;
    @Nullable Instant begunAt;
    @Nullable Instant endedAt;
    @Nullable Failure failure;
    @Nullable Value output;
    String skipped = "";
    List<Position> dissent = List.of();
    @Nullable Resolved resolved;
    @Nullable StandIn standIn;

    /// An output that somebody had stand in for its work as the run began.
    ///
    /// @param from the run that gave it, or null where a person wrote it
    /// @param by who began the run so
    public record StandIn(@Nullable String from, String by) {}

    TaskOverview(Task task) {
        this.task = task;
    }

    TaskOverview copy() {
        var copy = new TaskOverview(task);
        copy.counts.putAll(counts);
        copy.agents.putAll(agents);
        copy.phase = phase;
        copy.runEnded = runEnded;
        copy.width = width;
        copy.attempts = attempts;
        copy.usage = usage;
        copy.begunAt = begunAt;
        copy.endedAt = endedAt;
        copy.failure = failure;
        copy.output = output;
        copy.skipped = skipped;
        copy.standIn = standIn;
        return copy;
    }

    void moved(@Nullable TaskState before, @Nullable TaskState after) {
        if (before != null) {
            counts.merge(before.phase(), -1, Integer::sum);
        }
        if (after != null) {
            counts.merge(after.phase(), 1, Integer::sum);
        }
    }

    /// Counts anew how many of its items are where.
    void recount(RunState state) {
        counts.clear();
        state.tasks()
                .forEach((id, one) -> {
                    if (id.name().equals(task.name())) {
                        counts.merge(one.phase(), 1, Integer::sum);
                    }
                });
    }

    void assigned(AgentId agent, Instant at) {
        agents.merge(agent, 1, Integer::sum);
        begun(at);
    }

    void begun(Instant at) {
        attempts++;
        if (begunAt == null) {
            begunAt = at;
        }
    }

    public String name() {
        return task.name();
    }

    public Task task() {
        return task;
    }

    public Standing standing() {
        return switch (phase) {
            case PLANNED -> runEnded ? Standing.NOT_RUN : Standing.WAITING;
            case DONE -> Standing.SUCCEEDED;
            case SKIPPED -> Standing.SKIPPED;
            case FAILED, REPLACED -> Standing.FAILED;
            case ACTIVE -> active();
        };
    }

    private Standing active() {
        if (runEnded) {
            return Standing.CANCELLED;
        }
        if (count(TaskState.Phase.ASSIGNED) > 0) {
            return Standing.RUNNING;
        }
        if (count(TaskState.Phase.HELD) + count(TaskState.Phase.WAITING) > 0
                && count(TaskState.Phase.READY) + count(TaskState.Phase.BACKING_OFF) == 0) {
            return Standing.HELD;
        }
        return count(TaskState.Phase.BACKING_OFF) > 0 && count(TaskState.Phase.READY) == 0
                ? Standing.BACKING_OFF
                : Standing.READY;
    }

    public boolean isFanOut() {
        return task.each() != null;
    }

    /// How many items the fan-out has, once that is known; 1 for a task that runs once.
    public Optional<Integer> items() {
        return isFanOut() ? (width < 0 ? Optional.empty() : Optional.of(width)) : Optional.of(1);
    }

    /// How many items have begun; those who decide between results count as well.
    int begun() {
        return counts.values().stream().mapToInt(Integer::intValue).sum();
    }

    /// How many items a fan-out has, those that came after its width was known included: further
    /// rounds of a debate, and who decides. 0 while its width is not known.
    public int places() {
        return items().map(width -> Math.max(width, begun())).orElse(0);
    }

    public int count(TaskState.Phase which) {
        return counts.getOrDefault(which, 0);
    }

    /// Items that are done, skipped or failed.
    public int finished() {
        return isFanOut() && width >= 0
                ? count(TaskState.Phase.DONE)
                        + count(TaskState.Phase.SKIPPED)
                        + count(TaskState.Phase.FAILED)
                : standing() == Standing.SUCCEEDED
                                || standing() == Standing.SKIPPED
                                || standing() == Standing.FAILED
                        ? 1
                        : 0;
    }

    /// Items that wait for another attempt.
    public int retrying() {
        return runEnded ? 0 : count(TaskState.Phase.BACKING_OFF);
    }

    /// How many attempts were made, of all items together.
    public int attempts() {
        return attempts;
    }

    public Usage usage() {
        return usage;
    }

    /// Who made the attempts, those with the most first.
    public List<AgentId> agents() {
        return agents.entrySet().stream()
                .sorted(Map.Entry.<AgentId, Integer>comparingByValue(Comparator.reverseOrder()))
                .map(Map.Entry::getKey)
                .toList();
    }

    /// Why its latest attempt that failed did.
    public Optional<Failure> failure() {
        return Optional.ofNullable(failure);
    }

    /// Why it was skipped, or empty.
    public String skipped() {
        return skipped;
    }

    /// What stands in for its work, if anything does.
    public Optional<StandIn> standIn() {
        return Optional.ofNullable(standIn);
    }

    /// What it gave; for a fan-out, once it is joined.
    public Optional<Value> output() {
        return Optional.ofNullable(output);
    }

    /// When its first attempt began.
    public Optional<Instant> begunAt() {
        return Optional.ofNullable(begunAt);
    }

    public Optional<Instant> endedAt() {
        return Optional.ofNullable(endedAt);
    }

    /// How long it took, or has been taking.
    public Optional<Duration> took(Instant now) {
        if (begunAt == null) {
            return Optional.empty();
        }
        var end = endedAt == null ? now : endedAt;
        return Optional.of(end.isBefore(begunAt) ? Duration.ZERO : Duration.between(begunAt, end));
    }

    /// The answers that the result does not hold with, where several did the task.
    public List<Position> dissent() {
        return dissent;
    }

    /// How several answers became one.
    public Optional<Resolved> resolved() {
        return Optional.ofNullable(resolved);
    }
}
