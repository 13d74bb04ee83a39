package dev.tutti.core.event;

/// What an attempt used up.
///
/// @param usd money
/// @param inputTokens tokens read by models
/// @param outputTokens tokens written by models
public record Usage(Money usd, long inputTokens, long outputTokens) {
    public static final Usage NONE = new Usage(Money.ZERO, 0, 0);

    public Usage {
        if (inputTokens < 0 || outputTokens < 0) {
            throw new IllegalArgumentException("negative tokens");
        }
    }

    public Usage plus(Usage other) {
        return new Usage(
                usd.plus(other.usd),
                inputTokens + other.inputTokens,
                outputTokens + other.outputTokens);
    }
}
