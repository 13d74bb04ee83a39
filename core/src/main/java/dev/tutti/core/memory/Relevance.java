package dev.tutti.core.memory;

import dev.tutti.core.event.Value;
import java.util.Arrays;

/// How much values bear on what a task declares: the share of its words that they have, longer
/// words counting more.
///
/// Words are compared by a hash of 64 bits as they are read, without making any text: ten thousand
/// notes are looked at for every attempt.
final class Relevance {
    /// Shorter words say little.
    private static final int SHORTEST = 3;

    private static final long SEED = 0xcbf29ce484222325L;
    private static final long PRIME = 0x100000001b3L;

    /// What letters and digits are as small letters; 0 for all else.
    private static final char[] LOWER = lower();

    private final long[] table;
    private final int[] places;
    private final double[] weights;
    private final int[] seen;
    private final int mask;
    private double total;
    private int words;
    private int round;
    private final Meeting meeting = new Meeting();

    Relevance(Value about) {
        var counting = new Counting();
        counting.read(about);
        int size = Integer.highestOneBit(Math.max(8, 4 * counting.count)) << 1;
        table = new long[size];
        places = new int[size];
        mask = size - 1;
        weights = new double[counting.count + 1];
        seen = new int[counting.count + 1];
        Arrays.fill(places, -1);
        new Learning().read(about);
    }

    private static char[] lower() {
        var lower = new char[0x80];
        for (char c = 0; c < lower.length; c++) {
            lower[c] = Character.isLetterOrDigit(c) ? Character.toLowerCase(c) : 0;
        }
        return lower;
    }

    /// From 0, no word in common, to 1, every word is there.
    double of(Value value) {
        round++;
        meeting.met = 0;
        meeting.read(value);
        return total == 0 ? 0 : meeting.met / total;
    }

    double of(String text) {
        return of(Value.text(text));
    }

    private int place(long hash) {
        int at = (int) (hash ^ (hash >>> 32)) & mask;
        while (places[at] >= 0 && table[at] != hash) {
            at = (at + 1) & mask;
        }
        return at;
    }

    /// Goes through the words of a value.
    private abstract static class Reading {
        private char[] letters = new char[256];

        abstract void word(long hash, int length);

        final void read(Value value) {
            switch (value) {
                case Value.Text(var text) -> read(text);
                case Value.Array(var items) -> items.forEach(this::read);
                case Value.Struct(var fields) ->
                        fields.forEach((name, field) -> {
                            read(name);
                            read(field);
                        });
                case Value.Int(var number) -> read(Long.toString(number));
                case Value.Null _, Value.Bool _, Value.Real _ -> {}
            }
        }

        private void read(String text) {
            long hash = SEED;
            int length = 0;
            int all = text.length();
            if (letters.length < all) {
                letters = new char[all];
            }
            var chars = letters;
            text.getChars(0, all, chars, 0);
            for (int i = 0; i < all; i++) {
                char c = chars[i];
                char lower = c < 0x80 ? LOWER[c] : Character.isLetterOrDigit(c) ? c : 0;
                if (lower != 0) {
                    hash = (hash ^ lower) * PRIME;
                    length++;
                } else if (length > 0) {
                    end(hash, length);
                    hash = SEED;
                    length = 0;
                }
            }
            end(hash, length);
        }

        private void end(long hash, int length) {
            if (length >= SHORTEST) {
                word(hash, length);
            }
        }
    }

    private static final class Counting extends Reading {
        private int count;

        @Override
        void word(long hash, int length) {
            count++;
        }
    }

    private final class Learning extends Reading {
        @Override
        void word(long hash, int length) {
            int at = place(hash);
            if (places[at] < 0) {
                table[at] = hash;
                places[at] = words;
                weights[words] = Math.sqrt(length);
                total += weights[words++];
            }
        }
    }

    private final class Meeting extends Reading {
        private double met;

        @Override
        void word(long hash, int length) {
            int at = place(hash);
            int word = places[at];
            if (word >= 0 && seen[word] != round) {
                seen[word] = round;
                met += weights[word];
            }
        }
    }
}
