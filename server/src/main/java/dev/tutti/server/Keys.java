package dev.tutti.server;

import dev.tutti.core.event.Value;
import dev.tutti.runtime.json.Json;
import dev.tutti.server.http.Role;
import dev.tutti.server.workers.Secret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Keys for programs and people beside the one who operates the server, each with a role. What is
/// kept of a key is its hash, in the store's folder.
final class Keys {
    static final String BEGINNING = "tutti_key_";

    /// The tenant of the runs of a store.
    static final String TENANT = "local";

    private static final String FILE = "server.keys";
    private static final int MOST = 1_000;

    private final @Nullable Path file;
    private final Clock clock;
    private final Map<String, Key> byHash = new LinkedHashMap<>();

    /// A key.
    ///
    /// @param id by which it is named without being known
    /// @param name in whose name things are done with it
    /// @param tenant whose runs it is for
    /// @param expires when it is void, or null for never
    record Key(
            String id,
            String name,
            Role role,
            String tenant,
            String hash,
            Instant made,
            @Nullable Instant expires) {

        /// Everything but the hash.
        Value.Struct document() {
            return Value.struct(
                    "id",
                    Value.text(id),
                    "name",
                    Value.text(name),
                    "role",
                    Value.text(role.word()),
                    "tenant",
                    Value.text(tenant),
                    "made_at",
                    Value.text(made.toString()),
                    "expires_at",
                    expires == null ? Value.NULL : Value.text(expires.toString()));
        }
    }

    /// A key that was made just now.
    ///
    /// @param secret shown once
    record Made(Key key, String secret) {}

    /// @param folder of the store, or null to keep them in memory
    Keys(@Nullable Path folder, Clock clock) {
        file = folder == null ? null : folder.resolve(FILE);
        this.clock = clock;
        if (file != null && Files.exists(file)) {
            read(file);
        }
    }

    private void read(Path from) {
        try {
            if (Json.parse(Files.readAllBytes(from)) instanceof Value.Struct document
                    && document.get("keys") instanceof Value.Array(var keys)) {
                keys.forEach(key -> add(key(key)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Key key(Value value) {
        if (!(value instanceof Value.Struct fields)) {
            throw new IllegalArgumentException(FILE + " is damaged: a key is no object");
        }
        return new Key(
                fields.text("id"),
                fields.text("name"),
                Role.of(fields.text("role")).orElseThrow(),
                fields.text("tenant"),
                fields.text("hash"),
                Instant.parse(fields.text("made_at")),
                fields.get("expires_at") instanceof Value.Text(var at) ? Instant.parse(at) : null);
    }

    private void add(Key key) {
        byHash.put(key.hash(), key);
    }

    /// Makes a key.
    synchronized Made make(String name, Role role, String tenant, @Nullable Instant expires) {
        if (byHash.size() >= MOST) {
            throw new IllegalStateException("there are " + MOST + " keys already");
        }
        var secret = Secret.make(BEGINNING);
        var hash = Secret.hash(secret);
        var key =
                new Key(hash.substring(0, 12), name, role, tenant, hash, clock.instant(), expires);
        add(key);
        keep();
        return new Made(key, secret);
    }

    /// Makes a key void.
    ///
    /// @return whether there was one
    synchronized boolean withdraw(String id) {
        boolean gone = byHash.values().removeIf(key -> key.id().equals(id));
        if (gone) {
            keep();
        }
        return gone;
    }

    synchronized List<Key> all() {
        return List.copyOf(byHash.values());
    }

    /// The key that a secret is, expired or not.
    synchronized Optional<Key> find(String secret) {
        return Optional.ofNullable(byHash.get(Secret.hash(secret)));
    }

    synchronized Optional<Key> byId(String id) {
        return byHash.values().stream().filter(key -> key.id().equals(id)).findFirst();
    }

    boolean isExpired(Key key) {
        return key.expires() != null && !clock.instant().isBefore(key.expires());
    }

    private void keep() {
        if (file == null) {
            return;
        }
        var keys =
                byHash.values().stream()
                        .<Value>map(key -> key.document().with("hash", Value.text(key.hash())))
                        .toList();
        write(file, Json.bytes(Value.struct("keys", new Value.Array(keys))));
    }

    /// Replaces a file that nobody else may read.
    static void write(Path file, byte[] content) {
        try {
            var folder = file.toAbsolutePath().getParent();
            Files.createDirectories(folder);
            var next =
                    Files.createTempFile(
                            folder,
                            String.valueOf(file.getFileName()),
                            ".new",
                            PosixFilePermissions.asFileAttribute(
                                    PosixFilePermissions.fromString("rw-------")));
            Files.write(next, content);
            Files.move(
                    next,
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
