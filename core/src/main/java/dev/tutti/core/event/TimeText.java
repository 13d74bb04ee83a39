package dev.tutti.core.event;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.regex.Pattern;

/// Times as people write them: a whole number and `ms`, `s`, `m`, `h` or `d`, as in `90s`.
public final class TimeText {
    private static final Pattern TIME = Pattern.compile("([0-9]{1,9})(ms|s|m|h|d)");

    private TimeText() {}

    /// A time as people write it, in the largest unit in which it is a whole number: `90s`, `2h`.
    /// From ten seconds on, parts of seconds are left out.
    public static String of(Duration time) {
        long seconds = time.toSeconds();
        if (seconds < 10 && time.toMillisPart() != 0) {
            return time.toMillis() + "ms";
        }
        if (seconds == 0 || seconds % 60 != 0) {
            return seconds + "s";
        }
        if (seconds % 3_600 != 0) {
            return seconds / 60 + "m";
        }
        return seconds % 86_400 == 0 ? seconds / 86_400 + "d" : seconds / 3_600 + "h";
    }

    /// The moment that people mean by how long ago it was, `24h`, or by itself,
    /// `2027-01-31T00:00:00Z`; empty where the text is neither.
    public static Optional<Instant> moment(String text, Instant now) {
        var ago = parse(text);
        if (ago.isPresent()) {
            return ago.map(now::minus);
        }
        try {
            return Optional.of(Instant.parse(text));
        } catch (DateTimeParseException _) {
            return Optional.empty();
        }
    }

    /// The time, or empty where the text is none.
    public static Optional<Duration> parse(String text) {
        var match = TIME.matcher(text);
        if (!match.matches()) {
            return Optional.empty();
        }
        long number = Long.parseLong(match.group(1));
        return Optional.of(
                switch (match.group(2)) {
                    case "ms" -> Duration.ofMillis(number);
                    case "s" -> Duration.ofSeconds(number);
                    case "m" -> Duration.ofMinutes(number);
                    case "h" -> Duration.ofHours(number);
                    default -> Duration.ofDays(number);
                });
    }
}
