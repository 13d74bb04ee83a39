package dev.tutti.core.expression;

import dev.tutti.core.event.Fault;
import dev.tutti.core.event.Value;
import java.util.ArrayList;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads the expressions that need no CEL: literals, and `name(.field | [int] | ["key"])*`.
final class PathReader {
    private static final int LONGEST_NUMBER = 18;

    /// What CEL reads as something else than a name.
    static final Set<String> KEYWORDS =
            Set.of(
                    "true",
                    "false",
                    "null",
                    "in",
                    "as",
                    "break",
                    "const",
                    "continue",
                    "else",
                    "for",
                    "function",
                    "if",
                    "import",
                    "let",
                    "loop",
                    "package",
                    "namespace",
                    "return",
                    "var",
                    "void",
                    "while");

    private final String text;
    private int at;

    private PathReader(String text, int at) {
        this.text = text;
        this.at = at;
    }

    /// The expression, or nothing where it takes CEL to read it.
    static Optional<Expression> read(String text) {
        var reader = new PathReader(text, 0);
        reader.skipBlanks();
        var literal = reader.literal();
        if (literal != null) {
            reader.skipBlanks();
            return reader.at == text.length()
                    ? Optional.of(new Expression.Constant(literal))
                    : Optional.empty();
        }
        var path = reader.path(Integer.MAX_VALUE);
        reader.skipBlanks();
        return path != null && reader.at == text.length() && !KEYWORDS.contains(path.root())
                ? Optional.of(new Expression.Plain(path))
                : Optional.empty();
    }

    /// The path that starts at `from`, at most `steps` long; null where none does.
    static @Nullable Path at(String text, int from, int steps) {
        return new PathReader(text, from).path(steps);
    }

    static boolean isName(String text) {
        var reader = new PathReader(text, 0);
        return reader.name() != null && reader.at == text.length();
    }

    private @Nullable Path path(int most) {
        int from = at;
        var root = name();
        if (root == null) {
            return null;
        }
        var steps = new ArrayList<Path.Step>();
        int end = at;
        while (steps.size() < most) {
            skipBlanks();
            var step = step();
            if (step == null) {
                break;
            }
            steps.add(step);
            end = at;
        }
        at = end;
        return new Path(root, steps, new Fault.Span(from, end));
    }

    private Path.@Nullable Step step() {
        if (take('.')) {
            skipBlanks();
            int from = at;
            var field = name();
            return field == null ? null : new Path.Field(field, new Fault.Span(from, at));
        }
        if (!take('[')) {
            return null;
        }
        skipBlanks();
        int from = at;
        var literal = literal();
        var span = new Fault.Span(from, at);
        skipBlanks();
        if (!take(']')) {
            return null;
        }
        return switch (literal) {
            case Value.Int(var index) -> new Path.Index(index, span);
            case Value.Text(var key) -> new Path.Field(key, span);
            case null, default -> null;
        };
    }

    private @Nullable String name() {
        int from = at;
        while (at < text.length() && isLetter(text.charAt(at), at > from)) {
            at++;
        }
        return at == from ? null : text.substring(from, at);
    }

    private static boolean isLetter(char c, boolean digits) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || c == '_'
                || (digits && isDigit(c));
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    /// A literal that reads the same everywhere; rarer spellings are left to CEL.
    private @Nullable Value literal() {
        if (at == text.length()) {
            return null;
        }
        char c = text.charAt(at);
        if (c == '"' || c == '\'') {
            return string(c);
        }
        if (c == '-' || isDigit(c)) {
            return number();
        }
        for (var word : new String[] {"true", "false", "null"}) {
            int end = at + word.length();
            if (text.startsWith(word, at)
                    && (end == text.length() || !isLetter(text.charAt(end), true))) {
                at = end;
                return word.equals("null") ? Value.NULL : Value.of(word.equals("true"));
            }
        }
        return null;
    }

    private @Nullable Value string(char quote) {
        for (int end = at + 1; end < text.length(); end++) {
            char c = text.charAt(end);
            if (c == quote) {
                if (end == at + 1 && end + 1 < text.length() && text.charAt(end + 1) == quote) {
                    return null; // three quotes
                }
                var content = text.substring(at + 1, end);
                at = end + 1;
                return Value.text(content);
            }
            if (c == '\\' || c == '\n' || c == '\r') {
                return null;
            }
        }
        return null;
    }

    private @Nullable Value number() {
        int end = at + 1;
        boolean real = false;
        while (end < text.length()
                && (isDigit(text.charAt(end)) || (text.charAt(end) == '.' && !real))) {
            real |= text.charAt(end) == '.';
            end++;
        }
        var digits = text.substring(at, end);
        boolean complete =
                digits.length() <= LONGEST_NUMBER
                        && !digits.equals("-")
                        && !digits.endsWith(".")
                        && !digits.startsWith("-.")
                        && (end == text.length() || !isLetter(text.charAt(end), true));
        if (!complete) {
            return null;
        }
        at = end;
        return real ? new Value.Real(Double.parseDouble(digits)) : Value.of(Long.parseLong(digits));
    }

    private boolean take(char c) {
        if (at < text.length() && text.charAt(at) == c) {
            at++;
            return true;
        }
        return false;
    }

    private void skipBlanks() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }
}
