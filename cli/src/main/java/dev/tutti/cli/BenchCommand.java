package dev.tutti.cli;

import dev.tutti.Refusal;
import dev.tutti.cli.bench.TopicLoad;
import dev.tutti.cli.bench.Workload;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.json.Json;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Measures the engine on this machine.
@Command(
        name = "bench",
        description = {
            "Measures the engine on this machine and prints one line of JSON.",
            "",
            "W1  a chain of 1,000 tasks",
            "W2  1,000 runs of 10 tasks each, begun together",
            "W3  a fan-out of 10,000 tasks and a join",
            "W4  from the start of this process to the end of its first run",
            "W5  messages against 1,000 subscriptions, one in ten triggers a run; then half as fast",
            "",
            "Agents do nothing, so that what is measured is the engine with SQLite, synchronous=FULL: a step is a task,"
                    + " on disk before the next begins. W1 to W3 warm up for three rounds and measure the next.",
            "",
            "steps_per_s   steps of the measured round in a second",
            "p50_us p99_us time for a step: W1 and W2 from one result of a run to its next, W3 from assignment to result",
            "commit_p50_us a bare commit of one row to the same store, measured before and after in this process",
            "rss_mb        the most memory that this process held",
            "",
            "With --turns:",
            "ratio            steps a second with the export of telemetry to those without it: the median of all turns,",
            "                 ratio_q1 and ratio_q3 the quartiles",
            "cpu_us           processor time of the process for a step without it, observed_cpu_us with it, whole_cpu_us",
            "                 with it and until everything is sent",
            "behind_s         how long that took after the end of a round"
        },
        mixinStandardHelpOptions = true,
        exitCodeListHeading = ExitCode.HEADING,
        exitCodeList = {
            ExitCode.SUCCEEDED_LINE,
            ExitCode.WRONG_REQUEST_LINE,
            ExitCode.INTERNAL_LINE
        })
final class BenchCommand implements Callable<Integer> {
    private final Shell shell;

    @Parameters(paramLabel = "WORKLOAD", description = "${COMPLETION-CANDIDATES}")
    private Workload workload = Workload.W1;

    @Option(
            names = "--store",
            paramLabel = "DIR",
            description =
                    "A folder for the store, kept afterwards. Default: a new one in the temporary folder, deleted afterwards")
    private @Nullable String store;

    @Option(
            names = "--width",
            paramLabel = "N",
            description = "How wide W3 fans out. Default: ${DEFAULT-VALUE}")
    private int width = 10_000;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description = "Rounds of warm-up before the measured one. Default: ${DEFAULT-VALUE}")
    private int rounds = 3;

    @Option(
            names = "--turns",
            paramLabel = "N",
            description =
                    "Measure N rounds without and N with the export of telemetry that the environment asks for, in turns")
    private int turns;

    @Option(
            names = "--messages",
            paramLabel = "N",
            description = "How many W5 publishes. Default: ${DEFAULT-VALUE}")
    private int messages = 200_000;

    @Option(
            names = "--rate",
            paramLabel = "N",
            description =
                    "How many a second W5 publishes to see how long reactions take. Default: half of"
                            + " what it could at most")
    private int rate;

    BenchCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws Exception {
        if (width < 1 || width > Workload.WIDEST) {
            throw new Refusal("`--width` must be from 1 to " + Workload.WIDEST);
        }
        if (rounds < 0) {
            throw new Refusal("`--rounds` must be 0 or more");
        }
        if (turns < 0 || (turns > 0 && !workload.inRounds())) {
            throw new Refusal("`--turns` must be 1 or more, with W1, W2 or W3");
        }
        if (messages < 100 || messages > 10_000_000) {
            throw new Refusal("`--messages` must be from 100 to 10000000");
        }
        if (rate < 0 || rate > 1_000_000) {
            throw new Refusal("`--rate` must be from 1 to 1000000");
        }
        var folder =
                store == null
                        ? Files.createTempDirectory("tutti-bench-")
                        : shell.directory().resolve(store);
        Log.to(folder);
        try {
            shell.print(List.of(Json.text(measure(folder))));
        } finally {
            if (store == null) {
                delete(folder);
            }
        }
        return ExitCode.SUCCEEDED;
    }

    private Value.Struct measure(Path folder) throws Exception {
        if (turns > 0) {
            return workload.measureTurns(folder, rounds, width, turns);
        }
        return workload == Workload.W5
                ? TopicLoad.measure(folder, messages, rate)
                : workload.measure(folder, rounds, width).document();
    }

    private static void delete(Path folder) throws IOException {
        Files.walkFileTree(
                folder,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        Files.delete(file);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult postVisitDirectory(
                            Path directory, @Nullable IOException e) throws IOException {
                        if (e != null) {
                            throw e;
                        }
                        Files.delete(directory);
                        return FileVisitResult.CONTINUE;
                    }
                });
    }
}
