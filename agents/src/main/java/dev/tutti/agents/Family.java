package dev.tutti.agents;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/// A process and what it began. A child whose parent has ended belongs to nobody, so they are
/// remembered while the process lives: often at first, then every [#LONGEST_LOOK] milliseconds. One
/// that was begun and left alone between two looks is not known to be of the family.
final class Family {
    private static final long FIRST_LOOK = 10;
    private static final long LONGEST_LOOK = 1_000;
    private static final int MOST_REMEMBERED = 100;

    private final Process process;
    private final Set<ProcessHandle> remembered = ConcurrentHashMap.newKeySet();

    Family(Process process) {
        this.process = process;
    }

    /// Waits for the end of the process, whatever becomes of the others; returns its exit code.
    int await() throws InterruptedException {
        for (long look = FIRST_LOOK;
                !process.waitFor(look, TimeUnit.MILLISECONDS);
                look = Math.min(2 * look, LONGEST_LOOK)) {
            remember();
        }
        return process.exitValue();
    }

    private void remember() {
        remembered.removeIf(one -> !one.isAlive());
        Census.recent().descendants(process.toHandle()).stream()
                .limit(MOST_REMEMBERED - remembered.size())
                .forEach(remembered::add);
    }

    /// Ends all of it that is known and still there.
    void kill() {
        if (process.isAlive()) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        for (var one : remembered) {
            if (one.isAlive()) {
                one.descendants().forEach(ProcessHandle::destroyForcibly);
                one.destroyForcibly();
            }
        }
    }
}
