package dev.tutti.simulation.world;

import java.io.PrintStream;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// Plays many worlds, unattended, and says what came of it. Ends with 1 when something did not
/// hold.
public final class Simulator {
    private static final String USAGE =
            """
            tutti-sim [--seeds N] [--from N] [--threads N]     plays N worlds (200), each from its seed
            tutti-sim --seed N [--horizon N] [--trace]         plays one world, and shows its course
            tutti-sim drill [PATTERN] [--without-invariant I]  shows that known bugs are found
              --without a,b             leaves faults out
              --without-invariant I7    does not look at an invariant
            """;
    private static final Duration PROGRESS = Duration.ofSeconds(10);

    /// Worlds take up to some seconds, on a machine with other work some more.
    private static final Duration ENDLESS = Duration.ofMinutes(3);

    private final PrintStream out;
    private final Set<Fault> without = EnumSet.noneOf(Fault.class);
    private final Set<String> ignored = new HashSet<>();
    private int horizon = Scenario.HORIZON;
    private int threads = Runtime.getRuntime().availableProcessors();
    private long from;
    private long seeds = 200;
    private boolean trace;
    private boolean brief;

    private Simulator(PrintStream out) {
        this.out = out;
    }

    public static void main(String[] arguments) {
        var simulator = new Simulator(System.out);
        int code;
        try {
            simulator.read(arguments);
            code = simulator.play();
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.err.print(USAGE);
            code = 64;
        }
        System.exit(code);
    }

    private void read(String[] arguments) {
        for (int i = 0; i < arguments.length; i++) {
            switch (arguments[i]) {
                case "--trace" -> trace = true;
                case "--brief" -> brief = true;
                default -> read(arguments[i], i + 1 < arguments.length ? arguments[++i] : "");
            }
        }
    }

    private void read(String name, String value) {
        switch (name) {
            case "--seeds" -> seeds = number(name, value);
            case "--from" -> from = number(name, value);
            case "--seed" -> {
                from = number(name, value);
                seeds = 1;
            }
            case "--horizon" -> horizon = (int) number(name, value);
            case "--threads" -> threads = (int) Math.max(1, number(name, value));
            case "--without" ->
                    Stream.of(value.split(",", -1))
                            .map(word ->
                                    Fault.of(word)
                                            .orElseThrow(() ->
                                                    new IllegalArgumentException(
                                                            "there is no fault `" + word + "`")))
                            .forEach(without::add);
            case "--without-invariant" -> ignored.addAll(Set.of(value.split(",", -1)));
            default -> throw new IllegalArgumentException("`" + name + "` is not known here");
        }
    }

    private static long number(String name, String value) {
        try {
            return Long.parseLong(value);
        } catch (NumberFormatException _) {
            throw new IllegalArgumentException(name + " needs a number, not `" + value + "`");
        }
    }

    private Scenario scenario(long seed) {
        return new Scenario(seed, without, horizon, ignored);
    }

    private int play() {
        if (trace) {
            var report = World.play(scenario(from), out::println);
            report.violations().forEach(out::println);
            return report.violations().isEmpty() ? 0 : 1;
        }
        long began = System.nanoTime();
        var tally = tally();
        if (brief) {
            tally.failed()
                    .forEach(report ->
                            out.println(
                                    report.scenario().seed()
                                            + " "
                                            + report.violations().getFirst().invariant()));
        } else {
            tally.print(out, Duration.ofNanos(System.nanoTime() - began));
            tally.failed().stream().limit(5).forEach(this::show);
        }
        return tally.failed().isEmpty() ? 0 : 1;
    }

    /// Worlds are played on several threads, each world on one. Brief runs end with the first that
    /// fails.
    private Tally tally() {
        var tally = new Tally();
        var begun = new LinkedHashMap<Long, Long>();
        try (var pool = Executors.newFixedThreadPool(threads)) {
            var done = new ExecutorCompletionService<Report>(pool);
            long next = from;
            long told = System.nanoTime();
            while (next < from + seeds || !begun.isEmpty()) {
                while (next < from + seeds && begun.size() < 2L * threads && !enough(tally)) {
                    var scenario = scenario(next++);
                    begun.put(scenario.seed(), System.nanoTime());
                    done.submit(() -> World.play(scenario));
                }
                if (begun.isEmpty()) {
                    break;
                }
                var played = done.poll(PROGRESS.toNanos(), TimeUnit.NANOSECONDS);
                if (played != null) {
                    var report = played.get();
                    tally.add(report);
                    begun.remove(report.scenario().seed());
                    if (!brief && !report.violations().isEmpty()) {
                        out.printf("  seed %d violates%n", report.scenario().seed());
                    }
                }
                long now = System.nanoTime();
                if (now - told > PROGRESS.toNanos()) {
                    told = now;
                    progress(tally, begun, now);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a world could not be played", e.getCause());
        }
        return tally;
    }

    /// Says how far it is. A world that does not come to an end, since the step that is under way
    /// does not, ends all of it.
    private void progress(Tally tally, SequencedMap<Long, Long> begun, long now) {
        if (!brief) {
            out.printf(
                    "  %,d of %,d, %d violations%n", tally.worlds(), seeds, tally.failed().size());
        }
        if (begun.isEmpty() || now - begun.firstEntry().getValue() < ENDLESS.toNanos()) {
            return;
        }
        out.printf(
                "  seed %d does not come to an end: it has been played for %,d s%n",
                begun.firstEntry().getKey(), ENDLESS.toSeconds());
        out.flush();
        Runtime.getRuntime().halt(1);
    }

    private boolean enough(Tally tally) {
        return brief && !tally.failed().isEmpty();
    }

    private void show(Report failed) {
        var smallest = Shrinking.of(World::play, failed);
        out.println();
        out.println("seed " + failed.scenario().seed() + ", step " + failed.steps() + ":");
        failed.violations().stream().limit(3).forEach(violation -> out.println("  " + violation));
        out.println(
                "  smallest: step "
                        + smallest.steps()
                        + ", faults "
                        + smallest.faults()
                        + ": "
                        + smallest.violations().getFirst());
        out.println("  again: ./tutti-sim " + smallest.scenario() + " --trace");
    }
}
