package dev.tutti.agents.local;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/// The words of a question that say what it is about, stemmed.
record Question(List<String> terms) {
    /// Stems of words that questions have whatever they ask.
    private static final Set<String> ASKING =
            Set.of(
                    "what", "when", "where", "which", "who", "whom", "whose", "why", "how", "do",
                    "doe", "did", "can", "could", "should", "would", "mai", "might", "must", "i",
                    "you", "we", "my", "your", "our", "me", "us", "ha", "have", "had", "from",
                    "about", "pleas", "tell", "explain", "describ", "am", "were", "been", "so",
                    "than", "ani", "some", "get", "happen", "mean");

    Question {
        terms = List.copyOf(terms);
    }

    static Question of(String text) {
        var terms = new LinkedHashSet<>(Words.of(Words.STEMS, text));
        var telling = new ArrayList<>(terms);
        telling.removeAll(ASKING);
        return new Question(telling.isEmpty() ? List.copyOf(terms) : telling);
    }

    boolean isEmpty() {
        return terms.isEmpty();
    }

    /// The share of the question that `words` have in common with it, from 0 to 1.
    ///
    /// @param weight how much a term counts
    double coverage(Collection<String> words, ToDoubleFunction<String> weight) {
        double all = 0;
        double there = 0;
        for (var term : terms) {
            double counts = weight.applyAsDouble(term);
            all += counts;
            there += words.contains(term) ? counts : 0;
        }
        return all == 0 ? 0 : there / all;
    }

    /// The share of the question's neighbouring terms that are neighbours in `words` too.
    double togetherness(List<String> words) {
        if (terms.size() < 2) {
            return 0;
        }
        int together = 0;
        for (int i = 0; i + 1 < terms.size(); i++) {
            int at = words.indexOf(terms.get(i));
            together +=
                    at >= 0 && at + 1 < words.size() && words.get(at + 1).equals(terms.get(i + 1))
                            ? 1
                            : 0;
        }
        return (double) together / (terms.size() - 1);
    }

    /// Longer words tell more: a plain stand-in for how rare a word is.
    static double byLength(String term) {
        return 0.5 + Math.min(term.length(), 10) / 10.0;
    }

    /// What two sets of words have in common, against all of them.
    static double overlap(Set<String> one, Set<String> other) {
        int common = 0;
        for (var word : one) {
            common += other.contains(word) ? 1 : 0;
        }
        int all = one.size() + other.size() - common;
        return all == 0 ? 0 : (double) common / all;
    }
}
