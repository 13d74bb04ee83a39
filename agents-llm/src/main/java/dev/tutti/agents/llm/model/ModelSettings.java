package dev.tutti.agents.llm.model;

import dev.tutti.core.event.TimeText;
import dev.tutti.core.event.Value;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A model as the team file declares it, expressions evaluated.
///
/// @param name in the team file
/// @param provider who speaks for it
/// @param model the name that the provider has for it
/// @param baseUrl where it is, or null for the provider's own place
/// @param apiKey or null
/// @param price or null for a model that costs nothing as far as is known
/// @param temperature or null for the provider's own
/// @param maxTokens the longest reply, or null
/// @param contextWindow the tokens that it can read and write in one call, or null where that is
///   not known
/// @param timeout the longest call
/// @param retries how often a call is made again
/// @param structured whether the provider is given the schema of the answer, or null for what the
///   provider can
/// @param headers further headers of each call
/// @param all everything that is declared
public record ModelSettings(
        String name,
        String provider,
        String model,
        @Nullable String baseUrl,
        @Nullable String apiKey,
        @Nullable Price price,
        @Nullable Double temperature,
        @Nullable Integer maxTokens,
        @Nullable Integer contextWindow,
        Duration timeout,
        int retries,
        @Nullable Boolean structured,
        Map<String, String> headers,
        Value.Struct all) {
    public static final Duration TIMEOUT = Duration.ofMinutes(5);
    private static final int RETRIES = 2;

    public ModelSettings {
        headers = Map.copyOf(headers);
    }

    /// Reads what is declared.
    ///
    /// @throws IllegalArgumentException saying which setting is wrong and what it may be
    public static ModelSettings of(Value.Struct declared) {
        var name = text(declared, "name").orElse("model");
        return new ModelSettings(
                name,
                text(declared, "provider").orElse("openai"),
                text(declared, "model").orElse(name),
                text(declared, "base_url").orElse(null),
                text(declared, "api_key").map(String::strip).orElse(null),
                declared.get("price") instanceof Value.Struct price ? Price.of(price) : null,
                real(declared.get("temperature")),
                whole(declared, "max_tokens"),
                whole(declared, "context_window"),
                text(declared, "timeout").map(ModelSettings::duration).orElse(TIMEOUT),
                Optional.ofNullable(whole(declared, "retries")).orElse(RETRIES),
                declared.get("structured") instanceof Value.Bool(var yes) ? yes : null,
                headers(declared),
                declared);
    }

    private static Optional<String> text(Value.Struct declared, String key) {
        return declared.get(key) instanceof Value.Text(var text) && !text.isBlank()
                ? Optional.of(text)
                : Optional.empty();
    }

    private static @Nullable Double real(@Nullable Value value) {
        return switch (value) {
            case Value.Int(var n) -> (double) n;
            case Value.Real(var n) -> n;
            case null, default -> null;
        };
    }

    private static @Nullable Integer whole(Value.Struct declared, String key) {
        return declared.get(key) instanceof Value.Int(var n) ? Math.toIntExact(n) : null;
    }

    private static Map<String, String> headers(Value.Struct declared) {
        var headers = new TreeMap<String, String>();
        if (declared.get("headers") instanceof Value.Struct given) {
            given.fields()
                    .forEach((header, value) -> {
                        if (value instanceof Value.Text(var text)) {
                            headers.put(header, text);
                        }
                    });
        }
        return headers;
    }

    /// A time as team files write it.
    public static Duration duration(String text) {
        return TimeText.parse(text)
                .orElseThrow(() ->
                        new IllegalArgumentException(
                                "`"
                                        + text
                                        + "` is no time; write a number and a unit, such as 30s"));
    }
}
