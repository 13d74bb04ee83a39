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

    /// What the other form has no place for; where one of them stands, the text is passed on.
    private static final List<String> BEYOND =
            List.of(
                    "$ref",
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

    Schemas(boolean texts) {
        this.texts = texts;
    }

    JsonObjectSchema object(Value.Struct schema) {
        return object(schema, 0);
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
        if (schema.get("$defs") instanceof Value.Struct definitions) {
            var known = new LinkedHashMap<String, JsonSchemaElement>();
            definitions
                    .fields()
                    .forEach((name, value) -> known.put(name, element(value, depth + 1)));
            builder.definitions(known);
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
