package dev.tutti.core.synthesis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EstimatorsTest {
    private static final List<Estimator> LEARNING =
            List.of(OneCoin.PLAIN, OneCoin.CAREFUL, new DawidSkene());

    /// Agents that are right as often as said, on questions with `answers` answers.
    private static Ballots drawn(int items, int answers, long seed, double... reliability) {
        var random = new Random(seed);
        var casting = new Ballots.Casting();
        for (int item = 0; item < items; item++) {
            for (int agent = 0; agent < reliability.length; agent++) {
                boolean right = random.nextDouble() < reliability[agent];
                int wrong = 1 + random.nextInt(answers - 1);
                casting.add(
                        item,
                        agent,
                        right ? truth(item, answers) : (truth(item, answers) + wrong) % answers);
            }
        }
        return casting.done();
    }

    private static int truth(int item, int answers) {
        return item * 7 % answers;
    }

    private static long right(Estimate estimate, int items, int answers) {
        long right = 0;
        for (int item = 0; item < items; item++) {
            right += estimate.answer(item) == truth(item, answers) ? 1 : 0;
        }
        return right;
    }

    @Test
    void who_is_right_is_learned_from_the_answers_alone() {
        var ballots = drawn(500, 4, 1, 0.95, 0.9, 0.4, 0.4, 0.4);

        long plain = right(new Majority().estimate(ballots), 500, 4);
        for (var estimator : LEARNING) {
            var estimate = estimator.estimate(ballots);
            assertThat(right(estimate, 500, 4)).as(estimator.toString()).isGreaterThan(plain + 25);
            assertThat(estimate.chance(0, 1, 1)).isCloseTo(0.95, within(0.05));
            assertThat(estimate.chance(2, 1, 1)).isCloseTo(0.4, within(0.1));
        }
        var verdict = Guarded.CAREFUL.estimate(ballots);
        assertThat(verdict.followed()).isTrue();
        assertThat(right(verdict.estimate(), 500, 4)).isGreaterThan(plain + 25);
    }

    @Test
    void where_answers_mean_nothing_the_plain_vote_is_kept() {
        int followed = 0;
        for (int seed = 0; seed < 20; seed++) {
            var ballots = drawn(60, 2, seed, 0.5, 0.5, 0.5, 0.5, 0.5);
            var verdict = Guarded.CAREFUL.estimate(ballots);
            followed += verdict.followed() ? 1 : 0;
            if (!verdict.followed()) {
                var plain = new Majority().estimate(ballots);
                for (int item = 0; item < ballots.items(); item++) {
                    assertThat(verdict.estimate().answer(item)).isEqualTo(plain.answer(item));
                }
            }
        }
        assertThat(followed).isLessThanOrEqualTo(5);
    }

    @Test
    void a_few_questions_are_left_to_the_plain_vote() {
        var casting = new Ballots.Casting();
        casting.add(0, 0, 1);
        casting.add(0, 1, 0);
        casting.add(0, 2, 1);

        var verdict = Guarded.CAREFUL.estimate(casting.done());

        assertThat(verdict.followed()).isFalse();
        assertThat(verdict.estimate().confidence(0)).isCloseTo(2 / 3.0, within(1e-9));
    }

    @Test
    void many_parameters_are_not_learned_from_few_answers() {
        var ballots = drawn(30, 8, 3, 0.8, 0.7, 0.75);

        assertThat(new Guarded(new DawidSkene()).estimate(ballots).followed()).isFalse();
    }

    @Test
    void nothing_at_all_is_no_reason_to_fail() {
        var none = new Ballots.Casting().done();
        assertThat(none.items()).isZero();
        for (var estimator : LEARNING) {
            assertThat(estimator.estimate(none)).isNotNull();
        }
        var casting = new Ballots.Casting();
        casting.add(2, 0, 0);
        var gaps = casting.done();
        for (var estimator : LEARNING) {
            assertThat(estimator.estimate(gaps).confidence(0)).isBetween(0.0, 1.0);
        }
    }

    @Test
    void the_order_of_agents_does_not_matter() {
        var forth = new Ballots.Casting();
        var back = new Ballots.Casting();
        var random = new Random(5);
        for (int item = 0; item < 80; item++) {
            var answers = random.ints(4, 0, 3).toArray();
            for (int agent = 0; agent < 4; agent++) {
                forth.add(item, agent, answers[agent]);
                back.add(item, 3 - agent, answers[agent]);
            }
        }
        for (var estimator : LEARNING) {
            var one = estimator.estimate(forth.done());
            var other = estimator.estimate(back.done());
            for (int item = 0; item < 80; item++) {
                assertThat(one.confidence(item)).isCloseTo(other.confidence(item), within(1e-6));
            }
        }
    }
}
