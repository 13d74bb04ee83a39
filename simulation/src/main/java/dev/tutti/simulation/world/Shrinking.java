package dev.tutti.simulation.world;

import java.util.List;
import java.util.function.Function;

/// Makes a failure small: the earliest calm and the fewest faults with which the same invariant
/// does not hold (after Zeller and Hildebrandt, "Simplifying and Isolating Failure-Inducing Input",
/// 2002: what does not matter is left out, one thing after the other, until nothing more can be).
public final class Shrinking {
    private static final int MOST_PLAYS = 120;

    private final Function<Scenario, Report> play;
    private final String invariant;
    private Report smallest;
    private int plays;

    private Shrinking(Function<Scenario, Report> play, Report failed) {
        this.play = play;
        invariant = failed.violations().getFirst().invariant();
        smallest = failed;
    }

    /// The smallest world found that fails as `failed` does.
    ///
    /// @param play plays a world
    public static Report of(Function<Scenario, Report> play, Report failed) {
        var shrinking = new Shrinking(play, failed);
        long before;
        do {
            before = shrinking.size();
            shrinking.cut();
            shrinking.leaveOut();
        } while (shrinking.size() < before && shrinking.plays < MOST_PLAYS);
        return shrinking.smallest;
    }

    private long size() {
        return smallest.scenario().horizon() * 100L
                + Fault.values().length
                - smallest.scenario().without().size();
    }

    /// Calm comes as early as it can.
    private void cut() {
        int fails = (int) Math.min(smallest.scenario().horizon(), smallest.steps());
        fails = tries(smallest.scenario().within(fails)) ? fails : smallest.scenario().horizon();
        int holds = 0;
        while (fails - holds > 1) {
            int middle = (fails + holds) / 2;
            if (tries(smallest.scenario().within(middle))) {
                fails = middle;
            } else {
                holds = middle;
            }
        }
    }

    /// Faults that do not matter are left out.
    private void leaveOut() {
        for (var fault : List.of(Fault.values())) {
            if (!smallest.scenario().without().contains(fault)) {
                boolean unused = !smallest.faults().containsKey(fault);
                var without = smallest.scenario().without(fault);
                if (unused || plays < MOST_PLAYS) {
                    tries(without);
                }
            }
        }
    }

    private boolean tries(Scenario scenario) {
        plays++;
        var report = play.apply(scenario);
        boolean fails =
                !report.violations().isEmpty()
                        && report.violations().getFirst().invariant().equals(invariant);
        if (fails) {
            smallest = report;
        }
        return fails;
    }
}
