package dev.tutti;

import dev.tutti.core.event.RunId;
import dev.tutti.core.event.Status;
import dev.tutti.core.event.TenantId;
import dev.tutti.core.event.Value;
import dev.tutti.core.history.Moment;
import dev.tutti.core.run.RunState;
import dev.tutti.core.run.Verb;
import dev.tutti.history.Moments;
import dev.tutti.history.Watch;
import dev.tutti.runtime.engine.Request;
import dev.tutti.runtime.engine.Runs;
import dev.tutti.runtime.journal.StreamId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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

    /// Its stream in the journal.
    public StreamId stream() {
        return StreamId.run(TenantId.LOCAL, id);
    }

    /// The run as it is on disk now.
    public Runs.Loaded load() {
        try (var reader = tutti.store().reader()) {
            return Runs.load(reader, stream());
        }
    }

    /// All that is on record of it now.
    List<Moment> moments() {
        try (var reader = tutti.store().reader()) {
            return Moments.of(reader, stream(), Watch.NOBODY);
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
        ask(Request.cancel(reason), null);
    }

    /// Changes its course.
    ///
    /// @param reason why; kept in the journal
    /// @throws Refusal when that makes no sense as the run stands
    public void intervene(Verb verb, String reason) throws InterruptedException {
        ask(new Request.Intervene(verb, reason, 0), null);
    }

    /// Answers a question of the run.
    ///
    /// @param answer one of its choices, a text, or the fields of its form
    /// @throws Refusal when the question is over, or the answer is none
    public void answer(long question, Value answer, String comment) throws InterruptedException {
        ask(new Request.Answer(question, answer, comment, null, null), null);
    }

    /// Sends it a message that a task may wait for.
    public void send(String type, Value data) throws InterruptedException {
        ask(new Request.Deliver(type, data), null);
    }

    /// Begins another run that goes on from an event of this one. What this run has done outside
    /// counts as done there.
    ///
    /// @param at how many events it takes over; it never takes over the end
    /// @param refire whether what this run has done outside may be done again
    public Run fork(long at, boolean refire) throws InterruptedException {
        return fork(at, refire, null);
    }

    /// The same, and asked twice under one key it is the same run.
    ///
    /// @param key letters, digits, `-` and `_`, or null for none
    public Run fork(long at, boolean refire, @Nullable String key) throws InterruptedException {
        return fork(at, refire, null, "", key);
    }

    /// The same, and the other run goes on with another input or output of a task.
    ///
    /// @param edit what is to be other, or null for nothing
    /// @param reason why; kept in the journal of the other run, empty for none
    public Run fork(
            long at, boolean refire, Verb.@Nullable Edit edit, String reason, @Nullable String key)
            throws InterruptedException {
        return tutti.fork(this, new Request.Fork(id(), at, refire, edit, reason), key);
    }

    /// Asks something of the run.
    ///
    /// @param key makes the request known: asked twice under one key it is handled once; null for
    ///   one of its own
    /// @throws Refusal when it is not carried out, saying why
    public void ask(Request request, @Nullable String key) throws InterruptedException {
        tutti.ask(stream(), request, key);
    }

    /// In whose name things are asked of it.
    String actor() {
        return tutti.actor();
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
