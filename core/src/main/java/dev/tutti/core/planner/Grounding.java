package dev.tutti.core.planner;

import dev.tutti.core.event.Type;
import dev.tutti.core.planner.Problem.Fact;
import dev.tutti.core.planner.Problem.Offer;
import dev.tutti.core.planner.Variant.Condition;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The ways to use skills that a plan may choose from, and the facts between them.
///
/// A skill is used for each item of a list only where nothing yields what it takes one of.
final class Grounding {
    /// Lists that one skill is tried with.
    private static final int MOST_LISTS = 4;

    /// How deep fan-outs may build upon one another.
    private static final int MOST_ROUNDS = 6;

    private final Map<String, List<Fact>> known = new LinkedHashMap<>();
    private final Map<Condition, Integer> conditions = new LinkedHashMap<>();
    private final Map<String, List<Condition>> byName = new LinkedHashMap<>();
    private final List<Variant> variants = new ArrayList<>();
    private final List<Condition> wanted;

    private Grounding(Problem problem) {
        for (var fact : problem.known()) {
            known.computeIfAbsent(fact.name(), _ -> new ArrayList<>()).add(fact);
        }
        wanted =
                problem.wanted().entrySet().stream()
                        .map(want -> new Condition(want.getKey(), want.getValue()))
                        .toList();
        wanted.forEach(this::register);
    }

    /// Everything that can be done with what is offered.
    static Grounding of(Problem problem) {
        var grounding = new Grounding(problem);
        problem.offers().forEach(offer -> grounding.add(Variant.once(offer)));
        grounding.lift(problem.offers(), Reach::usable);
        return grounding;
    }

    /// Adds the fan-outs over lists that cannot be had as things are, but could be if something
    /// were there that is not.
    void liftBeyond(List<Offer> offers) {
        lift(offers, _ -> variants);
    }

    /// Adds fan-outs until there are none to add, as far as they may build upon one another.
    ///
    /// @param by what yields the lists, as far as is reached
    private void lift(List<Offer> offers, Function<Reach, List<Variant>> by) {
        for (int round = 0; round < MOST_ROUNDS; round++) {
            var reached = Reach.of(this);
            if (!lift(offers, reached, by.apply(reached))) {
                break;
            }
        }
    }

    void add(Variant variant) {
        variants.add(variant);
        variant.conditions().forEach(this::register);
    }

    List<Variant> variants() {
        return variants;
    }

    List<Condition> wanted() {
        return wanted;
    }

    List<Condition> conditions() {
        return List.copyOf(conditions.keySet());
    }

    int index(Condition condition) {
        return conditions.getOrDefault(condition, -1);
    }

    /// The first known fact that meets a condition, or null.
    @Nullable Fact known(Condition condition) {
        for (var fact : known.getOrDefault(condition.name(), List.of())) {
            if (condition.metBy(fact.name(), fact.type())) {
                return fact;
            }
        }
        return null;
    }

    /// The known facts of a name.
    List<Fact> known(String name) {
        return known.getOrDefault(name, List.of());
    }

    /// The conditions that a variant meets once it is done, each once.
    List<Condition> met(Variant variant) {
        var met = new LinkedHashSet<Condition>();
        for (var yield : variant.yields()) {
            for (var condition : byName.getOrDefault(yield.name(), List.of())) {
                if (condition.metBy(yield.name(), yield.type())) {
                    met.add(condition);
                }
            }
        }
        return List.copyOf(met);
    }

    private void register(Condition condition) {
        if (conditions.putIfAbsent(condition, conditions.size()) == null) {
            byName.computeIfAbsent(condition.name(), _ -> new ArrayList<>()).add(condition);
        }
    }

    /// Adds fan-outs for skills that cannot be used as things are; false when there are none to
    /// add.
    ///
    /// @param by what yields the lists
    private boolean lift(List<Offer> offers, Reach reached, List<Variant> by) {
        var lists = lists(by);
        var fresh = new ArrayList<Variant>();
        for (var offer : offers) {
            var lacking = new ArrayList<Condition>();
            Variant.once(offer).needs().values().stream()
                    .filter(condition -> !reached.met(condition))
                    .forEach(lacking::add);
            if (!lacking.isEmpty()) {
                fresh.addAll(fanOuts(offer, lacking, lists));
            }
        }
        fresh.removeIf(variant ->
                variants.stream()
                        .anyMatch(old ->
                                old.each() != null
                                        && Objects.equals(old.offer(), variant.offer())
                                        && old.each().equals(variant.each())));
        fresh.forEach(this::add);
        return !fresh.isEmpty();
    }

    /// The lists that are known or yielded, each once.
    private List<Condition> lists(List<Variant> by) {
        var lists = new LinkedHashSet<Condition>();
        known.values().stream()
                .flatMap(List::stream)
                .filter(fact -> fact.type() instanceof Type.ListOf)
                .forEach(fact -> lists.add(new Condition(fact.name(), fact.type())));
        for (var variant : by) {
            variant.yields().stream()
                    .filter(yield -> yield.type() instanceof Type.ListOf)
                    .forEach(yield -> lists.add(new Condition(yield.name(), yield.type())));
        }
        return List.copyOf(lists);
    }

    /// The ways to use a skill for each item of a list that has what it lacks.
    private static List<Variant> fanOuts(
            Offer offer, List<Condition> lacking, List<Condition> lists) {
        record Fit(Condition list, SequencedMap<String, String> fields, int helps) {}
        var fits = new ArrayList<Fit>();
        for (var list : lists) {
            var item = ((Type.ListOf) list.type()).item();
            var fields = fields(offer, lacking, list.name(), item);
            int helps = (int) lacking.stream().filter(c -> fields.containsKey(c.name())).count();
            if (helps > 0) {
                fits.add(new Fit(list, fields, helps));
            }
        }
        return fits.stream()
                .sorted(Comparator.comparingInt(Fit::helps).reversed())
                .limit(MOST_LISTS)
                .map(fit -> Variant.each(offer, fit.list(), fit.fields()))
                .toList();
    }

    /// What an item of a list gives a skill: itself, where the list is called as what the skill
    /// takes, in the singular or the plural; else those of its fields that the skill takes.
    private static SequencedMap<String, String> fields(
            Offer offer, List<Condition> lacking, String list, Type item) {
        var fields = new LinkedHashMap<String, String>();
        for (var lack : lacking) {
            boolean called = list.equals(lack.name()) || list.equals(Naming.plural(lack.name()));
            if (called && fields.isEmpty() && Type.fits(item, lack.type())) {
                fields.put(lack.name(), "${item}");
            }
        }
        if (fields.isEmpty() && item instanceof Type.Struct(var parts, _)) {
            Variant.inputs(offer)
                    .forEach((name, field) -> {
                        var part = parts.get(name);
                        if (part != null && Type.fits(part.type(), field.type())) {
                            fields.put(name, "${" + Naming.field("item", name) + "}");
                        }
                    });
        }
        return fields;
    }
}
