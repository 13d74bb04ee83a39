package dev.tutti.agents.http;

import dev.tutti.core.event.Value;
import dev.tutti.runtime.topic.Signature;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What a team file says `with` for a service.
///
/// @param headers sent with each request
/// @param timeout for one request with its answer
/// @param patience for all of it: waiting until a busy service has time, and until long work is
///   done
/// @param most bytes of an answer
/// @param signature shows that a request comes from here; null where none is made
/// @param usage whether the answer says beside the output what it used up
/// @param heard whether the answer is the output; otherwise it is enough that there is one
record HttpSettings(
        URI url,
        Map<String, String> headers,
        Duration timeout,
        Duration patience,
        int most,
        @Nullable Signature signature,
        boolean usage,
        boolean heard) {
    private static final Set<String> NAMES =
            Set.of("url", "headers", "timeout", "patience", "most", "sign", "answer", "usage");
    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h)");
    private static final Pattern SIZE = Pattern.compile("(\\d{1,5}) ?([KM])i?B");
    private static final Duration USUAL_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration USUAL_PATIENCE = Duration.ofHours(1);
    private static final int USUAL_MOST = 4 << 20;
    private static final int GREATEST_MOST = 64 << 20;

    /// @throws IllegalArgumentException saying what is wrong and what to write
    static HttpSettings of(Value.Struct settings) {
        for (var name : settings.fields().keySet()) {
            if (!NAMES.contains(name)) {
                throw new IllegalArgumentException(
                        "`with.%s` is not known to `uses: http`, which takes %s"
                                .formatted(name, NAMES.stream().sorted().toList()));
            }
        }
        return new HttpSettings(
                url(settings.get("url")),
                headers(settings.get("headers")),
                duration(settings, "timeout", USUAL_TIMEOUT),
                duration(settings, "patience", USUAL_PATIENCE),
                most(settings.get("most")),
                signature(settings.get("sign")),
                usage(settings),
                heard(settings.get("answer")));
    }

    private static @Nullable Signature signature(@Nullable Value given) {
        if (given == null) {
            return null;
        }
        if (given instanceof Value.Text(var secret) && !secret.isBlank()) {
            return Signature.with(secret);
        }
        throw new IllegalArgumentException(
                "`with.sign` is the secret that requests are signed with: \"${secret.SHOP_SECRET}\"");
    }

    private static boolean usage(Value.Struct settings) {
        var given = settings.get("usage");
        if (given == null || given.equals(Value.of(false))) {
            return false;
        }
        if (given.equals(Value.of(true)) && heard(settings.get("answer"))) {
            return true;
        }
        throw new IllegalArgumentException(
                "`with.usage` is true where the answer has a field `usage` beside the output, and otherwise left out");
    }

    private static boolean heard(@Nullable Value given) {
        if (given == null || given.equals(Value.text("output"))) {
            return true;
        }
        if (given.equals(Value.text("none"))) {
            return false;
        }
        throw new IllegalArgumentException(
                "`with.answer` is `output`, the answer being the task's output, or `none`");
    }

    private static URI url(@Nullable Value given) {
        if (given instanceof Value.Text(var text)) {
            try {
                var url = new URI(text);
                var scheme = url.getScheme() == null ? "" : url.getScheme();
                if (scheme.matches("(?i)https?")
                        && url.getHost() != null
                        && url.getUserInfo() == null) {
                    return url;
                }
            } catch (URISyntaxException _) {
                // One message for everything that is no address.
            }
        }
        throw new IllegalArgumentException(
                "`with.url` is the address of a service, such as https://example.org/summarize;"
                        + " who calls is said in `with.headers`, not in the address");
    }

    private static Map<String, String> headers(@Nullable Value given) {
        var headers = new LinkedHashMap<String, String>();
        if (given == null) {
            return headers;
        }
        if (!(given instanceof Value.Struct(var fields))) {
            throw new IllegalArgumentException(
                    "`with.headers` gives headers and their values: { authorization: \"Bearer ${secret.TOKEN}\" }");
        }
        fields.forEach((name, value) -> {
            if (!name.matches("[A-Za-z0-9!#$%&'*+.^_`|~-]+")
                    || !(value instanceof Value.Text(var text))
                    || !text.matches("[\\x20-\\x7e\\t]*")) {
                // The value may be a secret: it is not repeated.
                throw new IllegalArgumentException(
                        "`with.headers`: `%s` is not a header with a text of one line in ASCII"
                                .formatted(name.replaceAll("\\P{Print}", "?")));
            }
            headers.put(name, text);
        });
        return headers;
    }

    private static Duration duration(Value.Struct settings, String name, Duration usual) {
        var given = settings.get(name);
        if (given == null) {
            return usual;
        }
        if (given instanceof Value.Text(var text)) {
            var parts = DURATION.matcher(text);
            if (parts.matches()) {
                long number = Long.parseLong(parts.group(1));
                var duration =
                        switch (parts.group(2)) {
                            case "ms" -> Duration.ofMillis(number);
                            case "s" -> Duration.ofSeconds(number);
                            case "m" -> Duration.ofMinutes(number);
                            default -> Duration.ofHours(number);
                        };
                if (duration.isPositive()) {
                    return duration;
                }
            }
        }
        throw new IllegalArgumentException("`with." + name + "` is a duration such as 30s");
    }

    private static int most(@Nullable Value given) {
        if (given == null) {
            return USUAL_MOST;
        }
        if (given instanceof Value.Text(var text)) {
            var parts = SIZE.matcher(text);
            if (parts.matches()) {
                long size =
                        Long.parseLong(parts.group(1)) << (parts.group(2).equals("K") ? 10 : 20);
                if (size > 0 && size <= GREATEST_MOST) {
                    return (int) size;
                }
            }
        }
        throw new IllegalArgumentException(
                "`with.most` is how long an answer may be, such as 512KB, up to 64MB");
    }
}
