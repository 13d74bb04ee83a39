package dev.tutti.telemetry;

import java.util.Map;

/// Whether the usual environment variables ask for telemetry. Knows nothing of OpenTelemetry but
/// these names, so that asking costs nothing.
final class Wanted {
    private static final String NONE = "none";
    private static final String ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT";

    private Wanted() {}

    static boolean by(Map<String, String> environment) {
        return !environment.getOrDefault("OTEL_SDK_DISABLED", "").equalsIgnoreCase("true")
                && (traces(environment) || metrics(environment));
    }

    static boolean traces(Map<String, String> environment) {
        return signal(environment, "OTEL_TRACES_EXPORTER", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT");
    }

    static boolean metrics(Map<String, String> environment) {
        return signal(environment, "OTEL_METRICS_EXPORTER", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT");
    }

    /// An exporter that is named is wanted, and OTLP is where it is said where to.
    private static boolean signal(
            Map<String, String> environment, String exporter, String endpoint) {
        var named = environment.getOrDefault(exporter, "");
        return named.isEmpty()
                ? has(environment, ENDPOINT) || has(environment, endpoint)
                : !named.equals(NONE);
    }

    private static boolean has(Map<String, String> environment, String name) {
        return !environment.getOrDefault(name, "").isEmpty();
    }
}
