package dev.tutti.agents.local.memory;

import dev.tutti.agents.local.Words;
import dev.tutti.runtime.artifact.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.LowerCaseFilter;
import org.apache.lucene.analysis.en.EnglishMinimalStemFilter;
import org.apache.lucene.analysis.en.EnglishPossessiveFilter;
import org.apache.lucene.analysis.standard.StandardTokenizer;
import org.jspecify.annotations.Nullable;

/// Which facts are the same, and which may say otherwise. Cautious: two that are taken for the same
/// are one from then on, so only case, punctuation, articles, plurals and ways to say `not` are
/// passed over, and the order of words counts (`Ana beat Bo` is not `Bo beat Ana`).
///
/// @param same facts with the same one are the same
/// @param apart facts with the same one and another [#same] contradict one another; null for one
///   that none can contradict
record Wording(String same, @Nullable String apart) {
    private static final Set<String> ARTICLES = Set.of("a", "an", "the");
    private static final Set<String> NEGATIONS = Set.of("not", "no", "never", "without", "none");
    private static final Set<String> AUXILIARIES = Set.of("do", "does", "did");
    private static final String NOT = "¬";
    private static final String NUMBER = "#";

    /// Texts with fewer words besides numbers and `not` do not contradict one another.
    private static final int FEWEST_WORDS = 2;

    private static final Analyzer LENIENT =
            new Analyzer() {
                @Override
                protected TokenStreamComponents createComponents(String field) {
                    var words = new StandardTokenizer();
                    var lower = new EnglishPossessiveFilter(new LowerCaseFilter(words));
                    return new TokenStreamComponents(words, new EnglishMinimalStemFilter(lower));
                }
            };

    /// The wording of a text.
    static Wording of(String text, @Nullable String about) {
        var words = words(text);
        var skeleton = new ArrayList<String>();
        for (var word : words) {
            if (!word.equals(NOT)) {
                skeleton.add(isNumber(word) ? NUMBER : word);
            }
        }
        boolean tells =
                skeleton.stream().filter(word -> !word.equals(NUMBER)).count() >= FEWEST_WORDS;
        return new Wording(
                hash("text", about, String.join(" ", words)),
                about == null || !tells ? null : hash("like", about, String.join(" ", skeleton)));
    }

    /// The wording of a value.
    static Wording of(String attribute, String value, @Nullable String about) {
        return new Wording(
                hash("value", about, attribute + "\n" + value),
                about == null ? null : hash("attribute", about, attribute));
    }

    private static List<String> words(String text) {
        var words = new ArrayList<String>();
        for (var word : Words.of(LENIENT, text.replace('’', '\''))) {
            if (ARTICLES.contains(word)) {
                continue;
            }
            if (word.equals("cannot")) {
                words.add("can");
                words.add(NOT);
            } else if (word.endsWith("n't")) {
                add(words, affirmed(word));
                words.add(NOT);
            } else if (NEGATIONS.contains(word)) {
                if (!words.isEmpty() && AUXILIARIES.contains(words.getLast())) {
                    words.removeLast();
                }
                words.add(NOT);
            } else {
                words.add(word);
            }
        }
        return words;
    }

    private static String affirmed(String contraction) {
        return switch (contraction) {
            case "can't" -> "can";
            case "won't" -> "will";
            default -> contraction.substring(0, contraction.length() - "n't".length());
        };
    }

    private static void add(List<String> words, String word) {
        if (!AUXILIARIES.contains(word)) {
            words.add(word);
        }
    }

    private static boolean isNumber(String word) {
        return word.chars().anyMatch(Character::isDigit);
    }

    private static String hash(String how, @Nullable String about, String what) {
        var text = how + "\n" + (about == null ? "" : "about " + about) + "\n" + what;
        return Sha256.hex(text.getBytes(StandardCharsets.UTF_8)).substring(0, 32);
    }
}
