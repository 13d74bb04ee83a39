package dev.tutti.agents.process;

import dev.tutti.core.event.Value;
import dev.tutti.runtime.agent.Attempt;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URLConnection;
import java.nio.ByteBuffer;
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
    static final int MOST_BYTES = 16 << 20;
    static final long MOST_TOGETHER = 64L << 20;
    static final int MOST_SEEN = 100_000;
    private static final int DEEPEST = 32;
    private static final int LONGEST_NAME = 200;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final List<PathMatcher> patterns;
    private final List<Kept> kept = new ArrayList<>();
    private long together;
    private int seen;

    private record Kept(String name, byte[] content) {}

    private KeptFiles(List<String> patterns) {
        this.patterns =
                patterns.stream()
                        .map(pattern -> FileSystems.getDefault().getPathMatcher("glob:" + pattern))
                        .toList();
    }

    /// Keeps the files and says which: a list of `{ name, artifact, bytes, type }` in the order of
    /// their names. Names are labels: what is unusual in them is replaced.
    static Value.Array keep(Attempt attempt, Path workspace, List<String> patterns)
            throws IOException, InterruptedException, Unsuccessful {
        var files = new KeptFiles(patterns);
        files.read(workspace);
        files.kept.sort((a, b) -> a.name.compareTo(b.name));
        var said = new ArrayList<Value>();
        for (var one : files.kept) {
            var type = type(one.name);
            said.add(
                    Value.struct(
                            "name",
                            Value.text(one.name),
                            "artifact",
                            Value.text(attempt.store(one.content, type, one.name)),
                            "bytes",
                            Value.of(one.content.length),
                            "type",
                            Value.text(type)));
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
                        done.complete(null);
                    } catch (Exception e) {
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
                take(folder, name, at.resolve(name));
            }
        }
    }

    private boolean isWanted(Path file) {
        return patterns.stream().anyMatch(pattern -> pattern.matches(file));
    }

    private void take(SecureDirectoryStream<Path> folder, Path name, Path file)
            throws IOException, Unsuccessful {
        if (kept.size() == MOST_FILES) {
            throw tooMuch("more than " + MOST_FILES + " files are to be kept");
        }
        var content = new ByteArrayOutputStream();
        var options = Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
        try (var from = folder.newByteChannel(name, options)) {
            var buffer = ByteBuffer.allocate(1 << 16);
            while (from.read(buffer) >= 0) {
                content.write(buffer.array(), 0, buffer.position());
                together += buffer.position();
                buffer.clear();
                if (content.size() > MOST_BYTES || together > MOST_TOGETHER) {
                    throw tooMuch(
                            "`%s` is longer than %d bytes, or all files to be kept together than %d"
                                    .formatted(label(file), MOST_BYTES, MOST_TOGETHER));
                }
            }
        }
        kept.add(new Kept(label(file), content.toByteArray()));
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
