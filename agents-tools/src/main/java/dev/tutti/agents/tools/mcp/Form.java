package dev.tutti.agents.tools.mcp;

import dev.tutti.core.event.Value;
import dev.tutti.runtime.agent.Attempt;
import dev.tutti.runtime.json.Json;
import dev.tutti.runtime.json.JsonException;
import io.modelcontextprotocol.spec.McpSchema.ElicitFormRequest;
import io.modelcontextprotocol.spec.McpSchema.ElicitResult;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a server asks of a person (elicitation): a message and the fields to be filled in, which
/// are texts, numbers, truths and choices.
///
/// A single field with choices becomes a question with these choices. Other answers are the fields
/// as JSON, or the text of the only field; `decline` and `cancel` always answer. An answer that
/// does not fit is asked for again, a few times.
final class Form {
    private static final int MOST_TRIES = 3;
    private static final String ACCEPT = "accept";
    private static final String DECLINE = "decline";
    private static final String CANCEL = "cancel";

    private final String toolbox;
    private final String tool;
    private final Value.Struct arguments;
    private final String message;
    private final Value.Struct schema;
    private final int ordinal;

    /// @param ordinal tells the questions of a call apart
    Form(
            String toolbox,
            String tool,
            Value.Struct arguments,
            ElicitFormRequest request,
            int ordinal) {
        this.toolbox = toolbox;
        this.tool = tool;
        this.arguments = arguments;
        this.message = request.message();
        this.schema = Plain.struct(request.requestedSchema());
        this.ordinal = ordinal;
    }

    /// Asks, and says what was answered as the server wants to hear it.
    ElicitResult ask(Attempt attempt) throws InterruptedException {
        String wrong = "";
        for (int tries = 0; tries < MOST_TRIES; tries++) {
            var answer = attempt.ask(question(tries, wrong));
            var word = answer instanceof Value.Text(var text) ? text.strip() : "";
            if (word.equalsIgnoreCase(DECLINE)) {
                return ElicitResult.builder(ElicitResult.Action.DECLINE).build();
            }
            if (word.equalsIgnoreCase(CANCEL)) {
                return ElicitResult.builder(ElicitResult.Action.CANCEL).build();
            }
            try {
                return ElicitResult.builder(ElicitResult.Action.ACCEPT)
                        .content(Plain.map(filled(answer)))
                        .build();
            } catch (IllegalArgumentException e) {
                wrong = "That did not fit: " + e.getMessage() + ". ";
            }
        }
        return ElicitResult.builder(ElicitResult.Action.CANCEL).build();
    }

    private Attempt.Ask question(int tries, String wrong) {
        var choices = choices();
        var text = new StringBuilder(wrong).append(message);
        if (choices.isEmpty()) {
            text.append("\nAnswer with ")
                    .append(properties().size() == 1 ? "the value, or the field" : "the fields")
                    .append(" as JSON: ");
            text.append(String.join(", ", described())).append("; or `decline`.");
        }
        return new Attempt.Ask(
                name(tries),
                text.toString(),
                choices,
                Value.struct(
                        "toolbox",
                        Value.text(toolbox),
                        "tool",
                        Value.text(tool),
                        "arguments",
                        arguments,
                        "form",
                        schema));
    }

    /// The same for the same question in another attempt at the task.
    private String name(int tries) {
        var all = Value.array(Value.text(toolbox), arguments, Value.text(message), schema);
        return "elicit/"
                + tool
                + "/"
                + ordinal
                + "/"
                + digest(Json.text(all))
                + (tries == 0 ? "" : "/" + tries);
    }

    private static String digest(String text) {
        try {
            var hash =
                    MessageDigest.getInstance("SHA-256")
                            .digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 6);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private Map<String, Value> properties() {
        return schema.get("properties") instanceof Value.Struct struct ? struct.fields() : Map.of();
    }

    private List<String> choices() {
        var properties = properties();
        if (properties.isEmpty()) {
            return List.of(ACCEPT, DECLINE);
        }
        if (properties.size() > 1) {
            return List.of();
        }
        var only = properties.values().iterator().next();
        var choices = new ArrayList<>(options(only));
        if (choices.isEmpty() && type(only).equals("boolean")) {
            choices.addAll(List.of("yes", "no"));
        }
        if (!choices.isEmpty() && !choices.contains(DECLINE)) {
            choices.add(DECLINE);
        }
        return choices;
    }

    private List<String> described() {
        var described = new ArrayList<String>();
        properties()
                .forEach((name, property) -> {
                    var options = options(property);
                    described.add(
                            "`"
                                    + name
                                    + "` ("
                                    + (options.isEmpty()
                                            ? type(property)
                                            : String.join(" | ", options))
                                    + (isNeeded(name) ? "" : ", may be left out")
                                    + ")");
                });
        return described;
    }

    private boolean isNeeded(String name) {
        return schema.get("required") instanceof Value.Array(var names)
                && names.contains(Value.text(name));
    }

    private static String type(Value property) {
        return property instanceof Value.Struct struct
                        && struct.get("type") instanceof Value.Text(var type)
                ? type
                : "string";
    }

    private static List<String> options(Value property) {
        var options = new ArrayList<String>();
        if (!(property instanceof Value.Struct struct)) {
            return options;
        }
        if (struct.get("enum") instanceof Value.Array(var items)) {
            items.forEach(item -> {
                if (item instanceof Value.Text(var text)) {
                    options.add(text);
                }
            });
        }
        if (struct.get("oneOf") instanceof Value.Array(var items)) {
            items.forEach(item -> {
                if (item instanceof Value.Struct one
                        && one.get("const") instanceof Value.Text(var text)) {
                    options.add(text);
                }
            });
        }
        return options;
    }

    /// @throws IllegalArgumentException when the answer does not fit the fields
    private Value.Struct filled(Value answer) {
        var given = given(answer);
        var filled = new LinkedHashMap<String, Value>();
        properties()
                .forEach((name, property) -> {
                    var value = given.get(name);
                    if (value != null && !(value instanceof Value.Null)) {
                        filled.put(name, fitting(name, property, value));
                    } else if (isNeeded(name)) {
                        throw new IllegalArgumentException("`" + name + "` is needed");
                    }
                });
        return new Value.Struct(filled);
    }

    private Value.Struct given(Value answer) {
        if (answer instanceof Value.Struct struct) {
            return struct;
        }
        var names = List.copyOf(properties().keySet());
        if (names.isEmpty()) {
            return Value.Struct.EMPTY;
        }
        if (answer instanceof Value.Text(var text) && text.strip().startsWith("{")) {
            try {
                if (Json.parse(text) instanceof Value.Struct struct) {
                    return struct;
                }
            } catch (JsonException e) {
                throw new IllegalArgumentException("it is no JSON: " + e.getMessage(), e);
            }
        }
        if (names.size() == 1) {
            return Value.struct(names.getFirst(), answer);
        }
        throw new IllegalArgumentException("the fields are needed as JSON: " + names);
    }

    private static Value fitting(String name, Value property, Value value) {
        var options = options(property);
        if (!options.isEmpty()) {
            if (value instanceof Value.Text(var text) && options.contains(text)) {
                return value;
            }
            throw new IllegalArgumentException("`" + name + "` is one of " + options);
        }
        return switch (type(property)) {
            case "boolean" -> truth(name, value);
            case "integer", "number" -> number(name, value, type(property).equals("integer"));
            case "array" -> value instanceof Value.Array ? value : Value.array(value);
            default -> value instanceof Value.Text ? value : Value.text(Json.text(value));
        };
    }

    private static Value truth(String name, Value value) {
        var word =
                value instanceof Value.Text(var text) ? text.strip().toLowerCase(Locale.ROOT) : "";
        return switch (value) {
            case Value.Bool _ -> value;
            case Value.Text _ when word.equals("yes") || word.equals("true") -> Value.of(true);
            case Value.Text _ when word.equals("no") || word.equals("false") -> Value.of(false);
            default -> throw new IllegalArgumentException("`" + name + "` is yes or no");
        };
    }

    private static Value number(String name, Value value, boolean whole) {
        var parsed =
                switch (value) {
                    case Value.Int _, Value.Real _ -> Optional.of(value);
                    case Value.Text(var text) -> Optional.ofNullable(parsed(text.strip()));
                    default -> Optional.<Value>empty();
                };
        return parsed.filter(number -> !whole || number instanceof Value.Int)
                .orElseThrow(() ->
                        new IllegalArgumentException(
                                "`" + name + "` is a " + (whole ? "whole number" : "number")));
    }

    private static @Nullable Value parsed(String text) {
        try {
            return switch (Json.parse(text)) {
                case Value.Int number -> number;
                case Value.Real number -> number;
                default -> null;
            };
        } catch (JsonException _) {
            return null;
        }
    }
}
