package dev.tutti.simulation.world;

import dev.tutti.core.event.Agent;
import dev.tutti.core.event.Event.ArtifactStored;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Outcome;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.Usage;
import dev.tutti.core.event.Value;
import dev.tutti.core.memory.Context;
import dev.tutti.core.run.Command;
import dev.tutti.runtime.agent.Promised;
import dev.tutti.runtime.engine.Deed;
import dev.tutti.runtime.engine.Input;
import dev.tutti.runtime.journal.StreamId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// An attempt as its agent makes it, in the process that gave it: well, badly, slowly, or not at
/// all, and not always truthfully.
///
/// What it says can be lost on its way to the engine. Then it is as if it hung: it ends when it is
/// stopped, or with its process.
final class Doing {
    private static final Duration HOUR = Duration.ofHours(1);

    private final World world;
    private final Node node;
    private final Deed.Perform deed;
    private final SplittableRandom dice;
    private final boolean strict;
    private final List<String> effects = new ArrayList<>();
    private final Talk talk;
    private final Noting noting;
    private final Errands.Asking errands;
    private int next;
    private int calls;
    private int asked;
    private @Nullable String pending;
    private Instant through = Instant.EPOCH;
    private boolean waits;
    private boolean did;
    private boolean stopped;
    private boolean over;

    Doing(World world, Node node, Deed.Perform deed) {
        this.world = world;
        this.node = node;
        this.deed = deed;
        dice = world.swarm().dice(deed.run().name() + " " + deed.attempt().token());
        var agent = agent();
        strict = deed.attempt().strict() || agent.effects() == Task.Effects.AT_MOST_ONCE;
        talk = new Talk(world, deed);
        noting = new Noting(deed, dice);
        errands = new Errands.Asking(world, deed);
        int deeds = strict ? 1 + dice.nextInt(2) : dice.nextInt(6) == 0 ? 1 : 0;
        for (int i = 0; i < deeds; i++) {
            effects.add("deed" + i);
        }
    }

    private Agent agent() {
        return deed.team().agent(deed.attempt().agent()).orElseThrow();
    }

    private StreamId run() {
        return deed.run();
    }

    private long token() {
        return deed.attempt().token();
    }

    // ---- its course

    void begin() {
        if (world.state(run()).sequence() < token()) {
            world.violated("I1", run(), "attempt " + token() + " begins before it is on disk");
        }
        int most = deed.attempt().sharing().tokens();
        int given = Context.tokens(deed.attempt().given());
        if (most > 0 && given > most) {
            world.violated("I28", run(), "attempt " + token() + " is given " + given + " tokens");
        }
        if (deed.attempt().input().equals(People.EDITED) && deed.attempt().edit() == null) {
            world.violated(
                    "I41", run(), "attempt " + token() + " is not told who changed its input");
        }
        through = world.now();
        world.rates().begun(deed);
        beat();
        if (!world.swarm().happens(Fault.SILENT)) {
            world.later(time(), this::goOn);
        }
    }

    private Duration time() {
        return world.swarm().happens(Fault.SLOW)
                ? Duration.ofMillis(world.swarm().of(Fault.SLOW).nextInt(120_000))
                : Duration.ofMillis(1 + dice.nextInt(800));
    }

    private void beat() {
        var open = world.state(run()).open().get(token());
        if (!over && open != null && open.idle() != null) {
            var every = open.idle().dividedBy(3);
            world.send(() -> node.hear(new Input.Alive(run(), token(), node.clock())), () -> {});
            world.later(every, this::beat);
        }
    }

    private void goOn() {
        if (over) {
            return;
        }
        if (talk.goesOn()) {
            talk();
        } else if (noting.goesOn()) {
            tell(noting.tells());
        } else if (errands.goesOn()) {
            tell(errands.tells());
        } else if (errands.isWaiting()) {
            endWith(errands.awaits());
        } else if (next < effects.size()) {
            tell(new Command.Intend(token(), effects.get(next)));
            waits = true;
        } else {
            report(outcome(), artifacts());
        }
    }

    private void talk() {
        var asked = talk.asks();
        if (asked != null) {
            endWith(asked);
        } else if (talk.recalls()) {
            goOn();
        } else {
            calls++;
            var call = new Input.Calling(run(), token(), call());
            world.send(() -> node.hear(call), () -> {});
        }
    }

    private void endWith(Command command) {
        world.send(
                () -> {
                    end();
                    node.hear(new Input.Told(run(), command, actor()));
                },
                () -> {});
    }

    private String call() {
        return "call " + calls;
    }

    private String bill() {
        return "bill " + calls;
    }

    /// It may call: the answer is a step. Now and then the one who was called wants its rest.
    private void called() {
        if (isLate()) {
            return;
        }
        asked = calls;
        world.bills().took(run(), token(), Talk.COST);
        if (calls > 1) {
            through = world.now();
            world.rates().called(deed);
        }
        if (dice.nextInt(20) == 0) {
            node.hear(new Input.Busy(run(), token(), node.clock().plusSeconds(dice.nextInt(30))));
        }
        var step = talk.take(actor());
        world.send(() -> node.hear(step), () -> {});
    }

    /// Whether this was answered before.
    private boolean isLate() {
        return asked == calls;
    }

    /// The engine answered. Only the first answer is waited for.
    void allowed(Deed.Allow allow) {
        if (!over && calls > 0 && allow.name().equals(call())) {
            if (allow.permission() instanceof Deed.Permission.Refused(var why)) {
                report(Outcome.failed(new Failure.Transient("refused", why)), List.of());
            } else if (!isLate()) {
                node.hear(new Input.Spending(run(), token(), bill()));
            }
            return;
        }
        if (!over && calls > 0 && allow.name().equals(bill())) {
            if (allow.permission() instanceof Deed.Permission.Refused(var why)) {
                report(Outcome.failed(new Failure.Transient("refused", why)), List.of());
            } else {
                called();
            }
            return;
        }
        if (!over && talk.isAbout(allow)) {
            if (allow.permission() instanceof Deed.Permission.Refused(var why)) {
                report(Outcome.failed(new Failure.Transient("refused", why)), List.of());
            } else {
                talk.kept();
                world.rates().read(deed, through, Talk.TOKENS);
                world.later(time(), this::goOn);
            }
            return;
        }
        if (!over && noting.isAbout(allow)) {
            if (allow.permission() instanceof Deed.Permission.Refused(var why)) {
                report(Outcome.failed(new Failure.Transient("refused", why)), List.of());
            } else {
                noting.told(allow.permission());
                world.later(time(), this::goOn);
            }
            return;
        }
        if (!over && errands.isAbout(allow)) {
            errands.told(allow.permission());
            world.later(time(), this::goOn);
            return;
        }
        if (over || !waits || next >= effects.size() || !allow.name().equals(effects.get(next))) {
            return;
        }
        if (did && allow.permission() instanceof Deed.Permission.Go) {
            return;
        }
        waits = false;
        did = false;
        switch (allow.permission()) {
            case Deed.Permission.Go(var key) -> {
                pending = key;
                world.outside().allowed(run(), deed.attempt().task(), key);
                world.later(time(), this::fire);
            }
            case Deed.Permission.Done _, Deed.Permission.Noted _, Deed.Permission.Told _ -> {
                next++;
                world.later(time(), this::goOn);
            }
            case Deed.Permission.Refused(var why) ->
                    report(Outcome.failed(new Failure.Transient("refused", why)), List.of());
        }
    }

    private void fire() {
        if (over || pending == null) {
            return;
        }
        var key = pending;
        pending = null;
        var name = effects.get(next);
        waits = true;
        did = true;
        if (world.swarm().happens(Fault.FAILING)) {
            world.outside().drop(key);
            tell(new Command.Withdraw(token(), name, "it was refused"));
        } else {
            world.outside().fire(run(), key, strict);
            tell(new Command.NoteEffect(token(), name, Value.text(key)));
        }
    }

    private void tell(Command command) {
        world.send(() -> node.hear(new Input.Told(run(), command, actor())), () -> {});
    }

    private String actor() {
        return "agent/" + deed.attempt().agent();
    }

    // ---- its end

    private void report(Outcome outcome, List<ArtifactStored> artifacts) {
        var kept = Promised.kept(deed.team(), deed.attempt().performer(), outcome);
        claim(kept);
        wrongToken(kept);
        world.send(
                () -> {
                    end();
                    node.hear(
                            new Input.Told(
                                    run(), new Command.Finish(token(), kept, artifacts), actor()));
                },
                () -> {});
    }

    private void claim(Outcome outcome) {
        if (!(outcome instanceof Outcome.Failed)) {
            world.outside().claimed(run(), token());
        }
    }

    private void end() {
        over = true;
        if (pending != null) {
            world.outside().drop(pending);
            pending = null;
        }
        node.over(run(), token());
    }

    /// Claims to be another attempt: an earlier one of the run, or one that never was.
    private void wrongToken(Outcome outcome) {
        if (world.swarm().happens(Fault.WRONG_TOKEN)) {
            var wrong = world.swarm().of(Fault.WRONG_TOKEN);
            long other = wrong.nextInt(4) == 0 ? token() + 1_000 : wrong.nextLong(token());
            if (!world.state(run()).open().containsKey(other)) {
                node.hear(
                        new Input.Told(
                                run(), new Command.Finish(other, outcome, List.of()), actor()));
            }
        }
    }

    /// The engine wants it no more. It says so, at once or in its own time.
    void stop() {
        if (over || stopped) {
            return;
        }
        stopped = true;
        if (world.swarm().happens(Fault.DEAF)) {
            world.later(HOUR.dividedBy(2 + dice.nextInt(100)), () -> finish(outcome()));
        } else {
            finish(Outcome.failed(new Failure.Cancelled()));
        }
    }

    /// The process is going to end.
    void interrupt() {
        if (!stopped) {
            stopped = true;
            finish(Outcome.failed(new Failure.Interrupted()));
        }
    }

    /// The last word of an attempt is spoken within its process, where nothing is lost.
    private void finish(Outcome outcome) {
        if (!over) {
            end();
            var kept = Promised.kept(deed.team(), deed.attempt().performer(), outcome);
            claim(kept);
            node.hear(new Input.Told(run(), new Command.Finish(token(), kept, List.of()), actor()));
        }
    }

    void die() {
        over = true;
        if (pending != null) {
            world.outside().drop(pending);
            pending = null;
        }
    }

    private Outcome outcome() {
        if (world.swarm().happens(Fault.FAILING)) {
            return Outcome.failed(
                    world.swarm().of(Fault.FAILING).nextInt(4) == 0
                            ? new Failure.Permanent("no", "as it fell")
                            : new Failure.Transient("busy", "as it fell"));
        }
        if (world.swarm().happens(Fault.LYING)) {
            return Outcome.succeeded(Value.struct("n", Value.text("many")));
        }
        if (deed.attempt().plans()) {
            return Goals.proposal(deed.attempt(), dice);
        }
        var passed = Relays.outcome(deed.attempt(), dice);
        if (passed != null) {
            return passed;
        }
        return new Outcome.Succeeded(
                Value.struct(
                        "n",
                        Value.of(dice.nextInt(6)),
                        "ok",
                        Value.of(dice.nextInt(6) != 0),
                        "list",
                        Value.array(Value.of(1), Value.of(dice.nextInt(9))),
                        "reason",
                        Value.text("as it fell")),
                says());
    }

    /// Not everybody says what it used up, who calls nobody that is to be paid.
    private Usage says() {
        return world.swarm().dice("says " + run().name() + " " + token()).nextInt(4) == 0
                ? Usage.UNKNOWN
                : Usage.NONE;
    }

    private List<ArtifactStored> artifacts() {
        if (dice.nextInt(8) != 0) {
            return List.of();
        }
        var content = ("made by " + run().name() + " " + token()).getBytes(StandardCharsets.UTF_8);
        return List.of(
                new ArtifactStored(
                        deed.attempt().task(),
                        world.artifacts().put(content),
                        content.length,
                        "text/plain",
                        "note"));
    }
}
