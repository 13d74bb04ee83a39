package dev.tutti.core.expression;

import dev.cel.common.CelSource;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.CelCall;
import dev.cel.common.ast.CelExpr.CelComprehension;
import dev.cel.common.ast.CelExpr.CelList;
import dev.cel.common.ast.CelExpr.CelMap;
import dev.cel.common.ast.CelExpr.CelSelect;
import dev.tutti.core.event.Fault;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Takes the paths out of an expression and puts variables in their place.
///
/// So a path means the same here as in a plain `${path}` (null goes through, what is missing is
/// named), and only what is used is converted.
final class Hoisting {

    /// What a variable stands for.
    ///
    /// @param presence the question whether it is there (`has(path)`), not its value
    /// @param nullable it is compared with null, so its type must not rule that out
    record Slot(Path path, boolean presence, boolean nullable) {}

    private static final Set<String> COMPARISONS = Set.of("_==_", "_!=_");

    private final String text;
    private final CelSource source;
    private final boolean metered;
    private final List<Slot> slots = new ArrayList<>();
    private final ArrayDeque<String> bound = new ArrayDeque<>();

    /// @param metered whether looks at elements are charged, for evaluation; the checker does not
    ///   know of that
    Hoisting(String text, CelSource source, boolean metered) {
        this.text = text;
        this.source = source;
        this.metered = metered;
    }

    List<Slot> slots() {
        return slots;
    }

    CelExpr rewrite(CelExpr expr) {
        return rewrite(expr, false);
    }

    private CelExpr rewrite(CelExpr expr, boolean nullable) {
        var path = path(expr);
        if (path != null) {
            boolean presence =
                    expr.exprKind().getKind() == CelExpr.ExprKind.Kind.SELECT
                            && expr.select().testOnly();
            slots.add(new Slot(path, presence, nullable));
            return CelExpr.ofIdent(expr.id(), CelEngine.slot(slots.size() - 1));
        }
        return switch (expr.exprKind().getKind()) {
            case NOT_SET, CONSTANT -> expr;
            case IDENT -> bound(expr);
            case SELECT -> {
                var select = expr.select();
                yield expr.toBuilder()
                        .setSelect(select.toBuilder().setOperand(rewrite(select.operand())).build())
                        .build();
            }
            case CALL -> call(expr);
            case LIST -> {
                var list = CelList.newBuilder();
                expr.list().elements().forEach(item -> list.addElements(rewrite(item)));
                yield expr.toBuilder()
                        .setList(list.addOptionalIndices(expr.list().optionalIndices()).build())
                        .build();
            }
            case MAP -> {
                var map = CelMap.newBuilder();
                for (var entry : expr.map().entries()) {
                    map.addEntries(
                            entry.toBuilder()
                                    .setKey(rewrite(entry.key()))
                                    .setValue(rewrite(entry.value()))
                                    .build());
                }
                yield expr.toBuilder().setMap(map.build()).build();
            }
            case STRUCT -> expr;
            case COMPREHENSION -> comprehension(expr);
        };
    }

    private CelExpr bound(CelExpr expr) {
        var name = expr.ident().name();
        return metered && bound.contains(name) && !name.startsWith("@")
                ? wrapped(expr, CelEngine.USE)
                : expr;
    }

    private CelExpr call(CelExpr expr) {
        var call = expr.call();
        boolean comparedWithNull =
                COMPARISONS.contains(call.function())
                        && call.args().stream().anyMatch(Hoisting::isNull);
        var rewritten =
                CelCall.newBuilder()
                        .setFunction(metered && appends(call) ? CelEngine.APPEND : call.function());
        call.target().ifPresent(target -> rewritten.setTarget(rewrite(target)));
        call.args().forEach(arg -> rewritten.addArgs(rewrite(arg, comparedWithNull)));
        return expr.toBuilder().setCall(rewritten.build()).build();
    }

    private CelExpr comprehension(CelExpr expr) {
        var loop = expr.comprehension();
        boolean builds = metered && isEmptyList(loop.accuInit());
        var rewritten =
                CelComprehension.newBuilder()
                        .setIterVar(loop.iterVar())
                        .setIterVar2(loop.iterVar2())
                        .setAccuVar(loop.accuVar())
                        .setIterRange(rewrite(loop.iterRange()))
                        .setAccuInit(
                                builds
                                        ? wrapped(loop.accuInit(), CelEngine.BUILD)
                                        : rewrite(loop.accuInit()));
        bound.push(loop.accuVar());
        bound.push(loop.iterVar());
        bound.push(loop.iterVar2());
        rewritten.setLoopCondition(rewrite(loop.loopCondition()));
        rewritten.setLoopStep(rewrite(loop.loopStep()));
        bound.pop();
        bound.pop();
        var result = rewrite(loop.result());
        rewritten.setResult(builds ? wrapped(result, CelEngine.BUILT) : result);
        bound.pop();
        return expr.toBuilder().setComprehension(rewritten.build()).build();
    }

    /// Whether this is what the macros `map` and `filter` make of one step: `@result + [element]`.
    private static boolean appends(CelCall call) {
        return call.function().equals("_+_")
                && call.args().getFirst().exprKind().getKind() == CelExpr.ExprKind.Kind.IDENT
                && call.args().getFirst().ident().name().startsWith("@")
                && call.args().getLast().exprKind().getKind() == CelExpr.ExprKind.Kind.LIST;
    }

    private static boolean isEmptyList(CelExpr expr) {
        return expr.exprKind().getKind() == CelExpr.ExprKind.Kind.LIST
                && expr.list().elements().isEmpty();
    }

    private static CelExpr wrapped(CelExpr expr, String function) {
        return expr.toBuilder()
                .setCall(CelCall.newBuilder().setFunction(function).addArgs(expr).build())
                .build();
    }

    private static boolean isNull(CelExpr expr) {
        return expr.exprKind().getKind() == CelExpr.ExprKind.Kind.CONSTANT
                && expr.constant().getKind() == CelConstant.Kind.NULL_VALUE;
    }

    /// The path that `expr` is, or null where it is something else.
    private @Nullable Path path(CelExpr expr) {
        var steps = new ArrayDeque<Path.Step>();
        var unknown = new Fault.Span(0, 0);
        var at = expr;
        while (true) {
            switch (at.exprKind().getKind()) {
                case IDENT -> {
                    var name = at.ident().name();
                    return bound.contains(name) || Reserved.TYPES.contains(name)
                            ? null
                            : placed(at, List.copyOf(steps));
                }
                case SELECT -> {
                    CelSelect select = at.select();
                    if (select.testOnly() && !steps.isEmpty()) {
                        return null;
                    }
                    steps.addFirst(new Path.Field(select.field(), unknown));
                    at = select.operand();
                }
                case CALL -> {
                    var step = at.call().function().equals("_[_]") ? index(at.call()) : null;
                    if (step == null) {
                        return null;
                    }
                    steps.addFirst(step);
                    at = at.call().args().getFirst();
                }
                default -> {
                    return null;
                }
            }
        }
    }

    private static Path.@Nullable Step index(CelCall call) {
        var index = call.args().get(1);
        var unknown = new Fault.Span(0, 0);
        if (index.exprKind().getKind() != CelExpr.ExprKind.Kind.CONSTANT) {
            return null;
        }
        return switch (index.constant().getKind()) {
            case INT64_VALUE -> new Path.Index(index.constant().int64Value(), unknown);
            case STRING_VALUE -> new Path.Field(index.constant().stringValue(), unknown);
            default -> null;
        };
    }

    /// The path with the places of its steps, read off the text once more.
    private Path placed(CelExpr root, List<Path.Step> steps) {
        int from = Positions.ofExpression(source, root.id(), text);
        var read = PathReader.at(text, from, steps.size());
        if (read != null && read.root().equals(root.ident().name()) && same(read.steps(), steps)) {
            return read;
        }
        var span =
                new Fault.Span(from, Math.min(text.length(), from + root.ident().name().length()));
        return new Path(
                root.ident().name(),
                steps.stream()
                        .<Path.Step>map(step ->
                                switch (step) {
                                    case Path.Field(var name, _) -> new Path.Field(name, span);
                                    case Path.Index(var index, _) -> new Path.Index(index, span);
                                })
                        .toList(),
                span);
    }

    private static boolean same(List<Path.Step> read, List<Path.Step> steps) {
        if (read.size() != steps.size()) {
            return false;
        }
        for (int i = 0; i < steps.size(); i++) {
            boolean equal =
                    switch (read.get(i)) {
                        case Path.Field(var name, _) ->
                                steps.get(i) instanceof Path.Field(var other, _)
                                        && other.equals(name);
                        case Path.Index(var index, _) ->
                                steps.get(i) instanceof Path.Index(var other, _) && other == index;
                    };
            if (!equal) {
                return false;
            }
        }
        return true;
    }
}
