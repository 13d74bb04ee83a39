package dev.tutti.agents.llm.model;

/// What was read and written.
///
/// @param input all that was read
/// @param cached how much of it came out of the provider's cache
/// @param cacheWrites how much of it was put into the cache, where the provider counts that
/// @param output all that was written, thoughts included
public record Tokens(long input, long cached, long cacheWrites, long output) {
    public Tokens {
        input = Math.max(0, input);
        cached = Math.clamp(cached, 0, input);
        cacheWrites = Math.clamp(cacheWrites, 0, input - cached);
        output = Math.max(0, output);
    }

    /// Tokens none of which were put into a cache, as far as is known.
    public Tokens(long input, long cached, long output) {
        this(input, cached, 0, output);
    }
}
