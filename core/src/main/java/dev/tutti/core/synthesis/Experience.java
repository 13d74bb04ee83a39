package dev.tutti.core.synthesis;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.pcollections.PSortedMap;
import org.pcollections.TreePMap;

/// What the answers so far tell of those who gave them, carried from question to question and from
/// run to run; one for each skill. Immutable.
///
/// The stepwise form of [OneCoin]: each question adds to the tracks of those who answered it what
/// they were probably worth there, in a time that does not grow with what is known. It guards
/// itself as [Guarded] does: every answer is foreseen from the others before it is learned from, by
/// what is known of each agent and as if all were alike, and while the former is no better, the
/// plain vote decides.
public final class Experience {
    public static final Experience NONE =
            new Experience(TreePMap.empty(), new Track(7, 10), 0, new double[Tempers.COUNT], 0);

    /// Before as many answers were foreseen, the plain vote decides.
    static final int ENOUGH = 30;

    /// How many answers of an average agent each one is credited with.
    private static final double EVENED = OneCoin.CAREFUL.evened();

    /// What is left of an answer once its agent has given another one: what an agent did two
    /// thousand answers ago hardly counts, for agents change.
    private static final double FADING = 0.999;

    /// Each question is learned from once, by what was known then. So that being unsure in the
    /// beginning does not keep it unsure for ever, what is probable is taken for more so.
    private static final double SHARPENED = 2;

    private final PSortedMap<String, Track> tracks;
    private final Track all;
    private final double plain;
    private final double[] foreseen;
    private final long kept;

    private Experience(
            PSortedMap<String, Track> tracks,
            Track all,
            double plain,
            double[] foreseen,
            long kept) {
        this.tracks = tracks;
        this.all = all;
        this.plain = plain;
        this.foreseen = foreseen;
        this.kept = kept;
    }

    /// How often an agent was right.
    ///
    /// @param right how often, probably
    /// @param given of so many answers, the older ones faded
    public record Track(double right, double given) {
        Track with(double probably) {
            return new Track(right * FADING + probably, given * FADING + 1);
        }
    }

    /// An answer and who gave it.
    ///
    /// @param answer a number from 0 on, the same for the same answer
    /// @param weight what it counts, 1 for a whole ballot
    public record Ballot(String agent, int answer, double weight) {
        public Ballot(String agent, int answer) {
            this(agent, answer, 1);
        }
    }

    /// Whether what is known of each agent decides; else the plain vote does.
    public boolean followed() {
        return kept >= ENOUGH && foreseen[0] > plain;
    }

    /// How many answers were foreseen and then looked at.
    public long answers() {
        return kept;
    }

    /// How often an agent is right: the fewer answers it gave, the more it is taken for average.
    public double reliability(String agent) {
        double average = all.right() / all.given();
        var track = tracks.get(agent);
        double share =
                track == null
                        ? average
                        : (track.right() + EVENED * average) / (track.given() + EVENED);
        return Math.clamp(share, OneCoin.LEAST, 1 - OneCoin.LEAST);
    }

    /// How probable each answer is.
    ///
    /// @param answers how many a question can have, at least 2 and more than any that was given
    public double[] shares(List<Ballot> ballots, int answers) {
        if (followed()) {
            return Tempers.soften(weighted(ballots, answers, -1), Tempers.of(best()));
        }
        var shares = new double[answers];
        ballots.forEach(ballot -> shares[ballot.answer()] += ballot.weight());
        Estimate.normalise(shares);
        return shares;
    }

    /// The same of agents under other names; what is known of those without one is left out.
    public Experience named(Map<String, String> names) {
        PSortedMap<String, Track> some = TreePMap.empty();
        for (var name : names.entrySet()) {
            var track = tracks.get(name.getKey());
            if (track != null) {
                some = some.plus(name.getValue(), track);
            }
        }
        return new Experience(some, all, plain, foreseen, kept);
    }

    /// What is known now that this is, too, and of whom it says nothing as before.
    public Experience and(Experience later) {
        return new Experience(
                tracks.plusAll(later.tracks), later.all, later.plain, later.foreseen, later.kept);
    }

    /// What is known once the answers to another question are.
    public Experience after(List<Ballot> ballots, int answers) {
        return after(ballots, Tempers.soften(weighted(ballots, answers, -1), SHARPENED));
    }

    /// What is known once the answers to another question are, and which one is right: a judge or a
    /// person said so.
    ///
    /// @param truth the number of the right answer, or one that nobody gave
    public Experience after(List<Ballot> ballots, int answers, int truth) {
        var shares = new double[Math.max(answers, truth + 1)];
        shares[truth] = 1;
        return after(ballots, shares);
    }

    private Experience after(List<Ballot> ballots, double[] shares) {
        var known = tracks;
        var together = all;
        for (var ballot : ballots) {
            double probably = shares[ballot.answer()];
            var track = known.getOrDefault(ballot.agent(), new Track(0, 0));
            known = known.plus(ballot.agent(), track.with(probably));
            together = together.with(probably);
        }
        if (ballots.size() < 2) {
            return new Experience(known, together, plain, foreseen, kept);
        }
        double average = all.right() / all.given();
        double alike = plain;
        var better = foreseen.clone();
        for (int i = 0; i < ballots.size(); i++) {
            var ballot = ballots.get(i);
            alike += Math.log(foreseen(equal(ballots, shares.length, i), ballot, average));
            var others = weighted(ballots, shares.length, i);
            double reliability = reliability(ballot.agent());
            for (int step = 0; step < better.length; step++) {
                var softer = Tempers.soften(others, Tempers.of(step));
                better[step] += Math.log(foreseen(softer, ballot, reliability));
            }
        }
        return new Experience(known, together, alike, better, kept + ballots.size());
    }

    private static double foreseen(double[] shares, Ballot ballot, double reliability) {
        double share = shares[ballot.answer()];
        return share * reliability + (1 - share) * (1 - reliability) / (shares.length - 1);
    }

    private int best() {
        int best = 0;
        for (int step = 1; step < foreseen.length; step++) {
            if (foreseen[step] > foreseen[best]) {
                best = step;
            }
        }
        return best;
    }

    /// @param without the ballot to leave out, or -1
    private double[] weighted(List<Ballot> ballots, int answers, int without) {
        var logs = new double[answers];
        for (int i = 0; i < ballots.size(); i++) {
            if (i != without) {
                var ballot = ballots.get(i);
                logs[ballot.answer()] +=
                        ballot.weight() * OneCoin.weight(reliability(ballot.agent()), answers);
            }
        }
        Estimate.fromLogs(logs);
        return logs;
    }

    private double[] equal(List<Ballot> ballots, int answers, int without) {
        double weight = OneCoin.weight(Math.clamp(all.right() / all.given(), 0.01, 0.99), answers);
        var logs = new double[answers];
        for (int i = 0; i < ballots.size(); i++) {
            if (i != without) {
                logs[ballots.get(i).answer()] += ballots.get(i).weight() * weight;
            }
        }
        Estimate.fromLogs(logs);
        return logs;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Experience that
                && tracks.equals(that.tracks)
                && all.equals(that.all)
                && plain == that.plain
                && Arrays.equals(foreseen, that.foreseen)
                && kept == that.kept;
    }

    @Override
    public int hashCode() {
        return 31 * tracks.hashCode() + Long.hashCode(kept);
    }
}
