package dev.tutti.agents.local;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The sentences of a text that bear most on a question, in their order, each as it stands there.
///
/// Chosen greedily by relevance less likeness to what is already chosen (maximal marginal
/// relevance; Carbonell and Goldstein, SIGIR 1998).
///
/// @param sentences those chosen, in the order of the text
/// @param relevance from 0 (nothing to the point) to 1 (every word of the question is met)
record Summary(List<Scored> sentences, double relevance) {
    static final Summary NONE = new Summary(List.of(), 0);

    private static final double LIKENESS = 0.35;
    private static final double EARLY = 0.1;
    private static final double TOGETHER = 0.2;
    private static final double LEANING = 0.85;
    private static final double FROM_TITLE = 0.25;

    /// Sentences below this share of the best are not taken.
    private static final double WORTH = 0.4;

    /// A sentence with its relevance.
    record Scored(String text, double score) {}

    Summary {
        sentences = List.copyOf(sentences);
    }

    /// @param title what the text is about
    static Summary of(String text, String title, Question question, int most) {
        var candidates = new ArrayList<Candidate>();
        for (var sentence : Sentences.of(text)) {
            candidates.add(new Candidate(candidates.size(), sentence));
        }
        if (candidates.isEmpty()) {
            return NONE;
        }
        if (question.isEmpty()) {
            scoreByCentrality(candidates);
        } else {
            scoreByQuestion(candidates, question);
        }
        var chosen = choose(candidates, most);
        chosen.sort(Comparator.comparingInt(candidate -> candidate.at));
        return chosen.isEmpty()
                ? NONE
                : new Summary(
                        chosen.stream().map(one -> new Scored(one.text, one.score)).toList(),
                        question.isEmpty() ? 1 : relevance(chosen, title, question));
    }

    private static final class Candidate {
        final int at;
        final String text;
        final List<String> words;
        final Set<String> set;
        double score;

        Candidate(int at, String text) {
            this.at = at;
            this.text = text;
            this.words = Words.of(Words.STEMS, text);
            this.set = new LinkedHashSet<>(words);
        }
    }

    private static void scoreByQuestion(List<Candidate> candidates, Question question) {
        for (var candidate : candidates) {
            double met = question.coverage(candidate.set, Question::byLength);
            double early = 1 - (double) candidate.at / candidates.size();
            candidate.score =
                    met == 0
                            ? 0
                            : (met + TOGETHER * question.togetherness(candidate.words))
                                    * (1 + EARLY * early)
                                    * (Sentences.leansBack(candidate.text) ? LEANING : 1);
        }
    }

    /// Without a question, sentences of the words that the text uses most say most of it.
    private static void scoreByCentrality(List<Candidate> candidates) {
        Map<String, Integer> uses = new HashMap<>();
        for (var candidate : candidates) {
            candidate.set.forEach(word -> uses.merge(word, 1, Integer::sum));
        }
        for (var candidate : candidates) {
            double sum = 0;
            for (var word : candidate.set) {
                sum += uses.getOrDefault(word, 0);
            }
            double early = 1 - (double) candidate.at / candidates.size();
            candidate.score =
                    sum / ((candidate.set.size() + 5.0) * candidates.size()) * (1 + early);
        }
    }

    private static List<Candidate> choose(List<Candidate> candidates, int most) {
        double best = candidates.stream().mapToDouble(one -> one.score).max().orElse(0);
        var left = new ArrayList<>(candidates);
        left.removeIf(one -> one.score <= 0 || one.score < WORTH * best);
        var chosen = new ArrayList<Candidate>();
        while (chosen.size() < most) {
            var next = next(left, chosen, best);
            if (next == null) {
                break;
            }
            left.remove(next);
            chosen.add(next);
        }
        return chosen;
    }

    private static @Nullable Candidate next(
            List<Candidate> left, List<Candidate> chosen, double best) {
        Candidate next = null;
        double most = Double.NEGATIVE_INFINITY;
        for (var candidate : left) {
            double likeness = 0;
            for (var other : chosen) {
                likeness = Math.max(likeness, Question.overlap(candidate.set, other.set));
            }
            double gain = candidate.score / best - LIKENESS * likeness;
            if (likeness < 1 && gain > most) {
                most = gain;
                next = candidate;
            }
        }
        return next;
    }

    private static double relevance(List<Candidate> chosen, String title, Question question) {
        var words = new LinkedHashSet<String>();
        chosen.forEach(candidate -> words.addAll(candidate.set));
        double said = question.coverage(words, Question::byLength);
        words.addAll(Words.of(Words.STEMS, title));
        double withTitle = question.coverage(words, Question::byLength);
        return Math.min(1, said + FROM_TITLE * (withTitle - said));
    }
}
