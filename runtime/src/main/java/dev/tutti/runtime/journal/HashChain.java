package dev.tutti.runtime.journal;

import dev.tutti.runtime.artifact.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;

/// Chains the entries of a stream: each hash covers the one before it and every stored byte of the
/// entry, with the length before each part, so that no two entries have the same bytes. Erasing a
/// key does not touch it, since what is covered is the payload as stored.
final class HashChain {
    static final byte[] START = new byte[32];

    private final MessageDigest digest = Sha256.digest();
    private final ByteBuffer numbers = ByteBuffer.allocate(4 * Long.BYTES);

    byte[] next(
            byte[] before,
            StreamId stream,
            long sequence,
            long epoch,
            NewEntry entry,
            byte[] stored) {
        digest.reset();
        digest.update(before);
        number(sequence, epoch, entry.version(), micros(entry.at()));
        text(stream.tenant().value());
        text(stream.name());
        text(entry.type());
        text(entry.actor());
        text(entry.cause());
        text(entry.keyId() == null ? "" : entry.keyId());
        number(stored.length, 0, 0, 0);
        digest.update(stored);
        return digest.digest();
    }

    boolean holds(byte[] before, Entry entry, byte[] stored) {
        return Arrays.equals(
                entry.hash(),
                next(
                        before,
                        entry.stream(),
                        entry.sequence(),
                        entry.epoch(),
                        entry.event(),
                        stored));
    }

    /// The hash of a message, which belongs to no chain.
    byte[] of(Message message) {
        digest.reset();
        number(micros(message.at()), 0, 0, 0);
        text(message.id());
        text(message.to().tenant().value());
        text(message.to().name());
        text(message.kind());
        text(message.actor());
        digest.update(message.payload());
        return digest.digest();
    }

    /// The hash of a row of a projection.
    byte[] of(String projection, JournalReader.Row row) {
        digest.reset();
        text(projection);
        text(row.key());
        digest.update(row.body());
        return digest.digest();
    }

    /// Times are kept to the microsecond.
    static long micros(Instant at) {
        return Math.addExact(
                Math.multiplyExact(at.getEpochSecond(), 1_000_000L), at.getNano() / 1_000);
    }

    static Instant instant(long micros) {
        return Instant.ofEpochSecond(
                Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1_000L);
    }

    private void number(long a, long b, long c, long d) {
        numbers.clear().putLong(a).putLong(b).putLong(c).putLong(d);
        digest.update(numbers.array());
    }

    private void text(String text) {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        number(bytes.length, 0, 0, 0);
        digest.update(bytes);
    }
}
