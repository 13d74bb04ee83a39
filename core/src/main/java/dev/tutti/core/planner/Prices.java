package dev.tutti.core.planner;

import dev.tutti.core.planner.Problem.Worth;

/// What a use of a skill counts, in whole units, so that sums are exact and the same everywhere.
interface Prices {

    /// Units to the dollar.
    double UNITS = 1e7;

    /// More than this is not told apart; thousands of it can still be added up.
    long MOST = 1L << 48;

    /// What is added up over all steps. At least 1: of equally good plans, the shorter.
    long cost(Variant variant);

    /// What is added up along the longest path.
    long time(Variant variant);

    static double dollars(long units) {
        return units / UNITS;
    }

    private static long units(double dollars) {
        return (long) Math.min(Math.rint(dollars * UNITS), MOST);
    }

    /// Money, time and failures by their worth.
    record ByWorth(Worth worth) implements Prices {
        @Override
        public long cost(Variant variant) {
            var estimate = variant.estimate();
            double failures = -Math.log(estimate.success()) * worth.failure();
            return 1 + units((estimate.usd() + failures) * variant.uses(worth.items()));
        }

        @Override
        public long time(Variant variant) {
            return units(variant.estimate().seconds() * worth.second());
        }
    }
}
