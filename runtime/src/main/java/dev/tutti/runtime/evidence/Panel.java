package dev.tutti.runtime.evidence;

import dev.tutti.core.event.Choosing;
import dev.tutti.core.goal.Terms;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The agents that could do the same, and how good each would be.
///
/// Learned dispatch is Thompson sampling: of each agent a value is drawn from what is believed of
/// it, and the best draw wins. So one is tried as often as it may be the best: often while little
/// is known, and hardly ever once it is known to be worse.
public final class Panel {
    /// How far draws are off what is expected, compared with what is believed: at first nearly as
    /// far, and nearer as decisions are made. With thousands of tasks to come and not millions, to
    /// be quite sure costs more than it gives (Chapelle and Li, An Empirical Evaluation of Thompson
    /// Sampling, NeurIPS 2011, section 3).
    private static final double FIRST = 0.8;

    private static final double LAST = 0.24;

    /// Decisions after which it is half way between.
    private static final double HALF_WAY = 500;

    /// Decisions over which the share that explored is measured.
    private static final double WINDOW = 100;

    private static final double SECONDS_AN_HOUR = 3_600;

    /// Less than this comes of rounding.
    private static final double NOTHING = 1e-12;

    /// Scores that are told exactly, of the best. Of others it may be only that they are less.
    public static final int EXACT = 8;

    private final Standing[] standings;
    private final Kinds kinds;
    private final Draws draws;
    private final double[] foremost = new double[EXACT];
    private double explored;
    private long decisions;
    private int shifts;

    /// The kinds of the task that was decided upon last.
    private double[] latest = Kinds.NONE;

    Panel(List<Standing> standings, Kinds kinds, Draws draws) {
        this.standings = standings.toArray(Standing[]::new);
        this.kinds = kinds;
        this.draws = draws;
    }

    /// How the agent at a place of the panel stands.
    public Standing standing(int place) {
        return standings[place];
    }

    /// Chooses one of those that are free.
    ///
    /// @param scores is given everyone's score, greater is better; negative infinity for some that
    ///   are not among the best [#EXACT]
    /// @return who, as a place in the panel; -1 where nobody is free
    public int choose(
            Terms.Way way, Terms.Worth worth, Content content, boolean[] free, double[] scores) {
        switch (way) {
            case LEARNED -> {
                return learned(worth, content, free, scores);
            }
            case BEST -> {
                kinds.learn(content);
                latest = kinds.of(content);
                values(worth, latest, scores);
            }
            case CHEAPEST -> {
                for (int i = 0; i < standings.length; i++) {
                    scores[i] = -standings[i].usd();
                }
            }
            case FASTEST -> {
                for (int i = 0; i < standings.length; i++) {
                    scores[i] = -standings[i].seconds();
                }
            }
            case ROUND_ROBIN, NAMED, CUSTOM, AUCTION, CLAIM -> {
                for (int i = 0; i < standings.length; i++) {
                    scores[i] = 1 - (double) i / standings.length;
                }
            }
        }
        return best(scores, free);
    }

    private void values(Terms.Worth worth, double[] of, double[] values) {
        double result = worth.result().usd().doubleValue();
        double second = worth.hour().usd().doubleValue() / SECONDS_AN_HOUR;
        for (int i = 0; i < standings.length; i++) {
            var one = standings[i];
            double costs = second == 0 ? one.usd() : one.usd() + one.seconds() * second;
            values[i] = costs == 0 ? one.expected(of) : one.expected(of) - costs / result;
        }
    }

    /// What the score of one was made of when the latest choice was made; null where it is one
    /// thing.
    ///
    /// @param place in the panel
    public Choosing.@Nullable Parts parts(
            Terms.Way way, Terms.Worth worth, int place, double score) {
        if (way != Terms.Way.LEARNED && way != Terms.Way.BEST) {
            return null;
        }
        var one = standings[place];
        double result = worth.result().usd().doubleValue();
        double second = worth.hour().usd().doubleValue() / SECONDS_AN_HOUR;
        double success = one.expected(latest);
        double costs = (one.usd() + one.seconds() * second) / result;
        double drawn = score - (success - costs);
        return new Choosing.Parts(
                success, one.usd(), one.seconds(), costs, Math.abs(drawn) < NOTHING ? 0 : drawn);
    }

    private int learned(Terms.Worth worth, Content content, boolean[] free, double[] scores) {
        kinds.learn(content);
        var of = kinds.of(content);
        latest = of;
        values(worth, of, scores);
        int known = best(scores, free);
        if (known < 0) {
            return known;
        }
        var values = explored > worth.explore() * WINDOW ? scores.clone() : null;
        if (shifts != kinds.shifts()) {
            shifts = kinds.shifts();
            decisions = 0;
        }
        double width = LAST + (FIRST - LAST) * HALF_WAY / (HALF_WAY + decisions++);
        draw(width, of, free, scores);
        int drawn = best(scores, free);
        explored *= 1 - 1 / WINDOW;
        if (drawn == known) {
            return known;
        }
        if (values != null) {
            System.arraycopy(values, 0, scores, 0, values.length);
            return known;
        }
        explored++;
        return drawn;
    }

    /// Adds a draw to each score, where it may be among the best, [#EXACT] of all and one that is
    /// free. How surely something is believed takes hundreds of products to say where tasks are of
    /// many kinds, and most agents are out of the question whatever it is.
    private void draw(double width, double[] of, boolean[] free, double[] scores) {
        Arrays.fill(foremost, Double.NEGATIVE_INFINITY);
        double bestFree = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < standings.length; i++) {
            double normal = draws.next();
            double most = width * standings[i].mostDoubt() * Math.max(normal, 0);
            if (scores[i] + most < Math.min(foremost[0], bestFree)) {
                scores[i] = Double.NEGATIVE_INFINITY;
                continue;
            }
            scores[i] += width * standings[i].doubt(of) * normal;
            if (free[i]) {
                bestFree = Math.max(bestFree, scores[i]);
            }
            int at = 0;
            while (at < EXACT && foremost[at] < scores[i]) {
                if (at > 0) {
                    foremost[at - 1] = foremost[at];
                }
                foremost[at] = scores[i];
                at++;
            }
        }
    }

    private static int best(double[] scores, boolean[] free) {
        int best = -1;
        for (int i = 0; i < scores.length; i++) {
            if (free[i] && (best < 0 || scores[i] > scores[best])) {
                best = i;
            }
        }
        return best;
    }
}
