package dev.tutti.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.Value;
import dev.tutti.runtime.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Conversations of a language model with tools that were recorded are played again without either.
@Timeout(60)
class ConversationReplayTest {
    private static final int TASKS = 10;
    private static final int FILES = 5;

    /// Replies and calls of each task, one of a note among them: one reply more than calls.
    private static final int CALLS = TASKS * (2 * FILES + 3);

    private final Path folder;
    private final Console console;

    ConversationReplayTest(@TempDir Path folder) {
        this.folder = folder;
        this.console = new Console(folder);
    }

    /// One task after the other, so that there is one order of events.
    private static String team() {
        return """
        tutti: 1
        models:
          m: { provider: scripted, script: script.yaml, price: { input: 1, output: 2 } }
        tools:
          docs: { uses: skills, with: { folders: [notes] } }
        agents:
          reader: { skills: [read], uses: llm, with: { model: m, tools: [docs.read] } }
        workflows:
          main:
            notes: { seen: { by: append } }
            tasks:
        %s
            output: { said: "${t9.text}", seen: "${notes.seen}" }
        """
                .formatted(
                        IntStream.range(0, TASKS)
                                .mapToObj(i ->
                                        "      t%d: { skill: read, input: { begin: %s }, notes: { agent: [seen] } }"
                                                .formatted(
                                                        i,
                                                        i == 0
                                                                ? "now"
                                                                : "\"${t" + (i - 1) + ".text}\""))
                                .collect(Collectors.joining("\n")));
    }

    private void files() throws IOException {
        console.write("team.yaml", team());
        var notes = Files.createDirectories(folder.resolve("notes"));
        Files.writeString(
                notes.resolve("SKILL.md"),
                "---\nname: notes\ndescription: Notes.\n---\nRead them.\n");
        var script = new StringBuilder("replies:\n");
        for (int i = 1; i <= FILES; i++) {
            Files.writeString(notes.resolve("f" + i + ".txt"), "this is note " + i);
            script.append(
                    "  - { when: \"%s\", tool_calls: [ { name: docs.read, args: { skill: notes, file: f%d.txt } } ], usage: { input: 20, output: 5 } }\n"
                            .formatted(
                                    i == 1 ? "^(?s)(?!.*this is note)" : "this is note " + (i - 1),
                                    i));
        }
        script.append("  - { when: \"this is note ").append(FILES);
        script.append(
                "\", tool_calls: [ { name: write_note, args: { key: seen, value: all } } ], usage: { input: 30, output: 5 } }\n");
        script.append("  - { when: \"written: ");
        script.append("\", text: all is read, usage: { input: 30, output: 4 } }\n");
        console.write("script.yaml", script.toString());
    }

    /// The journal of the newest run, but for times and what follows from them.
    private List<String> journal(String store) {
        var runs = (Value.Struct) Json.parse(console.run("runs", "--json", "--store", store).out());
        var run =
                ((Value.Struct)
                                ((Value.Array)
                                                runs.fields()
                                                        .getOrDefault("runs", Value.Array.EMPTY))
                                        .items()
                                        .getFirst())
                        .text("run");
        return console.run("events", run, "--json", "--store", store)
                .out()
                .replace(run, "RUN")
                .lines()
                .map(line -> line.replaceAll("\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z", "TIME"))
                .toList();
    }

    @Test
    void a_run_of_more_than_100_calls_is_played_again_with_none_to_the_same_journal()
            throws IOException {
        files();
        var recorded = console.run("run", "team.yaml", "--store", "one", "--record", "calls.jsonl");
        assertThat(recorded.code()).as(recorded.err()).isZero();
        assertThat(recorded.out()).contains("all is read");
        // What the toolbox offers is a step of each task as well.
        assertThat(recorded.err()).contains("recorded " + (CALLS + TASKS) + " steps");

        // Whoever called the model or the tool now would fail.
        Files.delete(folder.resolve("script.yaml"));
        for (int i = 1; i <= FILES; i++) {
            Files.delete(folder.resolve("notes/f" + i + ".txt"));
        }
        Files.delete(folder.resolve("notes/SKILL.md"));
        var replayed = console.run("run", "team.yaml", "--store", "two", "--replay", "calls.jsonl");
        assertThat(replayed.code()).as(replayed.err()).isZero();
        assertThat(replayed.out()).isEqualTo(recorded.out());
        assertThat(journal("two")).hasSizeGreaterThan(TASKS * 3).isEqualTo(journal("one"));

        var asked = console.run("run", "team.yaml", "--store", "three");
        assertThat(asked.code()).as("without the recording it cannot be done").isEqualTo(1);
    }
}
