package dev.tutti.core.synthesis;

import dev.tutti.core.event.Value;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// Whom something that was said concerns most: who is named in it, or else whose words are in it.
/// The same texts always give the same one.
public final class Relevance {
    private static final Pattern BETWEEN_WORDS = Pattern.compile("[^\\p{L}\\p{N}_]+");
    private static final int SHORTEST = 3;

    private Relevance() {}

    /// The number of the one who is next. Who spoke last is not, unless there is nobody else; of
    /// two whom it concerns as much, the one who was silent longer is.
    ///
    /// @param profiles what each knows of, in words
    /// @param names of each
    /// @param silence how many turns ago each spoke, 0 for the one who spoke last
    public static int next(
            List<String> profiles, List<String> names, List<Integer> silence, Value said) {
        var text = Likeness.Wording.plain(said);
        var named = BETWEEN_WORDS.splitAsStream(text).toList();
        var words = words(text);
        int best = -1;
        double most = 0;
        for (int i = 0; i < profiles.size(); i++) {
            if (silence.get(i) == 0 && profiles.size() > 1) {
                continue;
            }
            double score =
                    named.contains(names.get(i)) ? 2 : overlap(words, words(profiles.get(i)));
            boolean better =
                    best < 0
                            || score > most
                            || (score == most && silence.get(i) > silence.get(best));
            if (better) {
                best = i;
                most = score;
            }
        }
        return best;
    }

    /// The cosine of two sets of words, from 0 to 1.
    private static double overlap(Set<String> one, Set<String> other) {
        long both = one.stream().filter(other::contains).count();
        return both == 0 ? 0 : both / Math.sqrt((double) one.size() * other.size());
    }

    private static Set<String> words(String text) {
        var words = new TreeSet<String>();
        BETWEEN_WORDS
                .splitAsStream(text.toLowerCase(Locale.ROOT).replace('_', ' '))
                .filter(word -> word.length() >= SHORTEST)
                .forEach(words::add);
        return words;
    }
}
