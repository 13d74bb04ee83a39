package dev.tutti.simulation;

import dev.tutti.core.event.Value;
import dev.tutti.core.run.Digest;
import dev.tutti.core.run.RunState;
import dev.tutti.runtime.engine.Runs;
import dev.tutti.runtime.journal.Entry;
import dev.tutti.runtime.journal.NewEntry;
import dev.tutti.runtime.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/// Journals as files, an entry a line: readable JSON with the hash of the chain, and the digest of
/// the run as far as that entry.
final class GoldenJournal {
    private static final String FOLDER = "golden";

    private GoldenJournal() {}

    /// An entry as a line has it.
    record Line(long sequence, long epoch, NewEntry event, String hash, String digest) {}

    static List<String> write(List<Entry> entries) {
        var lines = new ArrayList<String>();
        var state = RunState.EMPTY;
        for (var entry : entries) {
            state = state.evolve(Runs.event(entry));
            var event = entry.event();
            lines.add(
                    Json.text(
                            Value.struct(
                                    "sequence", Value.of(entry.sequence()),
                                    "epoch", Value.of(entry.epoch()),
                                    "type", Value.text(event.type()),
                                    "version", Value.of(event.version()),
                                    "at", Value.text(event.at().toString()),
                                    "actor", Value.text(event.actor()),
                                    "cause", Value.text(event.cause()),
                                    "payload", Json.parse(event.payload()),
                                    "hash", Value.text(HexFormat.of().formatHex(entry.hash())),
                                    "digest", Value.text(Digest.of(state)))));
        }
        return lines;
    }

    static Line read(String line) {
        var fields = (Value.Struct) Json.parse(line);
        var event =
                new NewEntry(
                        text(fields, "type"),
                        (int) number(fields, "version"),
                        Instant.parse(text(fields, "at")),
                        text(fields, "actor"),
                        text(fields, "cause"),
                        null,
                        Json.bytes(Optional.ofNullable(fields.get("payload")).orElseThrow()));
        return new Line(
                number(fields, "sequence"),
                number(fields, "epoch"),
                event,
                text(fields, "hash"),
                text(fields, "digest"));
    }

    private static String text(Value.Struct fields, String name) {
        return fields.get(name) instanceof Value.Text(var text) ? text : "";
    }

    private static long number(Value.Struct fields, String name) {
        return fields.get(name) instanceof Value.Int(var number) ? number : -1;
    }

    /// All golden journals of all versions, by their path.
    static List<Path> files() {
        try (var walk = Files.walk(resources().resolve(FOLDER))) {
            return walk.filter(file -> file.toString().endsWith(".jsonl")).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Path file(String version, String name) {
        return resources().resolve(FOLDER).resolve(version).resolve(name + ".jsonl");
    }

    private static Path resources() {
        var here = Path.of("src", "test", "resources");
        return Files.isDirectory(here.resolve(FOLDER)) ? here : Path.of("simulation").resolve(here);
    }

    static List<Line> read(Path file) {
        try {
            return Files.readAllLines(file, StandardCharsets.UTF_8).stream()
                    .map(GoldenJournal::read)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
