package dev.tutti.server.view;

import dev.tutti.core.event.Event;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Ruling;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Usage;
import dev.tutti.core.event.Value;
import dev.tutti.core.run.Rules;
import dev.tutti.core.run.Why;
import dev.tutti.runtime.journal.Entry;
import dev.tutti.runtime.journal.JournalException;
import dev.tutti.runtime.journal.StreamId;
import dev.tutti.runtime.step.StepTaken;
import dev.tutti.view.Choices;
import dev.tutti.view.Reasons;
import dev.tutti.view.RunDocument;
import dev.tutti.view.Sentences;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Everything of one task, read again from the events that tell of it.
final class Drawer {
    /// The most events of one task that are read.
    private static final int MOST_EVENTS = 2_000;

    private static final int MOST_STEPS = 500;

    private final Views views;
    private final RunFold fold;
    private final TaskId task;
    private final TaskLog.@Nullable Item item;
    private final LinkedHashMap<Long, Try> attempts = new LinkedHashMap<>();
    private final LinkedHashMap<String, Value> effects = new LinkedHashMap<>();
    private final Shown shown = new Shown();
    private final List<Value> artifacts = new ArrayList<>();
    private @Nullable Value input;
    private @Nullable Value output;
    private String skipped = "";
    private Ruling ruling = Ruling.NONE;
    private @Nullable Failure failure;

    /// An attempt.
    private static final class Try {
        final Event.@Nullable Assigned assigned;
        final Ruling ruling;
        final long token;
        final Instant begunAt;
        final String doer;
        @Nullable Instant endedAt;
        @Nullable Failure failure;
        Usage usage = Usage.NONE;
        String state = "running";

        Try(long token, String doer, Instant begunAt) {
            this(null, Ruling.NONE, token, doer, begunAt);
        }

        /// @param ruling what the rules of the task's policy had said of its agents
        Try(
                Event.@Nullable Assigned assigned,
                Ruling ruling,
                long token,
                String doer,
                Instant begunAt) {
            this.assigned = assigned;
            this.ruling = ruling;
            this.token = token;
            this.doer = doer;
            this.begunAt = begunAt;
        }

        void end(String how, @Nullable Failure why, Usage used, Instant at) {
            state = how;
            failure = why;
            usage = used;
            endedAt = at;
        }
    }

    Drawer(Views views, RunFold fold, TaskLog log, TaskId task) {
        this.views = views;
        this.fold = fold;
        this.task = task;
        item = log.find(task);
        if (item != null) {
            var events = item.events;
            int from = Math.max(0, events.size() - MOST_EVENTS);
            events.subList(from, events.size()).forEach(sequence -> see(read(sequence)));
        }
    }

    private Entry read(long sequence) {
        return views.read(journal -> journal.read(fold.stream(), sequence - 1, 1)).getFirst();
    }

    private void see(Entry entry) {
        var at = entry.event().at();
        switch (Rows.event(entry)) {
            case Event.TaskReady e -> {
                input = e.input();
                ruling = e.ruling();
            }
            case Event.TaskHeld e -> input = e.input();
            case Event.InputGiven e -> input = e.input();
            case Event.Assigned e ->
                    attempts.put(e.token(), new Try(e, ruling, e.token(), e.agent().value(), at));
            case Event.ChildStarted e ->
                    attempts.put(e.token(), new Try(e.token(), "run " + e.child(), at));
            case Event.Awaited e ->
                    attempts.put(
                            e.token(),
                            new Try(
                                    e.token(),
                                    e.message() == null ? "the time" : "message " + e.message(),
                                    at));
            case Event.QuestionAsked e -> {
                if (e.token() != 0) {
                    var who = e.question().ask().getFirst().to();
                    attempts.put(e.token(), new Try(e.token(), who, at));
                }
            }
            case Event.AttemptEnded e -> {
                failure = e.failure();
                end(e.token(), "failed", e.failure(), e.usage(), at);
            }
            case Event.ResultProposed e -> end(e.token(), "proposed", null, e.usage(), at);
            case Event.HandedOver e -> end(e.token(), "handed over", null, e.usage(), at);
            case Event.Iterated e -> {
                output = e.output();
                end(e.token(), "succeeded", null, e.usage(), at);
            }
            case Event.ResultAccepted e -> {
                output = e.output();
                failure = null;
                end(e.token(), "succeeded", null, e.usage(), at);
            }
            case Event.OutputGiven e -> output = e.output();
            case Event.TaskSkipped e -> skipped = e.reason();
            case Event.TaskFailed e -> failure = e.failure();
            case Event.ContextAssembled e -> shown.see(e);
            case Event.NoteRead e -> shown.see(e);
            case Event.Dissented e -> shown.see(e);
            case Event.EffectIntended e -> effect(e.name(), e.key(), Value.NULL, false);
            case Event.EffectRecorded e -> effect(e.name(), null, Payload.of(e.outcome()), false);
            case Event.EffectWithdrawn e -> effect(e.name(), null, Value.NULL, true);
            case Event.ArtifactStored e ->
                    artifacts.add(
                            Value.struct(
                                    "hash",
                                    Value.text(e.hash()),
                                    "size",
                                    Value.of(e.size()),
                                    "media_type",
                                    Value.text(e.mediaType()),
                                    "name",
                                    Value.text(e.name())));
            default -> {
                // Told by the journal.
            }
        }
    }

    private void end(long token, String how, @Nullable Failure why, Usage used, Instant at) {
        var attempt = attempts.get(token);
        if (attempt != null) {
            attempt.end(how, why, used, at);
        }
    }

    private void effect(String name, @Nullable String key, Value outcome, boolean withdrawn) {
        var known =
                effects.get(name) instanceof Value.Struct there
                        ? there
                        : Value.struct("name", Value.text(name), "key", Rows.text(key));
        effects.put(name, known.with("outcome", outcome).with("withdrawn", Value.of(withdrawn)));
    }

    // ---- told

    @Nullable Value input() {
        return input;
    }

    @Nullable Value output() {
        if (task.item() != TaskId.WHOLE) {
            return output;
        }
        var handedOn = fold.state().outputs().of(task.name());
        return handedOn == null ? output : handedOn;
    }

    /// @param far what its attempt says now of how far it is; empty where it says nothing
    Value.Struct document(String far) {
        var row =
                Objects.requireNonNull(
                        Rows.render(fold, fold.sequence(), views).rows().get(task.name()));
        var document = new LinkedHashMap<String, Value>();
        document.put("run", Rows.text(fold.run()));
        document.put("sequence", Value.of(fold.sequence()));
        document.put("task", Value.text(task.toString()));
        document.put("state", Value.text(TaskPages.state(fold, task)));
        document.put("row", row);
        document.put("why", why());
        document.put("progress", far.isEmpty() ? Value.NULL : Value.text(far));
        document.put("declared", declared(fold.overview().task(task.name()).task()));
        document.put("label", Rows.text(item == null ? null : item.label));
        document.put("input", Payload.of(input()));
        document.put("output", Payload.of(output()));
        document.put("failure", Rows.failure(failure));
        document.put("reason", skipped.isEmpty() ? Value.NULL : Value.text(skipped));
        document.put("cost", RunDocument.cost(item == null ? Usage.NONE : item.usage));
        document.put("ready_at", Rows.time(item == null ? null : item.readyAt));
        document.put("begun_at", Rows.time(item == null ? null : item.begunAt));
        document.put("ended_at", Rows.time(item == null ? null : item.endedAt));
        document.put("attempts", attempts());
        document.put("notes", shown.notes(0));
        document.put("dissent", shown.dissent());
        document.put("effects", new Value.Array(List.copyOf(effects.values())));
        document.put("artifacts", new Value.Array(artifacts));
        document.put("questions", questions());
        document.put(
                "marks",
                new Value.Array(
                        fold.marks().stream()
                                .filter(mark ->
                                        mark.tasks().contains(task.toString())
                                                || mark.tasks().contains(task.name()))
                                .map(Rows::change)
                                .toList()));
        document.put(
                "made_from", Rows.names(fold.overview().task(task.name()).task().dependencies()));
        document.put(
                "used_by",
                Rows.names(
                        fold.state()
                                .graph()
                                .dependents()
                                .getOrDefault(task.name(), org.pcollections.TreePVector.empty())));
        var child = fold.children().get(task.toString());
        document.put("children", child == null ? Value.Array.EMPTY : Rows.names(List.of(child)));
        return new Value.Struct(document);
    }

    private Value why() {
        var team = views.team(fold);
        if (team.isEmpty() || fold.state().status().isFinal()) {
            return Value.NULL;
        }
        var words = new Reasons(Rows.brief(fold.run().value()), views.obstacles());
        return Why.of(fold.state(), team.get()).stream()
                .filter(why -> task.equals(why.task()))
                .findFirst()
                .<Value>map(why -> Rows.why(words, why))
                .orElse(Value.NULL);
    }

    private Value questions() {
        return new Value.Array(
                fold.state().questions().values().stream()
                        .filter(asked -> task.equals(asked.question().task()))
                        .<Value>map(asked -> Questions.document(fold, asked))
                        .toList());
    }

    private Value attempts() {
        var told = new ArrayList<Value>();
        int number = 0;
        for (var attempt : attempts.values()) {
            number++;
            var fields = new LinkedHashMap<String, Value>();
            var assigned = attempt.assigned;
            fields.put("attempt", Value.of(assigned == null ? number : assigned.attempt()));
            fields.put("token", Value.of(attempt.token));
            fields.put("agent", Value.text(attempt.doer));
            fields.put("state", Value.text(attempt.state));
            fields.put("begun_at", Rows.time(attempt.begunAt));
            fields.put("ended_at", Rows.time(attempt.endedAt));
            fields.put("due", Rows.time(assigned == null ? null : assigned.due()));
            fields.put("failure", Rows.failure(attempt.failure));
            fields.put(
                    "feedback",
                    attempt.failure instanceof Failure.Rejected rejected
                            ? Value.text(rejected.message())
                            : Value.NULL);
            fields.put("cost", RunDocument.cost(attempt.usage));
            fields.put(
                    "candidates",
                    assigned == null ? Value.Array.EMPTY : Choices.candidates(assigned));
            fields.put(
                    "why",
                    assigned == null
                            ? Value.Array.EMPTY
                            : Value.from(Choices.sentences(assigned, kept(attempt.ruling))));
            fields.put("choice", assigned == null ? Value.NULL : Choices.choice(assigned));
            fields.put("context", shown.context(attempt.token));
            fields.put("notes", shown.notes(attempt.token));
            fields.put("steps", steps(attempt));
            told.add(new Value.Struct(fields));
        }
        return new Value.Array(told);
    }

    private @Nullable String kept(Ruling said) {
        return Rules.kept(fold.state().declaration(task).policy().rules(), said);
    }

    /// The calls of models and tools of an attempt, as far as they were kept.
    private Value steps(Try attempt) {
        if (attempt.assigned == null) {
            return Value.Array.EMPTY;
        }
        var steps = new ArrayList<Value>();
        try {
            var entries =
                    views.read(journal ->
                            journal.read(
                                    StreamId.attempt(fold.stream(), attempt.token), 0, MOST_STEPS));
            var before = attempt.begunAt;
            for (var entry : entries) {
                steps.add(step(StepTaken.of(entry), before, entry.event().at()));
                before = entry.event().at();
            }
        } catch (JournalException e) {
            steps.add(
                    Value.struct(
                            "kind", Value.text("damaged"), "summary", Rows.text(e.getMessage())));
        }
        return new Value.Array(steps);
    }

    private static Value step(StepTaken step, Instant before, Instant at) {
        return Value.struct(
                "index",
                Value.of(step.number()),
                "token",
                Value.of(step.token()),
                "kind",
                Value.text(step.step().kind()),
                "name",
                Value.text(step.step().name()),
                "at",
                Rows.time(at),
                "took_ms",
                Value.of(Math.max(0, Duration.between(before, at).toMillis())),
                "cost",
                RunDocument.cost(step.taken().usage()),
                "summary",
                Rows.text(Sentences.summary(step.taken().result()).orElse(null)),
                "request",
                Payload.of(step.step().request()),
                "result",
                Payload.of(step.taken().result()));
    }

    // ---- as declared

    private static Value declared(Task task) {
        var policy = task.policy();
        var fields = new LinkedHashMap<String, Value>();
        fields.put("kind", Value.text(Rows.kind(task.performer())));
        fields.put("does", Value.text(Rows.does(task.performer())));
        fields.put("input", task.input());
        fields.put("after", Rows.names(task.dependencies()));
        fields.put("when", Rows.text(task.when()));
        fields.put("each", Rows.text(task.each()));
        var loop = task.flow().loop();
        fields.put(
                "loop",
                loop == null
                        ? Value.NULL
                        : Value.struct(
                                "while",
                                Value.text(loop.condition()),
                                "max",
                                Value.of(loop.max())));
        fields.put(
                "join",
                Value.struct(
                        "need",
                        Value.of(task.join().need()),
                        "cancel_rest",
                        Value.of(task.join().cancelRest())));
        fields.put(
                "retry",
                Value.struct(
                        "attempts",
                        Value.of(task.retry().attempts()),
                        "first_ms",
                        Value.of(task.retry().first().toMillis()),
                        "ceiling_ms",
                        Value.of(task.retry().ceiling().toMillis())));
        fields.put(
                "on_failure", Rows.names(policy.ladder().stream().map(Task.Remedy::word).toList()));
        fields.put(
                "escalate_to",
                policy.escalation() == null ? Value.NULL : Value.text(policy.escalation().value()));
        fields.put(
                "policy",
                new Value.Array(
                        policy.rules().stream()
                                .<Value>map(rule ->
                                        Value.struct(
                                                rule.decision().word(),
                                                Value.text(rule.condition())))
                                .toList()));
        fields.put(
                "timeouts",
                Value.struct(
                        "queued_ms",
                        ms(policy.timeouts().queued()),
                        "run_ms",
                        ms(policy.timeouts().run()),
                        "idle_ms",
                        ms(policy.timeouts().idle()),
                        "overall_ms",
                        ms(policy.timeouts().overall())));
        fields.put("accept", Value.from(policy.gate().accept()));
        var verify = policy.gate().verify();
        fields.put(
                "verify",
                verify == null
                        ? Value.NULL
                        : Value.struct(
                                "does",
                                Value.text(Rows.does(verify.performer())),
                                "accept",
                                Value.text(verify.accept())));
        fields.put(
                "effects",
                policy.effects() == null ? Value.NULL : Rows.text(policy.effects().word()));
        fields.put("approval", Rows.text(policy.approval()));
        fields.put("locks", Value.from(task.flow().locks()));
        return new Value.Struct(fields);
    }

    private static Value ms(@Nullable Duration time) {
        return time == null ? Value.NULL : Value.of(time.toMillis());
    }
}
