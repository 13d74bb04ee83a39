package dev.tutti.server.api;

import dev.tutti.server.http.Problem;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;

/// Refuses what cannot be done soon, early: a request that would wait behind too many others, and a
/// run more than can be under way.
public final class Admission {
    /// Requests that wait for the disk at once.
    private static final int MOST_WAITING = 32;

    private final Semaphore places = new Semaphore(MOST_WAITING);
    private final AtomicInteger beginning = new AtomicInteger();
    private final IntSupplier underWay;
    private final Runnable begun;
    private final int mostRuns;
    private volatile boolean draining;

    /// @param underWay how many runs have not ended
    /// @param begun told of each that begins
    /// @param mostRuns how many may be
    public Admission(IntSupplier underWay, Runnable begun, int mostRuns) {
        this.underWay = underWay;
        this.begun = begun;
        this.mostRuns = mostRuns;
    }

    /// Lets nothing more in: the server is about to end.
    public void drain() {
        draining = true;
    }

    /// Whether nothing more is let in.
    public boolean isDraining() {
        return draining;
    }

    /// Something that is asked of a run.
    interface Asked<T> {
        T ask() throws InterruptedException;
    }

    /// Asks it, if there is a place.
    <T> T admit(Asked<T> asked) throws InterruptedException {
        if (draining) {
            throw Problem.draining();
        }
        if (!places.tryAcquire()) {
            throw busy("too much is asked at once");
        }
        try {
            return asked.ask();
        } finally {
            places.release();
        }
    }

    /// Begins a run, if one more may be under way.
    <T> T admitRun(Asked<T> begin) throws InterruptedException {
        if (underWay.getAsInt() + beginning.get() >= mostRuns) {
            throw busy(mostRuns + " runs are under way, and no more may be");
        }
        beginning.incrementAndGet();
        try {
            var answer = admit(begin);
            begun.run();
            return answer;
        } finally {
            beginning.decrementAndGet();
        }
    }

    private static Problem busy(String why) {
        return new Problem(429, "busy", why + "; ask again in a moment");
    }
}
