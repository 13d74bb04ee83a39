package dev.tutti.agents.llm;

import dev.tutti.agents.llm.ModelCall.Recorded;
import dev.tutti.agents.llm.model.Message;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.json.Json;
import dev.tutti.runtime.json.JsonException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What an attempt has done so far, and what is left to it.
final class Tally {
    /// The call that is made so often is told to be the same; one more, and the attempt fails.
    static final int MOST_REPETITIONS = 3;

    private static final int LONGEST = 300;

    private final Map<String, Integer> byTool = new LinkedHashMap<>();
    private final Map<Value, Integer> same = new HashMap<>();
    private int steps;
    private int calls;
    private long tokens;
    private String last = "";

    void replied(Recorded reply) {
        steps++;
        tokens += reply.tokens();
        last = reply.text().isBlank() ? last : reply.text();
    }

    int calls() {
        return calls;
    }

    /// Counts a call, and says how often it has been made now.
    int calling(Message.Call call) {
        calls++;
        byTool.merge(call.name(), 1, Integer::sum);
        return same.merge(key(call), 1, Integer::sum);
    }

    /// The same whatever blanks there are between the arguments.
    private static Value key(Message.Call call) {
        Value arguments;
        try {
            arguments = Json.parse(call.arguments());
        } catch (JsonException _) {
            arguments = Value.text(call.arguments());
        }
        return Value.array(Value.text(call.name()), arguments);
    }

    /// The limit that does not allow another reply, if one does not.
    Optional<String> exceeded(Settings.Limits limits) {
        if (steps >= limits.steps()) {
            return Optional.of("there is no answer after " + steps + " replies (`max_steps`)");
        }
        return limits.tokens() > 0 && tokens >= limits.tokens()
                ? Optional.of(
                        "there is no answer after "
                                + tokens
                                + " tokens, which is more than `max_tokens` allows")
                : Optional.empty();
    }

    /// How long the next reply may be, as far as the attempt's tokens go.
    @Nullable Integer left(Settings.Limits limits) {
        return limits.tokens() == 0
                ? null
                : Math.clamp(limits.tokens() - tokens, 1, Integer.MAX_VALUE);
    }

    double fraction(Settings.Limits limits) {
        return Math.min(0.95, (double) steps / limits.steps());
    }

    /// How far it is, at the beginning of a line.
    String begin() {
        return steps == 0 ? "" : "step " + (steps + 1) + ": ";
    }

    /// What was done, for whoever has to see how it came to this.
    String sofar() {
        var text = new StringBuilder("Done so far: ");
        text.append(steps).append(steps == 1 ? " reply, " : " replies, ");
        text.append(tokens).append(" tokens");
        if (!byTool.isEmpty()) {
            text.append(", calls of ")
                    .append(
                            byTool.entrySet().stream()
                                    .map(entry -> entry.getKey() + " (" + entry.getValue() + ")")
                                    .collect(Collectors.joining(", ")));
        }
        if (!last.isEmpty()) {
            text.append("; it last said: ").append(shortened(last));
        }
        return text.toString();
    }

    static String shortened(String text) {
        var line = text.replaceAll("\\s+", " ").strip();
        return line.length() > LONGEST ? line.substring(0, LONGEST) + "…" : line;
    }
}
