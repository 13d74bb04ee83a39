package dev.tutti.agents.local.memory;

import dev.tutti.runtime.journal.JournalReader;
import dev.tutti.runtime.journal.StreamId;
import java.io.Closeable;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HexFormat;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LogDocMergePolicy;
import org.apache.lucene.index.SerialMergeScheduler;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.LockObtainFailedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The index of what a topic tells, brought up to date before it is looked at.
///
/// A commit is atomic and says how far into the topic it goes: whenever the process is killed, the
/// index goes on from there. Of several processes one writes at a time; the others wait for it.
final class Index implements Closeable {
    private static final int PAGE = 1_000;
    private static final double BUFFER_MIB = 64;
    private static final long WAIT_FOR_OTHERS_MS = 60_000;
    private static final long LOOK_EVERY_MS = 20;
    private static final Logger LOG = LoggerFactory.getLogger(Index.class);

    private final Directory directory;
    private final StreamId topic;
    private volatile @Nullable Contents current;

    /// Up to here no run has ended that is not in the index.
    private long lookedTo;

    Index(Directory directory, StreamId topic) {
        this.directory = directory;
        this.topic = topic;
    }

    /// Takes in what came to the topic, and lets go of what has expired.
    synchronized void refresh(JournalReader journal, Instant now)
            throws IOException, InterruptedException {
        for (long waited = 0; ; waited += LOOK_EVERY_MS) {
            reopen();
            long day = now.atZone(ZoneOffset.UTC).toLocalDate().toEpochDay();
            long head = journal.head(topic);
            var mark = current == null ? null : current.mark();
            boolean fits = mark != null && fits(mark, journal, head);
            if (mark != null
                    && fits
                    && mark.cursor() == head
                    && mark.day() >= day
                    && !hasEpisodes(journal, mark)) {
                return;
            }
            if (write(journal, head, day, fits)) {
                reopen();
                return;
            }
            if (waited >= WAIT_FOR_OTHERS_MS) {
                throw new IOException(
                        "another process is still writing the index of memories: try again");
            }
            Thread.sleep(LOOK_EVERY_MS);
        }
    }

    /// Whether runs have ended that are not in it.
    private boolean hasEpisodes(JournalReader journal, Mark mark) {
        long position = journal.position();
        long since = Math.max(mark.position(), lookedTo);
        if (position > since && !Episodes.ended(journal, topic.tenant(), since).isEmpty()) {
            return true;
        }
        lookedTo = Math.max(lookedTo, position);
        return false;
    }

    /// Throws the index away; the next [#refresh] makes it anew.
    synchronized void discard() throws IOException, InterruptedException {
        if (current != null) {
            current.release();
            current = null;
        }
        for (long waited = 0; waited < WAIT_FOR_OTHERS_MS; waited += LOOK_EVERY_MS) {
            try (var _ = directory.obtainLock(IndexWriter.WRITE_LOCK_NAME)) {
                clear();
                return;
            } catch (LockObtainFailedException busy) {
                Thread.sleep(LOOK_EVERY_MS);
            }
        }
        throw new IOException("another process is writing the index of memories: try again");
    }

    private void clear() throws IOException {
        for (var file : directory.listAll()) {
            if (!file.equals(IndexWriter.WRITE_LOCK_NAME)) {
                directory.deleteFile(file);
            }
        }
    }

    /// The index as it is now; the caller releases it.
    Contents hold() {
        while (true) {
            var contents = current;
            if (contents == null) {
                throw new IllegalStateException("refresh comes first");
            }
            if (contents.hold()) {
                return contents;
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
        if (before == null) {
            current = open();
            return;
        }
        DirectoryReader reader;
        try {
            reader = DirectoryReader.openIfChanged(before.reader());
        } catch (IOException | IllegalArgumentException damaged) {
            LOG.warn("the index of memories is made anew: {}", damaged.toString());
            current = null;
            before.release();
            return;
        }
        if (reader != null) {
            var mark = Mark.read(reader.getIndexCommit().getUserData());
            current = mark == null ? null : new Contents(reader, mark);
            before.release();
        }
    }

    /// The index, if there is one of this format that can be read.
    private @Nullable Contents open() throws IOException {
        if (!DirectoryReader.indexExists(directory)) {
            return null;
        }
        DirectoryReader reader = null;
        try {
            reader = DirectoryReader.open(directory);
            var mark = Mark.read(reader.getIndexCommit().getUserData());
            if (mark != null) {
                for (var leaf : reader.leaves()) {
                    leaf.reader().checkIntegrity();
                }
                return new Contents(reader, mark);
            }
            reader.close();
        } catch (IOException | IllegalArgumentException | IllegalStateException damaged) {
            LOG.warn("the index of memories is made anew: {}", damaged.toString());
            if (reader != null) {
                reader.close();
            }
        }
        return null;
    }

    /// Whether the index is of this topic and not ahead of it, as after a backup was put back.
    private boolean fits(Mark mark, JournalReader journal, long head) {
        if (mark.cursor() == 0) {
            return true;
        }
        if (mark.cursor() > head) {
            return false;
        }
        var entry = journal.read(topic, mark.cursor() - 1, 1);
        return !entry.isEmpty() && hash(entry.getFirst().hash()).equals(mark.hash());
    }

    static String hash(byte[] hash) {
        return HexFormat.of().formatHex(hash);
    }

    /// @param fits whether what is there is gone on with
    /// @return whether it was written, or another process has the index
    private boolean write(JournalReader journal, long head, long day, boolean fits)
            throws IOException {
        if (!fits) {
            lookedTo = 0;
            try (var _ = directory.obtainLock(IndexWriter.WRITE_LOCK_NAME)) {
                if (current != null) {
                    current.release();
                    current = null;
                }
                clear();
            } catch (LockObtainFailedException busy) {
                return false;
            }
        }
        var config =
                new IndexWriterConfig(Leaf.analyzer())
                        .setRAMBufferSizeMB(BUFFER_MIB)
                        .setMergePolicy(new LogDocMergePolicy())
                        .setMergeScheduler(new SerialMergeScheduler())
                        .setOpenMode(
                                fits
                                        ? IndexWriterConfig.OpenMode.APPEND
                                        : IndexWriterConfig.OpenMode.CREATE);
        IndexWriter writer;
        try {
            writer = new IndexWriter(directory, config);
        } catch (LockObtainFailedException busy) {
            return false;
        }
        try {
            // Nobody else writes now, but somebody may have since this was opened.
            reopen();
            var before = fits && current != null ? current : null;
            long position = journal.position();
            var fold = new Fold(writer, before, journal, topic.tenant());
            for (long at = fold.mark().cursor(); at < head; at = fold.mark().cursor()) {
                var page = journal.read(topic, at, PAGE);
                if (page.isEmpty()) {
                    break;
                }
                for (var entry : page) {
                    fold.take(entry);
                }
            }
            fold.runs(position);
            fold.expire(day);
            if (fold.erases()) {
                writer.forceMergeDeletes();
            }
            writer.setLiveCommitData(fold.mark().written().entrySet());
            writer.commit();
        } catch (IOException | RuntimeException | Error failure) {
            writer.rollback();
            throw failure;
        }
        writer.close();
        return true;
    }
}
