package dev.tutti.agents.llm;

import dev.tutti.core.event.Value;
import dev.tutti.runtime.agent.Attempt;
import dev.tutti.runtime.json.Json;
import dev.tutti.runtime.tool.Tool;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The tools by which a model looks at notes of its run and writes them, as far as the task says.
/// The run decides on every call: whether it may, and whether another came first.
final class NoteTools implements RunTools {
    static final String READ = "read_note";
    static final String WRITE = "write_note";

    private final Attempt attempt;

    NoteTools(Attempt attempt) {
        this.attempt = attempt;
    }

    @Override
    public List<Tool.Description> offer() {
        var writable = attempt.writable();
        var tools = new ArrayList<Tool.Description>();
        if (!attempt.readable().isEmpty() || !writable.isEmpty()) {
            var readable = new ArrayList<>(attempt.readable());
            readable.addAll(writable);
            tools.add(
                    new Tool.Description(
                            READ,
                            "Reads a note that the tasks of this run share, as it is now. There"
                                    + " are: "
                                    + String.join(", ", readable),
                            RunTools.schema(
                                    Map.of("key", Map.of("type", "string")), List.of("key")),
                            true));
        }
        if (!writable.isEmpty()) {
            tools.add(
                    new Tool.Description(
                            WRITE,
                            "Writes a note for the other tasks of this run: "
                                    + String.join(", ", writable)
                                    + ". With `expect`, only if the note is at that version (0:"
                                    + " not there yet); else you are told what it says now.",
                            RunTools.schema(
                                    Map.of(
                                            "key", Map.of("type", "string", "enum", writable),
                                            "value", Map.of(),
                                            "expect", Map.of("type", "integer", "minimum", 0)),
                                    List.of("key", "value")),
                            false));
        }
        return tools;
    }

    @Override
    public Value.Struct call(String tool, Value.Struct arguments, int number) throws Exception {
        var step = new Attempt.Step("tool", tool, arguments);
        var taken =
                attempt.stepWithin(
                        step, () -> Attempt.Taken.free(made(tool, arguments, "call " + number)));
        return (Value.Struct) taken.result();
    }

    private Value.Struct made(String tool, Value.Struct arguments, String name)
            throws InterruptedException {
        var key = arguments.text("key");
        try {
            if (tool.equals(READ)) {
                return RunTools.said(shown(attempt.readNote(key)), false);
            }
            var value = arguments.get("value");
            var expect =
                    arguments.get("expect") instanceof Value.Int(var version)
                            ? Integer.valueOf((int) version)
                            : null;
            var write = attempt.writeNote(name, key, value == null ? Value.NULL : value, expect);
            return write.made()
                    ? RunTools.said("written: " + shown(write.now()), false)
                    : RunTools.said(
                            "not written, another came first: " + shown(write.now()), false);
        } catch (IllegalArgumentException e) {
            return RunTools.said(String.valueOf(e.getMessage()), true);
        }
    }

    private static String shown(Attempt.Noted note) {
        return note.version() == 0
                ? "there is no note `" + note.key() + "` yet"
                : "`"
                        + note.key()
                        + "`, version "
                        + note.version()
                        + ": "
                        + Json.text(note.value());
    }
}
