package dev.tutti.runtime.participant;

import dev.tutti.core.event.Agent;
import dev.tutti.core.expression.Expressions;
import dev.tutti.core.run.Participant;
import dev.tutti.runtime.engine.Deed;
import dev.tutti.runtime.engine.Input;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/// The agents that this process plays: each hears a message for itself and answers with claims of
/// its own. Knows nothing of the run but what was said.
public final class Participants {
    private final Predicate<Agent> present;
    private final Expressions expressions;

    /// @param present which agents this process can perform
    public Participants(Predicate<Agent> present, Expressions expressions) {
        this.present = present;
        this.expressions = expressions;
    }

    /// What those who are told have to say.
    public List<Input> hear(Deed.Tell tell) {
        var said = new ArrayList<Input>();
        for (var agent : tell.agents()) {
            if (agent.needsPlace() && !present.test(agent)) {
                continue;
            }
            for (var command : Participant.hear(agent, tell.letter(), tell.inputs(), expressions)) {
                said.add(new Input.Told(tell.run(), command, "agent/" + agent.id()));
            }
        }
        return said;
    }
}
