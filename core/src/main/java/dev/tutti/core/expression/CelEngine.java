package dev.tutti.core.expression;

import dev.cel.checker.CelChecker;
import dev.cel.common.CelOptions;
import dev.cel.common.CelVarDecl;
import dev.cel.common.types.CelType;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.parser.CelParser;
import dev.cel.parser.CelParserFactory;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelFunctionBinding;
import dev.cel.runtime.CelFunctionOverload;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import dev.cel.runtime.CelStandardFunctions;
import dev.cel.runtime.CelStandardFunctions.StandardFunction;
import dev.cel.runtime.RuntimeEquality;
import dev.cel.runtime.RuntimeHelpers;
import dev.cel.runtime.standard.AddOperator.AddOverload;
import dev.cel.runtime.standard.CelStandardOverload;
import dev.cel.runtime.standard.DivideOperator.DivideOverload;
import dev.cel.runtime.standard.MultiplyOperator.MultiplyOverload;
import dev.cel.runtime.standard.SubtractOperator.SubtractOverload;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;

/// CEL, set up with limits. Loaded when the first expression needs it, never for plain paths.
final class CelEngine {
    static final int LONGEST_EXPRESSION = 10_000;
    static final int DEEPEST = 100;

    /// Marks every look at an element of a list within a comprehension, see [Budget].
    static final String USE = "@use";

    /// The list that a comprehension makes, as [Growing]: adding to one of CEL's own copies it.
    static final String BUILD = "@build";

    static final String APPEND = "@append";
    static final String BUILT = "@built";

    private static final int MOST_ITERATIONS = 1_000_000;
    private static final int MOST_NODES = 10_000;
    private static final int MOST_CHECKERS = 1_000;

    private static final CelOptions OPTIONS =
            CelOptions.current()
                    .enableHeterogeneousNumericComparisons(true)
                    .maxExpressionCodePointSize(LONGEST_EXPRESSION)
                    .maxParseRecursionDepth(DEEPEST)
                    .maxParseExpressionNodeCount(MOST_NODES)
                    .maxParseErrorRecoveryLimit(1)
                    .comprehensionMaxIterations(MOST_ITERATIONS)
                    .maxRegexProgramSize(1_000)
                    .build();

    static final CelParser PARSER =
            CelParserFactory.standardCelParserBuilder()
                    .setOptions(OPTIONS)
                    .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
                    .build();

    static final CelRuntime RUNTIME = runtime();

    private static final ConcurrentHashMap<List<CelType>, CelChecker> CHECKERS =
            new ConcurrentHashMap<>();

    private CelEngine() {}

    /// The name of the variable that stands for the path with this number.
    static String slot(int number) {
        return "@p" + number;
    }

    /// A checker for expressions whose paths have these types.
    static CelChecker checker(List<CelType> types) {
        if (CHECKERS.size() > MOST_CHECKERS) {
            CHECKERS.clear();
        }
        return CHECKERS.computeIfAbsent(types, CelEngine::newChecker);
    }

    private static CelChecker newChecker(List<CelType> types) {
        var variables = new ArrayList<CelVarDecl>();
        for (int i = 0; i < types.size(); i++) {
            variables.add(CelVarDecl.newVarDeclaration(slot(i), types.get(i)));
        }
        return CelCompilerFactory.standardCelCheckerBuilder()
                .setOptions(OPTIONS)
                .addVarDeclarations(variables)
                .build();
    }

    /// The standard functions, but for arithmetic: there whole and real numbers mix, as data has
    /// `3` where it might have had `3.0`, and what grows is charged.
    private static CelRuntime runtime() {
        var functions =
                CelStandardFunctions.newBuilder()
                        .excludeFunctions(
                                StandardFunction.ADD,
                                StandardFunction.SUBTRACT,
                                StandardFunction.MULTIPLY,
                                StandardFunction.DIVIDE)
                        .build();
        var add = standard(AddOverload.values(), AddOverload.ADD_STRING, AddOverload.ADD_LIST);
        add.add(
                CelFunctionBinding.from(
                        "add_string", String.class, String.class, Budget::concatenated));
        add.add(CelFunctionBinding.from("add_list", List.class, List.class, CelEngine::joined));
        add.addAll(mixed("add", Double::sum));
        var subtract = standard(SubtractOverload.values());
        subtract.addAll(mixed("subtract", (a, b) -> a - b));
        var multiply = standard(MultiplyOverload.values());
        multiply.addAll(mixed("multiply", (a, b) -> a * b));
        var divide = standard(DivideOverload.values());
        divide.addAll(mixed("divide", (a, b) -> a / b));
        return CelRuntimeFactory.plannerRuntimeBuilder()
                .setOptions(OPTIONS)
                .setStandardFunctions(functions)
                .addFunctionBindings(CelFunctionBinding.fromOverloads("_+_", add))
                .addFunctionBindings(CelFunctionBinding.fromOverloads("_-_", subtract))
                .addFunctionBindings(CelFunctionBinding.fromOverloads("_*_", multiply))
                .addFunctionBindings(CelFunctionBinding.fromOverloads("_/_", divide))
                .addFunctionBindings(CelFunctionBinding.from(USE, Object.class, Budget::use))
                .addFunctionBindings(CelFunctionBinding.from(BUILD, List.class, _ -> new Growing()))
                .addFunctionBindings(
                        CelFunctionBinding.from(APPEND, Growing.class, List.class, Growing::plus))
                .addFunctionBindings(CelFunctionBinding.from(BUILT, Growing.class, Growing::items))
                .build();
    }

    private static List<CelFunctionBinding> standard(
            CelStandardOverload[] overloads, CelStandardOverload... except) {
        var equality = RuntimeEquality.create(RuntimeHelpers.create(), OPTIONS);
        var bindings = new ArrayList<CelFunctionBinding>();
        for (var overload : overloads) {
            if (!List.of(except).contains(overload)) {
                bindings.add(overload.newFunctionBinding(OPTIONS, equality));
            }
        }
        return bindings;
    }

    private static List<CelFunctionBinding> mixed(
            String name, CelFunctionOverload.Binary<Double, Double> operator) {
        return List.of(
                CelFunctionBinding.from(
                        name + "_int64_double",
                        Long.class,
                        Double.class,
                        (a, b) -> operator.apply(a.doubleValue(), b.doubleValue())),
                CelFunctionBinding.from(
                        name + "_double_int64",
                        Double.class,
                        Long.class,
                        (a, b) -> operator.apply(a.doubleValue(), b.doubleValue())));
    }

    @SuppressWarnings("unchecked") // CEL lists hold anything
    private static Object joined(List<?> first, List<?> second) {
        Budget.CURRENT.get().charge((long) first.size() + second.size() + 1);
        return RuntimeHelpers.concat((List<Object>) first, (List<Object>) second);
    }

    /// A list while a comprehension fills it.
    private static final class Growing {
        private final List<Object> items = new ArrayList<>();

        Growing plus(List<?> more) {
            Budget.CURRENT.get().charge(more.size() + 1L);
            items.addAll(more);
            return this;
        }

        List<Object> items() {
            return items;
        }
    }
}
