package dev.tutti.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Money;
import dev.tutti.core.event.Usage;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.Metric;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The names that leave, in each form, against tables of what the conventions have.
@DisplayNameGeneration(ReplaceUnderscores.class)
class NamesTest {
    private static final SpanContext NONE = SpanContext.getInvalid();
    private static final Path TABLES = Path.of("src/test/resources/names");

    /// What OpenTelemetry says of its own exporters.
    private static final String OF_THE_SDK = "otlp.exporter.";

    private static final Usage USED = new Usage(Money.of("0.1"), 10, 20);

    /// A form of the names, with the variables that choose it and the table that holds them.
    record Form(String table, GenAiNames names, Map<String, String> environment) {
        @Override
        public String toString() {
            return table;
        }
    }

    static Stream<Form> forms() {
        return Stream.of(
                new Form("semconv-1.41.0.txt", GenAiNames.V1_41, Map.of()),
                new Form(
                        "genai-0.1.0.txt",
                        GenAiNames.GENAI_0_1,
                        Map.of(
                                "OTEL_SEMCONV_STABILITY_OPT_IN",
                                "http, gen_ai_latest_experimental")));
    }

    @ParameterizedTest
    @MethodSource("forms")
    void every_name_of_the_conventions_is_one(Form form) throws Exception {
        assertThat(GenAiNames.chosenBy(form.environment())).isEqualTo(form.names());
        var known = known(form);
        var used = new TreeSet<String>();
        for (var span : Golden.spans(Golden.journal(), 0, 1_000, form.names())) {
            span.attributes()
                    .forEach((key, value) -> {
                        used.add(key.getKey());
                        if (key.getKey().equals("gen_ai.operation.name")) {
                            used.add("operation " + value);
                            assertThat(span.name()).startsWith(value + " ");
                        }
                    });
        }
        for (var metric : metrics(form, 1)) {
            used.add("metric " + metric.getName());
            labels(metric).forEach(labels -> labels.forEach(label -> used.add(label.getKey())));
        }
        assertThat(used)
                .filteredOn(name -> name.contains("gen_ai.") || name.startsWith("operation "))
                .isNotEmpty()
                .isSubsetOf(known);
        assertThat(used)
                .filteredOn(name -> !name.contains("gen_ai.") && !name.startsWith("operation "))
                .allMatch(name ->
                        name.startsWith("tutti.")
                                || name.startsWith("metric tutti.")
                                || name.equals("error.type"));
        assertThat(String.join("\n", used) + "\n")
                .isEqualTo(Files.readString(TABLES.resolve("golden-" + form.table())));
    }

    @Test
    void the_tables_differ_where_the_conventions_moved() throws Exception {
        var forms = forms().toList();
        var earlier = known(forms.getFirst());
        var later = known(forms.getLast());
        assertThat(earlier).contains("gen_ai.workflow.name");
        assertThat(later).doesNotContain("gen_ai.workflow.name");
        assertThat(later).contains("metric gen_ai.invoke_agent.duration");
        assertThat(earlier).doesNotContain("metric gen_ai.invoke_agent.duration");
    }

    @ParameterizedTest
    @MethodSource("forms")
    void labels_are_few_whatever_agents_are_called(Form form) throws Exception {
        for (var metric : metrics(form, 5_000)) {
            assertThat(labels(metric)).as(metric.getName()).hasSizeLessThan(200);
        }
    }

    private static Set<String> known(Form form) throws IOException {
        return Files.readAllLines(TABLES.resolve(form.table()), StandardCharsets.UTF_8).stream()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .collect(Collectors.toSet());
    }

    /// What a collector gets after so many agents and workflows did everything that is measured.
    private static List<Metric> metrics(Form form, int different) throws Exception {
        try (var collector = new Collector()) {
            var environment = new HashMap<>(collector.environment());
            environment.putAll(form.environment());
            var sdk = Sdk.of(environment);
            var measures = new Measures(sdk.metrics().meterBuilder("test").build(), form.names());
            for (int i = 0; i < different; i++) {
                var agent = "agent" + i;
                measures.runEnded(NONE, "workflow" + i, "succeeded", Duration.ofSeconds(1));
                measures.runEnded(NONE, "workflow" + i, "failed", Duration.ofSeconds(1));
                for (var outcome :
                        List.of("accepted", "crashed", "timed_out", "rejected", "own" + i)) {
                    boolean failed = !outcome.equals("accepted");
                    measures.attemptEnded(
                            NONE, agent, outcome, failed, Duration.ofSeconds(1), USED);
                }
                measures.retried(agent);
                measures.dispatched(NONE, agent, Duration.ofMillis(5));
            }
            for (var limit : Failure.Limit.values()) {
                measures.timedOut(limit);
            }
            measures.toolUsed(NONE, false, Duration.ofSeconds(1));
            measures.toolUsed(NONE, true, Duration.ofSeconds(1));
            measures.stalled();
            measures.dropped(1);
            sdk.metrics().forceFlush().join(10, TimeUnit.SECONDS);
            sdk.metrics().shutdown().join(10, TimeUnit.SECONDS);
            return collector.metricsByName().values().stream()
                    .filter(metric -> !metric.getName().startsWith(OF_THE_SDK))
                    .toList();
        }
    }

    /// The labels of each series of a metric.
    private static List<List<KeyValue>> labels(Metric metric) {
        var labels = new ArrayList<List<KeyValue>>();
        metric.getSum().getDataPointsList().forEach(one -> labels.add(one.getAttributesList()));
        metric.getGauge().getDataPointsList().forEach(one -> labels.add(one.getAttributesList()));
        metric.getHistogram()
                .getDataPointsList()
                .forEach(one -> labels.add(one.getAttributesList()));
        return labels;
    }
}
