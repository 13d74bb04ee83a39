package dev.tutti.runtime.dispatch;

import dev.tutti.core.event.AgentId;
import dev.tutti.runtime.journal.Entry;
import dev.tutti.runtime.journal.Fields;
import dev.tutti.runtime.journal.JournalException;
import dev.tutti.runtime.journal.NewEntry;
import dev.tutti.runtime.json.Json;
import java.time.Instant;

/// A person has switched an agent off, or on again: whatever the team, an agent of that name is
/// given no task while it is off. What it has under way may end.
///
/// @param reason in words; may be empty
public record Switched(AgentId agent, boolean on, String reason) {
    private static final String ON = "AgentEnabled";
    private static final String OFF = "AgentDisabled";
    private static final int VERSION = 1;

    /// As the journal keeps it.
    public NewEntry entry(Instant at, String actor, String cause) {
        var out = new Fields().put("agent", agent.value()).put("reason", reason);
        return new NewEntry(
                on ? ON : OFF, VERSION, at, actor, cause, null, Json.bytes(out.struct()));
    }

    /// Reads one.
    ///
    /// @throws JournalException `version` when it was written by a later version
    public static Switched of(Entry entry) {
        var type = entry.event().type();
        boolean known = type.equals(ON) || type.equals(OFF);
        if (!known || entry.event().version() != VERSION) {
            throw new JournalException(
                    "version", "the entry " + type + " was written by a later Tutti", null);
        }
        var in = Fields.of(Json.parse(entry.event().payload()));
        return new Switched(new AgentId(in.text("agent")), type.equals(ON), in.text("reason"));
    }
}
