package dev.tutti.core.expression;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelIssue;
import dev.cel.common.CelSource;
import dev.cel.common.CelValidationException;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.types.CelType;
import dev.cel.common.types.SimpleType;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelVariableResolver;
import dev.tutti.core.event.Fault;
import dev.tutti.core.event.Type;
import dev.tutti.core.event.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/// An expression in CEL, compiled. Immutable.
final class CelExpression {
    private static final int MOST_ISSUES = 3;
    private static final int SHOWN = 80;

    private final String text;
    private final CelSource source;
    private final List<Hoisting.Slot> slots;
    private final CelExpr checkable;
    private final CelRuntime.Program program;

    /// What reading gave.
    sealed interface Read {
        record Good(CelExpression expression) implements Read {}

        record Bad(Fault fault) implements Read {}
    }

    private CelExpression(
            String text,
            CelSource source,
            List<Hoisting.Slot> slots,
            CelExpr checkable,
            CelRuntime.Program program) {
        this.text = text;
        this.source = source;
        this.slots = List.copyOf(slots);
        this.checkable = checkable;
        this.program = program;
    }

    static Read read(String text) {
        if (text.length() > CelEngine.LONGEST_EXPRESSION) {
            return new Read.Bad(
                    fault(
                            Codes.LIMIT,
                            "an expression may have "
                                    + CelEngine.LONGEST_EXPRESSION
                                    + " characters at most",
                            new Fault.Span(0, 1),
                            "of " + text.length()));
        }
        var parsed = CelEngine.PARSER.parse(text);
        if (parsed.hasError()) {
            return new Read.Bad(
                    syntaxFault(parsed.getErrors().getFirst(), parsed.getSource(), text));
        }
        try {
            var ast = parsed.getAst();
            var running = new Hoisting(text, ast.getSource(), true);
            var runnable = running.rewrite(ast.getExpr());
            var program =
                    CelEngine.RUNTIME.createProgram(
                            CelAbstractSyntaxTree.newParsedAst(runnable, ast.getSource()));
            var checkable = new Hoisting(text, ast.getSource(), false).rewrite(ast.getExpr());
            return new Read.Good(
                    new CelExpression(text, ast.getSource(), running.slots(), checkable, program));
        } catch (CelValidationException | CelEvaluationException e) {
            return new Read.Bad(
                    fault(
                            Codes.SYNTAX,
                            "this expression cannot be used: " + CelMessages.plain(e),
                            new Fault.Span(0, text.length()),
                            "this"));
        }
    }

    private static Fault syntaxFault(CelIssue issue, CelSource source, String text) {
        var message = CelMessages.syntax(issue.getMessage());
        boolean limit = issue.getMessage().contains("limit");
        return fault(
                limit ? Codes.LIMIT : Codes.SYNTAX,
                limit
                        ? "this expression is nested too deeply"
                        : "this expression cannot be read: " + message,
                Positions.of(issue, source, text),
                limit ? CelEngine.DEEPEST + " levels at most" : "here");
    }

    List<Reference> references() {
        return slots.stream().map(slot -> slot.path().reference()).toList();
    }

    Value evaluate(Scope scope) {
        var budget = new Budget();
        var found = new HashMap<String, Object>();
        CelVariableResolver resolver =
                name -> {
                    int slot = slot(name);
                    if (slot < 0) {
                        return Optional.empty();
                    }
                    var value = found.computeIfAbsent(name, _ -> fetch(slots.get(slot), scope));
                    budget.charge(Budget.size(value));
                    return Optional.of(value);
                };
        try {
            return CelValues.fromCel(
                    ScopedValue.where(Budget.CURRENT, budget).call(() -> program.eval(resolver)));
        } catch (CelEvaluationException e) {
            throw explained(e);
        }
    }

    private static Object fetch(Hoisting.Slot slot, Scope scope) {
        return slot.presence()
                ? slot.path().isThere(scope)
                : CelValues.toCel(slot.path().evaluate(scope));
    }

    private int slot(String name) {
        for (int i = 0; i < slots.size(); i++) {
            if (CelEngine.slot(i).equals(name)) {
                return i;
            }
        }
        return -1;
    }

    private ExpressionException explained(CelEvaluationException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof ExpressionException ours) {
                return ours;
            }
        }
        var shown = text.strip();
        shown = shown.length() > SHOWN ? shown.substring(0, SHOWN) + "…" : shown;
        return switch (e.getErrorCode()) {
            case ITERATION_BUDGET_EXCEEDED ->
                    new ExpressionException(
                            Codes.LIMIT,
                            "`" + shown + "` does more work than an expression may",
                            e);
            default ->
                    new ExpressionException(
                            Codes.EVALUATION, "`" + shown + "`: " + CelMessages.failure(e), e);
        };
    }

    Type check(Types types, List<Fault> faults) {
        var declared = new ArrayList<CelType>();
        for (var slot : slots) {
            var type = slot.path().check(types, faults);
            declared.add(
                    slot.presence()
                            ? SimpleType.BOOL
                            : slot.nullable() ? SimpleType.DYN : CelValues.type(type));
        }
        var result =
                CelEngine.checker(declared)
                        .check(CelAbstractSyntaxTree.newParsedAst(checkable, source));
        if (result.hasError()) {
            result.getErrors().stream()
                    .limit(MOST_ISSUES)
                    .map(issue ->
                            fault(
                                    Codes.TYPES,
                                    CelMessages.type(issue.getMessage()),
                                    Positions.of(issue, source, text),
                                    "here"))
                    .forEach(faults::add);
            return Type.Any.ANY;
        }
        try {
            return typeOf(checkable, result.getAst());
        } catch (CelValidationException e) {
            throw new IllegalStateException(e);
        }
    }

    /// The type CEL found, and where it is an object written out, those of its fields.
    private static Type typeOf(CelExpr expr, CelAbstractSyntaxTree ast) {
        if (expr.exprKind().getKind() == CelExpr.ExprKind.Kind.MAP) {
            var fields = new LinkedHashMap<String, Type.Field>();
            for (var entry : expr.map().entries()) {
                if (entry.key().exprKind().getKind() != CelExpr.ExprKind.Kind.CONSTANT
                        || entry.key().constant().getKind() != CelConstant.Kind.STRING_VALUE) {
                    return Type.Struct.OPEN;
                }
                fields.put(
                        entry.key().constant().stringValue(),
                        Type.Field.required(typeOf(entry.value(), ast)));
            }
            return new Type.Struct(fields, false);
        }
        return CelValues.type(ast.getTypeOrThrow(expr.id()));
    }

    private static Fault fault(String code, String message, Fault.Span span, String label) {
        return new Fault(code, message, List.of(), span, label, null);
    }
}
