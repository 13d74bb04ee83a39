package dev.tutti.server.http;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.router.Endpoint;
import java.util.ArrayList;
import java.util.List;

/// The table of routes. What is not in it is not served.
public final class Routes {
    private final List<Route> table = new ArrayList<>();

    /// Adds routes.
    public Routes add(Route... routes) {
        table.addAll(List.of(routes));
        return this;
    }

    public List<Route> all() {
        return List.copyOf(table);
    }

    /// Told how each request ended.
    @FunctionalInterface
    public interface Watch {
        void handled(Route route, Context request, int status, long nanos);
    }

    /// Lets a router serve them.
    public void install(RoutesConfig router, Watch watch) {
        for (var route : table) {
            router.addEndpoint(
                    new Endpoint(
                            route.method(),
                            route.path(),
                            request -> handle(route, request, watch)));
        }
    }

    private static void handle(Route route, Context request, Watch watch) throws Exception {
        long begun = System.nanoTime();
        int status = 500;
        try {
            route.handle(request);
            status = request.statusCode();
        } catch (Problem problem) {
            status = problem.status();
            throw problem;
        } finally {
            watch.handled(route, request, status, System.nanoTime() - begun);
        }
    }
}
