package dev.tutti.agents.tools.skills;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutti.agents.tools.Given;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.json.Json;
import dev.tutti.runtime.tool.Tool;
import dev.tutti.runtime.tool.ToolProvider;
import dev.tutti.runtime.tool.Toolbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Folders of skills as tools.
class SkillToolboxTest {
    @TempDir private Path folder;

    @BeforeEach
    void write_a_skill() throws IOException {
        skill(
                "tides",
                "name: tides\ndescription: Tells when the sea is high.",
                "Ask for the port.");
        Files.writeString(
                Files.createDirectories(folder.resolve("skills/tides/data")).resolve("ports.txt"),
                "Brest\n");
        Files.writeString(folder.resolve("secret.txt"), "not for agents");
    }

    private void skill(String name, String front, String body) throws IOException {
        var made = Files.createDirectories(folder.resolve("skills").resolve(name));
        Files.writeString(made.resolve("SKILL.md"), "---\n" + front + "\n---\n\n" + body + "\n");
    }

    private Toolbox open(String folders) {
        var with = Value.struct("folders", Value.array(Value.text(folders)));
        return new SkillTools().open(new ToolProvider.Settings("handbook", "skills", with, folder));
    }

    private static Tool tool(Toolbox box, String name) throws Exception {
        return box.tools().stream()
                .filter(tool -> tool.description().name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static Tool.Result call(Toolbox box, String name, String arguments) throws Exception {
        var given = (Value.Struct) Json.parse(arguments.replace('\'', '"'));
        return tool(box, name).call(given, new Given());
    }

    @Test
    void an_agent_knows_what_a_skill_is_for_and_the_rest_once_it_takes_it_up() throws Exception {
        try (var box = open("skills")) {
            var use = tool(box, "use").description();
            assertThat(use.text())
                    .contains("- tides: Tells when the sea is high.")
                    .doesNotContain("Ask for the port");
            assertThat(use.readOnly()).isTrue();
            assertThat(Json.text(call(box, "use", "{'skill':'tides'}").content()))
                    .isEqualTo(
                            "{\"instructions\":\"Ask for the port.\",\"files\":[\"data/ports.txt\"]}");
            assertThat(call(box, "read", "{'skill':'tides','file':'data/ports.txt'}").content())
                    .isEqualTo(Value.text("Brest\n"));
        }
        try (var box = open("skills/tides")) {
            assertThat(call(box, "use", "{'skill':'tides'}").isError()).isFalse();
        }
    }

    @Test
    void what_is_not_of_the_skill_is_not_read() throws Exception {
        Files.createSymbolicLink(folder.resolve("skills/tides/link"), folder.resolve("secret.txt"));
        Files.createSymbolicLink(folder.resolve("skills/tides/out"), folder);
        try (var box = open("skills")) {
            for (var file :
                    new String[] {
                        "../../secret.txt",
                        "link",
                        "out/secret.txt",
                        "/etc/hostname",
                        "data",
                        "",
                        "a\\u0000b"
                    }) {
                var result = call(box, "read", "{'skill':'tides','file':'" + file + "'}");
                assertThat(result.isError()).as(file).isTrue();
                assertThat(Json.text(result.content())).contains("has no file");
            }
            assertThat(Json.text(call(box, "use", "{'skill':'tide'}").content()))
                    .contains("there is no skill `tide`; there are [tides]");
        }
    }

    @Test
    void whatever_is_wrong_with_folders_is_said_at_once() throws Exception {
        skill("no-name", "description: x", "");
        skill("Upper", "name: Upper\ndescription: x", "");
        skill("other", "name: another\ndescription: x", "");
        skill("mute", "name: mute", "");
        Files.writeString(
                Files.createDirectories(folder.resolve("skills/open")).resolve("SKILL.md"),
                "---\nname: open\n");
        assertThatThrownBy(() -> open("skills"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("tools.handbook.with")
                .hasMessageContaining("says no `name`")
                .hasMessageContaining("not `Upper`")
                .hasMessageContaining("called `another`, so its folder is as well")
                .hasMessageContaining("says no `description`")
                .hasMessageContaining("begins with front matter");
        assertThatThrownBy(() -> open("nowhere")).hasMessageContaining("there is no folder");
        assertThatThrownBy(() -> open(".")).hasMessageContaining("nor a folder in it");
    }
}
