package dev.tutti.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.RunId;
import dev.tutti.runtime.agent.TraceContext;
import java.util.HashMap;
import java.util.HashSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What Prometheus is given.
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(60)
class MetricsTest {
    private static final Pattern SAMPLE =
            Pattern.compile(
                    "([a-zA-Z_:][a-zA-Z0-9_:]*)(\\{([a-z_]+=\"[^\"\\\\]*\",?)+})? ([0-9.E+-]+)");

    @Test
    void every_line_is_as_prometheus_reads_it_and_every_series_is_there_once() throws Exception {
        try (var served = Served.inMemory()) {
            served.awaitStatus(served.begin("asking"), "waiting");
            assertThat(served.admin.get("/api/v1/runs/none").status()).isEqualTo(404);
            var answer = served.admin.get("/metrics");
            assertThat(answer.type()).startsWith("text/plain").contains("version=0.0.4");
            var types = new HashMap<String, String>();
            var series = new HashSet<String>();
            var text = new String(answer.bytes(), UTF_8);
            assertThat(text).endsWith("\n");
            for (var line : text.lines().toList()) {
                if (line.startsWith("# TYPE ")) {
                    var parts = line.split(" ", -1);
                    assertThat(types.put(parts[2], parts[3])).as(line).isNull();
                } else if (!line.startsWith("# HELP ")) {
                    var sample = SAMPLE.matcher(line);
                    assertThat(sample.matches()).as(line).isTrue();
                    assertThat(types).as(line).containsKey(sample.group(1));
                    assertThat(series.add(line.substring(0, line.lastIndexOf(' ')))).isTrue();
                }
            }
            assertThat(text)
                    .contains("tutti_runs_under_way 1\n", "tutti_questions_open 1\n")
                    .contains("route=\"/api/v1/runs/{run}\",status=\"4xx\"} 1\n");
        }
    }

    @Test
    void who_accepts_openmetrics_is_given_exemplars_that_lead_to_traces() throws Exception {
        try (var served = Served.inMemory()) {
            var run = served.begin("asking");
            served.awaitStatus(run, "waiting");
            served.get("/api/v1/runs/" + run);
            var trace = TraceContext.traceId(new RunId(run));
            var accept = "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;q=0.3";
            var answer =
                    served.admin.send(
                            served.admin
                                    .request("/metrics")
                                    .header("Accept", accept)
                                    .GET()
                                    .build());
            assertThat(answer.type()).startsWith("application/openmetrics-text; version=1.0.0");
            var text = new String(answer.bytes(), UTF_8);
            assertThat(text).endsWith("\n# EOF\n");
            assertThat(text)
                    .contains("# TYPE tutti_http_requests counter\n")
                    .contains("tutti_http_requests_total{method=\"GET\",")
                    .doesNotContain("# TYPE tutti_http_requests_total")
                    .containsPattern(
                            "tutti_http_request_seconds_total\\{method=\"GET\",route=\"/api/v1/runs/\\{run\\}\","
                                    + "status=\"2xx\"\\} [0-9.E-]+ # \\{trace_id=\""
                                    + trace
                                    + "\"\\} [0-9.E-]+ [0-9]+\\.[0-9]{3}\n");
            var plain = new String(served.admin.get("/metrics").bytes(), UTF_8);
            assertThat(plain).doesNotContain("trace_id").doesNotContain("# EOF");
        }
    }
}
