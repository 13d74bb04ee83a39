package dev.tutti.agents.http;

import dev.tutti.core.event.Value;
import dev.tutti.runtime.agent.Attempt;
import dev.tutti.runtime.agent.SaidUsage;
import dev.tutti.runtime.artifact.Sha256;
import dev.tutti.runtime.json.Json;
import dev.tutti.runtime.json.JsonException;
import dev.tutti.runtime.topic.Signature;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/// All that is said between an attempt and its service until there is a result.
final class Conversation {
    /// Requests that find the service busy, one after another.
    static final int MOST_BUSY = 10;

    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
    private static final Duration BEAT = Duration.ofSeconds(5);
    private static final int MOST_COMPLAINT = 16 << 10;
    private static final int LONGEST_COMPLAINT = 500;
    private static final int LONGEST_FEEDBACK = 1_000;

    private final HttpClient client;
    private final Attempt attempt;
    private final HttpSettings settings;
    private final long end;

    /// Whether the request was made that the step was let through for.
    private boolean asked;

    private record Answer(int status, HttpResponse<BoundedBody.Content> response) {
        Optional<String> header(String name) {
            return response.headers().firstValue(name);
        }
    }

    Conversation(HttpClient client, Attempt attempt, HttpSettings settings) {
        this.client = client;
        this.attempt = attempt;
        this.settings = settings;
        end = System.nanoTime() + settings.patience().toNanos();
    }

    Attempt.Taken result() throws Mishap, InterruptedException {
        var answer = whenNotBusy(this::post);
        if (!settings.heard() && answer.status() >= 200 && answer.status() < 300) {
            return Attempt.Taken.unsaid(Value.Struct.EMPTY);
        }
        var pause = FIRST_PAUSE;
        var at = settings.url();
        while (answer.status() == 202 || answer.status() == 303) {
            at = next(at, answer);
            if (answer.status() == 202) {
                attempt.progress(0, "accepted; waiting for " + at.getHost());
                pause(retryAfter(answer).orElse(pause), "the work was not done");
                pause = longer(pause);
            }
            var there = at;
            answer = whenNotBusy(() -> get(there));
        }
        return taken(output(answer));
    }

    /// What the service says that it used up is no part of the output.
    private Attempt.Taken taken(Value.Struct said) throws Mishap {
        if (!settings.usage()) {
            return Attempt.Taken.unsaid(said);
        }
        var output = new LinkedHashMap<>(said.fields());
        try {
            var usage = SaidUsage.of(output.remove(SaidUsage.FIELD));
            return new Attempt.Taken(new Value.Struct(output), usage);
        } catch (IllegalArgumentException e) {
            throw Mishap.rejected(
                    "the answer of " + settings.url().getHost() + ": " + e.getMessage());
        }
    }

    private static Duration longer(Duration pause) {
        var longer = pause.multipliedBy(3).dividedBy(2);
        return longer.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : longer;
    }

    // ---- requests

    private HttpRequest post() {
        var body = Json.bytes(attempt.input());
        var key = attempt.run() + "/" + attempt.task() + "/" + Sha256.hex(body).substring(0, 16);
        var request =
                request(settings.url())
                        .header("content-type", "application/json")
                        .header("idempotency-key", key.replaceAll("[^\\x21-\\x7e]", "_"));
        var signature = settings.signature();
        if (signature != null) {
            // Made anew each time: who is called turns away what was signed long ago.
            var id = "msg_" + Sha256.hex(key.getBytes(StandardCharsets.UTF_8)).substring(0, 32);
            long now = Instant.now().getEpochSecond();
            request.header(Signature.ID, id)
                    .header(Signature.TIMESTAMP, Long.toString(now))
                    .header(Signature.SIGNATURE, signature.of(id, now, body));
        }
        return request.POST(BodyPublishers.ofByteArray(body)).build();
    }

    private HttpRequest get(URI at) {
        return request(at).GET().build();
    }

    private static String fitting(String text) {
        var cut = text.substring(0, Math.min(text.length(), LONGEST_FEEDBACK));
        return URLEncoder.encode(cut, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private HttpRequest.Builder request(URI at) {
        var request = HttpRequest.newBuilder(at);
        request.setHeader("accept", "application/json, application/problem+json");
        request.setHeader("user-agent", "tutti");
        request.setHeader("traceparent", attempt.traceparent());
        request.setHeader("tutti-attempt", Integer.toString(attempt.number()));
        attempt.edit().ifPresent(text -> request.setHeader("tutti-edit", fitting(text)));
        attempt.feedback().ifPresent(text -> request.setHeader("tutti-feedback", fitting(text)));
        settings.headers().forEach(request::setHeader);
        return request;
    }

    /// Where long work is asked after: at the service itself and nowhere else, because what shows
    /// who calls goes there as well.
    private static URI next(URI at, Answer answer) throws Mishap {
        var location = answer.header("location").orElse("");
        URI next;
        try {
            next = at.resolve(location);
        } catch (IllegalArgumentException _) {
            next = URI.create("about:nowhere");
        }
        if (location.isEmpty()
                || !String.valueOf(next.getScheme()).equalsIgnoreCase(at.getScheme())
                || !String.valueOf(next.getAuthority()).equalsIgnoreCase(at.getAuthority())) {
            throw Mishap.forGood(
                    "bad_location",
                    "%s says %d but not where on it the result will be (`Location`)"
                            .formatted(at.getHost(), answer.status()));
        }
        return next;
    }

    private Answer whenNotBusy(Supplier<HttpRequest> made) throws Mishap, InterruptedException {
        for (int i = 0; ; i++) {
            if (asked) {
                attempt.awaitTurn();
            }
            asked = true;
            var request = made.get();
            var answer = send(request);
            boolean busy = answer.status() == 429 || answer.status() == 503;
            var later = busy ? retryAfter(answer) : Optional.<Duration>empty();
            if (later.isEmpty()) {
                return answer;
            }
            if (i == MOST_BUSY) {
                throw Mishap.later("busy", complaint(answer));
            }
            attempt.leaveAlone(later.get());
            attempt.progress(0, request.uri().getHost() + " is busy");
            pause(later.get(), "it was busy");
        }
    }

    private Answer send(HttpRequest request) throws Mishap, InterruptedException {
        attempt.spending();
        long left = Math.min(settings.timeout().toNanos(), end - System.nanoTime());
        var sent =
                client.sendAsync(
                        request,
                        head -> new BoundedBody(wanted(head.statusCode(), head.headers())));
        try {
            var response = sent.get(Math.max(left, 1), TimeUnit.NANOSECONDS);
            if (isTurnedAway(response.statusCode())) {
                attempt.accounted();
            }
            return new Answer(response.statusCode(), response);
        } catch (TimeoutException _) {
            throw Mishap.down(
                    "no_answer",
                    "%s gave no whole answer within %s"
                            .formatted(request.uri().getHost(), Duration.ofNanos(left)));
        } catch (ExecutionException e) {
            throw unreachable(request.uri(), e.getCause() == null ? e : e.getCause());
        } finally {
            sent.cancel(true);
        }
    }

    /// Whether the service said that it does nothing.
    private static boolean isTurnedAway(int status) {
        return (status >= 400 && status < 500 && status != 408) || status == 503;
    }

    /// How many bytes of a body are read: none of what could not be used.
    private int wanted(int status, java.net.http.HttpHeaders headers) {
        if (status < 200 || status >= 300) {
            return MOST_COMPLAINT;
        }
        return isJson(headers) && status != 202 ? settings.most() : 0;
    }

    private static boolean isJson(java.net.http.HttpHeaders headers) {
        var type = headers.firstValue("content-type").orElse("").toLowerCase(Locale.ROOT);
        return type.matches("application/([a-z0-9.!#$&^_-]+\\+)?json\\s*(;.*)?");
    }

    private Mishap unreachable(URI at, Throwable cause) {
        var why =
                cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        if (cause instanceof java.net.ConnectException
                || cause instanceof HttpConnectTimeoutException
                || cause instanceof java.nio.channels.UnresolvedAddressException) {
            attempt.accounted();
            return Mishap.down("unreachable", at.getHost() + " cannot be reached: " + why);
        }
        return cause instanceof IOException
                ? Mishap.down("cut_off", at.getHost() + " did not answer to the end: " + why)
                : Mishap.down("bad_answer", at.getHost() + " does not speak HTTP: " + why);
    }

    // ---- answers

    private Value.Struct output(Answer answer) throws Mishap {
        int status = answer.status();
        if (status >= 200 && status < 300) {
            return content(answer);
        }
        var said = complaint(answer);
        if (status == 503 || status == 429 || status == 408 || status == 425) {
            throw status == 503
                    ? Mishap.down("http_503", said)
                    : Mishap.later("http_" + status, said);
        }
        if (status >= 500) {
            throw Mishap.down("http_" + status, said);
        }
        if (status >= 300 && status < 400) {
            throw Mishap.forGood(
                    "redirected",
                    said
                            + "; it wants to be asked at "
                            + shown(answer.header("location").orElse("another address"))
                            + ": write that as `with.url` if you trust it");
        }
        throw Mishap.forGood("http_" + status, said);
    }

    private Value.Struct content(Answer answer) throws Mishap {
        var host = settings.url().getHost();
        if (answer.status() == 204) {
            return Value.Struct.EMPTY;
        }
        var headers = answer.response().headers();
        if (!isJson(headers)) {
            throw Mishap.down(
                    "wrong_type",
                    "%s answered %s, not application/json"
                            .formatted(
                                    host,
                                    shown(headers.firstValue("content-type").orElse("nothing"))));
        }
        var body = answer.response().body();
        if (!body.whole()) {
            throw Mishap.forGood(
                    "limit_exceeded",
                    "the answer of %s is longer than %d bytes (`with.most`)"
                            .formatted(host, settings.most()));
        }
        try {
            if (Json.parse(body.bytes()) instanceof Value.Struct struct) {
                return struct;
            }
            throw Mishap.rejected("the answer of " + host + " is JSON but no object");
        } catch (JsonException e) {
            throw Mishap.rejected("the answer of " + host + " is no JSON: " + e.getMessage());
        }
    }

    /// What the service says is wrong: the `detail` or `title` of its problem (RFC 9457), or the
    /// beginning of its text.
    private String complaint(Answer answer) {
        var body = answer.response().body().bytes();
        var said = new String(body, StandardCharsets.UTF_8);
        try {
            if (Json.parse(body) instanceof Value.Struct problem) {
                for (var name : new String[] {"detail", "title", "message", "error"}) {
                    if (problem.get(name) instanceof Value.Text(var text) && !text.isBlank()) {
                        said = text;
                        break;
                    }
                }
            }
        } catch (JsonException _) {
            // Then it is a text.
        }
        var what = settings.url().getHost() + " answered " + answer.status();
        return said.isBlank() ? what : what + ": " + shown(said);
    }

    private static String shown(String text) {
        var plain = text.replaceAll("[\\p{Cntrl}\\p{Cf}]+", " ").strip();
        return plain.length() > LONGEST_COMPLAINT
                ? plain.substring(0, LONGEST_COMPLAINT) + "…"
                : plain;
    }

    // ---- waiting

    private static Optional<Duration> retryAfter(Answer answer) {
        return answer.header("retry-after").flatMap(Conversation::pauseOf);
    }

    private static Optional<Duration> pauseOf(String text) {
        if (text.matches("\\d{1,9}")) {
            return Optional.of(Duration.ofSeconds(Long.parseLong(text)));
        }
        try {
            var at = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
            var pause = Duration.between(Instant.now(), at);
            return Optional.of(pause.isNegative() ? Duration.ZERO : pause);
        } catch (DateTimeException _) {
            return Optional.empty();
        }
    }

    /// Waits, with signs of life.
    private void pause(Duration pause, String why) throws Mishap, InterruptedException {
        long until = System.nanoTime() + pause.toNanos();
        if (until - end > 0) {
            throw Mishap.later(
                    "busy",
                    "%s: %s, and %s more is longer than there is patience for (`with.patience`)"
                            .formatted(settings.url().getHost(), why, pause));
        }
        for (long left = until - System.nanoTime(); left > 0; left = until - System.nanoTime()) {
            attempt.heartbeat();
            TimeUnit.NANOSECONDS.sleep(Math.min(left, BEAT.toNanos()));
        }
    }
}
