package dev.tutti.server.api;

import dev.tutti.Tutti;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.artifact.Sha256;
import dev.tutti.runtime.json.Json;
import dev.tutti.server.http.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What was asked under which `Idempotency-Key`, and which run was to be begun: on disk before it
/// is done, so that one who asks again after a crash is given the same.
public final class Reservations {
    private static final Duration KEPT = Duration.ofDays(1);
    private static final int MOST_REMEMBERED = 10_000;

    private final @Nullable Path folder;
    private final Map<String, String> remembered = new LinkedHashMap<>();

    /// @param store the folder of the store, or null to keep them in memory
    public Reservations(@Nullable Path store) {
        folder = store == null ? null : store.resolve("requests");
        if (folder != null && Files.isDirectory(folder)) {
            forgetOld(folder);
        }
    }

    private static void forgetOld(Path folder) {
        var oldest = Instant.now().minus(KEPT);
        try (var files = Files.newDirectoryStream(folder)) {
            for (var file : files) {
                if (Files.getLastModifiedTime(file).toInstant().isBefore(oldest)) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The run for a key: a new one, or the one that was reserved before.
    ///
    /// @param body of the request
    /// @throws Problem `wrong_key` when another request came under this key
    synchronized RunId reserve(String key, byte[] body) {
        var name = Sha256.hex(key.getBytes(StandardCharsets.UTF_8));
        var line = Tutti.newRun() + " " + Sha256.hex(body);
        var known = folder == null ? remembered.putIfAbsent(name, line) : keep(folder, name, line);
        if (remembered.size() > MOST_REMEMBERED) {
            remembered.remove(remembered.keySet().iterator().next());
        }
        var reserved = (known == null ? line : known).strip().split(" ", -1);
        if (!reserved[1].equals(Sha256.hex(body))) {
            throw new Problem(
                    422, "wrong_key", "something else was asked under this `Idempotency-Key`");
        }
        return new RunId(reserved[0]);
    }

    /// The answer that was kept for a key.
    synchronized Optional<Value.Struct> answer(String key) {
        var name = answerName(key);
        try {
            var file = folder == null ? null : folder.resolve(name);
            var text =
                    file == null
                            ? remembered.get(name)
                            : Files.exists(file) ? Files.readString(file) : null;
            return text != null && Json.parse(text) instanceof Value.Struct answer
                    ? Optional.of(answer)
                    : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Keeps the answer for a key that was reserved, where it cannot be found out again once the
    /// thing is done.
    synchronized void answer(String key, Value.Struct answer) {
        var name = answerName(key);
        if (folder == null) {
            remembered.put(name, Json.text(answer));
            return;
        }
        try {
            Files.createDirectories(folder);
            var whole = Files.write(folder.resolve(name + ".new"), Json.bytes(answer));
            Files.move(whole, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String answerName(String key) {
        return Sha256.hex(key.getBytes(StandardCharsets.UTF_8)) + "-answer";
    }

    /// Keeps a line, unless there is one already, which it gives then.
    private static @Nullable String keep(Path folder, String name, String line) {
        try {
            Files.createDirectories(folder);
            var file = folder.resolve(name);
            if (Files.exists(file) && Files.size(file) > line.length() / 2) {
                return Files.readString(file);
            }
            try (var channel =
                    FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                channel.write(ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8)));
                channel.force(true);
            }
            return null;
        } catch (FileAlreadyExistsException e) {
            throw new UncheckedIOException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
