package dev.tutti.view;

import dev.tutti.core.event.Money;
import dev.tutti.core.event.Usage;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/// Numbers as people read them.
public final class Figures {
    private static final int THOUSAND = 1_000;
    private static final int MILLION = 1_000_000;

    private Figures() {}

    /// `0.4 s`, `12 s`, `4 m 10 s`, `3 h 5 m`, `2 d 4 h`.
    public static String took(Duration time) {
        if (time.toMillis() < 100) {
            return time.toMillis() + " ms";
        }
        if (time.toSeconds() < 10) {
            return String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1e3);
        }
        if (time.toMinutes() < 1) {
            return time.toSeconds() + " s";
        }
        if (time.toHours() < 1) {
            return time.toMinutes() + " m " + time.toSecondsPart() + " s";
        }
        return time.toDays() < 1
                ? time.toHours() + " h " + time.toMinutesPart() + " m"
                : time.toDays() + " d " + time.toHoursPart() + " h";
    }

    /// `0:07`, `1:02:03`: for a clock that runs.
    public static String clock(Duration time) {
        long seconds = Math.max(0, time.toSeconds());
        return seconds < 3600
                ? String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60)
                : String.format(
                        Locale.ROOT,
                        "%d:%02d:%02d",
                        seconds / 3600,
                        seconds / 60 % 60,
                        seconds % 60);
    }

    /// To the second, in UTC: `2026-11-22T20:31:04Z`.
    public static String instant(Instant at) {
        return at.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /// `14:05 (in 41 m 10 s)`, `09:30 (5 h 2 m ago)`; with the day where it is another one.
    ///
    /// @param now when it is read
    /// @param zone of whoever reads it
    public static String moment(Instant at, Instant now, ZoneId zone) {
        var there = at.atZone(zone);
        boolean today = there.toLocalDate().equals(now.atZone(zone).toLocalDate());
        var time =
                DateTimeFormatter.ofPattern(today ? "HH:mm" : "yyyy-MM-dd HH:mm", Locale.ROOT)
                        .format(there);
        var far = took(Duration.between(now, at).abs());
        return time + (at.isBefore(now) ? " (" + far + " ago)" : " (in " + far + ")");
    }

    /// `2,500`.
    public static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /// `1 task`, `2,500 tasks`.
    public static String count(long number, String noun) {
        return count(number) + " " + noun + (number == 1 ? "" : "s");
    }

    /// `$0.08`; more digits where two would say nothing.
    public static String money(Money amount) {
        var usd = amount.usd();
        int digits = usd.signum() == 0 || usd.doubleValue() >= 0.01 ? 2 : 6;
        var rounded = usd.setScale(digits, RoundingMode.HALF_UP);
        return "$" + (digits > 2 ? rounded.stripTrailingZeros() : rounded).toPlainString();
    }

    /// `$0.08 · 11k tokens`; empty when nothing was used up.
    public static String usage(Usage usage) {
        long tokens = usage.inputTokens() + usage.outputTokens();
        var money = usage.usd().compareTo(Money.ZERO) > 0 ? money(usage.usd()) : "";
        if (tokens == 0) {
            return money;
        }
        return (money.isEmpty() ? "" : money + " · ") + brief(tokens) + " tokens";
    }

    private static String brief(long number) {
        if (number < 10 * THOUSAND) {
            return count(number);
        }
        return number < 10 * MILLION ? number / THOUSAND + "k" : number / MILLION + "M";
    }

    /// `12 %`, of a share from 0 to 1.
    public static String percent(double share) {
        return Math.round(share * 100) + " %";
    }

    /// `0.78`, of how near two meanings are.
    public static String similarity(double similarity) {
        return String.format(Locale.ROOT, "%.2f", similarity);
    }

    /// `3.4 KiB`.
    public static String bytes(long bytes) {
        var units = new String[] {"B", "KiB", "MiB", "GiB", "TiB"};
        double size = bytes;
        int unit = 0;
        while (size >= 1024 && unit < units.length - 1) {
            size /= 1024;
            unit++;
        }
        return unit == 0 ? bytes + " B" : String.format(Locale.ROOT, "%.1f %s", size, units[unit]);
    }
}
