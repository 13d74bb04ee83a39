package dev.tutti.agents.process;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/// A process and all that came of it. They are known by two things: while their ancestors live, by
/// their descent; and wherever they go, by a mark in the environment that each hands to the next.
/// Only a process that threw its environment away *and* left its parents is not known, and in a
/// sandbox that one ends with the sandbox.
final class Family {
    /// The variable that holds the mark.
    static final String MARK = "TUTTI_FAMILY";

    private static final long FIRST_LOOK = 10;
    private static final int MOST_REMEMBERED = 100;
    private static final int MOST_ROUNDS = 100;
    private static final long ROUND = 10;

    private final Process process;
    private final String mark;
    private final Set<ProcessHandle> remembered = ConcurrentHashMap.newKeySet();

    /// @param mark what is in the environment of the process under [#MARK], and in no other
    Family(Process process, String mark) {
        this.process = process;
        this.mark = mark;
    }

    static String newMark() {
        return UUID.randomUUID().toString();
    }

    /// Looks at a family while it lives.
    @FunctionalInterface
    interface Look {
        void at(List<ProcessHandle> family) throws Unsuccessful;
    }

    /// Waits for the end of the process, whatever becomes of the others; returns its exit code.
    ///
    /// @param longest milliseconds between two looks; they are closer at first
    int await(long longest, Look look) throws InterruptedException, Unsuccessful {
        for (long pause = FIRST_LOOK;
                !process.waitFor(pause, TimeUnit.MILLISECONDS);
                pause = Math.min(2 * pause, longest)) {
            var family = Census.recent().descendants(process.toHandle());
            remember(family);
            look.at(family);
        }
        return process.exitValue();
    }

    private void remember(List<ProcessHandle> family) {
        remembered.removeIf(one -> !one.isAlive());
        family.stream().limit(MOST_REMEMBERED - remembered.size()).forEach(remembered::add);
    }

    /// Ends all of it that is still there, and looks again until nothing is: what is killed while
    /// it multiplies leaves something behind at first.
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
        for (int round = 0; round < MOST_ROUNDS; round++) {
            var left = new ArrayList<>(Marks.since(System.nanoTime()).of(mark));
            if (left.isEmpty()) {
                return;
            }
            left.forEach(ProcessHandle::destroyForcibly);
            sleep(round);
        }
    }

    /// Even where this thread was interrupted: what is to be killed is killed.
    private static void sleep(int round) {
        java.util.concurrent.locks.LockSupport.parkNanos(
                TimeUnit.MILLISECONDS.toNanos(Math.min(round * 2L, ROUND)));
    }
}
