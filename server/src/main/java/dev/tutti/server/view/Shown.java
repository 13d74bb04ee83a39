package dev.tutti.server.view;

import dev.tutti.core.event.ContextPart;
import dev.tutti.core.event.Event;
import dev.tutti.core.event.NoteRef;
import dev.tutti.core.event.Position;
import dev.tutti.core.event.Value;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the agents of a task were given beside its input and why, and where their answers differ.
final class Shown {
    private final Map<Long, Event.ContextAssembled> contexts = new LinkedHashMap<>();
    private final Map<Long, List<NoteRef>> notes = new LinkedHashMap<>();
    private Event.@Nullable Dissented dissent;

    void see(Event.ContextAssembled event) {
        contexts.put(event.token(), event);
    }

    void see(Event.NoteRead event) {
        notes.put(event.token(), event.notes());
    }

    void see(Event.Dissented event) {
        dissent = event;
    }

    /// What the agent of an attempt was given; null where nothing is on record of it.
    Value context(long token) {
        var context = contexts.get(token);
        if (context == null) {
            return Value.NULL;
        }
        return Value.struct(
                "budget",
                Value.of(context.budget()),
                "used",
                Value.of(context.used()),
                "parts",
                new Value.Array(context.parts().stream().<Value>map(Shown::part).toList()));
    }

    private static Value part(ContextPart part) {
        return Value.struct(
                "name",
                Value.text(part.label()),
                "fate",
                Value.text(part.fate().word()),
                "tokens",
                Value.of(part.tokens()),
                "score",
                Value.from(part.score()),
                "why",
                Value.text(part.why()),
                "given",
                part.value() == null ? Value.NULL : Payload.of(part.value()));
    }

    /// The notes that an attempt was shown; with 0 those that expressions of the task named.
    Value notes(long token) {
        return Value.from(
                notes.getOrDefault(token, List.of()).stream().map(NoteRef::toString).toList());
    }

    /// The answers that differ; null where they do not.
    Value dissent() {
        var event = dissent;
        if (event == null) {
            return Value.NULL;
        }
        return Value.struct(
                "confidence",
                Value.from(event.confidence()),
                "by",
                Value.text(event.by()),
                "answers",
                new Value.Array(event.answers().stream().<Value>map(Shown::position).toList()));
    }

    private static Value position(Position position) {
        return Value.struct(
                "answer",
                Payload.of(position.answer()),
                "agents",
                Value.from(position.agents()),
                "sources",
                Value.from(position.sources()),
                "share",
                Value.from(position.share()));
    }
}
