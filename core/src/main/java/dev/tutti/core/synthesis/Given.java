package dev.tutti.core.synthesis;

import dev.tutti.core.event.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/// One answer to a question: who gave it, and what it rests on.
///
/// @param agent who
/// @param output all that was given
/// @param answer the part of it that is compared with other answers
/// @param sources what it names as its sources, as it names them
public record Given(String agent, Value output, Value answer, List<Value> sources) {
    /// Where an output names its sources.
    private static final List<String> SOURCES = List.of("sources", "citations", "source");

    /// What an output says about its answer, and is not part of it.
    private static final List<String> ASIDES = List.of("reason", "confidence", "place", "title");

    /// The field that is the answer of an output that has it.
    private static final String ANSWER = "answer";

    public Given {
        sources = List.copyOf(sources);
    }

    /// What an agent gave, taken apart: its field `answer` if it has one, otherwise all of it but
    /// for its sources and what it says about itself.
    public static Given of(String agent, Value output) {
        return new Given(agent, output, answer(output), sources(output));
    }

    /// As [#of(String, Value)], with `field` as the answer where there is one.
    public static Given of(String agent, Value output, String field) {
        var part = output instanceof Value.Struct struct ? struct.get(field) : null;
        return part == null ? of(agent, output) : new Given(agent, output, part, sources(output));
    }

    /// The same, with all of it as the answer.
    Given whole() {
        return new Given(agent, output, output, sources);
    }

    private static Value answer(Value output) {
        if (!(output instanceof Value.Struct struct)) {
            return output;
        }
        var answer = struct.get(ANSWER);
        if (answer != null) {
            return answer;
        }
        var rest = new LinkedHashMap<>(struct.fields());
        SOURCES.forEach(rest::remove);
        ASIDES.forEach(rest::remove);
        return rest.isEmpty() ? output : new Value.Struct(rest);
    }

    private static List<Value> sources(Value output) {
        var sources = new ArrayList<Value>();
        if (output instanceof Value.Struct struct) {
            for (var name : SOURCES) {
                switch (struct.get(name)) {
                    case Value.Array(var items) -> sources.addAll(items);
                    case Value.Text text -> sources.add(text);
                    case Value.Struct one -> sources.add(one);
                    case null, default -> {}
                }
            }
        }
        return sources;
    }
}
