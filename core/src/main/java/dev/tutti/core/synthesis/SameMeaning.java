package dev.tutti.core.synthesis;

import dev.tutti.core.event.Value;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.function.ToDoubleBiFunction;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Two answers are the same where they mean the same, in whatever words.
///
/// Embeddings hold opposites and other values to be near, since they are about the same. So what
/// names other numbers, denies where the other does not, or says the same but for one word (Friday
/// for Monday, more for less), is another answer however near it is.
///
/// @param nearness from the outside: the cosine of two embeddings
public record SameMeaning(ToDoubleBiFunction<Value, Value> nearness) implements Likeness {
    /// From here on two answers mean the same: see docs/synthesis.md for how it was found.
    static final double NEAR = 0.9;

    private static final Pattern NUMBER = Pattern.compile("\\d+(?:[.]\\d+)?");
    private static final Pattern BETWEEN = Pattern.compile("[^\\p{L}\\p{N}']+");
    private static final List<String> DENIALS =
            List.of(
                    "no",
                    "not",
                    "never",
                    "none",
                    "nobody",
                    "nothing",
                    "neither",
                    "nor",
                    "without",
                    "cannot",
                    "false",
                    "wrong",
                    "incorrect",
                    "untrue",
                    "unlikely",
                    "impossible",
                    "unable",
                    "fails",
                    "failed",
                    "lacks",
                    "denied",
                    "refuses");

    @Override
    public boolean same(Value one, Value other) {
        if (NORMALISED.same(one, other)) {
            return true;
        }
        var first = Wording.plain(one);
        var second = Wording.plain(other);
        return numbers(first).equals(numbers(second))
                && denies(one) == denies(other)
                && !replaced(first, second)
                && nearness.applyAsDouble(one, other) >= NEAR;
    }

    /// Whether they differ in one word of each.
    private static boolean replaced(String one, String other) {
        return without(one, other) == 1 && without(other, one) == 1;
    }

    /// How many of the words of one the other does not have.
    private static int without(String one, String other) {
        var words = new TreeSet<>(List.of(BETWEEN.split(one)));
        List.of(BETWEEN.split(other)).forEach(words::remove);
        return words.size();
    }

    private static List<String> numbers(String text) {
        var numbers = new TreeSet<String>();
        for (var match = NUMBER.matcher(text); match.find(); ) {
            numbers.add(match.group());
        }
        return List.copyOf(numbers);
    }

    /// Whether it denies: twice is not at all.
    private static boolean denies(Value answer) {
        var text = answer instanceof Value.Text(var words) ? words : Wording.plain(answer);
        return Stream.of(BETWEEN.split(text.toLowerCase(Locale.ROOT).replace('\u2019', '\'')))
                                .filter(word -> DENIALS.contains(word) || word.endsWith("n't"))
                                .count()
                        % 2
                == 1;
    }
}
