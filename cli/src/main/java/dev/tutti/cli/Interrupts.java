package dev.tutti.cli;

import dev.tutti.cli.terminal.Signals;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/// How the user says stop: Ctrl-C, or the request to end that service managers send. The first asks
/// for a clean stop; the second leaves at once, which loses nothing either.
final class Interrupts {
    private final CountDownLatch first = new CountDownLatch(1);
    private final AtomicBoolean listening = new AtomicBoolean();

    /// Takes the signals over. Until then they end the process.
    void listen() {
        if (listening.compareAndSet(false, true)) {
            Signals.handle("INT", this::interrupt);
            Signals.handle("TERM", this::interrupt);
        }
    }

    void interrupt() {
        if (first.getCount() == 0) {
            Runtime.getRuntime().halt(ExitCode.INTERRUPTED);
        }
        first.countDown();
    }

    boolean interrupted() {
        return first.getCount() == 0;
    }

    /// Waits, `millis` at most; returns at once when interrupted.
    void pause(long millis) throws InterruptedException {
        if (first.await(millis, TimeUnit.MILLISECONDS)) {
            return;
        }
    }
}
