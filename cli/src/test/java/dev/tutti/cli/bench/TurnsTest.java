package dev.tutti.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.tutti.cli.JavaProcess;
import dev.tutti.cli.Main;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.json.Json;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TurnsTest {
    @TempDir Path folder;

    @Test
    void rounds_with_an_export_are_compared_with_those_without() throws Exception {
        var taken = new AtomicLong();
        var collector =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        collector.createContext(
                "/v1/traces",
                exchange -> {
                    taken.addAndGet(exchange.getRequestBody().readAllBytes().length);
                    exchange.sendResponseHeaders(200, -1);
                    exchange.close();
                });
        collector.start();
        try {
            var document = measured(collector.getAddress().getPort());
            assertThat(document.fields().sequencedKeySet())
                    .containsExactly(
                            "workload",
                            "turns",
                            "steps_per_s",
                            "observed_steps_per_s",
                            "ratio",
                            "ratio_q1",
                            "ratio_q3",
                            "cpu_us",
                            "observed_cpu_us",
                            "whole_cpu_us",
                            "behind_s");
            assertThat(document.get("ratio"))
                    .isInstanceOfSatisfying(
                            Value.Real.class, ratio -> assertThat(ratio.value()).isPositive());
            // Two rounds of 52 tasks: more than a hundred spans.
            assertThat(taken.get()).isGreaterThan(20_000);
        } finally {
            collector.stop(0);
        }
    }

    /// In a process of its own, whose environment asks for an export.
    private Value.Struct measured(int port) throws Exception {
        var arguments = List.of("bench", "W3", "--width", "50", "--rounds", "0", "--turns", "2");
        var builder = JavaProcess.of(Main.class, arguments).directory(folder.toFile());
        builder.redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().keySet().removeIf(name -> name.startsWith("OTEL_"));
        builder.environment().put("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:" + port);
        builder.environment().put("OTEL_METRICS_EXPORTER", "none");
        var process = builder.start();
        try (var out = process.getInputStream()) {
            var said = new String(out.readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
            return (Value.Struct) Json.parse(said);
        }
    }
}
