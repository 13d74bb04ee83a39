package dev.tutti.telemetry;

import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The spans that are sent next, all together.
final class Batch {
    /// Enough for one request.
    static final int FULL = 512;

    /// How often a collector that answers otherwise may refuse the same spans.
    static final int MOST_REFUSALS = 8;

    private final SpanExporter exporter;
    private final List<SpanData> spans = new ArrayList<>();
    private int refusals;

    /// What became of a batch.
    enum Sent {
        /// The collector has it.
        TAKEN,
        /// The collector will never take it.
        REFUSED,
        /// It may do so later.
        NOT_YET
    }

    Batch(SpanExporter exporter) {
        this.exporter = exporter;
    }

    void add(Span span) {
        spans.add(span);
    }

    int size() {
        return spans.size();
    }

    void clear() {
        spans.clear();
        refusals = 0;
    }

    /// Sends what is there, all or nothing.
    ///
    /// A collector that takes nothing is down, and these spans wait. One that takes an empty batch
    /// but not this one will be no wiser later.
    Sent send(Duration atMost) {
        if (spans.isEmpty() || taken(List.copyOf(spans), atMost)) {
            return Sent.TAKEN;
        }
        if (!taken(List.of(), atMost)) {
            return Sent.NOT_YET;
        }
        refusals++;
        return refusals < MOST_REFUSALS ? Sent.NOT_YET : Sent.REFUSED;
    }

    private boolean taken(List<SpanData> some, Duration atMost) {
        return exporter.export(some).join(atMost.toMillis(), TimeUnit.MILLISECONDS).isSuccess();
    }
}
