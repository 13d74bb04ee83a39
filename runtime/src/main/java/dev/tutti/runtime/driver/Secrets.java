package dev.tutti.runtime.driver;

import dev.tutti.core.event.Value;
import dev.tutti.core.expression.ExpressionException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Puts secrets in the places that name them (`${secret.NAME}`), around the evaluation of all other
/// expressions, which never sees one. What stands in for a secret meanwhile is another word each
/// time, so that no data can be taken for it.
final class Secrets {
    private static final Pattern NAMED =
            Pattern.compile("\\$\\{\\s*secret\\.([A-Za-z_][A-Za-z0-9_]*)\\s*}");

    private final Value.Struct environment;

    /// @param environment where secrets are found by their names
    Secrets(Value.Struct environment) {
        this.environment = environment;
    }

    /// Evaluates `settings` by `expressions`, and puts the secrets in.
    ///
    /// @throws ExpressionException `missing_secret` when one is not there
    Value around(UnaryOperator<Value> expressions, Value settings) {
        if (!isNamedIn(settings)) {
            return expressions.apply(settings);
        }
        var mark = "<secret " + UUID.randomUUID() + " ";
        var named = new ArrayList<String>();
        var hidden =
                texts(
                        settings,
                        text ->
                                NAMED.matcher(text)
                                        .replaceAll(match -> {
                                            named.add(match.group(1));
                                            return Matcher.quoteReplacement(
                                                    mark + match.group(1) + ">");
                                        }));
        return texts(
                expressions.apply(hidden),
                text -> {
                    var whole = text;
                    for (var name : named) {
                        whole = whole.replace(mark + name + ">", secret(name));
                    }
                    return whole;
                });
    }

    private static boolean isNamedIn(Value value) {
        return switch (value) {
            case Value.Text(var text) -> NAMED.matcher(text).find();
            case Value.Array(var items) -> items.stream().anyMatch(Secrets::isNamedIn);
            case Value.Struct(var fields) -> fields.values().stream().anyMatch(Secrets::isNamedIn);
            case Value.Null _, Value.Bool _, Value.Int _, Value.Real _ -> false;
        };
    }

    private String secret(String name) {
        if (environment.get(name) instanceof Value.Text(var text) && !text.isBlank()) {
            return text;
        }
        throw new ExpressionException(
                "missing_secret",
                "there is no secret `" + name + "`: set the environment variable " + name);
    }

    private static Value texts(Value value, UnaryOperator<String> change) {
        return switch (value) {
            case Value.Text(var text) -> Value.text(change.apply(text));
            case Value.Array(var items) ->
                    new Value.Array(items.stream().map(item -> texts(item, change)).toList());
            case Value.Struct(var fields) -> {
                var changed = new LinkedHashMap<String, Value>();
                fields.forEach((name, field) -> changed.put(name, texts(field, change)));
                yield new Value.Struct(changed);
            }
            case Value.Null _, Value.Bool _, Value.Int _, Value.Real _ -> value;
        };
    }
}
