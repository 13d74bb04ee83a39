package dev.tutti.agents.process;

import dev.tutti.core.event.Value;
import dev.tutti.runtime.agent.AgentExecutor;
import dev.tutti.runtime.agent.AgentProvider;
import dev.tutti.runtime.agent.AgentSettings;
import java.util.List;

/// Makes agents that are commands of this machine (`uses: process`).
public final class CommandProvider implements AgentProvider {
    private static final Sandbox SANDBOX = new Sandbox("bwrap");

    @Override
    public List<String> uses() {
        return List.of("process");
    }

    @Override
    public AgentExecutor create(AgentSettings settings) {
        return new CommandAgent(settings.base(), written(settings.agent().settings()), SANDBOX);
    }

    /// The command as the team file has it; what is wrong with it is said when it is used.
    static List<String> written(Value.Struct with) {
        return with.get("command") instanceof Value.Array(var words)
                ? words.stream()
                        .map(word -> word instanceof Value.Text(var text) ? text : "")
                        .toList()
                : List.of();
    }
}
