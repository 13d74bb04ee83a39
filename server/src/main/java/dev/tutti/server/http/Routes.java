package dev.tutti.server.http;

import io.javalin.config.RoutesConfig;
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

    /// Lets a router serve them.
    public void install(RoutesConfig router) {
        for (var route : table) {
            router.addEndpoint(new Endpoint(route.method(), route.path(), route::handle));
        }
    }
}
