package dev.tutti.telemetry;

import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.resources.Resource;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;

/// Measures what the spans of a store cost, in processor time: reading alone, and everything but
/// the sending. Run by hand, with the folder of a store that `tutti bench W2 --store` left.
final class MeasureTraces {
    private static final int ROUNDS = 6;
    private static final int PAGE = 256;

    private MeasureTraces() {}

    /// Prints microseconds of processor time for each event.
    public static void main(String[] arguments) {
        var folder = Path.of(arguments[0]);
        for (int round = 0; round < ROUNDS; round++) {
            System.out.printf(
                    "read %.2f us, read and derived %.2f us an event%n",
                    micros(folder, false), micros(folder, true));
        }
    }

    private static double micros(Path folder, boolean derive) {
        var threads = ManagementFactory.getThreadMXBean();
        var meter = SdkMeterProvider.builder().build().get("measure");
        var measures = new Measures(meter, GenAiNames.V1_41);
        long events = 0;
        long begun = threads.getCurrentThreadCpuTime();
        try (var reader = Stage.reader(folder)) {
            var traces =
                    new Traces(
                            reader,
                            new Span.Emitter(
                                    Resource.empty(), InstrumentationScopeInfo.create("measure")),
                            GenAiNames.V1_41,
                            _ -> {});
            long position = 0;
            for (var page = reader.follow(position, PAGE);
                    !page.isEmpty();
                    page = reader.follow(position, PAGE)) {
                if (derive) {
                    page.forEach(entry -> traces.accept(entry, measures));
                }
                events += page.size();
                position = page.getLast().position();
            }
        }
        return (threads.getCurrentThreadCpuTime() - begun) / 1e3 / events;
    }
}
