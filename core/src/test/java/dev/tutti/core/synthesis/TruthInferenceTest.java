package dev.tutti.core.synthesis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// On seven sets of conflicting answers of people. With `-Dmeasure=synthesis`, writes what it found
/// into docs/synthesis.md.
class TruthInferenceTest {
    /// What others measured on these sets, in the order of [TruthSet#NAMES], in percent: majority
    /// vote, one-coin, Dawid-Skene.
    private static final double[][] REFERENCE = {
        {89.66, 92.74, 93.96},
        {93.35, 95.10, 96.00},
        {89.69, 92.38, 92.75},
        {88.22, 88.33, 83.00},
        {70.42, 79.57, 76.86},
        {88.59, 91.64, 91.48},
        {86.13, 85.20, 82.25}
    };

    private static final double HALF_A_POINT = 0.005;
    private static final double SLOWEST_SECONDS = 2;

    private static List<TruthSet> sets = List.of();

    @BeforeAll
    static void read() throws IOException {
        var data = TruthSet.data();
        if (data.isEmpty()) {
            System.err.println("SKIPPED: synthesis is not measured, ../shared/data is not here");
        }
        assumeTrue(data.isPresent());
        sets = TruthSet.all(data.get());
    }

    @Test
    void each_method_gives_what_is_known_of_it() {
        for (var set : sets) {
            var known = REFERENCE[TruthSet.NAMES.indexOf(set.name())];
            var methods = List.of(new Majority(), OneCoin.PLAIN, new DawidSkene());
            for (int i = 0; i < methods.size(); i++) {
                assertThat(accuracy(methods.get(i), set))
                        .as(set.name() + " " + methods.get(i))
                        .isCloseTo(known[i] / 100, within(HALF_A_POINT));
            }
        }
    }

    @Test
    void weighted_votes_are_nowhere_worse_than_plain_ones_and_better_by_two_points() {
        double gained = 0;
        double gainedOneByOne = 0;
        for (var set : sets) {
            double plain = accuracy(new Majority(), set);
            double weighted = weighted(set).accuracy() - plain;
            double oneByOne =
                    Score.of(SynthesisFigures.oneByOne(set), set.truth()).accuracy() - plain;
            assertThat(weighted).as(set.name()).isGreaterThan(-HALF_A_POINT);
            assertThat(oneByOne).as(set.name() + " one by one").isGreaterThan(-HALF_A_POINT);
            gained += weighted / sets.size();
            gainedOneByOne += oneByOne / sets.size();
        }
        assertThat(gained).isGreaterThan(0.02);
        assertThat(gainedOneByOne).isGreaterThan(0.02);
    }

    @Test
    void so_they_are_with_three_and_five_answers_an_item() {
        for (int most : List.of(3, 5)) {
            double gained = 0;
            double gainedOneByOne = 0;
            for (var set : sets) {
                var few = set.limited(most, 1);
                double plain = accuracy(new Majority(), few);
                double gain = weighted(few).accuracy() - plain;
                double oneByOne =
                        Score.of(SynthesisFigures.oneByOne(few), few.truth()).accuracy() - plain;
                assertThat(gain).as(set.name() + ", " + most).isGreaterThan(-HALF_A_POINT);
                assertThat(oneByOne)
                        .as(set.name() + ", " + most + ", one by one")
                        .isGreaterThan(-HALF_A_POINT);
                gained += gain / sets.size();
                gainedOneByOne += oneByOne / sets.size();
            }
            assertThat(gained).isGreaterThan(0.02);
            assertThat(gainedOneByOne).isGreaterThan(0.02);
        }
    }

    @Test
    void its_confidence_is_nearer_to_the_truth_than_the_share_of_the_votes() {
        double ours = 0;
        double votes = 0;
        double untempered = 0;
        double oneByOne = 0;
        for (var set : sets) {
            oneByOne +=
                    Score.of(SynthesisFigures.oneByOne(set), set.truth()).calibration()
                            / sets.size();
            ours += weighted(set).calibration() / sets.size();
            votes += score(new Majority(), set).calibration() / sets.size();
            untempered += score(OneCoin.CAREFUL, set).calibration() / sets.size();
        }
        assertThat(ours).isLessThan(votes).isLessThan(untempered);
        assertThat(oneByOne).isLessThan(votes);
    }

    @Test
    void what_is_escalated_first_is_what_is_most_often_wrong() {
        for (var set : sets) {
            escalated(set, SynthesisFigures.guarded(Guarded.CAREFUL).apply(set));
            escalated(set, SynthesisFigures.oneByOne(set));
        }
    }

    private static void escalated(TruthSet set, double[][] shares) {
        double all = Score.kept(shares, set.truth(), 0);
        double most = Score.kept(shares, set.truth(), 0.1);
        assertThat(most).as(set.name()).isGreaterThan(all);
        assertThat(Score.kept(shares, set.truth(), 0.3)).as(set.name()).isGreaterThan(most);
    }

    @Test
    void a_hundred_thousand_answers_take_less_than_two_seconds() {
        var casting = new Ballots.Casting();
        var byItem = new TreeMap<Integer, List<Experience.Ballot>>();
        int item = 0;
        int worker = 0;
        int size = 0;
        for (var set : sets) {
            for (var label : set.labels()) {
                if (set.answers() == 2) {
                    casting.add(item + label[0], worker + label[1], label[2]);
                    byItem.computeIfAbsent(item + label[0], _ -> new ArrayList<>())
                            .add(new Experience.Ballot("w" + (worker + label[1]), label[2]));
                    size++;
                }
            }
            item += set.truth().length;
            worker += 1 + set.labels().stream().mapToInt(label -> label[1]).max().orElse(0);
        }
        int other = 0;
        while (size < 100_000) {
            casting.add(item + other / 5, other % 97, other % 5 == 0 ? 1 : 0);
            byItem.computeIfAbsent(item + other / 5, _ -> new ArrayList<>())
                    .add(new Experience.Ballot("w" + other % 97, other % 5 == 0 ? 1 : 0));
            other++;
            size++;
        }
        var ballots = casting.done();

        double seconds = Double.MAX_VALUE;
        for (int round = 0; round < 4; round++) {
            long start = System.nanoTime();
            Guarded.CAREFUL.estimate(ballots);
            seconds = Math.min(seconds, (System.nanoTime() - start) / 1e9);
        }

        double oneByOne = Double.MAX_VALUE;
        for (int round = 0; round < 3; round++) {
            long start = System.nanoTime();
            var known = Experience.NONE;
            for (var those : byItem.values()) {
                known.shares(those, 2);
                known = known.after(those, 2);
            }
            oneByOne = Math.min(oneByOne, (System.nanoTime() - start) / 1e9);
        }

        assertThat(ballots.size()).isGreaterThanOrEqualTo(100_000);
        assertThat(seconds).isLessThan(SLOWEST_SECONDS);
        assertThat(oneByOne).isLessThan(SLOWEST_SECONDS);
        if (SynthesisFigures.wanted()) {
            SynthesisFigures.took(seconds);
            SynthesisFigures.tookOneByOne(oneByOne);
        }
    }

    @Test
    void the_figures_in_the_documents_are_those_that_are_measured() throws IOException {
        var figures = new SynthesisFigures(sets);
        if (SynthesisFigures.wanted()) {
            figures.write();
        }
        assertThat(Files.readString(SynthesisFigures.page())).contains(figures.whole());
    }

    private static double accuracy(Estimator estimator, TruthSet set) {
        return score(estimator, set).accuracy();
    }

    private static Score weighted(TruthSet set) {
        return Score.of(SynthesisFigures.guarded(Guarded.CAREFUL).apply(set), set.truth());
    }

    private static Score score(Estimator estimator, TruthSet set) {
        return Score.of(SynthesisFigures.by(estimator).apply(set), set.truth());
    }
}
