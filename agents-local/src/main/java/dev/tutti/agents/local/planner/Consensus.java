package dev.tutti.agents.local.planner;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The plan on which plans for like requests agree most.
///
/// Each votes with its weight. What is voted on are these plans, and those that come of them when a
/// skill is left out or one of the most wanted is put in: so a past plan is adapted. The one whose
/// skills and links agree most with all, by F1, is taken (minimum Bayes risk, as in Kumar and
/// Byrne, HLT-NAACL 2004, with plans for translations).
final class Consensus {
    private static final int MOST_PLANS = 12;
    private static final int MOST_SKILLS_PUT_IN = 6;

    private Consensus() {}

    /// A plan and how much it counts.
    record Vote(Shape plan, double weight) {}

    /// @param votes at least one
    static Shape of(List<Vote> votes) {
        var best = votes.getFirst().plan();
        double most = -1;
        for (var plan : candidates(votes)) {
            double agreement = 0;
            for (var vote : votes) {
                agreement += vote.weight() * plan.agreement(vote.plan());
            }
            if (agreement > most) {
                most = agreement;
                best = plan;
            }
        }
        return best;
    }

    private static Set<Shape> candidates(List<Vote> votes) {
        var candidates = new LinkedHashSet<Shape>();
        votes.stream().limit(MOST_PLANS).forEach(vote -> candidates.add(vote.plan()));
        var wanted = wanted(votes);
        for (var plan : List.copyOf(candidates)) {
            for (var skill : plan.skills()) {
                if (plan.skills().size() > 1) {
                    candidates.add(plan.without(skill));
                }
            }
            for (var skill : wanted) {
                if (!plan.skills().contains(skill)) {
                    for (int place = 0; place <= plan.skills().size(); place++) {
                        candidates.add(plan.with(skill, place));
                    }
                }
            }
        }
        return candidates;
    }

    private static List<String> wanted(List<Vote> votes) {
        var weights = new LinkedHashMap<String, Double>();
        for (var vote : votes) {
            vote.plan().skills().forEach(skill -> weights.merge(skill, vote.weight(), Double::sum));
        }
        return weights.entrySet().stream()
                .sorted(Map.Entry.<String, Double>comparingByValue(Comparator.reverseOrder()))
                .limit(MOST_SKILLS_PUT_IN)
                .map(Map.Entry::getKey)
                .toList();
    }
}
