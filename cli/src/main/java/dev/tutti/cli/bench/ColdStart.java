package dev.tutti.cli.bench;

import dev.tutti.Refusal;
import dev.tutti.Team;
import dev.tutti.Tutti;
import dev.tutti.runtime.journal.SqliteJournal;
import dev.tutti.wiring.Store;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/// From the start of the process to the end of its first run, on the way that `tutti run` takes: a
/// team file is read, a store made, a simulated agent found and asked.
final class ColdStart {
    private static final String TEAM =
            """
            tutti: 1
            agents:
              echo: { skills: [echo], uses: simulated }
            workflows:
              once:
                input: { text: string }
                tasks:
                  echo: { skill: echo, input: { text: "${input.text}" } }
                output: "${echo}"
            """;
    private static final int COMMITS = 200;

    /// Ticks in a second, the same on every Linux; and where the start is behind the name's `)`.
    private static final int TICKS = 100;

    private static final int START_FIELD = 19;

    private ColdStart() {}

    static Measured measure(Path folder) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        var file = folder.resolve("cold-start.yaml");
        Files.writeString(file, TEAM);
        long nanos;
        try (var tutti = Tutti.open(folder)) {
            var result =
                    tutti.submit(Team.read(file).goal("once", Map.of("text", "hello"))).await();
            nanos = age().toNanos();
            if (!result.succeeded()) {
                throw new IllegalStateException(
                        "the first run did not succeed: " + result.reason());
            }
        }
        Files.delete(file);
        return Measured.of("W4", 1, nanos, new long[] {nanos / 1_000}, commits(folder));
    }

    /// How old this process is, by Linux's own clock, to the hundredth of a second; elsewhere since
    /// the time that the system names, which some round to the second.
    private static Duration age() throws IOException {
        var stat = Path.of("/proc/self/stat");
        if (Files.exists(stat)) {
            var uptime = Files.readString(Path.of("/proc/uptime")).split(" ", 2)[0];
            return age(Files.readString(stat), uptime);
        }
        return ProcessHandle.current()
                .info()
                .startInstant()
                .map(begun -> Duration.between(begun, Instant.now()))
                .orElseThrow(() -> new Refusal("this system does not say when a process began"));
    }

    /// @param stat of the process, as `/proc` has it: field 22 is its start in ticks since the
    ///   system's
    /// @param uptime of the system in seconds
    static Duration age(String stat, String uptime) {
        var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        long begun = Long.parseLong(fields[START_FIELD]) * (1_000 / TICKS);
        return Duration.ofMillis(new BigDecimal(uptime).movePointRight(3).longValue() - begun);
    }

    private static long[] commits(Path folder) {
        try (var journal = SqliteJournal.open(Store.database(folder), Store.artifacts(folder))) {
            var micros = new long[COMMITS];
            for (int i = 0; i < COMMITS; i++) {
                long before = System.nanoTime();
                journal.probe();
                micros[i] = (System.nanoTime() - before) / 1_000;
            }
            return micros;
        }
    }
}
