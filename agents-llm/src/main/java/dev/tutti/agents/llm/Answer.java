package dev.tutti.agents.llm;

import dev.tutti.core.event.Type;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.agent.Catalogue;
import dev.tutti.runtime.json.Json;
import dev.tutti.runtime.json.JsonException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The form of the answer that a skill promises, and what a model says held to it.
///
/// Where nothing is promised, or one text, the model answers in plain words.
record Answer(Type promised) {
    /// Faults that the model is told of at once.
    private static final int MOST_FAULTS = 10;

    /// What was read, or what is wrong with it.
    record Reading(@Nullable Value value, List<String> faults) {}

    /// JSON Schema of what is promised; empty where plain words will do.
    Optional<Value.Struct> schema() {
        return promised instanceof Type.Struct struct
                        && !struct.fields().isEmpty()
                        && words() == null
                ? Optional.of(Catalogue.schema(struct))
                : Optional.empty();
    }

    /// The field that plain words go into, or null where words will not do.
    private @Nullable String words() {
        if (!(promised instanceof Type.Struct(var fields, _))) {
            return "text";
        }
        if (fields.isEmpty()) {
            return "text";
        }
        if (fields.size() == 1) {
            var only = fields.firstEntry();
            if (only.getValue().type().equals(Type.Scalar.STRING)
                    || only.getValue().type() instanceof Type.Any) {
                return only.getKey();
            }
        }
        return null;
    }

    Reading read(String text) {
        var field = words();
        if (field != null) {
            var json = object(text);
            return json != null && json.get(field) != null && faults(json).isEmpty()
                    ? new Reading(json, List.of())
                    : new Reading(Value.struct(field, Value.text(text.strip())), List.of());
        }
        Value value;
        try {
            value = Json.parse(bare(text));
        } catch (JsonException e) {
            return new Reading(null, List.of("it is not JSON: " + e.getMessage()));
        }
        var faults = faults(value);
        return new Reading(faults.isEmpty() ? value : null, faults);
    }

    private static Value.@Nullable Struct object(String text) {
        var bare = bare(text);
        if (!bare.startsWith("{")) {
            return null;
        }
        try {
            return Json.parse(bare) instanceof Value.Struct struct ? struct : null;
        } catch (JsonException _) {
            return null;
        }
    }

    private List<String> faults(Value value) {
        return promised.check(value, List.of("answer")).stream()
                .filter(fault -> !fault.code().equals(Type.UNKNOWN_FIELD))
                .limit(MOST_FAULTS)
                .map(Object::toString)
                .toList();
    }

    /// The object in a text that has words or a fence around it.
    private static String bare(String text) {
        var stripped = text.strip();
        if (stripped.startsWith("{") && stripped.endsWith("}")) {
            return stripped;
        }
        int from = stripped.indexOf('{');
        int to = stripped.lastIndexOf('}');
        return from >= 0 && to > from ? stripped.substring(from, to + 1) : stripped;
    }
}
