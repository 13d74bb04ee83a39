package dev.tutti.core.expression;

import dev.tutti.core.event.Fault;
import dev.tutti.core.event.Type;
import dev.tutti.core.event.Value;
import java.util.List;

/// What stands between `${` and `}`, read once. Offsets within it count from its own start.
sealed interface Expression {

    Value evaluate(Scope scope);

    List<Reference> references();

    /// The type it gives; what is wrong is added to `faults`.
    Type check(Types types, List<Fault> faults);

    /// A literal.
    record Constant(Value value) implements Expression {
        @Override
        public Value evaluate(Scope scope) {
            return value;
        }

        @Override
        public List<Reference> references() {
            return List.of();
        }

        @Override
        public Type check(Types types, List<Fault> faults) {
            return switch (value) {
                case Value.Bool _ -> Type.Scalar.BOOL;
                case Value.Int _ -> Type.Scalar.INT;
                case Value.Real _ -> Type.Scalar.NUMBER;
                case Value.Text _ -> Type.Scalar.STRING;
                case Value.Array _ -> new Type.ListOf(Type.Any.ANY);
                case Value.Struct _ -> Type.Struct.OPEN;
                case Value.Null _ -> Type.Any.ANY;
            };
        }
    }

    /// Only a path, by far the most frequent kind: evaluated without CEL.
    record Plain(Path path) implements Expression {
        @Override
        public Value evaluate(Scope scope) {
            return path.evaluate(scope);
        }

        @Override
        public List<Reference> references() {
            return List.of(path.reference());
        }

        @Override
        public Type check(Types types, List<Fault> faults) {
            return path.check(types, faults);
        }
    }

    /// Everything else.
    record Cel(CelExpression compiled) implements Expression {
        @Override
        public Value evaluate(Scope scope) {
            return compiled.evaluate(scope);
        }

        @Override
        public List<Reference> references() {
            return compiled.references();
        }

        @Override
        public Type check(Types types, List<Fault> faults) {
            return compiled.check(types, faults);
        }
    }
}
