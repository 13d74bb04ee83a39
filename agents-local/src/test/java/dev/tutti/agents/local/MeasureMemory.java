package dev.tutti.agents.local;

import dev.tutti.agents.local.Quality.Part;
import dev.tutti.agents.local.memory.Kind;
import dev.tutti.agents.local.memory.LongTermMemory;
import dev.tutti.agents.local.memory.LongTermMemory.Wanted;
import dev.tutti.agents.local.memory.Tellings;
import dev.tutti.core.event.TenantId;
import dev.tutti.runtime.journal.MemoryJournal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;

/// Measures how well and how fast memories are found, where the pages of the SQLite documentation
/// are what is remembered: each passage a fact about its page. `--words-only` leaves the embeddings
/// out; `--facts N` measures N made-up facts instead.
public final class MeasureMemory {
    private MeasureMemory() {}

    public static void main(String[] arguments) throws Exception {
        var options = List.of(arguments);
        var work =
                options.contains("--at")
                        ? Path.of(options.get(options.indexOf("--at") + 1))
                        : Files.createTempDirectory("tutti-memory");
        var data = SqliteDocs.data().orElseThrow();
        pages(data, work, !options.contains("--words-only"));
    }

    private static void pages(Path data, Path work, boolean byMeaning) throws Exception {
        var journal = new MemoryJournal();
        int facts = tell(SqliteDocs.pages(data), data, work.resolve("docs"), new Tellings(journal));
        try (var memory = LongTermMemory.of(work, TenantId.LOCAL, () -> journal)) {
            long start = System.nanoTime();
            memory.search(Wanted.of("warm up", 1), Tellings.BEGINNING);
            System.out.printf(
                    Locale.ROOT, "%d facts, indexed in %.1f s%n", facts, millis(start) / 1e3);
            var questions = SqliteDocs.questions(data);
            measure("words", memory, questions, false);
            if (byMeaning) {
                start = System.nanoTime();
                memory.upkeep().run((_, _) -> {}, () -> false);
                System.out.printf(Locale.ROOT, "embedded in %.1f s%n", millis(start) / 1e3);
                measure("hybrid", memory, questions, true);
            }
        }
    }

    private static int tell(List<SqliteDocs.Page> pages, Path data, Path folder, Tellings tellings)
            throws IOException {
        SqliteDocs.write(data, folder, pages.size());
        var documents = new ArrayList<Document>();
        for (var file : FolderScan.of(folder).files()) {
            documents.add(Documents.read(file, Files.readAllBytes(file.path())).orElseThrow());
        }
        var boilerplate = Boilerplate.of(documents.subList(0, Math.min(200, documents.size())));
        int count = 0;
        int i = 0;
        for (var file : FolderScan.of(folder).files()) {
            var document = documents.get(i++);
            for (var passage : Passages.split(document, boilerplate::contains)) {
                var text = Entry.embedded(document.title(), passage.heading(), passage.text());
                tellings.fact(
                        file.source(), text.substring(0, Math.min(text.length(), 10_000)).strip());
                count++;
            }
        }
        tellings.commit();
        return count;
    }

    private static void measure(
            String name,
            LongTermMemory memory,
            List<SqliteDocs.Question> questions,
            boolean byMeaning)
            throws IOException {
        var times = new ArrayList<Double>();
        var ranks =
                Quality.ranks(
                        questions,
                        question -> {
                            long start = System.nanoTime();
                            var pages = new LinkedHashSet<String>();
                            for (var one : find(memory, question, byMeaning)) {
                                pages.add(Quality.page(String.valueOf(one.memory().about())));
                            }
                            times.add(millis(start));
                            return List.copyOf(pages);
                        });
        times.sort(Comparator.naturalOrder());
        for (var part : Part.values()) {
            var quality = Quality.of(questions, ranks, part);
            System.out.printf(
                    Locale.ROOT,
                    "%-7s %-9s %5d  hit@1 %.3f  hit@5 %.3f  MRR %.3f%n",
                    name,
                    part.name().toLowerCase(Locale.ROOT),
                    quality.questions(),
                    quality.hit1(),
                    quality.hit5(),
                    quality.mrr());
        }
        System.out.printf(
                Locale.ROOT,
                "%-7s p50 %.1f ms, p95 %.1f ms a query%n",
                name,
                times.get(times.size() / 2),
                times.get(times.size() * 95 / 100));
    }

    private static List<LongTermMemory.Recalled> find(
            LongTermMemory memory, String question, boolean byMeaning) throws IOException {
        try {
            return memory.search(
                            new Wanted(
                                    question,
                                    null,
                                    EnumSet.of(Kind.FACT),
                                    Quality.PASSAGES,
                                    byMeaning),
                            Tellings.BEGINNING)
                    .memories();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static double millis(long start) {
        return (System.nanoTime() - start) / 1e6;
    }
}
