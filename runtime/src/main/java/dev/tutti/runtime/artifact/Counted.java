package dev.tutti.runtime.artifact;

import java.io.IOException;
import java.io.InputStream;

/// Content that is counted while it is read, so that too much of it can end the reading.
public final class Counted extends InputStream {
    private final InputStream content;
    private final Check check;
    private long count;

    /// Is asked after every part that was read.
    @FunctionalInterface
    public interface Check {

        /// Throws what ends the reading, if anything does.
        ///
        /// @param count bytes that were read so far
        void read(long count) throws IOException;
    }

    public Counted(InputStream content, Check check) {
        this.content = content;
        this.check = check;
    }

    /// How many bytes were read.
    public long count() {
        return count;
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
        int part = content.read(into, from, length);
        count += Math.max(0, part);
        check.read(count);
        return part;
    }

    @Override
    public int available() throws IOException {
        return content.available();
    }

    @Override
    public void close() throws IOException {
        content.close();
    }
}
