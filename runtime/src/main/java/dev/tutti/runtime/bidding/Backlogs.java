package dev.tutti.runtime.bidding;

import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.TaskId;
import dev.tutti.runtime.journal.StreamId;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The tasks that agents may claim, in a backlog for each agent of one team. Each agent works off
/// its own from the front; one whose backlog is empty steals from the back of the longest that has
/// something for it (Blumofe and Leiserson, *Scheduling Multithreaded Computations by Work
/// Stealing*, JACM 46, 1999; the longest instead of one by chance, so that the same happens again).
public final class Backlogs {
    private final Map<AgentId, Deque<Job>> backlogs = new TreeMap<>();
    private final Map<StreamId, Set<Job>> jobs = new HashMap<>();

    /// A task that may be claimed.
    ///
    /// @param round which announcement of it
    /// @param may who can do it
    public record Job(StreamId run, TaskId task, int round, List<AgentId> may) {
        public Job {
            may = List.copyOf(may);
        }
    }

    /// A job that an agent takes.
    ///
    /// @param from in whose backlog it was, or null where in its own
    public record Taken(Job job, @Nullable AgentId from) {}

    /// Puts a task into the shortest backlog of those who can do it. Once, however often it is put.
    public void add(Job job) {
        if (job.may().isEmpty()
                || !jobs.computeIfAbsent(job.run(), _ -> new HashSet<>()).add(job)) {
            return;
        }
        var shortest = job.may().getFirst();
        for (var agent : job.may()) {
            if (length(agent) < length(shortest)) {
                shortest = agent;
            }
        }
        backlog(shortest).addLast(job);
    }

    private Deque<Job> backlog(AgentId agent) {
        return backlogs.computeIfAbsent(agent, _ -> new ArrayDeque<>());
    }

    private int length(AgentId agent) {
        var backlog = backlogs.get(agent);
        return backlog == null ? 0 : backlog.size();
    }

    public boolean isEmpty() {
        return jobs.isEmpty();
    }

    /// Whether something of a run is there.
    public boolean has(StreamId run) {
        return jobs.containsKey(run);
    }

    /// Those who could do something that is there.
    public Collection<AgentId> wanted() {
        var wanted = new TreeSet<AgentId>();
        all().forEach(job -> wanted.addAll(job.may()));
        return wanted;
    }

    /// Whether there is something for an agent.
    ///
    /// @param steals whether in another's backlog counts
    public boolean has(AgentId agent, boolean steals) {
        return length(agent) > 0 || (steals && all().anyMatch(job -> job.may().contains(agent)));
    }

    private Stream<Job> all() {
        return jobs.values().stream().flatMap(Set::stream);
    }

    /// What an agent that has a place takes next.
    public Optional<Taken> take(AgentId agent) {
        var own = backlogs.get(agent);
        if (own != null && !own.isEmpty()) {
            var job = own.removeFirst();
            remove(job);
            return Optional.of(new Taken(job, null));
        }
        AgentId longest = null;
        for (var other : backlogs.keySet()) {
            if ((longest == null || length(other) > length(longest))
                    && last(other, agent) != null) {
                longest = other;
            }
        }
        if (longest == null) {
            return Optional.empty();
        }
        var job = last(longest, agent);
        if (job == null) {
            return Optional.empty();
        }
        backlog(longest).removeLastOccurrence(job);
        remove(job);
        return Optional.of(new Taken(job, longest));
    }

    private void remove(Job job) {
        jobs.computeIfPresent(
                job.run(), (_, left) -> left.remove(job) && left.isEmpty() ? null : left);
    }

    /// The last job of a backlog that an agent can do, or null.
    private @Nullable Job last(AgentId backlog, AgentId agent) {
        for (var jobs = backlog(backlog).descendingIterator(); jobs.hasNext(); ) {
            var job = jobs.next();
            if (job.may().contains(agent)) {
                return job;
            }
        }
        return null;
    }

    /// A run wants nothing more done.
    public void forget(StreamId run) {
        if (jobs.remove(run) != null) {
            backlogs.values().forEach(backlog -> backlog.removeIf(job -> job.run().equals(run)));
        }
    }
}
