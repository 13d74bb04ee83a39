package dev.tutti.simulation.world;

import dev.tutti.core.event.Agent;
import dev.tutti.core.event.Timer;
import dev.tutti.core.goal.Team;
import dev.tutti.core.run.Decider;
import dev.tutti.core.run.Participant;
import dev.tutti.runtime.dispatch.Dispatcher;
import dev.tutti.runtime.engine.Deed;
import dev.tutti.runtime.engine.Engine;
import dev.tutti.runtime.engine.Input;
import dev.tutti.runtime.engine.Request;
import dev.tutti.runtime.engine.Runs;
import dev.tutti.runtime.journal.Append;
import dev.tutti.runtime.journal.JournalReader.Due;
import dev.tutti.runtime.journal.Message;
import dev.tutti.runtime.journal.StreamId;
import dev.tutti.runtime.participant.Participants;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// A process that owns the store, or believes so: it calls the engine's steps as the driver does,
/// and can die between any two of them. What it has in memory dies with it, and so do its attempts.
final class Node {
    /// Commits after which memory and journal are compared; more for runs of many events.
    private static final int COMPARE_EVERY = 8;

    private static final int EVENTS_A_COMMIT = 100;
    private static final Participants PARTICIPANTS =
            new Participants(_ -> true, World.expressions());

    private final World world;
    private final Engine engine;
    private final Bidders bidders;
    private final List<Input> inbox = new ArrayList<>();
    private final Set<String> taken = new HashSet<>();
    private final Map<Key, Doing> doings = new HashMap<>();
    private Duration skew;
    private boolean alive = true;
    private boolean stopping;
    private int commits;

    private record Key(StreamId run, long token) {}

    Node(World world, Duration skew) {
        this.world = world;
        this.skew = skew;
        bidders = new Bidders(world, this);
        world.rates().another();
        var team = world.team();
        engine =
                new Engine(
                        world.journal(),
                        new Decider(World.expressions()),
                        new Dispatcher(_ -> true).with(new Programs(world, this)),
                        _ -> team,
                        world.journal().claim());
        for (var due : world.journal().due(Integer.MAX_VALUE)) {
            engine.wake(due.stream(), due.at());
            toldSoon(due, team);
        }
        poll();
    }

    /// I27: whoever takes over finds the runs at once in which something was said that agents have
    /// not heard, and not when the time to answer is over.
    private void toldSoon(Due due, Team team) {
        if (!due.stream().isRun() || !due.at().isAfter(Instant.EPOCH)) {
            return;
        }
        var state = Runs.load(world.journal(), due.stream()).state();
        if (!state.paused()) {
            Participant.unheard(state, team).stream()
                    .filter(letter -> state.timers().containsKey(new Timer.AnswerDue(letter.id())))
                    .findFirst()
                    .ifPresent(letter ->
                            world.violated(
                                    "I27",
                                    due.stream(),
                                    letter.id()
                                            + " was not heard before another took over, who looks for it at "
                                            + due.at()));
        }
    }

    boolean alive() {
        return alive;
    }

    /// What its clock says.
    Instant clock() {
        return world.now().plus(skew);
    }

    /// Something arrives for the engine, if anyone is there to hear it.
    void hear(Input input) {
        if (alive) {
            inbox.add(input);
        }
    }

    /// Takes the messages that lie in the store.
    void poll() {
        world.journal().messages(Integer.MAX_VALUE).forEach(this::take);
    }

    private void take(Message message) {
        if (taken.add(message.id())) {
            hear(
                    new Input.Asked(
                            message.to(),
                            Request.of(message.kind(), message.payload()),
                            message.actor(),
                            message.id(),
                            message.id()));
        }
    }

    /// When it has something to do, in the world's time; null when only others can stir it.
    @Nullable Instant wake() {
        if (!alive) {
            return null;
        }
        if (!inbox.isEmpty() || engine.busy()) {
            return world.now();
        }
        var alarm = engine.nextAlarm().orElse(null);
        return alarm == null ? null : alarm.isBefore(clock()) ? world.now() : alarm.minus(skew);
    }

    // ---- a turn

    void turn() {
        var swarm = world.swarm();
        if (swarm.happens(Fault.CRASH)) {
            die();
            return;
        }
        between(swarm);
        if (swarm.happens(Fault.REORDERING)) {
            shuffle(swarm.of(Fault.REORDERING));
        }
        var inputs = List.copyOf(inbox);
        inbox.clear();
        inputs.forEach(engine::accept);
        var time = clock();
        engine.tick(time);
        var appends = engine.collect(time);
        if (appends.isEmpty()) {
            carryOut(engine.committed(List.of()));
            return;
        }
        if (swarm.happens(Fault.CRASH_BEFORE_COMMIT)) {
            die();
            return;
        }
        if (swarm.happens(Fault.TWO_OWNERS)) {
            rival(swarm);
        }
        if (swarm.happens(Fault.COMMIT_TORN)) {
            die();
            return;
        }
        var results = world.journal().commit(appends);
        world.see(results);
        if (swarm.happens(Fault.COMMIT_UNKNOWN) || swarm.happens(Fault.CRASH_AFTER_COMMIT)) {
            die();
            return;
        }
        appends.forEach(append -> taken.removeAll(append.consumed()));
        carryOut(engine.committed(results));
        after(appends);
    }

    /// What happens to a process while it does nothing.
    private void between(Swarm swarm) {
        if (swarm.happens(Fault.CLOCK_JUMP)) {
            var dice = swarm.of(Fault.CLOCK_JUMP);
            int most = dice.nextBoolean() ? 200 : 1_800_000;
            skew = Duration.ofMillis(dice.nextInt(-most, most));
            world.rates().clear();
        }
        if (swarm.happens(Fault.TWO_OWNERS)) {
            rival(swarm);
        }
        if (!stopping && swarm.happens(Fault.STOP)) {
            stop(swarm.of(Fault.STOP));
        }
        if (swarm.happens(Fault.UPGRADE)) {
            world.upgrade(swarm.of(Fault.UPGRADE));
            if (!stopping) {
                stop(swarm.of(Fault.UPGRADE));
            }
        }
    }

    /// Another process takes over; this one does not know.
    private void rival(Swarm swarm) {
        if (world.owner().filter(owner -> owner == this).isPresent()) {
            world.open(Duration.ofMillis(swarm.of(Fault.TWO_OWNERS).nextInt(-5_000, 5_000)));
        }
    }

    /// Begins nothing more, asks attempts to stop, and ends after a while.
    private void stop(SplittableRandom dice) {
        stopping = true;
        engine.quiesce();
        List.copyOf(doings.values()).forEach(Doing::interrupt);
        world.later(Duration.ofMillis(dice.nextInt(3_000)), this::die);
    }

    private void shuffle(SplittableRandom dice) {
        for (int i = inbox.size() - 1; i > 0; i--) {
            int j = dice.nextInt(i + 1);
            inbox.set(i, inbox.set(j, inbox.get(i)));
        }
    }

    private void die() {
        if (alive) {
            alive = false;
            world.tell(() -> "a process ends");
            doings.values().forEach(Doing::die);
            world.restart(skew);
        }
    }

    // ---- what follows

    private void carryOut(List<Deed> deeds) {
        engine.halted()
                .forEach((run, why) ->
                        world.violated("I13", run, "the run is halted: " + why.getMessage()));
        for (var deed : deeds) {
            if (alive) {
                carryOut(deed);
            }
        }
    }

    private void carryOut(Deed deed) {
        switch (deed) {
            case Deed.Perform perform -> {
                var doing = new Doing(world, this, perform);
                doings.put(new Key(perform.run(), perform.attempt().token()), doing);
                doing.begin();
            }
            case Deed.Stop(var run, var token) -> {
                var doing = doings.get(new Key(run, token));
                if (doing != null) {
                    doing.stop();
                }
            }
            case Deed.Allow allow -> {
                var doing = doings.get(new Key(allow.run(), allow.token()));
                if (doing != null) {
                    doing.allowed(allow);
                }
            }
            case Deed.Deliver(var message) -> take(message);
            case Deed.Answer answer -> world.people().heard(answer);
            case Deed.Tell tell -> tell.agents().forEach(agent -> hears(tell, agent));
            case Deed.Announce announce -> bidders.ask(announce);
            case Deed.Ended _ -> {}
            case Deed.Fenced() -> die();
        }
    }

    /// An agent learns of a message and says what it has to say, each over the network: it may be
    /// late, twice, or never.
    private void hears(Deed.Tell tell, Agent agent) {
        var one = new Deed.Tell(tell.run(), List.of(agent), tell.letter(), tell.inputs());
        world.send(
                () ->
                        PARTICIPANTS
                                .hear(one)
                                .forEach(said -> world.send(() -> hear(said), () -> {})),
                () -> {});
    }

    /// An attempt has reported, and nobody will hear of it again.
    void over(StreamId run, long token) {
        doings.remove(new Key(run, token));
    }

    private void after(List<Append> appends) {
        var changed = engine.changed();
        commits += appends.size();
        long longest = changed.stream().mapToLong(run -> run.state().sequence()).max().orElse(0);
        if (commits >= COMPARE_EVERY + longest / EVENTS_A_COMMIT) {
            commits = 0;
            changed.forEach(world::compare);
        }
    }
}
