package dev.tutti.runtime.agent;

/// Turns text into vectors whose nearness is nearness of meaning, on this machine. Found by
/// [java.util.ServiceLoader]; what it needs is loaded on first use.
public interface Meaning {

    /// The vector of a text, of length 1, always the same for the same text; zeros for a blank one.
    ///
    /// @throws IllegalStateException where it does not work on this machine
    float[] of(String text);
}
