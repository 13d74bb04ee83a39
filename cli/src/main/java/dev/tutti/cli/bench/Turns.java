package dev.tutti.cli.bench;

import dev.tutti.Refusal;
import dev.tutti.core.event.Value;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;

/// What it costs to be looked at: a plan is run on two stores in turns, one of which is observed as
/// the environment asks for. In one process, so that both find the same code compiled, and one
/// round right after the other, so that both find the machine as busy.
final class Turns {
    private static final double THOUSAND = 1e3;

    private final Stand alone;
    private final Stand observed;
    private final int steps;
    private final long[] aloneNanos;
    private final long[] observedNanos;
    private long aloneProcessor;
    private long observedProcessor;

    /// With what was left to do after the rounds.
    private long wholeProcessor;

    private long behind;

    private Turns(Stand alone, Stand observed, int steps, int turns) {
        this.alone = alone;
        this.observed = observed;
        this.steps = steps;
        aloneNanos = new long[turns];
        observedNanos = new long[turns];
    }

    /// Measures, and gives the line that is printed.
    ///
    /// @param runs begun together in each round
    /// @throws Refusal when the environment asks for nobody
    static Value.Struct measure(
            String workload, Path folder, Plans plan, int runs, int warmUps, int turns)
            throws Exception {
        try (var alone = Stand.open(folder.resolve("alone"), plan, runs, false);
                var observed = Stand.open(folder.resolve("observed"), plan, runs, true)) {
            if (!observed.observed()) {
                throw new Refusal(
                        "`--turns` compares rounds with an export of telemetry and without it:"
                                + " set OTEL_EXPORTER_OTLP_ENDPOINT");
            }
            for (int i = 0; i < warmUps; i++) {
                alone.round();
                observed.round();
                observed.awaitObservers();
            }
            var measured = new Turns(alone, observed, plan.steps() * runs, turns);
            for (int i = 0; i < turns; i++) {
                measured.turn(i);
            }
            return measured.document(workload);
        }
    }

    /// Who is first has it neither better nor worse.
    private void turn(int i) throws Exception {
        if (i % 2 == 0) {
            alone(i);
            observed(i);
        } else {
            observed(i);
            alone(i);
        }
    }

    private void alone(int i) throws Exception {
        long begun = processor();
        aloneNanos[i] = alone.round().nanos();
        aloneProcessor += processor() - begun;
    }

    private void observed(int i) throws Exception {
        long begun = processor();
        observedNanos[i] = observed.round().nanos();
        observedProcessor += processor() - begun;
        long ended = System.nanoTime();
        observed.awaitObservers();
        behind += System.nanoTime() - ended;
        wholeProcessor += processor() - begun;
    }

    /// Processor time of this process so far, in nanoseconds.
    private static long processor() {
        return ProcessHandle.current().info().totalCpuDuration().map(Duration::toNanos).orElse(0L);
    }

    private Value.Struct document(String workload) {
        int turns = aloneNanos.length;
        var ratios = new double[turns];
        for (int i = 0; i < turns; i++) {
            ratios[i] = (double) aloneNanos[i] / observedNanos[i];
        }
        Arrays.sort(ratios);
        double all = (double) steps * turns;
        return Value.struct(
                "workload",
                Value.text(workload),
                "turns",
                Value.of(turns),
                "steps_per_s",
                Measured.rounded(all * 1e9 / Arrays.stream(aloneNanos).sum(), 1),
                "observed_steps_per_s",
                Measured.rounded(all * 1e9 / Arrays.stream(observedNanos).sum(), 1),
                "ratio",
                Measured.rounded((ratios[(turns - 1) / 2] + ratios[turns / 2]) / 2, 3),
                "ratio_q1",
                Measured.rounded(ratios[turns / 4], 3),
                "ratio_q3",
                Measured.rounded(ratios[turns - 1 - turns / 4], 3),
                "cpu_us",
                Measured.rounded(aloneProcessor / THOUSAND / all, 1),
                "observed_cpu_us",
                Measured.rounded(observedProcessor / THOUSAND / all, 1),
                "whole_cpu_us",
                Measured.rounded(wholeProcessor / THOUSAND / all, 1),
                "behind_s",
                Measured.rounded(behind / 1e9 / turns, 2));
    }
}
