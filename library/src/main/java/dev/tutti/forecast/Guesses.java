package dev.tutti.forecast;

import java.time.Duration;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// What whoever asks takes for granted where nothing is on record.
///
/// @param of by task: how wide its fan-out is, or the share of runs in which its condition holds
/// @param person how long people take to answer, with yes; null for never
public record Guesses(Map<String, Range> of, @Nullable Duration person) {
    /// No guesses.
    public static final Guesses NONE = new Guesses(Map.of(), null);

    /// Items of a fan-out of which nothing is known.
    static final Range WIDTH = new Range(5, 5);

    public Guesses {
        of = Map.copyOf(of);
    }

    /// Anything between two numbers, each as likely.
    public record Range(double least, double most) {
        public Range {
            if (!(least >= 0 && least <= most && most <= 1_000_000)) {
                throw new IllegalArgumentException("a range from " + least + " to " + most);
            }
        }

        int whole(SplittableRandom dice) {
            return (int) Math.floor(least + dice.nextDouble() * (Math.floor(most) - least + 1));
        }

        boolean happens(SplittableRandom dice) {
            double share = least + dice.nextDouble() * (most - least);
            return dice.nextDouble() < share;
        }
    }
}
