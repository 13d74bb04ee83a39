package dev.tutti.core.memory;

/// An estimate of how many tokens a text is to a language model, rather too many than too few.
///
/// Models differ; this counts as the vocabularies of byte-pair encodings do in the large: a word is
/// a token for every six letters begun, digits go in threes, every other sign is a token, and a
/// character beyond ASCII is two. Of English prose that is a quarter more than two of OpenAI's
/// encodings count, of indented code twice as much.
public final class Tokens {
    private static final int LETTERS = 6;
    private static final int DIGITS = 3;
    private static final int BEYOND = 2;

    private Tokens() {}

    public static int estimate(String text) {
        int tokens = 0;
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            int from = at;
            if (isLetter(c)) {
                while (at < text.length() && isLetter(text.charAt(at))) {
                    at++;
                }
                tokens += (at - from + LETTERS - 1) / LETTERS;
            } else if (isDigit(c)) {
                while (at < text.length() && isDigit(text.charAt(at))) {
                    at++;
                }
                tokens += (at - from + DIGITS - 1) / DIGITS;
            } else {
                // One blank before a word is part of the word's token.
                boolean joins = c == ' ' && at + 1 < text.length() && isLetter(text.charAt(at + 1));
                tokens += joins ? 0 : c < 0x80 ? 1 : BEYOND;
                at++;
            }
        }
        return tokens;
    }

    private static boolean isLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
