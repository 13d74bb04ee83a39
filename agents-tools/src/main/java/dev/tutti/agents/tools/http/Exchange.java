package dev.tutti.agents.tools.http;

import dev.tutti.agents.tools.Reach;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.agent.Attempt;
import dev.tutti.runtime.json.Json;
import dev.tutti.runtime.json.JsonException;
import dev.tutti.runtime.tool.Tool;
import dev.tutti.runtime.tool.ToolUnavailable;
import java.io.IOException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Sends requests, within bounds: where to, how long, how much comes back.
///
/// @param largest bytes of a response
record Exchange(HttpClient client, Reach reach, Duration timeout, int largest) {
    /// Characters of text that an agent is given; the whole is kept as a file then.
    static final int MOST_TEXT = 256 << 10;

    private static final int MOST_REDIRECTS = 5;
    private static final Duration LONGEST_WAIT = Duration.ofDays(1);
    private static final Pattern CHARSET =
            Pattern.compile("charset=\"?([A-Za-z0-9._-]+)", Pattern.CASE_INSENSITIVE);

    static Exchange of(Reach reach, Duration timeout, int largest) {
        var client =
                HttpClient.newBuilder()
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .connectTimeout(timeout)
                        .build();
        return new Exchange(client, reach, timeout, largest);
    }

    /// Does the request, and says what came back as the agent is told it.
    Tool.Result call(HttpRequest.Builder request, Attempt attempt)
            throws IOException, InterruptedException {
        request.setHeader("traceparent", attempt.traceparent());
        var response = send(request);
        int status = response.statusCode();
        if (status == 408 || status == 429 || status >= 500) {
            throw later(response);
        }
        if (status >= 300 && status < 400) {
            return Tool.Result.error(
                    response.uri()
                            + " answers "
                            + status
                            + " and names another place: "
                            + response.headers().firstValue("location").orElse("none"));
        }
        return new Tool.Result(content(response, attempt), status >= 400);
    }

    /// Does the request, following redirects that stay where they are.
    ///
    /// @throws ToolUnavailable when there is no answer in time
    HttpResponse<byte[]> send(HttpRequest.Builder request)
            throws IOException, InterruptedException {
        long until = System.nanoTime() + timeout.toNanos();
        var response = once(request.build(), until);
        for (int i = 0; i < MOST_REDIRECTS; i++) {
            var next = next(response);
            if (next == null) {
                break;
            }
            response = once(request.uri(next).build(), until);
        }
        return response;
    }

    private static @Nullable URI next(HttpResponse<?> response) {
        var method = response.request().method();
        boolean moved =
                response.statusCode() >= 301
                        && response.statusCode() <= 308
                        && response.statusCode() != 304;
        if (!moved || !Operation.isReadOnly(method)) {
            return null;
        }
        var from = response.uri();
        try {
            var to = response.headers().firstValue("location").map(from::resolve).orElse(from);
            boolean stays =
                    from.getScheme().equalsIgnoreCase(to.getScheme())
                            && from.getRawAuthority().equalsIgnoreCase(to.getRawAuthority());
            return stays ? to : null;
        } catch (IllegalArgumentException _) {
            return null;
        }
    }

    private HttpResponse<byte[]> once(HttpRequest request, long until)
            throws IOException, InterruptedException {
        try {
            reach.require(request.uri());
        } catch (UnknownHostException e) {
            throw new ToolUnavailable("nobody knows the host " + request.uri().getHost(), null, e);
        }
        var future =
                client.sendAsync(
                        request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), largest));
        try {
            return future.get(until - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new ToolUnavailable(
                    request.uri() + " did not answer within " + timeout.toMillis() / 1e3 + " s",
                    null,
                    e);
        } catch (ExecutionException e) {
            var why = e.getCause() == null ? e : e.getCause();
            if (String.valueOf(why.getMessage()).contains("body exceeds capacity")) {
                throw new IllegalArgumentException(
                        request.uri()
                                + " answers with more than "
                                + largest
                                + " bytes; `largest` says how many may come",
                        why);
            }
            throw new ToolUnavailable(
                    request.uri() + " cannot be reached: " + reason(why), null, why);
        } finally {
            future.cancel(true);
        }
    }

    private static String reason(Throwable why) {
        return why.getMessage() == null ? why.getClass().getSimpleName() : why.getMessage();
    }

    private static ToolUnavailable later(HttpResponse<byte[]> response) {
        var wait = response.headers().firstValue("retry-after").flatMap(Exchange::wait);
        return new ToolUnavailable(
                response.uri()
                        + " answers "
                        + response.statusCode()
                        + wait.map(time -> ", to be asked again in " + time.toSeconds() + " s")
                                .orElse(""),
                wait.orElse(null),
                null);
    }

    /// Seconds, or a date (RFC 9110, section 10.2.3).
    static Optional<Duration> wait(String text) {
        try {
            var time =
                    text.strip().matches("[0-9]{1,9}")
                            ? Duration.ofSeconds(Long.parseLong(text.strip()))
                            : Duration.between(
                                    Instant.now(),
                                    ZonedDateTime.parse(
                                            text.strip(), DateTimeFormatter.RFC_1123_DATE_TIME));
            if (time.isNegative()) {
                return Optional.of(Duration.ZERO);
            }
            return Optional.of(time.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : time);
        } catch (DateTimeParseException _) {
            return Optional.empty();
        }
    }

    private static Value content(HttpResponse<byte[]> response, Attempt attempt)
            throws IOException {
        var content = Value.struct("status", Value.of(response.statusCode()));
        byte[] body = response.body();
        if (body.length == 0) {
            return content;
        }
        var type = response.headers().firstValue("content-type").orElse("application/octet-stream");
        var kind = type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        boolean json = kind.equals("application/json") || kind.endsWith("+json");
        if (json && body.length <= MOST_TEXT) {
            try {
                return content.with("data", Json.parse(body));
            } catch (JsonException _) {
                // It is text, whatever it says that it is.
            }
        }
        boolean text =
                json
                        || kind.startsWith("text/")
                        || kind.endsWith("xml")
                        || kind.endsWith("javascript")
                        || kind.endsWith("yaml");
        if (!text) {
            return content.with("files", file(body, kind, attempt));
        }
        var all = new String(body, charset(type));
        if (all.length() <= MOST_TEXT) {
            return content.with("text", Value.text(all));
        }
        return content.with(
                        "text",
                        Value.text(
                                all.substring(0, MOST_TEXT)
                                        + "\n["
                                        + (all.length() - MOST_TEXT)
                                        + " more characters are in the file]"))
                .with("files", file(body, kind, attempt));
    }

    private static Value file(byte[] body, String type, Attempt attempt) throws IOException {
        var hash = attempt.store(body, type, "response");
        return Value.array(
                Value.struct(
                        "artifact", Value.text(hash),
                        "media_type", Value.text(type),
                        "name", Value.text("response"),
                        "bytes", Value.of(body.length)));
    }

    private static Charset charset(String type) {
        var match = CHARSET.matcher(type);
        try {
            return match.find() ? Charset.forName(match.group(1)) : StandardCharsets.UTF_8;
        } catch (IllegalArgumentException _) {
            return StandardCharsets.UTF_8;
        }
    }
}
