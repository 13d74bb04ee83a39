package dev.tutti.runtime.artifact;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/// The one hash in use: SHA-256 (FIPS 180-4).
public final class Sha256 {
    private static final Pattern HEX = Pattern.compile("[0-9a-f]{64}");

    /// Copied for each use: to look for the algorithm takes longer than to hash a few words.
    private static final MessageDigest FRESH = fresh();

    private Sha256() {}

    private static MessageDigest fresh() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    public static MessageDigest digest() {
        try {
            return (MessageDigest) FRESH.clone();
        } catch (CloneNotSupportedException _) {
            return fresh();
        }
    }

    /// The hash of `content` in lower-case hexadecimal.
    public static String hex(byte[] content) {
        return HexFormat.of().formatHex(digest().digest(content));
    }

    /// Whether `text` is such a hash.
    public static boolean isHash(String text) {
        return HEX.matcher(text).matches();
    }
}
