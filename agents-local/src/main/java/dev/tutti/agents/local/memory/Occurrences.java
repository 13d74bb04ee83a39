package dev.tutti.agents.local.memory;

import java.io.IOException;
import org.apache.lucene.index.PostingsEnum;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.DocIdSetIterator;

/// Where a word occurs, in single memories and in all about one subject, and what that counts
/// (BM25: Robertson and Zaragoza, The Probabilistic Relevance Framework, 2009, section 3).
///
/// Frequencies are counted here, of what is there alone. Those of an index are of what was deleted
/// as well until something merges it away, so that they tell how it came about.
final class Occurrences {
    private static final double K1 = 1.2;
    private static final double B = 0.75;

    private final Contents contents;
    private final int[] places;
    private final int[] frequencies;
    private final int[] ofSubject;
    private final int[] subjects;
    private Part part = Part.STEMS;
    private int found;
    private int subjectsFound;

    Occurrences(Contents contents) {
        this.contents = contents;
        places = new int[contents.places()];
        frequencies = new int[contents.places()];
        ofSubject = new int[contents.subjectCount()];
        subjects = new int[contents.subjectCount()];
    }

    /// Looks for a word.
    void of(Part in, String word) throws IOException {
        part = in;
        found = 0;
        for (int i = 0; i < subjectsFound; i++) {
            ofSubject[subjects[i]] = 0;
        }
        subjectsFound = 0;
        var term = new Term(in.field(), word);
        for (var leaf : contents.reader().leaves()) {
            var postings = leaf.reader().postings(term, PostingsEnum.FREQS);
            if (postings != null) {
                for (int doc = postings.nextDoc();
                        doc != DocIdSetIterator.NO_MORE_DOCS;
                        doc = postings.nextDoc()) {
                    add(leaf.docBase + doc, postings.freq());
                }
            }
        }
    }

    private void add(int place, int frequency) {
        int subject = contents.subject(place);
        if (subject < 0) {
            return;
        }
        places[found] = place;
        frequencies[found++] = frequency;
        if (ofSubject[subject] == 0) {
            subjects[subjectsFound++] = subject;
        }
        ofSubject[subject] += frequency;
    }

    /// Adds what the word counts in each memory.
    void score(double[] scores, double weight) {
        double rarity = weight * rarity(found, contents.count());
        double mean = Math.max(1, (double) contents.words(part) / Math.max(1, contents.count()));
        for (int i = 0; i < found; i++) {
            int length = part.length(contents.lengths(places[i]));
            scores[places[i]] += rarity * weight(frequencies[i], length / mean);
        }
    }

    /// Adds what the word counts in all memories about one subject, taken as one.
    void scoreSubjects(double[] scores, double weight) {
        double rarity = weight * rarity(subjectsFound, contents.subjectCount());
        double mean =
                Math.max(1, (double) contents.words(part) / Math.max(1, contents.subjectCount()));
        for (int i = 0; i < subjectsFound; i++) {
            int subject = subjects[i];
            int length = contents.words(part, subject);
            scores[subject] += rarity * weight(ofSubject[subject], length / mean);
        }
    }

    private static double rarity(int with, int of) {
        return Math.log(1 + (of - with + 0.5) / (with + 0.5));
    }

    private static double weight(int frequency, double length) {
        return frequency / (frequency + K1 * (1 - B + B * length));
    }
}
