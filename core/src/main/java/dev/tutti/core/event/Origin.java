package dev.tutti.core.event;

/// What a run came from, when it is not a person's wish alone.
public sealed interface Origin {

    /// It is a task of another run.
    ///
    /// @param token the attempt of the parent that waits for it
    /// @param depth how many runs are above it
    record Child(RunId parent, long token, int depth) implements Origin {}

    /// It goes on from an event of another run.
    ///
    /// @param at the sequence number of the last event taken over
    /// @param keys the run whose name the keys of effects bear: what that run has done counts as
    ///   done
    /// @param reason why somebody wanted it, empty where that was not said
    record Fork(RunId from, long at, RunId keys, String reason) implements Origin {}
}
