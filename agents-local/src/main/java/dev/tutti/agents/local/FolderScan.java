package dev.tutti.agents.local;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The readable files of a folder, in the order of their paths, and what was left out.
///
/// Hidden files and folders are passed over. A symbolic link counts only if it leads to a file
/// within the folder; links to folders are not followed.
record FolderScan(List<SourceFile> files, List<String> leftOut) {
    static final int MOST_FILES = 50_000;
    static final long LARGEST_FILE = 32L << 20;
    static final int DEEPEST = 32;

    /// How many of those left out are named.
    private static final int MOST_NAMED = 20;

    FolderScan {
        files = List.copyOf(files);
        leftOut = List.copyOf(leftOut);
    }

    static FolderScan of(Path folder) throws IOException {
        var root = folder.toRealPath();
        var visitor = new Visitor(root);
        Files.walkFileTree(root, Set.of(), DEEPEST, visitor);
        visitor.files.sort(Comparator.comparing(SourceFile::source));
        return new FolderScan(visitor.files, visitor.leftOut);
    }

    private static final class Visitor extends SimpleFileVisitor<Path> {
        private final Path root;
        private final List<SourceFile> files = new ArrayList<>();
        private final List<String> leftOut = new ArrayList<>();

        Visitor(Path root) {
            this.root = root;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            return !folder.equals(root) && isHidden(folder)
                    ? FileVisitResult.SKIP_SUBTREE
                    : FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
            if (isHidden(file)) {
                return FileVisitResult.CONTINUE;
            }
            if (files.size() >= MOST_FILES) {
                leaveOut(file, "more than " + MOST_FILES + " files");
                return FileVisitResult.TERMINATE;
            }
            var target = attributes.isSymbolicLink() ? withinFolder(file) : attributes;
            if (target == null || target.isDirectory()) {
                leaveOut(file, attributes.isSymbolicLink() ? "a link" : "deeper than " + DEEPEST);
            } else if (target.size() > LARGEST_FILE) {
                leaveOut(file, "larger than " + (LARGEST_FILE >> 20) + " MiB");
            } else if (target.isRegularFile()) {
                files.add(
                        new SourceFile(
                                file,
                                relative(file),
                                target.size(),
                                target.lastModifiedTime().toMillis()));
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException failure) {
            leaveOut(file, "not readable");
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure) {
            return FileVisitResult.CONTINUE;
        }

        private @Nullable BasicFileAttributes withinFolder(Path link) {
            try {
                var target = link.toRealPath();
                return target.startsWith(root) && !passesHidden(target)
                        ? Files.readAttributes(target, BasicFileAttributes.class)
                        : null;
            } catch (IOException dangling) {
                return null;
            }
        }

        private boolean passesHidden(Path target) {
            for (var name : root.relativize(target)) {
                if (isHidden(name)) {
                    return true;
                }
            }
            return false;
        }

        private void leaveOut(Path file, String reason) {
            if (leftOut.size() < MOST_NAMED) {
                leftOut.add(relative(file) + " (" + reason + ")");
            }
        }

        private String relative(Path file) {
            return root.relativize(file)
                    .toString()
                    .replace(file.getFileSystem().getSeparator(), "/");
        }

        private static boolean isHidden(Path path) {
            return path.getFileName() != null && path.getFileName().toString().startsWith(".");
        }
    }
}
