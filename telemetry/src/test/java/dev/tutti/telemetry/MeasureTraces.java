package dev.tutti.telemetry;

import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/// Measures what the spans of a store cost, in processor time of the whole process: reading alone,
/// making spans and metrics of it, and sending them. Run by hand, with the folder of a store that
/// `tutti bench W2 --store` left, and with where a collector is, if there is one.
final class MeasureTraces {
    private static final int ROUNDS = 12;
    private static final int PAGE = 1_000;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private MeasureTraces() {}

    /// How much is done.
    private enum Part {
        READ,
        DERIVED,
        SENT
    }

    /// Prints microseconds of processor time for each event.
    public static void main(String[] arguments) {
        var folder = Path.of(arguments[0]);
        var environment = new HashMap<>(Map.of("OTEL_METRICS_EXPORTER", "none"));
        if (arguments.length > 1) {
            environment.put("OTEL_EXPORTER_OTLP_ENDPOINT", arguments[1]);
        }
        var sdk = Sdk.of(environment);
        for (int round = 0; round < ROUNDS; round++) {
            System.out.printf(
                    "read %.2f us, read and derived %.2f us, sent too %.2f us an event%n",
                    micros(folder, sdk, Part.READ),
                    micros(folder, sdk, Part.DERIVED),
                    sdk.tracing() ? micros(folder, sdk, Part.SENT) : Double.NaN);
        }
        sdk.traces().shutdown();
        sdk.metrics().close();
    }

    private static double micros(Path folder, Sdk sdk, Part part) {
        var measures = new Measures(sdk.metrics().get("measure"), GenAiNames.V1_41);
        var batch = new Batch(sdk.traces());
        long events = 0;
        long begun = processor();
        try (var reader = Stage.reader(folder)) {
            var traces =
                    new Traces(
                            reader,
                            new Span.Emitter(
                                    sdk.resource(), InstrumentationScopeInfo.create("measure")),
                            GenAiNames.V1_41,
                            span -> {
                                if (part == Part.SENT) {
                                    batch.add(span);
                                }
                            });
            long position = 0;
            for (var page = reader.follow(position, PAGE);
                    !page.isEmpty();
                    page = reader.follow(position, PAGE)) {
                if (part != Part.READ) {
                    page.forEach(entry -> traces.accept(entry, measures));
                }
                events += page.size();
                position = page.getLast().position();
                if (batch.size() >= Batch.FULL || page.size() < PAGE) {
                    if (batch.send(PATIENCE) != Batch.Sent.TAKEN) {
                        throw new IllegalStateException("the collector does not take it");
                    }
                    batch.clear();
                }
            }
        }
        return (processor() - begun) / 1e3 / events;
    }

    private static long processor() {
        return ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class)
                .getProcessCpuTime();
    }
}
