package dev.tutti.telemetry;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.IntUnaryOperator;

/// A collector of OpenTelemetry on this machine: takes OTLP over HTTP and keeps what came.
final class Collector implements AutoCloseable {
    private static final int OK = 200;

    private final HttpServer server;
    private final List<Span> spans = new CopyOnWriteArrayList<>();
    private final Map<String, Metric> metrics = new LinkedHashMap<>();
    private final List<Resource> resources = new CopyOnWriteArrayList<>();
    private final List<String> schemas = new CopyOnWriteArrayList<>();
    private volatile IntUnaryOperator mood = _ -> OK;

    Collector() throws IOException {
        this(0);
    }

    Collector(int port) throws IOException {
        server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.createContext("/v1/traces", this::traces);
        server.createContext("/v1/metrics", this::metrics);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    /// The variables that lead to it.
    Map<String, String> environment() {
        return Map.of(
                "OTEL_EXPORTER_OTLP_ENDPOINT",
                "http://127.0.0.1:" + port(),
                "OTEL_RESOURCE_ATTRIBUTES",
                "deployment.environment.name=test");
    }

    /// What it answers to a request with so many spans.
    void answering(IntUnaryOperator status) {
        mood = status;
    }

    private void traces(HttpExchange exchange) throws IOException {
        var request = ExportTraceServiceRequest.parseFrom(exchange.getRequestBody());
        var came =
                request.getResourceSpansList().stream()
                        .flatMap(of -> of.getScopeSpansList().stream())
                        .flatMap(of -> of.getSpansList().stream())
                        .toList();
        int status = mood.applyAsInt(came.size());
        if (status == OK) {
            request.getResourceSpansList()
                    .forEach(of -> {
                        resources.add(of.getResource());
                        of.getScopeSpansList().forEach(scope -> schemas.add(scope.getSchemaUrl()));
                    });
            spans.addAll(came);
        }
        answer(exchange, status);
    }

    private void metrics(HttpExchange exchange) throws IOException {
        var request = ExportMetricsServiceRequest.parseFrom(exchange.getRequestBody());
        synchronized (metrics) {
            request.getResourceMetricsList().stream()
                    .flatMap(of -> of.getScopeMetricsList().stream())
                    .flatMap(of -> of.getMetricsList().stream())
                    .forEach(metric -> metrics.put(metric.getName(), metric));
        }
        answer(exchange, OK);
    }

    private static void answer(HttpExchange exchange, int status) throws IOException {
        exchange.sendResponseHeaders(status, -1);
        exchange.close();
    }

    /// Every span that came, as often as it came.
    List<Span> spans() {
        return List.copyOf(spans);
    }

    /// Spans by their ids; each counts once.
    Map<String, Span> byId() {
        var distinct = new HashMap<String, Span>();
        spans.forEach(span -> distinct.put(id(span), span));
        return distinct;
    }

    /// The span of this id, which came.
    Span span(String id) {
        var span = byId().get(id);
        if (span == null) {
            throw new AssertionError("no span " + id + " came");
        }
        return span;
    }

    /// The metric of this name, which came.
    Metric metric(String name) {
        var metric = metricsByName().get(name);
        if (metric == null) {
            throw new AssertionError("no metric " + name + " came");
        }
        return metric;
    }

    static String id(Span span) {
        return HexFormat.of().formatHex(span.getSpanId().toByteArray());
    }

    static String parent(Span span) {
        return HexFormat.of().formatHex(span.getParentSpanId().toByteArray());
    }

    /// Attributes as text.
    static Map<String, String> attributes(Span span) {
        var attributes = new LinkedHashMap<String, String>();
        span.getAttributesList()
                .forEach(attribute -> {
                    var value = attribute.getValue();
                    attributes.put(
                            attribute.getKey(),
                            switch (value.getValueCase()) {
                                case INT_VALUE -> String.valueOf(value.getIntValue());
                                case DOUBLE_VALUE -> String.valueOf(value.getDoubleValue());
                                default -> value.getStringValue();
                            });
                });
        return attributes;
    }

    /// The latest of each metric.
    Map<String, Metric> metricsByName() {
        synchronized (metrics) {
            return Map.copyOf(metrics);
        }
    }

    List<Resource> resources() {
        return List.copyOf(resources);
    }

    List<String> schemas() {
        return List.copyOf(schemas);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
