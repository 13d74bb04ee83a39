package dev.tutti.runtime.evidence;

import dev.tutti.core.event.AgentId;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// How one agent, as it is defined now, stands with one skill.
public final class Standing {
    /// What is expected of an agent of which nothing is known: enough to try it.
    static final double HOPE = 0.8;

    /// How far off the mean success of agents may be, and by how much more with one kind of task.
    private static final double ALONE = 0.16;

    private static final double EACH = 0.16;

    /// The standard deviation of one verdict.
    static final double NOISE = 0.45;

    /// Before so many verdicts a surprise is no shift.
    private static final int SETTLED = 30;

    private final AgentId agent;
    private final String skill;
    private final double hope;
    private final Belief plain;
    private @Nullable Belief quality;
    private final Shift shift = new Shift();
    private final Mean usd;
    private final Mean seconds;
    private double success;
    private double doubt;
    private long good;
    private long bad;
    private long row;
    private @Nullable Instant last;

    /// @param profile what the agent says of itself
    Standing(AgentId agent, String skill, Profile profile) {
        this.agent = agent;
        this.skill = skill;
        hope = profile.success();
        plain = new Belief(0, 0, 2 * ALONE, NOISE);
        usd = new Mean(profile.usd(), profile.usd() > 0 ? 2 : 0);
        seconds = new Mean(profile.seconds(), profile.seconds() > 0 ? 2 : 0);
        settle();
    }

    /// What an agent says of itself beforehand.
    ///
    /// @param success how often its results are accepted
    /// @param usd what an attempt costs
    /// @param seconds what it takes
    public record Profile(double success, double usd, double seconds) {
        public static final Profile NONE = new Profile(HOPE, 0, 0);
    }

    public AgentId agent() {
        return agent;
    }

    public String skill() {
        return skill;
    }

    /// Verdicts that were good.
    public long good() {
        return good;
    }

    /// Verdicts that were bad.
    public long bad() {
        return bad;
    }

    /// The expected share of good ones.
    public double success() {
        return success;
    }

    /// How far off [#success] may be, as a standard deviation.
    public double doubt() {
        return doubt;
    }

    /// The expected cost of an attempt in dollars.
    public double usd() {
        return usd.get();
    }

    /// The expected time of an attempt; nothing where none was made.
    public Duration time() {
        return Duration.ofMillis(Math.round(seconds.get() * 1_000));
    }

    double seconds() {
        return seconds.get();
    }

    /// Failures in a row up to now.
    public long row() {
        return row;
    }

    /// When the latest verdict came, or null.
    public @Nullable Instant last() {
        return last;
    }

    double expected(double[] kinds) {
        return quality == null ? success : hope + quality.mean(kinds);
    }

    double doubt(double[] kinds) {
        return quality == null ? doubt : quality.doubt(kinds);
    }

    /// What [#doubt(double[])] is at most, whatever the kinds.
    double mostDoubt() {
        return quality == null ? doubt : quality.mostDoubt();
    }

    /// A verdict.
    ///
    /// @param content whether it is known what the task was about
    /// @return whether the agent is no longer what it was
    boolean learn(double verdict, double[] kinds, boolean content, Instant at) {
        double off = (verdict - expected(kinds)) / NOISE;
        if (content && quality == null) {
            quality = new Belief(Kinds.MOST, EACH, ALONE, NOISE);
        }
        if (quality != null) {
            quality.learn(kinds, verdict - hope);
        }
        plain.learn(Kinds.NONE, verdict - hope);
        settle();
        good += verdict >= 0.5 ? 1 : 0;
        bad += verdict >= 0.5 ? 0 : 1;
        row = verdict >= 0.5 ? 0 : row + 1;
        last = at;
        return good + bad >= SETTLED && shift.notices(off);
    }

    void learnCost(double spent, double took) {
        usd.learn(spent);
        seconds.learn(took);
    }

    void forget(double share) {
        plain.forget(share);
        settle();
        if (quality != null) {
            quality.forget(share);
        }
    }

    /// What is asked for most often is worked out when it changes.
    private void settle() {
        success = hope + plain.mean(Kinds.NONE);
        doubt = plain.doubt(Kinds.NONE);
    }
}
