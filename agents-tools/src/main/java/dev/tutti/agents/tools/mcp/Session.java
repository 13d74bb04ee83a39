package dev.tutti.agents.tools.mcp;

import dev.tutti.agents.tools.mcp.ServerSettings.Place;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.agent.Attempt;
import dev.tutti.runtime.tool.Tool;
import dev.tutti.runtime.tool.ToolRequests;
import dev.tutti.runtime.tool.ToolUnavailable;
import io.modelcontextprotocol.client.McpAsyncClient;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.client.transport.McpHttpClientTransportAuthorizationException;
import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.json.schema.JsonSchemaValidator;
import io.modelcontextprotocol.spec.McpClientTransport;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.ClientCapabilities;
import io.modelcontextprotocol.spec.McpSchema.ProgressNotification;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/// One conversation with a server, from the first greeting until either side has gone. Calls of
/// several attempts share it.
final class Session implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Session.class);
    private static final Duration GREETING = Duration.ofSeconds(60);
    private static final Duration PARTING = Duration.ofSeconds(2);
    private static final int MOST_PAGES = 100;

    /// How long a call that was cancelled may still ask for something, which is not to be taken for
    /// the question of another.
    private static final Duration QUIET = Duration.ofSeconds(1);

    private static final long LOOK = 10;
    private static final String NO_MODEL =
            "no model is there for tools that ask for one (sampling)";

    /// Results are judged by whoever asked for them; a validator takes half a second to load.
    private static final JsonSchemaValidator UNJUDGED =
            (_, _) -> JsonSchemaValidator.ValidationResponse.asValid("");

    private final ServerSettings settings;
    private final ToolRequests requests;
    private final Wire wire;
    private final McpAsyncClient client;
    private final Map<String, Call> calls = new ConcurrentHashMap<>();
    private final AtomicLong tokens = new AtomicLong();
    private volatile @Nullable String over;
    private volatile boolean changed = true;
    private volatile boolean asks;
    private volatile long quietUntil = System.nanoTime();

    private Session(ServerSettings settings, ToolRequests requests) {
        this.settings = settings;
        this.requests = requests;
        boolean samples = !requests.equals(ToolRequests.REFUSED);
        wire =
                new Wire(
                        transport(),
                        this::markChanged,
                        this::broke,
                        samples
                                ? Map.of()
                                : Map.of(McpSchema.METHOD_SAMPLING_CREATE_MESSAGE, NO_MODEL));
        var capabilities = ClientCapabilities.builder().elicitation();
        var spec =
                McpClient.async(wire)
                        .clientInfo(McpSchema.Implementation.builder("tutti", version()).build())
                        .requestTimeout(settings.longest().plus(GREETING))
                        .initializationTimeout(GREETING)
                        .jsonSchemaValidator(UNJUDGED)
                        .elicitation(request -> ask(reply -> new News.Elicit(request, reply)))
                        .progressConsumer(this::progressed)
                        .loggingConsumer(message ->
                                Mono.fromRunnable(() ->
                                        LOG.debug(
                                                "{}: {} {}",
                                                settings.name(),
                                                message.level(),
                                                message.data())));
        if (samples) {
            spec.sampling(request -> ask(reply -> new News.Sample(request, reply)));
        }
        client =
                spec.capabilities((samples ? capabilities.sampling() : capabilities).build())
                        .build();
    }

    private static String version() {
        var version = Session.class.getPackage().getImplementationVersion();
        return version == null ? "0" : version;
    }

    private McpClientTransport transport() {
        return switch (settings.place()) {
            case Place.Program program ->
                    new ProgramTransport(
                            ServerProcess.start(program), McpJsonDefaults.getMapper(), this::end);
            case Place.Service service -> transport(service);
        };
    }

    private static McpClientTransport transport(Place.Service service) {
        var request = HttpRequest.newBuilder();
        service.headers().forEach(request::header);
        var url = service.url();
        var path = url.getRawPath() == null || url.getRawPath().isEmpty() ? "/" : url.getRawPath();
        return HttpClientStreamableHttpTransport.builder(
                        url.getScheme() + "://" + url.getRawAuthority())
                .endpoint(url.getRawQuery() == null ? path : path + "?" + url.getRawQuery())
                .customizeClient(http -> http.followRedirects(HttpClient.Redirect.NEVER))
                .requestBuilder(request)
                .maxResponseSize(ServerProcess.LONGEST)
                .addHttpRequestCustomizer((_, _, uri, _, _) -> {
                    try {
                        service.reach().require(uri);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                })
                .build();
    }

    /// Greets a server.
    ///
    /// @throws ToolUnavailable when it does not answer
    /// @throws IllegalArgumentException when it cannot be used as it is
    static Session open(ServerSettings settings, ToolRequests requests)
            throws ToolUnavailable, InterruptedException {
        if (settings.place() instanceof Place.Service service) {
            requireReachable(settings, service);
        }
        var session = new Session(settings, requests);
        boolean greeted = false;
        try {
            session.await(session.client.initialize(), GREETING);
            greeted = true;
            return session;
        } finally {
            if (!greeted) {
                session.close();
            }
        }
    }

    private static void requireReachable(ServerSettings settings, Place.Service service)
            throws ToolUnavailable {
        try {
            service.reach().require(service.url());
        } catch (UnknownHostException e) {
            throw new ToolUnavailable(
                    settings.name() + ": nobody knows the host " + service.url().getHost(),
                    null,
                    e);
        }
    }

    /// Whether it can be used; once not, never again.
    boolean isOpen() {
        return over == null;
    }

    /// Whether tools are to be listed again; true once after each change.
    boolean takeChanged() {
        boolean was = changed;
        changed = false;
        return was;
    }

    /// Tools are to be listed again.
    void markChanged() {
        changed = true;
    }

    /// All tools that the server offers, up to `most`.
    List<McpSchema.Tool> list(int most) throws ToolUnavailable, InterruptedException {
        var all = new ArrayList<McpSchema.Tool>();
        if (client.getServerCapabilities() == null
                || client.getServerCapabilities().tools() == null) {
            return all;
        }
        String cursor = McpSchema.FIRST_PAGE;
        for (int page = 0; page < MOST_PAGES && all.size() < most; page++) {
            var got = await(client.listTools(cursor), settings.timeout());
            all.addAll(got.tools());
            cursor = got.nextCursor();
            if (cursor == null || cursor.isEmpty()) {
                break;
            }
        }
        return all.size() > most ? all.subList(0, most) : all;
    }

    /// Calls a tool, on the thread of the attempt.
    Tool.Result call(String tool, Value.Struct arguments, Attempt attempt) throws Exception {
        while (isQuiet()) {
            Thread.sleep(LOOK);
        }
        var token = "tutti-" + tokens.incrementAndGet();
        var call = new Call(settings, tool, arguments, attempt, requests);
        calls.put(token, call);
        var meta = new HashMap<String, Object>();
        meta.put("progressToken", token);
        meta.put("traceparent", attempt.traceparent());
        var request =
                McpSchema.CallToolRequest.builder(tool)
                        .arguments(Plain.map(arguments))
                        .meta(meta)
                        .build();
        String why = "nobody waits for it any more";
        try {
            client.callTool(request)
                    .subscribe(
                            result -> call.tell(new News.Done(result)),
                            error -> call.tell(new News.Broken(error)));
            if (over != null) {
                throw unavailable(over, null);
            }
            return call.await(this::failure);
        } catch (Attempt.Suspended e) {
            why = "it goes on when a person has decided";
            throw e;
        } finally {
            calls.remove(token);
            if (call.isDone()) {
                wire.forget(token);
            } else {
                if (asks) {
                    quietUntil = System.nanoTime() + QUIET.toNanos();
                }
                wire.cancel(token, why);
            }
            call.close();
        }
    }

    /// Whether something that is asked now could be meant for a call that is over.
    private boolean isQuiet() {
        return quietUntil - System.nanoTime() > 0 && wire.isOwed();
    }

    /// What to throw or to tell the agent when a call has no result.
    private Tool.Result failure(Throwable error) throws ToolUnavailable {
        if (error instanceof McpError refused
                && refused.getJsonRpcError() != null
                && over == null) {
            return Tool.Result.error(refused.getJsonRpcError().message());
        }
        if (error instanceof ToolUnavailable gone) {
            throw gone;
        }
        requireLetIn(error);
        end(message(error));
        throw unavailable(message(error), error);
    }

    private void requireLetIn(Throwable error) {
        if (error instanceof McpHttpClientTransportAuthorizationException) {
            throw new IllegalArgumentException(
                    "the server of `"
                            + settings.name()
                            + "` does not let us in (401 or 403); is its `token` right?",
                    error);
        }
    }

    private ToolUnavailable unavailable(@Nullable String why, @Nullable Throwable error) {
        return new ToolUnavailable(
                "the server of `" + settings.name() + "` is gone: " + why, null, error);
    }

    private static String message(Throwable error) {
        var root = error;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
    }

    /// Only one call can be meant when the server asks for something: the protocol does not say
    /// which.
    private <T> Mono<T> ask(Function<MonoSink<T>, News> news) {
        return Mono.create(reply -> {
            asks = true;
            var atWork = isQuiet() ? new ArrayList<Call>() : new ArrayList<>(calls.values());
            if (atWork.size() == 1) {
                atWork.getFirst().tell(news.apply(reply));
            } else {
                reply.error(
                        McpError.builder(McpSchema.ErrorCodes.INVALID_REQUEST)
                                .message(
                                        atWork.isEmpty()
                                                ? "no call is at work that this could be for"
                                                : "several calls are at work, and nothing says for"
                                                        + " which of them this is; write `calls: 1`"
                                                        + " where the server is declared")
                                .build());
            }
        });
    }

    private Mono<Void> progressed(ProgressNotification progress) {
        return Mono.fromRunnable(() -> {
            var call = calls.get(String.valueOf(progress.progressToken()));
            if (call != null) {
                double done = progress.progress() == null ? 0 : progress.progress();
                double total = progress.total() == null ? 0 : progress.total();
                double fraction = total > 0 ? Math.clamp(done / total, 0.0, 1.0) : 0;
                call.tell(
                        new News.Progressed(
                                fraction, progress.message() == null ? "" : progress.message()));
            }
        });
    }

    /// A connection broke that may have been the one a result was to come by.
    private void broke(Throwable error) {
        for (var one = error; one != null; one = one.getCause()) {
            if (one instanceof IOException) {
                end(message(error));
                return;
            }
        }
    }

    /// The server has gone: nothing that waits will be answered.
    private void end(String why) {
        if (over == null) {
            over = why;
        }
        var gone = unavailable(why, null);
        calls.values().forEach(call -> call.tell(new News.Broken(gone)));
    }

    private <T> T await(Mono<T> mono, Duration most) throws ToolUnavailable, InterruptedException {
        var future = mono.toFuture();
        long until = System.nanoTime() + most.toNanos();
        while (true) {
            try {
                return future.get(50, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                if (over != null || System.nanoTime() > until) {
                    future.cancel(true);
                    throw unavailable(
                            over == null ? "no answer within " + most.toSeconds() + " s" : over, e);
                }
            } catch (ExecutionException e) {
                throw refusal(e.getCause() == null ? e : e.getCause());
            }
        }
    }

    private ToolUnavailable refusal(Throwable error) {
        for (var one = error; one != null; one = one.getCause()) {
            if (one instanceof IllegalArgumentException wrong) {
                throw wrong;
            }
            requireLetIn(one);
            if (one instanceof McpError refused && refused.getJsonRpcError() != null) {
                var rpc = refused.getJsonRpcError();
                throw new IllegalArgumentException(
                        "the server of `"
                                + settings.name()
                                + "` cannot be used: "
                                + (rpc.data() instanceof String data ? data : rpc.message()),
                        error);
            }
        }
        return unavailable(message(error), error);
    }

    @Override
    public void close() {
        end("it was closed");
        try {
            client.closeGracefully().toFuture().get(PARTING.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.debug("{} did not part well", settings.name(), e);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            wire.close();
        }
    }
}
