package dev.tutti.agents.llm.scripted;

import dev.tutti.core.event.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/// A script in a file of its own, in YAML or JSON.
final class ScriptFile {
    private static final int LONGEST = 4 << 20;

    private ScriptFile() {}

    /// The replies: the whole file, or what stands under `replies`.
    ///
    /// @throws IllegalArgumentException when the file cannot be read
    static Value read(Path file) {
        try {
            if (Files.size(file) > LONGEST) {
                throw new IllegalArgumentException(
                        "the script " + file + " has more than " + (LONGEST >> 20) + " MiB");
            }
            var settings = LoadSettings.builder().setLabel(file.toString()).build();
            var content = Value.from(new Load(settings).loadFromString(Files.readString(file)));
            var replies = content instanceof Value.Struct struct ? struct.get("replies") : content;
            return replies == null ? Value.NULL : replies;
        } catch (NoSuchFileException e) {
            throw new IllegalArgumentException("there is no script " + file, e);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "the script " + file + " cannot be read: " + e.getMessage(), e);
        } catch (YamlEngineException e) {
            throw new IllegalArgumentException("the script is no YAML: " + e.getMessage(), e);
        }
    }
}
