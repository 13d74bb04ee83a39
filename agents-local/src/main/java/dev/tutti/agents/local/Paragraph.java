package dev.tutti.agents.local;

import dev.tutti.agents.local.Document.Kind;
import dev.tutti.agents.local.Document.Line;
import dev.tutti.agents.local.Document.Unit;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/// Lines that belong together: a paragraph whose lines were broken to fit a margin, a list item, a
/// heading, a piece of code.
///
/// @param text lines of prose joined by blanks, lines of code as they are
record Paragraph(String text, Kind kind, Line first, Line last) {
    /// No paragraph grows beyond this many words, so that data without blank lines is cut too.
    static final int MOST_WORDS = 200;

    /// A line that was broken to fit a margin is at least this long.
    private static final int BROKEN_LINE = 48;

    private static final int FEWEST_PROSE_WORDS = 9;
    private static final double HEADLINE = 0.7;
    private static final Pattern BLANKS = Pattern.compile("\\s+");

    /// @param unwanted lines that belong to no paragraph
    static List<Paragraph> of(List<Line> lines, Predicate<String> unwanted) {
        var paragraphs = new ArrayList<Paragraph>();
        boolean joinable = false;
        for (var line : lines) {
            if (line.isBlank() || unwanted.test(line.text().strip())) {
                joinable = false;
                continue;
            }
            if (joinable && paragraphs.getLast().continuesWith(line)) {
                paragraphs.add(paragraphs.removeLast().join(line));
            } else {
                paragraphs.add(new Paragraph(line.text(), line.kind(), line, line));
            }
            joinable = line.unit() != Unit.PARAGRAPH || line.kind() == Kind.CODE;
        }
        return paragraphs;
    }

    int words() {
        int words = 0;
        boolean inside = false;
        for (int i = 0; i < text.length(); i++) {
            boolean blank = Character.isWhitespace(text.charAt(i));
            words += inside || blank ? 0 : 1;
            inside = !blank;
        }
        return words;
    }

    private boolean continuesWith(Line line) {
        return switch (line.kind()) {
            case HEADING, ITEM -> false;
            case CODE -> kind == Kind.CODE && words() < MOST_WORDS;
            case TEXT ->
                    switch (kind) {
                        case HEADING, CODE -> false;
                        case TEXT, ITEM -> wraps(line.text()) && words() < MOST_WORDS;
                    };
        };
    }

    /// Whether `next` seems to be in the same sentence or paragraph as the last line.
    private boolean wraps(String next) {
        boolean lower = Character.isLowerCase(next.codePointAt(0));
        return lower || (last.text().length() >= BROKEN_LINE && !hasHeadlineCase(last.text()));
    }

    /// Most Words Begin Like This, and no full stop: a heading without a mark.
    private static boolean hasHeadlineCase(String line) {
        if (".,;:!?".indexOf(line.charAt(line.length() - 1)) >= 0) {
            return false;
        }
        int words = 0;
        int capitals = 0;
        for (var word : BLANKS.split(line, -1)) {
            if (word.length() > 3) {
                words++;
                capitals += Character.isUpperCase(word.codePointAt(0)) ? 1 : 0;
            }
        }
        return words > 1 && capitals >= HEADLINE * words;
    }

    /// Whether it reads like sentences, rather than an entry of a list, a menu or a table.
    boolean isProse() {
        return switch (kind) {
            case TEXT, ITEM -> words() >= FEWEST_PROSE_WORDS;
            case HEADING, CODE -> false;
        };
    }

    private Paragraph join(Line line) {
        return new Paragraph(
                text + (kind == Kind.CODE ? "\n" : " ") + line.text(), kind, first, line);
    }
}
