package dev.tutti.runtime.artifact;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/// Keeps content under its SHA-256. What [#put] returned for is on disk.
public interface ArtifactStore {

    /// Keeps `content` and returns its hash in hexadecimal. Keeping the same content again costs
    /// nothing.
    ///
    /// @throws ArtifactException when it could not be written
    String put(byte[] content);

    /// Keeps all that a stream gives. Stores on disk have no more than a part of it in memory at a
    /// time. The stream is not closed.
    ///
    /// @throws IOException when the stream does not come to its end: nothing is kept then
    /// @throws ArtifactException when it could not be written
    default Kept keep(InputStream content) throws IOException {
        var all = content.readAllBytes();
        return new Kept(put(all), all.length);
    }

    /// Content that was kept.
    ///
    /// @param hash in hexadecimal
    record Kept(String hash, long bytes) {}

    /// The content under `hash`, checked against it; empty when there is none.
    ///
    /// @throws ArtifactException when what is stored is not what was put, or cannot be read
    Optional<byte[]> get(String hash);

    /// The content under `hash` as a stream; empty when there is none. Of what is not what was put
    /// the last part is not given: whoever reads gets an [IOException] before.
    ///
    /// @throws ArtifactException when it cannot be read
    default Optional<Opened> open(String hash) {
        return get(hash).map(all -> new Opened(new ByteArrayInputStream(all), all.length));
    }

    /// Content that is read a part at a time.
    record Opened(InputStream content, long bytes) {}
}
