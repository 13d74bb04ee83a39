package dev.tutti.server.live;

import dev.tutti.core.event.Value;
import dev.tutti.runtime.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/// Server-sent events as they are written.
final class Sse {
    private static final byte[] DATA = "\ndata: ".getBytes(StandardCharsets.UTF_8);
    private static final byte[] END = "\n\n".getBytes(StandardCharsets.UTF_8);
    private static final byte[] ALIVE = ": alive\n\n".getBytes(StandardCharsets.UTF_8);

    private final OutputStream out;

    Sse(OutputStream out) {
        this.out = out;
    }

    /// The bytes of an event.
    ///
    /// @param id what a reader resumes with, or a negative number for none
    /// @param json on one line, as compact JSON is
    static byte[] frame(String event, long id, byte[] json) {
        var frame = new ByteArrayOutputStream(json.length + 64);
        if (id >= 0) {
            frame.writeBytes(("id: " + id + "\n").getBytes(StandardCharsets.UTF_8));
        }
        frame.writeBytes(("event: " + event).getBytes(StandardCharsets.UTF_8));
        frame.writeBytes(DATA);
        frame.writeBytes(json);
        frame.writeBytes(END);
        return frame.toByteArray();
    }

    void begin(int retryMillis) throws IOException {
        out.write(("retry: " + retryMillis + "\n\n").getBytes(StandardCharsets.UTF_8));
    }

    void write(byte[] frame) throws IOException {
        out.write(frame);
    }

    void write(String event, long id, Value data) throws IOException {
        out.write(frame(event, id, Json.bytes(data)));
    }

    /// For connections, not for readers: a browser hides it from its page.
    void alive() throws IOException {
        out.write(ALIVE);
        out.flush();
    }

    void flush() throws IOException {
        out.flush();
    }
}
