package dev.tutti.core.dispatch;

import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Event.Candidate;
import dev.tutti.core.event.TaskId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Who wins which of the tasks that are awarded together. What comes out depends on nothing but the
/// bids and the places, so that whoever works it out comes to the same.
public final class Awards {
    /// Bids recorded with an award, at most: enough to explain it.
    private static final int MOST_CANDIDATES = 8;

    private Awards() {}

    /// A task and who wins it.
    ///
    /// @param candidates the bids, the one that wins first
    public record Award(TaskId task, AgentId agent, List<Candidate> candidates) {
        public Award {
            candidates = List.copyOf(candidates);
        }
    }

    /// Awards one batch: a single task to the lowest cost among those with a place, and of equal
    /// ones to the first name; several together by [Assignment].
    ///
    /// @param tasks in order
    /// @param places how many of them each agent takes
    public static List<Award> of(
            Auctions auctions, List<TaskId> tasks, Map<AgentId, Integer> places) {
        var rounds = tasks.stream().map(auctions::round).toList();
        var winners = tasks.size() == 1 ? single(rounds, places) : several(rounds, places);
        var taken = new LinkedHashMap<AgentId, Integer>();
        for (var winner : winners) {
            if (winner != null) {
                taken.merge(winner, 1, Integer::sum);
            }
        }
        var awards = new ArrayList<Award>();
        for (int i = 0; i < winners.size(); i++) {
            var winner = winners.get(i);
            var round = rounds.get(i);
            if (winner != null) {
                awards.add(
                        new Award(tasks.get(i), winner, candidates(round, winner, places, taken)));
            }
        }
        return awards;
    }

    private static List<@Nullable AgentId> single(
            List<Auction> rounds, Map<AgentId, Integer> places) {
        var winners = new ArrayList<@Nullable AgentId>();
        for (var round : rounds) {
            AgentId winner = null;
            for (var placed : round.eligible()) {
                if (winner == null && places.getOrDefault(placed.agent(), 0) > 0) {
                    winner = placed.agent();
                }
            }
            winners.add(winner);
        }
        return winners;
    }

    private static List<@Nullable AgentId> several(
            List<Auction> rounds, Map<AgentId, Integer> places) {
        var agents = places.keySet().stream().sorted().toList();
        var number = new LinkedHashMap<AgentId, Integer>();
        agents.forEach(agent -> number.put(agent, number.size()));
        var edges = new ArrayList<List<Assignment.Edge>>(rounds.size());
        for (var round : rounds) {
            var own = new ArrayList<Assignment.Edge>();
            for (var placed : round.eligible()) {
                var at = number.get(placed.agent());
                if (at != null) {
                    own.add(new Assignment.Edge(at, Math.max(0, placed.cost())));
                }
            }
            edges.add(own);
        }
        int[] counts = agents.stream().mapToInt(agent -> places.getOrDefault(agent, 0)).toArray();
        var winners = new ArrayList<@Nullable AgentId>();
        for (int agent : Assignment.of(edges, counts)) {
            winners.add(agent < 0 ? null : agents.get(agent));
        }
        return winners;
    }

    /// The score of a bid is what it costs, with the sign turned, as greater is better.
    private static List<Candidate> candidates(
            Auction round,
            AgentId winner,
            Map<AgentId, Integer> places,
            Map<AgentId, Integer> taken) {
        var all = new ArrayList<Candidate>();
        round.bidOf(winner).ifPresent(won -> all.add(new Candidate(winner, -won.cost(), null)));
        round.replies().values().stream()
                .filter(placed -> placed.bid() != null && !placed.agent().equals(winner))
                .sorted(Auction.Placed.ORDER)
                .limit(MOST_CANDIDATES - 1L)
                .forEach(placed ->
                        all.add(
                                new Candidate(
                                        placed.agent(),
                                        -placed.cost(),
                                        excluded(round, placed, places, taken))));
        return all;
    }

    private static @Nullable String excluded(
            Auction round,
            Auction.Placed placed,
            Map<AgentId, Integer> places,
            Map<AgentId, Integer> taken) {
        if (!round.lets(placed)) {
            return "its price is above the reserve of $" + round.reserve();
        }
        int has = places.getOrDefault(placed.agent(), 0);
        if (has == 0) {
            return "all its places are taken";
        }
        return taken.getOrDefault(placed.agent(), 0) >= has
                ? "its places went to other tasks of the batch"
                : null;
    }
}
