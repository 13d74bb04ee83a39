package dev.tutti.core.synthesis;

import dev.tutti.core.event.Value;
import java.math.BigDecimal;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// Whether two answers are the same answer in other words.
@FunctionalInterface
public interface Likeness {
    boolean same(Value one, Value other);

    /// The same but for case, spaces, punctuation, articles, and how a number is written.
    Likeness NORMALISED = (one, other) -> Wording.plain(one).equals(Wording.plain(other));

    /// By number, the group of each answer: an answer joins the first group whose first answer is
    /// the same.
    ///
    /// Against the first of a group and not against any, so that a chain of small differences does
    /// not lead from an answer to its opposite.
    default List<Integer> groups(List<Value> answers) {
        var groups = new ArrayList<Integer>();
        var firsts = new ArrayList<Value>();
        for (var answer : answers) {
            int group = 0;
            while (group < firsts.size() && !same(firsts.get(group), answer)) {
                group++;
            }
            if (group == firsts.size()) {
                firsts.add(answer);
            }
            groups.add(group);
        }
        return groups;
    }

    /// What is left of a value when the way it is written is taken away.
    final class Wording {
        private static final Pattern BESIDE_WORDS = Pattern.compile("[^\\p{L}\\p{N}.%$€+#-]+");
        private static final Pattern BETWEEN =
                Pattern.compile("(?<!\\p{N})[.]|[.](?!\\p{N})|(?<=\\p{L})-|-(?!\\p{N})");
        private static final Pattern ARTICLES = Pattern.compile("(?<= |^)(a|an|the) (?=.)");
        private static final Pattern GROUPED = Pattern.compile("(?<=\\d),(?=\\d{3}(?!\\d))");
        private static final int LONGEST_NUMBER = 40;

        private Wording() {}

        /// The same text for values that are written differently.
        public static String plain(Value value) {
            return switch (value) {
                case Value.Null _ -> "";
                case Value.Bool(var yes) -> yes ? "true" : "false";
                case Value.Int(var number) -> BigDecimal.valueOf(number).toPlainString();
                case Value.Real(var number) -> number(new BigDecimal(Double.toString(number)));
                case Value.Text(var text) -> plain(text);
                case Value.Array(var items) ->
                        items.stream().map(Wording::plain).toList().toString();
                case Value.Struct(var fields) -> {
                    var sorted = new TreeMap<String, String>();
                    fields.forEach((name, field) -> sorted.put(name, plain(field)));
                    yield sorted.toString();
                }
            };
        }

        private static String plain(String text) {
            var bare = Normalizer.normalize(text, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
            bare = GROUPED.matcher(bare).replaceAll("").strip();
            var number = number(bare);
            if (!number.isEmpty()) {
                return number;
            }
            bare = BESIDE_WORDS.matcher(bare).replaceAll(" ");
            bare = BETWEEN.matcher(bare).replaceAll(" ").strip().replaceAll(" +", " ");
            return ARTICLES.matcher(bare).replaceAll("");
        }

        /// A number as it is always written, or nothing.
        private static String number(String text) {
            try {
                return text.length() > LONGEST_NUMBER ? "" : number(new BigDecimal(text));
            } catch (NumberFormatException _) {
                return "";
            }
        }

        private static String number(BigDecimal number) {
            return Math.abs(number.scale()) > LONGEST_NUMBER * 10
                    ? number.toString()
                    : number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
        }
    }
}
