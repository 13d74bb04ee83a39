package dev.tutti.core.run;

import dev.tutti.core.event.Event.Stalled;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.expression.Expressions;
import dev.tutti.core.goal.Team;
import dev.tutti.core.run.Blocked.Link;
import dev.tutti.core.run.Blocked.Need;
import dev.tutti.core.run.Blocked.Owed;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
    private final Set<RunId> seen = new LinkedHashSet<>();
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

        /// The runs at hand that have such a message still to send to `to`.
        Set<RunId> senders(RunId to, String type);
    }

    /// What was found.
    ///
    /// @param sure whether nobody can help but a person. A message may always come from a run that
    ///   is not at hand, or from outside: what waits for one is only very likely stuck
    public record Found(Stalled stalled, boolean sure) {}

    /// A task that holds a lock.
    public record Holder(RunId run, TaskId task) {}

    /// Why `start` can never go on by itself, or empty when it may.
    ///
    /// @param gone messages that runs which have ended never sent
    static Optional<Found> find(
            RunId start, List<Owed> gone, World world, Expressions expressions) {
        var search = new Deadlocks(world, expressions);
        search.owed.addAll(gone);
        return search.find(start);
    }

    private Optional<Found> find(RunId start) {
        var first = see(start);
        if (first == null || first.needs().stream().anyMatch(this::moves)) {
            return Optional.empty();
        }
        var followed = new LinkedHashSet<>(List.of(start));
        var toSee = new ArrayDeque<>(first.others());
        for (var run = toSee.poll(); run != null; run = toSee.poll()) {
            if (followed.add(run)) {
                var one = see(run);
                if (seen.size() > MOST) {
                    return Optional.empty();
                }
                if (one != null) {
                    toSee.addAll(one.others());
                }
            }
        }
        while (blocked.values().removeIf(this::hasAWayOn)) {
            // Whoever counted on a run that was taken out is looked at once more.
        }
        return Optional.ofNullable(blocked.get(start)).map(this::describe);
    }

    /// Looks at a run once; null when it can move by itself.
    private @Nullable Blocked see(RunId run) {
        if (!seen.add(run)) {
            return blocked.get(run);
        }
        var state = world.state(run);
        if (state == null || !Blocked.mayBe(state)) {
            return null;
        }
        var one = Blocked.of(state, world, expressions);
        blocked.put(run, one);
        owed.addAll(one.owed());
        return one;
    }

    /// Whether a task can go on as far as one look tells: mostly so, and then nobody else has to be
    /// looked at.
    private boolean moves(Need need) {
        return need.links().stream()
                .allMatch(link ->
                        switch (link) {
                            case Link.OnRun(var run) -> seen.size() < MOST && see(run) == null;
                            case Link.OnLock(_, var holder) ->
                                    holder == null || see(holder.run()) == null;
                            case Link.OnMessage _, Link.OnNobody _ -> false;
                        });
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
                                        sender.gone() || blocked.containsKey(sender.from()))
                        && blocked.keySet().containsAll(world.senders(one.run(), type));
            }
            case Link.OnNobody() -> true;
        };
    }

    private List<Owed> senders(RunId to, String type) {
        return owed.stream().filter(one -> one.to().equals(to) && one.type().equals(type)).toList();
    }

    // ---- in words

    /// Follows who waits for whom until someone comes twice.
    private Found describe(Blocked start) {
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
        var stalled =
                new Stalled(String.join("; ", path.values()), one == null ? List.of() : names);
        return new Found(stalled, blocked.values().stream().noneMatch(Deadlocks::waitsForMessages));
    }

    private static boolean waitsForMessages(Blocked one) {
        return one.needs().stream()
                .flatMap(need -> need.links().stream())
                .anyMatch(Link.OnMessage.class::isInstance);
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
