package dev.tutti.agents.llm;

import dev.tutti.agents.llm.model.ModelSettings;
import dev.tutti.core.event.Value;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What the team file says of an agent that uses a language model, expressions evaluated.
///
/// @param models the first, and those that stand in for it
/// @param instructions what holds for all its tasks
/// @param boxes the toolboxes that it may use
/// @param asksPeople whether it may ask a person
/// @param samples whether its tools may ask its model
/// @param limits what it may use up in one attempt
record Settings(
        List<ModelSettings> models,
        String instructions,
        List<Box> boxes,
        boolean asksPeople,
        boolean samples,
        Limits limits) {

    Settings {
        models = List.copyOf(models);
        boxes = List.copyOf(boxes);
    }

    /// A toolbox as it is declared.
    ///
    /// @param only the tools that are offered, or null for all
    /// @param rules the policy, an object with one decision each, or null for the default
    record Box(
            String name,
            String uses,
            Value.Struct with,
            @Nullable Set<String> only,
            @Nullable List<Value.Struct> rules,
            boolean trusted) {}

    /// @param steps replies of models
    /// @param calls of tools
    /// @param tokens read and written, all replies together; 0 for no limit
    /// @param repairs how often the model is told that its answer does not fit
    /// @param continuations how often the model is asked to go on where it was cut off
    /// @param patience how long a step waits for a provider that wants to be left alone
    record Limits(
            int steps, int calls, long tokens, int repairs, int continuations, Duration patience) {}

    /// @throws IllegalArgumentException saying which setting is wrong and what it may be
    static Settings of(Value.Struct with) {
        var models = new ArrayList<ModelSettings>();
        for (var declared : structs(with.get("model"))) {
            models.add(ModelSettings.of(declared));
        }
        if (models.isEmpty()) {
            throw new IllegalArgumentException("`model` names one of the team's models");
        }
        var boxes = new ArrayList<Box>();
        for (var declared : structs(with.get("tools"))) {
            boxes.add(box(declared));
        }
        return new Settings(
                models,
                with.get("instructions") instanceof Value.Text(var text) ? text.strip() : "",
                boxes,
                texts(with.get("may")).contains("ask_person"),
                texts(with.get("may")).contains("sampling"),
                limits(with));
    }

    private static Limits limits(Value.Struct with) {
        return new Limits(
                (int) whole(with, "max_steps", 30),
                (int) whole(with, "max_tool_calls", 100),
                whole(with, "max_tokens", 0),
                (int) whole(with, "repairs", 2),
                (int) whole(with, "continuations", 3),
                with.get("max_wait") instanceof Value.Text(var wait)
                        ? ModelSettings.duration(wait)
                        : Duration.ofSeconds(60));
    }

    private static Box box(Value.Struct declared) {
        return new Box(
                declared.text("name"),
                declared.text("uses"),
                declared.get("with") instanceof Value.Struct with ? with : Value.Struct.EMPTY,
                declared.get("only") == null ? null : new HashSet<>(texts(declared.get("only"))),
                declared.get("policy") == null ? null : structs(declared.get("policy")),
                declared.get("trust") instanceof Value.Text(var trust) && trust.equals("trusted"));
    }

    /// The model of that name, which a step on record says has answered.
    int model(String name) {
        for (int i = 0; i < models.size(); i++) {
            if (models.get(i).name().equals(name)) {
                return i;
            }
        }
        return 0;
    }

    Optional<Box> box(String name) {
        return boxes.stream().filter(box -> box.name().equals(name)).findFirst();
    }

    private static List<Value.Struct> structs(@Nullable Value value) {
        return value instanceof Value.Array(var items)
                ? items.stream()
                        .filter(Value.Struct.class::isInstance)
                        .map(Value.Struct.class::cast)
                        .toList()
                : List.of();
    }

    private static List<String> texts(@Nullable Value value) {
        return switch (value) {
            case Value.Text(var one) -> List.of(one);
            case Value.Array(var items) ->
                    items.stream()
                            .filter(Value.Text.class::isInstance)
                            .map(item -> ((Value.Text) item).value())
                            .toList();
            case null, default -> List.of();
        };
    }

    private static long whole(Value.Struct with, String key, long otherwise) {
        return with.get(key) instanceof Value.Int(var number) ? number : otherwise;
    }
}
