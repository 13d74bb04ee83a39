package dev.tutti.runtime.projection;

import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Event;
import dev.tutti.core.goal.Team;
import dev.tutti.core.run.RunState;
import dev.tutti.runtime.dispatch.Circuit;
import dev.tutti.runtime.journal.JournalReader;
import dev.tutti.runtime.journal.StreamId;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Which agents are left alone for failing, learned again from the events of runs. A process that
/// takes a store over begins with all of them closed: it may know better than this.
public final class Breakers implements Records.Learner {
    private final Map<AgentId, Known> known = new HashMap<>();

    /// Of an agent as it is defined in one team.
    private record Known(String team, Circuit circuit) {}

    /// As the newest runs of a journal show it.
    public static Breakers of(JournalReader journal) {
        var breakers = new Breakers();
        Records.learn(journal, breakers);
        return breakers;
    }

    @Override
    public void see(StreamId run, RunState before, Event event, Instant at, Team team) {
        Circuit.Told.of(event)
                .ifPresent(told -> {
                    if (before.attempt(told.token()).doer()
                            instanceof RunState.Doer.Agent(AgentId agent)) {
                        of(agent, before.asked().team()).note(told, at);
                    }
                });
    }

    private Circuit of(AgentId agent, String team) {
        return known.compute(
                        agent,
                        (_, one) ->
                                one == null || !one.team().equals(team)
                                        ? new Known(team, new Circuit())
                                        : one)
                .circuit();
    }

    /// Until when an agent is left alone; a time that has passed where it is tried with one task
    /// next, and empty where it is not left alone.
    public Optional<Instant> openUntil(AgentId agent) {
        return Optional.ofNullable(known.get(agent)).map(one -> one.circuit().openUntil());
    }
}
