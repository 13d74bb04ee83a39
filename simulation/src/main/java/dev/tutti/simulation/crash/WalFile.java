package dev.tutti.simulation.crash;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// SQLite's write-ahead log as a file of frames (sqlite.org/fileformat2.html, section 4): a header
/// of 32 bytes with the size of a page, then frames of 24 bytes and a page each.
final class WalFile {
    private static final int HEADER = 32;
    private static final int FRAME_HEADER = 24;
    private static final int PAGE_SIZE_AT = 8;
    private static final int KINDS = 3;

    private final Path file;

    private WalFile(Path file) {
        this.file = file;
    }

    static WalFile of(Path database) {
        return new WalFile(database.resolveSibling(database.getFileName() + "-wal"));
    }

    /// Where a log ends, and how.
    ///
    /// @param at the bytes before are as they were
    /// @param junk how many bytes follow that nobody wrote, to the end of a frame
    /// @param fill what those bytes are
    record Cut(long at, int junk, int fill) {}

    private Path mark() {
        var name = file.getFileName().toString();
        return file.resolveSibling(name.substring(0, name.length() - "wal".length()) + "mark");
    }

    long length() {
        try {
            return Files.exists(file) ? Files.size(file) : 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int frames() {
        long length = length();
        return length <= HEADER ? 0 : Math.toIntExact((length - HEADER) / frame());
    }

    private int frame() {
        try (var bytes = new RandomAccessFile(file.toFile(), "r")) {
            bytes.seek(PAGE_SIZE_AT);
            return FRAME_HEADER + bytes.readInt();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Nothing of a frame was written.
    Cut at(int frame) {
        return new Cut(HEADER + (long) frame * frame(), 0, 0);
    }

    /// A frame was written in part: the file ends there, or what follows is zeros or rubbish.
    Cut within(int frame) {
        int whole = frame();
        int part = FRAME_HEADER / 2 + (frame * 997) % (whole - FRAME_HEADER);
        int kind = frame % KINDS;
        return new Cut(
                HEADER + (long) frame * whole + part,
                kind == 0 ? 0 : whole - part,
                kind == 1 ? 0 : 0xa5);
    }

    void cut(Cut cut) throws IOException {
        // Nothing of what is cut off was acknowledged, so the mark of the store had not come so
        // far.
        Files.deleteIfExists(mark());
        try (var bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.setLength(cut.at());
            bytes.seek(cut.at());
            var junk = new byte[cut.junk()];
            java.util.Arrays.fill(junk, (byte) cut.fill());
            bytes.write(junk);
        }
    }
}
