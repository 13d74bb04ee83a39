package dev.tutti.server;

import dev.tutti.server.workers.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.Map;
import java.util.Optional;

/// The token of whoever operates the server. It is made when the server first starts, shown once,
/// and kept as a hash in the store's folder; or it is in `TUTTI_TOKEN`, and not kept at all.
public final class OperatorToken {
    /// The variable that may hold it.
    public static final String VARIABLE = "TUTTI_TOKEN";

    private static final String FILE = "server.token";
    private static final int SHORTEST = 16;

    private final String hash;
    private final Optional<String> made;

    private OperatorToken(String hash, Optional<String> made) {
        this.hash = hash;
        this.made = made;
    }

    /// The token of a store.
    ///
    /// @param anew whether to make another one, with which the old one is void
    /// @throws IllegalArgumentException when the one in the environment is too easily guessed
    public static OperatorToken of(Path store, Map<String, String> environment, boolean anew)
            throws IOException {
        var given = environment.getOrDefault(VARIABLE, "");
        if (!given.isEmpty()) {
            if (given.length() < SHORTEST) {
                throw new IllegalArgumentException(
                        VARIABLE
                                + " has fewer than "
                                + SHORTEST
                                + " characters and is easily guessed; `openssl rand -hex 24` makes a good one");
            }
            return new OperatorToken(Secret.hash(given), Optional.empty());
        }
        var file = store.resolve(FILE);
        if (!anew && Files.exists(file)) {
            return new OperatorToken(Files.readString(file).strip(), Optional.empty());
        }
        var made = Secret.make("tutti_");
        Files.createDirectories(store);
        var next =
                Files.createTempFile(
                        store,
                        FILE,
                        ".new",
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rw-------")));
        Files.writeString(next, Secret.hash(made) + "\n");
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        return new OperatorToken(Secret.hash(made), Optional.of(made));
    }

    /// A token for as long as this process lives.
    public static OperatorToken of(String token) {
        return new OperatorToken(Secret.hash(token), Optional.empty());
    }

    /// The token itself, when it was made just now; it is not kept.
    public Optional<String> made() {
        return made;
    }

    /// What sessions are known by that were begun with it; another token has another.
    String mark() {
        return "operator-" + Secret.hash(hash).substring(0, 16);
    }

    /// Whether a session was begun with it.
    boolean began(String mark) {
        return mark().equals(mark);
    }

    boolean is(String token) {
        return MessageDigest.isEqual(
                Secret.hash(token).getBytes(StandardCharsets.US_ASCII),
                hash.getBytes(StandardCharsets.US_ASCII));
    }
}
