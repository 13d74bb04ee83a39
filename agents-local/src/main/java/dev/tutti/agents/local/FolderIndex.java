package dev.tutti.agents.local;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.Term;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.store.LockObtainFailedException;
import org.apache.lucene.util.BytesRef;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The Lucene index of a folder, on disk, brought up to date file by file.
///
/// A commit is atomic: whenever the process is killed, the index is as of the last one. Of several
/// processes one writes at a time; the others read what is committed.
final class FolderIndex implements Closeable {
    /// Changes when entries change; an index of another format is built anew.
    static final String FORMAT = "1";

    /// What is indexed is committed this often, so that a long first indexing resumes.
    private static final long COMMIT_EVERY_NS = 2_000_000_000L;

    /// Files between two looks at the clock.
    private static final int BATCH = 64;

    private static final double BUFFER_MIB = 64;
    private static final long WAIT_FOR_OTHERS_MS = 60_000;
    private static final long LOOK_EVERY_MS = 50;
    private static final Logger LOG = LoggerFactory.getLogger(FolderIndex.class);

    /// Lucene advises on JVM flags there, which no user of ours can act on.
    private static final java.util.logging.Logger ADVICE =
            java.util.logging.Logger.getLogger("org.apache.lucene.internal.vectorization");

    static {
        ADVICE.setLevel(java.util.logging.Level.SEVERE);
    }

    /// Told how many of the changed files are read.
    @FunctionalInterface
    interface Watcher {
        void read(int files, int of);
    }

    private final Path folder;
    private final Directory directory;
    private volatile @Nullable Snapshot current;

    /// @param home a folder of its own, made if needed
    FolderIndex(Path folder, Path home) throws IOException {
        this.folder = folder;
        this.directory = FSDirectory.open(Files.createDirectories(home));
    }

    /// Indexes what is new or changed and forgets what is gone.
    ///
    /// @return how many files are indexed
    synchronized int refresh(FolderScan scan, Watcher watcher)
            throws IOException, InterruptedException {
        reopen();
        if (current == null) {
            makeRoom();
        }
        var known = current == null ? Map.<String, Snapshot.Known>of() : current.files();
        var changed = new ArrayList<SourceFile>();
        var gone = new HashMap<>(known);
        for (var file : scan.files()) {
            var before = gone.remove(file.source());
            if (before == null || !before.stamp().equals(Entry.stamp(file))) {
                changed.add(file);
            }
        }
        if (current == null || !changed.isEmpty() || !gone.isEmpty()) {
            write(changed, List.copyOf(gone.keySet()), known, watcher);
            reopen();
        }
        return scan.files().size();
    }

    /// The index as it is now; the caller releases it.
    Snapshot hold() {
        while (true) {
            var snapshot = current;
            if (snapshot == null) {
                throw new IllegalStateException("refresh comes first");
            }
            if (snapshot.hold()) {
                return snapshot;
            }
        }
    }

    @Override
    public synchronized void close() throws IOException {
        if (current != null) {
            current.release();
            current = null;
        }
        directory.close();
    }

    private void reopen() throws IOException {
        var before = current;
        var reader = before == null ? open() : DirectoryReader.openIfChanged(before.reader());
        if (reader != null) {
            current = new Snapshot(reader);
            if (before != null) {
                before.release();
            }
        }
    }

    /// The index, if there is one of this format that can be read.
    private @Nullable DirectoryReader open() throws IOException {
        if (!DirectoryReader.indexExists(directory)) {
            return null;
        }
        try {
            return FORMAT.equals(stored().get("format")) ? DirectoryReader.open(directory) : null;
        } catch (IOException | IllegalArgumentException damaged) {
            LOG.warn("the index of {} is built anew: {}", folder, damaged.toString());
            return null;
        }
    }

    /// Takes away what cannot be used, unless another process is about to replace it.
    private void makeRoom() throws IOException, InterruptedException {
        try (var _ = directory.obtainLock(IndexWriter.WRITE_LOCK_NAME)) {
            reopen();
            if (current == null) {
                for (var file : directory.listAll()) {
                    if (!file.equals(IndexWriter.WRITE_LOCK_NAME)) {
                        directory.deleteFile(file);
                    }
                }
            }
        } catch (LockObtainFailedException busy) {
            awaitOther();
        }
    }

    private Map<String, String> stored() throws IOException {
        var commits = DirectoryReader.listCommits(directory);
        return commits.getLast().getUserData();
    }

    private void write(
            List<SourceFile> changed,
            List<String> gone,
            Map<String, Snapshot.Known> known,
            Watcher watcher)
            throws IOException, InterruptedException {
        var config =
                new IndexWriterConfig(Entry.analyzer())
                        .setRAMBufferSizeMB(BUFFER_MIB)
                        .setOpenMode(
                                current == null
                                        ? IndexWriterConfig.OpenMode.CREATE
                                        : IndexWriterConfig.OpenMode.APPEND);
        IndexWriter writer;
        try {
            writer = new IndexWriter(directory, config);
        } catch (LockObtainFailedException busy) {
            awaitOther();
            if (current == null) {
                throw new IOException("another process stopped indexing " + folder);
            }
            return;
        }
        try {
            var boilerplate =
                    current == null ? learn(changed) : Boilerplate.parse(stored(), "boilerplate");
            mark(writer, boilerplate, isComplete());
            for (var source : gone) {
                writer.deleteDocuments(new Term(Entry.SOURCE, source));
            }
            addAll(writer, changed, known, boilerplate, watcher);
            mark(writer, boilerplate, true);
            writer.commit();
        } catch (IOException | InterruptedException | RuntimeException | Error failure) {
            writer.rollback();
            throw failure;
        }
        writer.close();
    }

    private static void mark(IndexWriter writer, Boilerplate boilerplate, boolean complete) {
        writer.setLiveCommitData(
                Map.of(
                                "format", FORMAT,
                                "boilerplate", boilerplate.join(),
                                "complete", Boolean.toString(complete))
                        .entrySet());
    }

    /// Whether the first indexing got to its end.
    private boolean isComplete() throws IOException {
        return current != null && Boolean.parseBoolean(stored().get("complete"));
    }

    /// Another process writes: goes on with what that has committed, once it has been through the
    /// folder, or has ended.
    private void awaitOther() throws IOException, InterruptedException {
        long waited = 0;
        for (reopen(); !isComplete() && isLocked(); reopen()) {
            if (waited >= WAIT_FOR_OTHERS_MS) {
                throw new IOException("another process is still indexing " + folder);
            }
            Thread.sleep(LOOK_EVERY_MS);
            waited += LOOK_EVERY_MS;
        }
    }

    private boolean isLocked() throws IOException {
        try (var _ = directory.obtainLock(IndexWriter.WRITE_LOCK_NAME)) {
            return false;
        } catch (LockObtainFailedException busy) {
            return true;
        }
    }

    private static Boilerplate learn(List<SourceFile> files) {
        var sample = new ArrayList<Document>();
        int step = Math.max(1, files.size() / Boilerplate.SAMPLE);
        for (int i = 0; i < files.size() && sample.size() < Boilerplate.SAMPLE; i += step) {
            var file = files.get(i);
            if (file.size() <= Boilerplate.LARGEST_FILE) {
                read(file, bytes(file)).ifPresent(sample::add);
            }
        }
        return Boilerplate.of(sample);
    }

    private void addAll(
            IndexWriter writer,
            List<SourceFile> files,
            Map<String, Snapshot.Known> known,
            Boilerplate boilerplate,
            Watcher watcher)
            throws IOException, InterruptedException {
        var done = new AtomicInteger();
        int threads = Runtime.getRuntime().availableProcessors();
        long committed = System.nanoTime();
        try (var pool = Executors.newFixedThreadPool(threads)) {
            for (int from = 0; from < files.size(); from += BATCH) {
                var batch = files.subList(from, Math.min(files.size(), from + BATCH));
                var tasks = new ArrayList<Future<?>>();
                for (var file : batch) {
                    tasks.add(
                            pool.submit(() -> {
                                add(writer, file, known.get(file.source()), boilerplate);
                                watcher.read(done.incrementAndGet(), files.size());
                                return null;
                            }));
                }
                awaitAll(tasks);
                if (System.nanoTime() - committed > COMMIT_EVERY_NS) {
                    writer.commit();
                    committed = System.nanoTime();
                }
            }
        }
    }

    private static void awaitAll(List<Future<?>> tasks) throws IOException, InterruptedException {
        try {
            for (var task : tasks) {
                task.get();
            }
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof IOException io) {
                throw io;
            }
            throw new IllegalStateException(failure.getCause());
        } finally {
            tasks.forEach(task -> task.cancel(false));
        }
    }

    private void add(
            IndexWriter writer,
            SourceFile file,
            Snapshot.@Nullable Known before,
            Boilerplate boilerplate)
            throws IOException {
        var content = bytes(file);
        var digest = new BytesRef(Digest.of(content));
        if (before != null && before.content().equals(digest)) {
            writer.updateBinaryDocValue(
                    new Term(Entry.FILE, file.source()), Entry.STAMP, Entry.stamp(file));
            return;
        }
        var document = read(file, content);
        var title = document.map(Document::title).orElse(file.source());
        var passages =
                document.map(text -> Passages.split(text, boilerplate::contains)).orElse(List.of());
        writer.updateDocuments(
                new Term(Entry.SOURCE, file.source()), Entry.of(file, digest, title, passages));
    }

    /// A file that vanished since it was seen is empty; the next refresh forgets it.
    private static byte[] bytes(SourceFile file) {
        try {
            return Files.readAllBytes(file.path());
        } catch (IOException unreadable) {
            LOG.warn("{} cannot be read: {}", file.source(), unreadable.toString());
            return new byte[0];
        }
    }

    /// A file that cannot be understood has no passages, and is not tried again until it changes.
    private static Optional<Document> read(SourceFile file, byte[] content) {
        try {
            return Documents.read(file, content);
        } catch (IOException | RuntimeException refused) {
            LOG.warn("{} is left out: {}", file.source(), refused.getMessage());
            return Optional.empty();
        }
    }
}
