package dev.tutti.runtime.journal;

import dev.tutti.runtime.artifact.Sha256;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Optional;

/// How far a store had come when it last acknowledged something, in a small file beside it.
///
/// SQLite takes a write-ahead log as far as its checksums hold and drops the rest without a word:
/// right for what was being written when the power went, wrong for what was acknowledged and is
/// damaged. The two are told apart by this mark. It is written after each commit and never synced:
/// after a power cut it may be behind the store, but it is never ahead of it.
final class HighWater implements AutoCloseable {
    private static final int HASH = 32;
    private static final int BODY = Long.BYTES + HASH;
    private static final int RECORD = BODY + Long.BYTES;

    /// The last event: its position and its hash.
    private static final int EVENT = 0;

    /// The last message that was left: its number.
    private static final int MESSAGE = 1;

    private final FileChannel channel;

    private HighWater(FileChannel channel) {
        this.channel = channel;
    }

    /// What a mark says.
    private record Mark(long number, byte[] hash) {}

    static Path file(Path database) {
        return database.resolveSibling(database.getFileName() + "-mark");
    }

    static HighWater of(Path database) throws IOException {
        return new HighWater(
                FileChannel.open(
                        file(database), StandardOpenOption.CREATE, StandardOpenOption.WRITE));
    }

    /// The store has acknowledged this event and all before it.
    void event(long position, byte[] hash) {
        write(EVENT, position, hash);
    }

    /// The store has acknowledged this message and all before it.
    void message(long number) {
        write(MESSAGE, number, new byte[HASH]);
    }

    private void write(int place, long number, byte[] hash) {
        try {
            var bytes = ByteBuffer.allocate(RECORD).putLong(number).put(hash);
            bytes.putLong(check(Arrays.copyOf(bytes.array(), BODY))).flip();
            channel.write(bytes, (long) place * RECORD);
        } catch (IOException _) {
            // The mark stays where it was, which is never too far.
        }
    }

    private static long check(byte[] body) {
        return ByteBuffer.wrap(Sha256.digest().digest(body)).getLong();
    }

    /// Reads the mark before the store is looked at, so that it is not ahead of what is seen.
    ///
    /// @return what is wrong with a store that is at these places
    static Lost read(Path database) {
        var file = file(database);
        if (!Files.exists(file)) {
            return new Lost(file, Optional.empty(), Optional.empty());
        }
        try {
            var bytes = Files.readAllBytes(file);
            return new Lost(file, mark(bytes, EVENT), mark(bytes, MESSAGE));
        } catch (IOException _) {
            return new Lost(file, Optional.empty(), Optional.empty());
        }
    }

    /// A mark that is not whole says nothing.
    private static Optional<Mark> mark(byte[] bytes, int place) {
        int from = place * RECORD;
        if (bytes.length < from + RECORD) {
            return Optional.empty();
        }
        var body = Arrays.copyOfRange(bytes, from, from + BODY);
        var record = ByteBuffer.wrap(bytes, from, RECORD);
        long number = record.getLong();
        var hash = Arrays.copyOfRange(body, Long.BYTES, BODY);
        return record.getLong(from + BODY) == check(body) && number > 0
                ? Optional.of(new Mark(number, hash))
                : Optional.empty();
    }

    /// What a store must have.
    static final class Lost {
        private final Path file;
        private final Optional<Mark> event;
        private final Optional<Mark> message;

        private Lost(Path file, Optional<Mark> event, Optional<Mark> message) {
            this.file = file;
            this.event = event;
            this.message = message;
        }

        /// The position that must be there, 0 when nothing is known.
        long position() {
            return event.map(Mark::number).orElse(0L);
        }

        /// @param hash of the event at [#position], empty when there is none
        /// @param messages the number of the last message that was ever left
        /// @throws JournalException when something that was acknowledged is not there
        void check(Optional<byte[]> hash, long messages) {
            if (event.isPresent()
                    && !hash.map(one -> Arrays.equals(one, event.get().hash())).orElse(false)) {
                throw lost("event " + event.get().number());
            }
            if (message.isPresent() && messages < message.get().number()) {
                throw lost("message " + message.get().number());
            }
        }

        private JournalException lost(String what) {
            return new JournalException(
                    "corrupt",
                    what
                            + " was acknowledged and is not in the store: its write-ahead log is damaged"
                            + " or missing, or the file was replaced. Put the files back; or delete "
                            + file
                            + " to go on without what is lost",
                    null);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException _) {
            // Nothing of it needs to be kept: see above.
        }
    }
}
