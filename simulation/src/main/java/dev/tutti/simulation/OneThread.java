package dev.tutti.simulation;

import dev.tutti.core.event.Event.ArtifactStored;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Outcome;
import dev.tutti.core.event.Value;
import dev.tutti.core.expression.Expressions;
import dev.tutti.core.run.Action;
import dev.tutti.core.run.Command;
import dev.tutti.core.run.Decider;
import dev.tutti.runtime.dispatch.Dispatcher;
import dev.tutti.runtime.engine.BidsByFile;
import dev.tutti.runtime.engine.Deed;
import dev.tutti.runtime.engine.Engine;
import dev.tutti.runtime.engine.Input;
import dev.tutti.runtime.engine.Request;
import dev.tutti.runtime.engine.TeamReader;
import dev.tutti.runtime.journal.Journal;
import dev.tutti.runtime.journal.Message;
import dev.tutti.runtime.journal.StreamId;
import dev.tutti.runtime.participant.Participants;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/// Drives the engine as the driver does, but on the calling thread and by a clock of its own: the
/// same requests and agents give the same journal, byte for byte.
///
/// Everything between two commits takes one millisecond.
public final class OneThread {
    private static final Duration TURN = Duration.ofMillis(1);
    private static final int MOST_TURNS = 100_000;

    private final Journal journal;
    private final Agents agents;
    private final Engine engine;
    private final Participants participants = new Participants(_ -> true, new Expressions());
    private final BidsByFile bids = new BidsByFile(new Expressions());
    private final PriorityQueue<Arrival> arrivals =
            new PriorityQueue<>(
                    Comparator.comparing(Arrival::at).thenComparingLong(Arrival::order));
    private final Map<String, Deed.Answer> answers = new HashMap<>();
    private final Map<Key, Doing> outside = new HashMap<>();
    private Instant now;
    private long order;

    private record Key(StreamId run, long token) {}

    /// Takes over the store, at `start`.
    public OneThread(Journal journal, TeamReader teams, Agents agents, Instant start) {
        this(journal, teams, agents, start, new Dispatcher(_ -> true));
    }

    /// The same, with a dispatcher of one's own.
    public OneThread(
            Journal journal,
            TeamReader teams,
            Agents agents,
            Instant start,
            Dispatcher dispatcher) {
        this.journal = journal;
        this.agents = agents;
        now = start;
        engine =
                new Engine(
                        journal,
                        new Decider(new Expressions()),
                        dispatcher,
                        teams,
                        journal.claim());
        journal.messages(Integer.MAX_VALUE).forEach(this::deliver);
        journal.due(Integer.MAX_VALUE).forEach(due -> engine.wake(due.stream(), due.at()));
    }

    /// Those who do the tasks.
    @FunctionalInterface
    public interface Agents {
        /// How an attempt goes.
        Work perform(Action.Perform attempt);

        /// An effect is done in the outside world.
        ///
        /// @return what it came to
        default Value fire(String name, String key) {
            return Value.text(key);
        }
    }

    /// What an attempt comes to.
    ///
    /// @param takes how long, or null when it never reports by itself
    /// @param effects what it does outside before it reports, in order; each takes as long
    public record Work(
            @Nullable Duration takes,
            Outcome outcome,
            List<ArtifactStored> artifacts,
            List<String> effects) {
        public Work {
            artifacts = List.copyOf(artifacts);
            effects = List.copyOf(effects);
        }

        public Work(@Nullable Duration takes, Outcome outcome, List<ArtifactStored> artifacts) {
            this(takes, outcome, artifacts, List.of());
        }
    }

    /// An attempt that does something outside.
    ///
    /// @param next the place of the effect that it is about to do, or has just done
    private record Doing(Work work, int next) {}

    /// An input on its way to the engine.
    private record Arrival(Instant at, long order, Input input) {}

    public Instant now() {
        return now;
    }

    /// Asks something of a run; it arrives `after` that long.
    public void ask(Duration after, StreamId run, Request request, String id) {
        ask(after, run, request, id, "ana");
    }

    /// The same, by someone.
    public void ask(Duration after, StreamId run, Request request, String id, String actor) {
        arrive(now.plus(after), new Input.Asked(run, request, actor, id, null));
    }

    /// Tells a run something, as the engine itself would; it arrives `after` that long.
    public void tell(Duration after, StreamId run, Command command) {
        arrive(now.plus(after), new Input.Told(run, command, "engine"));
    }

    /// What became of a request: empty while it is not handled.
    public Optional<Deed.Answer> answer(String id) {
        return Optional.ofNullable(answers.get(id));
    }

    /// A sign of life of an attempt; it arrives `after` that long.
    public void beat(Duration after, StreamId run, long token) {
        arrive(now.plus(after), new Input.Alive(run, token, now.plus(after)));
    }

    private void arrive(Instant at, Input input) {
        arrivals.add(new Arrival(at, order++, input));
    }

    /// Lets time pass in which nothing happens.
    public void passTo(Instant then) {
        now = then.isAfter(now) ? then : now;
    }

    /// Goes on until nothing more will happen by itself, or until `end`: as if the process were
    /// killed then.
    public void runUntil(Instant end) {
        for (int i = 0; i < MOST_TURNS; i++) {
            var next = next();
            if (next.isEmpty() || next.get().isAfter(end)) {
                return;
            }
            now = next.get().isAfter(now) ? next.get() : now;
            turn();
            now = now.plus(TURN);
        }
        throw new IllegalStateException("no end after " + MOST_TURNS + " turns");
    }

    private Optional<Instant> next() {
        if (engine.busy()) {
            return Optional.of(now);
        }
        var arrival = Optional.ofNullable(arrivals.peek()).map(Arrival::at);
        var alarm = engine.nextAlarm();
        return arrival.isPresent() && alarm.isPresent()
                ? (alarm.get().isBefore(arrival.get()) ? alarm : arrival)
                : arrival.or(() -> alarm);
    }

    private void turn() {
        for (var arrival = arrivals.peek();
                arrival != null && !arrival.at().isAfter(now);
                arrival = arrivals.peek()) {
            engine.accept(arrivals.remove().input());
        }
        engine.tick(now);
        var appends = engine.collect(now);
        var results =
                appends.isEmpty()
                        ? List.<dev.tutti.runtime.journal.Append.Result>of()
                        : journal.commit(appends);
        engine.committed(results).forEach(this::carryOut);
    }

    private void carryOut(Deed deed) {
        switch (deed) {
            case Deed.Deliver(var message) -> deliver(message);
            case Deed.Allow allow -> allowed(allow);
            case Deed.Perform(var run, var attempt, _, _, _, _, _) -> {
                var work = agents.perform(attempt);
                goOn(new Key(run, attempt.token()), new Doing(work, 0));
            }
            case Deed.Stop(var run, var token) -> stop(run, token);
            case Deed.Answer answer -> answers.put(answer.request(), answer);
            case Deed.Tell tell -> participants.hear(tell).forEach(said -> arrive(now, said));
            case Deed.Announce announce -> bids.of(announce).forEach(input -> arrive(now, input));
            case Deed.Ended _ -> {}
            case Deed.Fenced() -> throw new IllegalStateException("the store has another owner");
        }
    }

    private void goOn(Key key, Doing doing) {
        var takes = doing.work().takes();
        if (takes == null) {
            return;
        }
        if (doing.next() == doing.work().effects().size()) {
            outside.remove(key);
            arrive(now.plus(takes), report(key.run(), key.token(), doing.work()));
        } else {
            outside.put(key, doing);
            var name = doing.work().effects().get(doing.next());
            arrive(now.plus(takes), told(key, new Command.Intend(key.token(), name)));
        }
    }

    /// The engine answered an attempt that is about to do something, or has done it.
    private void allowed(Deed.Allow allow) {
        var key = new Key(allow.run(), allow.token());
        var doing = outside.get(key);
        if (doing == null) {
            return;
        }
        switch (allow.permission()) {
            case Deed.Permission.Go(var effect) -> {
                var outcome = agents.fire(allow.name(), effect);
                var takes = doing.work().takes();
                arrive(
                        takes == null ? now : now.plus(takes),
                        told(key, new Command.NoteEffect(key.token(), allow.name(), outcome)));
            }
            case Deed.Permission.Done _, Deed.Permission.Noted _, Deed.Permission.Told _ ->
                    goOn(key, new Doing(doing.work(), doing.next() + 1));
            case Deed.Permission.Refused _ -> outside.remove(key);
        }
    }

    private static Input told(Key key, Command command) {
        return new Input.Told(key.run(), command, "agent");
    }

    /// A message of the outbox arrives with the next turn.
    private void deliver(Message message) {
        arrive(
                now,
                new Input.Asked(
                        message.to(),
                        Request.of(message.kind(), message.payload()),
                        message.actor(),
                        message.id(),
                        message.id()));
    }

    /// What is stopped reports at once that it was.
    private void stop(StreamId run, long token) {
        var cancelled = new Work(Duration.ZERO, Outcome.failed(new Failure.Cancelled()), List.of());
        boolean wasOutside = outside.remove(new Key(run, token)) != null;
        if (arrivals.removeIf(arrival -> reports(arrival.input(), run, token)) || wasOutside) {
            arrive(now, report(run, token, cancelled));
        }
    }

    private static boolean reports(Input input, StreamId run, long token) {
        return input instanceof Input.Told(var to, Command.Finish finish, _)
                && to.equals(run)
                && finish.token() == token;
    }

    private static Input report(StreamId run, long token, Work work) {
        return new Input.Told(
                run, new Command.Finish(token, work.outcome(), work.artifacts()), "agent");
    }
}
