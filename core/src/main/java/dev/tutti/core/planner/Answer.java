package dev.tutti.core.planner;

import dev.tutti.core.event.SkillId;
import dev.tutti.core.event.Type;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// What a search came to.
public sealed interface Answer {

    /// A plan.
    ///
    /// @param steps each after those that it waits for
    /// @param yields for each wanted fact the template that yields it
    /// @param value what the plan is worth, in dollars by [Problem.Worth]; the less the better
    /// @param bound no plan can have less than this
    record Found(List<Step> steps, SequencedMap<String, String> yields, double value, double bound)
            implements Answer {
        public Found {
            steps = List.copyOf(steps);
            yields = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(yields));
        }

        /// Whether it is certain that there is no better plan.
        public boolean optimal() {
            return bound >= value;
        }

        /// How much worse than the best plan this can be at most, as a share of the bound; 0 where
        /// it is the best.
        public double gap() {
            return optimal() ? 0 : (value - bound) / Math.max(bound, 1e-9);
        }

        public double usd() {
            return steps.stream().mapToDouble(Step::usd).sum();
        }

        /// The seconds of the longest path.
        public double seconds() {
            var ends = new LinkedHashMap<String, Double>();
            for (var step : steps) {
                double start =
                        step.after().stream()
                                .mapToDouble(name -> ends.getOrDefault(name, 0.0))
                                .max()
                                .orElse(0);
                ends.put(step.name(), start + step.seconds());
            }
            return ends.values().stream().mapToDouble(end -> end).max().orElse(0);
        }

        /// How likely it is that every step succeeds, each tried once.
        public double success() {
            return steps.stream().mapToDouble(Step::success).reduce(1, (a, b) -> a * b);
        }
    }

    /// There is no plan.
    ///
    /// @param missing the smallest set of facts that would make one possible
    /// @param skills skills that are declared and would help, if an agent had them
    /// @param then the skills that a plan would use then, in order
    /// @param producible what can be had from what is known, nearest to what is missing first
    record None(
            List<Missing> missing,
            List<SkillId> skills,
            List<SkillId> then,
            List<String> producible)
            implements Answer {
        public None {
            missing = List.copyOf(missing);
            skills = List.copyOf(skills);
            then = List.copyOf(then);
            producible = List.copyOf(producible);
        }
    }

    /// A fact that nothing yields.
    ///
    /// @param neededBy the skills that need it; empty where it is itself what is wanted
    /// @param instead what is there under its name but of another type, or a name that looks like
    ///   it; empty where there is neither
    record Missing(String name, Type type, List<SkillId> neededBy, String instead) {
        public Missing {
            neededBy = List.copyOf(neededBy);
        }
    }
}
