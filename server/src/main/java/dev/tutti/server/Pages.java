package dev.tutti.server;

import dev.tutti.server.http.Problem;
import dev.tutti.server.http.Right;
import dev.tutti.server.http.Route;
import dev.tutti.server.http.Routes;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// The files of the dashboard, where this Tutti was built with it. They say nothing of any run, so
/// everybody may load them: what they show, they have to ask for like any other program.
final class Pages {
    static final String HEALTH = "/health";

    private static final String FOLDER = "/dev/tutti/server/web/";
    private static final String INDEX = "index.html";

    /// Letter for letter: a path that is written in another way is none of these.
    private static final Pattern PAGE =
            Pattern.compile(
                    "/|/(runs|inbox|new|agents|resources|events|audit|memory|diff|settings)(/[A-Za-z0-9._~%-]{1,200}){0,4}");

    private static final Pattern FILE =
            Pattern.compile("/(assets/)?[A-Za-z0-9_-][A-Za-z0-9._-]{0,120}\\.[a-z0-9]{1,12}");

    private static final Map<String, String> TYPES =
            Map.of(
                    "html", "text/html; charset=utf-8",
                    "js", "text/javascript; charset=utf-8",
                    "css", "text/css; charset=utf-8",
                    "svg", "image/svg+xml",
                    "png", "image/png",
                    "woff2", "font/woff2",
                    "json", "application/json",
                    "ico", "image/x-icon",
                    "webmanifest", "application/manifest+json",
                    "txt", "text/plain; charset=utf-8");

    private static final String POLICY =
            "default-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self';"
                    + " connect-src 'self'; worker-src 'self'; font-src 'self'; object-src 'none';"
                    + " base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    private static final String MISSING =
            """
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><title>Tutti</title></head>
            <body><h1>Tutti is serving</h1>
            <p>This Tutti was built without the dashboard, since Node was not there. Install Node 20 or newer and
            build again: the page is then here. Until then, everything is at <code>/api/v1</code>
            (<code>/openapi.json</code> describes it), and <code>tutti</code> shows it in a terminal.</p>
            </body></html>
            """;

    private Pages() {}

    static void add(Routes routes) {
        routes.add(
                Route.get("/", Right.PUBLIC, Pages::page, "The dashboard.")
                        .gives(200, "text/html"));
        for (var page :
                List.of(
                        "runs",
                        "inbox",
                        "new",
                        "agents",
                        "resources",
                        "events",
                        "audit",
                        "memory",
                        "diff",
                        "settings")) {
            routes.add(
                    Route.get("/" + page, Right.PUBLIC, Pages::page, "A page of the dashboard.")
                            .gives(200, "text/html"),
                    Route.get(
                                    "/" + page + "/<rest>",
                                    Right.PUBLIC,
                                    Pages::page,
                                    "A page of the dashboard.")
                            .gives(200, "text/html"));
        }
        routes.add(
                Route.get("/assets/{file}", Right.PUBLIC, Pages::file, "A file of the dashboard.")
                        .gives(200, "application/octet-stream"),
                Route.get("/favicon.ico", Right.PUBLIC, Pages::file, "The sign of the dashboard.")
                        .gives(200, "image/x-icon"),
                Route.get("/favicon.svg", Right.PUBLIC, Pages::file, "The sign of the dashboard.")
                        .gives(200, "image/svg+xml"));
    }

    /// Whether everybody may ask for this.
    static boolean isOpen(Context request) {
        var path = request.req().getRequestURI();
        if ("POST".equals(request.method().name()) && path.startsWith("/hooks/")) {
            return true;
        }
        return ("GET".equals(request.method().name()) || "HEAD".equals(request.method().name()))
                && (path.equals(HEALTH)
                        || PAGE.matcher(path).matches()
                        || (path.startsWith("/assets/") && FILE.matcher(path).matches())
                        || path.equals("/favicon.ico")
                        || path.equals("/favicon.svg"));
    }

    /// What every answer says, whatever it is.
    static void protect(Context request) {
        request.header("content-security-policy", POLICY);
        request.header("x-content-type-options", "nosniff");
        request.header("referrer-policy", "no-referrer");
        request.header("cross-origin-opener-policy", "same-origin");
        request.header("cross-origin-resource-policy", "same-origin");
        if (request.path().startsWith("/api/")) {
            request.header("cache-control", "no-store");
        }
    }

    private static void page(Context request) {
        request.header("cache-control", "no-cache")
                .contentType("text/html; charset=utf-8")
                .result(read(INDEX).orElseGet(() -> MISSING.getBytes(StandardCharsets.UTF_8)));
    }

    private static void file(Context request) {
        var path = request.req().getRequestURI();
        var content =
                FILE.matcher(path).matches() ? read(path.substring(1)) : Optional.<byte[]>empty();
        if (content.isEmpty()) {
            throw new Problem(404, "no_route", "there is nothing at this path");
        }
        var ending = path.substring(path.lastIndexOf('.') + 1);
        request.header(
                        "cache-control",
                        path.startsWith("/assets/")
                                ? "public, max-age=31536000, immutable"
                                : "no-cache")
                .contentType(TYPES.getOrDefault(ending, "application/octet-stream"))
                .result(content.get());
    }

    private static Optional<byte[]> read(String name) {
        try (var in = Pages.class.getResourceAsStream(FOLDER + name)) {
            return in == null ? Optional.empty() : Optional.of(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
