package dev.tutti.agents.process;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/// Which processes of this machine carry which mark in their environment. To ask means to read the
/// environment of every process of this user, so those who ask together share one answer.
final class Marks {
    private static final Path PROCESSES = Path.of("/proc");
    private static final int LONGEST = 1 << 20;
    private static final byte[] NAME = (Family.MARK + "=").getBytes(StandardCharsets.US_ASCII);
    private static final ReentrantLock TAKING = new ReentrantLock();
    private static Marks latest = new Marks(Map.of(), System.nanoTime());

    private final Map<String, List<ProcessHandle>> bearers;
    private final long begun;

    private Marks(Map<String, List<ProcessHandle>> bearers, long begun) {
        this.bearers = bearers;
        this.begun = begun;
    }

    /// As they were at some moment after `asked`.
    static Marks since(long asked) {
        TAKING.lock();
        try {
            if (latest.begun - asked <= 0) {
                latest = take();
            }
            return latest;
        } finally {
            TAKING.unlock();
        }
    }

    List<ProcessHandle> of(String mark) {
        return bearers.getOrDefault(mark, List.of()).stream()
                .filter(ProcessHandle::isAlive)
                .toList();
    }

    private static Marks take() {
        long begun = System.nanoTime();
        var bearers = new HashMap<String, List<ProcessHandle>>();
        if (Files.isDirectory(PROCESSES)) {
            ProcessHandle.allProcesses()
                    .forEach(process -> {
                        var mark = mark(process.pid());
                        if (!mark.isEmpty()) {
                            bearers.computeIfAbsent(mark, _ -> new ArrayList<>()).add(process);
                        }
                    });
        }
        return new Marks(bearers, begun);
    }

    /// The mark of a process; empty where there is none, or it is somebody else's process.
    private static String mark(long pid) {
        byte[] environment;
        try (InputStream from =
                Files.newInputStream(PROCESSES.resolve(Long.toString(pid)).resolve("environ"))) {
            environment = from.readNBytes(LONGEST);
        } catch (IOException _) {
            return "";
        }
        int at = 0;
        while (at < environment.length) {
            int end = at;
            while (end < environment.length && environment[end] != 0) {
                end++;
            }
            if (end - at > NAME.length
                    && java.util.Arrays.equals(
                            environment, at, at + NAME.length, NAME, 0, NAME.length)) {
                return new String(
                        environment,
                        at + NAME.length,
                        end - at - NAME.length,
                        StandardCharsets.US_ASCII);
            }
            at = end + 1;
        }
        return "";
    }
}
