package dev.tutti.core.run;

import dev.tutti.core.event.Event.Stalled;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.expression.Expressions;
import dev.tutti.core.goal.Team;
import dev.tutti.core.run.Blocked.Link;
import dev.tutti.core.run.Blocked.Owed;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Finds runs that wait for one another, so that none of them can ever go on by itself: for the
/// runs they began, the locks they hold, and the messages they would send.
///
/// A run is stuck when every way on leads to a run that is stuck. That is the largest such set,
/// found by taking out, again and again, whoever has a way on that does not (the reduction of
/// wait-for graphs with "or" between the tasks of a run and "and" between the locks of a task;
/// Knapp, Deadlock Detection in Distributed Databases, ACM Computing Surveys 19:4, 1987).
public final class Deadlocks {
    /// How many runs are looked at for one; beyond that nothing is claimed.
    static final int MOST = 1_000;

    private final World world;
    private final Expressions expressions;
    private final Map<RunId, Blocked> blocked = new LinkedHashMap<>();
    private final List<Owed> owed = new ArrayList<>();

    private Deadlocks(World world, Expressions expressions) {
        this.world = world;
        this.expressions = expressions;
    }

    /// What the search is told of other runs.
    public interface World {
        /// How a run stands, or null when something is on its way to it that may move it.
        @Nullable RunState state(RunId run);

        /// Who holds a lock, or empty when it is free.
        Optional<Holder> holder(String lock);

        /// The team of the runs whose definition has this hash.
        Team team(String hash);
    }

    /// A task that holds a lock.
    public record Holder(RunId run, TaskId task) {}

    /// Why `start` can never go on by itself, or empty when it may.
    ///
    /// @param gone messages that runs which have ended never sent
    static Optional<Stalled> find(
            RunId start, List<Owed> gone, World world, Expressions expressions) {
        var search = new Deadlocks(world, expressions);
        search.owed.addAll(gone);
        return search.find(start);
    }

    private Optional<Stalled> find(RunId start) {
        var toSee = new ArrayDeque<>(List.of(start));
        for (var run = toSee.poll(); run != null; run = toSee.poll()) {
            var state = blocked.containsKey(run) ? null : world.state(run);
            if (state == null || !Blocked.mayBe(state)) {
                continue;
            }
            if (blocked.size() >= MOST) {
                return Optional.empty();
            }
            var one = Blocked.of(state, world, expressions);
            blocked.put(run, one);
            owed.addAll(one.owed());
            toSee.addAll(one.others());
        }
        while (blocked.values().removeIf(this::hasAWayOn)) {
            // Whoever counted on a run that was taken out is looked at once more.
        }
        return Optional.ofNullable(blocked.get(start)).map(this::describe);
    }

    private boolean hasAWayOn(Blocked one) {
        return one.needs().stream()
                .anyMatch(need -> need.links().stream().noneMatch(link -> isStuck(one, link)));
    }

    private boolean isStuck(Blocked one, Link link) {
        return switch (link) {
            case Link.OnRun(var run) -> blocked.containsKey(run);
            case Link.OnLock(_, var holder) -> holder != null && blocked.containsKey(holder.run());
            case Link.OnMessage(var type) -> {
                var senders = senders(one.run(), type);
                yield !senders.isEmpty()
                        && senders.stream()
                                .allMatch(sender ->
                                        sender.gone() || blocked.containsKey(sender.from()));
            }
            case Link.OnNobody() -> true;
        };
    }

    private List<Owed> senders(RunId to, String type) {
        return owed.stream().filter(one -> one.to().equals(to) && one.type().equals(type)).toList();
    }

    // ---- in words

    /// Follows who waits for whom until someone comes twice.
    private Stalled describe(Blocked start) {
        var path = new LinkedHashMap<RunId, String>();
        var names = new ArrayList<String>();
        Blocked one = start;
        while (one != null && !path.containsKey(one.run())) {
            var here = one;
            var need = here.needs().getFirst();
            var link =
                    need.links().stream()
                            .filter(other -> isStuck(here, other))
                            .findFirst()
                            .orElseThrow();
            names.add(here.run() + "/" + need.task());
            path.put(
                    here.run(),
                    "`"
                            + need.task()
                            + "` of run "
                            + here.run()
                            + " waits for "
                            + what(here, link));
            one = next(here, link);
        }
        return new Stalled(String.join("; ", path.values()), one == null ? List.of() : names);
    }

    private String what(Blocked one, Link link) {
        return switch (link) {
            case Link.OnRun(var run) -> "run " + run + " to end";
            case Link.OnLock(var lock, var holder) ->
                    "lock `"
                            + lock
                            + "`"
                            + (holder == null
                                    ? ""
                                    : ", which `"
                                            + holder.task()
                                            + "` of run "
                                            + holder.run()
                                            + " holds");
            case Link.OnMessage(var type) -> {
                var sender = senders(one.run(), type).getFirst();
                yield "message `"
                        + type
                        + "`, which `"
                        + sender.task()
                        + "` of run "
                        + sender.from()
                        + (sender.gone() ? " never sent: that run has ended" : " would send");
            }
            case Link.OnNobody() -> "an agent that can do it: the team has none left";
        };
    }

    private @Nullable Blocked next(Blocked one, Link link) {
        return switch (link) {
            case Link.OnRun(var run) -> blocked.get(run);
            case Link.OnLock(_, var holder) -> holder == null ? null : blocked.get(holder.run());
            case Link.OnMessage(var type) ->
                    blocked.get(senders(one.run(), type).getFirst().from());
            case Link.OnNobody() -> null;
        };
    }
}
