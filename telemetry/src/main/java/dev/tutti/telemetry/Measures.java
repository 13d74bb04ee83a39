package dev.tutti.telemetry;

import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Usage;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.DoubleCounter;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.metrics.LongHistogram;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.context.Context;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Metrics of all runs. Labels are names that team files give, and never ids; there are few of them
/// by nature, and [#MOST_NAMES] at most.
final class Measures implements Signals {
    /// Different names of agents or of workflows that are told apart; all others are one.
    static final int MOST_NAMES = 25;

    private static final String OTHER = "_other";
    private static final List<Double> SECONDS =
            List.of(
                    0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96,
                    81.92);
    private static final List<Long> TOKENS =
            List.of(
                    1L,
                    4L,
                    16L,
                    64L,
                    256L,
                    1_024L,
                    4_096L,
                    16_384L,
                    65_536L,
                    262_144L,
                    1_048_576L,
                    4_194_304L,
                    16_777_216L,
                    67_108_864L);

    private final GenAiNames names;
    private final LongCounter runs;
    private final DoubleHistogram runDuration;
    private final LongCounter attempts;
    private final LongCounter retries;
    private final LongCounter timeouts;
    private final DoubleHistogram queueWait;
    private final LongCounter stalls;
    private final DoubleCounter cost;
    private final LongCounter dropped;
    private final AtomicLong lag = new AtomicLong();
    private final AtomicLong questions = new AtomicLong();
    private final Map<String, DoubleHistogram> durations = new HashMap<>();
    private final @Nullable LongHistogram tokens;
    private final @Nullable LongCounter inputTokens;
    private final @Nullable LongCounter outputTokens;
    private final Map<String, Attributes> agents = new HashMap<>();
    private final Map<String, Attributes> workflows = new HashMap<>();
    private final Map<Labels, Attributes> made = new HashMap<>();

    /// What an attempt is counted under, or the time of an operation.
    ///
    /// @param operation empty for an attempt
    /// @param outcome of an attempt; of an operation the error, or empty
    private record Labels(Attributes of, String operation, String outcome) {}

    Measures(Meter meter, GenAiNames names) {
        this.names = names;
        runs = counter(meter, TuttiNames.RUNS, "{run}", "Runs that ended.");
        runDuration =
                seconds(meter, TuttiNames.RUN_DURATION, "From the start of a run to its end.");
        attempts = counter(meter, TuttiNames.ATTEMPTS, "{attempt}", "Attempts that ended.");
        retries =
                counter(
                        meter,
                        TuttiNames.RETRIES,
                        "{attempt}",
                        "Attempts that were not the first.");
        timeouts = counter(meter, TuttiNames.TIMEOUTS, "{timeout}", "Limits on time that ran out.");
        queueWait =
                seconds(meter, TuttiNames.QUEUE_WAIT, "From a task being ready to its dispatch.");
        meter.upDownCounterBuilder(TuttiNames.QUESTIONS_OPEN)
                .setUnit("{question}")
                .setDescription("Questions to people without an answer.")
                .buildWithCallback(now -> now.record(questions.get()));
        stalls = counter(meter, TuttiNames.STALLS, "{stall}", "Times that nothing moved a run.");
        cost =
                meter.counterBuilder(TuttiNames.SPENT)
                        .ofDoubles()
                        .setUnit("{USD}")
                        .setDescription("What attempts say they cost.")
                        .build();
        dropped =
                counter(meter, TuttiNames.DROPPED, "{span}", "Spans that no collector would take.");
        meter.gaugeBuilder(TuttiNames.LAG)
                .setUnit("s")
                .setDescription("How old the last event was when its spans were made.")
                .buildWithCallback(now -> now.record(lag.get() / 1e3));
        for (var operation :
                List.of(
                        GenAiNames.INVOKE_WORKFLOW,
                        GenAiNames.INVOKE_AGENT,
                        GenAiNames.EXECUTE_TOOL)) {
            durations.computeIfAbsent(
                    names.duration(operation),
                    name -> seconds(meter, name, "How long an operation took."));
        }
        if (names.tokensAreCounters()) {
            tokens = null;
            inputTokens = counter(meter, names.inputTokens(), "{token}", "Tokens read by models.");
            outputTokens =
                    counter(meter, names.outputTokens(), "{token}", "Tokens written by models.");
        } else {
            tokens =
                    meter.histogramBuilder(names.inputTokens())
                            .ofLongs()
                            .setUnit("{token}")
                            .setDescription("Tokens read and written by models.")
                            .setExplicitBucketBoundariesAdvice(TOKENS)
                            .build();
            inputTokens = null;
            outputTokens = null;
        }
    }

    private static LongCounter counter(Meter meter, String name, String unit, String what) {
        return meter.counterBuilder(name).setUnit(unit).setDescription(what).build();
    }

    private static DoubleHistogram seconds(Meter meter, String name, String what) {
        return meter.histogramBuilder(name)
                .setUnit("s")
                .setDescription(what)
                .setExplicitBucketBoundariesAdvice(SECONDS)
                .build();
    }

    /// @param age of the latest event
    void late(Duration age) {
        lag.set(age.toMillis());
    }

    /// @param open without an answer, in all runs
    void questions(long open) {
        questions.set(open);
    }

    void dropped(int spans) {
        dropped.add(spans);
    }

    @Override
    public void runEnded(SpanContext span, String workflow, String status, Duration took) {
        var at = at(span);
        var of = named(workflows, TuttiNames.WORKFLOW, workflow);
        var labels = of.toBuilder().put(TuttiNames.OUTCOME, status).build();
        runs.add(1, labels);
        runDuration.record(seconds(took), labels, at);
        duration(GenAiNames.INVOKE_WORKFLOW, of, status.equals("failed") ? status : "", took, at);
    }

    @Override
    public void attemptEnded(
            SpanContext span,
            String agent,
            String outcome,
            boolean failed,
            Duration took,
            Usage usage) {
        var at = at(span);
        var of = named(agents, GenAiNames.AGENT, agent);
        attempts.add(
                1,
                labels(
                        new Labels(of, "", known(outcome)),
                        labels ->
                                labels.of().toBuilder()
                                        .put(TuttiNames.OUTCOME, labels.outcome())
                                        .build()));
        duration(GenAiNames.INVOKE_AGENT, of, failed ? known(outcome) : "", took, at);
        if (!usage.equals(Usage.NONE)) {
            used(of, usage, at);
        }
    }

    private void used(Attributes of, Usage usage, Context at) {
        cost.add(usage.usd().usd().doubleValue(), of, at);
        var attempt = operation(of, GenAiNames.INVOKE_AGENT, "");
        if (inputTokens != null && outputTokens != null) {
            inputTokens.add(usage.inputTokens(), attempt, at);
            outputTokens.add(usage.outputTokens(), attempt, at);
        } else if (tokens != null) {
            tokens.record(usage.inputTokens(), tokens(attempt, "input"), at);
            tokens.record(usage.outputTokens(), tokens(attempt, "output"), at);
        }
    }

    private static Attributes tokens(Attributes attempt, String type) {
        return attempt.toBuilder().put(GenAiNames.TOKEN_TYPE, type).build();
    }

    @Override
    public void retried(String agent) {
        retries.add(1, named(agents, GenAiNames.AGENT, agent));
    }

    @Override
    public void timedOut(Failure.Limit limit) {
        timeouts.add(1, Attributes.of(TuttiNames.LIMIT, limit.name().toLowerCase(Locale.ROOT)));
    }

    @Override
    public void dispatched(SpanContext span, String agent, Duration waited) {
        queueWait.record(seconds(waited), named(agents, GenAiNames.AGENT, agent), at(span));
    }

    @Override
    public void toolUsed(SpanContext span, boolean failed, Duration took) {
        duration(
                GenAiNames.EXECUTE_TOOL,
                Attributes.empty(),
                failed ? "unknown" : "",
                took,
                at(span));
    }

    @Override
    public void stalled() {
        stalls.add(1);
    }

    /// What a figure is measured in: the SDK keeps one span of each bucket as an example of it.
    private static Context at(SpanContext span) {
        return Context.root().with(io.opentelemetry.api.trace.Span.wrap(span));
    }

    // ---- labels

    /// @param error the word for how it failed, or empty
    private void duration(
            String operation, Attributes of, String error, Duration took, Context at) {
        var histogram = durations.get(names.duration(operation));
        if (histogram != null) {
            histogram.record(seconds(took), operation(of, operation, error), at);
        }
    }

    private Attributes operation(Attributes of, String operation, String error) {
        return labels(new Labels(of, operation, error), Measures::ofOperation);
    }

    private static Attributes ofOperation(Labels labels) {
        var attributes =
                labels.of().toBuilder()
                        .put(GenAiNames.OPERATION, labels.operation())
                        .put(GenAiNames.PROVIDER, GenAiNames.OURSELVES);
        if (!labels.outcome().isEmpty()) {
            attributes.put(TuttiNames.ERROR, labels.outcome());
        }
        return attributes.build();
    }

    private Attributes labels(
            Labels labels, java.util.function.Function<Labels, Attributes> making) {
        var known = made.get(labels);
        if (known == null) {
            known = making.apply(labels);
            made.put(labels, known);
        }
        return known;
    }

    private static Attributes named(
            Map<String, Attributes> known, AttributeKey<String> key, String name) {
        var labels = known.get(name);
        if (labels == null) {
            var kept = known.size() < MOST_NAMES ? name : OTHER;
            labels = known.computeIfAbsent(kept, word -> Attributes.of(key, word));
        }
        return labels;
    }

    /// Agents may fail with any code; those that Tutti itself gives are told apart.
    private static String known(String outcome) {
        return switch (outcome) {
            case "accepted",
                    "proposed",
                    "iterated",
                    "crashed",
                    "timed_out",
                    "rejected",
                    "cancelled" ->
                    outcome;
            case "reset", "abandoned", "interrupted" -> "interrupted";
            default -> "failed";
        };
    }

    private static double seconds(Duration duration) {
        return Math.max(0, duration.toNanos() / 1e9);
    }
}
