package dev.tutti.core.expression;

import dev.cel.common.CelIssue;
import dev.cel.common.CelSource;
import dev.tutti.core.event.Fault;

/// Where things stand in the text of an expression. CEL counts code points, we count characters.
final class Positions {
    private static final String OPERATORS = "<>=!+-*/%&|?:";

    private Positions() {}

    static int ofExpression(CelSource source, long id, String text) {
        var position = source.getPositionsMap().get(id);
        return position == null ? 0 : characters(text, position);
    }

    /// The word or operator that an issue is about.
    static Fault.Span of(CelIssue issue, CelSource source, String text) {
        int from =
                source.getLocationOffset(issue.getSourceLocation())
                        .map(position -> characters(text, position))
                        .orElse(0);
        from = Math.min(from, Math.max(0, text.length() - 1));
        if (text.charAt(from) == '(' && from > 0) {
            return new Fault.Span(startOfWord(text, from), from);
        }
        int to = from;
        if (OPERATORS.indexOf(text.charAt(from)) >= 0) {
            while (to < text.length() && OPERATORS.indexOf(text.charAt(to)) >= 0) {
                to++;
            }
        } else {
            while (to < text.length() && Character.isJavaIdentifierPart(text.charAt(to))) {
                to++;
            }
        }
        return new Fault.Span(
                from, to > from ? to : from + Character.charCount(text.codePointAt(from)));
    }

    /// Of the function whose call begins at `end`.
    private static int startOfWord(String text, int end) {
        int from = end;
        while (from > 0 && Character.isJavaIdentifierPart(text.charAt(from - 1))) {
            from--;
        }
        return Math.min(from, end - 1);
    }

    private static int characters(String text, int codePoints) {
        return text.offsetByCodePoints(
                0, Math.min(codePoints, text.codePointCount(0, text.length())));
    }
}
