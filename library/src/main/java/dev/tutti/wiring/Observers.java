package dev.tutti.wiring;

import dev.tutti.runtime.journal.JournalReader;
import dev.tutti.runtime.projection.ObserverProvider;
import dev.tutti.runtime.projection.ObserverProvider.Observed;
import dev.tutti.runtime.projection.ObserverProvider.Observer;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Those on the class path who look at what a store's owner writes, as far as the environment asks
/// for them.
public final class Observers implements AutoCloseable {
    /// Nobody.
    public static final Observers NONE = new Observers(List.of());

    /// What all variables that ask for an observer begin with: where there is none, nothing is
    /// looked for, which would cost time at every start.
    private static final String ASKS = "OTEL_";

    private final List<Observer> observers;

    private Observers(List<Observer> observers) {
        this.observers = observers;
    }

    /// Lets them begin, before the first thing is written.
    ///
    /// @param position of the last entry
    /// @param folder of the store, or null for a store in memory
    public static Observers start(
            long position, Supplier<JournalReader> reader, @Nullable Path folder) {
        var environment = System.getenv();
        if (environment.keySet().stream().noneMatch(name -> name.startsWith(ASKS))) {
            return NONE;
        }
        var observed = new Observed(reader, position, folder, environment);
        return new Observers(
                ServiceLoader.load(ObserverProvider.class).stream()
                        .map(ServiceLoader.Provider::get)
                        .filter(provider -> provider.wanted(environment))
                        .map(provider -> provider.start(observed))
                        .toList());
    }

    /// Whether there is anybody.
    public boolean any() {
        return !observers.isEmpty();
    }

    /// Whether all of them are done with the journal up to `position`.
    public boolean doneTo(long position) {
        return observers.stream().allMatch(observer -> observer.position() >= position);
    }

    @Override
    public void close() {
        observers.forEach(Observer::close);
    }
}
