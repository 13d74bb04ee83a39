package dev.tutti.agents.llm.provider;

import dev.langchain4j.http.client.HttpClient;
import dev.langchain4j.http.client.HttpClientBuilder;
import dev.langchain4j.http.client.HttpRequest;
import dev.langchain4j.http.client.SuccessfulHttpResponse;
import dev.langchain4j.http.client.sse.ServerSentEvent;
import dev.langchain4j.http.client.sse.ServerSentEventContext;
import dev.langchain4j.http.client.sse.ServerSentEventListener;
import dev.langchain4j.http.client.sse.ServerSentEventParser;
import dev.tutti.agents.llm.model.Trouble;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// The line of one call. Everything happens on the thread that calls, until a deadline; what goes
/// wrong is kept here, since what is thrown is swallowed on its way.
final class Wire implements HttpClient {
    /// Events of a stream: more than any model says.
    static final int MOST_EVENTS = 200_000;

    private static final int LONGEST_COMPLAINT = 64 << 10;
    private static final Duration CONNECT = Duration.ofSeconds(15);
    private static final Set<String> NOT_OURS = Set.of("host", "content-length", "connection");

    private final long deadline;
    private @Nullable Trouble trouble;
    private boolean interrupted;
    private boolean finished;
    private int events;
    private final StringBuilder refusal = new StringBuilder();

    /// @param timeout for all of the call
    Wire(Duration timeout) {
        deadline = System.nanoTime() + timeout.toNanos();
    }

    /// One for all calls: it keeps connections.
    private static final class Shared {
        private static final java.net.http.HttpClient CLIENT =
                java.net.http.HttpClient.newBuilder()
                        .connectTimeout(CONNECT)
                        .executor(Executors.newVirtualThreadPerTaskExecutor())
                        .build();
    }

    /// What went wrong, if anything did.
    Optional<Trouble> trouble() {
        return Optional.ofNullable(trouble);
    }

    boolean interrupted() {
        return interrupted;
    }

    /// Whether the stream said itself that it is over.
    boolean finished() {
        return finished;
    }

    /// What the model said instead of an answer; empty when it did not refuse.
    String refusal() {
        return refusal.toString();
    }

    @Override
    public SuccessfulHttpResponse execute(HttpRequest request) {
        throw new UnsupportedOperationException("replies come as streams");
    }

    @Override
    public void execute(
            HttpRequest request, ServerSentEventParser parser, ServerSentEventListener listener) {
        try {
            var response = send(request);
            if (response.statusCode() / 100 != 2) {
                throw Statuses.trouble(response, complaint(response.body()));
            }
            listener.onOpen(
                    SuccessfulHttpResponse.builder()
                            .statusCode(response.statusCode())
                            .headers(response.headers().map())
                            .build());
            read(response, parser, listener);
        } catch (Trouble e) {
            note(e);
            listener.onError(e);
        } catch (InterruptedException e) {
            interrupted = true;
            listener.onError(e);
        }
    }

    private void read(
            HttpResponse<Body> response,
            ServerSentEventParser parser,
            ServerSentEventListener listener)
            throws Trouble {
        try (var body = response.body()) {
            var guarded = new Guarded(listener);
            parser.parse(body, guarded);
            interrupted |= body.interrupted();
            var cut = body.trouble();
            if (cut != null) {
                throw cut;
            }
            if (guarded.error != null && !interrupted) {
                throw garbled(guarded.error);
            }
        }
        if (events == 0 && !interrupted) {
            throw new Trouble(
                    Trouble.Kind.GARBLED,
                    "the reply is no stream but "
                            + response.headers().firstValue("Content-Type").orElse("of no type"));
        }
        if (trouble == null && !interrupted) {
            listener.onClose();
        }
    }

    private HttpResponse<Body> send(HttpRequest request) throws Trouble, InterruptedException {
        var sending = Shared.CLIENT.sendAsync(outgoing(request), _ -> new Body(deadline));
        try {
            return sending.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException _) {
            sending.cancel(true);
            throw new Trouble(Trouble.Kind.TIMED_OUT, "there was no reply in time");
        } catch (InterruptedException e) {
            sending.cancel(true);
            throw e;
        } catch (ExecutionException e) {
            var cause = e.getCause() == null ? e : e.getCause();
            throw new Trouble(
                    cause instanceof ConnectException ? Trouble.Kind.ABSENT : Trouble.Kind.LOST,
                    cause instanceof ConnectException
                            ? "nobody answers at "
                                    + URI.create(request.url()).getAuthority()
                                    + ": is `base_url` right, and the server running?"
                            : "the connection broke: " + said(cause));
        }
    }

    private static java.net.http.HttpRequest outgoing(HttpRequest request) throws Trouble {
        try {
            var address = URI.create(request.url());
            var builder =
                    java.net.http.HttpRequest.newBuilder(address)
                            .method(
                                    request.method().name(),
                                    BodyPublishers.ofString(
                                            request.body() == null ? "" : request.body()))
                            // Without TLS a request to speak HTTP/2 confuses more servers than it
                            // helps.
                            .version(
                                    "http".equals(address.getScheme())
                                            ? java.net.http.HttpClient.Version.HTTP_1_1
                                            : java.net.http.HttpClient.Version.HTTP_2);
            request.headers()
                    .forEach((name, values) -> {
                        if (!NOT_OURS.contains(name.toLowerCase(Locale.ROOT))) {
                            values.forEach(value -> builder.header(name, value));
                        }
                    });
            return builder.build();
        } catch (IllegalArgumentException e) {
            throw new Trouble(
                    Trouble.Kind.MISUNDERSTOOD,
                    "the call cannot be written; see `base_url`, `api_key` and `headers`: "
                            + said(e).replaceAll("\"[^\"]*\"", "…"));
        }
    }

    private static String complaint(Body body) {
        try (body) {
            return new String(body.readNBytes(LONGEST_COMPLAINT), StandardCharsets.UTF_8);
        } catch (IOException _) {
            return "";
        }
    }

    private void note(Trouble e) {
        if (trouble == null) {
            trouble = e;
        }
    }

    private static Trouble garbled(Throwable why) {
        return new Trouble(
                Trouble.Kind.GARBLED, "a part of the reply cannot be read: " + said(why));
    }

    static String said(Throwable why) {
        return why.getMessage() == null ? why.getClass().getSimpleName() : why.getMessage();
    }

    /// Stops at the first event that cannot be used, and looks for what LangChain4j passes over.
    private final class Guarded implements ServerSentEventListener {
        private final ServerSentEventListener listener;
        private @Nullable Throwable error;

        private Guarded(ServerSentEventListener listener) {
            this.listener = listener;
        }

        @Override
        public void onEvent(ServerSentEvent event, ServerSentEventContext context) {
            if (trouble != null) {
                return;
            }
            var data = event.data();
            if (++events > MOST_EVENTS) {
                stop(
                        context,
                        new Trouble(
                                Trouble.Kind.ENDLESS,
                                "the reply has more than " + MOST_EVENTS + " pieces"));
            } else if (data.equals("[DONE]")) {
                finished = true;
            } else if (data.startsWith("{\"error\"") || "error".equals(event.event())) {
                stop(context, Statuses.midway(data));
            } else {
                refusal.append(Statuses.refusal(data));
                pass(event, context);
            }
        }

        private void pass(ServerSentEvent event, ServerSentEventContext context) {
            try {
                listener.onEvent(event, context);
            } catch (RuntimeException e) {
                stop(context, garbled(e));
            }
        }

        private void stop(ServerSentEventContext context, Trouble why) {
            note(why);
            context.parsingHandle().cancel();
        }

        /// Most often the body broke off, which says itself why.
        @Override
        public void onError(Throwable why) {
            error = why;
        }
    }

    /// Hands this line to LangChain4j.
    HttpClientBuilder builder() {
        return new HttpClientBuilder() {
            @Override
            public Duration connectTimeout() {
                return CONNECT;
            }

            @Override
            public HttpClientBuilder connectTimeout(Duration timeout) {
                return this;
            }

            @Override
            public Duration readTimeout() {
                return CONNECT;
            }

            @Override
            public HttpClientBuilder readTimeout(Duration timeout) {
                return this;
            }

            @Override
            public HttpClient build() {
                return Wire.this;
            }
        };
    }
}
