package dev.tutti.server.workers;

/// A piece of work in the hands of a worker, for as long as it shows signs of life.
public final class Lease implements Given {
    private final String id;
    private final Work work;
    private final Worker worker;
    private State state = State.HELD;
    private long until;

    /// What became of it. Each but the first has one answer to whoever still comes with it.
    public enum State {
        HELD,
        /// Its result was accepted.
        ENDED,
        /// It was not renewed in time; the work counts as crashed and is given to another.
        EXPIRED,
        /// The run no longer wants the result.
        OVER
    }

    Lease(String id, Work work, Worker worker, long until) {
        this.id = id;
        this.work = work;
        this.worker = worker;
        this.until = until;
    }

    @Override
    public String id() {
        return id;
    }

    public Work work() {
        return work;
    }

    Worker worker() {
        return worker;
    }

    State state() {
        return state;
    }

    void become(State next, long at) {
        state = next;
        until = at;
    }

    /// When it ends unless it is renewed, or, once it has ended, when that was.
    long until() {
        return until;
    }

    void renew(long next) {
        until = next;
    }
}
