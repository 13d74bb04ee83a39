package dev.tutti.runtime.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// What is believed of a number.
class BeliefTest {
    private static final int OTHERS = 6;

    /// Whom to pass over rests on this.
    @Test
    void nothing_that_is_observed_or_forgotten_makes_it_less_sure_than_at_first() {
        var random = new SplittableRandom(7);
        for (int round = 0; round < 50; round++) {
            var belief = new Belief(OTHERS, 0.1 + random.nextDouble(), random.nextDouble(), 0.3);
            for (int step = 0; step < 40; step++) {
                assertThat(belief.doubt(unit(random)))
                        .isLessThanOrEqualTo(belief.mostDoubt() * (1 + 1e-9));
                if (random.nextInt(5) == 0) {
                    belief.forget(0.5 + random.nextDouble() / 2);
                } else {
                    belief.learn(unit(random), random.nextDouble());
                }
            }
            assertThat(belief.doubt(unit(random))).isLessThan(belief.mostDoubt());
        }
    }

    /// Numbers whose squares add up to 1.
    private static double[] unit(SplittableRandom random) {
        var numbers = new double[OTHERS];
        double squares = 0;
        for (int i = 0; i < OTHERS; i++) {
            numbers[i] = random.nextGaussian();
            squares += numbers[i] * numbers[i];
        }
        for (int i = 0; i < OTHERS; i++) {
            numbers[i] /= Math.sqrt(squares);
        }
        return numbers;
    }
}
