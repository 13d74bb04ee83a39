package dev.tutti.history;

import dev.tutti.core.event.Agent;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Event;
import dev.tutti.core.event.Value;
import dev.tutti.core.expression.Expressions;
import dev.tutti.core.goal.Team;
import dev.tutti.core.history.Precedents;
import dev.tutti.core.run.Digest;
import dev.tutti.runtime.engine.TeamReader;
import dev.tutti.runtime.journal.JournalReader;
import dev.tutti.runtime.json.JsonException;
import dev.tutti.teamfile.TeamFileException;
import java.util.LinkedHashMap;
import java.util.Map;

/// Tells agents apart by what their teams say of them: name, what performs them, and the settings
/// with what they take from the inputs of the run. What comes from the environment is not on
/// record.
final class AgentProfiles implements Precedents.Profiles {
    private final JournalReader journal;
    private final TeamReader teams;
    private final Expressions expressions;
    private final Map<String, Team> read = new LinkedHashMap<>();

    /// What was said of the agents of the run that was asked for last.
    private final Map<AgentId, String> words = new LinkedHashMap<>();

    private String latest = "";

    AgentProfiles(JournalReader journal, TeamReader teams, Expressions expressions) {
        this.journal = journal;
        this.teams = teams;
        this.expressions = expressions;
    }

    @Override
    public String of(Event.RunStarted run, AgentId agent) {
        if (!latest.equals(run.run().value())) {
            latest = run.run().value();
            words.clear();
        }
        return words.computeIfAbsent(agent, id -> word(run, id));
    }

    private String word(Event.RunStarted run, AgentId agent) {
        return read.computeIfAbsent(run.team(), this::read)
                .agent(agent)
                .map(one -> of(run, one))
                .orElse(agent + " of " + run.team());
    }

    /// A team whose definition cannot be read any more has no agents to tell apart but by its hash.
    private Team read(String hash) {
        try {
            return journal.definition(hash)
                    .map(definition -> teams.read(definition.body()))
                    .orElse(Team.NOBODY);
        } catch (IllegalArgumentException | TeamFileException | JsonException _) {
            return Team.NOBODY;
        }
    }

    private String of(Event.RunStarted run, Agent agent) {
        var taken = Value.Struct.EMPTY;
        for (var reference : expressions.references(agent.settings())) {
            if (reference.variable().equals("run")) {
                taken = taken.with("run", Value.text(run.run().value()));
            } else if (reference.variable().equals("input") && reference.path().isEmpty()) {
                taken = taken.with(run.inputs());
            } else if (reference.variable().equals("input")) {
                var field = reference.path().getFirst();
                var value = run.inputs().get(field);
                taken = taken.with(field, value == null ? Value.NULL : value);
            }
        }
        return agent.id()
                + " "
                + agent.uses()
                + " "
                + Digest.hash(Value.struct("with", agent.settings(), "input", taken));
    }
}
