package dev.tutti.testkit;

import dev.tutti.core.event.Value;
import dev.tutti.runtime.json.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a [FakeOpenAi] answers to one call: a good reply, or one of the many that go wrong.
///
/// Replies are immutable; each method gives another one.
public final class FakeReply {

    /// How a reply behaves on the line.
    public enum Manner {
        /// As it should.
        SOUND,
        /// Takes the call and never says a word.
        SILENT,
        /// Ends in the middle of a piece of JSON, as if it were complete.
        HALF,
        /// Breaks the connection in the middle.
        BROKEN,
        /// Never ends, as fast as the line allows.
        ENDLESS,
        /// Sends a byte now and then.
        DRIPPING
    }

    final String text;
    final List<Value.Struct> calls;
    final String finish;
    final Manner manner;
    final int status;
    final Map<String, String> headers;
    final @Nullable Value usage;
    final Duration delay;
    final Duration gap;
    final int pieces;
    final boolean refuses;
    final @Nullable String raw;

    private FakeReply(Draft draft) {
        text = draft.text;
        calls = List.copyOf(draft.calls);
        finish = draft.finish;
        manner = draft.manner;
        status = draft.status;
        headers = Map.copyOf(draft.headers);
        usage = draft.usage;
        delay = draft.delay;
        gap = draft.gap;
        pieces = draft.pieces;
        refuses = draft.refuses;
        raw = draft.raw;
    }

    private static final class Draft {
        private String text = "";
        private List<Value.Struct> calls = new ArrayList<>();
        private String finish = "stop";
        private Manner manner = Manner.SOUND;
        private int status = 200;
        private Map<String, String> headers = new LinkedHashMap<>();
        private @Nullable Value usage = usage(10, 0, 5);
        private Duration delay = Duration.ZERO;
        private Duration gap = Duration.ZERO;
        private int pieces;
        private boolean refuses;
        private @Nullable String raw;
    }

    private Draft draft() {
        var draft = new Draft();
        draft.text = text;
        draft.calls = new ArrayList<>(calls);
        draft.finish = finish;
        draft.manner = manner;
        draft.status = status;
        draft.headers = new LinkedHashMap<>(headers);
        draft.usage = usage;
        draft.delay = delay;
        draft.gap = gap;
        draft.pieces = pieces;
        draft.refuses = refuses;
        draft.raw = raw;
        return draft;
    }

    private static Value usage(long input, long cached, long output) {
        return Value.struct(
                "prompt_tokens", Value.of(input),
                "completion_tokens", Value.of(output),
                "total_tokens", Value.of(input + output),
                "prompt_tokens_details", Value.struct("cached_tokens", Value.of(cached)));
    }

    /// Says something.
    public static FakeReply text(String text) {
        var draft = new Draft();
        draft.text = text;
        return new FakeReply(draft);
    }

    /// Says an object, as JSON.
    public static FakeReply json(Map<String, ?> object) {
        return text(Json.text(Value.from(object)));
    }

    /// Calls a tool.
    public static FakeReply call(String tool, Map<String, ?> arguments) {
        return call(tool, Json.text(Value.from(arguments)));
    }

    /// Calls a tool with arguments that need not be JSON.
    public static FakeReply call(String tool, String arguments) {
        return text("").andCall(tool, arguments);
    }

    /// Calls one more tool in the same reply.
    public FakeReply andCall(String tool, String arguments) {
        var draft = draft();
        draft.calls.add(
                Value.struct(
                        "id", Value.text("call_" + (calls.size() + 1)),
                        "name", Value.text(tool),
                        "arguments", Value.text(arguments)));
        draft.finish = "tool_calls";
        return new FakeReply(draft);
    }

    /// Refuses, in words of its own.
    public static FakeReply refusal(String why) {
        var draft = text(why).draft();
        draft.refuses = true;
        return new FakeReply(draft);
    }

    /// Fails with a status and a message, as OpenAI's errors look.
    public static FakeReply error(int status, String message) {
        var draft = new Draft();
        draft.status = status;
        draft.raw = Json.text(Value.struct("error", Value.struct("message", Value.text(message))));
        return new FakeReply(draft);
    }

    /// Answers with a body of one's own.
    public static FakeReply raw(int status, String body) {
        var draft = new Draft();
        draft.status = status;
        draft.raw = body;
        return new FakeReply(draft);
    }

    /// Behaves badly on the line.
    public FakeReply manner(Manner how) {
        var draft = draft();
        draft.manner = how;
        return new FakeReply(draft);
    }

    /// Ends for a reason: `stop`, `length`, `content_filter`, `tool_calls`.
    public FakeReply finish(String reason) {
        var draft = draft();
        draft.finish = reason;
        return new FakeReply(draft);
    }

    /// Says that so many tokens were used.
    public FakeReply usage(long input, long output) {
        return usageWithCache(input, 0, output);
    }

    /// Says that so many tokens were used, some of them from a cache.
    public FakeReply usageWithCache(long input, long cached, long output) {
        var draft = draft();
        draft.usage = usage(input, cached, output);
        return new FakeReply(draft);
    }

    /// Does not say how many tokens were used.
    public FakeReply withoutUsage() {
        var draft = draft();
        draft.usage = null;
        return new FakeReply(draft);
    }

    /// Has a header, such as `Retry-After`.
    public FakeReply header(String name, String value) {
        var draft = draft();
        draft.headers.put(name, value);
        return new FakeReply(draft);
    }

    /// Waits before the first byte.
    public FakeReply after(Duration wait) {
        var draft = draft();
        draft.delay = wait;
        return new FakeReply(draft);
    }

    /// Waits between the pieces of a stream.
    public FakeReply every(Duration wait) {
        var draft = draft();
        draft.gap = wait;
        return new FakeReply(draft);
    }

    /// Streams the text that many times over, a piece each.
    public FakeReply pieces(int count) {
        var draft = draft();
        draft.pieces = count;
        return new FakeReply(draft);
    }
}
