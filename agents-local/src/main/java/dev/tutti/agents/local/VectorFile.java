package dev.tutti.agents.local;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.CRC32C;
import org.apache.lucene.util.BytesRef;
import org.jspecify.annotations.Nullable;

/// Vectors on disk, each under the digest of the text it stands for. Records are only ever added,
/// each with a checksum: what a killed process left half-written at the end is cut off by the next
/// that writes. One process writes at a time, others read along.
///
/// A vector is kept as one byte a number and a common factor, which changes a cosine by less than a
/// hundredth.
public final class VectorFile {
    private static final int DIGEST = 32;
    private static final int RECORD = DIGEST + Float.BYTES + Embeddings.SIZE + Integer.BYTES;
    private static final long MAGIC = 0x5475747469766563L; // "Tuttivec"
    private static final int HEADER = 2 * Long.BYTES;

    /// The file is written anew once it holds this many more records than are in use.
    private static final int MOST_UNUSED = 5_000;

    /// A vector as it is kept.
    private static final class Vector {
        final float factor;
        final byte[] numbers;

        Vector(float factor, byte[] numbers) {
            this.factor = factor;
            this.numbers = numbers;
        }

        float dot(float[] other) {
            float sum = 0;
            for (int i = 0; i < numbers.length; i++) {
                sum += numbers[i] * other[i];
            }
            return sum * factor;
        }
    }

    private final Path file;
    private final Map<BytesRef, Vector> vectors = new ConcurrentHashMap<>();
    private long generation;
    private long end;

    /// @param file made once something is added
    public VectorFile(Path file) {
        this.file = file;
    }

    /// Takes in what was added to the file since the last time, by this process or another.
    public synchronized void load() throws IOException {
        if (!Files.exists(file)) {
            return;
        }
        try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
            var header = read(channel, 0, HEADER);
            if (header.remaining() < HEADER || header.getLong() != MAGIC) {
                return;
            }
            long found = header.getLong();
            if (found != generation) {
                vectors.clear();
                generation = found;
                end = HEADER;
            }
            while (end + RECORD <= channel.size()) {
                int records = (int) Math.min(1024, (channel.size() - end) / RECORD);
                var block = read(channel, end, records * RECORD);
                while (block.remaining() >= RECORD) {
                    if (!take(block)) {
                        return;
                    }
                    end += RECORD;
                }
            }
        }
    }

    private boolean take(ByteBuffer block) {
        var record = new byte[RECORD];
        block.get(record);
        var fields = ByteBuffer.wrap(record);
        if (fields.getInt(RECORD - Integer.BYTES) != checksum(record)) {
            return false;
        }
        var digest = new BytesRef(Arrays.copyOf(record, DIGEST));
        var numbers =
                Arrays.copyOfRange(
                        record, DIGEST + Float.BYTES, DIGEST + Float.BYTES + Embeddings.SIZE);
        vectors.put(digest, new Vector(fields.getFloat(DIGEST), numbers));
        return true;
    }

    /// How many vectors are loaded.
    public int size() {
        return vectors.size();
    }

    /// Changes when other vectors are loaded.
    public synchronized long state() {
        return 31 * generation + end;
    }

    boolean contains(BytesRef digest) {
        return vectors.containsKey(digest);
    }

    /// The cosine of a question's vector and the one under `digest`; NaN where there is none.
    float nearness(float[] question, @Nullable BytesRef digest) {
        var vector = digest == null ? null : vectors.get(digest);
        return vector == null ? Float.NaN : vector.dot(question);
    }

    /// Copies the numbers of a vector.
    ///
    /// @return what they are to be multiplied with; NaN where there is no such vector
    public float copy(BytesRef digest, byte[] into, int at) {
        var vector = vectors.get(digest);
        if (vector == null) {
            return Float.NaN;
        }
        System.arraycopy(vector.numbers, 0, into, at, vector.numbers.length);
        return vector.factor;
    }

    /// Opens the file for writing, or nothing where somebody else has it open.
    public synchronized Optional<Writer> write() throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        var lock =
                FileChannel.open(
                        file.resolveSibling(file.getFileName() + ".lock"),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE);
        FileLock held = null;
        try {
            held = lock.tryLock();
        } catch (OverlappingFileLockException withinThisProcess) {
            // The same as held elsewhere.
        } finally {
            if (held == null) {
                lock.close();
            }
        }
        if (held == null) {
            return Optional.empty();
        }
        try {
            load();
            return Optional.of(new Writer(lock));
        } catch (IOException | RuntimeException failure) {
            lock.close();
            throw failure;
        }
    }

    /// Adds vectors. Closing it lets others write.
    public final class Writer implements Closeable {
        private final FileChannel lock;

        private Writer(FileChannel lock) {
            this.lock = lock;
        }

        /// Adds vectors; on disk before this returns.
        public void add(Map<BytesRef, float[]> added) throws IOException {
            synchronized (VectorFile.this) {
                if (generation == 0) {
                    replace(Set.of());
                }
                var block = ByteBuffer.allocate(added.size() * RECORD);
                added.forEach((digest, vector) -> put(block, digest, quantised(vector)));
                try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                    channel.truncate(end);
                    writeAll(channel, end, block.flip());
                    channel.force(false);
                }
                load();
            }
        }

        /// Drops vectors that are not in use, once there are many.
        void tidy(Set<BytesRef> used) throws IOException {
            tidy(used, MOST_UNUSED);
        }

        /// Drops vectors that are not in use, once there are more than `most` of them.
        public void tidy(Set<BytesRef> used, int most) throws IOException {
            synchronized (VectorFile.this) {
                long kept = used.stream().filter(vectors::containsKey).count();
                if (vectors.size() > kept + most) {
                    replace(used);
                    load();
                }
            }
        }

        private void replace(Set<BytesRef> kept) throws IOException {
            var fresh = file.resolveSibling(file.getFileName() + ".new");
            try (var channel =
                    FileChannel.open(
                            fresh,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.TRUNCATE_EXISTING,
                            StandardOpenOption.WRITE)) {
                var header = ByteBuffer.allocate(HEADER).putLong(MAGIC);
                header.putLong(Math.max(1, System.nanoTime() ^ (generation << 1)));
                long at = writeAll(channel, 0, header.flip());
                for (var digest : kept) {
                    var vector = vectors.get(digest);
                    if (vector != null) {
                        var record = ByteBuffer.allocate(RECORD);
                        put(record, digest, vector);
                        at = writeAll(channel, at, record.flip());
                    }
                }
                channel.force(true);
            }
            Files.move(
                    fresh,
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
            load();
        }

        @Override
        public void close() throws IOException {
            lock.close();
        }
    }

    private static void put(ByteBuffer block, BytesRef digest, Vector vector) {
        var record = new byte[RECORD];
        var fields = ByteBuffer.wrap(record);
        fields.put(digest.bytes, digest.offset, DIGEST);
        fields.putFloat(vector.factor);
        fields.put(vector.numbers);
        fields.putInt(checksum(record));
        block.put(record);
    }

    private static Vector quantised(float[] vector) {
        float most = 1e-9f;
        for (float number : vector) {
            most = Math.max(most, Math.abs(number));
        }
        var numbers = new byte[vector.length];
        for (int i = 0; i < vector.length; i++) {
            numbers[i] = (byte) Math.round(vector[i] / most * Byte.MAX_VALUE);
        }
        return new Vector(most / Byte.MAX_VALUE, numbers);
    }

    private static int checksum(byte[] record) {
        var crc = new CRC32C();
        crc.update(record, 0, RECORD - Integer.BYTES);
        return (int) crc.getValue();
    }

    private static ByteBuffer read(FileChannel channel, long from, int count) throws IOException {
        var buffer = ByteBuffer.allocate(count);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, from + buffer.position()) < 0) {
                break;
            }
        }
        return buffer.flip();
    }

    private static long writeAll(FileChannel channel, long at, ByteBuffer bytes)
            throws IOException {
        long position = at;
        while (bytes.hasRemaining()) {
            position += channel.write(bytes, position);
        }
        return position;
    }
}
