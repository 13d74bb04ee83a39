package dev.tutti.core.expression;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/// Finds the name that was probably meant.
public final class Similar {
    private static final int LONGEST = 60;
    private static final int MOST_CANDIDATES = 20_000;

    private Similar() {}

    /// The candidate nearest to `name`, if it is near enough to be a slip: a third of the letters
    /// at most. Of equally near ones the first.
    public static Optional<String> to(String name, Collection<String> candidates) {
        if (name.length() > LONGEST || candidates.size() > MOST_CANDIDATES) {
            return Optional.empty();
        }
        String best = null;
        int nearest = Math.max(1, name.length() / 3) + 1;
        var wanted = name.toLowerCase(Locale.ROOT);
        for (var candidate : candidates) {
            if (Math.abs(candidate.length() - name.length()) < nearest
                    && candidate.length() <= LONGEST) {
                int distance = distance(wanted, candidate.toLowerCase(Locale.ROOT));
                if (distance < nearest) {
                    nearest = distance;
                    best = candidate;
                }
            }
        }
        return Optional.ofNullable(best);
    }

    /// What a name looks like at a glance: names with the same look are easily confused.
    public static String look(String name) {
        return name.toLowerCase(Locale.ROOT)
                .replace("_", "")
                .replace("-", "")
                .replace('0', 'o')
                .replace('1', 'l')
                .replace('i', 'l');
    }

    /// Letters to insert, drop, replace or swap with their neighbour (optimal string alignment).
    private static int distance(String a, String b) {
        int[] before = new int[b.length() + 1];
        int[] last = new int[b.length() + 1];
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            last[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replace = last[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replace, Math.min(last[j], row[j - 1]) + 1);
                if (i > 1
                        && j > 1
                        && a.charAt(i - 1) == b.charAt(j - 2)
                        && a.charAt(i - 2) == b.charAt(j - 1)) {
                    row[j] = Math.min(row[j], before[j - 2] + 1);
                }
            }
            var spare = before;
            before = last;
            last = row;
            row = spare;
        }
        return last[b.length()];
    }
}
