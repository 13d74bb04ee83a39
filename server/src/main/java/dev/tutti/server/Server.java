package dev.tutti.server;

import dev.tutti.Tutti;
import dev.tutti.core.event.Value;
import dev.tutti.server.api.Admission;
import dev.tutti.server.api.AuditRoutes;
import dev.tutti.server.api.Desk;
import dev.tutti.server.api.FirstPlans;
import dev.tutti.server.api.ForesightRoutes;
import dev.tutti.server.api.HistoryRoutes;
import dev.tutti.server.api.HookRoutes;
import dev.tutti.server.api.MemoryRoutes;
import dev.tutti.server.api.MessageRoutes;
import dev.tutti.server.api.QuestionRoutes;
import dev.tutti.server.api.Reservations;
import dev.tutti.server.api.RunRoutes;
import dev.tutti.server.api.ServedTeam;
import dev.tutti.server.api.StoreRoutes;
import dev.tutti.server.api.TaskRoutes;
import dev.tutti.server.api.TeamRoutes;
import dev.tutti.server.api.VerbRoutes;
import dev.tutti.server.http.Body;
import dev.tutti.server.http.OpenApi;
import dev.tutti.server.http.Problem;
import dev.tutti.server.http.Right;
import dev.tutti.server.http.Route;
import dev.tutti.server.http.Routes;
import dev.tutti.server.identity.Identity;
import dev.tutti.server.identity.IdentitySettings;
import dev.tutti.server.live.Streams;
import dev.tutti.server.view.AgentPages;
import dev.tutti.server.view.Inbox;
import dev.tutti.server.view.ResourcePages;
import dev.tutti.server.view.RunPages;
import dev.tutti.server.view.TaskPages;
import dev.tutti.server.view.Views;
import dev.tutti.server.workers.WorkerProvider;
import dev.tutti.server.workers.Workforce;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Serves a store over HTTP. Whoever makes one owns the store, or nobody performs what workers are
/// asked for.
public final class Server implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Server.class);
    private static final int MOST_THREADS = 32;
    private static final int LEAST_THREADS = 4;
    private static final int MOST_HEADER = 16 << 10;

    /// Connections that may wait to be taken up; one more would have to knock again a second later.
    private static final int MOST_KNOCKING = 1_024;

    /// Longer than workers wait for work.
    private static final Duration IDLE = Duration.ofSeconds(90);

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /// A page that hears nothing for two and a half of these notices within ten seconds.
    private static final Duration PULSE = Duration.ofSeconds(3);

    private static final int MOST_RUNS = 10_000;

    private final Workforce workforce;
    private final Javalin javalin;
    private final Streams streams;
    private final Admission admission;
    private final MemoryRoutes memory;
    private final Views views;
    private final Routes routes;

    /// Where and how it listens.
    ///
    /// @param host the address that is listened at
    /// @param port 0 for any that is free
    /// @param names further names that clients may know the server by
    /// @param lease how long a worker keeps its work without a sign of life
    /// @param folder of the store, where keys are kept; null to keep them in memory
    /// @param team the file of the team whose workflows may be begun over HTTP, or null
    /// @param patience how long a live reader may take nothing of what is written to it
    /// @param pulse how long a page hears nothing before it is told that the server is still there
    /// @param mostRuns how many runs may be under way before no more are begun over HTTP
    /// @param identity who else than the server itself may say who somebody is, or null for nobody
    public record Options(
            String host,
            int port,
            List<String> names,
            Duration lease,
            @Nullable Path folder,
            @Nullable Path team,
            Duration patience,
            Duration pulse,
            int mostRuns,
            @Nullable IdentitySettings identity) {
        public static final Options LOCAL =
                new Options("127.0.0.1", 7070, List.of(), Duration.ofSeconds(30));

        /// Without a team, and with keys in memory.
        public Options(String host, int port, List<String> names, Duration lease) {
            this(host, port, names, lease, null, null, PATIENCE, PULSE, MOST_RUNS, null);
        }

        /// With the folder of a store.
        public Options in(@Nullable Path store) {
            return new Options(
                    host, port, names, lease, store, team, patience, pulse, mostRuns, identity);
        }

        /// With the file of a team.
        public Options serving(@Nullable Path file) {
            return new Options(
                    host, port, names, lease, folder, file, patience, pulse, mostRuns, identity);
        }

        /// With less patience, or more.
        public Options patient(Duration time) {
            return new Options(
                    host, port, names, lease, folder, team, time, pulse, mostRuns, identity);
        }

        /// With another pulse.
        public Options pulsing(Duration time) {
            return new Options(
                    host, port, names, lease, folder, team, patience, time, mostRuns, identity);
        }

        /// With so many runs under way at most.
        public Options atMost(int runs) {
            return new Options(
                    host, port, names, lease, folder, team, patience, pulse, runs, identity);
        }

        /// With an issuer that may say who somebody is.
        public Options trusting(@Nullable IdentitySettings issuer) {
            return new Options(
                    host, port, names, lease, folder, team, patience, pulse, mostRuns, issuer);
        }
    }

    private Server(
            Workforce workforce,
            Javalin javalin,
            Streams streams,
            Admission admission,
            MemoryRoutes memory,
            Views views,
            Routes routes) {
        this.workforce = workforce;
        this.javalin = javalin;
        this.streams = streams;
        this.admission = admission;
        this.memory = memory;
        this.views = views;
        this.routes = routes;
    }

    /// Begins to listen, and lets workers perform the agents of `tutti` that use `worker`. To be
    /// called before the store is owned, so that no work is found to have nobody.
    ///
    /// @throws io.javalin.util.JavalinBindException when the port is taken
    public static Server start(Tutti tutti, OperatorToken token, Options options) {
        var workforce = new Workforce(options.lease());
        tutti.provider(new WorkerProvider(workforce));
        var views = new Views(tutti::reader, tutti::leftAlone);
        var runs = new RunPages(views);
        var inbox = new Inbox(views, runs);
        var tasks = new TaskPages(views, tutti::progress);
        var streams =
                new Streams(runs, tasks::progress, inbox, options.patience(), options.pulse());
        var routes = new Routes();
        var keys = new Keys(options.folder(), Clock.systemUTC());
        var sessions = new Sessions(options.folder(), Clock.systemUTC());
        var identity =
                options.identity() == null
                        ? null
                        : new Identity(options.identity(), Clock.systemUTC());
        var guard =
                new Guard(
                        token,
                        keys,
                        sessions,
                        workforce,
                        identity,
                        options.host(),
                        options.names());
        var admission = new Admission(inbox::underWay, inbox::begun, options.mostRuns());
        routes.add(
                Route.get(
                                Pages.HEALTH,
                                Right.PUBLIC,
                                request -> health(request, admission),
                                "Whether it is there, and takes what it is asked.")
                        .shows("Health")
                        .also(503, "application/json", "Health"));
        var desk =
                new Desk(
                        tutti,
                        runs,
                        tasks,
                        inbox,
                        streams,
                        new ServedTeam(options.team()),
                        admission,
                        new Reservations(options.folder()));
        new RunRoutes(desk, Clock.systemUTC()).add(routes);
        new TaskRoutes(desk).add(routes);
        new HistoryRoutes(desk).add(routes);
        var plans = new FirstPlans(tutti);
        new ForesightRoutes(desk, plans).add(routes);
        new VerbRoutes(desk, Clock.systemUTC()).add(routes);
        new QuestionRoutes(desk).add(routes);
        new TeamRoutes(desk, new AgentPages(views, runs), new ResourcePages(views, runs))
                .add(routes);
        new StoreRoutes(desk, views, plans, version()).add(routes);
        new AuditRoutes(desk, Clock.systemUTC()).add(routes);
        new MessageRoutes(desk).add(routes);
        var memory = new MemoryRoutes(desk, options.folder(), Clock.systemUTC());
        memory.add(routes);
        new HookRoutes(desk, System::getenv, Clock.systemUTC()).add(routes);
        new AccessRoutes(guard, keys, sessions).add(routes);
        new FilterRoutes(options.folder()).add(routes);
        new WorkerRoutes(workforce).add(routes);
        Pages.add(routes);
        var metrics = new Metrics(runs, inbox, streams, Clock.systemUTC());
        routes.add(
                Route.get(
                                "/metrics",
                                Right.VIEW,
                                metrics::answer,
                                "How the server does, for Prometheus; as OpenMetrics, with"
                                        + " exemplars, for who accepts that.")
                        .gives(200, "text/plain")
                        .also(200, "application/openmetrics-text", "string"),
                Route.get(
                        "/openapi.json",
                        Right.VIEW,
                        request -> Route.answer(request, 200, OpenApi.of(routes.all(), version())),
                        "This description."));
        var javalin =
                Javalin.create(config -> {
                    config.startup.showJavalinBanner = false;
                    config.startup.showOldJavalinVersionWarning = false;
                    config.http.asyncTimeout = IDLE.toMillis();
                    config.http.maxRequestSize = Body.MOST;
                    config.router.ignoreTrailingSlashes = false;
                    listen(config, options);
                    config.routes.before(Pages::protect);
                    config.routes.before(guard::check);
                    routes.install(config.routes, metrics);
                    refusals(config);
                });
        try {
            javalin.start();
        } catch (RuntimeException e) {
            workforce.close();
            streams.close();
            memory.close();
            throw e;
        }
        return new Server(workforce, javalin, streams, admission, memory, views, routes);
    }

    private static void health(Context request, Admission admission) {
        boolean draining = admission.isDraining();
        Route.answer(
                request,
                draining ? 503 : 200,
                Value.struct("status", Value.text(draining ? "draining" : "ok")));
    }

    private static String version() {
        var version = Server.class.getPackage().getImplementationVersion();
        return version == null ? "0" : version;
    }

    private static void listen(JavalinConfig config, Options options) {
        var threads = new QueuedThreadPool(MOST_THREADS, LEAST_THREADS);
        threads.setName("http");
        threads.setDaemon(true);
        // Requests wait for the disk on threads that cost nothing; how many may is up to Admission.
        threads.setVirtualThreadsExecutor(
                Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("http-", 0).factory()));
        config.jetty.threadPool = threads;
        config.jetty.addConnector((server, http) -> {
            http.setSendServerVersion(false);
            http.setRequestHeaderSize(MOST_HEADER);
            // A cache of its own for each connection would be 100 kB that clients can make us keep.
            http.setHeaderCacheSize(0);
            return connector(server, http, options);
        });
    }

    private static ServerConnector connector(
            org.eclipse.jetty.server.Server server, HttpConfiguration http, Options options) {
        var connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
        connector.setHost(options.host());
        connector.setPort(options.port());
        connector.setIdleTimeout(IDLE.toMillis());
        connector.setAcceptQueueSize(MOST_KNOCKING);
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

    /// Takes nothing more, hands out no more work, and waits until what workers hold has ended, but
    /// not for ever.
    public void drain(Duration atMost) throws InterruptedException {
        admission.drain();
        streams.drain();
        workforce.drain(atMost);
    }

    /// Those who are told as it happens.
    Streams live() {
        return streams;
    }

    /// Every route that is served.
    public List<Route> routes() {
        return routes.all();
    }

    @Override
    public void close() {
        workforce.close();
        streams.close();
        javalin.stop();
        memory.close();
        views.close();
    }
}
