package dev.tutti.cli.view;

import dev.tutti.core.event.Money;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.dispatch.Circuit;
import dev.tutti.runtime.evidence.Standing;
import dev.tutti.view.Figures;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;

/// What is known of agents, in words.
public final class AgentRecords {
    /// With a greater doubt than this, what is expected of an agent is a guess.
    private static final double GUESS = 0.1;

    /// So many standard deviations to either side hold the truth 95 times of 100.
    private static final double SURE = 1.96;

    private static final int DIGITS = 6;

    private AgentRecords() {}

    /// Whether a record is of what is named, as `agent` or `agent/skill`.
    public static boolean named(Standing one, String name) {
        return name.equals(one.agent().value()) || name.equals(one.agent() + "/" + skill(one));
    }

    /// The skill; a dash where the agent was asked for by name.
    public static String skill(Standing one) {
        return one.skill().startsWith("AGENT ") ? "-" : one.skill();
    }

    /// How many verdicts were good, of how many.
    public static String accepted(Standing one) {
        return one.good() + " of " + (one.good() + one.bad());
    }

    /// What is expected, and how far off that may be.
    public static String expected(Standing one) {
        return Figures.percent(Math.clamp(one.success(), 0, 1))
                + " ± "
                + Figures.percent(Math.min(1, SURE * one.doubt()));
    }

    public static String time(Standing one) {
        return one.good() + one.bad() == 0 ? "" : Figures.took(one.time());
    }

    public static String cost(Standing one) {
        return one.usd() <= 0 ? "" : "$" + usd(one);
    }

    private static Money usd(Standing one) {
        return new Money(
                BigDecimal.valueOf(Math.max(0, one.usd())).setScale(DIGITS, RoundingMode.HALF_UP));
    }

    /// Whether it is left alone for failing, and whether it is still uncertain how good it is.
    public static String state(Standing one) {
        var words = new ArrayList<String>();
        if (one.row() >= Circuit.MOST_FAILURES) {
            words.add("failed " + one.row() + " times in a row");
        }
        if (one.doubt() > GUESS) {
            words.add("uncertain");
        }
        return String.join(", ", words);
    }

    /// Everything in sentences.
    public static List<String> sentences(Standing one) {
        var lines = new ArrayList<String>();
        lines.add(
                "agent "
                        + one.agent()
                        + (skill(one).equals("-")
                                ? ", asked for by name"
                                : ", skill " + skill(one)));
        lines.add("  " + accepted(one) + " verdicts were good");
        lines.add(
                "  "
                        + expected(one)
                        + " of its results are expected to be accepted; the latest verdicts and"
                        + " what it began with count in this");
        lines.add(
                one.doubt() > GUESS
                        ? "  that is still uncertain: learned dispatch tries it to find out"
                        : "  that is well known: learned dispatch tries it only where it may be the"
                                + " best");
        if (!cost(one).isEmpty()) {
            lines.add("  an attempt costs " + cost(one));
        }
        if (!time(one).isEmpty()) {
            lines.add("  an attempt takes " + time(one));
        }
        if (one.row() >= Circuit.MOST_FAILURES) {
            lines.add(
                    "  it failed "
                            + one.row()
                            + " times in a row: it is left alone for a while, and then tried with"
                            + " one task");
        }
        var last = one.last();
        if (last != null) {
            lines.add("  the latest verdict came at " + Figures.instant(last));
        }
        return lines;
    }

    /// The same for programs.
    public static Value.Struct document(Standing one) {
        return Value.struct(
                        "agent", Value.text(one.agent().value()), "skill", Value.text(skill(one)))
                .with("good", Value.of(one.good()))
                .with("bad", Value.of(one.bad()))
                .with("success", new Value.Real(one.success()))
                .with("doubt", new Value.Real(one.doubt()))
                .with("seconds", new Value.Real(one.time().toMillis() / 1_000.0))
                .with("usd", Value.text(usd(one).toString()))
                .with("failures_in_a_row", Value.of(one.row()));
    }
}
