package dev.tutti.runtime.artifact;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.HexFormat;

/// A stream of content that has to have a hash: whoever comes to its end knows that it had.
final class Checked extends FilterInputStream {
    private final MessageDigest digest = Sha256.digest();
    private final String hash;

    Checked(InputStream content, String hash) {
        super(content);
        this.hash = hash;
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
        int count = super.read(into, from, length);
        if (count > 0) {
            digest.update(into, from, count);
        } else if (count < 0 && !HexFormat.of().formatHex(digest.digest()).equals(hash)) {
            throw new IOException(
                    "the artifact " + hash + " is not what was stored under that hash");
        }
        return count;
    }

    @Override
    public long skip(long count) throws IOException {
        return readNBytes((int) Math.min(count, 1 << 16)).length;
    }

    @Override
    public boolean markSupported() {
        return false;
    }
}
