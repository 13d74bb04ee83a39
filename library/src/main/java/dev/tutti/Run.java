package dev.tutti;

import dev.tutti.core.event.RunId;
import dev.tutti.core.event.Status;
import dev.tutti.core.event.TenantId;
import dev.tutti.core.run.RunState;
import dev.tutti.runtime.engine.Runs;
import dev.tutti.runtime.journal.StreamId;
import java.time.Duration;
import java.util.Optional;

/// A run: an id and the way to what the journal says of it.
public final class Run {
    private final Tutti tutti;
    private final RunId id;

    Run(Tutti tutti, RunId id) {
        this.tutti = tutti;
        this.id = id;
    }

    public RunId id() {
        return id;
    }

    StreamId stream() {
        return StreamId.run(TenantId.LOCAL, id);
    }

    /// The run as it is on disk now.
    public Runs.Loaded load() {
        try (var reader = tutti.store().reader()) {
            return Runs.load(reader, stream());
        }
    }

    /// How it ended, or empty while it has not.
    public Optional<Result> result() {
        var state = load().state();
        return state.status().isFinal() ? Optional.of(result(state)) : Optional.empty();
    }

    /// Waits until it has ended. When the process that drives it is gone, this one takes over.
    public Result await() throws InterruptedException {
        while (true) {
            var result = tutti.awaitEnd(this, Duration.ofSeconds(1));
            if (result.isPresent()) {
                return result.get();
            }
        }
    }

    /// Waits until it has ended, `atMost` so long.
    public Optional<Result> await(Duration atMost) throws InterruptedException {
        return tutti.awaitEnd(this, atMost);
    }

    /// Ends it without a result.
    ///
    /// @throws Refusal when it has ended already
    public void cancel(String reason) throws InterruptedException {
        tutti.cancel(this, reason);
    }

    static Result result(RunState state) {
        var ending = state.ending();
        return new Result(
                state.status(),
                state.output(),
                state.status() == Status.SUCCEEDED || ending == null ? null : ending.reason(),
                ending == null ? null : ending.failure(),
                state.usage());
    }
}
