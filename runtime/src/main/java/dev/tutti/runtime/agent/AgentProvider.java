package dev.tutti.runtime.agent;

import java.util.List;

/// Makes executors by the name under which team files ask for them (`uses:`). Found by
/// [java.util.ServiceLoader]; heavy classes are loaded only when an executor is made.
public interface AgentProvider {

    /// The names that it answers to, such as `local/retriever`.
    List<String> uses();

    /// Makes the executor of one agent.
    ///
    /// @throws IllegalArgumentException when the settings cannot be used, saying which and what to
    ///   write instead
    AgentExecutor create(AgentSettings settings);
}
