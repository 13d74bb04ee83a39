package dev.tutti.agents.llm.model;

import java.util.function.Consumer;

/// A language model: reads a conversation and says what comes next. Safe to call concurrently.
@FunctionalInterface
public interface LanguageModel {

    /// Makes one call, on the calling thread, and returns when the whole reply is there.
    ///
    /// @param heard is told the pieces of the text as they come
    /// @throws Trouble when there is no reply
    Reply reply(Prompt prompt, Consumer<String> heard) throws Trouble, InterruptedException;
}
