package dev.tutti;

import dev.tutti.core.event.Outcome;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.agent.AgentExecutor;
import dev.tutti.runtime.agent.Attempt;

/// Performs attempts by a plain function, which says by its steps what it used up or not at all.
final class FunctionAgent implements AgentExecutor {
    private final Team.Function function;

    FunctionAgent(Team.Function function) {
        this.function = function;
    }

    @Override
    public boolean reportsUsage() {
        return true;
    }

    @Override
    public Outcome perform(Attempt attempt) throws Exception {
        attempt.spending();
        return Outcome.succeeded(Value.from(function.apply(attempt)));
    }
}
