package dev.tutti.core.planner;

import dev.tutti.core.event.Skill;
import dev.tutti.core.event.SkillId;
import dev.tutti.core.event.Type;
import dev.tutti.core.planner.Problem.Estimate;
import dev.tutti.core.planner.Problem.Fact;
import dev.tutti.core.planner.Problem.Offer;
import dev.tutti.core.planner.Problem.Worth;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.SequencedMap;
import java.util.Set;

/// Problems drawn from a seed: the same seed, the same problem.
final class RandomProblems {
    private static final List<Type> ODD =
            List.of(Type.Scalar.INT, Type.Scalar.NUMBER, Type.Any.ANY);

    private static final Type TEXTS = new Type.ListOf(Type.Scalar.STRING);

    private final Random random;

    RandomProblems(long seed) {
        random = new Random(seed);
    }

    /// Few enough skills to try all sets of them, with cycles, several ways to most facts, types
    /// that do not go together, and in some no plan.
    Problem small() {
        int names = 6 + random.nextInt(3);
        var offers = new ArrayList<Offer>();
        int skills = 7 + random.nextInt(4);
        for (int i = 0; i < skills; i++) {
            // Most lead from facts to later ones, some back.
            int lead = random.nextInt(5) > 0 ? 1 + random.nextInt(names - 1) : names;
            var input = fields(1 + random.nextInt(3), lead);
            var output = fields(random.nextInt(2), names);
            output.put("f" + Math.min(lead, random.nextInt(names)), Type.Field.required(type()));
            output.put("f" + lead % names, Type.Field.required(type()));
            offers.add(offer("s" + i, input, output));
        }
        var known = new ArrayList<Fact>();
        for (int i = 0; i <= 1 + random.nextInt(2); i++) {
            known.add(new Fact("f" + i, Type.Scalar.STRING, "${input.f" + i + "}"));
        }
        var wanted = new LinkedHashMap<String, Type>();
        for (int i = 0; i < 1 + random.nextInt(2); i++) {
            wanted.put(
                    "f" + (names - 1 - i),
                    random.nextBoolean() ? Type.Any.ANY : Type.Scalar.STRING);
        }
        return new Problem(known, wanted, offers, List.of(), worth(), List.of());
    }

    /// Few enough uses of skills to try all sets of them, some of lists: what is known as a list is
    /// taken one by one by some skills and as a whole by others.
    Problem lists() {
        int names = 6;
        var offers = new ArrayList<Offer>();
        int skills = 5 + random.nextInt(3);
        for (int i = 0; i < skills; i++) {
            int lead = 1 + random.nextInt(names - 1);
            var input = new LinkedHashMap<String, Type.Field>();
            for (int more = 1 + random.nextInt(2); more > 0; more--) {
                int name = random.nextInt(lead);
                if (random.nextInt(3) == 0) {
                    input.put("f" + name + "s", Type.Field.required(TEXTS));
                } else {
                    input.put("f" + name, Type.Field.required(Type.Scalar.STRING));
                }
            }
            var output = new LinkedHashMap<String, Type.Field>();
            output.put("f" + lead, Type.Field.required(Type.Scalar.STRING));
            offers.add(offer("s" + i, input, output));
        }
        var known = new ArrayList<Fact>();
        known.add(Fact.input("f0s", TEXTS));
        known.add(
                random.nextBoolean()
                        ? Fact.input("f1", Type.Scalar.STRING)
                        : Fact.input("f1", TEXTS));
        var wanted = new LinkedHashMap<String, Type>();
        int want = names - 1 - random.nextInt(2);
        wanted.put("f" + want + (random.nextBoolean() ? "s" : ""), Type.Any.ANY);
        return new Problem(known, wanted, offers, List.of(), worth(), List.of());
    }

    /// Facts in layers: a skill builds on one to three facts of lower layers, one of them of the
    /// layer just below, so that no plan is less deep than there are layers.
    Problem deep(int skills, int layers, int width) {
        var offers = new ArrayList<Offer>();
        for (int i = 0; i < skills; i++) {
            int layer = 1 + i % layers;
            var input = new LinkedHashSet<String>();
            input.add(fact(layer - 1, width));
            for (int more = random.nextInt(3); more > 0; more--) {
                input.add(fact(Math.max(0, layer - 1 - random.nextInt(3)), width));
            }
            var output = new LinkedHashSet<String>();
            // Every fact of a layer is yielded by somebody.
            output.add("f" + layer + "_" + (i / layers) % width);
            if (random.nextInt(3) == 0) {
                output.add(fact(layer, width));
            }
            offers.add(offer("s" + i, strings(input), strings(output)));
        }
        Collections.shuffle(offers, random);
        var known = new ArrayList<Fact>();
        for (int i = 0; i < width; i++) {
            known.add(new Fact("f0_" + i, Type.Scalar.STRING, "${input.f0_" + i + "}"));
        }
        var wanted = new LinkedHashMap<String, Type>();
        wanted.put(fact(layers, width), Type.Scalar.STRING);
        return new Problem(known, wanted, offers, List.of(), Worth.DEFAULT, List.of());
    }

    private String fact(int layer, int width) {
        return "f" + layer + "_" + random.nextInt(width);
    }

    private Offer offer(
            String name,
            SequencedMap<String, Type.Field> input,
            SequencedMap<String, Type.Field> output) {
        return new Offer(
                new Skill(
                        new SkillId(name),
                        new Type.Struct(input, false),
                        new Type.Struct(output, false)),
                estimate());
    }

    private Estimate estimate() {
        return new Estimate(
                random.nextInt(8) == 0 ? 0 : 0.001 * Math.exp(3 * random.nextDouble()),
                random.nextInt(8) == 0 ? 0 : Math.exp(4 * random.nextDouble()),
                random.nextInt(4) == 0 ? 1 : 0.7 + 0.3 * random.nextDouble());
    }

    private Worth worth() {
        return switch (random.nextInt(4)) {
            case 0 -> new Worth(0, 0.1, 8);
            case 1 -> new Worth(0.1, 0, 8);
            default -> new Worth(0.0005, 0.05, 8);
        };
    }

    private SequencedMap<String, Type.Field> fields(int count, int names) {
        var fields = new LinkedHashMap<String, Type.Field>();
        for (int i = 0; i < count; i++) {
            fields.put("f" + random.nextInt(names), Type.Field.required(type()));
        }
        return fields;
    }

    private Type type() {
        return random.nextInt(5) > 0 ? Type.Scalar.STRING : ODD.get(random.nextInt(ODD.size()));
    }

    private static SequencedMap<String, Type.Field> strings(Set<String> names) {
        var fields = new LinkedHashMap<String, Type.Field>();
        names.forEach(name -> fields.put(name, Type.Field.required(Type.Scalar.STRING)));
        return fields;
    }
}
