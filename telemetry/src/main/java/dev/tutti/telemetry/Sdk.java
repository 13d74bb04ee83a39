package dev.tutti.telemetry;

import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/// OpenTelemetry as its usual environment variables say.
///
/// The exporters of spans are taken out of the SDK's hands: it would queue spans in memory and drop
/// what is too much, while our queue is the journal.
///
/// @param traces where spans go; one that does nothing when none are wanted
record Sdk(
        Resource resource,
        SpanExporter traces,
        boolean tracing,
        Sampler sampler,
        SdkMeterProvider metrics) {

    private static final String NONE = "none";

    /// @throws RuntimeException when a variable says what cannot be
    static Sdk of(Map<String, String> environment) {
        var exporters = new ArrayList<SpanExporter>();
        var samplers = new ArrayList<Sampler>();
        var resources = new ArrayList<Resource>();
        var built =
                AutoConfiguredOpenTelemetrySdk.builder()
                        .addPropertiesSupplier(() -> defaults(environment))
                        .addPropertiesCustomizer(_ -> given(environment))
                        .addResourceCustomizer((resource, _) -> {
                            resources.add(resource);
                            return resource;
                        })
                        .addSamplerCustomizer((sampler, _) -> {
                            samplers.add(sampler);
                            return sampler;
                        })
                        .addSpanExporterCustomizer((exporter, _) -> {
                            exporters.add(exporter);
                            return SpanExporter.composite();
                        })
                        .disableShutdownHook()
                        .build();
        return new Sdk(
                resources.isEmpty() ? Resource.getDefault() : resources.getFirst(),
                SpanExporter.composite(exporters),
                !exporters.isEmpty(),
                samplers.isEmpty() ? Sampler.alwaysOn() : samplers.getFirst(),
                built.getOpenTelemetrySdk().getSdkMeterProvider());
    }

    /// What holds where the variables say nothing.
    private static Map<String, String> defaults(Map<String, String> environment) {
        var defaults = new HashMap<String, String>();
        defaults.put("otel.service.name", "tutti");
        defaults.put("otel.exporter.otlp.protocol", "http/protobuf");
        defaults.put("otel.logs.exporter", NONE);
        defaults.put("otel.traces.exporter", Wanted.traces(environment) ? "otlp" : NONE);
        defaults.put("otel.metrics.exporter", Wanted.metrics(environment) ? "otlp" : NONE);
        // What could not be sent is sent again from the journal, without keeping anyone waiting.
        defaults.put("otel.java.exporter.otlp.retry.disabled", "true");
        return defaults;
    }

    /// The variables that this program was given, which need not be those of its process.
    private static Map<String, String> given(Map<String, String> environment) {
        var given = new HashMap<String, String>();
        environment.forEach((name, value) -> {
            if (name.startsWith("OTEL_") && !value.isEmpty()) {
                given.put(name.toLowerCase(Locale.ROOT).replace('_', '.'), value);
            }
        });
        return given;
    }
}
