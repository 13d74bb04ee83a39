package dev.tutti.agents.local;

import dev.tutti.agents.local.Quality.Finder;
import dev.tutti.agents.local.Quality.Part;
import dev.tutti.agents.local.SqliteDocs.Question;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.agent.AgentExecutor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import tools.jackson.databind.json.JsonMapper;

/// Measures the retriever on the pages of the SQLite documentation: quality against plain BM25, and
/// how long everything takes. Prints a table, or one JSON document with `--json`.
public final class MeasureRetrieval {
    private final Path folder;
    private final Path store;
    private final List<Question> questions;
    private final SequencedMap<String, Object> figures = new LinkedHashMap<>();
    private final List<List<String>> table = new ArrayList<>();

    private MeasureRetrieval(Path folder, Path store, List<Question> questions) {
        this.folder = folder;
        this.store = store;
        this.questions = questions;
    }

    public static void main(String[] arguments) throws Exception {
        var options = List.of(arguments);
        if (!List.of("--json", "--words-only").containsAll(options)) {
            System.err.println("usage: measure-retrieval [--json] [--words-only]");
            System.exit(2);
        }
        var data = SqliteDocs.data().orElse(null);
        if (data == null) {
            System.err.println("measure-retrieval: ../shared/data/documents is not here");
            System.exit(2);
            return;
        }
        var work = Files.createTempDirectory("tutti-retrieval");
        try {
            var pages = SqliteDocs.pages(data);
            SqliteDocs.write(data, work.resolve("docs"), pages.size());
            var measure =
                    new MeasureRetrieval(
                            work.resolve("docs"),
                            work.resolve("store"),
                            SqliteDocs.questions(data));
            measure.run(pages, options.contains("--words-only"));
            measure.print(options.contains("--json"));
        } finally {
            delete(work);
        }
    }

    private void run(List<SqliteDocs.Page> pages, boolean wordsOnly) throws Exception {
        var with = Value.struct("folder", Value.text(folder.toString()));
        var asked = Value.struct("query", Value.text("How does write-ahead logging work?"));
        long start = System.nanoTime();
        var executor = Attempts.executor("local/retriever", with, store, folder);
        Attempts.output(executor, with, asked);
        figures.put("first_answer_ms", millis(start));
        start = System.nanoTime();
        Attempts.output(executor, with, asked);
        figures.put("second_answer_ms", millis(start));

        var home = home();
        try (var indexed = new IndexedFolder(folder, home, Weights.TUNED)) {
            start = System.nanoTime();
            figures.put("pages", pages.size());
            figures.put("passages", indexed.refresh(FolderScan.of(folder), (_, _) -> {}));
            figures.put("reopen_ms", millis(start));
            measure("plain BM25", Quality.plain(pages));
            measure("words", finder(indexed, false));
            if (!wordsOnly) {
                embed(executor);
                indexed.find("warm up", 1, true);
                measure("hybrid", finder(indexed, true));
            }
        }
        executor.close();
        figures.put("documents_mb", megabytes(folder));
        figures.put("index_mb", megabytes(home.resolve("words")));
        figures.put("vectors_mb", wordsOnly ? 0.0 : megabytes(home.resolve("vectors")));
    }

    private void embed(AgentExecutor executor) throws Exception {
        long start = System.nanoTime();
        executor.upkeep()
                .run(
                        (done, of) -> {
                            figures.put("vectors", of);
                            if (done % 1024 == 0) {
                                System.err.println("embedded " + done + "/" + of);
                            }
                        },
                        () -> false);
        double seconds = millis(start) / 1000;
        figures.put("embedding_s", rounded(seconds));
        long vectors = ((Number) figures.getOrDefault("vectors", 1)).longValue();
        figures.put("embedding_ms_a_passage", rounded(seconds * 1000 / vectors));
    }

    private static Finder finder(IndexedFolder folder, boolean byMeaning) {
        return question -> {
            var found = folder.find(question, Quality.PASSAGES, byMeaning);
            if (found.hybrid() != byMeaning) {
                throw new IllegalStateException("not found as asked for");
            }
            var pages = new LinkedHashSet<String>();
            found.hits().forEach(hit -> pages.add(Quality.page(hit.source())));
            return List.copyOf(pages);
        };
    }

    private void measure(String name, Finder finder) throws IOException {
        var times = new ArrayList<Double>();
        var ranks =
                Quality.ranks(
                        questions,
                        question -> {
                            long start = System.nanoTime();
                            var pages = finder.pages(question);
                            times.add(millis(start));
                            return pages;
                        });
        times.sort(Comparator.naturalOrder());
        var parts = new LinkedHashMap<String, Object>();
        for (var part : Part.values()) {
            var quality = Quality.of(questions, ranks, part);
            parts.put(part.name().toLowerCase(Locale.ROOT), quality);
            table.add(
                    List.of(
                            name,
                            part.name().toLowerCase(Locale.ROOT),
                            Integer.toString(quality.questions()),
                            three(quality.hit1()),
                            three(quality.hit5()),
                            three(quality.mrr())));
        }
        parts.put("query_p50_ms", times.get(times.size() / 2));
        parts.put("query_p95_ms", times.get(times.size() * 95 / 100));
        figures.put(name.replace(' ', '_').toLowerCase(Locale.ROOT), parts);
    }

    private void print(boolean json) {
        if (json) {
            System.out.println(JsonMapper.shared().writeValueAsString(figures));
            return;
        }
        System.out.printf(
                "%-11s %-9s %9s %6s %6s %6s%n",
                "how", "questions", "count", "hit@1", "hit@5", "MRR@" + Quality.CUT);
        for (var row : table) {
            System.out.printf("%-11s %-9s %9s %6s %6s %6s%n", row.toArray());
        }
        figures.forEach((name, figure) -> {
            if (figure instanceof Map<?, ?> parts) {
                System.out.printf(
                        "%s: p50 %s ms, p95 %s ms a query%n",
                        name, parts.get("query_p50_ms"), parts.get("query_p95_ms"));
            } else {
                System.out.println(name + ": " + figure);
            }
        });
    }

    private Path home() throws IOException {
        try (var homes = Files.list(store.resolve("index"))) {
            return homes.findFirst().orElseThrow();
        }
    }

    private static double megabytes(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            long bytes =
                    files.filter(Files::isRegularFile)
                            .mapToLong(file -> file.toFile().length())
                            .sum();
            return rounded(bytes / 1e6);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> {
                        try {
                            Files.delete(file);
                        } catch (IOException failure) {
                            throw new UncheckedIOException(failure);
                        }
                    });
        }
    }

    private static double millis(long start) {
        return rounded((System.nanoTime() - start) / 1e6);
    }

    private static double rounded(double figure) {
        return Math.round(figure * 100) / 100.0;
    }

    private static String three(double share) {
        return String.format(Locale.ROOT, "%.3f", share);
    }
}
