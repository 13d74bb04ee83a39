package dev.tutti.core.synthesis;

/// A way to find the right answers, and who gives them, from nothing but the ballots.
public sealed interface Estimator permits Majority, OneCoin, DawidSkene {

    /// The most rounds before it is taken as it is.
    int MOST_ROUNDS = 100;

    /// A round that moves no probability by more than this is the last.
    double SETTLED = 1e-4;

    Estimate estimate(Ballots ballots);
}
