package dev.tutti.server.workers;

import dev.tutti.runtime.artifact.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;

/// Words that cannot be guessed, and what is kept of them.
public final class Secret {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int BYTES = 24;

    private Secret() {}

    /// A new one: letters, digits, `-` and `_`, after a beginning that says what it is.
    public static String make(String beginning) {
        var bytes = new byte[BYTES];
        RANDOM.nextBytes(bytes);
        return beginning + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /// What may be kept and compared: nobody finds the word by it.
    public static String hash(String secret) {
        return Sha256.hex(secret.getBytes(StandardCharsets.UTF_8));
    }
}
