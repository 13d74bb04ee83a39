package dev.tutti.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

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
}
