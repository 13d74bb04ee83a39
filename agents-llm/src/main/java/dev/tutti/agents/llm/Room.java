package dev.tutti.agents.llm;

import dev.tutti.core.event.Planner;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What agents can take on now, and what is left of the budget, as a model is told it that plans.
final class Room {
    /// The most sentences: more would hide what matters.
    private static final int MOST = 30;

    private Room() {}

    /// The input of a planner with sentences where there are figures; the same where everybody is
    /// free and nothing is limited.
    static Value.Struct inWords(Value.Struct input) {
        var told = room(input);
        return told.get(Planner.BUDGET) instanceof Value.Struct left
                ? told.with(Planner.BUDGET, Value.text(budget(left)))
                : told;
    }

    private static String budget(Value.Struct left) {
        var parts = new ArrayList<String>();
        left.fields()
                .forEach((limit, value) ->
                        parts.add(
                                switch (limit) {
                                    case "usd" -> "$" + Json.text(value);
                                    case "seconds" -> time(value);
                                    case "runs" -> whole(value) + " runs within";
                                    default -> whole(value) + " " + limit;
                                }));
        return "Of the budget of the run there are left: "
                + String.join(", ", parts)
                + ". A plan that takes more is not carried out to its end: plan what can be done"
                + " within that, the most important first, with the cheaper of agents that will do.";
    }

    private static Value.Struct room(Value.Struct input) {
        if (!(input.get(Planner.CAPACITY) instanceof Value.Struct capacity)) {
            return input;
        }
        var sentences = new ArrayList<String>();
        fields(capacity, "agents")
                .fields()
                .forEach((name, told) -> sentences.add(agent(name, (Value.Struct) told)));
        fields(capacity, "quotas")
                .fields()
                .forEach((name, told) -> sentences.add(quota(name, (Value.Struct) told)));
        if (capacity.get("node") instanceof Value.Struct node) {
            sentences.add(node(node));
        }
        var some = new ArrayList<>(sentences.subList(0, Math.min(MOST, sentences.size())));
        some.add(
                "Who is not named here is free. Of ways that are as good, take the one whose agents"
                        + " have room; put no more side by side than there is room for.");
        return input.with(Planner.CAPACITY, Value.from(some));
    }

    private static Value.Struct fields(Value.Struct from, String key) {
        return from.get(key) instanceof Value.Struct struct ? struct : Value.Struct.EMPTY;
    }

    private static String agent(String name, Value.Struct told) {
        if (told.get("why") instanceof Value.Text(var why)) {
            return "Agent `"
                    + name
                    + "` takes on nothing "
                    + (told.get("wait") == null
                            ? "now, and nobody can say until when"
                            : "for about " + time(told.get("wait")))
                    + ": "
                    + why
                    + ".";
        }
        return "Agent `"
                + name
                + "` has "
                + whole(told.get("free"))
                + " of "
                + whole(told.get("places"))
                + " places free.";
    }

    private static String quota(String name, Value.Struct told) {
        var parts = new ArrayList<String>();
        if (told.get("slots") != null) {
            parts.add("has " + whole(told.get("slots")) + " slots left");
        }
        if (told.get("wait") != null) {
            parts.add("lets the next call through in " + time(told.get("wait")));
        }
        return "Quota `" + name + "` " + String.join(" and ", parts) + ".";
    }

    private static String node(Value.Struct node) {
        var parts = new ArrayList<String>();
        if (node.get("cpu") instanceof Value.Real(var cpu)) {
            parts.add(String.format(Locale.ROOT, "%.1f processors", cpu));
        }
        if (node.get("memory") instanceof Value.Int(var bytes)) {
            parts.add((bytes >> 20) + " MiB of memory");
        }
        return "The machine has " + String.join(" and ", List.copyOf(parts)) + " left.";
    }

    private static String whole(@Nullable Value value) {
        return value instanceof Value.Int(var number) ? Long.toString(number) : "no";
    }

    private static String time(@Nullable Value seconds) {
        return seconds instanceof Value.Real(var real)
                ? String.format(Locale.ROOT, real < 10 ? "%.1f s" : "%.0f s", real)
                : "a while";
    }
}
