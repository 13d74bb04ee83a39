package dev.tutti.core.planner;

import dev.tutti.core.event.SkillId;
import dev.tutti.core.planner.Answer.Found;
import dev.tutti.core.planner.Problem.Offer;
import dev.tutti.core.planner.Sketch.Plan;
import dev.tutti.core.planner.Variant.Condition;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;

/// Writes a plan out as steps with names and templates.
final class Writing {
    private final Problem problem;
    private final Grounding grounding;
    private final Naming naming;

    /// The task that uses each variant of the plan, in its order.
    private final SequencedMap<Variant, String> names = new LinkedHashMap<>();

    /// By the name of a step, all steps that are done before it.
    private final Map<String, Set<String>> earlier = new LinkedHashMap<>();

    private Writing(Problem problem, Grounding grounding) {
        this.problem = problem;
        this.grounding = grounding;
        naming = new Naming(problem.taken());
    }

    static Found write(Problem problem, Grounding grounding, Network network, Frontier.Best best) {
        return new Writing(problem, grounding).write(network, best);
    }

    private Found write(Network network, Frontier.Best best) {
        var producers = producers(network, best.plan());
        var steps = new ArrayList<Step>();
        for (int action : best.plan().actions()) {
            var variant = network.variants().get(action);
            var offer = Objects.requireNonNull(variant.offer());
            names.put(variant, naming.task(offer.skill().id().value()));
            steps.add(step(variant, offer, producers));
        }
        var yields = new LinkedHashMap<String, String>();
        for (var wanted : grounding.wanted()) {
            yields.put(wanted.name(), source(wanted, producers).expression());
        }
        return new Found(
                steps, yields, Prices.dollars(best.plan().value()), Prices.dollars(best.bound()));
    }

    private static Map<Condition, Variant> producers(Network network, Plan plan) {
        var producers = new LinkedHashMap<Condition, Variant>();
        for (int fact = 0; fact < network.facts(); fact++) {
            if (plan.support()[fact] >= 0) {
                producers.put(
                        network.conditions().get(fact),
                        network.variants().get(plan.support()[fact]));
            }
        }
        return producers;
    }

    private Step step(Variant variant, Offer offer, Map<Condition, Variant> producers) {
        var after = new LinkedHashSet<String>();
        var input = new LinkedHashMap<String, String>();
        String each = null;
        if (variant.each() != null) {
            var list = source(variant.each(), producers);
            list.task().ifPresent(after::add);
            each = list.expression();
        }
        variant.needs()
                .forEach((field, condition) -> {
                    var source = source(condition, producers);
                    source.task().ifPresent(after::add);
                    input.put(field, source.expression());
                });
        input.putAll(variant.fields());
        var before = new LinkedHashSet<>(after);
        after.forEach(task -> before.addAll(Objects.requireNonNull(earlier.get(task))));
        var name = Objects.requireNonNull(names.get(variant));
        earlier.put(name, before);
        extras(offer, before, input, after);
        var estimate = offer.estimate();
        int uses = variant.uses(problem.worth().items());
        return new Step(
                name,
                offer.skill().id(),
                inOrder(offer, input),
                each,
                List.copyOf(after),
                estimate.usd() * uses,
                estimate.seconds(),
                Math.pow(estimate.success(), uses));
    }

    /// Fields that need not be there are given where that costs nothing: from what is known, or
    /// from steps that are done anyway.
    private void extras(
            Offer offer, Set<String> before, Map<String, String> input, Set<String> after) {
        Variant.inputs(offer)
                .forEach((name, field) -> {
                    if (!field.required() && !input.containsKey(name)) {
                        var condition = new Condition(name, field.type());
                        extra(condition, before)
                                .ifPresent(source -> {
                                    source.task().ifPresent(after::add);
                                    input.put(name, source.expression());
                                });
                    }
                });
    }

    private Optional<Source> extra(Condition condition, Set<String> before) {
        var known = grounding.known(condition);
        if (known != null) {
            return Optional.of(new Source(known.expression(), Optional.empty()));
        }
        return names.entrySet().stream()
                .filter(step -> before.contains(step.getValue()))
                .flatMap(step -> from(step.getKey(), condition).stream())
                .reduce((_, last) -> last);
    }

    private record Source(String expression, Optional<String> task) {}

    /// Where a condition is met.
    private Source source(Condition condition, Map<Condition, Variant> producers) {
        var known = grounding.known(condition);
        return known == null
                ? from(Objects.requireNonNull(producers.get(condition)), condition).orElseThrow()
                : new Source(known.expression(), Optional.empty());
    }

    private Optional<Source> from(Variant variant, Condition condition) {
        var task = Objects.requireNonNull(names.get(variant));
        return variant.yields().stream()
                .filter(yield -> condition.metBy(yield.name(), yield.type()))
                .findFirst()
                .map(yield -> new Source(yield.expression(task), Optional.of(task)));
    }

    private static SequencedMap<String, String> inOrder(Offer offer, Map<String, String> input) {
        var ordered = new LinkedHashMap<String, String>();
        for (var name : Variant.inputs(offer).keySet()) {
            var template = input.get(name);
            if (template != null) {
                ordered.put(name, template);
            }
        }
        return ordered;
    }

    /// The skills of a plan, in its order.
    static List<SkillId> skills(Network network, Plan plan) {
        var skills = new ArrayList<SkillId>();
        for (int action : plan.actions()) {
            var offer = network.variants().get(action).offer();
            if (offer != null) {
                skills.add(offer.skill().id());
            }
        }
        return skills;
    }
}
