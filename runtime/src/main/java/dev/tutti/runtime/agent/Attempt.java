package dev.tutti.runtime.agent;

import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Value;
import java.io.IOException;
import java.util.Optional;

/// One dispatch of one task to one agent: what the executor is given.
public interface Attempt {

    RunId run();

    TaskId task();

    AgentId agent();

    /// The number of this attempt at the task, from 1.
    int number();

    /// Names this attempt within its run.
    long token();

    /// The header `traceparent` (W3C Trace Context) for what this attempt calls, so that it appears
    /// below the attempt where traces are collected. The same after a restart, and there whether or
    /// not anything is exported.
    default String traceparent() {
        return TraceContext.traceparent(run(), token());
    }

    /// What the task is given.
    Value.Struct input();

    /// What the team file says `with` for this agent, expressions evaluated for this attempt.
    Value.Struct settings();

    /// Why the result of an earlier attempt did not pass the gate, for this one to do better.
    default Optional<String> feedback() {
        return Optional.empty();
    }

    /// Tells watchers how far it is. Never journaled, and safe to call often; a sign of life.
    ///
    /// @param fraction from 0 to 1
    void progress(double fraction, String message);

    /// A sign of life: where silence is limited (`idle`), the limit counts from here again.
    default void heartbeat() {}

    /// Does something in the outside world, once for the task and not once for each attempt.
    ///
    /// That it is going to be done is on disk before `action` is called, and what it came to before
    /// this returns. When an earlier attempt has done it, `action` is not called and the outcome of
    /// then is returned. When it is not known whether an earlier attempt did it, `action` is called
    /// again with the same key, unless the task says `at_most_once`: then a person is asked first.
    ///
    /// @param name tells the effects of a task apart
    /// @return what `action` gave, now or then
    /// @throws InterruptedException when the run no longer wants this attempt
    Value effect(String name, Effect action) throws Exception;

    /// Something done outside.
    @FunctionalInterface
    interface Effect {
        /// Does it.
        ///
        /// @param key the same in every attempt at the task: for the one outside to tell
        ///   repetitions by
        /// @throws NotDone when it is certain that nothing was done; after any other exception that
        ///   is not known
        Value perform(String key) throws Exception;
    }

    /// It is certain that an effect was not done.
    final class NotDone extends Exception {
        private static final long serialVersionUID = 1L;

        public NotDone(String message) {
            super(message);
        }
    }

    /// Keeps content beside the run and returns its SHA-256 in hexadecimal. On disk before this
    /// returns.
    ///
    /// @param name a label for people, never a path
    String store(byte[] content, String mediaType, String name) throws IOException;
}
