package dev.tutti.agents.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;

/// Looks now and then at what a sandbox takes as a whole, where the kernel limits single processes
/// only: memory, processor time, processes, disk, files. A command that takes more is ended.
///
/// Memory counts pages that are nobody's file, once for each process that has them. Files count in
/// full even where they are sparse, and while somebody holds them open after they were deleted.
final class Watch implements Family.Look {
    /// Milliseconds between looks: what is taken in that time may go beyond a limit.
    static final long EVERY = 100;

    private static final Path PROCESSES = Path.of("/proc");

    /// In `/proc`, whatever the kernel itself counts in.
    private static final long TICKS_A_SECOND = 100;

    /// Where the four times of proc_pid_stat(5) begin, after the name.
    private static final int TIMES = 11;

    /// Walking through the folders takes at most one part of this of the time.
    private static final int SHARE = 10;

    private final Limits limits;
    private final List<Path> folders;
    private final Sum before;
    private long nextWalk = System.nanoTime();

    /// @param folders what is written to; what is there already does not count
    Watch(Limits limits, List<Path> folders) {
        this.limits = limits;
        this.folders = folders;
        before = new Sum(Long.MAX_VALUE, Long.MAX_VALUE);
        before.addFolders();
    }

    @Override
    public void at(List<ProcessHandle> family) throws Unsuccessful {
        // Two of them are the sandbox's own.
        if (family.size() > limits.processes() + 2) {
            throw exceeded("processes", limits.processes() + " processes");
        }
        long memory = 0;
        long ticks = 0;
        for (var one : family) {
            memory += memory(one.pid());
            ticks += ticks(one.pid());
        }
        if (ticks > limits.cpu() * TICKS_A_SECOND) {
            throw exceeded("cpu", limits.cpu() + " seconds of processor time");
        }
        if (memory > limits.memory()) {
            throw exceeded("memory", limits.memory() + " bytes of memory");
        }
        if (System.nanoTime() - nextWalk >= 0) {
            long begun = System.nanoTime();
            walk(family);
            long now = System.nanoTime();
            nextWalk = now + SHARE * (now - begun);
        }
    }

    /// Looks once more when the command has ended.
    void atTheEnd() throws Unsuccessful {
        walk(List.of());
    }

    private static Unsuccessful exceeded(String limit, String what) {
        return Unsuccessful.forGood(
                "limit_exceeded",
                "the command took more than " + what + " (`with.limits." + limit + "`)");
    }

    private static long memory(long pid) {
        try {
            long bytes = 0;
            var status =
                    Files.readString(
                            PROCESSES.resolve(pid + "/status"), StandardCharsets.ISO_8859_1);
            for (var line : status.split("\n", -1)) {
                if (line.startsWith("RssAnon:") || line.startsWith("RssShmem:")) {
                    bytes += Long.parseLong(line.replaceAll("\\D", "")) << 10;
                }
            }
            return bytes;
        } catch (IOException | NumberFormatException _) {
            return 0;
        }
    }

    /// The processor time of a process and of those below it that have ended and were waited for.
    private static long ticks(long pid) {
        try {
            var stat =
                    Files.readString(PROCESSES.resolve(pid + "/stat"), StandardCharsets.ISO_8859_1);
            var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            long ticks = 0;
            for (int field = TIMES; field < TIMES + 4; field++) {
                ticks += Long.parseLong(fields[field]);
            }
            return ticks;
        } catch (IOException | RuntimeException _) {
            return 0;
        }
    }

    private void walk(List<ProcessHandle> family) throws Unsuccessful {
        var sum = new Sum(before.bytes + limits.disk(), before.entries + limits.entries());
        sum.addFolders();
        for (var one : family) {
            sum.addDeleted(one.pid());
        }
        if (sum.bytes > sum.mostBytes) {
            throw exceeded("disk", limits.disk() + " bytes of disk");
        }
        if (sum.entries > sum.mostEntries) {
            throw exceeded("entries", limits.entries() + " files and folders");
        }
    }

    private final class Sum extends SimpleFileVisitor<Path> {
        private final long mostBytes;
        private final long mostEntries;
        private long bytes;
        private long entries;

        private Sum(long mostBytes, long mostEntries) {
            this.mostBytes = mostBytes;
            this.mostEntries = mostEntries;
        }

        private void addFolders() {
            for (var folder : folders) {
                try {
                    Files.walkFileTree(folder, this);
                } catch (IOException _) {
                    // It changes while it is looked at; the next look will see.
                }
            }
        }

        @Override
        public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes) {
            return count(0);
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            return count(attributes.isRegularFile() ? attributes.size() : 0);
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException e) {
            return count(0);
        }

        @Override
        public FileVisitResult postVisitDirectory(
                Path dir, @org.jspecify.annotations.Nullable IOException e) {
            return FileVisitResult.CONTINUE;
        }

        private FileVisitResult count(long size) {
            bytes += size;
            entries++;
            return bytes > mostBytes || entries > mostEntries
                    ? FileVisitResult.TERMINATE
                    : FileVisitResult.CONTINUE;
        }

        /// Files without a name that a process still holds open.
        private void addDeleted(long pid) {
            try (var open = Files.newDirectoryStream(PROCESSES.resolve(pid + "/fd"))) {
                for (var one : open) {
                    if (Files.readSymbolicLink(one).toString().endsWith(" (deleted)")
                            && count(Files.size(one)) == FileVisitResult.TERMINATE) {
                        return;
                    }
                }
            } catch (IOException _) {
                // It has ended, or closed the file.
            }
        }
    }
}
