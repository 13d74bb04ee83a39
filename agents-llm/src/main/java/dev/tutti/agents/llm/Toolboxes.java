package dev.tutti.agents.llm;

import dev.tutti.core.event.Value;
import dev.tutti.runtime.tool.Tool;
import dev.tutti.runtime.tool.ToolProvider;
import dev.tutti.runtime.tool.ToolRequests;
import dev.tutti.runtime.tool.ToolUser;
import dev.tutti.runtime.tool.Toolbox;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The toolboxes that an agent has open. Those with the same settings are one; a few stay open
/// between attempts.
final class Toolboxes implements AutoCloseable {
    private static final int MOST_KEPT = 16;

    private final Path base;
    private final ToolRequests requests;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Key, Toolbox> kept = new HashMap<>();
    private volatile Function<String, Optional<Tool>> functions = _ -> Optional.empty();

    private record Key(String name, String uses, Value.Struct with) {}

    /// @param requests what tools may ask for
    Toolboxes(Path base, ToolRequests requests) {
        this.base = base;
        this.requests = requests;
    }

    void offered(Function<String, Optional<Tool>> byName) {
        functions = byName;
    }

    /// Found once, when the first toolbox is opened.
    private static final class Providers {
        private static final Map<String, ToolProvider> BY_NAME =
                ServiceLoader.load(ToolProvider.class).stream()
                        .map(ServiceLoader.Provider::get)
                        .flatMap(provider ->
                                provider.uses().stream().map(name -> Map.entry(name, provider)))
                        .collect(
                                Collectors.toMap(
                                        Map.Entry::getKey,
                                        Map.Entry::getValue,
                                        (first, _) -> first));
    }

    /// For one attempt.
    Lent lend() {
        return new Lent();
    }

    /// What one attempt has open; what is not kept is closed with it. Used by one thread.
    final class Lent implements AutoCloseable {
        private final Map<Key, Toolbox> own = new HashMap<>();
        private final Map<Key, List<Tool>> listed = new HashMap<>();

        /// What a toolbox offers now.
        ///
        /// @throws IllegalArgumentException when it cannot be opened with these settings
        /// @throws Exception when it cannot be reached
        List<Tool> tools(Settings.Box box) throws Exception {
            var key = new Key(box.name(), box.uses(), box.with());
            var known = listed.get(key);
            if (known == null) {
                known = List.copyOf(open(key).tools());
                listed.put(key, known);
            }
            return known;
        }

        private Toolbox open(Key key) throws InterruptedException {
            var here = own.get(key);
            if (here != null) {
                return here;
            }
            lock.lockInterruptibly();
            try {
                var there = kept.get(key);
                if (there != null) {
                    return there;
                }
                var opened = opened(key);
                (kept.size() < MOST_KEPT ? kept : own).put(key, opened);
                return opened;
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void close() {
            own.values().forEach(Toolbox::close);
        }
    }

    private Toolbox opened(Key key) {
        if (key.uses().equals(ToolUser.FUNCTION)) {
            var function =
                    functions
                            .apply(key.name())
                            .orElseThrow(() ->
                                    new IllegalArgumentException(
                                            "tool `"
                                                    + key.name()
                                                    + "` is a function of another program"));
            return () -> List.of(function);
        }
        var provider = Providers.BY_NAME.get(key.uses());
        if (provider == null) {
            throw new IllegalArgumentException(
                    "toolbox `"
                            + key.name()
                            + "` uses `"
                            + key.uses()
                            + "`, which is not installed; there are "
                            + Stream.concat(
                                            Providers.BY_NAME.keySet().stream(),
                                            Stream.of(ToolUser.FUNCTION))
                                    .sorted()
                                    .toList());
        }
        return provider.open(
                new ToolProvider.Settings(key.name(), key.uses(), key.with(), base), requests);
    }

    @Override
    public void close() {
        lock.lock();
        try {
            new ArrayList<>(kept.values()).forEach(Toolbox::close);
            kept.clear();
        } finally {
            lock.unlock();
        }
    }
}
