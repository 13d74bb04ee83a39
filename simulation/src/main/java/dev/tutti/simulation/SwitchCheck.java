package dev.tutti.simulation;

import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Event;
import dev.tutti.runtime.dispatch.Switched;
import dev.tutti.runtime.dispatch.Switches;
import dev.tutti.runtime.journal.Entry;
import org.jspecify.annotations.Nullable;

/// I32: at no place in the whole journal is a task given to an agent that is switched off there.
final class SwitchCheck extends Check {
    private final Switches switches = new Switches();

    /// An entry of the stream that says who is switched off.
    void see(Entry entry) {
        var event = entry.event();
        if (switches.knows(event.cause())) {
            report("I32", entry, "request " + event.cause() + " is carried out a second time");
        }
        switches.fold(Switched.of(entry), event.at(), event.actor(), event.cause());
    }

    @Override
    void see(Step step) {
        if (step.copied()) {
            return;
        }
        if (step.event() instanceof Event.Assigned e) {
            given(step, e.agent());
        } else if (step.event() instanceof Event.ChildStarted e) {
            given(step, e.agent());
        }
    }

    private void given(Step step, @Nullable AgentId agent) {
        if (agent != null && switches.isOff(agent)) {
            report("I32", step, "agent " + agent + " is given a task, and is switched off");
        }
    }
}
