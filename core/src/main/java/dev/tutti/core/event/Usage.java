package dev.tutti.core.event;

/// What an attempt used up.
///
/// @param usd money
/// @param inputTokens tokens read by models
/// @param outputTokens tokens written by models
/// @param known whether that is all; otherwise it is what is known, and nobody knows how much more
///   it was
public record Usage(Money usd, long inputTokens, long outputTokens, boolean known) {
    public static final Usage NONE = new Usage(Money.ZERO, 0, 0);

    /// Of one who did not say.
    public static final Usage UNKNOWN = new Usage(Money.ZERO, 0, 0, false);

    public Usage {
        if (inputTokens < 0 || outputTokens < 0) {
            throw new IllegalArgumentException("negative tokens");
        }
    }

    /// All that was used up.
    public Usage(Money usd, long inputTokens, long outputTokens) {
        this(usd, inputTokens, outputTokens, true);
    }

    public Usage plus(Usage other) {
        return new Usage(
                usd.plus(other.usd),
                inputTokens + other.inputTokens,
                outputTokens + other.outputTokens,
                known && other.known);
    }

    /// This much, and perhaps more.
    public Usage atLeast() {
        return known ? new Usage(usd, inputTokens, outputTokens, false) : this;
    }

    /// Whether nothing is known to have been used up.
    public boolean isNone() {
        return usd.usd().signum() == 0 && inputTokens == 0 && outputTokens == 0;
    }
}
