package dev.tutti.agents.tools.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// One statement, with `:name` or `?` where a value is bound.
///
/// @param text as the driver takes it, with `?` for every value
/// @param names of the values in their order; empty texts where they have none
/// @param words the words of the statement outside of quotes and comments, in upper case
record Sql(String text, List<String> names, List<String> words) {
    static final int LONGEST = 64 << 10;

    private static final Set<String> QUESTIONS = Set.of("SELECT", "WITH", "VALUES", "EXPLAIN");

    /// Words that no question has, unless they are quoted.
    private static final Set<String> CHANGES =
            Set.of("INSERT", "UPDATE", "DELETE", "INTO", "ANALYZE");

    /// What changes the connection or reaches other files, and not the data.
    private static final Set<String> NEVER =
            Set.of(
                    "ATTACH",
                    "DETACH",
                    "PRAGMA",
                    "BEGIN",
                    "START",
                    "COMMIT",
                    "END",
                    "ROLLBACK",
                    "SAVEPOINT",
                    "RELEASE",
                    "SET",
                    "RESET",
                    "COPY",
                    "LOAD",
                    "VACUUM",
                    "DO",
                    "CALL");

    /// Reads a statement.
    ///
    /// @param sqlite whether `[a name]` is a name, as in SQLite
    /// @throws IllegalArgumentException when it is none, or more than one
    static Sql read(String text, boolean sqlite) {
        if (text.length() > LONGEST) {
            throw new IllegalArgumentException(
                    "a statement has " + LONGEST + " characters at most");
        }
        return new Reader(text, sqlite).read();
    }

    /// @throws IllegalArgumentException when it might change something
    Sql asQuestion() {
        if (!QUESTIONS.contains(words.getFirst())) {
            throw new IllegalArgumentException(
                    "only SELECT, WITH, VALUES and EXPLAIN are asked here, not "
                            + words.getFirst());
        }
        for (var word : words) {
            if (CHANGES.contains(word)) {
                throw new IllegalArgumentException(
                        "a question has no " + word + "; put it in double quotes if it is a name");
            }
        }
        return this;
    }

    /// @throws IllegalArgumentException when it is no change of data
    Sql asChange() {
        if (NEVER.contains(words.getFirst())) {
            throw new IllegalArgumentException(words.getFirst() + " is not run here");
        }
        return this;
    }

    /// Goes over a statement once, letter by letter.
    private static final class Reader {
        private final String from;
        private final boolean sqlite;
        private final StringBuilder to = new StringBuilder();
        private final List<String> names = new ArrayList<>();
        private final List<String> words = new ArrayList<>();
        private int at;

        private Reader(String from, boolean sqlite) {
            this.from = from;
            this.sqlite = sqlite;
        }

        private Sql read() {
            while (at < from.length()) {
                step();
            }
            if (words.isEmpty()) {
                throw new IllegalArgumentException("there is no statement");
            }
            return new Sql(to.toString(), List.copyOf(names), List.copyOf(words));
        }

        private void step() {
            char c = from.charAt(at);
            if (from.startsWith("--", at)) {
                skip(line());
            } else if (from.startsWith("/*", at)) {
                skip(end("*/", at + 2));
            } else if (c == '\'' || c == '"' || c == '`') {
                take(quoted(c));
            } else if (c == '[' && sqlite) {
                take(end("]", at));
            } else if (c == '$' && !sqlite && dollars() > 0) {
                take(dollars());
            } else if (c == ';') {
                last();
            } else if (c == '?') {
                names.add("");
                take(at + 1);
            } else if (c == ':' && from.startsWith("::", at)) {
                take(at + 2);
            } else if (c == ':' && isStart(at + 1)) {
                int end = word(at + 1);
                names.add(from.substring(at + 1, end));
                to.append('?');
                at = end;
            } else if (isStart(at)) {
                word();
            } else if (Character.isDigit(c)) {
                take(word(at));
            } else {
                take(at + 1);
            }
        }

        private void word() {
            int end = word(at);
            var word = from.substring(at, end).toUpperCase(Locale.ROOT);
            boolean escaped =
                    word.equals("E") && !sqlite && end < from.length() && from.charAt(end) == '\'';
            if (escaped) {
                throw new IllegalArgumentException("a text E'…' is not taken; bind it as a value");
            }
            words.add(word);
            take(end);
        }

        private boolean isStart(int i) {
            return i < from.length()
                    && (Character.isLetter(from.charAt(i)) || from.charAt(i) == '_');
        }

        private int word(int start) {
            int end = start;
            while (end < from.length()
                    && (Character.isLetterOrDigit(from.charAt(end)) || from.charAt(end) == '_')) {
                end++;
            }
            return end;
        }

        private void take(int end) {
            to.append(from, at, end);
            at = end;
        }

        private void skip(int end) {
            to.append(' ');
            at = end;
        }

        private int line() {
            int end = from.indexOf('\n', at);
            return end < 0 ? from.length() : end;
        }

        private int end(String mark, int start) {
            int end = from.indexOf(mark, start);
            if (end < 0) {
                throw new IllegalArgumentException(
                        "what begins at character " + (at + 1) + " does not end");
            }
            return end + mark.length();
        }

        /// A quote within is doubled.
        private int quoted(char quote) {
            int end = end(String.valueOf(quote), at + 1);
            while (end < from.length() && from.charAt(end) == quote) {
                end = end(String.valueOf(quote), end + 1);
            }
            return end;
        }

        /// The end of a text between dollars (PostgreSQL), or -1 when there is none here.
        private int dollars() {
            int end = isStart(at + 1) ? word(at + 1) : at + 1;
            if (end >= from.length() || from.charAt(end) != '$') {
                return -1;
            }
            var mark = from.substring(at, end + 1);
            return end(mark, end + 1);
        }

        /// Nothing but space and comments follows the end of the statement.
        private void last() {
            at++;
            while (at < from.length()) {
                if (from.startsWith("--", at)) {
                    at = line();
                } else if (from.startsWith("/*", at)) {
                    at = end("*/", at + 2);
                } else if (Character.isWhitespace(from.charAt(at))) {
                    at++;
                } else {
                    throw new IllegalArgumentException(
                            "one statement at a time, without `;` in between");
                }
            }
        }
    }
}
