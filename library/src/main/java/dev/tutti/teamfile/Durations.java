package dev.tutti.teamfile;

import dev.tutti.core.event.TimeText;
import dev.tutti.core.event.Value;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// Times as team files write them: `10ms`, `1s`, `5m`, `1h`, `2d`.
final class Durations {
    private static final Pattern ISO = Pattern.compile("-?P.*", Pattern.CASE_INSENSITIVE);
    private static final Duration LONGEST = Duration.ofDays(366);

    private Durations() {}

    /// A time from a pause to another, both included.
    record Range(Duration from, Duration to) {}

    static Optional<Duration> read(Value value, List<String> at, Report report) {
        return switch (value) {
            case Value.Text(var text) -> parse(text, at, report);
            case Value.Int(var number) -> {
                report.add(
                        "E-TIME-01",
                        number > 0 ? "a time needs a unit" : "a time is longer than nothing",
                        at,
                        "no unit",
                        number > 0 ? "write `" + number + "s`" : null);
                yield Optional.empty();
            }
            case Value.Null _, Value.Bool _, Value.Real _, Value.Array _, Value.Struct _ -> {
                report.add(Section.shape(value, at, "a time such as `30s`"));
                yield Optional.empty();
            }
        };
    }

    /// `1s..30s`, or `1s` for the same throughout.
    static Optional<Range> range(Value value, List<String> at, Report report) {
        if (!(value instanceof Value.Text(var text)) || !text.contains("..")) {
            return read(value, at, report).map(time -> new Range(time, time));
        }
        int dots = text.indexOf("..");
        var from = parse(text.substring(0, dots).strip(), at, report);
        var to = parse(text.substring(dots + 2).strip(), at, report);
        if (from.isPresent() && to.isPresent() && from.get().compareTo(to.get()) > 0) {
            report.add(
                    "E-TIME-01",
                    "this range ends before it begins",
                    at,
                    "from longer to shorter",
                    "write `"
                            + text.substring(dots + 2).strip()
                            + ".."
                            + text.substring(0, dots).strip()
                            + "`");
            return Optional.empty();
        }
        return from.flatMap(first -> to.map(last -> new Range(first, last)));
    }

    private static Optional<Duration> parse(String text, List<String> at, Report report) {
        var read = TimeText.parse(text);
        if (read.isEmpty()) {
            report.add(
                    "E-TIME-01",
                    "`" + DisplayWidth.shown(shortened(text)) + "` is not a time",
                    at,
                    ISO.matcher(text).matches()
                            ? "ISO 8601 is not used here"
                            : "a number and ms, s, m, h or d",
                    "write a time such as `30s` or `5m`");
            return Optional.empty();
        }
        var time = read.get();
        if (time.isZero() || time.compareTo(LONGEST) > 0) {
            report.add(
                    "E-TIME-01",
                    time.isZero() ? "a time is longer than nothing" : "a time is 366 days at most",
                    at,
                    "out of range",
                    null);
            return Optional.empty();
        }
        return Optional.of(time);
    }

    private static String shortened(String text) {
        return text.length() > 40 ? text.substring(0, 40) + "…" : text;
    }
}
