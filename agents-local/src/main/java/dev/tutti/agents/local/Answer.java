package dev.tutti.agents.local;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// An answer put together of sentences that notes contain, and nothing else.
///
/// @param sentences in the order of the answer
record Answer(List<Supported> sentences) {
    /// What is said where no note answers.
    static final String NONE = "The documents do not answer this question.";

    /// Sentences with at least this much in common say the same.
    private static final double SAME = 0.75;

    private static final double LIKENESS = 0.4;
    private static final double EARLY_NOTE = 0.25;
    private static final double LEANING = 0.85;
    private static final double FROM_TITLE = 0.25;

    /// Sentences below this share of the best are not taken.
    private static final double WORTH = 0.35;

    /// Notes that together meet less than this share of the question do not answer it.
    private static final double ENOUGH = 0.4;

    /// Nor do notes of which no single sentence meets this share.
    private static final double ENOUGH_AT_ONCE = 0.2;

    /// What an agent noted of a source.
    ///
    /// @param relevance from 0 to 1
    record Note(
            List<String> sentences, String source, String place, String title, double relevance) {
        Note {
            sentences = List.copyOf(sentences);
        }
    }

    /// A sentence and the notes that have it or one that says the same.
    record Supported(String sentence, List<Support> support) {
        Supported {
            support = List.copyOf(support);
        }
    }

    /// @param sentence as the note has it
    record Support(String sentence, String source, String place) {}

    Answer {
        sentences = List.copyOf(sentences);
    }

    static Answer of(Question question, List<Note> notes, int most) {
        var candidates = candidates(notes);
        var rarity = rarity(question, candidates);
        var met = new LinkedHashSet<String>();
        double atOnce = 0;
        for (var candidate : candidates) {
            candidate.score = score(candidate, question, rarity);
            met.addAll(candidate.words);
            atOnce = Math.max(atOnce, question.coverage(candidate.words, Question::byLength));
        }
        boolean answered =
                question.isEmpty()
                        || (atOnce >= ENOUGH_AT_ONCE
                                && question.coverage(met, Question::byLength) >= ENOUGH);
        if (!answered) {
            return new Answer(List.of());
        }
        var merged = merge(candidates);
        return new Answer(inOrder(choose(merged, most)));
    }

    /// The sources in the order in which the text first names them; `[1]` is the first.
    List<String> sources() {
        var sources = new LinkedHashSet<String>();
        for (var sentence : sentences) {
            sentence.support().forEach(support -> sources.add(support.source()));
        }
        return List.copyOf(sources);
    }

    /// The sentences, each followed by the numbers of its sources.
    String text() {
        if (sentences.isEmpty()) {
            return NONE;
        }
        var sources = sources();
        var text = new StringBuilder();
        for (var sentence : sentences) {
            text.append(text.isEmpty() ? "" : " ").append(sentence.sentence()).append(' ');
            sentence.support().stream()
                    .map(support -> sources.indexOf(support.source()) + 1)
                    .distinct()
                    .forEach(number -> text.append('[').append(number).append(']'));
        }
        return text.toString();
    }

    private static final class Candidate {
        final Note note;
        final int noteAt;
        final int at;
        final String text;
        final Set<String> words;
        final List<Support> support = new ArrayList<>();
        double score;

        Candidate(Note note, int noteAt, int at) {
            this.note = note;
            this.noteAt = noteAt;
            this.at = at;
            this.text = note.sentences().get(at);
            this.words = new LinkedHashSet<>(Words.of(Words.STEMS, text));
            support.add(new Support(text, note.source(), note.place()));
        }
    }

    private static List<Candidate> candidates(List<Note> notes) {
        var candidates = new ArrayList<Candidate>();
        for (int noteAt = 0; noteAt < notes.size(); noteAt++) {
            for (int at = 0; at < notes.get(noteAt).sentences().size(); at++) {
                candidates.add(new Candidate(notes.get(noteAt), noteAt, at));
            }
        }
        return candidates;
    }

    /// Words of the question that few sentences have tell more.
    private static Map<String, Double> rarity(Question question, List<Candidate> candidates) {
        var rarity = new HashMap<String, Double>();
        for (var term : question.terms()) {
            long with = candidates.stream().filter(one -> one.words.contains(term)).count();
            rarity.put(
                    term,
                    with == 0
                            ? 0
                            : Math.log(1 + (candidates.size() + 0.5) / (with + 0.5))
                                    * Question.byLength(term));
        }
        return rarity;
    }

    private static double score(
            Candidate candidate, Question question, Map<String, Double> rarity) {
        double early = EARLY_NOTE * candidate.note.relevance() / (1 + 0.25 * candidate.noteAt);
        if (question.isEmpty()) {
            return early;
        }
        double met = question.coverage(candidate.words, term -> rarity.getOrDefault(term, 0.0));
        if (met == 0) {
            return 0;
        }
        var withTitle = new LinkedHashSet<>(Words.of(Words.STEMS, candidate.note.title()));
        withTitle.addAll(candidate.words);
        double inContext = question.coverage(withTitle, term -> rarity.getOrDefault(term, 0.0));
        double score = met + FROM_TITLE * (inContext - met) + early;
        return Sentences.leansBack(candidate.text) ? LEANING * score : score;
    }

    /// Joins sentences that say the same: the best one speaks, all are its support.
    private static List<Candidate> merge(List<Candidate> candidates) {
        var byScore = new ArrayList<>(candidates);
        byScore.removeIf(one -> one.score <= 0);
        byScore.sort(Comparator.comparingDouble((Candidate one) -> one.score).reversed());
        var merged = new ArrayList<Candidate>();
        for (var candidate : byScore) {
            var same = sayingTheSame(merged, candidate);
            if (same == null) {
                merged.add(candidate);
            } else if (same.support.stream()
                    .noneMatch(one ->
                            one.source().equals(candidate.note.source())
                                    && one.place().equals(candidate.note.place()))) {
                same.support.addAll(candidate.support);
            }
        }
        return merged;
    }

    private static @Nullable Candidate sayingTheSame(List<Candidate> merged, Candidate candidate) {
        for (var other : merged) {
            if (Question.overlap(other.words, candidate.words) >= SAME) {
                return other;
            }
        }
        return null;
    }

    private static List<Candidate> choose(List<Candidate> merged, int most) {
        var left = new ArrayList<>(merged);
        var chosen = new ArrayList<Candidate>();
        double best = left.isEmpty() ? 0 : left.getFirst().score;
        left.removeIf(one -> one.score < WORTH * best);
        while (chosen.size() < most && !left.isEmpty()) {
            var next = left.getFirst();
            double gained = Double.NEGATIVE_INFINITY;
            for (var candidate : left) {
                double likeness = 0;
                for (var other : chosen) {
                    likeness = Math.max(likeness, Question.overlap(candidate.words, other.words));
                }
                double gain = candidate.score / best - LIKENESS * likeness;
                if (gain > gained) {
                    gained = gain;
                    next = candidate;
                }
            }
            left.remove(next);
            chosen.add(next);
        }
        return chosen;
    }

    /// What a source says stays together, the source that says most to the point comes first, and
    /// within it the order of its notes holds.
    private static List<Supported> inOrder(List<Candidate> chosen) {
        var best = new HashMap<String, Double>();
        for (var candidate : chosen) {
            best.merge(candidate.note.source(), candidate.score, Math::max);
        }
        var ordered = new ArrayList<>(chosen);
        ordered.sort(
                Comparator.comparingDouble(
                                (Candidate one) -> best.getOrDefault(one.note.source(), 0.0))
                        .reversed()
                        .thenComparing(one -> one.note.source())
                        .thenComparingInt(one -> one.noteAt)
                        .thenComparingInt(one -> one.at));
        return ordered.stream().map(one -> new Supported(one.text, one.support)).toList();
    }
}
