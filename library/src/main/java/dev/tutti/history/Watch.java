package dev.tutti.history;

/// Somebody who wants to know how far a long look back is.
@FunctionalInterface
public interface Watch {
    /// For those who do not care.
    Watch NOBODY = (_, _) -> {};

    /// It is at `done` of `of`.
    void at(long done, long of);
}
