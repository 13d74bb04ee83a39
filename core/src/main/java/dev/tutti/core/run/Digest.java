package dev.tutti.core.run;

import dev.tutti.core.agent.Course;
import dev.tutti.core.agent.TaskState;
import dev.tutti.core.budget.Ledger;
import dev.tutti.core.dispatch.Auction;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Budget;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Position;
import dev.tutti.core.event.Ruling;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Timer;
import dev.tutti.core.event.Value;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What a state comes to, in one hash: how far every task is, what was handed on, what is under way
/// and waited for, and what was spent.
///
/// Every later version gives the same digest for the same events, so [#text] holds facts only and
/// nothing of how the state is kept. It may grow by facts that older journals do not have.
public final class Digest {
    private final StringBuilder out = new StringBuilder(1_024);

    private Digest() {}

    /// SHA-256 of [#text], in hexadecimal.
    public static String of(RunState state) {
        return hash(text(state));
    }

    /// The facts that the digest covers, one a line: to be compared where two digests differ.
    public static String text(RunState state) {
        var digest = new Digest();
        digest.goal(state);
        digest.tasks(state);
        digest.outputs(state);
        digest.underWay(state);
        digest.auctions(state);
        digest.people(state);
        digest.notes(state);
        digest.ledgerAndEnd(state);
        return digest.out.toString();
    }

    /// SHA-256 of a value's [#canonical] text, in hexadecimal.
    public static String hash(Value value) {
        return hash(canonical(value));
    }

    /// One text for all values that are equal: JSON without blanks, fields sorted by name, strings
    /// escaped no more than JSON needs.
    public static String canonical(Value value) {
        var out = new StringBuilder();
        write(out, value);
        return out.toString();
    }

    // ---- the facts

    private void goal(RunState state) {
        line("status", state.status().word());
        var goal = state.goal();
        if (goal != null) {
            line("run", goal.run());
            line("goal", goal.name(), goal.team(), hash(goal.inputs()), hash(goal.output()));
            if (goal.origin() != null) {
                line("origin", goal.origin());
            }
        }
        line("plan", state.graph().version());
        var progress = state.progress();
        if (progress.rounds() > 0) {
            line(
                    "planning",
                    progress.rounds(),
                    progress.stalls(),
                    progress.partial(),
                    hash(state.outputTemplate()),
                    progress.pending().isEmpty()
                            ? "-"
                            : progress.pending().values().stream()
                                    .map(one -> hash(one.proposal()))
                                    .collect(Collectors.joining(" ")));
        }
        for (var name : state.graph().order()) {
            line("planned", name, state.graph().node(name).phase().name());
        }
    }

    private void tasks(RunState state) {
        var sorted =
                new TreeMap<TaskId, TaskState>(
                        Comparator.comparing(TaskId::name).thenComparingInt(TaskId::item));
        sorted.putAll(state.tasks());
        sorted.forEach((id, task) -> {
            line(
                    "task",
                    id,
                    task.phase().name(),
                    task.attempts(),
                    task.spent(),
                    task.token(),
                    task.agent() == null ? "-" : task.agent(),
                    hash(task.input()));
            course(id, task.course());
        });
        effects(state).forEach((effect, facts) -> line("effect", effect, facts));
    }

    /// What older journals have none of. Crashes are among the attempts spent.
    private void course(TaskId id, Course course) {
        if (course.rung() > 0 || course.iterations() > 0 || !course.excluded().isEmpty()) {
            line(
                    "course",
                    id,
                    course.rung(),
                    course.excluded(),
                    course.iterations(),
                    hash(course.latest()));
        }
        if (course.edit() != null) {
            line("edit", id, course.edit());
        }
        var relay = course.relay();
        if (!relay.hands().isEmpty() || relay.holder() != null || !relay.turns().isEmpty()) {
            line(
                    "relay",
                    id,
                    relay.holder() == null ? "-" : relay.holder(),
                    hash(Passed.trail(relay)),
                    hash(Passed.transcript(relay.turns())));
        }
        if (!course.ruling().equals(Ruling.NONE)) {
            line("ruling", id, hash(ruling(course.ruling())));
        }
        if (course.proposal() != null) {
            line("proposal", id, hash(course.proposal().output()));
        }
    }

    private static Value ruling(Ruling ruling) {
        return Value.struct(
                "denied",
                new Value.Array(
                        ruling.denied().stream()
                                .<Value>map(one ->
                                        Value.struct(
                                                "agent",
                                                Value.text(one.agent().value()),
                                                "rule",
                                                Value.of(one.rule())))
                                .toList()),
                "approved",
                ruling.approved() == null ? Value.NULL : Value.text(ruling.approved()));
    }

    private static SortedMap<String, String> effects(RunState state) {
        var effects = new TreeMap<String, String>();
        state.effects()
                .forEach((task, named) ->
                        named.forEach((name, effect) ->
                                effects.put(
                                        task + " " + name,
                                        effect.key()
                                                + " "
                                                + effect.token()
                                                + " "
                                                + (effect.outcome() == null
                                                        ? "?"
                                                        : hash(effect.outcome())))));
        return effects;
    }

    private void outputs(RunState state) {
        new TreeMap<>(state.outputs().byTask())
                .forEach((task, output) -> line("output", task, hash(output)));
        new TreeMap<>(state.fanIns())
                .forEach((task, fanIn) -> {
                    if (!fanIn.dissent().isEmpty()) {
                        line("dissent", task, hash(positions(fanIn.dissent())));
                    }
                    if (fanIn.resolved() != null) {
                        line(
                                "resolved",
                                task,
                                fanIn.resolved().confidence(),
                                fanIn.resolved().by());
                    }
                    if (fanIn.rounds() > 0) {
                        line("debate", task, fanIn.rounds(), fanIn.debating(), fanIn.deciders());
                    }
                    if (fanIn.joined()) {
                        return;
                    }
                    line("fan-in", task, fanIn.width(), fanIn.open());
                    fanIn.outputs()
                            .forEach((item, output) -> line("item", task, item, hash(output)));
                });
    }

    private static Value positions(List<Position> dissent) {
        return new Value.Array(
                dissent.stream()
                        .<Value>map(one ->
                                Value.struct(
                                        "answer",
                                        one.answer(),
                                        "agents",
                                        Value.from(one.agents()),
                                        "share",
                                        new Value.Real(one.share())))
                        .toList());
    }

    private void underWay(RunState state) {
        state.open().forEach((token, open) -> line("open", token, open.task(), doer(open)));
        state.timers().entrySet().stream()
                .map(timer -> name(timer.getKey()) + " " + timer.getValue())
                .sorted()
                .forEach(timer -> line("timer", timer));
    }

    private static String doer(RunState.Open open) {
        return switch (open.doer()) {
            case RunState.Doer.Agent(var id) -> id.value();
            case RunState.Doer.Person(var id, var question) -> id + " question " + question;
            case RunState.Doer.Child(var run) -> "run " + run;
            case RunState.Doer.Message(var type, var topic) ->
                    "message " + type + (topic == null ? "" : " of " + topic);
        };
    }

    private void auctions(RunState state) {
        var sorted =
                new TreeMap<TaskId, Auction>(
                        Comparator.comparing(TaskId::name).thenComparingInt(TaskId::item));
        sorted.putAll(state.auctions().rounds());
        sorted.forEach((task, round) -> {
            line("auction", task, round.round(), round.fruitless(), round.phase().name());
            round.replies().values().stream()
                    .sorted(Auction.Placed.ORDER)
                    .forEach(placed ->
                            line(
                                    "bid",
                                    task,
                                    placed.agent(),
                                    placed.bid() == null ? "-" : placed.bid(),
                                    placed.cost()));
        });
    }

    private void people(RunState state) {
        state.questions()
                .forEach((id, asked) ->
                        line(
                                "question",
                                id,
                                asked.question().purpose().word(),
                                asked.question().hash(),
                                asked.rung(),
                                asked.votes().size()));
        state.mailbox()
                .forEach(letter -> line("letter", letter.id(), letter.type(), hash(letter.data())));
        board(state);
        if (state.pausedAt() != null) {
            line("paused", state.pausedAt());
        }
    }

    private void board(RunState state) {
        var board = state.board();
        new TreeMap<>(board.claims())
                .forEach((task, claim) ->
                        line("claim", task, claim.agent(), claim.role(), claim.message()));
        new TreeMap<>(board.hearings())
                .forEach((message, hearing) ->
                        line(
                                "heard",
                                message,
                                new TreeMap<>(hearing.taken()),
                                sorted(hearing.declined()),
                                sorted(hearing.failed()),
                                hearing.over().stream().sorted().toList()));
        board.expected()
                .forEach((number, one) ->
                        line("expected", number, one.rule(), one.message(), one.same()));
    }

    private static List<String> sorted(Collection<AgentId> agents) {
        return agents.stream().map(AgentId::value).sorted().toList();
    }

    private void notes(RunState state) {
        state.notes()
                .byKey()
                .forEach((key, note) ->
                        line(
                                "note",
                                key,
                                note.version(),
                                note.owner(),
                                note.latest().task(),
                                note.latest().token(),
                                note.latest().read(),
                                note.trust().word(),
                                hash(note.value())));
        state.notes().readings().entrySet().stream()
                .map(reading ->
                        reading.getKey()
                                + " "
                                + reading.getValue().given()
                                + " "
                                + reading.getValue().proposed()
                                + " "
                                + reading.getValue().since()
                                + " "
                                + reading.getValue().seen())
                .sorted()
                .forEach(reading -> line("reading", reading));
    }

    private static String name(Timer timer) {
        return switch (timer) {
            case Timer.RetryDue(var task) -> "retry " + task;
            case Timer.AttemptDue(var token) -> "attempt " + token;
            case Timer.IdleDue(var token) -> "idle " + token;
            case Timer.QueueDue(var task) -> "queued " + task;
            case Timer.BidsDue(var batch) -> "bids " + batch;
            case Timer.OverallDue(var task) -> "overall " + task;
            case Timer.QuestionDue(var question) -> "question " + question;
            case Timer.ReminderDue(var question) -> "reminder " + question;
            case Timer.AnswerDue(var message) -> "answer " + message;
            case Timer.ExpectedDue(var expected) -> "expected " + expected;
            case Timer.BudgetDue() -> "budget";
            case Timer.AlarmDue() -> "alarm";
            case Timer.CloseDue() -> "close";
        };
    }

    private void ledgerAndEnd(RunState state) {
        var usage = state.usage();
        line("usage", usage.usd(), usage.inputTokens(), usage.outputTokens());
        var ledger = state.ledger();
        if (!ledger.cap().equals(Budget.NONE)) {
            line("budget", limits(ledger), ledger.spent(), ledger.held(), ledger.attempts());
            var parts = ledger.parts();
            if (ledger.cap().runs() != null || !parts.taken().isNone()) {
                line(
                        "parts",
                        String.valueOf(ledger.cap().runs()),
                        parts.begun(),
                        parts.held(),
                        parts.used());
                new TreeMap<>(parts.aside()).forEach((token, part) -> line("part", token, part));
                parts.waiting().forEach((task, need) -> line("uncounted", task, need));
            }
            ledger.waiting().forEach((task, need) -> line("short", task, need));
            ledger.owed().forEach(token -> line("owed", token, ledger.aside(token)));
        }
        var ending = state.ending();
        if (ending != null) {
            line("ending", ending.status().word(), code(ending.failure()), ending.reason());
        }
        if (state.status().isFinal()) {
            line("result", hash(state.output()));
        }
    }

    private static String limits(Ledger ledger) {
        var cap = ledger.cap();
        return "Budget[usd="
                + cap.usd()
                + ", tokens="
                + cap.tokens()
                + ", time="
                + cap.time()
                + ", attempts="
                + cap.attempts()
                + ", tasks="
                + cap.tasks()
                + "]";
    }

    private static String code(@Nullable Failure failure) {
        return failure == null ? "-" : failure.code();
    }

    private void line(String what, Object... facts) {
        out.append(what);
        for (var fact : facts) {
            out.append(' ').append(fact);
        }
        out.append('\n');
    }

    // ---- values

    private static void write(StringBuilder out, Value value) {
        switch (value) {
            case Value.Null _ -> out.append("null");
            case Value.Bool(var b) -> out.append(b);
            case Value.Int(var n) -> out.append(n);
            case Value.Real(var n) -> out.append(n);
            case Value.Text(var text) -> quote(out, text);
            case Value.Array(var items) -> {
                var separator = "";
                out.append('[');
                for (Value item : items) {
                    out.append(separator);
                    write(out, item);
                    separator = ",";
                }
                out.append(']');
            }
            case Value.Struct(var fields) -> {
                var separator = "";
                out.append('{');
                for (var field : new TreeMap<>(fields).entrySet()) {
                    out.append(separator);
                    quote(out, field.getKey());
                    out.append(':');
                    write(out, field.getValue());
                    separator = ",";
                }
                out.append('}');
            }
        }
    }

    private static void quote(StringBuilder out, String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ') {
                out.append("\\u00").append(HexFormat.of().toHexDigits((byte) c));
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }

    private static String hash(String text) {
        try {
            var sha256 = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(sha256.digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
