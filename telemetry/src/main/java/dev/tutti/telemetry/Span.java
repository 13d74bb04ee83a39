package dev.tutti.telemetry;

import dev.tutti.core.event.Usage;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.data.StatusData;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A span that is over, as exporters want it.
///
/// @param parent the span that it is part of; an invalid one for none
/// @param error the word for how it failed, or null
/// @param leftOut events that were too many to be kept
record Span(
        Emitter emitter,
        SpanContext context,
        SpanContext parent,
        String name,
        Instant start,
        Instant end,
        Attributes attributes,
        List<LinkData> links,
        List<EventData> events,
        int leftOut,
        @Nullable String error)
        implements SpanData {
    private static final long NANOS = 1_000_000_000;

    /// Who all spans come from.
    ///
    /// @param scope this library and the form of its names
    record Emitter(Resource resource, InstrumentationScopeInfo scope) {}

    static SpanContext context(String trace, String span) {
        return SpanContext.create(trace, span, TraceFlags.getSampled(), TraceState.getDefault());
    }

    /// Adds what was used up, if anything was.
    static void putUsage(AttributesBuilder attributes, Usage usage) {
        if (usage.equals(Usage.NONE)) {
            return;
        }
        attributes.put(GenAiNames.INPUT_TOKENS, usage.inputTokens());
        attributes.put(GenAiNames.OUTPUT_TOKENS, usage.outputTokens());
        attributes.put(TuttiNames.COST, usage.usd().usd().doubleValue());
    }

    static long nanos(Instant at) {
        return at.getEpochSecond() * NANOS + at.getNano();
    }

    @Override
    public String getName() {
        return name;
    }

    @Override
    public SpanKind getKind() {
        return SpanKind.INTERNAL;
    }

    @Override
    public SpanContext getSpanContext() {
        return context;
    }

    @Override
    public SpanContext getParentSpanContext() {
        return parent;
    }

    @Override
    public StatusData getStatus() {
        return error == null
                ? StatusData.unset()
                : StatusData.create(io.opentelemetry.api.trace.StatusCode.ERROR, error);
    }

    @Override
    public long getStartEpochNanos() {
        return nanos(start);
    }

    /// Never before the start, whatever the clock did.
    @Override
    public long getEndEpochNanos() {
        return Math.max(nanos(end), nanos(start));
    }

    @Override
    public Attributes getAttributes() {
        return attributes;
    }

    @Override
    public List<EventData> getEvents() {
        return events;
    }

    @Override
    public List<LinkData> getLinks() {
        return links;
    }

    @Override
    public boolean hasEnded() {
        return true;
    }

    @Override
    public int getTotalRecordedEvents() {
        return events.size() + leftOut;
    }

    @Override
    public int getTotalRecordedLinks() {
        return links.size();
    }

    @Override
    public int getTotalAttributeCount() {
        return attributes.size();
    }

    @Override
    @SuppressWarnings("deprecation") // the interface still wants it beside its successor
    public io.opentelemetry.sdk.common.InstrumentationLibraryInfo getInstrumentationLibraryInfo() {
        return io.opentelemetry.sdk.common.InstrumentationLibraryInfo.create(
                emitter.scope().getName(), emitter.scope().getVersion());
    }

    @Override
    public InstrumentationScopeInfo getInstrumentationScopeInfo() {
        return emitter.scope();
    }

    @Override
    public Resource getResource() {
        return emitter.resource();
    }
}
