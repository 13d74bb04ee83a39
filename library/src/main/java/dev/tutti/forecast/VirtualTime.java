package dev.tutti.forecast;

import dev.tutti.core.event.Event;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Outcome;
import dev.tutti.core.expression.Expressions;
import dev.tutti.core.goal.Team;
import dev.tutti.core.history.Moment;
import dev.tutti.core.run.Command;
import dev.tutti.core.run.Decider;
import dev.tutti.runtime.dispatch.Dispatcher;
import dev.tutti.runtime.engine.BidsByFile;
import dev.tutti.runtime.engine.Deed;
import dev.tutti.runtime.engine.Engine;
import dev.tutti.runtime.engine.Input;
import dev.tutti.runtime.engine.Request;
import dev.tutti.runtime.engine.Runs;
import dev.tutti.runtime.journal.Append;
import dev.tutti.runtime.journal.Entry;
import dev.tutti.runtime.journal.MemoryJournal;
import dev.tutti.runtime.journal.Message;
import dev.tutti.runtime.journal.StreamId;
import dev.tutti.runtime.participant.Participants;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The engine on the calling thread, with a clock that goes on to whatever is next: what takes
/// hours is over at once. Deciding and writing take no time.
public final class VirtualTime {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final Instant END = NOON.plus(Duration.ofDays(366));
    private static final Expressions EXPRESSIONS = new Expressions();

    private final MemoryJournal journal = new MemoryJournal();
    private final World world;
    private final Engine engine;
    private final Participants participants = new Participants(_ -> true, EXPRESSIONS);
    private final PriorityQueue<Arrival> arrivals =
            new PriorityQueue<>(
                    Comparator.comparing(Arrival::at).thenComparingLong(Arrival::order));
    private Instant now = NOON;
    private long order;
    private long events;
    private final Set<StreamId> awaited = new HashSet<>();

    /// An input on its way to the engine.
    private record Arrival(Instant at, long order, Input input) {}

    /// Everyone outside: those who do the tasks, people, and who sends messages.
    public interface World {
        /// How an attempt goes.
        Work perform(Deed.Perform attempt);

        /// What somebody says to an event, or null.
        @Nullable Reply hear(StreamId run, Event event);
    }

    /// What an attempt comes to.
    ///
    /// @param takes how long, or null when it never reports by itself
    public record Work(@Nullable Duration takes, Outcome outcome) {}

    /// Something that is asked of a run because of one of its events.
    public record Reply(Duration after, Request request, String actor) {}

    public VirtualTime(Team team, World world) {
        this.world = world;
        engine =
                new Engine(
                        journal,
                        new Decider(EXPRESSIONS),
                        new Dispatcher(_ -> true),
                        _ -> team,
                        journal.claim());
    }

    public Instant now() {
        return now;
    }

    /// Asks something of a run; it arrives `after` that long.
    public void ask(Duration after, StreamId run, Request request, String actor) {
        arrive(after, new Input.Asked(run, request, actor, "ask" + order, null));
    }

    private void arrive(Duration after, Input input) {
        arrivals.add(new Arrival(now.plus(after), order++, input));
    }

    /// Goes on until all of these runs have ended, nothing more will happen by itself, or a year is
    /// over.
    ///
    /// @param most the most events of all runs together
    /// @return whether it came to that
    public boolean goOn(Collection<StreamId> runs, long most) {
        awaited.addAll(runs);
        for (var next = next();
                next.isPresent() && !awaited.isEmpty() && next.get().isBefore(END);
                next = next()) {
            now = next.get().isAfter(now) ? next.get() : now;
            turn();
            if (events > most) {
                return false;
            }
        }
        return true;
    }

    /// What a run has on record.
    public List<Moment> moments(StreamId run) {
        return journal.read(run, 0, Integer.MAX_VALUE).stream().map(VirtualTime::moment).toList();
    }

    private static Moment moment(Entry entry) {
        return new Moment(entry.sequence(), entry.event().at(), Runs.event(entry));
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
        var results = appends.isEmpty() ? new ArrayList<Append.Result>() : journal.commit(appends);
        engine.committed(results).forEach(this::carryOut);
        results.forEach(this::hear);
    }

    private void hear(Append.Result result) {
        if (result instanceof Append.Result.Committed(var entries)) {
            events += entries.size();
            for (var entry : entries) {
                var type = entry.event().type();
                if (type.equals("QuestionAsked") || type.equals("Awaited")) {
                    var reply = world.hear(entry.stream(), Runs.event(entry));
                    if (reply != null) {
                        ask(reply.after(), entry.stream(), reply.request(), reply.actor());
                    }
                }
            }
        }
    }

    private void carryOut(Deed deed) {
        switch (deed) {
            case Deed.Deliver(var message) -> deliver(message);
            case Deed.Perform perform -> {
                var work = world.perform(perform);
                if (work.takes() != null) {
                    arrive(
                            work.takes(),
                            report(perform.run(), perform.attempt().token(), work.outcome()));
                }
            }
            case Deed.Stop(var run, var token) -> {
                arrivals.removeIf(arrival -> reports(arrival.input(), run, token));
                var cancelled = Outcome.failed(new Failure.Cancelled());
                arrive(Duration.ZERO, report(run, token, cancelled));
            }
            case Deed.Tell tell ->
                    participants.hear(tell).forEach(said -> arrive(Duration.ZERO, said));
            case Deed.Announce announce ->
                    new BidsByFile(EXPRESSIONS)
                            .of(announce)
                            .forEach(input -> arrive(Duration.ZERO, input));
            case Deed.Ended(var run, _) -> awaited.remove(run);
            case Deed.Allow _, Deed.Answer _ -> {}
            case Deed.Fenced() -> throw new IllegalStateException("nobody else owns this journal");
        }
    }

    private void deliver(Message message) {
        arrive(
                Duration.ZERO,
                new Input.Asked(
                        message.to(),
                        Request.of(message.kind(), message.payload()),
                        message.actor(),
                        message.id(),
                        message.id()));
    }

    private static boolean reports(Input input, StreamId run, long token) {
        return input instanceof Input.Told(var to, Command.Finish finish, _)
                && to.equals(run)
                && finish.token() == token;
    }

    private static Input report(StreamId run, long token, Outcome outcome) {
        return new Input.Told(run, new Command.Finish(token, outcome, List.of()), "agent");
    }
}
