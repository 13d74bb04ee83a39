package dev.tutti.agents.local.memory;

import dev.tutti.agents.local.Words;
import org.apache.lucene.analysis.Analyzer;

/// A kind of words of a memory, which has a field of the index.
enum Part {
    /// Those of its text, as written.
    WRITTEN(0, "written"),
    /// Those of its text, stemmed.
    STEMS(1, "stems"),
    /// Those that its text begins with, stemmed: what it is about, where it says so.
    LEAD(2, "lead"),
    /// Those of whom and what it is about.
    NAMES(3, "names");

    private static final int BITS = 16;
    private static final int LONGEST_LEAD = 100;
    private static final long MOST = (1L << BITS) - 1;

    private final int place;
    private final String field;

    Part(int place, String field) {
        this.place = place;
        this.field = field;
    }

    /// Its number, from 0.
    int place() {
        return place;
    }

    /// What of a text has these words.
    String of(String text, String names) {
        return switch (this) {
            case WRITTEN, STEMS -> text;
            case LEAD -> lead(text);
            case NAMES -> names;
        };
    }

    /// The first line, or as much of it as says something.
    private static String lead(String text) {
        int line = text.indexOf('\n');
        int end = Math.min(line < 0 ? text.length() : line, LONGEST_LEAD);
        return text.substring(0, end);
    }

    String field() {
        return field;
    }

    Analyzer analyzer() {
        return this == WRITTEN ? Words.AS_WRITTEN : Words.STEMS;
    }

    /// Adds the number of words of a text to the numbers of all parts, which share one number.
    long with(long lengths, String text) {
        return lengths | (Math.min(Words.of(analyzer(), text).size(), MOST) << (place * BITS));
    }

    /// How many words there are.
    int length(long lengths) {
        return (int) ((lengths >> (place * BITS)) & MOST);
    }
}
