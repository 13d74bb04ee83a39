package dev.tutti.server.http;

import dev.tutti.runtime.artifact.ArtifactStore;
import io.javalin.http.Context;
import java.io.BufferedInputStream;
import java.io.IOException;

/// Answers with an artifact, a part at a time.
///
/// Its length is said, and it goes as it is: of one that turns out to be damaged the last part is
/// missing, so that whoever fetches it sees that it is not whole. One that is short is looked at
/// before anything is answered.
public final class Download {
    private Download() {}

    /// Answers a request.
    ///
    /// @param type what it is said to be
    public static void send(Context request, ArtifactStore.Opened opened, String type) {
        var content = new BufferedInputStream(opened.content());
        try {
            content.mark(1);
            content.read();
            content.reset();
        } catch (IOException e) {
            throw damaged(e);
        }
        request.disableCompression()
                .header("content-length", Long.toString(opened.bytes()))
                .contentType(type)
                .result(content);
    }

    /// Says that what is stored is not what was stored.
    public static Problem damaged(IOException e) {
        return new Problem(500, "damaged", String.valueOf(e.getMessage()));
    }
}
