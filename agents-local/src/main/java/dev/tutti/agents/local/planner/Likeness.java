package dev.tutti.agents.local.planner;

import dev.tutti.agents.local.Embeddings;
import dev.tutti.agents.local.Words;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Finds texts that are like another: by the words that they share, the rarer the more, and of the
/// nearest by that also by what they mean.
///
/// Safe for one thread at a time.
final class Likeness {
    /// Texts of which the meaning is looked at.
    private static final int MOST_MEANINGS = 40;

    private static final double MEANING = 0.5;

    private final boolean byMeaning;
    private final List<String> texts = new ArrayList<>();
    private final List<Map<String, Double>> terms = new ArrayList<>();
    private final Map<String, Integer> having = new HashMap<>();
    private final Map<String, float[]> meanings = new HashMap<>();

    /// @param byMeaning whether the model of meanings is used
    Likeness(boolean byMeaning) {
        this.byMeaning = byMeaning;
    }

    /// Adds a text and tells its number, from 0.
    int add(String text) {
        var counts = counts(text);
        counts.keySet().forEach(term -> having.merge(term, 1, Integer::sum));
        texts.add(text);
        terms.add(counts);
        return texts.size() - 1;
    }

    /// A text that is like the one asked for.
    ///
    /// @param likeness from 0 to 1
    record Like(int text, double likeness) {}

    /// The texts most like this one, the most like first.
    List<Like> nearest(String text, int most) {
        var asked = weighted(counts(text));
        double length = length(asked);
        var all = new ArrayList<Like>();
        for (int i = 0; i < texts.size(); i++) {
            all.add(new Like(i, likeness(asked, length, terms.get(i))));
        }
        all.sort(Comparator.comparingDouble(Like::likeness).reversed());
        if (!byMeaning || !Embeddings.working()) {
            return all.subList(0, Math.min(most, all.size()));
        }
        var meaning = meaning(text);
        return all.stream()
                .limit(Math.max(most, MOST_MEANINGS))
                .map(like ->
                        new Like(
                                like.text(),
                                (1 - MEANING) * like.likeness()
                                        + MEANING
                                                * Math.max(
                                                        0,
                                                        product(
                                                                meaning,
                                                                meaning(texts.get(like.text()))))))
                .sorted(Comparator.comparingDouble(Like::likeness).reversed())
                .limit(most)
                .toList();
    }

    private double likeness(Map<String, Double> asked, double length, Map<String, Double> counts) {
        double product = 0;
        double square = 0;
        for (var term : counts.entrySet()) {
            double weight = weight(term.getKey(), term.getValue());
            square += weight * weight;
            product += weight * asked.getOrDefault(term.getKey(), 0.0);
        }
        return square == 0 || length == 0 ? 0 : product / (Math.sqrt(square) * length);
    }

    private Map<String, Double> weighted(Map<String, Double> counts) {
        var weighted = new LinkedHashMap<String, Double>();
        counts.forEach((term, count) -> weighted.put(term, weight(term, count)));
        return weighted;
    }

    private static double length(Map<String, Double> weighted) {
        return Math.sqrt(weighted.values().stream().mapToDouble(w -> w * w).sum());
    }

    private double weight(String term, double count) {
        double rarity = Math.log(1 + (1.0 + texts.size()) / (1 + having.getOrDefault(term, 0)));
        return (1 + Math.log(count)) * rarity;
    }

    private static Map<String, Double> counts(String text) {
        var counts = new LinkedHashMap<String, Double>();
        for (var word : Words.of(Words.STEMS, text)) {
            if (word.chars().noneMatch(Character::isDigit)) {
                counts.merge(word, 1.0, Double::sum);
            }
        }
        return counts;
    }

    private float[] meaning(String text) {
        return meanings.computeIfAbsent(text, Embeddings.shared()::of);
    }

    private static double product(float[] one, float[] other) {
        double product = 0;
        for (int i = 0; i < one.length; i++) {
            product += one[i] * other[i];
        }
        return product;
    }
}
