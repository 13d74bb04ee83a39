package dev.tutti.core.event;

import java.util.Optional;
import java.util.regex.Pattern;

/// The version of a skill: what a later one of the same `major` gives can stand for what an earlier
/// one gives.
public record Version(int major, int minor) {
    private static final Pattern WRITTEN = Pattern.compile("(\\d{1,6})(?:\\.(\\d{1,6}))?");

    /// Whether it can stand for another.
    public boolean standsFor(Version wanted) {
        return major == wanted.major && minor >= wanted.minor;
    }

    /// Reads `2` or `2.1`; empty for anything else.
    public static Optional<Version> of(String written) {
        var matcher = WRITTEN.matcher(written);
        return matcher.matches()
                ? Optional.of(
                        new Version(
                                Integer.parseInt(matcher.group(1)),
                                matcher.group(2) == null ? 0 : Integer.parseInt(matcher.group(2))))
                : Optional.empty();
    }

    @Override
    public String toString() {
        return major + "." + minor;
    }
}
