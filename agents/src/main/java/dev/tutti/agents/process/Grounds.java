package dev.tutti.agents.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/// Where the folders of attempts are: below the machine's temporary folder, so that a sandbox that
/// runs as nobody comes to them. Each process has a folder of its own there; what a process that
/// was killed left is deleted by the next.
final class Grounds {
    /// Whether this process is root, as it often is in a container.
    static final boolean ROOT = isRoot();

    private static final String PREFIX = "tutti-attempts-";
    private static final ReentrantLock OPENING = new ReentrantLock();
    private static final AtomicLong COUNT = new AtomicLong();
    private static Optional<Path> opened = Optional.empty();

    private Grounds() {}

    /// A new, empty folder.
    static Path newFolder() throws IOException {
        var folder = ours().resolve(Long.toString(COUNT.incrementAndGet()));
        return Files.createDirectory(
                folder,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    private static Path ours() throws IOException {
        OPENING.lock();
        try {
            if (opened.isEmpty() || !Files.isDirectory(opened.get())) {
                opened = Optional.of(open());
            }
            return opened.get();
        } finally {
            OPENING.unlock();
        }
    }

    private static Path open() throws IOException {
        var root = Path.of(System.getProperty("java.io.tmpdir", "/tmp"));
        sweep(root);
        var self = ProcessHandle.current();
        var folder = root.resolve(name(self));
        try {
            Files.createDirectory(
                    folder,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwx--x--x")));
        } catch (FileAlreadyExistsException e) {
            throw new IOException("somebody else made " + folder + "; delete it", e);
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> Workspace.delete(folder)));
        return folder;
    }

    private static String name(ProcessHandle process) {
        return PREFIX
                + process.pid()
                + "-"
                + process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
    }

    /// Deletes what processes left that are no more.
    private static void sweep(Path root) throws IOException {
        try (var left = Files.newDirectoryStream(root, PREFIX + "*")) {
            for (var folder : left) {
                var parts = folder.getFileName().toString().split("-", -1);
                var process =
                        parts.length == 4 && parts[2].matches("\\d{1,10}")
                                ? ProcessHandle.of(Long.parseLong(parts[2]))
                                : Optional.<ProcessHandle>empty();
                boolean lives =
                        process.filter(one -> name(one).equals(folder.getFileName().toString()))
                                .isPresent();
                if (!lives) {
                    try {
                        Workspace.delete(folder);
                    } catch (UncheckedIOException _) {
                        // It is somebody else's.
                    }
                }
            }
        }
    }

    private static boolean isRoot() {
        try {
            return Files.getAttribute(Path.of("/proc/self"), "unix:uid") instanceof Integer uid
                    && uid == 0;
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException _) {
            return false;
        }
    }
}
