package dev.tutti.agents.local;

import dev.tutti.agents.local.SqliteDocs.Question;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import org.apache.lucene.analysis.standard.StandardAnalyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.apache.lucene.util.QueryBuilder;

/// How well the pages that answer questions are found.
///
/// The rank of a page is that among the distinct pages found. hit@n is the share of the questions
/// whose page is among the first n; MRR is the mean of 1/rank, 0 beyond rank [#CUT].
///
/// @param questions how many
record Quality(int questions, double hit1, double hit5, double mrr) {
    static final int CUT = 10;

    /// The passages that are asked for, so that there are [#CUT] distinct pages among them.
    static final int PASSAGES = 100;

    /// Some of the questions.
    enum Part {
        ALL,
        /// The half that weights may be set on.
        TUNED_ON,
        HELD_OUT;

        boolean has(Question question) {
            boolean even = (Digest.of(question.id())[0] & 1) == 0;
            return switch (this) {
                case ALL -> true;
                case TUNED_ON -> even;
                case HELD_OUT -> !even;
            };
        }
    }

    /// Finds the ids of pages, best first.
    @FunctionalInterface
    interface Finder {
        List<String> pages(String question) throws IOException;
    }

    /// The rank of the page that answers each question; 0 where it is not found.
    static List<Integer> ranks(List<Question> questions, Finder finder) throws IOException {
        var ranks = new ArrayList<Integer>();
        for (var question : questions) {
            var pages = List.copyOf(new LinkedHashSet<>(finder.pages(question.text())));
            int rank = 0;
            for (int i = 0; i < pages.size() && rank == 0; i++) {
                rank = question.answers().contains(pages.get(i)) ? i + 1 : 0;
            }
            ranks.add(rank);
        }
        return ranks;
    }

    static Quality of(List<Question> questions, List<Integer> ranks, Part part) {
        int count = 0;
        int first = 0;
        int firstFive = 0;
        double reciprocal = 0;
        for (int i = 0; i < ranks.size(); i++) {
            if (part.has(questions.get(i))) {
                int rank = ranks.get(i);
                count++;
                first += rank == 1 ? 1 : 0;
                firstFive += rank >= 1 && rank <= 5 ? 1 : 0;
                reciprocal += rank >= 1 && rank <= CUT ? 1.0 / rank : 0;
            }
        }
        return new Quality(
                count, (double) first / count, (double) firstFive / count, reciprocal / count);
    }

    /// The page of a file that [SqliteDocs] wrote.
    static String page(String source) {
        return source.substring(0, source.length() - ".md".length());
    }

    /// Plain BM25: whole pages, one field, words as Lucene's standard analyzer has them.
    static Finder plain(List<SqliteDocs.Page> pages) throws IOException {
        var directory = new ByteBuffersDirectory();
        try (var writer = new IndexWriter(directory, new IndexWriterConfig())) {
            for (var page : pages) {
                var document = new Document();
                document.add(new StringField("id", page.id(), Field.Store.YES));
                document.add(new TextField("text", page.text(), Field.Store.NO));
                writer.addDocument(document);
            }
        }
        var searcher = new IndexSearcher(DirectoryReader.open(directory));
        var words = new QueryBuilder(new StandardAnalyzer());
        return question -> {
            var query = words.createBooleanQuery("text", question);
            var found = new ArrayList<String>();
            if (query != null) {
                for (var page : searcher.search(query, CUT).scoreDocs) {
                    found.add(searcher.storedFields().document(page.doc).get("id"));
                }
            }
            return found;
        };
    }
}
