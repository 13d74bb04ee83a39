package dev.tutti.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.Value;
import dev.tutti.runtime.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The alert rules and the dashboard that come with Tutti name only metrics that there are.
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(60)
class PrometheusTest {
    private static final Path DOCS = Path.of("..", "docs");
    private static final Path RULES = DOCS.resolve("prometheus/alerts.yaml");
    private static final Path DASHBOARD = DOCS.resolve("prometheus/dashboard.json");
    private static final Pattern METRIC = Pattern.compile("\\btutti_[a-z_]+");

    private static byte[] served() throws Exception {
        try (var served = Served.inMemory()) {
            served.awaitStatus(served.begin("asking"), "waiting");
            // The first answer is not among its own figures.
            served.admin.get("/metrics");
            return served.admin.get("/metrics").bytes();
        }
    }

    /// What the page shows, and what Prometheus makes of the names that are sent over OTLP.
    private static Set<String> known() throws Exception {
        var known = new LinkedHashSet<String>();
        new String(served(), UTF_8)
                .lines()
                .filter(line -> line.startsWith("# TYPE "))
                .forEach(line -> known.add(line.split(" ", -1)[2]));
        for (var line : Files.readAllLines(DOCS.resolve("telemetry.md"))) {
            var cells = line.split("\\|", -1);
            if (cells.length > 4 && cells[1].contains("`tutti.")) {
                var names = cells[1].strip().split(", ", -1);
                var kinds = cells[2].strip().split("; ", -1);
                for (int i = 0; i < names.length; i++) {
                    known.addAll(
                            translated(
                                    names[i].replace("`", "").replace('.', '_'),
                                    kinds[Math.min(i, kinds.length - 1)]));
                }
            }
        }
        return known;
    }

    private static List<String> translated(String name, String kind) {
        var unit = kind.endsWith(", s") ? "_seconds" : "";
        if (kind.startsWith("counter")) {
            return List.of(name + "_total");
        }
        return kind.startsWith("histogram")
                ? Stream.of("_bucket", "_sum", "_count").map(end -> name + unit + end).toList()
                : List.of(name + unit);
    }

    private static Set<String> named(String expression) {
        var bare = expression.replaceAll("by \\([^)]*\\)", "").replaceAll("\\{[^}]*}", "");
        var found = new LinkedHashSet<String>();
        var matcher = METRIC.matcher(bare);
        while (matcher.find()) {
            found.add(matcher.group());
        }
        return found;
    }

    private static List<String> rules() throws IOException {
        return Files.readAllLines(RULES).stream()
                .filter(line -> line.strip().startsWith("expr: "))
                .map(line -> line.strip().substring(6))
                .toList();
    }

    private static List<String> panels() throws IOException {
        var found = new ArrayList<String>();
        expressions(Json.parse(Files.readAllBytes(DASHBOARD)), found);
        return found;
    }

    private static void expressions(Value in, List<String> found) {
        switch (in) {
            case Value.Struct(var fields) ->
                    fields.forEach((name, value) -> {
                        if (name.equals("expr") && value instanceof Value.Text(var text)) {
                            found.add(text);
                        }
                        expressions(value, found);
                    });
            case Value.Array(var items) -> items.forEach(item -> expressions(item, found));
            default -> {
                // No expression is in it.
            }
        }
    }

    @Test
    void rules_and_panels_name_only_metrics_that_there_are() throws Exception {
        var known = known();
        assertThat(rules()).hasSizeGreaterThan(8);
        assertThat(panels()).hasSizeGreaterThan(10);
        for (var expression : Stream.concat(rules().stream(), panels().stream()).toList()) {
            assertThat(named(expression)).as(expression).isNotEmpty().isSubsetOf(known);
        }
    }

    @Test
    void promtool_finds_nothing_wrong_with_the_metrics_and_the_rules() throws Exception {
        var promtool =
                Stream.of(System.getenv("PATH").split(":", -1))
                        .map(folder -> Path.of(folder, "promtool"))
                        .filter(Files::isExecutable)
                        .findFirst();
        if (promtool.isEmpty()) {
            System.out.println("SKIPPED: promtool is not on the PATH (Debian: prometheus)");
            return;
        }
        assertThat(said(promtool.get(), Optional.of(served()), "check", "metrics")).isEmpty();
        assertThat(said(promtool.get(), Optional.empty(), "check", "rules", RULES.toString()))
                .contains("SUCCESS: 11 rules found");
    }

    private static String said(Path promtool, Optional<byte[]> given, String... what)
            throws Exception {
        var command = new ArrayList<>(List.of(promtool.toString()));
        command.addAll(List.of(what));
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (var in = process.getOutputStream()) {
            in.write(given.orElse(new byte[0]));
        }
        var said = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(said).isZero();
        return said;
    }
}
