package dev.tutti.core.planner;

import dev.tutti.core.event.SkillId;
import dev.tutti.core.event.Type;
import dev.tutti.core.expression.Similar;
import dev.tutti.core.planner.Answer.Missing;
import dev.tutti.core.planner.Answer.None;
import dev.tutti.core.planner.Problem.Estimate;
import dev.tutti.core.planner.Problem.Offer;
import dev.tutti.core.planner.Variant.Condition;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Says why there is no plan: the fewest facts and agents without which there is none.
///
/// What cannot be had may be assumed, at a price far above that of any step; the cheapest plan then
/// assumes as little as can be.
final class Lack {
    private static final int MOST_PRODUCIBLE = 10;

    private final Problem problem;
    private final Reach reach;

    private Lack(Problem problem, Reach reach) {
        this.problem = problem;
        this.reach = reach;
    }

    static None explain(Problem problem, Grounding grounding, Reach reach, long effort) {
        return new Lack(problem, reach).explain(grounding, effort);
    }

    private None explain(Grounding grounding, long effort) {
        var helpful = new ArrayList<Variant>();
        for (var skill : problem.unoffered()) {
            var variant = Variant.once(new Offer(skill, Estimate.UNKNOWN));
            helpful.add(variant);
            grounding.add(variant);
        }
        grounding.liftBeyond(problem.offers());
        // First what no skill yields; what is yielded only by way of itself, when that is not
        // enough.
        assume(grounding, unyielded(grounding));
        if (!grounding.wanted().stream().allMatch(Reach.of(grounding)::met)) {
            assume(grounding, unreached(grounding));
        }
        var network = Network.of(grounding, new Fewest(helpful));
        return none(grounding, network, Frontier.search(network, effort).plan(), helpful);
    }

    /// Assumptions and agents that are not there count; of equally few, the fewest steps.
    private record Fewest(List<Variant> helpful) implements Prices {
        private static final long LACK = 1 << 20;

        @Override
        public long cost(Variant variant) {
            return variant.offer() == null || helpful.contains(variant) ? LACK : 1;
        }

        @Override
        public long time(Variant variant) {
            return 0;
        }
    }

    private List<Condition> unyielded(Grounding grounding) {
        var yielded = new LinkedHashSet<Condition>();
        grounding.variants().forEach(variant -> yielded.addAll(grounding.met(variant)));
        return unreached(grounding).stream().filter(fact -> !yielded.contains(fact)).toList();
    }

    private List<Condition> unreached(Grounding grounding) {
        return grounding.conditions().stream().filter(fact -> !reach.met(fact)).toList();
    }

    private static void assume(Grounding grounding, List<Condition> facts) {
        facts.forEach(fact -> grounding.add(Variant.assumed(fact)));
    }

    private None none(
            Grounding grounding, Network network, Sketch.Plan plan, List<Variant> helpful) {
        var missing = new ArrayList<Missing>();
        var skills = new ArrayList<SkillId>();
        for (int action : plan.actions()) {
            var variant = network.variants().get(action);
            var offer = variant.offer();
            if (offer == null) {
                missing.add(missing(grounding, network, plan, action));
            } else if (helpful.contains(variant)) {
                skills.add(offer.skill().id());
            }
        }
        return new None(missing, skills, Writing.skills(network, plan), producible(missing));
    }

    private Missing missing(Grounding grounding, Network network, Sketch.Plan plan, int action) {
        var fact = network.variants().get(action).yields().getFirst();
        var neededBy = new ArrayList<SkillId>();
        for (int user : plan.actions()) {
            var offer = network.variants().get(user).offer();
            boolean uses = false;
            for (int need : network.pre()[user]) {
                uses |= plan.support()[need] == action;
            }
            if (uses && offer != null) {
                neededBy.add(offer.skill().id());
            }
        }
        return new Missing(
                fact.name(), fact.type(), neededBy, instead(grounding, fact.name(), fact.type()));
    }

    /// What there is under the name but does not fit, or else a name that looks like it.
    private String instead(Grounding grounding, String name, Type type) {
        for (var fact : grounding.known(name)) {
            return "`" + name + "` is known, but as " + fact.type() + ", not " + type;
        }
        for (var variant : reach.usable()) {
            for (var yield : variant.yields()) {
                if (yield.name().equals(name) && variant.offer() != null) {
                    return "`"
                            + variant.offer().skill().id()
                            + "` yields `"
                            + name
                            + "`, but as "
                            + yield.type()
                            + ", not "
                            + type;
                }
            }
        }
        return Similar.to(name, available()).map(near -> "there is `" + near + "`").orElse("");
    }

    private Set<String> available() {
        var names = new LinkedHashSet<String>();
        problem.known().forEach(fact -> names.add(fact.name()));
        for (var variant : reach.usable()) {
            if (variant.offer() != null) {
                variant.yields().forEach(yield -> names.add(yield.name()));
            }
        }
        return names;
    }

    /// What can be had beyond what is known, names like those of what is missing first.
    private List<String> producible(List<Missing> missing) {
        var names = available();
        problem.known().forEach(fact -> names.remove(fact.name()));
        var nearest = new LinkedHashSet<String>();
        missing.forEach(fact -> Similar.to(fact.name(), names).ifPresent(nearest::add));
        nearest.addAll(names);
        return nearest.stream().limit(MOST_PRODUCIBLE).toList();
    }
}
