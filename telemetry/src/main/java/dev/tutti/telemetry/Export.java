package dev.tutti.telemetry;

import dev.tutti.runtime.journal.JournalReader;
import dev.tutti.runtime.projection.ObserverProvider.Observed;
import dev.tutti.runtime.projection.ObserverProvider.Observer;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.trace.samplers.SamplingDecision;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.Level;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Follows a journal, makes spans and metrics of its events, and sends them, on a thread of its
/// own.
///
/// The journal is the queue: a position moves on when everything before it was taken by the
/// collector, or refused for good and counted. While it is behind it keeps to its [Pace], so that
/// runs do not pay for being looked at.
final class Export implements Observer {
    private static final Logger LOG = LoggerFactory.getLogger(Export.class);

    /// The SDK tells of every failure at length; we tell of the first, in a line.
    private static final java.util.logging.Logger SDK =
            java.util.logging.Logger.getLogger("io.opentelemetry");

    private static final int PAGE = 1_000;
    private static final Duration SEND = Duration.ofSeconds(15);
    private static final Duration KEEP_EVERY = Duration.ofSeconds(1);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    private static final Duration AT_THE_END = Duration.ofSeconds(2);

    private final Observed observed;
    private final Cursor cursor;
    private final Thread thread;
    private volatile boolean stopping;
    private volatile long stopBy;

    /// Everything up to here was taken or counted.
    private volatile long done;

    /// Everything up to here was read.
    private long read;

    private long lastKept = System.nanoTime();
    private Duration pause = FIRST_PAUSE;
    private boolean failing;

    private Export(Observed observed) {
        this.observed = observed;
        cursor = new Cursor(observed.folder());
        done = cursor.start(observed.position());
        read = done;
        thread = Thread.ofPlatform().name("tutti-telemetry").daemon().unstarted(this::run);
    }

    static Export start(Observed observed) {
        var export = new Export(observed);
        export.thread.start();
        return export;
    }

    // ---- the thread

    private void run() {
        try (var journal = observed.reader().get()) {
            SDK.setLevel(Level.OFF);
            var sdk = Sdk.of(observed.environment());
            try {
                follow(journal, sdk);
            } finally {
                sdk.traces().shutdown();
                sdk.metrics().shutdown().join(untilStop().toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (RuntimeException | LinkageError e) {
            LOG.warn("no telemetry is exported from here on: {}", e.toString());
            LOG.debug("telemetry ended", e);
        }
    }

    private void follow(JournalReader journal, Sdk sdk) {
        var names = GenAiNames.chosenBy(observed.environment());
        var measures =
                new Measures(
                        sdk.metrics()
                                .meterBuilder(TuttiNames.SCOPE)
                                .setSchemaUrl(names.schemaUrl())
                                .build(),
                        names);
        var batch = new Batch(sdk.traces());
        var scope =
                InstrumentationScopeInfo.builder(TuttiNames.SCOPE)
                        .setSchemaUrl(names.schemaUrl())
                        .build();
        var traces =
                new Traces(
                        journal,
                        new Span.Emitter(sdk.resource(), scope),
                        names,
                        span -> {
                            if (sdk.tracing() && sampled(sdk, span)) {
                                batch.add(span);
                            }
                        });
        traces.begin();
        var pace = new Pace(read, System.nanoTime());
        boolean last = false;
        boolean more = true;
        while (more || !last) {
            // Asked before the page is taken: what was written before the end is in it.
            last = stopping;
            long begun = System.nanoTime();
            more = take(journal, traces, measures) == PAGE;
            if ((batch.size() >= Batch.FULL || !more) && !send(batch, measures)) {
                break;
            }
            if (stopping && untilStop().isZero()) {
                break;
            }
            if (!stopping) {
                long now = System.nanoTime();
                sleep(more ? pace.rest(now - begun, journal.position(), now) : Pace.LOOK);
            }
        }
        cursor.keep(done);
    }

    /// Takes the next page of the journal.
    private int take(JournalReader journal, Traces traces, Measures measures) {
        var page = journal.follow(read, PAGE);
        for (var entry : page) {
            traces.accept(entry, measures);
        }
        if (!page.isEmpty()) {
            read = page.getLast().position();
            measures.late(Duration.between(page.getLast().event().at(), Instant.now()));
        } else {
            measures.late(Duration.ZERO);
        }
        measures.questions(traces.questions());
        return page.size();
    }

    /// Sends until it is taken.
    ///
    /// @return false when there is no time to wait for that
    private boolean send(Batch batch, Measures measures) {
        while (true) {
            var atMost = stopping ? untilStop() : SEND;
            var sent = batch.send(atMost);
            switch (sent) {
                case TAKEN -> {
                    if (failing) {
                        LOG.warn("the collector of telemetry is back");
                    }
                    failing = false;
                    pause = FIRST_PAUSE;
                }
                case REFUSED -> {
                    LOG.warn("the collector refused {} spans", batch.size());
                    measures.dropped(batch.size());
                }
                case NOT_YET -> {
                    if (!failing) {
                        LOG.warn(
                                stopping
                                        ? "not all telemetry was taken in time; the next process"
                                                + " sends the rest"
                                        : "the collector of telemetry takes nothing; trying on");
                    }
                    failing = true;
                    if (stopping) {
                        return false;
                    }
                    sleep(pause);
                    pause = pause.multipliedBy(2);
                    pause = pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
                    continue;
                }
            }
            batch.clear();
            done = read;
            if (System.nanoTime() - lastKept > KEEP_EVERY.toNanos()) {
                cursor.keep(done);
                lastKept = System.nanoTime();
            }
            return true;
        }
    }

    private static boolean sampled(Sdk sdk, Span span) {
        return sdk.sampler()
                        .shouldSample(
                                Context.root(),
                                span.getTraceId(),
                                span.name(),
                                SpanKind.INTERNAL,
                                Attributes.empty(),
                                List.of())
                        .getDecision()
                == SamplingDecision.RECORD_AND_SAMPLE;
    }

    private void sleep(Duration time) {
        long until = System.nanoTime() + time.toNanos();
        for (long left = time.toNanos(); left > 0 && !stopping; left = until - System.nanoTime()) {
            LockSupport.parkNanos(this, left);
        }
    }

    private Duration untilStop() {
        return stopping ? Duration.ofNanos(Math.max(0, stopBy - System.nanoTime())) : AT_THE_END;
    }

    @Override
    public long position() {
        return done;
    }

    // ---- the end

    /// Sends what can be sent in a moment. The rest is sent by who owns the store next.
    @Override
    public void close() {
        stopBy = System.nanoTime() + AT_THE_END.toNanos();
        stopping = true;
        LockSupport.unpark(thread);
        try {
            if (!thread.join(AT_THE_END.plus(AT_THE_END))) {
                LOG.warn("telemetry did not end in time");
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
