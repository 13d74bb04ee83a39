package dev.tutti.runtime.agent;

import java.util.function.BooleanSupplier;

/// Work of an executor that no attempt waits for. It can be stopped at any moment and goes on where
/// it was.
public interface Upkeep {

    Upkeep NONE =
            new Upkeep() {
                @Override
                public String title() {
                    return "";
                }

                @Override
                public boolean pending() {
                    return false;
                }

                @Override
                public void run(Progress progress, BooleanSupplier stop) {}
            };

    /// What it does, a few words for a progress bar: `embedding passages`.
    String title();

    /// Whether anything is left to do.
    boolean pending();

    /// Works until nothing is left or `stop` says so; keeps what is done.
    void run(Progress progress, BooleanSupplier stop) throws Exception;

    /// Where upkeep tells how far it is.
    @FunctionalInterface
    interface Progress {
        void done(long units, long of);
    }
}
