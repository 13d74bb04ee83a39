package dev.tutti.agents.llm.provider;

import dev.tutti.agents.llm.model.Trouble;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.json.Json;
import dev.tutti.runtime.json.JsonException;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What providers mean by their status codes and complaints.
final class Statuses {
    private static final int LONGEST = 500;

    private static final List<String> TOO_LONG =
            List.of(
                    "context_length",
                    "context length",
                    "context window",
                    "prompt is too long",
                    "too many tokens",
                    "maximum number of tokens");
    private static final List<String> REFUSED =
            List.of("content_filter", "content_policy", "content management policy", "safety");
    private static final List<String> UNPAID =
            List.of("insufficient_quota", "credit balance", "billing");

    private Statuses() {}

    /// What a status other than success means.
    static Trouble trouble(HttpResponse<?> response, String body) {
        int status = response.statusCode();
        var said = complaint(body);
        var all = body.toLowerCase(Locale.ROOT);
        var detail = "HTTP " + status + (said.isEmpty() ? "" : ": " + said);
        if (status == 401 || status == 403) {
            return new Trouble(
                    Trouble.Kind.DENIED,
                    "the provider does not accept the key ("
                            + detail
                            + "); see `api_key` of the model");
        }
        if (status == 402 || (status == 429 && names(all, UNPAID))) {
            return new Trouble(
                    Trouble.Kind.DENIED,
                    "the account at the provider has no credit left (" + detail + ")");
        }
        if (status == 429) {
            return new Trouble(
                    Trouble.Kind.RATE_LIMITED,
                    "the provider asks for fewer calls (" + detail + ")",
                    leaveAlone(response).orElse(null));
        }
        if (status == 404) {
            return new Trouble(
                    Trouble.Kind.UNKNOWN,
                    "the provider has no such model (" + detail + "); see `model` and `base_url`");
        }
        if (status == 413 || (status < 500 && names(all, TOO_LONG))) {
            return new Trouble(
                    Trouble.Kind.TOO_LONG,
                    "the conversation is longer than the model can read (" + detail + ")");
        }
        if (status < 500 && names(all, REFUSED)) {
            return new Trouble(
                    Trouble.Kind.REFUSED,
                    "the provider does not let this through (" + detail + ")");
        }
        if (status >= 500 || status == 408 || status == 409) {
            return new Trouble(
                    Trouble.Kind.UNAVAILABLE,
                    "the provider failed (" + detail + ")",
                    leaveAlone(response).orElse(null));
        }
        return new Trouble(
                Trouble.Kind.MISUNDERSTOOD,
                "the provider does not understand the call (" + detail + ")");
    }

    /// What a complaint within a stream means.
    static Trouble midway(String data) {
        var all = data.toLowerCase(Locale.ROOT);
        var said = complaint(data);
        if (names(all, TOO_LONG)) {
            return new Trouble(
                    Trouble.Kind.TOO_LONG,
                    "the conversation is longer than the model can read (" + said + ")");
        }
        return new Trouble(
                all.contains("rate_limit") ? Trouble.Kind.RATE_LIMITED : Trouble.Kind.UNAVAILABLE,
                "the provider broke off (" + said + ")");
    }

    private static boolean names(String complaint, List<String> words) {
        return words.stream().anyMatch(complaint::contains);
    }

    private static String complaint(String body) {
        String text = body;
        try {
            if (Json.parse(body) instanceof Value.Struct whole) {
                var error = whole.get("error") instanceof Value.Struct inner ? inner : whole;
                for (var key : List.of("message", "error", "detail")) {
                    if (error.get(key) instanceof Value.Text(var message)) {
                        text = message;
                        break;
                    }
                }
            }
        } catch (JsonException _) {
            text = body.replaceAll("<[^>]*>", " ");
        }
        text = text.replaceAll("\\s+", " ").strip();
        return text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text;
    }

    /// How long the provider asks to be left alone.
    private static Optional<Duration> leaveAlone(HttpResponse<?> response) {
        var millis = response.headers().firstValue("retry-after-ms").flatMap(Statuses::number);
        if (millis.isPresent()) {
            return millis.map(n -> Duration.ofMillis((long) Math.ceil(n)));
        }
        return response.headers()
                .firstValue("retry-after")
                .flatMap(text ->
                        number(text)
                                .map(n -> Duration.ofMillis((long) Math.ceil(n * 1000)))
                                .or(() -> until(text)));
    }

    private static Optional<Double> number(String text) {
        try {
            double number = Double.parseDouble(text.strip());
            return number >= 0 && number < 1e9 ? Optional.of(number) : Optional.empty();
        } catch (NumberFormatException _) {
            return Optional.empty();
        }
    }

    private static Optional<Duration> until(String date) {
        try {
            var then = ZonedDateTime.parse(date.strip(), DateTimeFormatter.RFC_1123_DATE_TIME);
            var wait = Duration.between(Clock.systemUTC().instant(), then.toInstant());
            return Optional.of(wait.isNegative() ? Duration.ZERO : wait);
        } catch (DateTimeException _) {
            return Optional.empty();
        }
    }

    /// What a piece of a reply says in the place of an answer; empty for any other.
    static String refusal(String data) {
        if (!data.contains("\"refusal\":\"")) {
            return "";
        }
        try {
            return text(field(first(field(Json.parse(data), "choices")), "delta"), "refusal");
        } catch (JsonException _) {
            return "";
        }
    }

    private static @Nullable Value field(@Nullable Value value, String name) {
        return value instanceof Value.Struct struct ? struct.get(name) : null;
    }

    private static @Nullable Value first(@Nullable Value value) {
        return value instanceof Value.Array(var items) && !items.isEmpty()
                ? items.getFirst()
                : null;
    }

    private static String text(@Nullable Value value, String name) {
        return field(value, name) instanceof Value.Text(var text) ? text : "";
    }
}
