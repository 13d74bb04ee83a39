package dev.tutti.agents.local.planner;

import dev.tutti.agents.local.planner.Consensus.Vote;
import dev.tutti.agents.local.planner.Shape.Link;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What is known of how requests are met: past plans, and skills with their descriptions.
///
/// Safe for one thread at a time.
final class Repertoire {
    private static final int MOST_LIKE = 20;

    /// How fast the vote of a plan falls with its likeness.
    private static final double SHARPNESS = 4;

    /// What the two skills count whose descriptions are nearest, against a plan for a request that
    /// is exactly alike.
    private static final double DESCRIPTIONS = 0.02;

    private final List<PastPlan> plans = new ArrayList<>();
    private final List<String> skills = new ArrayList<>();
    private final Likeness requests;
    private final Likeness descriptions;
    private final Map<Link, Integer> successions = new LinkedHashMap<>();

    /// @param byMeaning whether the model of meanings is used
    Repertoire(boolean byMeaning) {
        requests = new Likeness(byMeaning);
        descriptions = new Likeness(byMeaning);
    }

    /// A plan that was tried.
    ///
    /// @param served how often it did what was asked
    /// @param failed how often it did not
    record PastPlan(String request, Shape plan, int served, int failed) {
        /// From 0 to 2; 1 where it is not known.
        double reliability() {
            return 2 * (1.0 + served) / (2 + served + failed);
        }
    }

    void skill(String name, String description) {
        skills.add(name);
        descriptions.add(name.replace('_', ' ') + ". " + description);
    }

    void plan(PastPlan plan) {
        plans.add(plan);
        requests.add(plan.request());
        plan.plan().links().forEach(link -> successions.merge(link, 1, Integer::sum));
    }

    /// The skills whose descriptions are nearest to a request.
    List<String> nearest(String request, int most) {
        return descriptions.nearest(request, most).stream()
                .map(like -> skills.get(like.text()))
                .toList();
    }

    /// What met a request, and why.
    ///
    /// @param like the requests that it goes by, the most like first
    record Proposal(Shape plan, List<String> like) {}

    /// The plan for a request; without skills where there are none.
    ///
    /// @param without skills that are not to be used
    Proposal propose(String request, Set<String> without) {
        var votes = new ArrayList<Vote>();
        var like = new LinkedHashSet<String>();
        for (var near : requests.nearest(request, MOST_LIKE)) {
            var past = plans.get(near.text());
            var plan = usable(past.plan(), without);
            if (!plan.skills().isEmpty() && near.likeness() > 0) {
                votes.add(
                        new Vote(plan, Math.pow(near.likeness(), SHARPNESS) * past.reliability()));
                like.add(past.request());
            }
        }
        var described = described(request, without);
        if (!described.skills().isEmpty()) {
            votes.add(new Vote(described, DESCRIPTIONS));
        }
        return votes.isEmpty()
                ? new Proposal(Shape.chain(List.of()), List.of())
                : new Proposal(Consensus.of(votes), like.stream().limit(3).toList());
    }

    private Shape usable(Shape plan, Set<String> without) {
        var usable = plan;
        for (var skill : plan.skills()) {
            if (without.contains(skill) || !skills.contains(skill)) {
                usable = usable.without(skill);
            }
        }
        return usable;
    }

    /// The two skills nearest by their descriptions, in the order in which they usually come.
    private Shape described(String request, Set<String> without) {
        var nearest =
                new ArrayList<>(
                        nearest(request, 2 + without.size()).stream()
                                .filter(skill -> !without.contains(skill))
                                .limit(2)
                                .toList());
        if (nearest.size() == 2) {
            var there = new Link(nearest.get(0), nearest.get(1));
            var back = new Link(nearest.get(1), nearest.get(0));
            if (successions.getOrDefault(back, 0) > successions.getOrDefault(there, 0)) {
                nearest.addFirst(nearest.removeLast());
            }
        }
        return Shape.chain(nearest);
    }
}
