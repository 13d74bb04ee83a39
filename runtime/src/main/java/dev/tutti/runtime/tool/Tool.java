package dev.tutti.runtime.tool;

import dev.tutti.core.event.Value;
import dev.tutti.runtime.agent.Attempt;

/// Something that an agent may call. Safe to call concurrently.
public interface Tool {

    Description description();

    /// Calls it, and returns what it gave. That it could not do what was asked is a result too.
    ///
    /// @param attempt on whose behalf: for progress, artifacts and trace context
    /// @throws IllegalArgumentException when calling again would end the same way
    /// @throws InterruptedException when the run no longer wants the attempt, or it has to wait for
    ///   a person; whoever offers the tool has been told to stop
    /// @throws Exception when the outside failed, so that calling again may help
    Result call(Value.Struct arguments, Attempt attempt) throws Exception;

    /// What an agent is told of a tool.
    ///
    /// @param name within its toolbox: letters, digits, `_` and `-`
    /// @param text what it does, for the agent
    /// @param input JSON Schema of the arguments
    /// @param readOnly whether it promises to change nothing
    record Description(String name, String text, Value.Struct input, boolean readOnly) {}

    /// What a call gave.
    ///
    /// @param content what the agent gets
    /// @param isError whether it could not do what was asked
    record Result(Value content, boolean isError) {
        public static Result of(Value content) {
            return new Result(content, false);
        }

        public static Result error(String why) {
            return new Result(Value.text(why), true);
        }
    }
}
