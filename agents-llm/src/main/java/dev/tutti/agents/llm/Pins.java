package dev.tutti.agents.llm;

import dev.tutti.core.event.Value;
import dev.tutti.runtime.artifact.Sha256;
import dev.tutti.runtime.json.Json;
import dev.tutti.runtime.json.JsonException;
import dev.tutti.runtime.tool.Tool;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// What each tool said of itself when it was first used, in a file for each toolbox of a team. A
/// tool that says something else later may lead a model astray, so a person is asked first.
final class Pins {
    private static final ReentrantLock ONE_WRITER = new ReentrantLock();

    private final @Nullable Path folder;
    private final Path base;
    private final Map<String, Value.Struct> inMemory = new HashMap<>();

    /// @param store the folder of the store; where that is nowhere, pins last as long as the agent
    /// @param base the folder of the team file, which tells teams apart
    Pins(Path store, Path base) {
        folder = store.toString().isEmpty() ? null : store.resolve("llm").resolve("pins");
        this.base = base;
    }

    /// What is pinned of a tool: the description and the schema, under their hash.
    static Value.Struct pin(Tool.Description tool) {
        var content = Value.struct("description", Value.text(tool.text()), "input", tool.input());
        return Value.struct(
                        "sha256",
                        Value.text(Sha256.hex(Json.text(content).getBytes(StandardCharsets.UTF_8))))
                .with(content);
    }

    private static Value sorted(Value value) {
        return switch (value) {
            case Value.Struct(var fields) -> {
                var byName = new TreeMap<String, Value>();
                fields.forEach((name, field) -> byName.put(name, sorted(field)));
                yield new Value.Struct(byName);
            }
            case Value.Array(var items) ->
                    new Value.Array(items.stream().map(Pins::sorted).toList());
            case Value.Null _, Value.Bool _, Value.Int _, Value.Real _, Value.Text _ -> value;
        };
    }

    /// What a tool said when it was pinned, where it says something else now; null where it says
    /// the same, or is pinned just now.
    Value.@Nullable Struct changed(Settings.Box box, Tool.Description tool) throws IOException {
        ONE_WRITER.lock();
        try {
            var pins = read(box);
            var now = pin(tool);
            if (pins.get(tool.name()) instanceof Value.Struct then) {
                return now.text("sha256").equals(then.text("sha256")) ? null : then;
            }
            write(box, pins.with(tool.name(), now));
            return null;
        } finally {
            ONE_WRITER.unlock();
        }
    }

    /// A person has agreed to what a tool says now.
    void accept(Settings.Box box, Tool.Description tool) throws IOException {
        ONE_WRITER.lock();
        try {
            write(box, read(box).with(tool.name(), pin(tool)));
        } finally {
            ONE_WRITER.unlock();
        }
    }

    private Value.Struct read(Settings.Box box) throws IOException {
        if (folder == null) {
            return inMemory.getOrDefault(name(box), Value.Struct.EMPTY);
        }
        var file = folder.resolve(name(box));
        try {
            if (Json.parse(Files.readAllBytes(file)) instanceof Value.Struct pins) {
                return pins;
            }
        } catch (NoSuchFileException _) {
            return Value.Struct.EMPTY;
        } catch (JsonException e) {
            throw new IOException(
                    file + " is damaged; look at it, and delete it to pin the tools anew", e);
        }
        throw new IOException(file + " is not a file of pins");
    }

    private void write(Settings.Box box, Value.Struct pins) throws IOException {
        if (folder == null) {
            inMemory.put(name(box), pins);
            return;
        }
        Files.createDirectories(folder);
        var beside = Files.createTempFile(folder, "pins", ".new");
        Files.writeString(beside, Json.pretty(pins) + "\n");
        Files.move(
                beside,
                folder.resolve(name(box)),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    private String name(Settings.Box box) {
        var team = Sha256.hex((base + "\n" + box.uses()).getBytes(StandardCharsets.UTF_8));
        return box.name() + "-" + team.substring(0, 12) + ".json";
    }
}
