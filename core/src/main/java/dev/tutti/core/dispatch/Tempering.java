package dev.tutti.core.dispatch;

import dev.tutti.core.event.Bid;
import java.time.Duration;

/// Corrects what agents say of themselves by what their earlier bids were worth.
///
/// What was seen is divided by what was claimed, both with a prior weight added, so that one who
/// never bid is believed and one who bid often is known: the empirical Bayes estimate of a ratio of
/// observed to expected counts (Clayton and Kaldor, *Empirical Bayes Estimates of Age-Standardized
/// Relative Risks for Use in Disease Mapping*, Biometrics 43, 1987), with a gamma prior of mean 1.
/// An agent that claims 0.9 and succeeds in four of ten comes to be taken for 0.4.
public final class Tempering {
    /// How many tasks being believed counts for.
    public static final double WEIGHT = 4;

    private static final double LEAST = 0.001;
    private static final double MOST_SLOWNESS = 1_000;

    private Tempering() {}

    /// What the bid is likely to come to. The price is a price: it is not corrected.
    public static Bid temper(Bid bid, PastBids past) {
        double success = (WEIGHT + past.accepted()) / (WEIGHT + past.claimed());
        double slowness = (WEIGHT + past.slowness()) / (WEIGHT + past.timed());
        double confidence = Math.clamp(bid.confidence() * success, LEAST, 1);
        double seconds =
                bid.time().toMillis() / 1_000.0 * Math.clamp(slowness, LEAST, MOST_SLOWNESS);
        return new Bid(bid.price(), Duration.ofMillis(Math.round(seconds * 1_000)), confidence);
    }

    /// What a bid costs in dollars: its price, the time at what an hour costs, and the result that
    /// will not be accepted at what a result is worth. Less is better.
    ///
    /// @param hour dollars
    /// @param result dollars
    public static double cost(Bid bid, double hour, double result) {
        return bid.price().usd().doubleValue()
                + bid.time().toMillis() / 3_600_000.0 * hour
                + (1 - bid.confidence()) * result;
    }
}
