package dev.tutti.agents.llm.provider;

import dev.langchain4j.model.chat.request.json.JsonAnyOfSchema;
import dev.langchain4j.model.chat.request.json.JsonArraySchema;
import dev.langchain4j.model.chat.request.json.JsonBooleanSchema;
import dev.langchain4j.model.chat.request.json.JsonEnumSchema;
import dev.langchain4j.model.chat.request.json.JsonIntegerSchema;
import dev.langchain4j.model.chat.request.json.JsonNullSchema;
import dev.langchain4j.model.chat.request.json.JsonNumberSchema;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonRawSchema;
import dev.langchain4j.model.chat.request.json.JsonSchemaElement;
import dev.langchain4j.model.chat.request.json.JsonStringSchema;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// JSON Schema in the form that LangChain4j has for it.
final class Schemas {
    private static final int DEEPEST = 32;
    private static final List<String> DEFINITIONS = List.of("$defs", "definitions");

    /// A schema that refers to itself is followed so many times.
    private static final int MOST_REFERENCES = 6;

    private static final int MOST_NODES = 10_000;

    /// What the other form has no place for; where one of them stands, the text is passed on.
    private static final List<String> BEYOND =
            List.of(
                    "allOf",
                    "oneOf",
                    "not",
                    "const",
                    "pattern",
                    "format",
                    "minimum",
                    "maximum",
                    "minLength",
                    "maxLength",
                    "minItems",
                    "maxItems",
                    "default");

    /// Whether what has no place of its own is passed on as text; else it is left out.
    private final boolean texts;

    private int nodes;

    Schemas(boolean texts) {
        this.texts = texts;
    }

    JsonObjectSchema object(Value.Struct schema) {
        nodes = 0;
        var top = new LinkedHashMap<>(schema.fields());
        DEFINITIONS.forEach(top::remove);
        return inPlace(new Value.Struct(top), schema, 0) instanceof Value.Struct whole
                ? object(whole, 0)
                : JsonObjectSchema.builder().build();
    }

    /// The schema with definitions in the place of references to them, since not every provider is
    /// given definitions. What goes on without end, or is nowhere, becomes anything.
    private Value inPlace(Value value, Value.Struct root, int references) {
        if (++nodes > MOST_NODES) {
            return Value.Struct.EMPTY;
        }
        return switch (value) {
            case Value.Struct struct when struct.get("$ref") instanceof Value.Text(var name) -> {
                var target = references < MOST_REFERENCES ? target(name, root) : null;
                yield target == null ? Value.Struct.EMPTY : inPlace(target, root, references + 1);
            }
            case Value.Struct(var fields) -> {
                var replaced = new LinkedHashMap<String, Value>();
                fields.forEach(
                        (name, field) -> replaced.put(name, inPlace(field, root, references)));
                yield new Value.Struct(replaced);
            }
            case Value.Array(var items) ->
                    new Value.Array(
                            items.stream().map(item -> inPlace(item, root, references)).toList());
            case Value.Null _, Value.Bool _, Value.Int _, Value.Real _, Value.Text _ -> value;
        };
    }

    private static @Nullable Value target(String reference, Value.Struct root) {
        var path = reference.split("/", -1);
        return path.length == 3
                        && path[0].equals("#")
                        && DEFINITIONS.contains(path[1])
                        && root.get(path[1]) instanceof Value.Struct known
                ? known.get(path[2])
                : null;
    }

    private JsonObjectSchema object(Value.Struct schema, int depth) {
        var properties = new LinkedHashMap<String, JsonSchemaElement>();
        if (schema.get("properties") instanceof Value.Struct given) {
            given.fields()
                    .forEach((name, value) -> properties.put(name, element(value, depth + 1)));
        }
        var builder =
                JsonObjectSchema.builder()
                        .addProperties(properties)
                        .required(words(schema.get("required")))
                        .description(text(schema, "description"));
        if (schema.get("additionalProperties") instanceof Value.Bool(var open)) {
            builder.additionalProperties(open);
        }
        return builder.build();
    }

    private JsonSchemaElement element(Value value, int depth) {
        if (!(value instanceof Value.Struct schema) || depth > DEEPEST) {
            return JsonObjectSchema.builder().build();
        }
        if (texts && BEYOND.stream().anyMatch(key -> schema.get(key) != null)) {
            return JsonRawSchema.from(Json.text(schema));
        }
        var description = text(schema, "description");
        if (schema.get("enum") instanceof Value.Array(var words)) {
            return JsonEnumSchema.builder()
                    .enumValues(words(new Value.Array(words)))
                    .description(description)
                    .build();
        }
        if (schema.get("anyOf") instanceof Value.Array(var choices)) {
            return JsonAnyOfSchema.builder()
                    .anyOf(choices.stream().map(choice -> element(choice, depth + 1)).toList())
                    .description(description)
                    .build();
        }
        return switch (text(schema, "type")) {
            case "string" -> JsonStringSchema.builder().description(description).build();
            case "integer" -> JsonIntegerSchema.builder().description(description).build();
            case "number" -> JsonNumberSchema.builder().description(description).build();
            case "boolean" -> JsonBooleanSchema.builder().description(description).build();
            case "null" -> new JsonNullSchema();
            case "array" ->
                    JsonArraySchema.builder()
                            .items(element(items(schema), depth + 1))
                            .description(description)
                            .build();
            case "object" -> object(schema, depth);
            case null, default ->
                    texts ? JsonRawSchema.from(Json.text(schema)) : object(schema, depth);
        };
    }

    private static Value items(Value.Struct schema) {
        var items = schema.get("items");
        return items == null ? Value.struct("type", Value.text("string")) : items;
    }

    private static List<String> words(@Nullable Value value) {
        var words = new ArrayList<String>();
        if (value instanceof Value.Array(var items)) {
            for (var item : items) {
                words.add(item instanceof Value.Text(var text) ? text : Json.text(item));
            }
        }
        return words;
    }

    private static @Nullable String text(Value.Struct schema, String key) {
        return schema.get(key) instanceof Value.Text(var text) ? text : null;
    }
}
