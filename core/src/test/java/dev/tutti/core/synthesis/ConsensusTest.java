package dev.tutti.core.synthesis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tutti.core.event.Value;
import dev.tutti.core.synthesis.Consensus.Method;
import dev.tutti.core.synthesis.Consensus.Row;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ConsensusTest {
    private static final double CLOSE = 1e-9;
    private static final double HALF_A_POINT = 0.005;

    private static Row row(String item, String agent, String answer) {
        return new Row(Value.text(item), agent, Value.text(answer));
    }

    private static Consensus of(List<Row> rows, Method method) {
        return Consensus.of(rows, method, Likeness.NORMALISED, null);
    }

    /// What the tables of docs/synthesis.md say of the estimators is what whoever asks for a batch
    /// gets, but that an answer which nobody gave is never taken.
    @Test
    void on_the_sets_of_people_it_takes_what_its_estimators_find_most_probable_of_what_was_said()
            throws IOException {
        var data = TruthSet.data();
        assumeTrue(data.isPresent());
        for (var set : TruthSet.all(data.get())) {
            var rows = new ArrayList<Row>();
            for (var label : set.labels()) {
                rows.add(
                        new Row(
                                Value.of(label[0]),
                                "worker" + label[1],
                                Value.text("answer " + label[2])));
            }
            var labels =
                    IntStream.range(0, set.answers())
                            .<Value>mapToObj(label -> Value.text("answer " + label))
                            .toList();
            for (var method : Method.values()) {
                var shares =
                        switch (method) {
                            case GUARDED -> SynthesisFigures.guarded(Guarded.CAREFUL).apply(set);
                            case MAJORITY -> SynthesisFigures.by(new Majority()).apply(set);
                            case ONE_COIN -> SynthesisFigures.by(OneCoin.PLAIN).apply(set);
                            case DAWID_SKENE -> SynthesisFigures.by(new DawidSkene()).apply(set);
                        };
                check(set, Consensus.of(rows, method, Likeness.NORMALISED, labels), shares);
            }
        }
    }

    private static void check(TruthSet set, Consensus consensus, double[][] shares) {
        double right = 0;
        for (var item : consensus.items()) {
            int number = (int) ((Value.Int) item.item()).value();
            var truth = Value.text("answer " + set.truth()[number]);
            double most = item.best().share() - 1e-9;
            var best = item.answers().stream().filter(one -> one.share() >= most).toList();
            if (best.stream().anyMatch(one -> one.answer().equals(truth))) {
                right += 1.0 / best.size();
            }
        }
        var said = new double[shares.length][set.answers()];
        for (var label : set.labels()) {
            said[label[0]][label[2]] = shares[label[0]][label[2]];
        }
        double known = Score.of(shares, set.truth()).accuracy();
        assertThat(right / set.truth().length)
                .as(set.name() + " " + consensus.by())
                .isCloseTo(Score.of(said, set.truth()).accuracy(), within(CLOSE))
                .isGreaterThan(known - HALF_A_POINT);
    }

    @Test
    void answers_of_an_items_own_are_weighed_by_who_is_right_elsewhere() {
        var rows = new ArrayList<Row>();
        for (int i = 0; i < 30; i++) {
            var item = "q" + i;
            rows.add(row(item, "liar 1", i % 3 == 0 ? "lie " + i : "other " + i));
            rows.add(row(item, "liar 2", i % 3 == 0 ? "lie " + i : "more " + i));
            rows.add(row(item, "liar 3", i % 3 == 0 ? "lie " + i : "else " + i));
            rows.add(row(item, "true 1", "truth " + i));
            rows.add(row(item, "true 2", "truth " + i));
        }

        var voted = of(rows, Method.MAJORITY);
        var weighed = of(rows, Method.GUARDED);

        assertThat(voted.items()).filteredOn(ConsensusTest::isTrue).hasSize(20);
        assertThat(weighed.weighed()).isTrue();
        assertThat(weighed.items()).filteredOn(ConsensusTest::isTrue).hasSize(30);
        assertThat(weighed.items())
                .allSatisfy(item ->
                        assertThat(
                                        item.answers().stream()
                                                .mapToInt(one -> one.agents().size())
                                                .sum())
                                .isEqualTo(5));
    }

    private static boolean isTrue(Consensus.Item item) {
        return item.best().agents().contains("true 1");
    }

    @Test
    void the_same_rows_always_give_the_same() {
        var rows = new ArrayList<Row>();
        for (int i = 0; i < 60; i++) {
            rows.add(row("q" + i / 3, "a" + i % 3, i % 4 == 0 ? "yes" : "no"));
        }
        for (var method : Method.values()) {
            assertThat(of(rows, method)).isEqualTo(of(rows, method));
        }
    }
}
