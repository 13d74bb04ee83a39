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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/// What much of everything does. The long version: `-Dscale.runs=100000 -Dscale.seconds=3600`.
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(value = 90, unit = TimeUnit.MINUTES)
@Isolated
class ScaleTest {
    private static final int RUNS = Integer.getInteger("scale.runs", 1_000);
    private static final int SECONDS = Integer.getInteger("scale.seconds", 3);
    private static final int AT_ONCE = 2_000;
    private static final int ASKERS = 8;
    private static final int CALM_SECONDS = Math.clamp(SECONDS / 4, 1, 60);
    private static final int UNDER_WAY = 100;
    private static final int MOST_ASKED = 20_000;

    /// Minutes until all that the server keeps of what it looked at last is there.
    private static final int SETTLED = 10;

    private static final long MOST_GROWN = 16L << 20;

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

    /// Three times as many runs are asked for as can be done, by the clock, however many have not
    /// been answered yet.
    @Test
    void more_than_can_be_done_is_refused_early_and_pages_stay_close(@TempDir Path store)
            throws Exception {
        try (var served = Served.in(store, Served.options().atMost(UNDER_WAY))) {
            var before = new Tally();
            double capacity;
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                capacity = capacity(served, threads, before);
            }
            double aSecond = 3 * capacity;
            var tally = new Tally();
            var slowest = new ArrayList<Double>();
            var heaps = new ArrayList<Long>();
            long from = System.nanoTime();
            long end = from + TimeUnit.SECONDS.toNanos(SECONDS);
            long minute = from;
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                var asking = threads.submit(() -> ask(served, threads, from, end, aSecond, tally));
                while (System.nanoTime() < end) {
                    if (System.nanoTime() >= minute) {
                        minute += TimeUnit.MINUTES.toNanos(1);
                        heaps.add(used());
                    }
                    slowest.add(time(served, "/api/v1/runs"));
                    TimeUnit.MILLISECONDS.sleep(50);
                }
                asking.get();
                // A machine that was held up as it was measured can do more than that.
                for (double more = 2 * aSecond; tally.refused.sum() == 0; more *= 2) {
                    long now = System.nanoTime();
                    assertThat(more).isLessThan(MOST_ASKED);
                    ask(served, threads, now, now + TimeUnit.SECONDS.toNanos(1), more, tally);
                }
            }
            long ended = System.nanoTime();
            heaps.add(used());
            slowest.sort(null);
            long done = tally.begun.sum();
            System.out.printf(
                    Locale.ROOT,
                    "%d s at %.0f runs a second, three times what can be done: %d begun (%.2f of what can be"
                            + " done), %d refused with 429, %d other answers, answered after %.0f ms on"
                            + " average and %.0f at most; the list took p50 %.0f ms, p99 %.0f ms; heap after GC, MB by the minute: %s%n",
                    SECONDS,
                    aSecond,
                    done,
                    done / capacity / ((ended - from) / 1e9),
                    tally.refused.sum(),
                    tally.other.sum(),
                    tally.meanMillis(),
                    tally.most.get() / 1e6,
                    slowest.get(slowest.size() / 2),
                    slowest.get(slowest.size() * 99 / 100),
                    heaps.stream().map(bytes -> bytes >> 20).toList());
            assertThat(tally.other.sum()).isZero();
            assertThat(tally.refused.sum()).isPositive();
            assertThat(done).isPositive();
            assertThat(slowest.get(slowest.size() * 9 / 10)).isLessThan(10_000);
            // What is kept of what was looked at last is there after some minutes.
            long settled = heaps.get(Math.min(SETTLED, heaps.size() - 1));
            assertThat(heaps.getLast() - settled).isLessThan(MOST_GROWN);
            assertThat(heaps.getLast() - heaps.getFirst()).isLessThan(100L << 20);
            assertThat(served.tutti.runs(Integer.MAX_VALUE).size())
                    .as("every run that was promised is there")
                    .isEqualTo(done + before.begun.sum());
        }
    }

    /// What came of asking.
    private static final class Tally {
        private final LongAdder begun = new LongAdder();
        private final LongAdder refused = new LongAdder();
        private final LongAdder other = new LongAdder();
        private final LongAdder nanos = new LongAdder();
        private final LongAccumulator most = new LongAccumulator(Math::max, 0);

        private double meanMillis() {
            return nanos.sum() / 1e6 / Math.max(1, begun.sum() + refused.sum() + other.sum());
        }
    }

    /// Runs that are done a second while there are always as many under way as may be, or as many
    /// as can be asked for.
    private static double capacity(Served served, ExecutorService threads, Tally tally)
            throws Exception {
        long begun = System.nanoTime();
        long filled = begun + TimeUnit.SECONDS.toNanos(CALM_SECONDS);
        var counted = new AtomicLong();
        var full = new AtomicLong();
        var askers = new ArrayList<Future<Object>>();
        for (int i = 0; i < ASKERS; i++) {
            askers.add(
                    threads.submit(() -> {
                        while (System.nanoTime() < filled && tally.refused.sum() == 0) {
                            ask(served, tally);
                        }
                        counted.compareAndSet(0, System.nanoTime());
                        full.compareAndSet(0, tally.begun.sum());
                        while (System.nanoTime() - counted.get()
                                < TimeUnit.SECONDS.toNanos(CALM_SECONDS)) {
                            long refused = tally.refused.sum();
                            ask(served, tally);
                            if (tally.refused.sum() > refused) {
                                TimeUnit.MILLISECONDS.sleep(10);
                            }
                        }
                        return List.of();
                    }));
        }
        for (var asker : askers) {
            asker.get();
        }
        return (tally.begun.sum() - full.get()) / ((System.nanoTime() - counted.get()) / 1e9);
    }

    private static Object ask(
            Served served,
            ExecutorService threads,
            long from,
            long end,
            double aSecond,
            Tally tally)
            throws Exception {
        var asked = new ArrayDeque<Future<?>>();
        for (long i = 0; ; i++) {
            long due = from + (long) (i * 1e9 / aSecond);
            if (due >= end) {
                break;
            }
            long early = due - System.nanoTime();
            if (early > 0) {
                TimeUnit.NANOSECONDS.sleep(early);
            }
            asked.add(threads.submit(() -> ask(served, tally)));
            while (!asked.isEmpty() && asked.element().isDone()) {
                asked.remove().get();
            }
        }
        for (var one : asked) {
            one.get();
        }
        return List.of();
    }

    private static Object ask(Served served, Tally tally) throws Exception {
        long begun = System.nanoTime();
        var answer =
                served.admin.post("/api/v1/runs", Value.struct("workflow", Value.text("plain")));
        long took = System.nanoTime() - begun;
        tally.nanos.add(took);
        tally.most.accumulate(took);
        switch (answer.status()) {
            case 201 -> tally.begun.increment();
            case 429 -> {
                assertThat(answer.problem()).isEqualTo("429 busy");
                tally.refused.increment();
            }
            default -> tally.other.increment();
        }
        return List.of();
    }

    /// Bytes in use after a collection.
    private static long used() {
        System.gc();
        var runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
