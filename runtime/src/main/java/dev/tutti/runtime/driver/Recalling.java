package dev.tutti.runtime.driver;

import dev.tutti.core.event.Sharing;
import dev.tutti.core.event.Sharing.Recall;
import dev.tutti.core.event.TenantId;
import dev.tutti.core.event.Value;
import dev.tutti.core.memory.Context;
import dev.tutti.runtime.agent.Attempt;
import dev.tutti.runtime.agent.Recollection;
import dev.tutti.runtime.agent.Remembrance.Which;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Gives an attempt what is remembered of earlier runs and bears on it, as far as there is room.
///
/// It is the first step of the attempt, so that one that goes on after a crash is given the same,
/// and a replay needs no memory; what was found and not given is part of what it says.
final class Recalling {
    private static final int LONGEST_QUERY = 2_000;

    /// What an agent is told of each.
    private static final List<String> TOLD =
            List.of("id", "kind", "text", "about", "trust", "at", "contradicts");

    private Recalling() {}

    /// The input with what was recalled, or as it is where nothing is to be.
    static Value.Struct into(
            Value.Struct input,
            Sharing.Giving giving,
            TenantId tenant,
            Recollection memory,
            Attempt attempt)
            throws Exception {
        var recall = giving.recall();
        if (recall == null) {
            return input;
        }
        var asked = asked(input, recall);
        var about = recall.about() == null ? null : text(input.get(recall.about()));
        var step = new Attempt.Step("tool", "recall", request(asked, about, recall));
        var taken =
                attempt.stepWithin(
                        step,
                        () -> {
                            var which = new Which(about, Set.copyOf(recall.kinds()));
                            var found =
                                    asked.isBlank()
                                            ? List.<Value.Struct>of()
                                            : memory.search(tenant, asked, which, recall.most());
                            return Attempt.Taken.free(fitted(input, giving.tokens(), found));
                        });
        return taken.result() instanceof Value.Struct given && given.get(Recall.FIELD) != null
                ? input.with(Value.struct(Recall.FIELD, given.get(Recall.FIELD)))
                : input;
    }

    private static Value.Struct request(String asked, @Nullable String about, Recall recall) {
        var fields = new LinkedHashMap<String, Value>();
        fields.put("query", Value.text(asked));
        if (about != null) {
            fields.put("about", Value.text(about));
        }
        if (!recall.kinds().isEmpty()) {
            fields.put("kinds", Value.from(recall.kinds()));
        }
        fields.put("most", Value.of(recall.most()));
        return new Value.Struct(fields);
    }

    /// Notes are no part of the question: they are what others have said of it.
    private static String asked(Value.Struct input, Recall recall) {
        var words = new LinkedHashSet<String>();
        if (recall.query() != null) {
            collect(input.get(recall.query()), words);
        } else {
            input.fields()
                    .forEach((name, value) -> {
                        if (!name.equals(Context.NOTES)) {
                            collect(value, words);
                        }
                    });
        }
        var asked = String.join(" ", words).strip();
        return asked.length() <= LONGEST_QUERY ? asked : asked.substring(0, LONGEST_QUERY);
    }

    private static void collect(@Nullable Value value, Set<String> words) {
        switch (value) {
            case Value.Text(var text) -> words.add(text);
            case Value.Array(var items) -> items.forEach(item -> collect(item, words));
            case Value.Struct(var fields) -> fields.values().forEach(one -> collect(one, words));
            case null, default -> {
                // Says nothing in words.
            }
        }
    }

    private static String text(@Nullable Value value) {
        return value instanceof Value.Text(var text) ? text : "";
    }

    /// Those for which there is room, the best first.
    private static Value.Struct fitted(Value.Struct input, int tokens, List<Value.Struct> found) {
        var given = new ArrayList<Value>();
        var left = new ArrayList<Value>();
        int used = Context.tokens(input);
        for (var memory : found) {
            given.add(told(memory));
            int then = tokens == 0 ? 0 : Context.tokens(with(input, given));
            if (then > tokens) {
                given.removeLast();
                left.add(memory.get("id") == null ? Value.NULL : memory.get("id"));
            } else {
                used = then;
            }
        }
        var result = new LinkedHashMap<String, Value>();
        // An empty list takes room as well.
        if (!given.isEmpty() || tokens == 0 || Context.tokens(with(input, given)) <= tokens) {
            result.put(Recall.FIELD, new Value.Array(given));
        }
        if (!left.isEmpty()) {
            result.put("left_out", new Value.Array(left));
        }
        if (tokens > 0) {
            result.put("tokens", Value.of(used));
            result.put("of", Value.of(tokens));
        }
        return new Value.Struct(result);
    }

    private static Value.Struct with(Value.Struct input, List<Value> memories) {
        return input.with(Value.struct(Recall.FIELD, new Value.Array(memories)));
    }

    private static Value.Struct told(Value.Struct memory) {
        var fields = new LinkedHashMap<String, Value>();
        for (var name : TOLD) {
            var value = memory.get(name);
            if (value != null && !value.equals(Value.NULL) && !value.equals(Value.Array.EMPTY)) {
                fields.put(name, value);
            }
        }
        return new Value.Struct(fields);
    }
}
