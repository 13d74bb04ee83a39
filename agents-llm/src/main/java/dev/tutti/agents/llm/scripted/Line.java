package dev.tutti.agents.llm.scripted;

import dev.tutti.agents.llm.model.ModelSettings;
import dev.tutti.agents.llm.model.Reply;
import dev.tutti.agents.llm.model.Tokens;
import dev.tutti.agents.llm.model.Trouble;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.json.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/// One reply of a script.
///
/// @param when what it is a reply to, or null for anything
/// @param text what it says, or what is wrong
/// @param calls tools it calls, arguments as JSON
/// @param error what goes wrong instead of a reply, or null
/// @param retryAfter how long it wants to be left alone after an error, or null
/// @param tokens what it says to have used, or null for nothing
/// @param delay how long it takes
/// @param again whether it may be taken any number of times
record Line(
        @Nullable Pattern when,
        String text,
        List<Call> calls,
        Reply.Finish finish,
        Trouble.@Nullable Kind error,
        @Nullable Duration retryAfter,
        @Nullable Tokens tokens,
        Duration delay,
        boolean again) {

    private static final List<String> KEYS =
            List.of(
                    "when",
                    "text",
                    "json",
                    "tool_calls",
                    "finish",
                    "error",
                    "message",
                    "retry_after",
                    "usage",
                    "delay",
                    "repeat");

    record Call(String name, String arguments) {}

    boolean fits(CharSequence heard) {
        return when == null || when.matcher(heard).find();
    }

    /// @param number of the reply in its script, from 1
    static Line read(Value written, int number) {
        try {
            return read(written instanceof Value.Text text ? Value.struct("text", text) : written);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "reply " + number + " of the script: " + e.getMessage(), e);
        }
    }

    private static Line read(Value written) {
        if (!(written instanceof Value.Struct reply)) {
            throw new IllegalArgumentException(
                    "it is a text, or an object such as { text: hello }");
        }
        for (var key : reply.fields().keySet()) {
            if (!KEYS.contains(key)) {
                throw new IllegalArgumentException(
                        "`" + key + "` is not known; a reply has: " + String.join(", ", KEYS));
            }
        }
        var error = reply.get("error");
        var json = reply.get("json");
        var text =
                error != null
                        ? text(reply, "message", "the script says so")
                        : json != null ? Json.text(json) : text(reply, "text", "");
        var wait = text(reply, "retry_after", "");
        return new Line(
                pattern(text(reply, "when", "")),
                text,
                calls(reply.get("tool_calls")),
                finish(text(reply, "finish", "stop")),
                error == null ? null : kind(text(reply, "error", "")),
                wait.isEmpty() ? null : ModelSettings.duration(wait),
                tokens(reply.get("usage")),
                ModelSettings.duration(text(reply, "delay", "0ms")),
                reply.get("repeat") instanceof Value.Bool(var yes) && yes);
    }

    private static @Nullable Pattern pattern(String written) {
        try {
            return written.isEmpty() ? null : Pattern.compile(written, Pattern.DOTALL);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(
                    "`when` is a regular expression: " + e.getMessage(), e);
        }
    }

    private static List<Call> calls(@Nullable Value written) {
        var calls = new ArrayList<Call>();
        if (written instanceof Value.Array(var items)) {
            for (var item : items) {
                if (!(item instanceof Value.Struct call)) {
                    throw new IllegalArgumentException(
                            "`tool_calls` is a list such as [ { name: files.read, args: { path: a } } ]");
                }
                var arguments = call.get("args");
                calls.add(
                        new Call(
                                call.text("name").replace(".", "__"),
                                switch (arguments) {
                                    case null -> "{}";
                                    case Value.Text(var raw) -> raw;
                                    case Value other -> Json.text(other);
                                }));
            }
        }
        return calls;
    }

    private static Reply.Finish finish(String word) {
        return switch (word) {
            case "stop" -> Reply.Finish.STOP;
            case "length" -> Reply.Finish.LENGTH;
            case "refused" -> Reply.Finish.REFUSED;
            default -> throw new IllegalArgumentException("`finish` is stop, length or refused");
        };
    }

    private static Trouble.Kind kind(String word) {
        return Arrays.stream(Trouble.Kind.values())
                .filter(kind -> kind.code().equals(word))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException(
                                "`error` is one of "
                                        + String.join(
                                                ", ",
                                                Arrays.stream(Trouble.Kind.values())
                                                        .map(Trouble.Kind::code)
                                                        .toList())));
    }

    private static @Nullable Tokens tokens(@Nullable Value written) {
        return written instanceof Value.Struct usage
                ? new Tokens(whole(usage, "input"), whole(usage, "cached"), whole(usage, "output"))
                : null;
    }

    private static long whole(Value.Struct usage, String key) {
        return usage.get(key) instanceof Value.Int(var number) ? number : 0;
    }

    private static String text(Value.Struct reply, String key, String otherwise) {
        return switch (reply.get(key)) {
            case null -> otherwise;
            case Value.Text(var text) -> text;
            case Value other ->
                    throw new IllegalArgumentException(
                            "`" + key + "` is a text, not " + Value.shape(other));
        };
    }
}
