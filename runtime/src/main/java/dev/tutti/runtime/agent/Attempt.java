package dev.tutti.runtime.agent;

import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Value;
import java.io.IOException;

/// One dispatch of one task to one agent: what the executor is given.
public interface Attempt {

    RunId run();

    TaskId task();

    AgentId agent();

    /// The number of this attempt at the task, from 1.
    int number();

    /// Names this attempt within its run.
    long token();

    /// What the task is given.
    Value.Struct input();

    /// What the team file says `with` for this agent, expressions evaluated for this attempt.
    Value.Struct settings();

    /// Tells watchers how far it is. Never journaled, and safe to call often.
    ///
    /// @param fraction from 0 to 1
    void progress(double fraction, String message);

    /// Keeps content beside the run and returns its SHA-256 in hexadecimal. On disk before this
    /// returns.
    ///
    /// @param name a label for people, never a path
    String store(byte[] content, String mediaType, String name) throws IOException;
}
