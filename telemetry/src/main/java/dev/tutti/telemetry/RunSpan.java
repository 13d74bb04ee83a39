package dev.tutti.telemetry;

import dev.tutti.core.event.Event;
import dev.tutti.core.event.Origin;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.Status;
import dev.tutti.core.event.Usage;
import dev.tutti.runtime.agent.TraceContext;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.LinkData;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The span of a run as a whole: what it came from, what it spent, and what happened to all of it.
final class RunSpan {
    /// More events than this only cost.
    private static final int MOST_NOTES = 128;

    private final Span.Emitter emitter;
    private final GenAiNames names;
    private final RunId run;
    private final SpanContext context;
    private final List<EventData> notes = new ArrayList<>();
    private int notesLeftOut;
    private String workflow = "";
    private @Nullable Instant startedAt;
    private @Nullable Origin origin;
    private Usage spent = Usage.NONE;

    RunSpan(Span.Emitter emitter, GenAiNames names, RunId run) {
        this.emitter = emitter;
        this.names = names;
        this.run = run;
        context = Span.context(TraceContext.traceId(run), TraceContext.runSpan(run));
    }

    SpanContext context() {
        return context;
    }

    void started(Event.RunStarted e, Instant at) {
        startedAt = at;
        workflow = e.goal();
        origin = e.origin();
    }

    String workflow() {
        return workflow;
    }

    /// The number of the last event that the run took over from the one it was forked off: its
    /// spans are that one's. 0 if it was not forked.
    long takenOver() {
        return origin instanceof Origin.Fork fork ? fork.at() : 0;
    }

    void spent(Usage usage) {
        spent = spent.plus(usage);
    }

    void note(String what, Attributes attributes, Instant at) {
        if (notes.size() < MOST_NOTES) {
            notes.add(EventData.create(Span.nanos(at), what, attributes));
        } else {
            notesLeftOut++;
        }
    }

    /// How long it took up to `end`.
    Duration took(Instant end) {
        return Duration.between(startedBy(end), end);
    }

    private Instant startedBy(Instant end) {
        return startedAt == null ? end : startedAt;
    }

    Span end(Event.Ended e, Instant at) {
        var attributes =
                Attributes.builder()
                        .put(TuttiNames.RUN, run.value())
                        .put(GenAiNames.OPERATION, GenAiNames.INVOKE_WORKFLOW)
                        .put(names.workflow(), workflow)
                        .put(TuttiNames.OUTCOME, e.status().word());
        Span.putUsage(attributes, spent);
        var links = new ArrayList<LinkData>();
        var parent = SpanContext.getInvalid();
        switch (origin) {
            case null -> {}
            case Origin.Child(var above, var token, _) ->
                    parent =
                            Span.context(
                                    context.getTraceId(), TraceContext.attemptSpan(above, token));
            case Origin.Fork(var from, _, _, _) -> {
                attributes.put(TuttiNames.FORKED_FROM, from.value());
                links.add(
                        LinkData.create(
                                Span.context(
                                        TraceContext.traceId(from), TraceContext.runSpan(from))));
            }
        }
        var error = e.failure() != null && e.status() == Status.FAILED ? e.failure().code() : null;
        if (error != null) {
            attributes.put(TuttiNames.ERROR, error);
        }
        return new Span(
                emitter,
                context,
                parent,
                GenAiNames.INVOKE_WORKFLOW + " " + workflow,
                startedBy(at),
                at,
                attributes.build(),
                links,
                List.copyOf(notes),
                notesLeftOut,
                error);
    }
}
