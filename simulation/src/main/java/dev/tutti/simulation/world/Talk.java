package dev.tutti.simulation.world;

import dev.tutti.core.event.Money;
import dev.tutti.core.event.Usage;
import dev.tutti.core.event.Value;
import dev.tutti.core.run.Command;
import dev.tutti.runtime.agent.Attempt;
import dev.tutti.runtime.engine.Deed;
import dev.tutti.runtime.engine.Input;
import dev.tutti.runtime.step.Conversation;
import dev.tutti.runtime.step.StepTaken;
import java.math.BigDecimal;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// What an attempt takes steps for before it does anything else: each asks what follows from the
/// input and the steps before, and gives something new each time it is taken.
final class Talk {
    private static final String QUESTION = "go on";

    /// What each step is to be paid for.
    static final Usage COST = new Usage(new Money(new BigDecimal("0.01")), 10, 2);

    /// What each step reads and writes.
    static final long TOKENS = 12;

    private final World world;
    private final Deed.Perform deed;
    private final SplittableRandom dice;
    private final @Nullable Conversation said;
    private final int steps;

    /// The step before which a person is asked, 0 for none.
    private final int questionAt;

    private int at;
    private Value latest = Value.NULL;
    private @Nullable StepTaken pending;

    Talk(World world, Deed.Perform deed) {
        this.world = world;
        this.deed = deed;
        dice = world.swarm().dice("talk " + deed.run().name() + " " + deed.attempt().token());
        boolean talks = world.swarm().happens(Fault.TALKING);
        said =
                talks
                        ? Conversation.read(world.journal(), deed.run(), deed.attempt().since())
                        : null;
        // The same in every attempt that goes on from the first, as with an agent.
        var plan = world.swarm().dice("plan " + deed.run().name() + " " + deed.attempt().since());
        steps = talks ? 1 + plan.nextInt(3) : 0;
        questionAt = talks && plan.nextInt(4) == 0 ? 1 + plan.nextInt(steps) : 0;
    }

    boolean goesOn() {
        return at < steps;
    }

    /// What a person is to decide first, or null.
    @Nullable Command asks() {
        if (at + 1 != questionAt || deed.attempt().answers().containsKey(QUESTION)) {
            return null;
        }
        return new Command.Suspend(
                deed.attempt().token(),
                QUESTION,
                "May it go on?",
                List.of("yes", "no"),
                Value.NULL,
                List.of());
    }

    private Attempt.Step step() {
        return new Attempt.Step("model", "one", Value.struct("at", Value.of(at), "after", latest));
    }

    /// Whether the next step is on record; then it is over.
    boolean recalls() {
        if (said == null) {
            return false;
        }
        var taken = said.recall(step());
        taken.ifPresent(this::next);
        return taken.isPresent();
    }

    Input take(String actor) {
        if (said == null) {
            throw new IllegalStateException("nobody talks here");
        }
        var taken = new Attempt.Taken(Value.of(dice.nextInt(1_000)), COST);
        var step = said.took(deed.attempt().token(), step(), taken);
        pending = step;
        return new Input.Stepped(deed.run(), said.stream(), said.head(), step, actor);
    }

    boolean isAbout(Deed.Allow allow) {
        return pending != null && allow.name().equals(Input.Stepped.name(pending.number()));
    }

    /// The step is on record, or so the engine says.
    void kept() {
        var step = pending;
        if (step == null || said == null) {
            throw new IllegalStateException("no step was taken");
        }
        pending = null;
        if (world.journal().head(said.stream()) <= said.head()) {
            world.violated(
                    "I1", deed.run(), "step " + step.number() + " is acknowledged and not on disk");
        }
        said.keep(step);
        next(step.taken());
    }

    private void next(Attempt.Taken taken) {
        latest = taken.result();
        at++;
    }
}
