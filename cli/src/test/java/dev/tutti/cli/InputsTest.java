package dev.tutti.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutti.Refusal;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.json.Json;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class InputsTest {

    @Test
    void what_parses_as_json_is_json_and_everything_else_a_string() {
        assertThat(
                        Inputs.parse(
                                List.of(
                                        "a=1",
                                        "b=[1,\"x\"]",
                                        "c=why = so?",
                                        "d=",
                                        "e=\"5\"",
                                        "f=1.",
                                        "g=null")))
                .isEqualTo(
                        Value.struct(
                                "a", Value.of(1),
                                "b", Value.array(Value.of(1), Value.text("x")),
                                "c", Value.text("why = so?"),
                                "d", Value.text(""),
                                "e", Value.text("5"),
                                "f", Value.text("1."),
                                "g", Value.NULL));
    }

    @Test
    void a_pair_without_a_name_or_given_twice_is_refused() {
        assertThatThrownBy(() -> Inputs.parse(List.of("=1"))).isInstanceOf(Refusal.class);
        assertThatThrownBy(() -> Inputs.parse(List.of("a"))).hasMessageContaining("NAME=VALUE");
        assertThatThrownBy(() -> Inputs.parse(List.of("a=1", "a=2"))).hasMessageContaining("twice");
    }

    @Test
    void paths_are_absolute_from_where_they_were_written() {
        var document =
                (Value.Struct)
                        Json.parse(
                                """
                                {"workflows": {"w": {"input": {
                                  "folder": {"type": "string", "format": "path", "default": "docs"},
                                  "other": {"type": "string", "format": "path"},
                                  "text": "string"}}}}
                                """);
        var from = Path.of("/here");
        var base = Path.of("/team");
        assertThat(
                        Inputs.withPaths(
                                document,
                                "w",
                                Value.struct("other", Value.text("../x"), "text", Value.text("y")),
                                from,
                                base))
                .isEqualTo(
                        Value.struct(
                                "other", Value.text("/x"),
                                "text", Value.text("y"),
                                "folder", Value.text("/team/docs")));
        assertThat(
                        Inputs.withPaths(
                                document,
                                "w",
                                Value.struct("folder", Value.text("/abs")),
                                from,
                                base))
                .isEqualTo(Value.struct("folder", Value.text("/abs")));
    }

    @Test
    void printed_commands_can_be_pasted() {
        assertThat(Quoted.of(List.of("tutti", "run", "a b.yaml#w", "--input", "q=it's $HOME")))
                .isEqualTo("tutti run 'a b.yaml#w' --input 'q=it'\\''s $HOME'");
        assertThat(Quoted.of(List.of("tutti", "run", "team.yaml#answer")))
                .isEqualTo("tutti run team.yaml#answer");
    }
}
