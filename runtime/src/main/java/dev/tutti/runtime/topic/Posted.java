package dev.tutti.runtime.topic;

import dev.tutti.core.event.Value;
import dev.tutti.runtime.journal.Entry;
import dev.tutti.runtime.journal.Fields;
import dev.tutti.runtime.journal.JournalException;
import dev.tutti.runtime.journal.NewEntry;
import dev.tutti.runtime.json.Json;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A message of a topic on record, with what it led to in the same commit.
///
/// @param event what was published
/// @param reactions of those who waited for it, in the order in which they came
public record Posted(CloudEvent event, List<Reaction> reactions) {
    public static final String TYPE = "Posted";
    private static final int VERSION = 1;

    public Posted {
        reactions = List.copyOf(reactions);
    }

    /// What became of a message at one who waited for it.
    ///
    /// @param subscription who
    /// @param run the run that has it, or null
    /// @param why nothing came of it, or null where something did
    public record Reaction(String subscription, @Nullable String run, @Nullable String why) {}

    public NewEntry entry(Instant at, String actor, String cause) {
        var out = event.fields();
        if (!reactions.isEmpty()) {
            out.put("reactions", new Value.Array(reactions.stream().map(Posted::value).toList()));
        }
        return new NewEntry(TYPE, VERSION, at, actor, cause, null, Json.bytes(out.struct()));
    }

    /// The JSON form of a reaction.
    public static Value value(Reaction reaction) {
        var out = new Fields().put("subscription", reaction.subscription());
        if (reaction.run() != null) {
            out.put("run", reaction.run());
        }
        if (reaction.why() != null) {
            out.put("why", reaction.why());
        }
        return out.struct();
    }

    /// Reads one.
    ///
    /// @throws JournalException `version` when it was written by a later version
    public static Posted of(Entry entry) {
        if (!entry.event().type().equals(TYPE) || entry.event().version() != VERSION) {
            throw new JournalException(
                    "version",
                    "the message " + entry.event().type() + " was written by a later Tutti",
                    null);
        }
        var value = (Value.Struct) Json.parse(entry.event().payload());
        return new Posted(
                CloudEvent.of(value, entry.event().at()),
                value.get("reactions") instanceof Value.Array(var items)
                        ? items.stream().map(Posted::reaction).toList()
                        : List.of());
    }

    private static Reaction reaction(Value value) {
        var in = Fields.of(value);
        return new Reaction(in.text("subscription"), in.findText("run"), in.findText("why"));
    }
}
