package dev.tutti.runtime.artifact;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.HexFormat;

/// A stream of content that has to have a hash. The last part of it is given out only once all of
/// it has been found to have it: whoever has everything knows that it is what was stored.
final class Checked extends InputStream {
    private static final int PART = 64 * 1024;

    private final InputStream content;
    private final MessageDigest digest = Sha256.digest();
    private final String hash;

    /// What is given out, from `at` to `end`.
    private byte[] part = new byte[PART];

    private int at;
    private int end;

    /// What was read after it.
    private byte[] next = new byte[PART];

    private int ahead;
    private boolean begun;
    private boolean checked;

    Checked(InputStream content, String hash) {
        this.content = content;
        this.hash = hash;
    }

    @Override
    public int read() throws IOException {
        return hasMore() ? Byte.toUnsignedInt(part[at++]) : -1;
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (!hasMore()) {
            return -1;
        }
        int count = Math.min(length, end - at);
        System.arraycopy(part, at, into, from, count);
        at += count;
        return count;
    }

    /// Reads a part ahead.
    private boolean hasMore() throws IOException {
        if (!begun) {
            begun = true;
            readOn();
        }
        if (at == end && ahead > 0) {
            var free = part;
            part = next;
            next = free;
            at = 0;
            end = ahead;
            readOn();
        }
        if (ahead == 0 && !checked) {
            checked = true;
            if (!HexFormat.of().formatHex(digest.digest()).equals(hash)) {
                end = at;
                throw new IOException(
                        "the artifact " + hash + " is not what was stored under that hash");
            }
        }
        return at < end;
    }

    private void readOn() throws IOException {
        ahead = content.readNBytes(next, 0, PART);
        digest.update(next, 0, ahead);
    }

    @Override
    public void close() throws IOException {
        content.close();
    }
}
