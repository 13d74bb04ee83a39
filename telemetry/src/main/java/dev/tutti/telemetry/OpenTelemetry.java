package dev.tutti.telemetry;

import dev.tutti.runtime.projection.ObserverProvider;
import java.util.Map;

/// Exports spans and metrics by OpenTelemetry when the usual environment variables say where to.
public final class OpenTelemetry implements ObserverProvider {

    /// Made by [java.util.ServiceLoader].
    public OpenTelemetry() {}

    @Override
    public boolean wanted(Map<String, String> environment) {
        return Wanted.by(environment);
    }

    @Override
    public Observer start(Observed observed) {
        return Export.start(observed);
    }
}
