package dev.tutti.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.Team;
import dev.tutti.Tutti;
import dev.tutti.core.event.TenantId;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.journal.Append;
import dev.tutti.runtime.journal.Entry;
import dev.tutti.runtime.journal.NewEntry;
import dev.tutti.runtime.journal.SqliteJournal;
import dev.tutti.runtime.journal.StreamId;
import dev.tutti.runtime.projection.RunListKeeper;
import dev.tutti.wiring.Store;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What much of everything does. The long version: `-Dscale.runs=100000 -Dscale.seconds=30`.
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(value = 60, unit = TimeUnit.MINUTES)
class ScaleTest {
    private static final int RUNS = Integer.getInteger("scale.runs", 1_000);
    private static final int SECONDS = Integer.getInteger("scale.seconds", 3);
    private static final int AT_ONCE = 2_000;
    private static final int ASKERS = 128;

    private static Team small() {
        return Team.define()
                .agent("echo", "say", attempt -> Map.of("text", "done"))
                .workflow("small", workflow -> workflow.task("say", "say", Map.of()));
    }

    @Test
    void many_finished_runs_slow_neither_the_start_nor_the_first_page(@TempDir Path store)
            throws Exception {
        fill(store);
        long begun = System.nanoTime();
        try (var served = Served.in(store, Served.options())) {
            assertThat(served.admin.get("/health").status()).isEqualTo(200);
            double start = (System.nanoTime() - begun) / 1e6;
            double first = time(served, "/api/v1/runs");
            var pages = new ArrayList<Double>();
            for (int i = 0; i < 20; i++) {
                pages.add(time(served, "/api/v1/runs?limit=50"));
            }
            pages.sort(null);
            double filtered = time(served, "/api/v1/runs?status=failed");
            double inbox = time(served, "/api/v1/questions");
            System.out.printf(
                    "%d finished runs: serving after %.0f ms, first page %.0f ms, then p50 %.0f ms, most %.0f ms;"
                            + " a filter that finds nothing %.0f ms, the first inbox %.0f ms%n",
                    RUNS, start, first, pages.get(10), pages.getLast(), filtered, inbox);
            assertThat(pages.get(10)).isLessThan(300);
            assertThat(served.tutti.runs(1_000_000)).hasSize(RUNS);
        }
    }

    private static double time(Served served, String path) throws Exception {
        long begun = System.nanoTime();
        served.get(path);
        return (System.nanoTime() - begun) / 1e6;
    }

    /// One run is done, and its events are the others' as well: what a run costs is not what is
    /// measured here.
    private static void fill(Path store) throws Exception {
        List<NewEntry> events;
        try (var tutti = Tutti.open(store)) {
            var done = tutti.submit(small().goal("small", Map.of()));
            done.await();
            try (var reader = tutti.reader()) {
                events =
                        reader.read(done.stream(), 0, Integer.MAX_VALUE).stream()
                                .map(Entry::event)
                                .toList();
            }
        }
        long begun = System.nanoTime();
        try (var journal = SqliteJournal.open(Store.database(store), Store.artifacts(store))) {
            long epoch = journal.claim();
            for (int from = 1; from < RUNS; from += AT_ONCE) {
                var batch = new ArrayList<Append>();
                for (int i = from; i < Math.min(RUNS, from + AT_ONCE); i++) {
                    var stream = StreamId.run(TenantId.LOCAL, Tutti.newRun());
                    batch.add(
                            new Append(
                                    stream, 0, epoch, events, List.of(), List.of(), List.of(),
                                    null));
                }
                journal.commit(batch);
            }
            double filled = (System.nanoTime() - begun) / 1e9;
            var list = new RunListKeeper(journal);
            while (list.isBehind()) {
                list.catchUp();
            }
            System.out.printf(
                    "%d runs of %d events filled in %.1f s, listed in %.1f s%n",
                    RUNS, events.size(), filled, (System.nanoTime() - begun) / 1e9 - filled);
        }
    }

    @Test
    void more_than_can_be_done_is_refused_early_and_pages_stay_close(@TempDir Path store)
            throws Exception {
        try (var served = Served.in(store, Served.options().atMost(100))) {
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
            var begun = new LongAdder();
            var refused = new LongAdder();
            var other = new AtomicInteger();
            var slowest = new ArrayList<Double>();
            System.gc();
            long before = used();
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                var askers = new ArrayList<Future<Object>>();
                for (int i = 0; i < ASKERS; i++) {
                    askers.add(threads.submit(() -> ask(served, end, begun, refused, other)));
                }
                while (System.nanoTime() < end) {
                    slowest.add(time(served, "/api/v1/runs"));
                    TimeUnit.MILLISECONDS.sleep(50);
                }
                for (var asker : askers) {
                    asker.get();
                }
            }
            System.gc();
            long after = used();
            slowest.sort(null);
            System.out.printf(
                    "%d s, %d askers: %d runs begun, %d refused with 429, %d other answers; the list took p50 %.0f ms,"
                            + " p99 %.0f ms; heap %+d MB%n",
                    SECONDS,
                    ASKERS,
                    begun.sum(),
                    refused.sum(),
                    other.get(),
                    slowest.get(slowest.size() / 2),
                    slowest.get(slowest.size() * 99 / 100),
                    (after - before) >> 20);
            assertThat(other.get()).isZero();
            assertThat(refused.sum()).isPositive();
            assertThat(begun.sum()).isPositive();
            assertThat(slowest.get(slowest.size() * 9 / 10)).isLessThan(10_000);
            assertThat(after - before).isLessThan(100L << 20);
            long runs = served.tutti.runs(1_000_000).size();
            assertThat(runs).as("every run that was promised is there").isEqualTo(begun.sum());
        }
    }

    private static Object ask(
            Served served, long end, LongAdder begun, LongAdder refused, AtomicInteger other)
            throws Exception {
        var body = Value.struct("workflow", Value.text("plain"));
        while (System.nanoTime() < end) {
            var answer = served.admin.post("/api/v1/runs", body);
            switch (answer.status()) {
                case 201 -> begun.increment();
                case 429 -> {
                    refused.increment();
                    assertThat(answer.problem()).isEqualTo("429 busy");
                    TimeUnit.MILLISECONDS.sleep(20);
                }
                default -> other.incrementAndGet();
            }
        }
        return List.of();
    }

    private static long used() {
        var runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
