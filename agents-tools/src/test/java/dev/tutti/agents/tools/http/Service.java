package dev.tutti.agents.tools.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// A service on this machine that says what it was asked.
final class Service implements AutoCloseable {
    final List<String> seen = Collections.synchronizedList(new ArrayList<>());
    final List<String> traces = Collections.synchronizedList(new ArrayList<>());
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    Service() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            var uri = exchange.getRequestURI().toString();
            var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            var extra = exchange.getRequestHeaders().getFirst("X-Extra");
            var token = exchange.getRequestHeaders().getFirst("Authorization");
            seen.add(
                    (exchange.getRequestMethod()
                            + " "
                            + uri
                            + (body.isEmpty() ? "" : " " + body)
                            + (extra == null ? "" : " X-Extra=" + extra)
                            + (token == null ? "" : " " + token)));
            traces.add(String.valueOf(exchange.getRequestHeaders().getFirst("traceparent")));
            switch (uri.split("[?]", 2)[0]) {
                case "/missing" ->
                        send(exchange, 404, "application/json", "{\"error\": \"no such pet\"}");
                case "/busy" -> {
                    exchange.getResponseHeaders().set("Retry-After", "7");
                    send(exchange, 429, "text/plain", "slow down");
                }
                case "/broken" -> send(exchange, 503, "text/plain", "out of order");
                case "/large" -> send(exchange, 200, "text/plain", "x".repeat(3 << 20));
                case "/long" -> send(exchange, 200, "text/plain", "y".repeat(400_000));
                case "/image" -> send(exchange, 200, "image/png", "not really");
                case "/silent" -> pause();
                case "/trickle" -> trickle(exchange);
                case "/moved" -> redirect(exchange, "/pets");
                case "/loop" -> redirect(exchange, "/loop");
                case "/away" ->
                        redirect(
                                exchange,
                                "http://localhost:" + server.getAddress().getPort() + "/pets");
                case "/openapi.json" -> send(exchange, 200, "application/json", DOCUMENT);
                default -> send(exchange, 200, "application/json", "{\"ok\": true}");
            }
        }
    }

    static final String DOCUMENT =
            """
            {"openapi": "3.1.0", "servers": [{"url": "/api"}],
             "paths": {"/pets": {"get": {"operationId": "listPets", "summary": "All pets"}}}}
            """;

    private static void pause() {
        try {
            Thread.sleep(10_000);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// A byte now and then.
    private static void trickle(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(200, 0);
        for (int i = 0; i < 100; i++) {
            exchange.getResponseBody().write('.');
            exchange.getResponseBody().flush();
            try {
                Thread.sleep(50);
            } catch (InterruptedException _) {
                return;
            }
        }
    }

    private static void redirect(HttpExchange exchange, String to) throws IOException {
        exchange.getResponseHeaders().set("Location", to);
        send(exchange, 302, "text/plain", "there");
    }

    private static void send(HttpExchange exchange, int status, String type, String body)
            throws IOException {
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
