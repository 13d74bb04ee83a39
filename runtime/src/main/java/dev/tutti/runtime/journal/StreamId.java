package dev.tutti.runtime.journal;

import dev.tutti.core.event.RunId;
import dev.tutti.core.event.TenantId;

/// Names a stream: a run, an attempt, or a topic of one tenant.
///
/// @param name `run/…`, `attempt/…` or `topic/…`
public record StreamId(TenantId tenant, String name) {
    private static final String RUN = "run/";
    private static final String ATTEMPT = "attempt/";

    public static StreamId run(TenantId tenant, RunId run) {
        return new StreamId(tenant, RUN + run.value());
    }

    /// The steps of an attempt of a run, and of those that go on from it.
    ///
    /// @param token of the first of them
    public static StreamId attempt(StreamId run, long token) {
        return new StreamId(run.tenant, ATTEMPT + run.run().value() + "/" + token);
    }

    public boolean isRun() {
        return name.startsWith(RUN);
    }

    public boolean isAttempt() {
        return name.startsWith(ATTEMPT);
    }

    /// The stream of the run that these are steps of, and its first attempt here.
    ///
    /// @throws IllegalStateException when it is another kind of stream
    public OfAttempt attempt() {
        int end = name.lastIndexOf('/');
        if (!isAttempt() || end < ATTEMPT.length()) {
            throw new IllegalStateException(name + " is not the stream of an attempt");
        }
        return new OfAttempt(
                new StreamId(tenant, RUN + name.substring(ATTEMPT.length(), end)),
                Long.parseLong(name.substring(end + 1)));
    }

    /// Whose steps a stream has.
    ///
    /// @param token of the first attempt
    public record OfAttempt(StreamId run, long token) {}

    /// The run that this is the stream of.
    ///
    /// @throws IllegalStateException when it is another kind of stream
    public RunId run() {
        if (!isRun()) {
            throw new IllegalStateException(name + " is not the stream of a run");
        }
        return new RunId(name.substring(RUN.length()));
    }

    @Override
    public String toString() {
        return tenant + ":" + name;
    }
}
