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
import dev.tutti.runtime.projection.RunList;
import dev.tutti.runtime.projection.RunListKeeper;
import dev.tutti.wiring.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.DoubleSupplier;
import java.util.stream.IntStream;
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

    /// How long more is asked for than can be done.
    private static final int SECONDS = Integer.getInteger("scale.seconds", 30);

    /// In the build what comes before that is short.
    private static final int BEFORE = SECONDS > 30 ? SECONDS : 2;

    private static final int AT_ONCE = 2_000;
    private static final int ASKERS = 8;
    private static final int CALM_SECONDS = Math.clamp(BEFORE / 4, 3, 60);

    /// How long it is measured how far pages are behind, at each load.
    private static final int LAG_SECONDS = Math.clamp(BEFORE / 2, 1, 120);

    private static final int UNDER_WAY = 100;

    /// Runs that are followed while others are asked for.
    private static final int WATCHED = 2;

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
        list(store);
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
            double searched = time(served, "/api/v1/runs?q=nowhere");
            double counted = time(served, "/api/v1/histogram");
            double inbox = time(served, "/api/v1/questions");
            System.out.printf(
                    "%d finished runs: serving after %.0f ms, first page %.0f ms, then p50 %.0f ms, most %.0f ms;"
                            + " a filter that finds nothing %.0f ms, words that nothing has %.0f ms, counted by when they began %.0f ms, the first inbox %.0f ms%n",
                    RUNS,
                    start,
                    first,
                    pages.get(10),
                    pages.getLast(),
                    filtered,
                    searched,
                    counted,
                    inbox);
            assertThat(pages.get(10)).isLessThan(300);
            assertThat(served.tutti.runs(1_000_000)).hasSize(RUNS);
        }
    }

    /// As after an update: what the version before kept of the list is of no use to this one.
    @Test
    void a_store_is_served_while_its_list_is_made_anew(@TempDir Path store) throws Exception {
        fill(store);
        try (var journal = SqliteJournal.open(Store.database(store), Store.artifacts(store))) {
            journal.keep("runs", 0, journal.position(), List.of());
            assertThat(RunList.keptTo(journal)).isZero();
        }
        long begun = System.nanoTime();
        try (var served = Served.in(store, Served.options());
                var reader = served.tutti.reader()) {
            double start = (System.nanoTime() - begun) / 1e6;
            var pages = new ArrayList<Double>();
            double first = time(served, "/api/v1/runs");
            boolean made = false;
            while (!made) {
                made = RunList.keptTo(reader) > 0;
                pages.add(time(served, "/api/v1/runs"));
                assertThat(served.get("/api/v1/runs?limit=200").fields().get("runs"))
                        .isInstanceOfSatisfying(
                                Value.Array.class,
                                runs -> assertThat(runs.items()).hasSize(Math.min(200, RUNS)));
                TimeUnit.MILLISECONDS.sleep(20);
            }
            double took = (System.nanoTime() - begun) / 1e9;
            pages.sort(null);
            System.out.printf(
                    "%d finished runs, none of them listed: serving after %.0f ms, first page %.0f ms, all listed"
                            + " after %.1f s; until then a page p50 %.0f ms, most %.0f ms%n",
                    RUNS, start, first, took, pages.get(pages.size() / 2), pages.getLast());
            assertThat(pages.get(pages.size() / 2)).isLessThan(300);
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
            System.out.printf(
                    "%d runs of %d events filled in %.1f s%n",
                    RUNS, events.size(), (System.nanoTime() - begun) / 1e9);
        }
    }

    private static void list(Path store) {
        long begun = System.nanoTime();
        try (var journal = SqliteJournal.open(Store.database(store), Store.artifacts(store))) {
            var list = new RunListKeeper(journal);
            while (list.isBehind()) {
                list.catchUp();
            }
            System.out.printf("listed in %.1f s%n", (System.nanoTime() - begun) / 1e9);
        }
    }

    /// What pages show is close behind the journal at half of what can be done and at twice as
    /// much. Then three times as many runs are asked for as can be done. All by the clock, however
    /// many have not been answered yet.
    @Test
    void more_than_can_be_done_is_refused_early_and_pages_stay_close(@TempDir Path folder)
            throws Exception {
        var options = Served.options().atMost(UNDER_WAY).serving(team(folder));
        try (var served = Served.in(folder.resolve("store"), options)) {
            var before = new Tally();
            double capacity;
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                capacity = capacity(served, threads, before);
                behind(served, threads, 0.5, capacity, before).assertWithin(1_000);
                behind(served, threads, 2, capacity, before).assertWithin(10_000);
            }
            quiet(served);
            var tally = new Tally();
            var slowest = new ArrayList<Double>();
            var heaps = new ArrayList<Long>();
            long from = System.nanoTime();
            long end = from + TimeUnit.SECONDS.toNanos(SECONDS);
            long minute = from;
            // A machine that was held up as it was measured, or was cold, can do more than that.
            DoubleSupplier done =
                    () ->
                            Math.max(
                                    capacity,
                                    tally.begun.sum() / ((System.nanoTime() - from) / 1e9 + 1));
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                var asking =
                        threads.submit(() ->
                                ask(
                                        served,
                                        threads,
                                        from,
                                        end,
                                        () -> 3 * done.getAsDouble(),
                                        tally));
                while (System.nanoTime() < end) {
                    if (System.nanoTime() >= minute) {
                        minute += TimeUnit.MINUTES.toNanos(1);
                        heaps.add(used());
                    }
                    slowest.add(time(served, "/api/v1/runs"));
                    TimeUnit.MILLISECONDS.sleep(50);
                }
                asking.get();
            }
            long ended = System.nanoTime();
            heaps.add(used());
            slowest.sort(null);
            long begun = tally.begun.sum();
            long asked = begun + tally.refused.sum() + tally.other.sum();
            double took = (ended - from) / 1e9;
            System.out.printf(
                    Locale.ROOT,
                    "%.1f s at %.0f runs a second, %.1f times as many as were done: %d begun (%.2f of what was"
                            + " measured), %d refused with 429, %d other answers, answered after %.0f ms on"
                            + " average and %.0f at most; the list took p50 %.0f ms, p99 %.0f ms; heap after GC, MB by the minute: %s%n",
                    took,
                    asked / took,
                    (double) asked / begun,
                    begun,
                    begun / capacity / took,
                    tally.refused.sum(),
                    tally.other.sum(),
                    tally.meanMillis(),
                    tally.most.get() / 1e6,
                    slowest.get(slowest.size() / 2),
                    slowest.get(slowest.size() * 99 / 100),
                    heaps.stream().map(bytes -> bytes >> 20).toList());
            assertThat(tally.other.sum()).isZero();
            assertThat(tally.refused.sum()).isPositive();
            assertThat(begun).isPositive();
            assertThat((double) asked / begun).as("times what can be done").isGreaterThan(2);
            assertThat(slowest.get(slowest.size() * 9 / 10)).isLessThan(10_000);
            // What is kept of what was looked at last is there after some minutes.
            long settled = heaps.get(Math.min(SETTLED, heaps.size() - 1));
            assertThat(heaps.getLast() - settled).isLessThan(MOST_GROWN);
            assertThat(heaps.getLast() - heaps.getFirst()).isLessThan(100L << 20);
            assertThat(served.tutti.runs(Integer.MAX_VALUE).size())
                    .as("every run that was promised is there")
                    .isEqualTo(begun + before.begun.sum() + WATCHED);
        }
    }

    /// The team that is served, and one more workflow, whose events come evenly.
    private static Path team(Path folder) throws IOException {
        var file = folder.resolve("steady.yaml");
        var steady =
                Files.readString(Served.TEAM)
                        .replace(
                                "\nagents:\n",
                                """

                                agents:
                                  ticker: { skills: [tick], uses: simulated, with: { latency: 20ms..30ms, output: "${{'n': input.n}}" }, limits: { concurrency: 1 } }
                                """)
                        .replace(
                                "\nworkflows:\n",
                                """

                                workflows:
                                  steady:
                                    input: { ticks: [int] }
                                    tasks:
                                      tick: { skill: tick, each: "${input.ticks}", input: { n: "${item}" } }
                                    output: "${size(tick)}"
                                """);
        Files.writeString(file, steady);
        return file;
    }

    /// Waits until nothing is under way.
    private static void quiet(Served served) throws InterruptedException {
        while (served.tutti.runs(2 * UNDER_WAY).stream().anyMatch(run -> !run.status().isFinal())) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    /// How far a page is behind while so much of what can be done is asked for: one that shows the
    /// list and a run, and one that follows this run's journal.
    private static Lags behind(
            Served served, ExecutorService threads, double load, double capacity, Tally tally)
            throws Exception {
        var ticks = IntStream.range(0, 40 * LAG_SECONDS).<Value>mapToObj(Value::of).toList();
        var wanted =
                Value.struct(
                        "workflow",
                        Value.text("steady"),
                        "inputs",
                        Value.struct("ticks", new Value.Array(ticks)));
        quiet(served);
        var begun = served.admin.post("/api/v1/runs", wanted);
        assertThat(begun.status()).isEqualTo(201);
        var run = begun.body().text("run");
        var address = "http://127.0.0.1:" + served.server.port() + "/api/v1/";
        long from = System.nanoTime();
        long end = from + TimeUnit.SECONDS.toNanos(LAG_SECONDS);
        long refused = tally.refused.sum();
        long done = tally.begun.sum();
        var lags = new Lags(load);
        try (var page =
                        Listener.open(
                                served.admin.http(), address + "live?list=true&run=" + run, null);
                var journal =
                        Listener.open(
                                served.admin.http(), address + "runs/" + run + "/events", null)) {
            var shown = threads.submit(() -> lags.show(page, served));
            var heard = threads.submit(() -> lags.hear(journal));
            var kept = threads.submit(() -> lags.keep(served.tutti, end));
            ask(served, threads, from, end, () -> load * capacity, tally);
            double took = (System.nanoTime() - from) / 1e9;
            kept.get();
            // Refused where it has ended by itself.
            served.admin.post("/api/v1/runs/" + run + "/cancel");
            heard.get();
            shown.get();
            System.out.printf(
                    Locale.ROOT,
                    "%.1f of what can be done, %.0f runs a second for %.1f s: %d begun, %d refused; %s%n",
                    load,
                    load * capacity,
                    took,
                    tally.begun.sum() - done,
                    tally.refused.sum() - refused,
                    lags);
        }
        return lags;
    }

    /// How long after an event was made it was seen, in milliseconds.
    private static final class Lags {
        private final double load;
        private final Map<Long, Instant> made = new ConcurrentHashMap<>();
        private final Map<Long, Instant> patched = new LinkedHashMap<>();
        private final List<Long> journal = new ArrayList<>();
        private final List<Long> list = new ArrayList<>();
        private final Set<String> listed = new HashSet<>();
        private final Set<String> ended = new HashSet<>();
        private final Instant from = Instant.now();
        private long kept;
        private int refetched;

        Lags(double load) {
            this.load = load;
        }

        /// Follows a run's journal to its end.
        private Object hear(Listener listener) throws IOException {
            for (var heard = listener.next(); heard.isPresent(); heard = listener.next()) {
                if (heard.get().event().equals("journal")) {
                    var at = Instant.parse(heard.get().data().text("at"));
                    journal.add(since(at));
                    made.put(Long.valueOf(heard.get().id()), at);
                }
            }
            return List.of();
        }

        /// Shows the list, and a run to its end.
        private Object show(Listener listener, Served served) throws Exception {
            for (boolean going = true; going; ) {
                var heard = listener.next().orElseThrow();
                switch (heard.event()) {
                    case "patch" -> {
                        var now = Instant.now();
                        long upTo = ((Value.Int) field(heard.data(), "sequence")).value();
                        patched.put(upTo, now);
                        var view = (Value.Struct) field(heard.data(), "view");
                        going = !Value.of(true).equals(view.get("ended"));
                    }
                    case "runs" -> rows(heard.data());
                    case "refetch" -> {
                        refetched++;
                        rows(served.get("/api/v1/runs?limit=200"));
                    }
                    default -> {
                        // A greeting, or where it is.
                    }
                }
            }
            return List.of();
        }

        private void rows(Value.Struct of) {
            for (var each : ((Value.Array) field(of, "runs")).items()) {
                var row = (Value.Struct) each;
                var begun = Instant.parse(row.text("started_at"));
                if (begun.isAfter(from) && listed.add(row.text("run"))) {
                    list.add(since(begun));
                }
                if (row.text("status").equals("succeeded") && ended.add(row.text("run"))) {
                    list.add(since(Instant.parse(row.text("last_at"))));
                }
            }
        }

        /// Looks how far the kept list is behind the journal.
        private Object keep(Tutti tutti, long end) throws InterruptedException {
            var positions = new TreeMap<Long, Long>();
            try (var reader = tutti.reader()) {
                while (System.nanoTime() < end) {
                    long now = System.nanoTime();
                    positions.putIfAbsent(reader.position(), now);
                    var missing = positions.higherEntry(RunList.keptTo(reader));
                    kept =
                            Math.max(
                                    kept,
                                    missing == null ? 0 : (now - missing.getValue()) / 1_000_000);
                    TimeUnit.MILLISECONDS.sleep(20);
                }
            }
            return List.of();
        }

        private static long since(Instant at) {
            return Duration.between(at, Instant.now()).toMillis();
        }

        /// For each event of the run, how long after it the page showed it.
        private List<Long> page() {
            var shown = new TreeMap<>(patched);
            var lags = new ArrayList<Long>();
            made.forEach((sequence, at) -> {
                var by = shown.ceilingEntry(sequence);
                assertThat(by).as("event %d is shown", sequence).isNotNull();
                lags.add(Duration.between(at, by.getValue()).toMillis());
            });
            return lags;
        }

        private static String spread(List<Long> lags) {
            assertThat(lags).isNotEmpty();
            lags.sort(null);
            return "p50 %d, p99 %d, at most %d ms (%d)"
                    .formatted(
                            lags.get(lags.size() / 2),
                            lags.get(lags.size() * 99 / 100),
                            lags.getLast(),
                            lags.size());
        }

        @Override
        public String toString() {
            return "behind: a run's journal by "
                    + spread(journal)
                    + ", a run's page by "
                    + spread(page())
                    + ", rows of the list by "
                    + spread(list)
                    + ", read anew "
                    + refetched
                    + " times; the kept list by "
                    + kept
                    + " ms at most";
        }

        void assertWithin(long millis) {
            for (var lags : List.of(journal, page(), list)) {
                lags.sort(null);
                // Whoever builds may do other things beside: only a longer measurement looks at
                // each one.
                int one = BEFORE < 10 ? lags.size() * 9 / 10 : lags.size() - 1;
                assertThat(lags.get(one)).as("ms behind at %s", load).isLessThan(millis);
            }
        }
    }

    private static Value field(Value.Struct of, String name) {
        return Objects.requireNonNull(of.get(name), name);
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
            DoubleSupplier aSecond,
            Tally tally)
            throws Exception {
        var asked = new ArrayDeque<Future<?>>();
        for (long due = from;
                due < end;
                due += (long) (1e9 / Math.min(MOST_ASKED, aSecond.getAsDouble()))) {
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
