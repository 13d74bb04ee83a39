package dev.tutti.runtime.engine;

import dev.tutti.core.event.RunId;
import dev.tutti.core.event.TenantId;
import dev.tutti.core.event.Trigger;
import dev.tutti.core.event.Trigger.Source;
import dev.tutti.core.event.Value;
import dev.tutti.core.expression.ExpressionException;
import dev.tutti.core.expression.Expressions;
import dev.tutti.core.expression.Scope;
import dev.tutti.core.goal.Inputs;
import dev.tutti.core.run.Digest;
import dev.tutti.runtime.artifact.Sha256;
import dev.tutti.runtime.journal.Message;
import dev.tutti.runtime.journal.StreamId;
import dev.tutti.runtime.topic.Board;
import dev.tutti.runtime.topic.Enlisted;
import dev.tutti.runtime.topic.Posted.Reaction;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Begins runs as triggers say, minding what is under way.
final class Triggering {
    /// The most runs that wait for the end of one.
    static final int MOST_QUEUED = 1_000;

    /// The most times that are made up for at once; earlier ones are passed over.
    static final int MOST_MISSED = 1_000;

    /// Nor is made up for what is longer ago.
    private static final Duration LOOK_BACK = Duration.ofDays(7);

    /// A time that is not longer ago than this was not missed.
    private static final Duration LATE = Duration.ofMinutes(1);

    private static final String DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private static final int TIME = 10;

    private final Expressions expressions;
    private final Teams teams;
    private final Boards boards;
    private final Lots lots;

    Triggering(Expressions expressions, Teams teams, Boards boards, Lots lots) {
        this.expressions = expressions;
        this.teams = teams;
        this.boards = boards;
        this.lots = lots;
    }

    /// What sets a trigger off.
    ///
    /// @param stream whose append it is part of
    /// @param place names it, the same for ever
    /// @param id of the trigger
    /// @param message what expressions see
    record Cause(
            StreamId stream,
            String place,
            String id,
            String workflow,
            String team,
            Trigger trigger,
            Value message,
            Instant now) {
        String name() {
            return place + "/" + id;
        }

        TenantId tenant() {
            return stream.tenant();
        }
    }

    /// Begins a run, or says why none is begun.
    Reaction begin(Cause cause) {
        try {
            var inputs = inputs(cause);
            if (!inputs.faults().isEmpty()) {
                return refused(cause, "its input: " + inputs.faults().getFirst().message());
            }
            return begin(cause, inputs.values());
        } catch (ExpressionException | IllegalArgumentException e) {
            return refused(cause, String.valueOf(e.getMessage()));
        }
    }

    private static Reaction refused(Cause cause, String why) {
        return new Reaction(cause.id(), null, why);
    }

    private Inputs inputs(Cause cause) {
        var workflow =
                teams.get(cause.team())
                        .workflow(cause.workflow())
                        .orElseThrow(() ->
                                new IllegalArgumentException(
                                        "the team has no workflow `" + cause.workflow() + "`"));
        var given = expressions.render(cause.trigger().input(), scope(cause));
        return Inputs.bind(workflow.input(), (Value.Struct) given);
    }

    private static Scope scope(Cause cause) {
        return name -> name.equals("message") ? cause.message() : null;
    }

    private String group(Cause cause) {
        var template = cause.trigger().group();
        if (template == null) {
            return "";
        }
        var value = expressions.render(template, scope(cause));
        return value instanceof Value.Text(var text) ? text : Digest.canonical(value);
    }

    private Reaction begin(Cause cause, Value.Struct inputs) {
        var run = run(cause.name(), cause.now());
        if (cause.trigger().overlap() == Trigger.Overlap.ALLOW) {
            start(cause, run, inputs);
            return new Reaction(cause.id(), run.value(), null);
        }
        var group = group(cause);
        var there = boards.of(cause.tenant()).group(cause.id(), group);
        var running = there.flatMap(Board.Group::running);
        if (running.isEmpty()) {
            return begun(cause, group, run, inputs);
        }
        return switch (cause.trigger().overlap()) {
            case SKIP -> refused(cause, "run " + running.get() + " is under way");
            case QUEUE -> {
                if (there.get().waiting() >= MOST_QUEUED) {
                    yield refused(cause, MOST_QUEUED + " runs wait already");
                }
                note(
                        cause,
                        new Enlisted.Queued(
                                cause.id(), group, run, cause.workflow(), cause.team(), inputs));
                yield new Reaction(cause.id(), run.value(), "waits for run " + running.get());
            }
            case REPLACE, ALLOW -> {
                cancel(cause, running.get(), run);
                yield begun(cause, group, run, inputs);
            }
        };
    }

    private Reaction begun(Cause cause, String group, RunId run, Value.Struct inputs) {
        note(cause, new Enlisted.Begun(cause.id(), group, run));
        start(cause, run, inputs);
        return new Reaction(cause.id(), run.value(), null);
    }

    private void note(Cause cause, Enlisted fact) {
        boards.note(cause.tenant(), fact, cause.name(), cause.now());
    }

    private void start(Cause cause, RunId run, Value.Struct inputs) {
        var request = new Request.Begin(cause.workflow(), cause.team(), inputs);
        lots.of(cause.stream())
                .outbox
                .add(message(cause.stream(), cause.name(), cause.id(), run, request, cause.now()));
    }

    private void cancel(Cause cause, RunId old, RunId run) {
        lots.of(cause.stream())
                .outbox
                .add(
                        message(
                                cause.stream(),
                                cause.name() + "/cancel",
                                cause.id(),
                                old,
                                Request.cancel("run " + run + " takes its place"),
                                cause.now()));
    }

    private static Message message(
            StreamId from, String id, String trigger, RunId to, Request request, Instant now) {
        return new Message(
                id,
                StreamId.run(from.tenant(), to),
                request.kind(),
                "trigger/" + trigger,
                now,
                request.payload());
    }

    /// An id that follows from what it is for; it sorts by the time of its making.
    private static RunId run(String name, Instant now) {
        var id = new StringBuilder();
        long millis = Math.max(0, now.toEpochMilli());
        for (int i = TIME - 1; i >= 0; i--) {
            id.append(DIGITS.charAt((int) ((millis >>> (5 * i)) & 31)));
        }
        var hash = Sha256.hex(name.getBytes(StandardCharsets.UTF_8));
        return new RunId(id + hash.substring(0, TIME + 6).toUpperCase(Locale.ROOT));
    }

    // ---- a run has ended

    /// A run that a trigger minds has ended: the next one begins.
    void over(StreamId subscriptions, RunId run, String cause, Instant now) {
        var tenant = subscriptions.tenant();
        var board = boards.of(tenant);
        if (!board.minds(run)) {
            return;
        }
        var next = board.nextAfter(run);
        var begun = next.map(one -> board.begunAfter(run, one));
        boards.note(tenant, new Enlisted.Over(run), cause, now);
        if (next.isPresent() && begun.isPresent()) {
            boards.note(tenant, begun.get(), cause, now);
            var request =
                    new Request.Begin(
                            next.get().workflow(), next.get().team(), next.get().inputs());
            lots.of(subscriptions)
                    .outbox
                    .add(
                            message(
                                    subscriptions,
                                    subscriptions.name() + "/after/" + run,
                                    begun.get().trigger(),
                                    next.get().run(),
                                    request,
                                    now));
        }
    }

    // ---- time

    /// Begins what is due.
    void tick(TenantId tenant, Board board, Instant now) {
        for (var timed : board.times()) {
            var next = timed.next();
            if (next != null && !next.isAfter(now)) {
                strike(tenant, timed, now);
            }
        }
    }

    private void strike(TenantId tenant, Board.Timed timed, Instant now) {
        var due = due(timed, now);
        var stream = StreamId.subscriptions(tenant);
        int begun = 0;
        for (var at : wanted(timed.trigger(), due, now)) {
            var cause =
                    new Cause(
                            stream,
                            stream.name() + "/" + at,
                            timed.id(),
                            timed.workflow(),
                            timed.team(),
                            timed.trigger(),
                            Value.struct("time", Value.text(at.toString())),
                            now);
            begun += begin(cause).run() == null ? 0 : 1;
        }
        boards.note(tenant, new Enlisted.Struck(timed.id(), due.getLast(), begun), timed.id(), now);
    }

    /// The times that have come, the newest of them where there are too many.
    private static List<Instant> due(Board.Timed timed, Instant now) {
        var due = new ArrayList<Instant>();
        var earliest = now.minus(LOOK_BACK);
        var next = Optional.ofNullable(timed.next());
        if (next.isPresent() && next.get().isBefore(earliest)) {
            var later = timed.schedule().after(earliest);
            next = later.isPresent() && !later.get().isAfter(now) ? later : next;
        }
        while (next.isPresent() && !next.get().isAfter(now)) {
            due.add(next.get());
            if (due.size() > MOST_MISSED) {
                due.removeFirst();
            }
            next = timed.schedule().after(next.get());
        }
        return due;
    }

    private static List<Instant> wanted(Trigger trigger, List<Instant> due, Instant now) {
        var missed =
                trigger.source() instanceof Source.AtTimes at ? at.missed() : Trigger.CatchUp.NONE;
        return switch (missed) {
            case ALL -> due;
            case ONE -> List.of(due.getLast());
            case NONE ->
                    due.getLast().isBefore(now.minus(LATE)) ? List.of() : List.of(due.getLast());
        };
    }
}
