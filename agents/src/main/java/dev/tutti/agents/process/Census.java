package dev.tutti.agents.process;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/// The processes that descend from this one, as of a moment ago. To ask after them means to read
/// about every process of the machine, so all commands share one answer, and it is asked for so
/// seldom that it takes a twentieth of one processor at most, however many commands there are.
final class Census {
    private static final int SHARE = 20;
    private static final long FRESH = Duration.ofMillis(5).toNanos();
    private static final ReentrantLock TAKING = new ReentrantLock();
    private static volatile Census latest = new Census(Map.of(), System.nanoTime());

    private final Map<ProcessHandle, List<ProcessHandle>> children;
    private final long staleAt;

    private Census(Map<ProcessHandle, List<ProcessHandle>> children, long staleAt) {
        this.children = children;
        this.staleAt = staleAt;
    }

    /// The latest, taken anew if it is old and nobody is at it.
    static Census recent() {
        if (System.nanoTime() - latest.staleAt >= 0 && TAKING.tryLock()) {
            try {
                latest = take();
            } finally {
                TAKING.unlock();
            }
        }
        return latest;
    }

    private static Census take() {
        long begun = System.nanoTime();
        var children = new HashMap<ProcessHandle, List<ProcessHandle>>();
        ProcessHandle.current()
                .descendants()
                .forEach(one ->
                        one.parent()
                                .ifPresent(parent ->
                                        children.computeIfAbsent(parent, _ -> new ArrayList<>())
                                                .add(one)));
        long now = System.nanoTime();
        return new Census(children, now + Math.max(FRESH, SHARE * (now - begun)));
    }

    /// Who descends from a process.
    List<ProcessHandle> descendants(ProcessHandle process) {
        var found = new ArrayList<>(children.getOrDefault(process, List.of()));
        for (int i = 0; i < found.size(); i++) {
            found.addAll(children.getOrDefault(found.get(i), List.of()));
        }
        return found;
    }
}
