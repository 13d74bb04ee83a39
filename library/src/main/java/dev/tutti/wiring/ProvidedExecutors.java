package dev.tutti.wiring;

import dev.tutti.core.event.Agent;
import dev.tutti.runtime.agent.AgentExecutor;
import dev.tutti.runtime.agent.AgentProvider;
import dev.tutti.runtime.agent.AgentSettings;
import dev.tutti.runtime.agent.JournalUser;
import dev.tutti.runtime.agent.Upkeep;
import dev.tutti.runtime.driver.Executors;
import dev.tutti.runtime.journal.JournalReader;
import dev.tutti.runtime.tool.Tool;
import dev.tutti.runtime.tool.ToolUser;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Executors from the providers on the class path, and from functions of the program itself (`uses:
/// function`).
public final class ProvidedExecutors implements Executors {
    public static final String FUNCTION = "function";

    private final Path store;
    private final Definitions definitions;
    private final Supplier<JournalReader> readers;
    private final Map<String, AgentExecutor> functions = new ConcurrentHashMap<>();
    private final Map<String, Tool> tools = new ConcurrentHashMap<>();
    private final Map<String, AgentProvider> providers = new ConcurrentHashMap<>();
    private final Map<Key, AgentExecutor> made = new ConcurrentHashMap<>();

    private record Key(String team, String agent) {}

    /// @param readers open the journal of the store
    public ProvidedExecutors(Path store, Definitions definitions, Supplier<JournalReader> readers) {
        this.store = store;
        this.definitions = definitions;
        this.readers = readers;
    }

    /// Lets the agents of that name, in whichever team, be performed by `function`.
    public void function(String agent, AgentExecutor function) {
        functions.put(agent, function);
    }

    /// Lets the agents that name it call a function.
    public void tool(String name, Tool tool) {
        tools.put(name, tool);
    }

    /// Lets agents of this process be made by a provider that is not on the class path, or not by
    /// that name.
    public void provider(AgentProvider provider) {
        provider.uses().forEach(name -> providers.put(name, provider));
    }

    private @Nullable AgentProvider find(String uses) {
        var own = providers.get(uses);
        return own == null ? Providers.BY_NAME.get(uses) : own;
    }

    @Override
    public boolean has(Agent agent) {
        return agent.uses().equals(FUNCTION)
                ? functions.containsKey(agent.id().value())
                : find(agent.uses()) != null;
    }

    @Override
    public AgentExecutor of(String team, Agent agent) {
        if (agent.uses().equals(FUNCTION)) {
            var function = functions.get(agent.id().value());
            if (function == null) {
                throw new IllegalArgumentException(
                        "agent `" + agent.id() + "` is a function of another program");
            }
            return function;
        }
        return made.computeIfAbsent(new Key(team, agent.id().value()), key -> create(key, agent));
    }

    private AgentExecutor create(Key key, Agent agent) {
        var provider = find(agent.uses());
        if (provider == null) {
            throw new IllegalArgumentException(
                    "agent `"
                            + agent.id()
                            + "` uses `"
                            + agent.uses()
                            + "`, which is not installed; there are "
                            + names());
        }
        var executor =
                provider.create(
                        new AgentSettings(
                                agent, agent.uses(), store, definitions.base(key.team())));
        if (executor instanceof JournalUser user) {
            user.reads(readers);
        }
        if (executor instanceof ToolUser user) {
            user.offered(name -> Optional.ofNullable(tools.get(name)));
        }
        return executor;
    }

    /// What a team file can put under `uses`, in alphabetical order.
    public static List<String> names() {
        return Providers.BY_NAME.keySet().stream().sorted().toList();
    }

    @Override
    public List<Upkeep> upkeep() {
        return made.values().stream().map(AgentExecutor::upkeep).filter(Upkeep::pending).toList();
    }

    @Override
    public void close() {
        made.values().forEach(AgentExecutor::close);
    }

    /// Found once, when the first team needs one.
    private static final class Providers {
        private static final Map<String, AgentProvider> BY_NAME =
                ServiceLoader.load(AgentProvider.class).stream()
                        .map(ServiceLoader.Provider::get)
                        .flatMap(provider ->
                                provider.uses().stream().map(name -> Map.entry(name, provider)))
                        .collect(
                                Collectors.toMap(
                                        Map.Entry::getKey,
                                        Map.Entry::getValue,
                                        (first, _) -> first));
    }
}
