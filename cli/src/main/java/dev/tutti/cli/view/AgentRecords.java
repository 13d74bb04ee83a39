package dev.tutti.cli.view;

import dev.tutti.document.Leaderboard;
import dev.tutti.document.QuotaUse;
import dev.tutti.runtime.dispatch.Switches;
import dev.tutti.runtime.evidence.Standing;
import dev.tutti.view.Figures;
import dev.tutti.view.Printable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// What is known of agents, in words.
public final class AgentRecords {
    /// So many standard deviations to either side hold the truth 95 times of 100.
    private static final double SURE = 1.96;

    private static final int MOST_REASON = 200;

    private AgentRecords() {}

    /// How many verdicts were good, of how many.
    public static String accepted(Leaderboard.Row row) {
        var one = row.standing();
        return one.good() + " of " + (one.good() + one.bad());
    }

    /// What is expected, and how far off that may be.
    public static String expected(Leaderboard.Row row) {
        var one = row.standing();
        return Figures.percent(Math.clamp(one.success(), 0, 1))
                + " ± "
                + Figures.percent(Math.min(1, SURE * one.doubt()));
    }

    public static String time(Leaderboard.Row row) {
        var one = row.standing();
        return isNew(one) ? "" : Figures.took(one.time());
    }

    private static boolean isNew(Standing one) {
        return one.good() + one.bad() == 0;
    }

    public static String cost(Leaderboard.Row row) {
        return row.standing().usd() <= 0 ? "" : "$" + row.usd();
    }

    /// What is left of the quotas that it needs.
    public static String left(Leaderboard.Row row) {
        return String.join("; ", row.quotas().stream().map(AgentRecords::left).toList());
    }

    private static String left(QuotaUse use) {
        var left = use.left();
        return left.isEmpty() ? use.quota().name() : use.quota().name() + ": " + left;
    }

    /// Whether it is switched off, whether it is left alone for failing, and whether it is still
    /// uncertain how good it is.
    public static String state(Leaderboard.Row row, Instant now) {
        var words = new ArrayList<String>();
        if (row.off() != null) {
            words.add("switched off");
        }
        var open = row.openUntil();
        if (open != null) {
            words.add(
                    now.isBefore(open)
                            ? "breaker open until " + Figures.instant(open)
                            : "breaker lets one through");
        }
        if (row.uncertain()) {
            words.add("uncertain");
        }
        return String.join(", ", words);
    }

    /// That an agent is switched off, in a sentence.
    public static String off(Switches.Off off) {
        return "switched off by "
                + Printable.line(off.by(), MOST_REASON)
                + " at "
                + Figures.instant(off.since())
                + (off.reason().isEmpty() ? "" : ": " + Printable.line(off.reason(), MOST_REASON));
    }

    /// Everything in sentences.
    public static List<String> sentences(Leaderboard.Row row, Instant now) {
        var one = row.standing();
        var lines = new ArrayList<String>();
        lines.add(
                "agent "
                        + one.agent()
                        + (row.skill().equals("-")
                                ? ", asked for by name"
                                : ", skill " + row.skill()));
        if (row.off() != null) {
            lines.add("  it is " + off(row.off()) + "; it is given no task until it is on again");
        }
        lines.add("  " + accepted(row) + " verdicts were good");
        lines.add(
                "  "
                        + expected(row)
                        + " of its results are expected to be accepted; the latest verdicts and"
                        + " what it began with count in this");
        lines.add(
                row.uncertain()
                        ? "  that is still uncertain: learned dispatch tries it to find out"
                        : "  that is well known: learned dispatch tries it only where it may be the"
                                + " best");
        if (!cost(row).isEmpty()) {
            lines.add("  an attempt costs " + cost(row));
        }
        if (!time(row).isEmpty()) {
            lines.add("  an attempt takes " + time(row));
        }
        var open = row.openUntil();
        if (open != null) {
            lines.add(
                    now.isBefore(open)
                            ? "  it failed "
                                    + one.row()
                                    + " times in a row: it is left alone until "
                                    + Figures.instant(open)
                                    + ", and then tried with one task"
                            : "  it failed too often, and is tried with one task next");
        }
        row.quotas().forEach(use -> lines.add("  of quota " + left(use) + " are left"));
        var last = one.last();
        if (last != null) {
            lines.add("  the latest verdict came at " + Figures.instant(last));
        }
        return lines;
    }
}
