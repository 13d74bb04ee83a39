package dev.tutti.server.workers;

import dev.tutti.core.event.Agent;
import dev.tutti.core.event.Outcome;
import dev.tutti.runtime.agent.Attempt;
import java.util.concurrent.CompletableFuture;

/// An attempt that somebody elsewhere is to perform.
public final class Work {
    private final Attempt attempt;
    private final Agent agent;
    private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    private final CompletableFuture<Void> kept = new CompletableFuture<>();

    Work(Attempt attempt, Agent agent) {
        this.attempt = attempt;
        this.agent = agent;
    }

    public Attempt attempt() {
        return attempt;
    }

    public Agent agent() {
        return agent;
    }

    /// What the worker reported; [Attempt.Lost] when it is gone.
    CompletableFuture<Outcome> outcome() {
        return outcome;
    }

    /// There when the result is on disk; cancelled when nobody wants it any more.
    CompletableFuture<Void> kept() {
        return kept;
    }
}
