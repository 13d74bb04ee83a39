package dev.tutti.agents.local;

import dev.tutti.agents.local.Document.Kind;
import dev.tutti.agents.local.Document.Line;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/// Splits a document into passages along its headings and paragraphs.
final class Passages {
    /// A passage is closed at the end of the paragraph that reaches this many words.
    static final int ENOUGH_WORDS = 110;

    /// No passage is longer, unless a single line is.
    static final int MOST_WORDS = 200;

    /// A heading does not close a passage with fewer words: small sections stay together.
    static final int FEWEST_WORDS = 40;

    private static final int MOST_HEADINGS = 3;

    private final List<Passage> passages = new ArrayList<>();
    private final List<Paragraph> open = new ArrayList<>();
    private final List<Paragraph> headings = new ArrayList<>();
    private int openWords;
    private String heading = "";

    private Passages() {}

    /// @param unwanted lines that belong to no passage
    static List<Passage> split(Document document, Predicate<String> unwanted) {
        var splitter = new Passages();
        for (var paragraph :
                Paragraph.of(document.lines(), unwanted.or(document.title()::equals))) {
            splitter.add(paragraph);
        }
        splitter.headings.forEach(splitter::append);
        splitter.close();
        return splitter.passages;
    }

    private void add(Paragraph paragraph) {
        if (paragraph.kind() == Kind.HEADING) {
            if (openWords >= FEWEST_WORDS) {
                close();
            }
            if (open.isEmpty()) {
                headings.add(paragraph);
            } else {
                append(paragraph);
            }
            return;
        }
        settleHeadings();
        if (openWords > 0 && openWords + paragraph.words() > MOST_WORDS) {
            close();
        }
        append(paragraph);
        if (openWords >= ENOUGH_WORDS) {
            close();
        }
    }

    /// A heading and the one below it make the heading of what follows. A longer row of headings is
    /// a table of contents, or a list that looks like one, and a passage of its own.
    private void settleHeadings() {
        if (headings.isEmpty()) {
            return;
        }
        if (headings.size() > MOST_HEADINGS) {
            heading = "";
            headings.forEach(this::append);
            close();
            heading = headings.getLast().text();
        } else {
            heading = String.join(" › ", headings.stream().map(Paragraph::text).toList());
        }
        headings.clear();
    }

    private void append(Paragraph paragraph) {
        open.add(paragraph);
        openWords += paragraph.words();
    }

    private void close() {
        if (open.isEmpty()) {
            return;
        }
        var text = String.join("\n", open.stream().map(Paragraph::text).toList());
        int inProse = open.stream().filter(Paragraph::isProse).mapToInt(Paragraph::words).sum();
        passages.add(
                new Passage(
                        heading,
                        text,
                        (double) inProse / Math.max(1, openWords),
                        place(open.getFirst().first(), open.getLast().last(), heading)));
        for (var paragraph : open) {
            heading = paragraph.kind() == Kind.HEADING ? paragraph.text() : heading;
        }
        open.clear();
        openWords = 0;
    }

    private static String place(Line first, Line last, String heading) {
        return switch (first.unit()) {
            case LINE -> range("line", first, last);
            case PAGE -> range("page", first, last);
            case PARAGRAPH -> heading.isEmpty() ? range("paragraph", first, last) : heading;
        };
    }

    private static String range(String unit, Line first, Line last) {
        return first.number() == last.number()
                ? unit + " " + first.number()
                : unit + "s " + first.number() + "-" + last.number();
    }
}
