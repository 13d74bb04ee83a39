package dev.tutti.teamfile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class AgentFilesTest {
    private static final String REVIEWER =
            """
            ---
            name: reviewer
            description: Reads changes with fresh eyes.
            tools: files, search
            model: large
            ---
            You review changes. Say `${HOME}` as it is.

            Be brief.
            """;

    @TempDir private Path folder;

    private TeamFile team(String agent) throws IOException {
        var file = folder.resolve("team.yaml");
        Files.writeString(
                file,
                """
                tutti: 1
                models:
                  small: { provider: scripted, replies: [{ text: hi }] }
                  large: { provider: scripted, replies: [{ text: hi }] }
                tools:
                  files: { uses: mcp, with: { command: [files] } }
                  search: { uses: mcp, with: { command: [search] } }
                agents:
                  reviewer: %s
                """
                        .formatted(agent));
        return TeamFile.read(file);
    }

    private static Value.Struct settings(TeamFile file) {
        assertThat(file.render(false, 100)).isEmpty();
        return file.team().orElseThrow().agents().getFirst().settings();
    }

    private static Value.Array list(Value.Struct with, String key) {
        return (Value.Array) with.fields().getOrDefault(key, Value.NULL);
    }

    @Test
    void an_agent_is_a_markdown_file_and_what_its_front_matter_says() throws Exception {
        Files.writeString(folder.resolve("reviewer.md"), REVIEWER);
        var file = team("{ from: reviewer.md, skills: [review] }");
        var with = settings(file);
        assertThat(with.text("instructions"))
                .isEqualTo("You review changes. Say `$${HOME}` as it is.\n\nBe brief.");
        assertThat(list(with, "model").items()).hasSize(1);
        assertThat(list(with, "tools").items()).hasSize(2);
        assertThat(file.team().orElseThrow().agents().getFirst().uses()).isEqualTo("llm");
        Files.delete(folder.resolve("reviewer.md"));
        assertThat(TeamFile.fromDocument(file.document()).agents().getFirst().settings())
                .isEqualTo(with);
    }

    @Test
    void what_the_team_file_says_comes_first() throws Exception {
        Files.writeString(folder.resolve("reviewer.md"), REVIEWER);
        var with = settings(team("{ from: reviewer.md, with: { model: small, tools: [] } }"));
        assertThat(list(with, "model").toString()).contains("small");
        assertThat(list(with, "tools").items()).isEmpty();
    }

    @Test
    void a_file_without_front_matter_is_instructions_alone() throws Exception {
        Files.writeString(folder.resolve("reviewer.md"), "You review changes.\n");
        var with = settings(team("{ from: reviewer.md, with: { model: small } }"));
        assertThat(with.text("instructions")).isEqualTo("You review changes.");
    }

    @Test
    void what_is_wrong_with_a_file_is_said_at_its_name() throws Exception {
        Files.writeString(folder.resolve("open.md"), "---\nname: x\nNo end.\n");
        Files.writeString(folder.resolve("bad.md"), "---\nname: [x\n---\nText.\n");
        Files.write(folder.resolve("bytes.md"), new byte[] {(byte) 0xff, (byte) 0xfe, 0});
        faulty("nowhere.md", "there is no file `nowhere.md` beside the team file");
        faulty("open.md", "the front matter of `open.md` does not end");
        faulty("bad.md", "the front matter of `bad.md`");
        faulty("bytes.md", "is not text in UTF-8");
        faulty(".", "there is no file `.`");
    }

    private void faulty(String from, String message) throws IOException {
        var file = team("{ from: " + from + ", with: { model: small } }");
        assertThat(file.faults())
                .anySatisfy(fault -> {
                    assertThat(fault.code()).isEqualTo("E-FILE-01");
                    assertThat(fault.message()).contains(message);
                    assertThat(file.place(fault).orElseThrow().line()).isEqualTo(9);
                });
    }

    @Test
    void instructions_said_twice_are_refused() throws Exception {
        Files.writeString(folder.resolve("reviewer.md"), REVIEWER);
        var file = team("{ from: reviewer.md, with: { instructions: others } }");
        assertThat(file.render(false, 100)).contains("remove `instructions` or `from`");
    }
}
