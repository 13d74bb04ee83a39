package dev.tutti.simulation.crash;

import dev.tutti.core.event.TenantId;
import dev.tutti.runtime.journal.Append;
import dev.tutti.runtime.journal.JournalException;
import dev.tutti.runtime.journal.JournalReader.Row;
import dev.tutti.runtime.journal.NewEntry;
import dev.tutti.runtime.journal.SqliteJournal;
import dev.tutti.runtime.journal.StreamId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// A disk that is full when a projection is kept, the commit of it and not one of its rows: the
/// store must take commits as soon as there is space. Only a disk that is really full refuses a
/// commit as such, so that this is done in a process of its own, on a small file system in memory.
public final class FullForTheList {
    private static final Path BALLAST = Path.of("ballast");
    private static final int PATIENCE_SECONDS = 60;

    private FullForTheList() {}

    /// Why this cannot be done on this machine; empty when it can.
    public static Optional<String> impediment(Path folder) throws InterruptedException {
        return Machine.lacksMounts(folder);
    }

    /// What the process said: the code of each refusal and the number of each commit, by lines.
    public static String run(Path folder) throws IOException, InterruptedException {
        var mount = Files.createDirectory(folder.resolve("memory"));
        var command =
                new ArrayList<>(Machine.within("mount -t tmpfs -o size=2m none \"$1\"", mount));
        command.addAll(
                ChildJvm.command(
                        List.of("-Dorg.sqlite.tmpdir=" + folder.toAbsolutePath()),
                        FullForTheList.class,
                        List.of(mount.toString())));
        var process =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
        return said.strip();
    }

    /// What the process does.
    ///
    /// @param arguments the folder of the small file system
    public static void main(String[] arguments) throws IOException {
        var disk = Path.of(arguments[0]);
        try (var journal = SqliteJournal.open(Worker.database(disk), Worker.artifacts(disk))) {
            long epoch = journal.claim();
            commit(journal, 1, epoch);
            fill(disk.resolve(BALLAST));
            var row = new Row("a", new byte[100_000]);
            try {
                journal.keep("list", 1, 1, List.of(row));
            } catch (JournalException e) {
                System.out.println(e.code());
            }
            Files.delete(disk.resolve(BALLAST));
            commit(journal, 2, epoch);
            journal.keep("list", 1, 2, List.of(row));
            System.out.println(journal.projectedTo("list", 1));
        }
    }

    private static void commit(SqliteJournal journal, long number, long epoch) {
        var event = new NewEntry("T", 1, Instant.EPOCH, "ana", "", null, new byte[10]);
        var stream = new StreamId(TenantId.LOCAL, "run/ONE");
        var append =
                new Append(
                        stream,
                        number - 1,
                        epoch,
                        List.of(event),
                        List.of(),
                        List.of(),
                        List.of(),
                        null);
        journal.commit(List.of(append));
        System.out.println(journal.head(stream));
    }

    private static void fill(Path ballast) throws IOException {
        try (var out = Files.newOutputStream(ballast)) {
            while (true) {
                out.write(new byte[1024]);
            }
        } catch (IOException e) {
            if (!String.valueOf(e.getMessage()).contains("No space")) {
                throw e;
            }
        }
    }
}
