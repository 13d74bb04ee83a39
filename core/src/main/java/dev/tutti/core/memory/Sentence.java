package dev.tutti.core.memory;

import java.util.ArrayList;
import java.util.List;

/// Texts as sentences: what ends with a full stop, a question or exclamation mark and a blank, or
/// with its line.
final class Sentence {
    private Sentence() {}

    static List<String> of(String text) {
        var sentences = new ArrayList<String>();
        int from = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean blankNext =
                    i + 1 == text.length() || Character.isWhitespace(text.charAt(i + 1));
            if (c == '\n' || ((c == '.' || c == '?' || c == '!') && blankNext)) {
                add(sentences, text.substring(from, i + 1));
                from = i + 1;
            }
        }
        add(sentences, text.substring(from));
        return sentences;
    }

    private static void add(List<String> sentences, String sentence) {
        var plain = sentence.strip();
        if (!plain.isEmpty()) {
            sentences.add(plain);
        }
    }
}
