package dev.tutti.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/// What becomes of spans that are not taken.
@DisplayNameGeneration(ReplaceUnderscores.class)
class BatchTest {
    private static final Duration MOMENT = Duration.ofMillis(50);

    @Test
    void spans_wait_for_a_collector_that_takes_nothing_however_long() {
        var batch = batch(_ -> false);
        for (int i = 0; i < 10 * Batch.MOST_REFUSALS; i++) {
            assertThat(batch.send(MOMENT)).isEqualTo(Batch.Sent.NOT_YET);
        }
    }

    @Test
    void spans_are_given_up_when_the_collector_takes_all_but_these() {
        var batch = batch(Collection::isEmpty);
        for (int i = 1; i < Batch.MOST_REFUSALS; i++) {
            assertThat(batch.send(MOMENT)).isEqualTo(Batch.Sent.NOT_YET);
        }
        assertThat(batch.send(MOMENT)).isEqualTo(Batch.Sent.REFUSED);
    }

    @Test
    void the_next_spans_are_not_blamed_for_those_before() {
        var batch = batch(Collection::isEmpty);
        for (int i = 0; i < Batch.MOST_REFUSALS; i++) {
            batch.send(MOMENT);
        }
        batch.clear();
        batch.add(span());
        assertThat(batch.send(MOMENT)).isEqualTo(Batch.Sent.NOT_YET);
    }

    private static Batch batch(Predicate<Collection<SpanData>> takes) {
        var batch = new Batch(new Moody(takes));
        batch.add(span());
        return batch;
    }

    private static Span span() {
        return new Span(
                new Span.Emitter(Resource.empty(), InstrumentationScopeInfo.empty()),
                Span.context("0123456789abcdef0123456789abcdef", "0123456789abcdef"),
                SpanContext.getInvalid(),
                "any",
                Instant.EPOCH,
                Instant.EPOCH,
                Attributes.empty(),
                List.of(),
                List.of(),
                0,
                null);
    }

    /// Takes what it likes.
    private record Moody(Predicate<Collection<SpanData>> takes) implements SpanExporter {
        @Override
        public CompletableResultCode export(Collection<SpanData> spans) {
            return takes.test(spans)
                    ? CompletableResultCode.ofSuccess()
                    : CompletableResultCode.ofFailure();
        }

        @Override
        public CompletableResultCode flush() {
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode shutdown() {
            return CompletableResultCode.ofSuccess();
        }
    }
}
