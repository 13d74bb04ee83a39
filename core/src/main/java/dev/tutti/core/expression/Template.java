package dev.tutti.core.expression;

import dev.tutti.core.event.Fault;
import dev.tutti.core.event.Type;
import dev.tutti.core.event.Value;
import java.util.ArrayList;
import java.util.List;

/// A text with holes, read once.
///
/// @param parts in order; a template that is one hole and nothing else keeps the type of its value
/// @param faults what could not be read; such a template cannot be rendered
record Template(List<Part> parts, List<Fault> faults) {

    Template {
        parts = List.copyOf(parts);
        faults = List.copyOf(faults);
    }

    sealed interface Part {}

    record Literal(String text) implements Part {}

    /// @param offset where the expression begins in the text of the template
    record Hole(Expression expression, int offset) implements Part {}

    Value render(Scope scope) {
        if (!faults.isEmpty()) {
            throw new ExpressionException(faults.getFirst().code(), faults.getFirst().message());
        }
        if (parts.size() == 1) {
            return switch (parts.getFirst()) {
                case Literal(var text) -> Value.text(text);
                case Hole(var expression, _) -> expression.evaluate(scope);
            };
        }
        var text = new StringBuilder();
        for (var part : parts) {
            switch (part) {
                case Literal(var literal) -> text.append(literal);
                case Hole(var expression, _) -> PlainText.append(expression.evaluate(scope), text);
            }
            PlainText.limit(text);
        }
        return Value.text(text.toString());
    }

    List<Reference> references() {
        var references = new ArrayList<Reference>();
        for (var part : parts) {
            if (part instanceof Hole(var expression, var offset)) {
                for (var reference : expression.references()) {
                    references.add(
                            new Reference(
                                    reference.variable(),
                                    reference.path(),
                                    moved(reference.span(), offset)));
                }
            }
        }
        return references;
    }

    Checked check(Types types) {
        if (!faults.isEmpty()) {
            return new Checked(Type.Any.ANY, faults);
        }
        var found = new ArrayList<Fault>();
        Type type = Type.Scalar.STRING;
        for (var part : parts) {
            if (part instanceof Hole(var expression, var offset)) {
                var inside = new ArrayList<Fault>();
                var given = expression.check(types, inside);
                inside.forEach(fault -> found.add(moved(fault, offset)));
                if (parts.size() == 1) {
                    type = given;
                }
            }
        }
        return new Checked(type, found);
    }

    static Fault moved(Fault fault, int offset) {
        var span = fault.span();
        return new Fault(
                fault.code(),
                fault.message(),
                fault.at(),
                span == null ? null : moved(span, offset),
                fault.label(),
                fault.help());
    }

    private static Fault.Span moved(Fault.Span span, int offset) {
        return new Fault.Span(span.from() + offset, span.to() + offset);
    }
}
