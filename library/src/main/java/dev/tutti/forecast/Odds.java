package dev.tutti.forecast;

import java.util.SplittableRandom;

/// How attempts of one agent at one task go.
public interface Odds {

    /// How the attempts of one run go: what is not known of an agent is the same for all of them.
    Draw inOneRun(SplittableRandom dice);

    /// Where it is known from, a few words for people.
    String source();

    /// One attempt after the other.
    @FunctionalInterface
    interface Draw {
        Attempted next(SplittableRandom dice);
    }
}
