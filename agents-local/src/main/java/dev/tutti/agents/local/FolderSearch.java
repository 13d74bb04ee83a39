package dev.tutti.agents.local;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.index.StoredFields;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.BoostQuery;
import org.apache.lucene.search.PhraseQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermQuery;
import org.jspecify.annotations.Nullable;

/// Finds passages for a question: by the words of the page they are on, by their own words (BM25),
/// and by nearness of meaning where there are embeddings. The parts are scaled to their best and
/// added with [Weights].
final class FolderSearch {
    /// Entries that are looked at closely.
    private static final int PAGES = 200;

    private static final int PASSAGES = 600;
    private static final int NEAR = 200;

    /// Pages that are considered although none of their passages matches by itself.
    private static final int PAGES_WITHOUT_PASSAGE = 30;

    /// Each further passage of a page counts this much less, so that a few pages do not crowd out
    /// the rest.
    private static final double CROWDING = 0.9;

    /// Words of a question that are used.
    private static final int MOST_TERMS = 64;

    private static final int SLOP = 1;

    /// A passage that was found.
    ///
    /// @param score from 1 for the best downwards
    record Hit(
            String text, String source, String title, String heading, String place, double score) {}

    /// How near each entry is to the question, from -1 to 1, by its number; NaN where that is not
    /// known.
    interface Meaning {
        float nearness(int entry);
    }

    private final Snapshot snapshot;
    private final Weights weights;

    FolderSearch(Snapshot snapshot, Weights weights) {
        this.snapshot = snapshot;
        this.weights = weights;
    }

    List<Hit> find(String question, int most, @Nullable Meaning meaning) throws IOException {
        var scores = words(question);
        if (meaning != null) {
            addMeaning(scores, meaning);
        }
        return hits(scores, most);
    }

    /// Scores by words, the best of them 1.
    private Map<Integer, Double> words(String question) throws IOException {
        var pages = new HashMap<Integer, Double>();
        var scores = new HashMap<Integer, Double>();
        var searcher = snapshot.searcher();
        var found = searcher.search(among(Entry.PAGE, pageQuery(question)), PAGES).scoreDocs;
        for (var page : found) {
            pages.put(snapshot.sourceOf(page.doc), (double) page.score);
        }
        var seen = new HashSet<Integer>();
        for (var passage :
                searcher.search(among(Entry.PASSAGE, passageQuery(question)), PASSAGES).scoreDocs) {
            int source = snapshot.sourceOf(passage.doc);
            seen.add(source);
            scores.put(passage.doc, passage.score + pages.getOrDefault(source, 0.0));
        }
        for (int i = 0; i < Math.min(found.length, PAGES_WITHOUT_PASSAGE); i++) {
            int source = snapshot.sourceOf(found[i].doc);
            int first = snapshot.firstPassageOf(source);
            if (first >= 0 && seen.add(source)) {
                scores.put(first, pages.getOrDefault(source, 0.0));
            }
        }
        double best = scores.values().stream().mapToDouble(Double::doubleValue).max().orElse(1);
        scores.replaceAll((_, score) -> score / best);
        return scores;
    }

    private void addMeaning(Map<Integer, Double> scores, Meaning meaning) {
        record Near(int entry, float nearness) {}
        var near = new ArrayList<Near>();
        for (int entry = 0; entry < snapshot.entries(); entry++) {
            float nearness = snapshot.digest(entry) == null ? Float.NaN : meaning.nearness(entry);
            if (!Float.isNaN(nearness)) {
                near.add(new Near(entry, nearness));
            }
        }
        near.sort(Comparator.comparingDouble(Near::nearness).reversed());
        double best = near.isEmpty() ? 1 : Math.max(near.getFirst().nearness(), 1e-6);
        for (int i = 0; i < near.size(); i++) {
            var entry = near.get(i);
            double share = weights.meaning() * Math.max(0, entry.nearness()) / best;
            if (i < NEAR || scores.containsKey(entry.entry())) {
                scores.merge(entry.entry(), share, Double::sum);
            }
        }
    }

    private record Scored(int entry, double score) {}

    private List<Hit> hits(Map<Integer, Double> scores, int most) throws IOException {
        var ofPage = new HashMap<Integer, List<Scored>>();
        scores.forEach((entry, score) ->
                ofPage.computeIfAbsent(snapshot.sourceOf(entry), _ -> new ArrayList<>())
                        .add(new Scored(entry, score)));
        var all = new ArrayList<Scored>();
        ofPage.values().forEach(page -> all.addAll(spread(page)));
        all.sort(
                Comparator.comparingDouble(Scored::score)
                        .reversed()
                        .thenComparing(one -> snapshot.source(snapshot.sourceOf(one.entry())))
                        .thenComparingInt(Scored::entry));
        var hits = new ArrayList<Hit>();
        var stored = snapshot.searcher().storedFields();
        double best = all.isEmpty() ? 1 : all.getFirst().score();
        for (var scored : all.subList(0, Math.min(most, all.size()))) {
            hits.add(hit(stored, scored.entry(), scored.score() / best));
        }
        return hits;
    }

    /// The passages of one page share its scores out anew: the best score goes to the passage that
    /// is best once prose counts, and each further one is lowered by crowding.
    private List<Scored> spread(List<Scored> page) {
        var byScore = Comparator.comparingDouble(Scored::score).reversed();
        var scores = page.stream().sorted(byScore).mapToDouble(Scored::score).toArray();
        var ranked =
                page.stream()
                        .map(one -> new Scored(one.entry(), one.score() * worth(one.entry())))
                        .sorted(byScore.thenComparingInt(Scored::entry))
                        .toList();
        var spread = new ArrayList<Scored>();
        for (int i = 0; i < scores.length; i++) {
            spread.add(new Scored(ranked.get(i).entry(), scores[i] * Math.pow(CROWDING, i)));
        }
        return spread;
    }

    /// Of passages that match alike, prose tells more than a list of names.
    private double worth(int entry) {
        return 1 - weights.prose() * (1 - snapshot.prose(entry));
    }

    private Hit hit(StoredFields stored, int entry, double score) throws IOException {
        var fields = stored.document(entry);
        return new Hit(
                fields.get(Entry.TEXT),
                snapshot.source(snapshot.sourceOf(entry)),
                fields.get(Entry.TITLE),
                fields.get(Entry.HEADING),
                fields.get(Entry.PLACE),
                score);
    }

    private Query pageQuery(String question) {
        var query = new BooleanQuery.Builder();
        var stems = terms(Words.STEMS, question);
        var words = terms(Words.AS_WRITTEN, question);
        add(query, Entry.PAGE_TITLE, stems, weights.title());
        add(query, Entry.PAGE_HEADINGS, stems, weights.heading());
        add(query, Entry.PAGE_PATH, stems, weights.path());
        add(query, Entry.PAGE_STEMS, stems, weights.stems());
        add(query, Entry.PAGE_LEAD, words, weights.lead());
        add(query, Entry.PAGE_TEXT, words, weights.text());
        return query.build();
    }

    private Query passageQuery(String question) {
        var query = new BooleanQuery.Builder();
        var stems = terms(Words.STEMS, question);
        add(query, Entry.HEADING, stems, weights.passageHeading());
        add(query, Entry.STEMS, stems, weights.passageStems());
        addPhrase(query, Entry.STEMS, stems, weights.passagePhrase());
        return query.build();
    }

    private static Query among(String kind, Query query) {
        return new BooleanQuery.Builder()
                .add(new TermQuery(new Term(Entry.KIND, kind)), Occur.FILTER)
                .add(query, Occur.MUST)
                .build();
    }

    private static List<String> terms(Analyzer analyzer, String question) {
        var terms = Words.of(analyzer, question);
        return terms.subList(0, Math.min(terms.size(), MOST_TERMS));
    }

    private static void add(
            BooleanQuery.Builder query, String field, List<String> terms, double weight) {
        if (weight > 0) {
            for (var term : terms) {
                query.add(boosted(new TermQuery(new Term(field, term)), weight), Occur.SHOULD);
            }
        }
    }

    private static void addPhrase(
            BooleanQuery.Builder query, String field, List<String> terms, double weight) {
        if (weight > 0 && terms.size() > 1) {
            var phrase = new PhraseQuery(SLOP, field, terms.toArray(String[]::new));
            query.add(boosted(phrase, weight), Occur.SHOULD);
        }
    }

    private static Query boosted(Query query, double weight) {
        return new BoostQuery(query, (float) weight);
    }
}
