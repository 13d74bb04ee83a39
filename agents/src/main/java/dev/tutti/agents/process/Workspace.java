package dev.tutti.agents.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/// The folders of one attempt: where it works, and in a sandbox what it finds as `/tmp` and
/// `/dev/shm`. What is its own is gone when the attempt is over; a folder that was there before
/// stays.
final class Workspace implements AutoCloseable {
    /// The user that stands for nobody, as which a sandbox runs where this process is root.
    static final int NOBODY = 65_534;

    private final Path own;
    private final Path work;
    private final boolean fresh;

    private Workspace(Path own, Path work, boolean fresh) {
        this.own = own;
        this.work = work;
        this.fresh = fresh;
    }

    /// Makes what an attempt needs of its own.
    ///
    /// @param folder where it works, unless that is `fresh`
    /// @param strict whether it works in a sandbox
    static Workspace at(Path folder, boolean fresh, boolean strict) throws IOException {
        var own = Grounds.newFolder();
        var work = fresh ? Files.createDirectory(own.resolve("work")) : folder;
        Files.createDirectory(own.resolve("tmp"));
        Files.createDirectory(own.resolve("shm"));
        Files.writeString(own.resolve("passwd"), "nobody:x:65534:65534:nobody:/tmp:/bin/sh\n");
        Files.writeString(own.resolve("group"), "nogroup:x:65534:\n");
        var workspace = new Workspace(own, work, fresh);
        if (strict && Grounds.ROOT) {
            workspace.giveAway();
        }
        return workspace;
    }

    private void giveAway() throws IOException {
        for (var one : new String[] {"work", "tmp", "shm"}) {
            var folder = own.resolve(one);
            if (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
                Files.setAttribute(folder, "unix:uid", NOBODY, LinkOption.NOFOLLOW_LINKS);
                Files.setAttribute(folder, "unix:gid", NOBODY, LinkOption.NOFOLLOW_LINKS);
            }
        }
        Files.setPosixFilePermissions(own, PosixFilePermissions.fromString("rwx--x--x"));
        for (var one : new String[] {"passwd", "group"}) {
            Files.setPosixFilePermissions(
                    own.resolve(one), PosixFilePermissions.fromString("rw-r--r--"));
        }
    }

    /// Where the command works, as this process sees it.
    Path work() {
        return work;
    }

    boolean fresh() {
        return fresh;
    }

    /// A folder or file of the attempt's own: `tmp`, `shm`, `passwd`, `group`, `arguments`.
    Path own(String name) {
        return own.resolve(name);
    }

    /// What is written to while it works.
    List<Path> folders() {
        return fresh ? List.of(own) : List.of(own, work);
    }

    @Override
    public void close() {
        delete(own);
    }

    /// Deletes a folder with all that is in it; links are deleted and not followed.
    static void delete(Path folder) {
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try {
            Files.walkFileTree(folder, new Deletion());
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "the folder of an attempt cannot be deleted: " + folder, e);
        }
    }

    private static final class Deletion extends SimpleFileVisitor<Path> {
        @Override
        public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes)
                throws IOException {
            // A command may have taken away its own right to look into a folder.
            Files.setPosixFilePermissions(dir, PosixFilePermissions.fromString("rwx------"));
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (!Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
                return FileVisitResult.CONTINUE;
            }
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
            Files.walkFileTree(file, this);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(
                Path dir, @org.jspecify.annotations.Nullable IOException e) throws IOException {
            Files.deleteIfExists(dir);
            return FileVisitResult.CONTINUE;
        }
    }
}
