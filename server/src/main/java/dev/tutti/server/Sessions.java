package dev.tutti.server;

import dev.tutti.server.http.Role;
import dev.tutti.server.workers.Secret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/// Who has a browser open. A session is a signed cookie, so that it outlives the server's process;
/// it is void when what it was begun with is.
final class Sessions {
    static final String COOKIE = "tutti_session";
    static final Duration LASTS = Duration.ofHours(12);

    private static final String FILE = "server.secret";
    private static final String ALGORITHM = "HmacSHA256";
    private static final int PARTS = 4;

    private final byte[] secret;
    private final Clock clock;

    /// A session.
    ///
    /// @param by the id of the key that it was begun with, or what stands for the operator's token
    record Session(String by, Role role, Instant until) {}

    /// @param folder of the store, or null for sessions that end with the process
    Sessions(@Nullable Path folder, Clock clock) {
        this.clock = clock;
        secret = folder == null ? Secret.make("").getBytes(StandardCharsets.UTF_8) : secret(folder);
    }

    private static byte[] secret(Path folder) {
        try {
            var file = folder.resolve(FILE);
            if (!Files.exists(file)) {
                Keys.write(file, Secret.make("").getBytes(StandardCharsets.UTF_8));
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Until when a session lasts that is begun now.
    ///
    /// @param latest when what it is begun with is void, or null where nobody knows
    Duration lasts(@Nullable Instant latest) {
        var until = latest == null ? LASTS : Duration.between(clock.instant(), latest);
        return until.compareTo(LASTS) < 0 ? until : LASTS;
    }

    /// The value of a cookie.
    String begin(String by, Role role, Duration lasts) {
        var body = by + "." + role.word() + "." + clock.instant().plus(lasts).getEpochSecond();
        return body + "." + sign(body);
    }

    /// The session that a cookie is; nothing when it was not made here or its time is over.
    Optional<Session> find(String cookie) {
        var parts = List.of(cookie.split("\\.", -1));
        if (parts.size() != PARTS) {
            return Optional.empty();
        }
        var body = String.join(".", parts.subList(0, PARTS - 1));
        boolean ours =
                MessageDigest.isEqual(
                        sign(body).getBytes(StandardCharsets.UTF_8),
                        parts.getLast().getBytes(StandardCharsets.UTF_8));
        if (!ours) {
            return Optional.empty();
        }
        var until = Instant.ofEpochSecond(Long.parseLong(parts.get(2)));
        return clock.instant().isBefore(until)
                ? Role.of(parts.get(1)).map(role -> new Session(parts.get(0), role, until))
                : Optional.empty();
    }

    private String sign(String body) {
        try {
            var mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret, ALGORITHM));
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(mac.doFinal(body.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JVM has " + ALGORITHM, e);
        }
    }
}
