package dev.tutti.runtime.topic;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/// Signatures of calls as Standard Webhooks has them: HMAC-SHA256 over id, time and body.
public final class Signature {
    public static final String ID = "webhook-id";
    public static final String TIMESTAMP = "webhook-timestamp";
    public static final String SIGNATURE = "webhook-signature";

    /// How old a call may be, or how far ahead of this clock.
    public static final Duration TOLERANCE = Duration.ofMinutes(5);

    private static final String VERSION = "v1,";
    private static final String PREFIX = "whsec_";
    private static final int LONGEST_ID = 256;
    private static final String ALGORITHM = "HmacSHA256";

    private final byte[] key;

    private Signature(byte[] key) {
        this.key = key;
    }

    /// Signatures by those who know a secret.
    ///
    /// @param secret `whsec_` and base64, or any text
    public static Signature with(String secret) {
        if (secret.startsWith(PREFIX)) {
            try {
                return new Signature(Base64.getDecoder().decode(secret.substring(PREFIX.length())));
            } catch (IllegalArgumentException _) {
                // Then the whole of it is the secret.
            }
        }
        return new Signature(secret.getBytes(StandardCharsets.UTF_8));
    }

    /// What the header says of a call.
    public String of(String id, long timestamp, byte[] body) {
        try {
            var mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            mac.update((id + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8));
            return VERSION + Base64.getEncoder().encodeToString(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no " + ALGORITHM, e);
        }
    }

    /// Why a call is not let in, or empty.
    ///
    /// @param signatures as the header has them, separated by blanks; one that is right is enough
    public Optional<String> fault(
            @Nullable String id,
            @Nullable String timestamp,
            @Nullable String signatures,
            byte[] body,
            Instant now) {
        if (id == null || id.isEmpty() || id.length() > LONGEST_ID) {
            return Optional.of("`" + ID + "` is missing, or longer than " + LONGEST_ID);
        }
        if (timestamp == null || !timestamp.matches("\\d{1,12}")) {
            return Optional.of("`" + TIMESTAMP + "` is missing, or not in seconds since 1970");
        }
        var at = Instant.ofEpochSecond(Long.parseLong(timestamp));
        if (Duration.between(at, now).abs().compareTo(TOLERANCE) > 0) {
            return Optional.of(
                    "`" + TIMESTAMP + "` is more than " + TOLERANCE.toMinutes() + " minutes off");
        }
        if (signatures == null) {
            return Optional.of("`" + SIGNATURE + "` is missing");
        }
        var wanted = of(id, Long.parseLong(timestamp), body).getBytes(StandardCharsets.UTF_8);
        boolean isRight = false;
        for (var one : signatures.split(" ", -1)) {
            isRight |= MessageDigest.isEqual(wanted, one.getBytes(StandardCharsets.UTF_8));
        }
        return isRight ? Optional.empty() : Optional.of("`" + SIGNATURE + "` is not right");
    }
}
