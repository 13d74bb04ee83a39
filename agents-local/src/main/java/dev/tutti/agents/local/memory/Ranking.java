package dev.tutti.agents.local.memory;

import dev.tutti.agents.local.Words;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Finds memories for a question: by their own words and by those of everything that is known about
/// the same subject (BM25), and by nearness of meaning where there are embeddings. The parts are
/// scaled to their best and added; then what was confirmed long ago counts less.
final class Ranking {
    /// Words of a question that are used.
    private static final int MOST_TERMS = 64;

    /// Memories that are added because they mean something like the question.
    private static final int NEAR = 200;

    /// What means less like the question than this is not added for its meaning alone.
    private static final float LEAST_NEARNESS = 0.25f;

    /// Each further memory about the same counts this much less, so that one subject does not crowd
    /// out the rest.
    private static final double CROWDING = 0.9;

    /// Memories that are ranked by that.
    private static final int FEWEST_CANDIDATES = 800;

    /// How much each kind of evidence counts. Set on one half of a set of questions and checked on
    /// the other.
    ///
    /// @param stems words of a memory, stemmed
    /// @param lead words that it begins with
    /// @param subjectNames words of its subject and attribute
    /// @param subjectLead words that memories about its subject begin with
    /// @param subjectStems words of all memories about its subject, stemmed
    /// @param subjectWritten the same, as written
    /// @param meaning nearness of the embeddings, against all words
    record Weights(
            double stems,
            double lead,
            double subjectNames,
            double subjectLead,
            double subjectStems,
            double subjectWritten,
            double meaning) {
        static final Weights TUNED = new Weights(3.0, 0.5, 1.3, 1.0, 0.75, 1.3, 0.4);
    }

    /// A memory that was found.
    ///
    /// @param place in the contents
    record Hit(int place, double score) {}

    private static final Comparator<Hit> ORDER =
            Comparator.comparingDouble(Hit::score).reversed().thenComparingInt(Hit::place);

    /// How near each memory is to the question, from -1 to 1, by its place; NaN where that is not
    /// known.
    interface Meaning {
        float nearness(int place);
    }

    private final Contents contents;
    private final Weights weights;

    Ranking(Contents contents, Weights weights) {
        this.contents = contents;
        this.weights = weights;
    }

    /// @param about only what is about this, or null for everything
    List<Hit> find(
            String question,
            @Nullable String about,
            Set<Kind> kinds,
            int most,
            @Nullable Meaning meaning,
            Instant now)
            throws IOException {
        var wanted = wanted(about, kinds, Leaf.micros(now));
        var scores = words(question);
        keep(scores, wanted);
        scale(scores);
        if (meaning != null) {
            addMeaning(scores, meaning, wanted);
            scale(scores);
        }
        var hits = best(scores, Math.max(FEWEST_CANDIDATES, most), now);
        if (about == null) {
            spread(hits);
            hits.sort(ORDER);
        }
        return hits.subList(0, Math.min(most, hits.size()));
    }

    private BitSet wanted(@Nullable String about, Set<Kind> kinds, long now) throws IOException {
        var wanted = new BitSet(contents.places());
        if (about != null) {
            contents.with(Leaf.ABOUT, about).forEach(wanted::set);
        }
        for (int place = 0; place < contents.places(); place++) {
            boolean among = about == null || wanted.get(place);
            wanted.set(place, among && contents.has(place, kinds, now));
        }
        return wanted;
    }

    private static void keep(double[] scores, BitSet wanted) {
        for (int place = wanted.nextClearBit(0);
                place < scores.length;
                place = wanted.nextClearBit(place + 1)) {
            scores[place] = 0;
        }
    }

    /// Lets the best be 1.
    private static void scale(double[] scores) {
        double best = 0;
        for (double score : scores) {
            best = Math.max(best, score);
        }
        for (int place = 0; best > 0 && place < scores.length; place++) {
            scores[place] /= best;
        }
    }

    /// The best once what was confirmed long ago counts less, in order.
    private List<Hit> best(double[] scores, int most, Instant now) {
        var rules = contents.mark().rules();
        var best = new PriorityQueue<>(most + 1, ORDER.reversed());
        double least = 0;
        for (int place = 0; place < scores.length; place++) {
            if (scores[place] > least) {
                double weight = rules.weight(contents.confirmed(place), now);
                best.add(new Hit(place, scores[place] * weight));
                if (best.size() > most) {
                    best.remove();
                    least = best.element().score();
                }
            }
        }
        var hits = new ArrayList<>(best);
        hits.sort(ORDER);
        return hits;
    }

    private void spread(List<Hit> hits) {
        var counts = new HashMap<Integer, Integer>();
        hits.replaceAll(hit -> {
            int before = counts.merge(contents.subject(hit.place()), 1, Integer::sum) - 1;
            return new Hit(hit.place(), hit.score() * Math.pow(CROWDING, before));
        });
    }

    private void addMeaning(double[] scores, Meaning meaning, BitSet wanted) {
        var nearness = new float[scores.length];
        var nearest = new PriorityQueue<>(NEAR + 1, ORDER.reversed());
        double best = 1e-6;
        for (int place = wanted.nextSetBit(0); place >= 0; place = wanted.nextSetBit(place + 1)) {
            float near = meaning.nearness(place);
            if (Float.isNaN(near)) {
                continue;
            }
            nearness[place] = Math.max(0, near);
            best = Math.max(best, near);
            if (scores[place] <= 0
                    && near >= LEAST_NEARNESS
                    && (nearest.size() < NEAR || near > nearest.element().score())) {
                nearest.add(new Hit(place, near));
                if (nearest.size() > NEAR) {
                    nearest.remove();
                }
            }
        }
        for (int place = 0; place < scores.length; place++) {
            if (scores[place] > 0) {
                scores[place] += weights.meaning() * nearness[place] / best;
            }
        }
        for (var near : nearest) {
            scores[near.place()] = weights.meaning() * near.score() / best;
        }
    }

    /// Scores by words of all memories; 0 for those that have none.
    private double[] words(String question) throws IOException {
        var scores = new double[contents.places()];
        var subjects = new double[contents.subjectCount()];
        var word = new Occurrences(contents);
        for (var term : terms(Part.STEMS, question).entrySet()) {
            word.of(Part.STEMS, term.getKey());
            word.score(scores, weights.stems() * term.getValue());
            word.scoreSubjects(subjects, weights.subjectStems() * term.getValue());
            word.of(Part.LEAD, term.getKey());
            word.score(scores, weights.lead() * term.getValue());
            word.scoreSubjects(subjects, weights.subjectLead() * term.getValue());
            word.of(Part.NAMES, term.getKey());
            word.scoreSubjects(subjects, weights.subjectNames() * term.getValue());
        }
        for (var term : terms(Part.WRITTEN, question).entrySet()) {
            word.of(Part.WRITTEN, term.getKey());
            word.scoreSubjects(subjects, weights.subjectWritten() * term.getValue());
        }
        for (int place = 0; place < scores.length; place++) {
            int subject = contents.subject(place);
            if (subject >= 0) {
                scores[place] += subjects[subject];
            }
        }
        return scores;
    }

    private static Map<String, Integer> terms(Part part, String question) {
        var terms = new LinkedHashMap<String, Integer>();
        Words.of(part.analyzer(), question).stream()
                .limit(MOST_TERMS)
                .forEach(term -> terms.merge(term, 1, Integer::sum));
        return terms;
    }
}
