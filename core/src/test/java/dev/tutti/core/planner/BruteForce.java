package dev.tutti.core.planner;

import dev.tutti.core.event.Type;
import dev.tutti.core.planner.Problem.Fact;
import dev.tutti.core.planner.Problem.Offer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.IntStream;

/// Tries every set of uses of skills. Shares nothing with the search but what it is asked.
final class BruteForce {
    private final Problem problem;
    private final Set<Use> uses = new LinkedHashSet<>();

    /// A name and a type.
    private record Thing(String name, Type type) {
        boolean serves(Thing wanted) {
            return name.equals(wanted.name) && Type.fits(type, wanted.type);
        }
    }

    /// A skill used once, or for each item of a list.
    private record Use(List<Thing> needs, List<Thing> gives, double cost, double seconds) {}

    private BruteForce(Problem problem) {
        this.problem = problem;
        problem.offers().forEach(offer -> uses.add(once(offer)));
        while (uses.addAll(forItems())) {}
    }

    /// The value of the best plan; empty when there is none.
    static OptionalDouble best(Problem problem) {
        return new BruteForce(problem).best();
    }

    /// How many ways to use skills there are.
    static int uses(Problem problem) {
        return new BruteForce(problem).uses.size();
    }

    private OptionalDouble best() {
        var all = List.copyOf(uses);
        var things = new ArrayList<>(new LinkedHashSet<>(things(all)));
        int[][] given = new int[all.size()][];
        int[][][] needed = new int[all.size()][][];
        for (int i = 0; i < all.size(); i++) {
            given[i] = all.get(i).gives().stream().mapToInt(things::indexOf).toArray();
            needed[i] =
                    all.get(i).needs().stream().map(n -> serving(things, n)).toArray(int[][]::new);
        }
        int[][] wanted =
                problem.wanted().entrySet().stream()
                        .map(want -> serving(things, new Thing(want.getKey(), want.getValue())))
                        .toArray(int[][]::new);
        double best = Double.POSITIVE_INFINITY;
        for (int set = 0; set < 1 << all.size(); set++) {
            double value = 0;
            for (int i = 0; i < all.size(); i++) {
                value += (set >> i & 1) == 1 ? all.get(i).cost() : 0;
            }
            if (value < best) {
                double[] times = new double[things.size()];
                Arrays.fill(times, problem.known().size(), times.length, Double.POSITIVE_INFINITY);
                for (boolean changed = true; changed; ) {
                    changed = false;
                    for (int i = 0; i < all.size(); i++) {
                        double end = all.get(i).seconds() + latest(times, needed[i]);
                        for (int thing : given[i]) {
                            if ((set >> i & 1) == 1 && end < times[thing]) {
                                times[thing] = end;
                                changed = true;
                            }
                        }
                    }
                }
                double finish = latest(times, wanted);
                if (Double.isFinite(finish)) {
                    best = Math.min(best, value + problem.worth().second() * finish);
                }
            }
        }
        return Double.isInfinite(best) ? OptionalDouble.empty() : OptionalDouble.of(best);
    }

    /// What is known, and then what any use gives.
    private List<Thing> things(List<Use> all) {
        var things = new ArrayList<Thing>();
        problem.known().forEach(fact -> things.add(new Thing(fact.name(), fact.type())));
        all.forEach(use -> things.addAll(use.gives()));
        return things;
    }

    private static int[] serving(List<Thing> things, Thing wanted) {
        return IntStream.range(0, things.size())
                .filter(i -> things.get(i).serves(wanted))
                .toArray();
    }

    /// When all of them are there, each by the first thing that serves.
    private static double latest(double[] times, int[][] needs) {
        double latest = 0;
        for (int[] serving : needs) {
            double first = Double.POSITIVE_INFINITY;
            for (int thing : serving) {
                first = Math.min(first, times[thing]);
            }
            latest = Math.max(latest, first);
        }
        return latest;
    }

    /// When each thing is there, by these uses.
    private Map<Thing, Double> times(Iterable<Use> chosen) {
        var times = new LinkedHashMap<Thing, Double>();
        for (Fact fact : problem.known()) {
            times.put(new Thing(fact.name(), fact.type()), 0.0);
        }
        for (boolean changed = true; changed; ) {
            changed = false;
            for (var use : chosen) {
                double end = use.seconds();
                for (var need : use.needs()) {
                    end = Math.max(end, at(times, need) + use.seconds());
                }
                for (var given : use.gives()) {
                    if (end < times.getOrDefault(given, Double.POSITIVE_INFINITY)) {
                        times.put(given, end);
                        changed = true;
                    }
                }
            }
        }
        return times;
    }

    private static double at(Map<Thing, Double> times, Thing wanted) {
        double at = Double.POSITIVE_INFINITY;
        for (var time : times.entrySet()) {
            if (time.getKey().serves(wanted)) {
                at = Math.min(at, time.getValue());
            }
        }
        return at;
    }

    private static List<Thing> fields(Type type) {
        return ((Type.Struct) type)
                .fields().entrySet().stream()
                        .map(field -> new Thing(field.getKey(), field.getValue().type()))
                        .toList();
    }

    private Use once(Offer offer) {
        var skill = offer.skill();
        return new Use(
                fields(skill.input()),
                fields(skill.output()),
                cost(offer),
                offer.estimate().seconds());
    }

    private double cost(Offer offer) {
        return offer.estimate().usd()
                - problem.worth().failure() * Math.log(offer.estimate().success());
    }

    /// Uses for items of lists of texts, by skills that take one and find none. The problems here
    /// have names that end in no s.
    private Set<Use> forItems() {
        var times = times(uses);
        var found = new LinkedHashSet<Use>();
        for (var offer : problem.offers()) {
            for (var need : fields(offer.skill().input())) {
                if (Double.isFinite(at(times, need))) {
                    continue;
                }
                for (var list : times.keySet()) {
                    if (list.type() instanceof Type.ListOf(var item)
                            && Arrays.asList(need.name(), need.name() + "s").contains(list.name())
                            && Type.fits(item, need.type())) {
                        found.add(forItems(offer, need, list));
                    }
                }
            }
        }
        return found;
    }

    private Use forItems(Offer offer, Thing need, Thing list) {
        var needs = new ArrayList<>(fields(offer.skill().input()));
        needs.remove(need);
        needs.add(list);
        var gives = new ArrayList<Thing>();
        for (var one : fields(offer.skill().output())) {
            gives.add(new Thing(one.name(), new Type.ListOf(one.type())));
            gives.add(new Thing(one.name() + "s", new Type.ListOf(one.type())));
            gives.add(new Thing(one.name() + "s", new Type.ListOf(offer.skill().output())));
        }
        return new Use(
                needs, gives, cost(offer) * problem.worth().items(), offer.estimate().seconds());
    }
}
