package dev.tutti.agents.llm.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a model said.
///
/// @param text empty where it only calls tools
/// @param model the name that the provider has for the one who answered
/// @param tokens what the provider counted, or null where it does not say
public record Reply(
        String text,
        List<Message.Call> calls,
        Finish finish,
        String model,
        @Nullable Tokens tokens) {
    public Reply {
        calls = List.copyOf(calls);
    }

    /// Why it says no more.
    public enum Finish {
        /// It is done, or waits for tools.
        STOP,
        /// It may not say more.
        LENGTH,
        /// The provider, or the model itself, refuses.
        REFUSED
    }
}
