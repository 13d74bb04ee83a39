package dev.tutti.server;

import dev.tutti.Tutti;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.json.Json;
import dev.tutti.server.workers.WorkerProvider;
import dev.tutti.server.workers.Workforce;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.HttpResponseException;
import java.time.Duration;
import java.util.List;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Serves a store over HTTP. Whoever makes one owns the store, or nobody performs what workers are
/// asked for.
public final class Server implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Server.class);
    private static final int MOST_THREADS = 32;
    private static final int LEAST_THREADS = 4;
    private static final int MOST_HEADER = 16 << 10;

    /// Longer than workers wait for work.
    private static final Duration IDLE = Duration.ofSeconds(90);

    private final Workforce workforce;
    private final Javalin javalin;

    /// Where and how it listens.
    ///
    /// @param host the address that is listened at
    /// @param port 0 for any that is free
    /// @param names further names that clients may know the server by
    /// @param lease how long a worker keeps its work without a sign of life
    public record Options(String host, int port, List<String> names, Duration lease) {
        public static final Options LOCAL =
                new Options("127.0.0.1", 7070, List.of(), Duration.ofSeconds(30));
    }

    private Server(Workforce workforce, Javalin javalin) {
        this.workforce = workforce;
        this.javalin = javalin;
    }

    /// Begins to listen, and lets workers perform the agents of `tutti` that use `worker`. To be
    /// called before the store is owned, so that no work is found to have nobody.
    ///
    /// @throws io.javalin.util.JavalinBindException when the port is taken
    public static Server start(Tutti tutti, OperatorToken token, Options options) {
        var workforce = new Workforce(options.lease());
        tutti.provider(new WorkerProvider(workforce));
        var guard = new Guard(token, workforce, options.host(), options.names());
        var javalin =
                Javalin.create(config -> {
                    config.startup.showJavalinBanner = false;
                    config.startup.showOldJavalinVersionWarning = false;
                    config.http.asyncTimeout = IDLE.toMillis();
                    config.http.maxRequestSize = Body.MOST;
                    listen(config, options);
                    config.routes.before(guard::check);
                    config.routes.get(
                            Guard.HEALTH,
                            request ->
                                    request.contentType("application/json")
                                            .result(
                                                    Json.bytes(
                                                            Value.struct(
                                                                    "status", Value.text("ok")))));
                    new WorkerRoutes(workforce).add(config.routes);
                    refusals(config);
                });
        try {
            javalin.start();
        } catch (RuntimeException e) {
            workforce.close();
            throw e;
        }
        return new Server(workforce, javalin);
    }

    private static void listen(JavalinConfig config, Options options) {
        var threads = new QueuedThreadPool(MOST_THREADS, LEAST_THREADS);
        threads.setName("http");
        threads.setDaemon(true);
        config.jetty.threadPool = threads;
        config.jetty.addConnector((server, http) -> {
            http.setSendServerVersion(false);
            http.setRequestHeaderSize(MOST_HEADER);
            return connector(server, http, options);
        });
    }

    private static ServerConnector connector(
            org.eclipse.jetty.server.Server server, HttpConfiguration http, Options options) {
        var connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
        connector.setHost(options.host());
        connector.setPort(options.port());
        connector.setIdleTimeout(IDLE.toMillis());
        return connector;
    }

    private static void refusals(JavalinConfig config) {
        config.routes.exception(Problem.class, (problem, request) -> problem.answer(request));
        config.routes.exception(
                HttpResponseException.class,
                (e, request) ->
                        new Problem(
                                        e.getStatus(),
                                        e.getStatus() == 404 ? "no_route" : "refused",
                                        e.getStatus() == 404
                                                ? "there is nothing at this path"
                                                : String.valueOf(e.getMessage()))
                                .answer(request));
        config.routes.exception(
                Exception.class,
                (e, request) -> {
                    LOG.error("{} {} failed", request.method(), request.path(), e);
                    new Problem(500, "internal", "something went wrong here; the log says what")
                            .answer(request);
                });
    }

    /// The port that is listened at.
    public int port() {
        return javalin.port();
    }

    /// What workers do, in figures.
    public Workforce.Figures figures() {
        return workforce.figures();
    }

    /// Hands out no more work, and waits until what workers hold has ended, but not for ever.
    public void drain(Duration atMost) throws InterruptedException {
        workforce.drain(atMost);
    }

    @Override
    public void close() {
        workforce.close();
        javalin.stop();
    }
}
