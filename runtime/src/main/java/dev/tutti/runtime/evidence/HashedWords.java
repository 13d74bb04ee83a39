package dev.tutti.runtime.evidence;

import dev.tutti.core.event.Value;

/// What a task is about, by the words of its input: each word has a direction by its hash
/// (Weinberger et al., Feature Hashing for Large Scale Multitask Learning, ICML 2009), so that
/// inputs with the same words point the same way. Needs no model, no state and some microseconds,
/// and gives the same for the same input in every process.
public final class HashedWords {
    /// Directions. Few inputs have so many words that matter that they meet by chance often.
    private static final int SIZE = 512;

    /// Characters of an input that count: what a task is about is said at its beginning.
    private static final int MOST = 400;

    private static final int SHORTEST = 3;
    private static final long SEED = 0xcbf29ce484222325L;
    private static final long PRIME = 0x100000001b3L;

    private final float[] counts = new float[SIZE];
    private int left = MOST;

    private HashedWords() {}

    public static Content of(Value input) {
        var words = new HashedWords();
        words.read(input);
        for (int i = 0; i < SIZE; i++) {
            float count = words.counts[i];
            if (count != 0) {
                words.counts[i] = Math.signum(count) * (float) Math.log1p(Math.abs(count));
            }
        }
        return Content.of(words.counts);
    }

    private void read(Value value) {
        switch (value) {
            case Value.Text(var text) -> words(text);
            case Value.Array(var items) -> {
                for (var item : items) {
                    if (left > 0) {
                        read(item);
                    }
                }
            }
            case Value.Struct struct ->
                    struct.fields()
                            .forEach((name, field) -> {
                                if (left > 0) {
                                    read(field);
                                }
                            });
            case Value.Bool(var bool) -> words(Boolean.toString(bool));
            case Value.Int _, Value.Real _ -> word("#", 0, 1);
            case Value.Null _ -> {}
        }
    }

    private void words(String text) {
        int end = Math.min(text.length(), left);
        left -= end;
        int from = -1;
        for (int i = 0; i <= end; i++) {
            boolean letter = i < end && Character.isLetter(text.charAt(i));
            boolean digit = i < end && Character.isDigit(text.charAt(i));
            if (digit && from < 0) {
                word("#", 0, 1);
            }
            if (letter && from < 0) {
                from = i;
            } else if (!letter && from >= 0) {
                if (i - from >= SHORTEST) {
                    word(text, from, i);
                }
                from = -1;
            }
        }
    }

    private void word(String text, int from, int to) {
        long hash = SEED;
        for (int i = from; i < to; i++) {
            hash = (hash ^ Character.toLowerCase(text.charAt(i))) * PRIME;
        }
        hash ^= hash >>> 32;
        hash *= 0x9E3779B97F4A7C15L;
        hash ^= hash >>> 29;
        counts[(int) (hash & (SIZE - 1))] += (hash & (1L << 40)) == 0 ? 1 : -1;
    }
}
