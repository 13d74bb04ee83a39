package dev.tutti.agents.llm;

import dev.tutti.agents.llm.model.Trouble;
import dev.tutti.agents.pins.Pins;
import dev.tutti.core.event.Outcome;
import dev.tutti.core.expression.Expressions;
import dev.tutti.runtime.agent.AgentExecutor;
import dev.tutti.runtime.agent.AgentSettings;
import dev.tutti.runtime.agent.Attempt;
import dev.tutti.runtime.agent.JournalUser;
import dev.tutti.runtime.journal.JournalReader;
import dev.tutti.runtime.tool.Tool;
import dev.tutti.runtime.tool.ToolUser;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/// Performs attempts by a language model that may call tools, one conversation each.
final class LlmAgent implements AgentExecutor, ToolUser, JournalUser {
    private final Pins pins;
    private final Models models;
    private final Sampler sampler;
    private final Toolboxes toolboxes;
    private final PastPlans past;
    private final Expressions expressions = new Expressions();

    LlmAgent(AgentSettings agent) {
        pins = new Pins(agent.store(), agent.base());
        models = new Models(agent.base());
        sampler = new Sampler(models);
        toolboxes = new Toolboxes(agent.base(), sampler);
        past = new PastPlans(agent.store(), Clock.systemUTC());
    }

    @Override
    public void reads(Supplier<JournalReader> readers) {
        past.reads(readers);
    }

    @Override
    public void offered(Function<String, Optional<Tool>> functions) {
        toolboxes.offered(functions);
    }

    /// What its tools do outside is theirs to say, and is not known here.
    @Override
    public boolean reportsEffects() {
        return false;
    }

    @Override
    public boolean reportsUsage() {
        return true;
    }

    @Override
    public Outcome perform(Attempt attempt) throws Exception {
        var settings = Settings.of(attempt.settings());
        try (var boxes = toolboxes.lend()) {
            var belt =
                    new Toolbelt(settings, boxes, pins, new Policy(expressions), sampler, attempt);
            return new Conversation(settings, models, belt, past, attempt).outcome();
        } catch (Trouble e) {
            return Outcome.failed(e.failure());
        }
    }

    @Override
    public void close() {
        toolboxes.close();
    }
}
