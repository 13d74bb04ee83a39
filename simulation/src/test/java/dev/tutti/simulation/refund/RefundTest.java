package dev.tutti.simulation.refund;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.Event;
import dev.tutti.core.event.Question;
import dev.tutti.core.event.Status;
import dev.tutti.core.run.RunState;
import dev.tutti.runtime.artifact.FileArtifacts;
import dev.tutti.runtime.engine.Runs;
import dev.tutti.runtime.journal.SqliteJournal;
import dev.tutti.simulation.Invariants;
import dev.tutti.simulation.crash.ChildJvm;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two ledgers, a process that pays at both and is killed again and again: no refund is lost, none
/// is paid twice. `-Drefund.kills=100 -Drefunds=200` for the long version.
class RefundTest {
    /// The share of kills that must land between an effect and its record.
    private static final double LEAST_BETWEEN = 0.3;

    private final List<Process> processes = new ArrayList<>();

    @TempDir private Path folder;

    @AfterEach
    void end() {
        processes.forEach(Process::destroyForcibly);
    }

    @Test
    void no_refund_is_lost_or_paid_twice_however_often_the_process_is_killed() throws Exception {
        int kills = Integer.getInteger("refund.kills", 8);
        int refunds = Integer.getInteger("refunds", 24);
        long seed = Long.getLong("kill.seed", System.nanoTime());
        var random = new SplittableRandom(seed);
        var honestFile = folder.resolve("honest");
        var forgetfulFile = folder.resolve("forgetful");
        int honest = port(start(Ledger.class, honestFile.toString(), "keys"));
        int forgetful = port(start(Ledger.class, forgetfulFile.toString(), "none"));
        SqliteJournal.open(Refunder.database(folder), artifacts()).close();
        var arguments =
                new String[] {
                    folder.toString(),
                    Integer.toString(honest),
                    Integer.toString(forgetful),
                    forgetfulFile.toString(),
                    Integer.toString(refunds)
                };
        int killed = 0;
        int between = 0;
        while (killed < kills && !state().status().isFinal()) {
            var worker = start(Refunder.class, arguments);
            int before = Ledger.paid(forgetfulFile).size();
            awaitMore(forgetfulFile, before + random.nextInt(2), worker);
            worker.destroyForcibly().waitFor();
            killed++;
            between += landedBetween(honestFile, forgetfulFile) ? 1 : 0;
            Thread.sleep(Duration.ofMillis(50));
        }
        var last = start(Refunder.class, arguments);
        int code = last.waitFor();
        assertThat(code).as(() -> "the last process said: " + said("Refunder.log")).isZero();

        var state = state();
        assertThat(state.status()).isEqualTo(Status.SUCCEEDED);
        var asked = unknownAsked();
        System.out.printf(
                "refunds: seed %d, %d kills, %d between an effect and its record (%d %%);"
                        + " %d refunds at each ledger, %d unknown ones asked about%n",
                seed, killed, between, 100 * between / Math.max(1, killed), refunds, asked);
        assertThat(killed).as("the run was killed as often as asked").isEqualTo(kills);
        assertThat((double) between / killed)
                .as("void unless this share of the kills lands between an effect and its record")
                .isGreaterThanOrEqualTo(LEAST_BETWEEN);
        once(Ledger.paid(honestFile), refunds);
        once(Ledger.paid(forgetfulFile), refunds);
        assertThat(asked).isPositive();
        try (var journal = SqliteJournal.reader(Refunder.database(folder), artifacts())) {
            assertThat(Invariants.check(journal, artifacts(), _ -> Refunder.team())).isEmpty();
        }
    }

    private String said(String log) {
        try {
            var lines = Files.readAllLines(folder.resolve(log));
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 40), lines.size()));
        } catch (IOException e) {
            return "nothing that can be read: " + e.getMessage();
        }
    }

    private static void once(List<String> paid, int refunds) {
        assertThat(paid).doesNotHaveDuplicates();
        assertThat(new HashSet<>(paid)).hasSize(refunds);
    }

    private FileArtifacts artifacts() {
        return new FileArtifacts(folder.resolve("artifacts"));
    }

    private RunState state() {
        try (var journal = SqliteJournal.reader(Refunder.database(folder), artifacts())) {
            return Runs.load(journal, Refunder.RUN).state();
        }
    }

    /// Whether an effect is paid at a ledger whose outcome is not on record.
    private boolean landedBetween(Path honestFile, Path forgetfulFile) throws IOException {
        var paid = new HashSet<>(Ledger.paid(honestFile));
        paid.addAll(Ledger.paid(forgetfulFile));
        return state().effects().values().stream()
                .flatMap(effects -> effects.values().stream())
                .anyMatch(effect -> effect.outcome() == null && paid.contains(effect.key()));
    }

    private long unknownAsked() {
        try (var journal = SqliteJournal.reader(Refunder.database(folder), artifacts())) {
            return journal.read(Refunder.RUN, 0, Integer.MAX_VALUE).stream()
                    .map(Runs::event)
                    .filter(event ->
                            event instanceof Event.QuestionAsked e
                                    && e.question().purpose() == Question.Purpose.UNKNOWN)
                    .count();
        }
    }

    /// Until the ledger has paid more than `count`, or the worker is through.
    private static void awaitMore(Path file, int count, Process worker) throws Exception {
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (worker.isAlive() && Ledger.paid(file).size() <= count) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("nothing is paid any more");
            }
            Thread.sleep(Duration.ofMillis(1));
        }
    }

    private Process start(Class<?> main, String... arguments) throws IOException {
        var command =
                ChildJvm.command(
                        List.of("-Dorg.sqlite.tmpdir=" + folder), main, List.of(arguments));
        var log = new File(folder.toFile(), main.getSimpleName() + ".log");
        var builder =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.appendTo(log));
        if (main != Ledger.class) {
            builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log));
        }
        var process = builder.start();
        processes.add(process);
        return process;
    }

    private static int port(Process ledger) throws IOException {
        var out =
                new BufferedReader(
                        new InputStreamReader(ledger.getInputStream(), StandardCharsets.UTF_8));
        return Integer.parseInt(out.readLine());
    }
}
