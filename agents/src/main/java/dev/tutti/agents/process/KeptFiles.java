package dev.tutti.agents.process;

import dev.tutti.core.event.Value;
import dev.tutti.runtime.agent.Attempt;
import dev.tutti.runtime.artifact.Counted;
import java.io.IOException;
import java.net.URLConnection;
import java.nio.channels.Channels;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// The files that a command left for others: regular files of its workspace whose names fit a
/// pattern. Each is opened from its folder, and each folder from the one above, without following a
/// link, so that no name leads out of the workspace. What is no regular file is passed over.
final class KeptFiles {
    static final int MOST_FILES = 100;
    static final long MOST_BYTES = 1L << 30;
    static final long MOST_TOGETHER = 4L << 30;
    static final int MOST_SEEN = 100_000;
    private static final int DEEPEST = 32;
    private static final int LONGEST_NAME = 200;
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final Attempt attempt;
    private final List<PathMatcher> patterns;
    private final List<Path> wanted = new ArrayList<>();
    private final List<Kept> kept = new ArrayList<>();
    private long together;
    private volatile boolean over;
    private int seen;

    private record Kept(String name, String artifact, long bytes, String type) {}

    private KeptFiles(Attempt attempt, List<String> patterns) {
        this.attempt = attempt;
        this.patterns =
                patterns.stream()
                        .map(pattern -> FileSystems.getDefault().getPathMatcher("glob:" + pattern))
                        .toList();
    }

    /// Keeps the files and says which: a list of `{ name, artifact, bytes, type }` in the order of
    /// their names. Names are labels: what is unusual in them is replaced.
    static Value.Array keep(Attempt attempt, Path workspace, List<String> patterns)
            throws IOException, InterruptedException, Unsuccessful {
        var files = new KeptFiles(attempt, patterns);
        files.read(workspace);
        files.kept.sort((a, b) -> a.name.compareTo(b.name));
        var said = new ArrayList<Value>();
        for (var one : files.kept) {
            said.add(
                    Value.struct(
                            "name",
                            Value.text(one.name),
                            "artifact",
                            Value.text(one.artifact),
                            "bytes",
                            Value.of(one.bytes),
                            "type",
                            Value.text(one.type)));
        }
        return new Value.Array(said);
    }

    /// On a thread of its own that may be left behind: what is opened can have become something
    /// that never opens since it was looked at.
    private void read(Path workspace) throws IOException, InterruptedException, Unsuccessful {
        var done = new CompletableFuture<Void>();
        Thread.ofPlatform()
                .daemon()
                .name("kept-files")
                .start(() -> {
                    try (var stream = Files.newDirectoryStream(workspace)) {
                        if (!(stream instanceof SecureDirectoryStream<Path> folder)) {
                            throw new IOException(
                                    "this system cannot open files from their folder");
                        }
                        walk(folder, Path.of(""), 0);
                        // Their order is not that of the folder, which is by chance.
                        wanted.sort(null);
                        for (int i = 0; i < wanted.size() && !over; i++) {
                            take(folder, wanted.get(i), 0);
                        }
                        done.complete(null);
                    } catch (Exception | Error e) {
                        done.completeExceptionally(e);
                    }
                });
        try {
            done.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException _) {
            throw Unsuccessful.forGood(
                    "limit_exceeded", "the files to keep could not be read within " + PATIENCE);
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case Unsuccessful known -> throw known;
                case IOException known -> throw known;
                case null, default -> throw new IllegalStateException(e);
            }
        } finally {
            // Nothing more is kept for an attempt that has ended.
            over = true;
        }
    }

    private void walk(SecureDirectoryStream<Path> folder, Path at, int depth)
            throws IOException, Unsuccessful {
        for (var entry : folder) {
            if (++seen > MOST_SEEN) {
                throw tooMuch("the workspace has more than " + MOST_SEEN + " files");
            }
            var name = entry.getFileName();
            var attributes =
                    folder.getFileAttributeView(
                                    name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                            .readAttributes();
            if (attributes.isDirectory() && depth < DEEPEST) {
                try (var below = folder.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)) {
                    walk(below, at.resolve(name), depth + 1);
                }
            } else if (attributes.isRegularFile() && isWanted(at.resolve(name))) {
                if (wanted.size() == MOST_FILES) {
                    throw tooMuch("more than " + MOST_FILES + " files are to be kept");
                }
                wanted.add(at.resolve(name));
            }
        }
    }

    private boolean isWanted(Path file) {
        return patterns.stream().anyMatch(pattern -> pattern.matches(file));
    }

    /// Opens a file from its folder, and that from the one above, and keeps what is in it.
    private void take(SecureDirectoryStream<Path> folder, Path file, int depth)
            throws IOException, Unsuccessful {
        var name = file.getName(depth);
        if (depth < file.getNameCount() - 1) {
            try (var below = folder.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)) {
                take(below, file, depth + 1);
            }
            return;
        }
        var options = Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
        try (var from = folder.newByteChannel(name, options)) {
            if (from.size() > MOST_BYTES || together + from.size() > MOST_TOGETHER) {
                throw tooLong(file);
            }
            // A file may grow while it is read.
            var content = new Counted(Channels.newInputStream(from), this::check);
            var label = label(file);
            var type = type(label);
            var artifact = attempt.store(content, type, label);
            together += content.count();
            kept.add(new Kept(label, artifact, content.count(), type));
        } catch (TooLong _) {
            throw tooLong(file);
        }
    }

    private static Unsuccessful tooLong(Path file) {
        return tooMuch(
                "`%s` is longer than %d bytes, or all files to be kept together than %d"
                        .formatted(label(file), MOST_BYTES, MOST_TOGETHER));
    }

    private static final class TooLong extends IOException {
        private static final long serialVersionUID = 1L;
    }

    /// Ends where it is longer than may be kept.
    private void check(long count) throws IOException {
        if (over) {
            throw new IOException("the attempt is over");
        }
        if (count > MOST_BYTES || together + count > MOST_TOGETHER) {
            throw new TooLong();
        }
    }

    private static Unsuccessful tooMuch(String what) {
        return Unsuccessful.forGood("limit_exceeded", what + "; let `keep` name fewer");
    }

    /// A name for people: no way anywhere, and nothing that is not shown as it is.
    private static String label(Path file) {
        var label =
                PlainText.of(file.toString())
                        .replaceAll("[\\p{C}\\\\:\n\t]", "_")
                        .replaceAll("(^|/)\\.\\.?(?=/|$)", "$1_");
        return label.length() > LONGEST_NAME ? label.substring(0, LONGEST_NAME) + "…" : label;
    }

    private static String type(String name) {
        var type = URLConnection.guessContentTypeFromName(name);
        return type == null ? "application/octet-stream" : type;
    }
}
