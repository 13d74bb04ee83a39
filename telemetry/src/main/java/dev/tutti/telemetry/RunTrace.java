package dev.tutti.telemetry;

import dev.tutti.core.event.Event;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Question;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Usage;
import dev.tutti.runtime.agent.TraceContext;
import dev.tutti.runtime.step.StepTaken;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.sdk.trace.data.LinkData;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The spans of one run, folded from its events in order: what is open, and, one by one, what has
/// ended.
///
/// The run is `invoke_workflow`, its tasks are below it, their attempts (`invoke_agent`), questions
/// and waits below them, and below those what attempts did outside (`execute_tool`) and the calls
/// of models (`chat`) and tools that they kept as steps. A task is linked to the tasks it waited
/// for. Holds no content: of values only that they were there.
final class RunTrace {
    /// More links than this only cost.
    private static final int MOST_LINKS = 128;

    private final Span.Emitter emitter;
    private final Consumer<Span> out;
    private final String runText;
    private final RunId run;
    private final Map<String, List<String>> dependencies = new HashMap<>();
    private final Map<String, Integer> resets = new HashMap<>();
    private final Map<TaskId, Begun> tasks = new LinkedHashMap<>();

    /// When a task of those could last have been taken.
    private final Map<TaskId, Instant> readyAt = new HashMap<>();

    private final Map<Long, Attempt> attempts = new LinkedHashMap<>();
    private final Map<Long, Begun> questions = new LinkedHashMap<>();
    private final Map<Tool, Begun> tools = new LinkedHashMap<>();
    private final RunSpan whole;
    private long sequence;
    private boolean silent;
    private boolean ended;

    /// Something done outside, which only its task and its name tell.
    private record Tool(TaskId task, String name) {}

    /// A span that has no end yet.
    private record Begun(
            SpanContext context,
            SpanContext parent,
            String name,
            Instant at,
            AttributesBuilder attributes) {}

    /// @param agent empty when it is for someone who is no agent
    private record Attempt(TaskId task, String agent, Begun span) {}

    /// @param out where spans go as they end
    RunTrace(Span.Emitter emitter, GenAiNames names, RunId run, Consumer<Span> out) {
        this.emitter = emitter;
        this.run = run;
        this.out = out;
        runText = run.value();
        whole = new RunSpan(emitter, names, run);
    }

    /// Whether nothing more will come of it.
    boolean ended() {
        return ended;
    }

    /// The number of the last event that was taken.
    long sequence() {
        return sequence;
    }

    /// Questions of the run that are open.
    int questions() {
        return questions.size();
    }

    /// An event that has no part in any span.
    void skip() {
        sequence++;
        leaveOther();
    }

    /// Takes an event that was taken before, by this process or another: nothing is told again.
    void recall(Event event, Instant at) {
        silent = true;
        take(event, at, Signals.NONE);
        silent = false;
    }

    /// Takes the next event.
    ///
    /// @param at when it happened
    void fold(Event event, Instant at, Signals signals) {
        if (sequence < whole.takenOver()) {
            recall(event, at);
        } else {
            take(event, at, signals);
        }
    }

    /// Attempts of the run that this was forked off did not go on here.
    private void leaveOther() {
        if (sequence == whole.takenOver()) {
            attempts.clear();
            tools.clear();
        }
    }

    private void take(Event event, Instant at, Signals signals) {
        sequence++;
        apply(event, at, signals);
        leaveOther();
    }

    private void apply(Event event, Instant at, Signals signals) {
        switch (event) {
            case Event.RunStarted e -> whole.started(e, at);
            case Event.PlanAmended e ->
                    e.tasks().forEach(task -> dependencies.put(task.name(), task.dependencies()));
            case Event.FannedOut e ->
                    begin(TaskId.of(e.task()), at).attributes().put(TuttiNames.WIDTH, e.width());
            case Event.TaskHeld e -> begin(e.task(), at);
            case Event.TaskReady e -> {
                begin(e.task(), at);
                readyAt.put(e.task(), at);
            }
            case Event.Assigned e -> assigned(e, at, signals);
            case Event.ChildStarted e ->
                    attempt(
                            e.token(),
                            e.task(),
                            "",
                            "call " + e.workflow(),
                            at,
                            own(e.task()).put(TuttiNames.CHILD, e.child().value()));
            case Event.Awaited e -> {
                begin(e.task(), at);
                var message = e.message() == null ? "time" : e.message();
                attempt(
                        e.token(),
                        e.task(),
                        "",
                        "await " + message,
                        at,
                        own(e.task()).put(TuttiNames.MESSAGE, message));
            }
            case Event.EffectIntended e -> intended(e, at);
            case Event.EffectRecorded e ->
                    endTool(new Tool(e.task(), e.name()), "done", null, at, signals);
            case Event.EffectWithdrawn e ->
                    endTool(new Tool(e.task(), e.name()), "not_done", "not_done", at, signals);
            case Event.AttemptEnded e -> failed(e, at, signals);
            case Event.PlanProposed e ->
                    endAttempt(e.token(), "proposed", null, e.usage(), at, signals);
            case Event.ResultProposed e ->
                    endAttempt(e.token(), "proposed", null, e.usage(), at, signals);
            case Event.Iterated e ->
                    endAttempt(e.token(), "iterated", null, e.usage(), at, signals);
            case Event.HandedOver e ->
                    endAttempt(e.token(), "handed_over", null, e.usage(), at, signals);
            case Event.ResultAccepted e -> {
                endAttempt(e.token(), "accepted", null, e.usage(), at, signals);
                endTask(e.task(), "succeeded", null, at);
            }
            case Event.OutputGiven e -> endTask(e.task(), "given", null, at);
            case Event.Joined e -> endTask(TaskId.of(e.task()), "joined", null, at);
            case Event.TaskSkipped e -> endTask(e.task(), "skipped", null, at);
            case Event.TaskFailed e -> {
                if (e.failure() instanceof Failure.TimedOut(var limit, _)) {
                    signals.timedOut(limit);
                }
                endTask(e.task(), "failed", e.failure().code(), at);
            }
            case Event.TasksReset e -> e.tasks().forEach(name -> reset(name, at, signals));
            case Event.QuestionAsked e -> asked(e, at);
            case Event.QuestionClosed e -> closed(e.question(), e.end(), at);
            case Event.Paused _ -> whole.note("paused", Attributes.empty(), at);
            case Event.Resumed _ -> whole.note("resumed", Attributes.empty(), at);
            case Event.Intervened e ->
                    whole.note("intervened", Attributes.of(TuttiNames.VERB, e.verb()), at);
            case Event.Closing _ -> whole.note("closing", Attributes.empty(), at);
            case Event.Stalled _ -> {
                whole.note("stalled", Attributes.empty(), at);
                signals.stalled();
            }
            case Event.Rerouted e ->
                    whole.note(
                            "rerouted",
                            Attributes.of(
                                    TuttiNames.TASK,
                                    e.task().toString(),
                                    TuttiNames.AGENT,
                                    e.from().value()),
                            at);
            case Event.BudgetAlarm e ->
                    whole.note(
                            "budget_alarm",
                            Attributes.of(
                                    TuttiNames.LIMIT,
                                    e.limit() == null ? "usd" : e.limit(),
                                    TuttiNames.PERCENT,
                                    (long) e.percent()),
                            at);
            case Event.Ended e -> end(e, at, signals);
            case Event.Refused _,
                    Event.TaskRevised _,
                    Event.InputGiven _,
                    Event.ArtifactStored _,
                    Event.NoteWritten _,
                    Event.NoteRead _,
                    Event.ContextAssembled _,
                    Event.QuestionHandedOn _,
                    Event.QuestionReminded _,
                    Event.QuestionAnswered _,
                    Event.MessageReceived _,
                    Event.MessagePublished _,
                    Event.Claimed _,
                    Event.Declined _,
                    Event.ClaimLost _,
                    Event.Unanswered _,
                    Event.Expected _,
                    Event.ExpectationMet _,
                    Event.Dissented _,
                    Event.Debated _,
                    Event.TimerSet _,
                    Event.Announced _,
                    Event.BidPlaced _,
                    Event.BidDeclined _,
                    Event.TaskClaimed _,
                    Event.ErrandsAwaited _,
                    Event.BudgetShort _,
                    Event.TooDear _,
                    Event.PartReturned _,
                    Event.BudgetRaised _,
                    Event.Settled _,
                    Event.TimerFired _ -> {}
        }
    }

    // ---- tasks

    /// Its span begins with the first that is heard of it.
    private Begun begin(TaskId task, Instant at) {
        var known = tasks.get(task);
        if (known != null) {
            return known;
        }
        var begun =
                new Begun(
                        taskSpan(task),
                        task.item() == TaskId.WHOLE
                                ? whole.context()
                                : taskSpan(TaskId.of(task.name())),
                        "task " + task.name(),
                        at,
                        own(task));
        tasks.put(task, begun);
        return begun;
    }

    private void endTask(TaskId task, String outcome, @Nullable String error, Instant at) {
        var begun = begin(task, at);
        begun.attributes().put(TuttiNames.OUTCOME, outcome);
        readyAt.remove(task);
        tasks.remove(task);
        emit(begun, at, linksOf(task), error);
    }

    private List<LinkData> linksOf(TaskId task) {
        if (task.item() != TaskId.WHOLE) {
            return List.of();
        }
        return dependencies.getOrDefault(task.name(), List.of()).stream()
                .limit(MOST_LINKS)
                .map(name -> LinkData.create(taskSpan(TaskId.of(name))))
                .toList();
    }

    /// A task that is done anew is another span.
    private SpanContext taskSpan(TaskId task) {
        var begun = tasks.get(task);
        if (begun != null) {
            return begun.context();
        }
        int round = resets.getOrDefault(task.name(), 0);
        return named("task", round == 0 ? task.toString() : task + "#" + round);
    }

    private SpanContext named(String kind, String name) {
        return context(TraceContext.span(run, kind, name));
    }

    private SpanContext context(String span) {
        return Span.context(whole.context().getTraceId(), span);
    }

    private void reset(String name, Instant at, Signals signals) {
        for (var token : List.copyOf(attempts.keySet())) {
            var attempt = attempts.get(token);
            if (attempt != null && attempt.task().name().equals(name)) {
                endAttempt(token, "reset", null, Usage.NONE, at, signals);
            }
        }
        for (var task : List.copyOf(tasks.keySet())) {
            if (task.name().equals(name)) {
                endTask(task, "reset", null, at);
            }
        }
        resets.merge(name, 1, Integer::sum);
    }

    // ---- attempts

    private void assigned(Event.Assigned e, Instant at, Signals signals) {
        var agent = e.agent().value();
        var ready = readyAt.get(e.task());
        var attributes =
                own(e.task())
                        .put(GenAiNames.OPERATION, GenAiNames.INVOKE_AGENT)
                        .put(GenAiNames.PROVIDER, GenAiNames.OURSELVES)
                        .put(GenAiNames.AGENT, agent)
                        .put(TuttiNames.ATTEMPT, e.attempt())
                        .put(TuttiNames.DECISION, runText + "." + e.token());
        var name = GenAiNames.INVOKE_AGENT + " " + agent;
        var span = attempt(e.token(), e.task(), agent, name, at, attributes);
        if (ready != null) {
            var waited = Duration.between(ready, at);
            attributes.put(TuttiNames.QUEUED, seconds(waited));
            signals.dispatched(span, agent, waited);
        }
        if (e.attempt() > 1) {
            signals.retried(agent);
        }
    }

    private SpanContext attempt(
            long token,
            TaskId task,
            String agent,
            String name,
            Instant at,
            AttributesBuilder attributes) {
        var span = context(TraceContext.attemptSpan(run, token));
        var begun = new Begun(span, taskSpan(task), name, at, attributes);
        attempts.put(token, new Attempt(task, agent, begun));
        return span;
    }

    private void failed(Event.AttemptEnded e, Instant at, Signals signals) {
        if (e.failure() instanceof Failure.TimedOut(var limit, _)) {
            signals.timedOut(limit);
        }
        var code = e.failure().code();
        endAttempt(e.token(), code, code, e.usage(), at, signals);
    }

    private void endAttempt(
            long token,
            String outcome,
            @Nullable String error,
            Usage usage,
            Instant at,
            Signals signals) {
        var attempt = attempts.remove(token);
        if (attempt == null) {
            return;
        }
        whole.spent(usage);
        for (var tool : List.copyOf(tools.keySet())) {
            if (tool.task().equals(attempt.task())) {
                endTool(tool, "unknown", "unknown", at, signals);
            }
        }
        var begun = attempt.span();
        begun.attributes().put(TuttiNames.OUTCOME, outcome);
        Span.putUsage(begun.attributes(), usage);
        if (!attempt.agent().isEmpty()) {
            signals.attemptEnded(
                    begun.context(),
                    attempt.agent(),
                    outcome,
                    error != null,
                    Duration.between(begun.at(), at),
                    usage);
        }
        emit(begun, at, List.of(), error);
    }

    // ---- what attempts do outside

    private void intended(Event.EffectIntended e, Instant at) {
        var attempt = attempts.get(e.token());
        if (attempt == null) {
            return;
        }
        tools.put(
                new Tool(e.task(), e.name()),
                new Begun(
                        named("effect", e.task() + "/" + e.token() + "/" + e.name()),
                        attempt.span().context(),
                        GenAiNames.EXECUTE_TOOL + " " + e.name(),
                        at,
                        own(e.task())
                                .put(GenAiNames.OPERATION, GenAiNames.EXECUTE_TOOL)
                                .put(GenAiNames.TOOL, e.name())));
    }

    private void endTool(
            Tool tool, String outcome, @Nullable String error, Instant at, Signals signals) {
        var begun = tools.remove(tool);
        if (begun != null) {
            begun.attributes().put(TuttiNames.OUTCOME, outcome);
            signals.toolUsed(begun.context(), error != null, Duration.between(begun.at(), at));
            emit(begun, at, List.of(), error);
        }
    }

    // ---- calls of models and tools

    /// A step that was kept. It began when the one before it was kept, or else with its attempt.
    ///
    /// @param id what no other step of the run is called
    /// @param before when the step before it was kept, or null for none
    void step(StepTaken step, String id, Instant at, @Nullable Instant before) {
        var attempt = attempts.get(step.token());
        if (attempt == null || sequence < whole.takenOver()) {
            return;
        }
        var begun = attempt.span();
        boolean model = step.step().kind().equals("model");
        var operation = model ? GenAiNames.CHAT : GenAiNames.EXECUTE_TOOL;
        var name = step.step().name();
        var attributes =
                own(attempt.task())
                        .put(GenAiNames.OPERATION, operation)
                        .put(model ? GenAiNames.MODEL : GenAiNames.TOOL, name);
        if (model) {
            attributes.put(GenAiNames.PROVIDER, GenAiNames.OURSELVES);
        }
        Span.putUsage(attributes, step.taken().usage());
        var start = before == null || before.isBefore(begun.at()) ? begun.at() : before;
        var span =
                new Begun(
                        named("step", id),
                        begun.context(),
                        operation + " " + name,
                        start,
                        attributes);
        emit(span, at, List.of(), null);
    }

    // ---- people

    private void asked(Event.QuestionAsked e, Instant at) {
        Question question = e.question();
        var task = question.task();
        var attributes =
                Attributes.builder()
                        .put(TuttiNames.RUN, runText)
                        .put(TuttiNames.QUESTION, question.id())
                        .put(TuttiNames.PURPOSE, question.purpose().word());
        if (task != null) {
            attributes.put(TuttiNames.TASK, task.toString());
        }
        questions.put(
                question.id(),
                new Begun(
                        named("question", String.valueOf(question.id())),
                        task == null ? whole.context() : taskSpan(task),
                        "question " + question.purpose().word(),
                        at,
                        attributes));
    }

    private void closed(long question, Question.End end, Instant at) {
        var begun = questions.remove(question);
        if (begun != null) {
            begun.attributes().put(TuttiNames.OUTCOME, end.word());
            emit(begun, at, List.of(), null);
        }
    }

    // ---- the run

    /// With the run ends whatever is still open in it.
    private void end(Event.Ended e, Instant at, Signals signals) {
        for (var token : List.copyOf(attempts.keySet())) {
            endAttempt(token, "abandoned", null, Usage.NONE, at, signals);
        }
        for (var tool : List.copyOf(tools.keySet())) {
            endTool(tool, "unknown", "unknown", at, signals);
        }
        for (var id : List.copyOf(questions.keySet())) {
            closed(id, Question.End.WITHDRAWN, at);
        }
        for (var task : List.copyOf(tasks.keySet())) {
            endTask(task, "abandoned", null, at);
        }
        signals.runEnded(whole.context(), whole.workflow(), e.status().word(), whole.took(at));
        give(whole.end(e, at));
        ended = true;
    }

    // ---- spans

    private AttributesBuilder own(TaskId task) {
        return Attributes.builder()
                .put(TuttiNames.RUN, runText)
                .put(TuttiNames.TASK, task.toString());
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }

    private void give(Span span) {
        if (!silent) {
            out.accept(span);
        }
    }

    private void emit(Begun begun, Instant at, List<LinkData> links, @Nullable String error) {
        if (error != null) {
            begun.attributes().put(TuttiNames.ERROR, error);
        }
        give(
                new Span(
                        emitter,
                        begun.context(),
                        begun.parent(),
                        begun.name(),
                        begun.at(),
                        at,
                        begun.attributes().build(),
                        links,
                        List.of(),
                        0,
                        error));
    }
}
