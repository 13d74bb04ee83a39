package dev.tutti.agents.process;

import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// Starts processes that die with their parent. To the kernel the parent is the *thread* that
/// started them, so all are started by one thread that lives as long as this process; on a virtual
/// thread it would be some carrier, which ends when there is little to do.
final class Starter {
    private static final ExecutorService THREAD =
            Executors.newSingleThreadExecutor(
                    Thread.ofPlatform().daemon().name("process-starter").factory());

    private Starter() {}

    /// Starts a process, and is not to be interrupted while it does so: what was started has
    /// somebody to end it.
    static Process start(ProcessBuilder builder) throws IOException {
        var started = THREAD.submit(builder::start);
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return started.get();
                } catch (InterruptedException _) {
                    interrupted = true;
                }
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException known) {
                throw known;
            }
            throw new IllegalStateException(e.getCause());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
