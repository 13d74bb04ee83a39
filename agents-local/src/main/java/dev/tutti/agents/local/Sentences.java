package dev.tutti.agents.local;

import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/// Takes the sentences out of a text: prose and list items; headings, menus, tables and code are
/// passed over. A sentence is as in the text, but for line breaks and marks of Markdown or HTML.
final class Sentences {
    private static final Pattern ENDED = Pattern.compile(".*[.!?…][\"'”’)\\]]*", Pattern.DOTALL);
    private static final Pattern ABBREVIATED =
            Pattern.compile(
                    ".*(?:\\b(?:e\\.g|i\\.e|cf|vs|etc|al|approx|fig|no|sec|dr|mr|mrs|ms|st|inc|ltd"
                            + "|p|pp|ed|vol)|(?:^|\\s)\\p{Lu})\\.\\s*",
                    Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
    private static final Pattern STARTS = Pattern.compile("[\\p{L}\\p{N}\"'“‘(\\[]");
    private static final Pattern LEANING =
            Pattern.compile(
                    "(?:However|But|This|That|These|Those|It|They|He|She|Also|Then|Thus|Therefore|So"
                            + "|And|Or|Such|Otherwise|Instead|Hence|Moreover|Furthermore|Failing"
                            + " that|In (?:that|this|such a) case|For example|Similarly)\\b.*",
                    Pattern.DOTALL);
    private static final Pattern BLANKS = Pattern.compile("\\s+");
    private static final String CODE_MARKS = "{}()[];=<>|\\/*&$#@^~_+%";

    private static final int FEWEST_WORDS = 4;
    private static final int FEWEST_WORDS_UNENDED = 5;
    private static final int LONGEST = 700;
    private static final double LETTERS = 0.72;
    private static final double CODE = 0.1;

    private Sentences() {}

    static List<String> of(String text) {
        var ended = new ArrayList<String>();
        var unended = new ArrayList<String>();
        for (var paragraph : Paragraph.of(TextReader.lines(text), _ -> false)) {
            switch (paragraph.kind()) {
                case TEXT, ITEM -> {
                    for (var sentence : split(paragraph.text())) {
                        if (isProse(sentence)) {
                            (ENDED.matcher(sentence).matches() ? ended : unended).add(sentence);
                        }
                    }
                }
                case HEADING, CODE -> {}
            }
        }
        if (!ended.isEmpty()) {
            return ended;
        }
        unended.removeIf(sentence -> words(sentence) < FEWEST_WORDS_UNENDED);
        return unended;
    }

    /// Whether it leans on the sentence before it and says less without that.
    static boolean leansBack(String sentence) {
        return LEANING.matcher(sentence).matches();
    }

    private static List<String> split(String paragraph) {
        var sentences = new ArrayList<String>();
        var text = BLANKS.matcher(paragraph).replaceAll(" ").strip();
        var breaks = BreakIterator.getSentenceInstance(Locale.ENGLISH);
        breaks.setText(text);
        int start = breaks.first();
        for (int end = breaks.next(); end != BreakIterator.DONE; end = breaks.next()) {
            boolean within = end < text.length() && !endsAt(text, start, end);
            if (!within) {
                sentences.add(text.substring(start, end).strip());
                start = end;
            }
        }
        return sentences;
    }

    private static boolean endsAt(String text, int start, int end) {
        return !ABBREVIATED.matcher(text.substring(start, end)).matches()
                && !Character.isLowerCase(text.codePointAt(end));
    }

    private static boolean isProse(String sentence) {
        if (sentence.length() > LONGEST || words(sentence) < FEWEST_WORDS) {
            return false;
        }
        int letters = 0;
        int marks = 0;
        int shown = 0;
        for (int i = 0; i < sentence.length(); i++) {
            char c = sentence.charAt(i);
            shown += c == ' ' ? 0 : 1;
            letters += Character.isLetter(c) ? 1 : 0;
            marks += CODE_MARKS.indexOf(c) >= 0 ? 1 : 0;
        }
        return STARTS.matcher(sentence).lookingAt()
                && letters >= LETTERS * shown
                && marks <= CODE * shown
                && !sentence.endsWith(";");
    }

    private static int words(String sentence) {
        int words = 1;
        for (int i = 0; i < sentence.length(); i++) {
            words += sentence.charAt(i) == ' ' ? 1 : 0;
        }
        return words;
    }
}
