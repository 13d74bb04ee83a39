package dev.tutti.agents.pins;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.Value;
import dev.tutti.runtime.json.Json;
import dev.tutti.runtime.tool.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PinsTest {
    private static final Pins.Box MAIL = new Pins.Box("mail", "mcp");
    private static final Value.Struct SCHEMA =
            Value.struct("type", Value.text("object"), "properties", Value.Struct.EMPTY);

    private final Path store;
    private final Pins pins;

    PinsTest(@TempDir Path store) {
        this.store = store;
        pins = new Pins(store, Path.of("team"));
    }

    private static Tool.Description tool(String text, boolean readOnly) {
        return new Tool.Description("read", text, SCHEMA, readOnly);
    }

    private Path file() throws IOException {
        try (var files = Files.list(store.resolve("llm/pins"))) {
            return files.findFirst().orElseThrow();
        }
    }

    /// Pins as they were written before promises were kept.
    private void age() throws IOException {
        var old =
                Value.struct(
                        "read",
                        Value.struct(
                                "sha256",
                                Value.text("0".repeat(64)),
                                "description",
                                Value.text("Reads."),
                                "input",
                                SCHEMA));
        Files.writeString(file(), Json.pretty(old));
    }

    @Test
    void what_a_tool_says_at_first_is_pinned_and_holds() throws IOException {
        assertThat(pins.changed(MAIL, tool("Reads.", true))).isNull();
        assertThat(pins.changed(MAIL, tool("Reads.", true))).isNull();
        assertThat(pins.changed(MAIL, tool("Reads, and sends.", true)))
                .isEqualTo(Pins.pin(tool("Reads.", true)));
        assertThat(pins.changed(new Pins.Box("mail", "http"), tool("Other.", true)))
                .as("another place of that name")
                .isNull();
    }

    @Test
    void a_tool_that_promises_something_else_has_changed_whichever_way() throws IOException {
        pins.changed(MAIL, tool("Reads.", false));
        assertThat(pins.changed(MAIL, tool("Reads.", true)))
                .as("it would be called unasked")
                .isNotNull();
        pins.changed(new Pins.Box("post", "mcp"), tool("Reads.", true));
        assertThat(pins.changed(new Pins.Box("post", "mcp"), tool("Reads.", false))).isNotNull();
    }

    @Test
    void a_pin_of_old_counts_as_changed_where_the_tool_may_now_be_called_unasked()
            throws IOException {
        pins.changed(MAIL, tool("Reads.", false));
        age();
        assertThat(pins.changed(MAIL, tool("Reads.", true))).isNotNull();
        assertThat(pins.changed(MAIL, tool("Reads.", false))).isNull();
        assertThat(Files.readString(file())).as("and is brought up to date").contains("read_only");
        assertThat(pins.changed(MAIL, tool("Reads.", true))).isNotNull();
    }

    @Test
    void the_same_schema_in_another_order_is_the_same() throws IOException {
        pins.changed(MAIL, tool("Reads.", true));
        var turned = Value.struct("properties", Value.Struct.EMPTY, "type", Value.text("object"));
        var other = new Tool.Description("read", "Reads.", turned, true);
        assertThat(pins.changed(MAIL, other)).isNull();
        assertThat(Pins.pin(other).text("sha256"))
                .isEqualTo(Pins.pin(tool("Reads.", true)).text("sha256"));
    }
}
