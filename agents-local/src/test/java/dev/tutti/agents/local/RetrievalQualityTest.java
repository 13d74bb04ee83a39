package dev.tutti.agents.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// On real pages, by words alone; `scripts/measure-retrieval` measures everything.
class RetrievalQualityTest {
    private static final int PAGES = 300;
    private static final int QUESTIONS = 300;

    /// What there is to be ahead of plain BM25, in hit@5 and in MRR.
    private static final double AHEAD = 0.03;

    @TempDir Path temporary;

    @Test
    void the_right_page_is_found_more_often_than_by_plain_bm25() throws Exception {
        var data = SqliteDocs.data();
        if (data.isEmpty()) {
            System.err.println(
                    "SKIPPED: retrieval quality is not measured, ../shared/data is not here");
        }
        assumeTrue(data.isPresent());
        var pages = SqliteDocs.pages(data.get()).subList(0, PAGES);
        var ids = pages.stream().map(SqliteDocs.Page::id).toList();
        var questions =
                SqliteDocs.questions(data.get()).stream()
                        .filter(question -> ids.containsAll(question.answers()))
                        .filter(Quality.Part.HELD_OUT::has)
                        .limit(QUESTIONS)
                        .toList();
        SqliteDocs.write(data.get(), temporary.resolve("docs"), PAGES);
        try (var folder =
                new IndexedFolder(
                        temporary.resolve("docs"), temporary.resolve("index"), Weights.TUNED)) {
            folder.refresh(FolderScan.of(temporary.resolve("docs")), (_, _) -> {});

            var plain = quality(questions, Quality.plain(pages));
            var ours =
                    quality(
                            questions,
                            question ->
                                    folder.find(question, Quality.PASSAGES, false).hits().stream()
                                            .map(hit -> Quality.page(hit.source()))
                                            .toList());

            assertThat(ours.questions()).isGreaterThan(100);
            assertThat(ours.hit5()).isGreaterThan(plain.hit5() + AHEAD);
            assertThat(ours.mrr()).isGreaterThan(plain.mrr() + AHEAD);
        }
    }

    private static Quality quality(List<SqliteDocs.Question> questions, Quality.Finder finder)
            throws Exception {
        return Quality.of(questions, Quality.ranks(questions, finder), Quality.Part.ALL);
    }
}
