package dev.tutti.simulation;

import dev.tutti.core.event.Event.ArtifactStored;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Outcome;
import dev.tutti.core.expression.Expressions;
import dev.tutti.core.run.Action;
import dev.tutti.core.run.Command;
import dev.tutti.core.run.Decider;
import dev.tutti.runtime.dispatch.Dispatcher;
import dev.tutti.runtime.engine.Deed;
import dev.tutti.runtime.engine.Engine;
import dev.tutti.runtime.engine.Input;
import dev.tutti.runtime.engine.Request;
import dev.tutti.runtime.engine.TeamReader;
import dev.tutti.runtime.journal.Journal;
import dev.tutti.runtime.journal.Message;
import dev.tutti.runtime.journal.StreamId;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
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
    private final PriorityQueue<Arrival> arrivals =
            new PriorityQueue<>(
                    Comparator.comparing(Arrival::at).thenComparingLong(Arrival::order));
    private Instant now;
    private long order;

    /// Takes over the store, at `start`.
    public OneThread(Journal journal, TeamReader teams, Agents agents, Instant start) {
        this.journal = journal;
        this.agents = agents;
        now = start;
        engine =
                new Engine(
                        journal,
                        new Decider(new Expressions()),
                        new Dispatcher(_ -> true),
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
    }

    /// What an attempt comes to.
    ///
    /// @param takes how long, or null when it never reports by itself
    public record Work(@Nullable Duration takes, Outcome outcome, List<ArtifactStored> artifacts) {
        public Work {
            artifacts = List.copyOf(artifacts);
        }
    }

    /// An input on its way to the engine.
    private record Arrival(Instant at, long order, Input input) {}

    public Instant now() {
        return now;
    }

    /// Asks something of a run; it arrives `after` that long.
    public void ask(Duration after, StreamId run, Request request, String id) {
        arrive(now.plus(after), new Input.Asked(run, request, "ana", id, null));
    }

    private void arrive(Instant at, Input input) {
        arrivals.add(new Arrival(at, order++, input));
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
            case Deed.Allow _ -> {}
            case Deed.Perform(var run, var attempt, _, _, _) -> {
                var work = agents.perform(attempt);
                if (work.takes() != null) {
                    arrive(now.plus(work.takes()), report(run, attempt.token(), work));
                }
            }
            case Deed.Stop(var run, var token) -> stop(run, token);
            case Deed.Answer _, Deed.Ended _ -> {}
            case Deed.Fenced() -> throw new IllegalStateException("the store has another owner");
        }
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
        if (arrivals.removeIf(arrival -> reports(arrival.input(), run, token))) {
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
