package dev.tutti.core.expression;

import dev.tutti.core.event.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Finds the holes of a template. Braces and quotes within an expression are understood, so that
/// `${ {'note': '}'} }` ends where it should; `$${` is a literal `${`.
final class TemplateReader {
    private static final int LONGEST_TEMPLATE = 100_000;

    private final String text;
    private final List<Template.Part> parts = new ArrayList<>();
    private final List<Fault> faults = new ArrayList<>();
    private final StringBuilder literal = new StringBuilder();

    private TemplateReader(String text) {
        this.text = text;
    }

    static Template read(String text) {
        var reader = new TemplateReader(text);
        if (text.length() > LONGEST_TEMPLATE) {
            reader.fault(
                    Codes.LIMIT,
                    "a template may have " + LONGEST_TEMPLATE + " characters at most",
                    0,
                    2,
                    "of a text of " + text.length());
        } else {
            reader.read();
        }
        return new Template(reader.parts, reader.faults);
    }

    private void read() {
        int at = 0;
        while (at < text.length()) {
            if (text.startsWith("$${", at)) {
                literal.append("${");
                at += 3;
            } else if (text.startsWith("${", at)) {
                int end = endOfExpression(at + 2);
                if (end < 0) {
                    fault(
                            Codes.UNCLOSED,
                            "`${` is never closed",
                            at,
                            at + 2,
                            "no `}` for this; a literal `${` is written `$${`");
                    return;
                }
                addHole(at + 2, end);
                at = end + 1;
            } else {
                literal.append(text.charAt(at++));
            }
        }
        addLiteral();
    }

    private void addLiteral() {
        if (!literal.isEmpty()) {
            parts.add(new Template.Literal(literal.toString()));
            literal.setLength(0);
        }
    }

    private void addHole(int from, int to) {
        addLiteral();
        var expression = text.substring(from, to);
        if (expression.isBlank()) {
            fault(Codes.SYNTAX, "there is no expression in `${}`", from - 2, to + 1, "empty");
            return;
        }
        var plain = PathReader.read(expression);
        if (plain.isPresent()) {
            parts.add(new Template.Hole(plain.get(), from));
            return;
        }
        switch (CelExpression.read(expression)) {
            case CelExpression.Read.Good(var compiled) ->
                    parts.add(new Template.Hole(new Expression.Cel(compiled), from));
            case CelExpression.Read.Bad(var fault) -> faults.add(Template.moved(fault, from));
        }
    }

    /// The index of the `}` that ends the expression, or -1.
    private int endOfExpression(int from) {
        int depth = 0;
        for (int at = from; at < text.length(); at++) {
            switch (text.charAt(at)) {
                case '{' -> depth++;
                case '}' -> {
                    if (depth == 0) {
                        return at;
                    }
                    depth--;
                }
                case '"', '\'' -> {
                    at = endOfString(at, from);
                    if (at < 0) {
                        return -1;
                    }
                }
                default -> {}
            }
        }
        return -1;
    }

    /// The index of the last quote of the string that begins at `at`, or -1.
    private int endOfString(int at, int start) {
        char quote = text.charAt(at);
        boolean raw = isRaw(at, start);
        var triple = String.valueOf(quote).repeat(3);
        var closing = text.startsWith(triple, at) ? triple : triple.substring(2);
        for (int end = at + closing.length(); end < text.length(); end++) {
            if (text.charAt(end) == '\\' && !raw) {
                end++;
            } else if (text.startsWith(closing, end)) {
                return end + closing.length() - 1;
            }
        }
        return -1;
    }

    /// Whether the quote at `at` follows an `r`, as in `r'\d'` or `br"\"`.
    private boolean isRaw(int at, int start) {
        int letters = at;
        while (letters > start && Character.isLetterOrDigit(text.charAt(letters - 1))) {
            letters--;
        }
        var prefix = text.substring(letters, at);
        return prefix.length() <= 2 && prefix.toLowerCase(Locale.ROOT).contains("r");
    }

    private void fault(String code, String message, int from, int to, String label) {
        faults.add(
                new Fault(code, message, List.of(), new Fault.Span(from, to), label, help(code)));
    }

    private static @Nullable String help(String code) {
        return code.equals(Codes.UNCLOSED) ? "add `}` where the expression ends" : null;
    }
}
