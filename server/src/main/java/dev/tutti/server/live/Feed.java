package dev.tutti.server.live;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Knows how far the journal has come, and wakes those who wait for more. It looks at the journal
/// only while somebody waits.
final class Feed implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Feed.class);
    private static final long LOOK_MILLIS = 50;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition moved = lock.newCondition();
    private final Condition wanted = lock.newCondition();
    private final LongSupplier journal;
    private final Thread thread;
    private int waiting;
    private long position;
    private volatile boolean closed;

    /// @param journal gives the position of its last entry
    Feed(LongSupplier journal) {
        this.journal = journal;
        thread = Thread.ofPlatform().daemon().name("live").unstarted(this::look);
        thread.start();
    }

    private void look() {
        try {
            while (!closed) {
                awaitSomebody();
                long now = position();
                lock.lock();
                try {
                    if (now > position) {
                        position = now;
                        moved.signalAll();
                    }
                } finally {
                    lock.unlock();
                }
                TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private long position() {
        try {
            return journal.getAsLong();
        } catch (RuntimeException e) {
            if (!closed) {
                LOG.warn("the journal cannot be looked at: {}", e.getMessage());
            }
            return -1;
        }
    }

    private void awaitSomebody() throws InterruptedException {
        lock.lock();
        try {
            while (waiting == 0 && !closed) {
                wanted.await();
            }
        } finally {
            lock.unlock();
        }
    }

    /// Waits until the journal has grown beyond `known`, `atMost` so long.
    ///
    /// @return how far it is
    long await(long known, Duration atMost) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            waiting++;
            wanted.signal();
            long left = atMost.toNanos();
            while (position <= known && left > 0 && !closed) {
                left = moved.awaitNanos(left);
            }
            return position;
        } finally {
            waiting--;
            lock.unlock();
        }
    }

    boolean isClosed() {
        return closed;
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            moved.signalAll();
            wanted.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
