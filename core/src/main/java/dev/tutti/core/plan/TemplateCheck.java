package dev.tutti.core.plan;

import static dev.tutti.core.plan.Findings.below;

import dev.tutti.core.event.Fault;
import dev.tutti.core.event.Type;
import dev.tutti.core.event.Value;
import dev.tutti.core.expression.Checked;
import dev.tutti.core.expression.Expressions;
import dev.tutti.core.expression.Types;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// Holds templates against the types that are wanted of them.
final class TemplateCheck {
    private final Expressions expressions;
    private final Findings findings;
    private final Variables variables;
    private final Unknown unknown;

    /// Says what is wrong with naming a variable that there is not.
    interface Unknown {
        void report(String variable, List<String> at, Fault.Span span);
    }

    /// @param variables what the templates may name
    TemplateCheck(
            Expressions expressions, Findings findings, Variables variables, Unknown unknown) {
        this.expressions = expressions;
        this.findings = findings;
        this.variables = variables;
        this.unknown = unknown;
    }

    /// The type that a text gives; faults within it are reported.
    Type type(String text, List<String> at) {
        for (var reference : expressions.references(text)) {
            if (!variables.has(reference.variable())) {
                int from = reference.span().from();
                unknown.report(
                        reference.variable(),
                        at,
                        new Fault.Span(from, from + reference.variable().length()));
            }
        }
        Types types = variables::type;
        Checked checked = expressions.check(text, types);
        for (var fault : checked.faults()) {
            findings.add(
                    new Fault(
                            fault.code(),
                            fault.message(),
                            at,
                            fault.span(),
                            fault.label(),
                            fault.help()));
        }
        return checked.type();
    }

    /// Holds what `template` will give against `wanted`, as deep as both are written out.
    ///
    /// @param user who wants it, for messages: "skill `summarize`"
    Type check(Value template, Type wanted, List<String> at, String user) {
        return switch (template) {
            case Value.Struct struct when wanted instanceof Type.Struct type ->
                    fields(struct, type, at, user);
            case Value.Struct struct -> {
                var type = fields(struct, Type.Struct.OPEN, at, user);
                fit(type, wanted, template, at, user);
                yield type;
            }
            case Value.Array(var items) -> {
                var item = wanted instanceof Type.ListOf(var one) ? one : Type.Any.ANY;
                var types = new ArrayList<Type>();
                for (int i = 0; i < items.size(); i++) {
                    types.add(check(items.get(i), item, below(at, Integer.toString(i)), user));
                }
                var type = new Type.ListOf(common(types));
                if (!(wanted instanceof Type.ListOf)) {
                    fit(type, wanted, template, at, user);
                }
                yield type;
            }
            case Value.Text(var text) -> {
                var type = type(text, at);
                fit(type, wanted, template, at, user);
                yield type;
            }
            case Value.Null _, Value.Bool _, Value.Int _, Value.Real _ -> {
                var type = literal(template);
                fit(type, wanted, template, at, user);
                yield type;
            }
        };
    }

    private Type fields(Value.Struct struct, Type.Struct wanted, List<String> at, String user) {
        SequencedMap<String, Type.Field> given = new LinkedHashMap<>();
        struct.fields()
                .forEach((name, value) -> {
                    var field = wanted.fields().get(name);
                    if (field == null && !wanted.open()) {
                        unexpected(name, wanted, below(at, name), user);
                    }
                    var type = field == null ? Type.Any.ANY : field.type();
                    given.put(name, Type.Field.required(check(value, type, below(at, name), user)));
                });
        wanted.fields()
                .forEach((name, field) -> {
                    if (field.required() && !given.containsKey(name)) {
                        findings.add(
                                "E-TYPE-02",
                                user + " needs `" + name + "`, " + Words.a(field.type()),
                                at,
                                null,
                                "`" + name + "` is missing",
                                "add `" + name + ": " + example(field.type()) + "`");
                    }
                });
        return new Type.Struct(given, false);
    }

    private static String example(Type type) {
        return switch (type) {
            case Type.Any _, Type.Scalar _ -> "…";
            case Type.ListOf _ -> "[…]";
            case Type.Struct _ -> "{…}";
        };
    }

    private void unexpected(String name, Type.Struct wanted, List<String> at, String user) {
        var known = wanted.fields().keySet();
        findings.add(
                "E-TYPE-03",
                user
                        + " takes no `"
                        + name
                        + "`"
                        + (known.isEmpty() ? "" : " (takes: " + String.join(", ", known) + ")"),
                at,
                null,
                "not taken",
                findings.mend(name, known));
    }

    private void fit(Type given, Type wanted, Value template, List<String> at, String user) {
        if (!Type.fits(given, wanted)) {
            boolean computed =
                    template instanceof Value.Text(var text) && expressions.isExpression(text);
            findings.add(
                    computed ? "E-CEL-04" : "E-TYPE-01",
                    "this is "
                            + Words.a(given)
                            + ", but "
                            + user
                            + " needs "
                            + Words.a(wanted)
                            + " as `"
                            + at.getLast()
                            + "`",
                    at,
                    null,
                    label(given, template),
                    null);
        }
    }

    /// "string, from `input.question`"
    String label(Type given, Value template) {
        var shape = Words.shape(given);
        if (template instanceof Value.Text(var text) && expressions.isExpression(text)) {
            var references = expressions.references(text);
            if (references.size() == 1) {
                var span = references.getFirst().span();
                return shape + ", from `" + text.substring(span.from(), span.to()) + "`";
            }
        }
        return shape;
    }

    private static Type literal(Value value) {
        return switch (value) {
            case Value.Bool _ -> Type.Scalar.BOOL;
            case Value.Int _ -> Type.Scalar.INT;
            case Value.Real _ -> Type.Scalar.NUMBER;
            case Value.Text _ -> Type.Scalar.STRING;
            case Value.Null _, Value.Array _, Value.Struct _ -> Type.Any.ANY;
        };
    }

    private static Type common(List<Type> types) {
        return types.stream().distinct().count() == 1 ? types.getFirst() : Type.Any.ANY;
    }
}
