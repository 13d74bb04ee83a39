package dev.tutti.agents.llm.model;

/// What was read and written.
///
/// @param input all that was read
/// @param cached how much of it came out of the provider's cache
/// @param output all that was written, thoughts included
public record Tokens(long input, long cached, long output) {
    public Tokens {
        input = Math.max(0, input);
        cached = Math.clamp(cached, 0, input);
        output = Math.max(0, output);
    }
}
