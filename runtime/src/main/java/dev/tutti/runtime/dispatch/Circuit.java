package dev.tutti.runtime.dispatch;

import dev.tutti.core.event.Event;
import dev.tutti.core.event.Failure;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Keeps tasks away from an agent that fails again and again: after some failures in a row it opens
/// for a while, then lets one attempt through to see (Nygard, Release It!, "Circuit Breaker"). Each
/// time that one fails, the while doubles.
public final class Circuit {
    /// Failures in a row that open it.
    public static final int MOST_FAILURES = 5;

    private static final Duration FIRST = Duration.ofSeconds(5);
    private static final Duration LONGEST = Duration.ofMinutes(5);

    /// What an event tells of the agent whose attempt it ends.
    ///
    /// @param token of the attempt
    public record Told(long token, boolean well) {

        /// Empty for an event that says nothing of an agent.
        public static Optional<Told> of(Event event) {
            return switch (event) {
                case Event.ResultAccepted e -> Optional.of(new Told(e.token(), true));
                case Event.ResultProposed e -> Optional.of(new Told(e.token(), true));
                case Event.Iterated e -> Optional.of(new Told(e.token(), true));
                case Event.HandedOver e -> Optional.of(new Told(e.token(), true));
                case Event.AttemptEnded e
                        when e.failure() instanceof Failure.Transient
                                || e.failure() instanceof Failure.TimedOut ->
                        Optional.of(new Told(e.token(), false));
                default -> Optional.empty();
            };
        }
    }

    private int failures;
    private int openings;
    private @Nullable Instant openUntil;

    /// Whether an attempt may begin now, when `underWay` others have not ended.
    boolean lets(Instant now, int underWay) {
        return openUntil == null || (!now.isBefore(openUntil) && underWay == 0);
    }

    /// Until when it is open, or null where it is closed. Once that has passed, one attempt is let
    /// through to see.
    public @Nullable Instant openUntil() {
        return openUntil;
    }

    /// Something became of an attempt of the agent.
    public void note(Told told, Instant now) {
        if (told.well()) {
            succeeded();
        } else {
            failed(now);
        }
    }

    void succeeded() {
        failures = 0;
        openings = 0;
        openUntil = null;
    }

    void failed(Instant now) {
        failures++;
        if (openUntil != null || failures >= MOST_FAILURES) {
            var pause = FIRST.multipliedBy(1L << Math.min(openings, 10));
            openUntil = now.plus(pause.compareTo(LONGEST) > 0 ? LONGEST : pause);
            openings++;
        }
    }
}
