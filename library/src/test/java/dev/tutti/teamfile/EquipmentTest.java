package dev.tutti.teamfile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.Fault;
import dev.tutti.core.event.Value;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EquipmentTest {
    private static TeamFile file(String with) {
        return TeamFile.parse(
                """
                tutti: 1
                models:
                  fast: { provider: openai, model: gpt-5-mini, api_key: "${secret.KEY}", price: { input: 0.15, output: 0.6 } }
                  spare: { provider: ollama, model: llama4, base_url: "http://127.0.0.1:11434" }
                tools:
                  files: { uses: mcp, with: { command: [server] }, policy: [ { allow: tool.read_only }, { deny: "args.path.startsWith('/etc')" }, { ask: "${true}" } ] }
                  web: { uses: http }
                agents:
                  writer: { skills: [write], uses: llm, with: { %s } }
                """
                        .formatted(with),
                "team.yaml");
    }

    private static Value.Struct settings(String with) {
        var file = file(with);
        assertThat(file.faults()).isEmpty();
        return file.team().orElseThrow().agents().getFirst().settings();
    }

    @Test
    void what_an_agent_names_is_put_in_the_place_of_the_names() {
        var settings = settings("model: [fast, spare], tools: [files, web.get, web.post]");
        assertThat(settings.get("model"))
                .isEqualTo(
                        Value.from(
                                List.of(
                                        Value.struct(
                                                "name", Value.text("fast"),
                                                "provider", Value.text("openai"),
                                                "model", Value.text("gpt-5-mini"),
                                                "api_key", Value.text("${secret.KEY}"),
                                                "price",
                                                        Value.struct(
                                                                "input",
                                                                Value.from(0.15),
                                                                "output",
                                                                Value.from(0.6))),
                                        Value.struct(
                                                "name", Value.text("spare"),
                                                "provider", Value.text("ollama"),
                                                "model", Value.text("llama4"),
                                                "base_url",
                                                        Value.text("http://127.0.0.1:11434")))));
        assertThat(settings.get("tools"))
                .isEqualTo(
                        Value.from(
                                List.of(
                                        Value.struct(
                                                "name", Value.text("files"),
                                                "uses", Value.text("mcp"),
                                                "with",
                                                        Value.struct(
                                                                "command",
                                                                Value.from(List.of("server"))),
                                                "policy",
                                                        Value.array(
                                                                rule("allow", "tool.read_only"),
                                                                rule(
                                                                        "deny",
                                                                        "args.path.startsWith('/etc')"),
                                                                rule("ask", "true"))),
                                        Value.struct(
                                                "name", Value.text("web"),
                                                "uses", Value.text("http"),
                                                "only", Value.from(List.of("get", "post"))))));
    }

    private static Value rule(String decision, String condition) {
        return Value.struct(decision, Value.text(condition));
    }

    @Test
    void a_toolbox_that_is_named_as_a_whole_is_offered_as_a_whole() {
        assertThat(settings("model: fast, tools: [files.a, files, files.b]").get("tools"))
                .isInstanceOfSatisfying(
                        Value.Array.class,
                        boxes ->
                                assertThat(boxes.items())
                                        .singleElement()
                                        .isInstanceOfSatisfying(
                                                Value.Struct.class,
                                                box ->
                                                        assertThat(box.fields())
                                                                .containsKey("policy")
                                                                .doesNotContainKey("only")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "model: fats | E-REF-11 | write `fast`",
                "model: [fast, none_such] | E-REF-11 | it has: fast, spare",
                "model: fast, tools: [flies] | E-REF-12 | write `files`",
                "model: fast, tools: [we.get] | E-REF-12 | write `web`",
                "model: fast, may: [ask_persons] | E-WORD-01 | write `ask_person`",
                "model: fast, max_step: 3 | E-KEY-01 | write `max_steps`",
                "tools: [files] | E-KEY-02 | the name of one of the models",
            })
    void what_an_agent_names_wrongly_is_said_with_the_mend(String with, String code, String mend) {
        assertThat(file(with).faults())
                .singleElement()
                .satisfies(fault -> {
                    assertThat(fault.code()).isEqualTo(code);
                    assertThat(fault.help()).contains(mend);
                });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "models: { a: { provider: opanai, model: x } } | E-WORD-01",
                "models: { a: { provider: openai, api_key: k } } | E-KEY-02",
                "models: { a: { provider: openai, model: x } } | E-KEY-02",
                "models: { a: { provider: scripted } } | E-KEY-02",
                "models: { a: { provider: openai, api_key: k, model: x, price: { input: -1, output: 1 } } } | E-NUM-01",
                "models: { a: { provider: openai, api_key: k, model: x, price: { input: 1 } } } | E-KEY-02",
                "models: { a: { provider: openai, api_key: k, model: x, price: { input: much, output: 1 } } } | E-SHAPE-01",
                "models: { a: { provider: openai, api_key: k, model: x, base_url: 'localhost:80' } } | E-SHAPE-01",
                "models: { a: { provider: openai, api_key: k, model: x, timeout: 3 } } | E-TIME-01",
                "models: { a: { provider: openai, model: x, api_key: '${secrets.KEY}' } } | E-REF-01",
                "tools: { a: { with: {} } } | E-KEY-02",
                "tools: { a: { uses: mcp, trust: blind } } | E-WORD-01",
                "tools: { a: { uses: mcp, policy: { allow: true } } } | E-SHAPE-01",
                "tools: { a: { uses: mcp, policy: [ {} ] } } | E-KEY-03",
                "tools: { a: { uses: mcp, policy: [ { allow: true, deny: false } ] } } | E-KEY-03",
                "tools: { a: { uses: mcp, policy: [ { allow: 'tool.readonly' } ] } } | E-REF-03",
                "tools: { a: { uses: mcp, policy: [ { allow: 'input.x' } ] } } | E-REF-01",
                "tools: { a: { uses: mcp, policy: [ { allow: 'tool.name' } ] } } | E-CEL-04",
                "tools: { a: { uses: mcp, policy: [ { allow: 'tool.name ==' } ] } } | E-CEL-01",
                "tools: { a: { uses: mcp, policy: [ { allow: 'x ${tool.name}' } ] } } | E-CEL-01",
            })
    void what_is_declared_wrongly_is_found_whether_or_not_it_is_used(String part, String code) {
        var file = TeamFile.parse("tutti: 1\n" + part + "\n", "team.yaml");
        assertThat(file.faults()).extracting(Fault::code).containsExactly(code);
    }
}
