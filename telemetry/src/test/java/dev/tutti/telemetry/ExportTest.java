package dev.tutti.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Money;
import dev.tutti.core.event.Outcome;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.Status;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.Usage;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.agent.AgentExecutor;
import dev.tutti.runtime.agent.TraceContext;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whole runs, a store on disk, and a collector that speaks OTLP.
@DisplayNameGeneration(ReplaceUnderscores.class)
class ExportTest {
    private static final List<Task> DIAMOND =
            List.of(
                    Stage.task("top"),
                    Stage.task("left", "top"),
                    Stage.task("right", "top"),
                    Stage.task("join", "left", "right"));
    private static final AgentExecutor DOES =
            _ ->
                    new Outcome.Succeeded(
                            Value.struct("secret", Value.text("hush")),
                            new Usage(Money.of("0.25"), 7, 3));

    @TempDir Path folder;

    @Test
    void a_run_arrives_as_one_trace_of_workflow_tasks_and_attempts() throws Exception {
        try (var collector = new Collector()) {
            try (var stage = new Stage(folder, collector.environment(), DIAMOND, DOES)) {
                assertThat(stage.run("R1")).isEqualTo(Status.SUCCEEDED);
            }
            var run = new RunId("R1");
            var spans = collector.byId();
            assertThat(collector.spans()).hasSize(9).hasSameSizeAs(spans.keySet());
            var root = collector.span(TraceContext.runSpan(run));
            assertThat(root.getName()).isEqualTo("invoke_workflow work");
            assertThat(root.getParentSpanId()).isEmpty();
            var join = collector.span(TraceContext.span(run, "task", "join"));
            assertThat(Collector.parent(join)).isEqualTo(TraceContext.runSpan(run));
            assertThat(join.getLinksList())
                    .extracting(link -> HexFormat.of().formatHex(link.getSpanId().toByteArray()))
                    .containsExactly(
                            TraceContext.span(run, "task", "left"),
                            TraceContext.span(run, "task", "right"));
            assertThat(spans.values())
                    .filteredOn(span -> span.getName().equals("invoke_agent worker"))
                    .hasSize(4)
                    .allSatisfy(span -> {
                        var attributes = Collector.attributes(span);
                        assertThat(attributes)
                                .containsEntry("gen_ai.operation.name", "invoke_agent")
                                .containsEntry("gen_ai.provider.name", "tutti")
                                .containsEntry("gen_ai.agent.name", "worker")
                                .containsEntry("gen_ai.usage.input_tokens", "7")
                                .containsEntry("tutti.cost.usd", "0.25")
                                .containsEntry("tutti.run.id", "R1")
                                .containsEntry("tutti.attempt", "1")
                                .containsEntry("tutti.outcome", "accepted");
                        assertThat(spans.get(Collector.parent(span)))
                                .isNotNull()
                                .satisfies(task ->
                                        assertThat(Collector.attributes(task))
                                                .containsEntry(
                                                        "tutti.task.id",
                                                        attributes.get("tutti.task.id")));
                        assertThat(span.getEndTimeUnixNano())
                                .isGreaterThanOrEqualTo(span.getStartTimeUnixNano());
                    });
            assertThat(Collector.attributes(root))
                    .containsEntry("gen_ai.workflow.name", "work")
                    .containsEntry("tutti.cost.usd", "1.0");
        }
    }

    @Test
    void an_agent_is_told_the_name_of_its_span() throws Exception {
        var told = new ConcurrentHashMap<String, String>();
        AgentExecutor tells =
                attempt -> {
                    told.put(attempt.task().name(), attempt.traceparent());
                    return DOES.perform(attempt);
                };
        try (var collector = new Collector()) {
            try (var stage = new Stage(folder, collector.environment(), DIAMOND, tells)) {
                stage.run("R1");
            }
            assertThat(told)
                    .hasSize(4)
                    .allSatisfy((task, traceparent) -> {
                        var parts = traceparent.split("-", -1);
                        var span = collector.span(parts[2]);
                        assertThat(HexFormat.of().formatHex(span.getTraceId().toByteArray()))
                                .isEqualTo(parts[1]);
                        assertThat(Collector.attributes(span)).containsEntry("tutti.task.id", task);
                    });
        }
    }

    @Test
    void a_variable_that_says_what_cannot_be_stops_no_run() throws Exception {
        var environment =
                Map.of(
                        "OTEL_EXPORTER_OTLP_ENDPOINT",
                        "http://127.0.0.1:1",
                        "OTEL_TRACES_EXPORTER",
                        "carrier_pigeon");
        try (var stage = new Stage(folder, environment, DIAMOND, DOES)) {
            assertThat(stage.run("R1")).isEqualTo(Status.SUCCEEDED);
        }
    }

    @Test
    void telemetry_is_wanted_only_where_the_variables_ask_for_it() {
        var end = "http://127.0.0.1:4318";
        var otel = new OpenTelemetry();
        assertThat(otel.wanted(Map.of())).isFalse();
        assertThat(otel.wanted(Map.of("OTEL_SERVICE_NAME", "mine"))).isFalse();
        assertThat(otel.wanted(Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", end))).isTrue();
        assertThat(otel.wanted(Map.of("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", end))).isTrue();
        assertThat(
                        otel.wanted(
                                Map.of(
                                        "OTEL_EXPORTER_OTLP_ENDPOINT",
                                        end,
                                        "OTEL_SDK_DISABLED",
                                        "true")))
                .isFalse();
        assertThat(
                        otel.wanted(
                                Map.of(
                                        "OTEL_EXPORTER_OTLP_ENDPOINT", end,
                                        "OTEL_TRACES_EXPORTER", "none",
                                        "OTEL_METRICS_EXPORTER", "none")))
                .isFalse();
    }

    @Test
    void metrics_arrive_with_few_labels_and_no_ids() throws Exception {
        try (var collector = new Collector()) {
            var failures = new ConcurrentHashMap<String, Boolean>();
            AgentExecutor fails =
                    attempt ->
                            failures.putIfAbsent(attempt.task().name(), true) == null
                                    ? Outcome.failed(new Failure.Transient("busy", "later"))
                                    : DOES.perform(attempt);
            var retried =
                    DIAMOND.stream()
                            .map(task ->
                                    task.with(
                                            task.policy()
                                                    .with(
                                                            new Task.Retry(
                                                                    3,
                                                                    Duration.ofMillis(1),
                                                                    Duration.ofMillis(2)))))
                            .toList();
            try (var stage = new Stage(folder, collector.environment(), retried, fails)) {
                assertThat(stage.run("R1")).isEqualTo(Status.SUCCEEDED);
            }
            var metrics = collector.metricsByName();
            assertThat(metrics.keySet())
                    .contains(
                            "gen_ai.client.operation.duration",
                            "gen_ai.client.token.usage",
                            "tutti.runs",
                            "tutti.run.duration",
                            "tutti.attempts",
                            "tutti.retries",
                            "tutti.queue.wait",
                            "tutti.questions.open",
                            "tutti.cost");
            assertThat(collector.metric("tutti.retries").getSum().getDataPoints(0).getAsInt())
                    .isEqualTo(4);
            var byOutcome = new HashMap<String, Long>();
            collector
                    .metric("tutti.attempts")
                    .getSum()
                    .getDataPointsList()
                    .forEach(point ->
                            point.getAttributesList().stream()
                                    .filter(one -> one.getKey().equals("tutti.outcome"))
                                    .forEach(one ->
                                            byOutcome.put(
                                                    one.getValue().getStringValue(),
                                                    point.getAsInt())));
            assertThat(byOutcome).isEqualTo(Map.of("accepted", 4L, "failed", 4L));
            assertThat(metrics.toString()).doesNotContain("R1");
            var spans = collector.byId();
            for (var name :
                    List.of(
                            "gen_ai.client.operation.duration",
                            "tutti.run.duration",
                            "tutti.queue.wait")) {
                var examples =
                        collector.metric(name).getHistogram().getDataPointsList().stream()
                                .flatMap(point -> point.getExemplarsList().stream())
                                .map(one -> HexFormat.of().formatHex(one.getSpanId().toByteArray()))
                                .toList();
                assertThat(examples).as(name).isNotEmpty().allMatch(spans::containsKey);
            }
        }
    }

    @Test
    void no_content_leaves_and_the_form_of_the_names_is_said() throws Exception {
        try (var collector = new Collector()) {
            try (var stage = new Stage(folder, collector.environment(), DIAMOND, DOES)) {
                stage.run("R1");
            }
            assertThat(collector.spans().toString()).doesNotContain("hush");
            assertThat(collector.schemas()).containsOnly("https://opentelemetry.io/schemas/1.41.0");
            assertThat(collector.resources())
                    .allSatisfy(resource ->
                            assertThat(resource.toString())
                                    .contains("service.name", "tutti")
                                    .contains("deployment.environment.name"));
        }
    }

    @Test
    void a_collector_that_is_away_holds_up_nothing_and_gets_everything_later() throws Exception {
        int port;
        try (var gone = new Collector()) {
            port = gone.port();
        }
        var environment = Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:" + port);
        long begun = System.nanoTime();
        try (var stage = new Stage(folder, environment, DIAMOND, DOES)) {
            for (int i = 0; i < 200; i++) {
                assertThat(stage.run("R" + i)).isEqualTo(Status.SUCCEEDED);
            }
        }
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(60));
        try (var collector = new Collector(port)) {
            try (var stage = new Stage(folder, environment, DIAMOND, DOES)) {
                stage.run("LAST");
            }
            assertThat(collector.byId()).hasSize(201 * 9);
        }
    }
}
