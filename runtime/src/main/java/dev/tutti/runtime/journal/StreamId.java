package dev.tutti.runtime.journal;

import dev.tutti.core.event.RunId;
import dev.tutti.core.event.TenantId;

/// Names a stream: a run, an attempt, or a topic of one tenant.
///
/// @param name `run/…`, `attempt/…` or `topic/…`
public record StreamId(TenantId tenant, String name) {
    private static final String RUN = "run/";

    public static StreamId run(TenantId tenant, RunId run) {
        return new StreamId(tenant, RUN + run.value());
    }

    public boolean isRun() {
        return name.startsWith(RUN);
    }

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
