package dev.tutti.cli;

import dev.tutti.cli.bench.Measured;
import dev.tutti.cli.terminal.Ink;
import dev.tutti.cli.terminal.Line;
import dev.tutti.cli.view.FactLines;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.examination.Examination;
import dev.tutti.runtime.journal.JournalException;
import dev.tutti.runtime.journal.OwnerLock;
import dev.tutti.runtime.journal.SqliteJournal;
import dev.tutti.runtime.json.Json;
import dev.tutti.view.Figures;
import dev.tutti.view.RunDocument;
import dev.tutti.wiring.ProvidedExecutors;
import dev.tutti.wiring.Store;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Looks at everything that runs depend on.
@Command(
        name = "doctor",
        description =
                "Looks at what runs depend on: the JDK, the store, its disk. With --verify, at every byte of the store.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = ExitCode.HEADING,
        exitCodeList = {
            "0:nothing is wrong",
            "1:something is; it is listed",
            ExitCode.WRONG_REQUEST_LINE,
            ExitCode.INTERNAL_LINE
        })
final class DoctorCommand implements Callable<Integer> {
    private static final int PROBES = 200;
    private static final long LITTLE_DISK = 1L << 30;
    private static final long SLOW_COMMIT_MICROS = 50_000;

    private final Shell shell;
    private final List<Line> lines = new ArrayList<>();
    private final List<String> findings = new ArrayList<>();

    @Option(
            names = "--verify",
            description =
                    "Read every event again with its hashes, check SQLite's file, compare what follows from events with them, and look for every artifact that an event names")
    private boolean verify;

    @Mixin private final Options.StoreOption store = new Options.StoreOption();

    @Mixin private final Options.JsonOption json = new Options.JsonOption();

    @Mixin private final Options.ShowOption show = new Options.ShowOption();

    DoctorCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws IOException {
        var folder = store.folder(shell);
        fact("jdk", Runtime.version() + ", " + System.getProperty("java.vendor"));
        fact("sqlite", SqliteJournal.version());
        fact("agents", String.join(", ", ProvidedExecutors.names()));
        fact("store", folder + (Store.exists(folder) ? "" : " (none yet; the first run makes it)"));
        disk(folder);
        if (Store.exists(folder)) {
            store(folder);
        }
        print();
        return findings.isEmpty() ? ExitCode.SUCCEEDED : ExitCode.FAILED;
    }

    private void disk(Path folder) throws IOException {
        var at = folder;
        while (at.getParent() != null && !Files.exists(at)) {
            at = at.getParent();
        }
        long free = Files.getFileStore(at).getUsableSpace();
        fact("disk", Figures.bytes(free) + " free");
        if (free < LITTLE_DISK) {
            findings.add("less than 1 GiB is free on the disk of the store");
        }
        if (!Files.isWritable(at)) {
            findings.add(at + " cannot be written to");
        }
    }

    /// How many artifacts there are and how much they take.
    private static String kept(Path root) {
        if (!Files.isDirectory(root)) {
            return "none";
        }
        try (var files = Files.walk(root)) {
            var sizes =
                    files.filter(Files::isRegularFile)
                            .mapToLong(DoctorCommand::size)
                            .summaryStatistics();
            return Figures.count(sizes.getCount(), "file") + ", " + Figures.bytes(sizes.getSum());
        } catch (IOException | UncheckedIOException e) {
            return "cannot be read: " + e.getMessage();
        }
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void store(Path folder) {
        boolean free;
        try (var lock = OwnerLock.take(folder.resolve("owner.lock")).orElse(null)) {
            free = lock != null;
        }
        fact("owner", free ? "none now" : "another process owns it and drives its runs");
        var artifacts = Store.artifacts(folder);
        try (var journal = SqliteJournal.open(Store.database(folder), artifacts)) {
            commits(journal);
        } catch (JournalException e) {
            findings.add(String.valueOf(e.getMessage()));
            return;
        }
        fact("artifacts", kept(folder.resolve("artifacts")));
        if (verify) {
            var report = Examination.of(Store.database(folder), artifacts);
            findings.addAll(report.findings());
            fact(
                    "journal",
                    Figures.count(report.streams(), "stream")
                            + ", "
                            + Figures.count(report.events(), "event")
                            + " read with their hashes");
        } else {
            fact("journal", "not read; --verify reads all of it");
        }
    }

    private void commits(SqliteJournal journal) {
        var micros = new long[PROBES];
        for (int i = 0; i < PROBES; i++) {
            long begun = System.nanoTime();
            journal.probe();
            micros[i] = (System.nanoTime() - begun) / 1_000;
        }
        long median = Measured.percentile(micros, 50);
        fact(
                "commit",
                "p50 "
                        + median
                        + " µs, p99 "
                        + Measured.percentile(micros, 99)
                        + " µs, synchronous=FULL");
        if (median > SLOW_COMMIT_MICROS) {
            findings.add(
                    "a commit takes "
                            + median / 1_000
                            + " ms: this disk bounds how fast runs can go");
        }
    }

    private void fact(String name, String text) {
        lines.add(FactLines.fact(name, text));
    }

    private void print() {
        if (json.wanted()) {
            shell.print(
                    List.of(
                            Json.pretty(
                                    Value.struct(
                                            "format",
                                            RunDocument.FORMAT,
                                            "sound",
                                            Value.of(findings.isEmpty()),
                                            "findings",
                                            Value.from(findings)))));
            return;
        }
        var screen = show.of(shell.outScreen());
        shell.print(lines.stream().map(line -> line.show(screen)).toList());
        for (var finding : findings) {
            shell.print(List.of(FactLines.wrong(finding).show(screen)));
        }
        if (findings.isEmpty()) {
            shell.print(List.of(new Line().add(Ink.GREEN, "nothing is wrong").show(screen)));
        }
    }
}
