package dev.tutti.core.synthesis;

import dev.tutti.core.event.Position;
import dev.tutti.core.event.Value;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/// A text of several texts, in which every sentence carries the sources it is from.
public final class Citing {
    /// The share of a sentence's words that a passage must have to carry it.
    public static final double CARRIED = 0.6;

    /// Sentences with this share of their words in common say the same.
    private static final double SAME = 0.75;

    private static final Pattern END =
            Pattern.compile("(?<=[.!?…])[\"”’)\\]]*\\s+(?=[\\p{Lu}\\p{N}\"“‘(\\[])");
    private static final Pattern WORDS = Pattern.compile("[^\\p{L}\\p{N}]+");
    private static final Pattern MARKS = Pattern.compile("\\s*\\[\\d+]");
    private static final List<String> TEXTS = List.of("text", "note", "answer");

    private Citing() {}

    private record Sentence(String text, Set<String> words, List<Given> from) {}

    /// Every sentence of all texts once, those that say the same as one, each with the numbers of
    /// its sources; gives `text`, `citations` and `sources`. The confidence is the share of the
    /// sentences that have a source.
    public static Synthesis cite(List<Given> given) {
        var sentences = new ArrayList<Sentence>();
        for (var one : given) {
            for (var text : sentences(text(one.output()))) {
                add(sentences, text, one);
            }
        }
        var names = new ArrayList<String>();
        var citations = new ArrayList<Value>();
        var text = new StringBuilder();
        int sourced = 0;
        for (var sentence : sentences) {
            text.append(text.isEmpty() ? "" : " ").append(sentence.text());
            var sources = Origins.named(sentence.from());
            sourced += sources.isEmpty() ? 0 : 1;
            var numbers = new StringBuilder();
            for (var source : sources) {
                if (!names.contains(source)) {
                    names.add(source);
                }
                numbers.append('[').append(1 + names.indexOf(source)).append(']');
                citations.add(
                        Value.struct(
                                "sentence",
                                Value.text(sentence.text()),
                                "source",
                                Value.text(source)));
            }
            text.append(numbers.isEmpty() ? "" : " ").append(numbers);
        }
        var output =
                Value.struct(
                        "text",
                        Value.text(text.toString()),
                        "citations",
                        new Value.Array(citations),
                        "sources",
                        Value.from(names));
        double confidence = sentences.isEmpty() ? 0 : sourced / (double) sentences.size();
        var agents = given.stream().map(Given::agent).toList();
        return new Synthesis(
                output,
                confidence,
                List.of(new Position(output, agents, names, confidence)),
                "every sentence with its sources");
    }

    /// Which share of the words of a sentence, marks of citations aside, a passage has.
    public static double overlap(String sentence, String passage) {
        var words = words(MARKS.matcher(sentence).replaceAll(""));
        var there = words(passage);
        return words.isEmpty()
                ? 0
                : words.stream().filter(there::contains).count() / (double) words.size();
    }

    private static void add(List<Sentence> sentences, String text, Given from) {
        var words = words(text);
        if (words.isEmpty()) {
            return;
        }
        for (var known : sentences) {
            if (likeness(known.words(), words) >= SAME) {
                known.from().add(from);
                return;
            }
        }
        sentences.add(new Sentence(text, words, new ArrayList<>(List.of(from))));
    }

    private static double likeness(Set<String> one, Set<String> other) {
        long both = one.stream().filter(other::contains).count();
        return both / (double) (one.size() + other.size() - both);
    }

    private static String text(Value output) {
        if (output instanceof Value.Text(var text)) {
            return text;
        }
        if (output instanceof Value.Struct struct) {
            for (var name : TEXTS) {
                if (struct.get(name) instanceof Value.Text(var text)) {
                    return text;
                }
            }
        }
        return "";
    }

    /// The sentences of a text without the marks of earlier citations.
    public static List<String> sentences(String text) {
        return END.splitAsStream(MARKS.matcher(text).replaceAll("").strip())
                .map(String::strip)
                .filter(sentence -> !sentence.isEmpty())
                .toList();
    }

    private static Set<String> words(String text) {
        var words = new LinkedHashSet<String>();
        WORDS.splitAsStream(text.toLowerCase(Locale.ROOT))
                .filter(word -> !word.isEmpty())
                .forEach(words::add);
        return words;
    }
}
