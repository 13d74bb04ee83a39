package dev.tutti.core.planner;

import dev.tutti.core.event.Skill;
import dev.tutti.core.event.Type;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// What a plan is wanted for.
///
/// A fact is known by its name: the output field `report` of one skill is what the input field
/// `report` of another asks for, if their types go together ([Type#fits]).
///
/// @param known what there is; of several facts with one name, the first that fits is taken
/// @param wanted the facts that the plan is to yield, by name; [Type.Any] where any type will do
/// @param offers what can be done
/// @param unoffered skills that are declared but that nobody has: never part of a plan, only of the
///   explanation why there is none
/// @param worth what time and failures count beside money
/// @param taken names that no step may have
public record Problem(
        List<Fact> known,
        SequencedMap<String, Type> wanted,
        List<Offer> offers,
        List<Skill> unoffered,
        Worth worth,
        List<String> taken) {

    public Problem {
        known = List.copyOf(known);
        wanted = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(wanted));
        offers = List.copyOf(offers);
        unoffered = List.copyOf(unoffered);
        taken = List.copyOf(taken);
    }

    /// Something known.
    ///
    /// @param expression the template that yields it, such as `${input.topic}`
    public record Fact(String name, Type type, String expression) {

        /// An input of the run.
        public static Fact input(String name, Type type) {
            return new Fact(name, type, "${" + Naming.field("input", name) + "}");
        }

        /// What a task yields that uses a skill.
        ///
        /// @param each whether it does so for each item of a list
        public static List<Fact> yieldedBy(String task, Skill skill, boolean each) {
            return Variant.yields(skill, each).stream()
                    .map(yield -> new Fact(yield.name(), yield.type(), yield.expression(task)))
                    .toList();
        }
    }

    /// A skill that somebody has, and what one use of it is expected to take.
    public record Offer(Skill skill, Estimate estimate) {}

    /// What one use of a skill is expected to take.
    ///
    /// @param usd dollars, 0 to a million
    /// @param seconds 0 to a hundred million
    /// @param success how likely it succeeds, above 0 and at most 1
    public record Estimate(double usd, double seconds, double success) {
        /// For a skill of which nothing is known.
        public static final Estimate UNKNOWN = new Estimate(0.01, 10, 0.95);

        private static final double MOST_USD = 1e6;
        private static final double MOST_SECONDS = 1e8;

        public Estimate {
            if (!(usd >= 0 && usd <= MOST_USD)) {
                throw new IllegalArgumentException("a cost of " + usd + " dollars");
            }
            if (!(seconds >= 0 && seconds <= MOST_SECONDS)) {
                throw new IllegalArgumentException("a duration of " + seconds + " seconds");
            }
            if (!(success > 0 && success <= 1)) {
                throw new IllegalArgumentException("a chance of success of " + success);
            }
        }
    }

    /// What counts how much. A plan's value is its dollars, the seconds of its longest path times
    /// [#second], and the negative logarithm of its chance of success times [#failure]: the less
    /// the better.
    ///
    /// @param second dollars that a second of waiting is worth
    /// @param failure dollars that an expected failure costs
    /// @param items how many items a list is taken to have where a skill is used for each
    public record Worth(double second, double failure, int items) {
        public static final Worth DEFAULT = new Worth(0.001, 0.1, 8);

        private static final double MOST = 1e3;
        private static final int MOST_ITEMS = 10_000;

        public Worth {
            if (!(second >= 0 && second <= MOST)) {
                throw new IllegalArgumentException("a second worth " + second + " dollars");
            }
            if (!(failure >= 0 && failure <= MOST)) {
                throw new IllegalArgumentException("a failure worth " + failure + " dollars");
            }
            if (items < 1 || items > MOST_ITEMS) {
                throw new IllegalArgumentException("lists of " + items + " items");
            }
        }

        /// What one use counts in all, in dollars.
        public double of(Estimate estimate) {
            return estimate.usd()
                    + second * estimate.seconds()
                    - failure * Math.log(estimate.success());
        }

        /// The estimate that counts least; there is at least one.
        public Estimate best(List<Estimate> estimates) {
            return Collections.min(estimates, Comparator.comparingDouble(this::of));
        }
    }
}
