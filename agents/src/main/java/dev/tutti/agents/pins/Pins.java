package dev.tutti.agents.pins;

import dev.tutti.core.event.Value;
import dev.tutti.runtime.agent.Attempt;
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
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// What each tool said of itself when it was first used, in a file for each toolbox of a team. A
/// tool that says something else later may lead a model astray, or be called unasked where it was
/// not before, so a person is asked first.
public final class Pins {
    private static final ReentrantLock ONE_WRITER = new ReentrantLock();
    private static final String READ_ONLY = "read_only";
    private static final List<String> DECISIONS = List.of("approve", "deny");

    private final @Nullable Path folder;
    private final Path base;
    private final Map<String, Value.Struct> inMemory = new HashMap<>();

    /// A place that offers tools.
    ///
    /// @param uses what kind of place it is; another place of the same name has pins of its own
    public record Box(String name, String uses) {}

    /// @param store the folder of the store; where that is nowhere, pins last as long as the agent
    /// @param base the folder of the team file, which tells teams apart
    public Pins(Path store, Path base) {
        folder = store.toString().isEmpty() ? null : store.resolve("llm").resolve("pins");
        this.base = base;
    }

    /// What is pinned of a tool: the description, the schema, and whether it promises to change
    /// nothing, under their hash.
    public static Value.Struct pin(Tool.Description tool) {
        var content =
                Value.struct(
                        "description",
                        Value.text(tool.text()),
                        "input",
                        tool.input(),
                        READ_ONLY,
                        Value.of(tool.readOnly()));
        return Value.struct(
                        "sha256",
                        Value.text(
                                Sha256.hex(
                                        Json.text(Json.sorted(content))
                                                .getBytes(StandardCharsets.UTF_8))))
                .with(content);
    }

    /// What a tool said when it was pinned, where it says something else now; null where it says
    /// the same, or is pinned just now.
    ///
    /// Pins of old do not know whether the tool promised to change nothing. A tool that promises it
    /// now may be called unasked, so it counts as changed; of one that does not, every call is
    /// asked for anyway.
    public Value.@Nullable Struct changed(Box box, Tool.Description tool) throws IOException {
        ONE_WRITER.lock();
        try {
            var pins = read(box);
            var now = pin(tool);
            if (pins.get(tool.name()) instanceof Value.Struct then) {
                var promised = then.get(READ_ONLY);
                boolean same =
                        said(then, "description").equals(said(now, "description"))
                                && said(then, "input").equals(said(now, "input"))
                                && (promised == null
                                        ? !tool.readOnly()
                                        : promised.equals(Value.of(tool.readOnly())));
                if (!same || promised != null) {
                    return same ? null : then;
                }
            }
            write(box, pins.with(tool.name(), now));
            return null;
        } finally {
            ONE_WRITER.unlock();
        }
    }

    private static Value said(Value.Struct pin, String what) {
        return Objects.requireNonNullElse(pin.get(what), Value.NULL);
    }

    /// Asks a person whether a tool may be used as it is now, and remembers that it may.
    ///
    /// @param then what it said when it was pinned
    /// @throws Attempt.Suspended while nobody has answered
    public boolean agreed(Box box, Tool.Description tool, Value.Struct then, Attempt attempt)
            throws IOException, InterruptedException {
        var name = box.name() + "." + tool.name();
        var now = pin(tool);
        var answer =
                attempt.ask(
                        new Attempt.Ask(
                                "tool "
                                        + name
                                        + " changed to "
                                        + now.text("sha256").substring(0, 12),
                                "The tool `"
                                        + name
                                        + "` says something else of itself than when it was first"
                                        + " used. May it be used as it is now?",
                                DECISIONS,
                                Value.struct("tool", Value.text(name), "then", then, "now", now)));
        if (!approves(answer)) {
            return false;
        }
        accept(box, tool);
        return true;
    }

    /// Whether a person's answer to such a question is a yes, whatever else is known of it.
    private static boolean approves(Value answer) {
        return switch (answer) {
            case Value.Text(var word) -> word.strip().equalsIgnoreCase("approve");
            case Value.Bool(var yes) -> yes;
            case Value.Struct said ->
                    List.of("decision", "text", "answer").stream()
                            .map(said::get)
                            .filter(Objects::nonNull)
                            .findFirst()
                            .filter(Pins::approves)
                            .isPresent();
            case Value.Null _, Value.Int _, Value.Real _, Value.Array _ -> false;
        };
    }

    private void accept(Box box, Tool.Description tool) throws IOException {
        ONE_WRITER.lock();
        try {
            write(box, read(box).with(tool.name(), pin(tool)));
        } finally {
            ONE_WRITER.unlock();
        }
    }

    private Value.Struct read(Box box) throws IOException {
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

    private void write(Box box, Value.Struct pins) throws IOException {
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

    private String name(Box box) {
        var team = Sha256.hex((base + "\n" + box.uses()).getBytes(StandardCharsets.UTF_8));
        return box.name() + "-" + team.substring(0, 12) + ".json";
    }
}
