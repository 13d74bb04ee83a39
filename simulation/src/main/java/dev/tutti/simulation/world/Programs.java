package dev.tutti.simulation.world;

import dev.tutti.runtime.dispatch.Chooser;
import dev.tutti.runtime.engine.Input;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;

/// A program's own policy in a process of a world: it thinks for a while, and now and then it has
/// no answer. Each question gets one, as the process gives it, unless the process is gone by then.
final class Programs implements Chooser {
    private static final int LONGEST_MS = 3_000;

    private final World world;
    private final Node node;

    Programs(World world, Node node) {
        this.world = world;
        this.node = node;
    }

    @Override
    public Optional<Answer> ask(Question question) {
        var dice = new SplittableRandom(question.number() + question.task().hashCode());
        if (dice.nextInt(8) == 0) {
            return Optional.of(question.unanswered("is a policy that no program here has"));
        }
        var answer =
                dice.nextInt(4) == 0
                        ? question.unanswered("did not answer in time")
                        : new Answer(question.number(), scores(question, dice), "dice", "");
        world.later(
                Duration.ofMillis(dice.nextInt(LONGEST_MS)),
                () -> node.hear(new Input.Chosen(question.run(), answer)));
        return Optional.empty();
    }

    private static double[] scores(Question question, SplittableRandom dice) {
        return question.options().stream().mapToDouble(_ -> dice.nextDouble()).toArray();
    }
}
