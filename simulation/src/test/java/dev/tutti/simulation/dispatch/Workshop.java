package dev.tutti.simulation.dispatch;

import dev.tutti.core.dispatch.Offer;
import dev.tutti.core.event.Agent;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.Task.Performer;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.TenantId;
import dev.tutti.core.event.Value;
import dev.tutti.core.goal.Team;
import dev.tutti.core.goal.Terms;
import dev.tutti.runtime.dispatch.Dispatcher;
import dev.tutti.runtime.dispatch.Ranks;
import dev.tutti.runtime.dispatch.Want;
import dev.tutti.runtime.dispatch.Wish;
import dev.tutti.runtime.evidence.Content;
import dev.tutti.runtime.evidence.Evidence;
import dev.tutti.runtime.journal.StreamId;
import dev.tutti.runtime.quota.Machine;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;

/// Agents of different speeds that do one workflow in virtual time, given away by the dispatcher of
/// the product. It knows how fast each agent was so far, and guesses how long tasks take.
final class Workshop {
    private static final Instant START = Instant.EPOCH;
    private static final double NANOS = 1e9;
    private static final StreamId RUN =
            StreamId.run(TenantId.LOCAL, new RunId("01M8AP1Y2M0000000000000000"));

    private final RealGraph graph;
    private final double[] speeds;
    private final Terms.Way way;
    private final boolean ranked;
    private final Map<String, Double> ranks;
    private final Dispatcher dispatcher;
    private final Team team;
    private final Map<String, Integer> left = new HashMap<>();
    private final PriorityQueue<Doing> doing =
            new PriorityQueue<>(Comparator.comparing(Doing::end).thenComparingLong(Doing::token));
    private long tokens;

    private record Doing(Instant end, long token, String task) {}

    /// @param way how agents are chosen among those that are idle
    /// @param ranked whether tasks go by the longest way after them, or in the order in which they
    ///   became ready
    /// @param guesses how long each task is thought to take
    Workshop(
            RealGraph graph,
            double[] speeds,
            Terms.Way way,
            boolean ranked,
            Map<String, Double> guesses) {
        this.graph = graph;
        this.speeds = speeds;
        this.way = way;
        this.ranked = ranked;
        ranks = Ranks.rank(graph.plan(), task -> guesses.get(task.name()));
        var agents = new ArrayList<Agent>();
        for (int i = 0; i < speeds.length; i++) {
            agents.add(
                    new Agent(
                            new AgentId("a" + i),
                            List.of(RealGraph.WORK),
                            "simulated",
                            Value.Struct.EMPTY,
                            new Agent.Limits(1, null)));
        }
        team = new Team(List.of(), agents, List.of());
        var evidence = new Evidence(1);
        for (int i = 0; i < speeds.length; i++) {
            var standing = evidence.standing(agents.get(i), new Performer.BySkill(RealGraph.WORK));
            evidence.paid(standing, 0, 1 / speeds[i]);
        }
        dispatcher = new Dispatcher(_ -> true, evidence, Machine.boundless(), _ -> 1.0);
    }

    /// When the last task is done, in seconds.
    double makespan() {
        var ready = new ArrayList<String>();
        for (var name : graph.plan().order()) {
            int before = graph.plan().node(name).task().dependencies().size();
            left.put(name, before);
            if (before == 0) {
                ready.add(name);
            }
        }
        var now = START;
        offer(ready, now);
        for (var next = doing.poll(); next != null; next = doing.poll()) {
            now = next.end();
            dispatcher.release(RUN, next.token(), now);
            var after = new ArrayList<String>();
            for (var name : RealGraph.after(graph, next.task())) {
                if (left.merge(name, -1, Integer::sum) == 0) {
                    after.add(name);
                }
            }
            offer(after, now);
        }
        return Duration.between(START, now).toNanos() / NANOS;
    }

    private void offer(List<String> ready, Instant now) {
        var wants = new ArrayList<Want>();
        for (var name : ready) {
            double rank = ranked ? ranks.getOrDefault(name, 0.0) : 0;
            wants.add(
                    new Want(
                            RUN,
                            TaskId.of(name),
                            new Performer.BySkill(RealGraph.WORK),
                            "team",
                            List.of(),
                            null,
                            List.of(),
                            new Wish(Terms.Choice.of(way), 0, rank, Content.UNKNOWN)));
        }
        wants.sort(Want.ORDER);
        wants.forEach(
                want -> dispatcher.offer(want, team, now).ifPresent(offer -> begin(offer, now)));
        dispatcher.serve(now).forEach(turn -> begin(turn.offer(), now));
    }

    private void begin(Offer offer, Instant now) {
        var agent = offer.agent();
        if (agent == null) {
            throw new IllegalStateException("nobody was offered");
        }
        long token = ++tokens;
        dispatcher.grant(RUN, token, "team", offer);
        double speed = speeds[Integer.parseInt(agent.id().value().substring(1))];
        var task = offer.task().name();
        long nanos = Math.round(Objects.requireNonNull(graph.seconds().get(task)) / speed * NANOS);
        doing.add(new Doing(now.plusNanos(nanos), token, task));
    }
}
