package dev.tutti.cli;

import dev.tutti.Refusal;
import dev.tutti.Run;
import dev.tutti.Tutti;
import dev.tutti.runtime.recording.Recording;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Recording and replay of what models and tools answer.
final class Recordings {
    @Option(
            names = "--record",
            paramLabel = "FILE",
            description =
                    "Also writes every answer of a model or a tool to FILE, to be given to --replay")
    private @Nullable Path record;

    @Option(
            names = "--replay",
            paramLabel = "FILE",
            description =
                    "Takes the answers of models and tools from FILE and calls nobody; what is not in it fails")
    private @Nullable Path replay;

    /// Lets the run about to begin be played from the file, if one is given.
    void prepare(Shell shell, Tutti tutti) {
        if (record != null && replay != null) {
            throw new Refusal("--record and --replay exclude each other");
        }
        if (replay != null) {
            tutti.replaying(read(shell.directory().resolve(replay)));
            if (!tutti.own()) {
                throw new Refusal(
                        "another process owns the store, and would call models and tools; use another --store");
            }
        }
    }

    private static Recording read(Path file) {
        try {
            return Recording.parse(Files.readAllLines(file));
        } catch (IOException e) {
            throw new Refusal(file + " cannot be read: " + e.getMessage());
        } catch (IllegalArgumentException e) {
            throw new Refusal(file + ": " + e.getMessage());
        }
    }

    /// Writes what there is to record, and says so.
    void keep(Shell shell, Tutti tutti, Run run) throws IOException {
        if (record == null) {
            return;
        }
        var recording = tutti.recording(run);
        var file = shell.directory().resolve(record);
        Files.write(file, recording.lines());
        shell.say("recorded " + recording.steps() + " steps in " + record);
    }
}
