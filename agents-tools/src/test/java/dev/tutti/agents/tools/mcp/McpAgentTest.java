package dev.tutti.agents.tools.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutti.agents.tools.Given;
import dev.tutti.core.event.Agent;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Outcome;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.agent.AgentExecutor;
import dev.tutti.runtime.agent.AgentProvider;
import dev.tutti.runtime.agent.AgentSettings;
import dev.tutti.runtime.agent.Attempt;
import dev.tutti.runtime.json.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// One tool of a server as an agent.
@Timeout(60)
class McpAgentTest {

    @TempDir private static Path store = Path.of("");

    private static AgentExecutor agent = _ -> Outcome.succeeded(Value.NULL);

    @BeforeAll
    static void open() {
        agent = executor();
    }

    @AfterAll
    static void end_the_servers() {
        agent.close();
    }

    private static AgentExecutor executor() {
        var agent =
                new Agent(
                        new AgentId("odd"),
                        List.of(),
                        "mcp",
                        Value.Struct.EMPTY,
                        Agent.Limits.DEFAULT);
        for (var provider : ServiceLoader.load(AgentProvider.class)) {
            if (provider.uses().contains("mcp")) {
                return provider.create(new AgentSettings(agent, "mcp", store, Path.of(".")));
            }
        }
        throw new IllegalStateException("nobody provides mcp");
    }

    private static Value.Struct with(String tool) {
        return Value.struct(
                "server", Value.struct("command", OddServer.command()), "tool", Value.text(tool));
    }

    private static Outcome perform(String tool, Value.Struct input) throws Exception {
        return agent.perform(new Given(input, with(tool)));
    }

    @Test
    void the_input_is_the_arguments_and_the_result_the_output() throws Exception {
        var attempt = new Given(Value.struct("a", Value.of(1)), with("echo"));
        assertThat(agent.perform(attempt))
                .isInstanceOfSatisfying(
                        Outcome.Succeeded.class,
                        done ->
                                assertThat(Json.text(done.output()))
                                        .isEqualTo(
                                                "{\"text\":\"{\\\"a\\\":1}\",\"data\":{\"given\":{\"a\":1}}}"));
        assertThat(attempt.steps).containsOnlyKeys("echo");
    }

    @Test
    void a_call_on_record_is_not_made_again() throws Exception {
        var attempt = new Given(Value.Struct.EMPTY, with("die"));
        attempt.steps.put("die", Attempt.Taken.free(Value.text("what it gave then")));
        assertThat(agent.perform(attempt))
                .isEqualTo(Outcome.succeeded(Value.text("what it gave then")));
    }

    @Test
    void a_tool_that_could_not_may_be_tried_again_and_is_not_on_record() throws Exception {
        var attempt = new Given(Value.Struct.EMPTY, with("fails"));
        assertThat(agent.perform(attempt))
                .isEqualTo(
                        Outcome.failed(
                                new Failure.Transient("tool_error", "the disk is read-only")));
        assertThat(attempt.steps).isEmpty();
        assertThat(perform("refuses", Value.Struct.EMPTY))
                .isEqualTo(Outcome.failed(new Failure.Transient("tool_error", "no such argument")));
    }

    @Test
    void a_server_that_dies_is_there_for_the_next_attempt() throws Exception {
        assertThat(perform("die", Value.Struct.EMPTY))
                .isEqualTo(
                        Outcome.failed(
                                new Failure.Transient(
                                        "tool_unavailable",
                                        "the server of `odd` is gone: it ended with code 9: out of"
                                                + " memory, says the server")));
        assertThat(perform("echo", Value.Struct.EMPTY)).isInstanceOf(Outcome.Succeeded.class);
    }

    @Test
    void a_question_to_a_person_ends_the_attempt() {
        assertThatThrownBy(() -> perform("confirm", Value.Struct.EMPTY))
                .isInstanceOf(Attempt.Suspended.class)
                .hasMessage("Really?");
    }

    @Test
    void a_tool_that_says_something_else_of_itself_is_called_when_a_person_agrees()
            throws Exception {
        perform("echo", Value.Struct.EMPTY);
        try (var files = Files.list(store.resolve("llm/pins"))) {
            var pinned = files.findFirst().orElseThrow();
            var pins = (Value.Struct) Json.parse(Files.readAllBytes(pinned));
            var then = ((Value.Struct) pins.fields().getOrDefault("echo", Value.Struct.EMPTY));
            Files.writeString(
                    pinned,
                    Json.text(
                            pins.with("echo", then.with("description", Value.text("As before.")))));
        }
        var waiting = new Given(Value.Struct.EMPTY, with("echo"));
        assertThatThrownBy(() -> agent.perform(waiting)).isInstanceOf(Attempt.Suspended.class);
        assertThat(waiting.steps).isEmpty();
        assertThat(waiting.asked.getFirst().text()).contains("odd.echo", "something else");
        assertThat(waiting.asked.getFirst().subject().toString()).contains("As before.");

        assertThat(agent.perform(waiting.answering(Value.text("deny"))))
                .isInstanceOfSatisfying(
                        Outcome.Failed.class,
                        failed -> {
                            assertThat(failed.failure()).isInstanceOf(Failure.Permanent.class);
                            assertThat(failed.failure().code()).isEqualTo("tool_changed");
                        });
        assertThat(agent.perform(waiting.answering(Value.text("approve"))))
                .isInstanceOf(Outcome.Succeeded.class);
        assertThat(perform("echo", Value.Struct.EMPTY))
                .as("agreed to for good")
                .isInstanceOf(Outcome.Succeeded.class);
    }

    @Test
    void settings_that_do_not_fit_are_refused_with_the_mend() {
        assertRefused("{}", "agents.odd.with: `tool` is needed");
        assertRefused("{\"tool\": \"t\"}", "agents.odd.with: `server` is needed");
        assertRefused(
                "{\"tool\": \"t\", \"servr\": {}}",
                "`servr` is not known; there are [server, tool]");
        assertRefused(
                "{\"tool\": \"t\", \"server\": {}}", "agents.odd.with.server: either `command`");
        assertRefused(
                "{\"tool\": \"t\", \"server\": {\"command\": [\"x\"], \"url\": \"http://x\"}}",
                "either `command`");
        assertRefused(
                "{\"tool\": \"t\", \"server\": {\"command\": \"npx x\"}}",
                "`command` is a list of texts, not `npx x`");
        assertRefused(
                "{\"tool\": \"t\", \"server\": {\"command\": [\"x\"], \"token\": \"y\"}}",
                "goes with `url`");
        assertRefused(
                "{\"tool\": \"t\", \"server\": {\"url\": \"http://localhost:1/mcp\"}}",
                "write `allow_private: true` if that is meant");
        assertRefused(
                "{\"tool\": \"t\", \"server\": {\"url\": \"https://a.example/mcp\", \"headers\": {\"A\": \"b\\nC: d\"}}}",
                "the header `A`");
    }

    private static void assertRefused(String with, String message) {
        assertThatThrownBy(() ->
                        agent.perform(
                                new Given(Value.Struct.EMPTY, (Value.Struct) Json.parse(with))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }
}
