package dev.tutti.agents.http;

import java.time.Duration;

/// Keeps calls from a service that is down: after so many failures one after another none is made
/// for a while, then one to see whether it is back.
final class Breaker {
    static final int MOST_FAILURES = 5;

    private final long openFor;
    private int failures;
    private long closedAgain;
    private boolean trying;

    Breaker(Duration openFor) {
        this.openFor = openFor.toNanos();
    }

    /// Whether a call may be made now.
    synchronized boolean allows() {
        if (failures < MOST_FAILURES) {
            return true;
        }
        if (trying || System.nanoTime() - closedAgain < 0) {
            return false;
        }
        trying = true;
        return true;
    }

    /// A call that was allowed has ended.
    ///
    /// @param wasDown whether the service was not there, or as good as that
    synchronized void ended(boolean wasDown) {
        trying = false;
        failures = wasDown ? Math.min(failures + 1, MOST_FAILURES) : 0;
        if (failures == MOST_FAILURES) {
            closedAgain = System.nanoTime() + openFor;
        }
    }

    /// A call that was allowed was given up and says nothing of the service.
    synchronized void givenUp() {
        trying = false;
    }
}
