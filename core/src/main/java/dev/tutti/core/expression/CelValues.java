package dev.tutti.core.expression;

import com.google.common.primitives.UnsignedLong;
import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.values.CelByteString;
import dev.cel.common.values.NullValue;
import dev.tutti.core.event.Type;
import dev.tutti.core.event.Value;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Values and types on their way to CEL and back.
final class CelValues {
    private static final int DEEPEST_TYPE = 8;

    private CelValues() {}

    static Object toCel(Value value) {
        return switch (value) {
            case Value.Null _ -> NullValue.NULL_VALUE;
            case Value.Bool(var bool) -> bool;
            case Value.Int(var number) -> number;
            case Value.Real(var number) -> number;
            case Value.Text(var text) -> text;
            case Value.Array(var items) -> {
                var list = new ArrayList<Object>(items.size());
                for (var item : items) {
                    list.add(toCel(item));
                }
                yield list;
            }
            case Value.Struct(var fields) -> {
                var map = new LinkedHashMap<String, Object>();
                fields.forEach((name, field) -> map.put(name, toCel(field)));
                yield map;
            }
        };
    }

    /// @throws ExpressionException for what no value can hold
    static Value fromCel(Object result) {
        return switch (result) {
            case NullValue _ -> Value.NULL;
            case Boolean bool -> Value.of(bool);
            case Long number -> Value.of(number);
            case Double number when Double.isFinite(number) -> new Value.Real(number);
            case Double number -> throw unfit("the number " + number);
            case UnsignedLong number -> Value.of(number.bigIntegerValue().longValueExact());
            case String text -> Value.text(text);
            case CelByteString bytes ->
                    Value.text(Base64.getEncoder().encodeToString(bytes.toByteArray()));
            case Instant time -> Value.text(time.toString());
            case Duration time -> Value.text(time.toString());
            case CelType type -> Value.text(type.name());
            case List<?> list -> {
                var items = new ArrayList<Value>(list.size());
                for (var item : list) {
                    items.add(fromCel(item));
                }
                yield new Value.Array(items);
            }
            case Map<?, ?> map -> {
                var fields = new LinkedHashMap<String, Value>();
                map.forEach((key, item) -> fields.put(key(key), fromCel(item)));
                yield new Value.Struct(fields);
            }
            default -> throw unfit("a " + result.getClass().getSimpleName());
        };
    }

    private static String key(Object key) {
        if (key instanceof String text) {
            return text;
        }
        throw unfit("an object whose key is " + key + "; keys are strings");
    }

    private static ExpressionException unfit(String what) {
        return new ExpressionException(
                Codes.EVALUATION, "the expression gives " + what + ", which cannot be kept");
    }

    /// Numbers are left open: whether whole or real shows only when they are there.
    static CelType type(Type type) {
        return type(type, 0);
    }

    private static CelType type(Type type, int depth) {
        return switch (type) {
            case Type.Any _ -> SimpleType.DYN;
            case Type.Scalar(var name) ->
                    switch (name) {
                        case "bool" -> SimpleType.BOOL;
                        case "int" -> SimpleType.INT;
                        case "string" -> SimpleType.STRING;
                        default -> SimpleType.DYN;
                    };
            case Type.ListOf(var item) ->
                    ListType.create(depth > DEEPEST_TYPE ? SimpleType.DYN : type(item, depth + 1));
            case Type.Struct _ -> MapType.create(SimpleType.STRING, SimpleType.DYN);
        };
    }

    static Type type(CelType type) {
        return switch (type.kind()) {
            case BOOL -> Type.Scalar.BOOL;
            case INT, UINT -> Type.Scalar.INT;
            case DOUBLE -> Type.Scalar.NUMBER;
            case STRING, BYTES, TIMESTAMP, DURATION, TYPE -> Type.Scalar.STRING;
            case LIST -> new Type.ListOf(type(((ListType) type).elemType()));
            case MAP, STRUCT -> Type.Struct.OPEN;
            case DYN, ANY, NULL_TYPE, ERROR, OPAQUE, TYPE_PARAM, UNSPECIFIED -> Type.Any.ANY;
        };
    }
}
