package dev.tutti.agents.tools.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.tutti.agents.tools.Given;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.agent.Attempt;
import dev.tutti.runtime.json.Json;
import dev.tutti.runtime.tool.Tool;
import dev.tutti.runtime.tool.ToolProvider;
import dev.tutti.runtime.tool.ToolRequests;
import dev.tutti.runtime.tool.ToolUnavailable;
import dev.tutti.runtime.tool.Toolbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/// What becomes of a call when the server does not behave.
@Timeout(60)
class OddServerTest {

    private static @Nullable Toolbox shared;

    @BeforeAll
    static void start_one_server_for_all() {
        shared = open(ToolRequests.REFUSED, "talkative");
    }

    @AfterAll
    static void end_it() {
        shared().close();
    }

    private static Toolbox shared() {
        return java.util.Objects.requireNonNull(shared);
    }

    private static Toolbox open(ToolRequests requests, String... traits) {
        return open(Value.struct("command", OddServer.command(traits)), requests);
    }

    private static Toolbox open(Value.Struct with, ToolRequests requests) {
        return new McpTools()
                .open(new ToolProvider.Settings("odd", "mcp", with, Path.of(".")), requests);
    }

    private static Tool tool(Toolbox toolbox, String name) throws Exception {
        return toolbox.tools().stream()
                .filter(tool -> tool.description().name().equals(name))
                .findAny()
                .orElseThrow(() -> new AssertionError("no tool " + name));
    }

    private static String call(Toolbox toolbox, String name, Attempt attempt, Object... arguments)
            throws Exception {
        var result = tool(toolbox, name).call(Value.struct(arguments), attempt);
        return ((Value.Struct) result.content()).text("text");
    }

    @Test
    void what_a_tool_is_said_to_be_arrives_whole() throws Exception {
        var echo = tool(shared(), "echo").description();
        assertThat(echo.text()).isEqualTo("It does echo.");
        assertThat(echo.input().get("x-ours")).isEqualTo(Value.of(1));
        assertThat(echo.readOnly()).isTrue();
        assertThat(tool(shared(), "slow").description().readOnly()).isFalse();
    }

    @Test
    void text_and_structured_content_are_both_given() throws Exception {
        var result =
                tool(shared(), "echo")
                        .call(Value.struct("a", Value.array(Value.NULL, Value.of(2))), new Given());
        assertThat(Json.text(result.content()))
                .isEqualTo(
                        """
                        {"text":"{\\"a\\":[null,2]}","data":{"given":{"a":[null,2]}}}\
                        """);
        assertThat(result.isError()).isFalse();
    }

    @Test
    void images_and_resources_become_artifacts_text_and_links() throws Exception {
        var attempt = new Given();
        var result = tool(shared(), "picture").call(Value.Struct.EMPTY, attempt);
        assertThat(Json.text(result.content()))
                .isEqualTo(
                        """
                        {"text":"a dot\\nand a note",\
                        "files":[{"artifact":"hash-of-image/png-8","media_type":"image/png","name":"image","bytes":8}],\
                        "links":[{"uri":"file:///more.txt","name":"more","media_type":""}]}\
                        """);
        assertThat(attempt.stored).containsOnlyKeys("hash-of-image/png-8");
    }

    @Test
    void an_error_is_a_result_and_so_is_a_refusal() throws Exception {
        var failed = tool(shared(), "fails").call(Value.Struct.EMPTY, new Given());
        assertThat(failed.isError()).isTrue();
        assertThat(Json.text(failed.content())).contains("the disk is read-only");
        var refused = tool(shared(), "refuses").call(Value.Struct.EMPTY, new Given());
        assertThat(refused).isEqualTo(Tool.Result.error("no such argument"));
    }

    @Test
    void long_text_is_cut_and_kept_whole_beside_it() throws Exception {
        var attempt = new Given();
        var text = call(shared(), "huge", attempt, "size", Value.of(1_000_000));
        assertThat(text)
                .hasSizeBetween(Contents.MOST_TEXT, Contents.MOST_TEXT + 100)
                .endsWith("more characters are in the file `text`]");
        assertThat(attempt.stored("hash-of-text/plain-1000000")).hasSize(1_000_000);
    }

    @Test
    void progress_reaches_the_attempt() throws Exception {
        var attempt = new Given();
        assertThat(call(shared(), "steps", attempt, "ms", Value.of(1))).isEqualTo("done");
        assertThat(attempt.progress)
                .containsExactly("0.25 step 1", "0.5 step 2", "0.75 step 3", "1.0 step 4");
    }

    @Test
    void a_server_sees_no_variables_but_those_it_needs() throws Exception {
        assertThat(call(shared(), "env", new Given()).split(","))
                .contains("PATH")
                .isSubsetOf(
                        "PATH", "HOME", "LANG", "LC_ALL", "LOGNAME", "SHELL", "TERM", "TMPDIR",
                        "TZ", "USER");
    }

    @Test
    void other_tools_are_there_once_the_server_said_so() throws Exception {
        try (var toolbox = open(ToolRequests.REFUSED)) {
            int before = toolbox.tools().size();
            assertThat(call(toolbox, "change", new Given())).isEqualTo("changed");
            assertThat(toolbox.tools()).hasSize(before + 1);
        }
    }

    @Test
    void a_call_that_nobody_wants_is_cancelled_at_the_server() throws Exception {
        try (var toolbox = open(ToolRequests.REFUSED);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var attempt = new Given();
            var thrown = new AtomicReference<Throwable>();
            var never = tool(toolbox, "slow");
            var caller =
                    threads.submit(() -> {
                        thrown.set(
                                catchThrowable(() ->
                                        never.call(Value.struct("ms", Value.of(60_000)), attempt)));
                        return Thread.interrupted();
                    });
            while (attempt.progress.isEmpty()) {
                Thread.sleep(5);
            }
            caller.cancel(true);
            while (thrown.get() == null) {
                Thread.sleep(5);
            }
            assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
            assertThat(call(toolbox, "was_cancelled", new Given())).isEqualTo("true");
        }
    }

    @Test
    void a_silent_call_is_given_up_and_the_server_goes_on() throws Exception {
        var with = Value.struct("command", OddServer.command(), "timeout", Value.text("1s"));
        try (var toolbox = open(with, ToolRequests.REFUSED)) {
            toolbox.tools();
            assertThatThrownBy(() -> call(toolbox, "never", new Given()))
                    .isInstanceOf(ToolUnavailable.class)
                    .hasMessage(
                            "`never` of `odd` gave no sign within 1.0 s; `timeout` says how long to"
                                    + " wait");
            assertThat(call(toolbox, "steps", new Given(), "ms", Value.of(400))).isEqualTo("done");
        }
    }

    @Test
    void a_server_that_dies_fails_its_call_at_once_and_is_started_again() throws Exception {
        try (var toolbox = open(ToolRequests.REFUSED)) {
            toolbox.tools();
            assertThatThrownBy(() -> call(toolbox, "die", new Given()))
                    .isInstanceOf(ToolUnavailable.class)
                    .hasMessage(
                            "the server of `odd` is gone: it ended with code 9: out of memory, says"
                                    + " the server");
            assertThat(call(toolbox, "huge", new Given(), "size", Value.of(3))).isEqualTo("xxx");
        }
    }

    @Test
    void a_message_beyond_all_bounds_ends_the_server_and_not_us() throws Exception {
        try (var toolbox = open(ToolRequests.REFUSED)) {
            toolbox.tools();
            assertThatThrownBy(() -> call(toolbox, "flood", new Given()))
                    .isInstanceOf(ToolUnavailable.class)
                    .hasMessageContaining("a message is longer than");
            assertThat(call(toolbox, "huge", new Given(), "size", Value.of(3))).isEqualTo("xxx");
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void nothing_that_a_server_began_outlives_it() throws Exception {
        var toolbox = open(ToolRequests.REFUSED, "stubborn");
        long pid = Long.parseLong(call(toolbox, "child", new Given()));
        assertThat(isAtWork(pid)).isTrue();
        toolbox.close();
        for (int i = 0; i < 50 && isAtWork(pid); i++) {
            Thread.sleep(20);
        }
        assertThat(isAtWork(pid)).isFalse();
    }

    /// One that has ended and that nobody has asked about yet has no command any more.
    private static boolean isAtWork(long pid) throws IOException {
        var command = Path.of("/proc", Long.toString(pid), "cmdline");
        try {
            return Files.readAllBytes(command).length > 0;
        } catch (NoSuchFileException _) {
            return false;
        }
    }

    @Test
    void tools_come_in_pages_up_to_a_bound_and_without_the_bad_ones() throws Exception {
        try (var toolbox = open(ToolRequests.REFUSED, "many")) {
            var names = toolbox.tools().stream().map(tool -> tool.description().name()).toList();
            assertThat(names)
                    .hasSizeBetween(McpToolbox.MOST_TOOLS - 5, McpToolbox.MOST_TOOLS)
                    .doesNotHaveDuplicates()
                    .contains("tool_0_0", "tool_0_6", "tool_9_99")
                    .doesNotContain("without_schema", "endless")
                    .allMatch(name -> name.matches("tool_[0-9]+_[0-9]+"));
        }
    }

    @Test
    void a_version_that_nobody_knows_is_said_in_words() {
        try (var toolbox = open(ToolRequests.REFUSED, "version=1999-01-01")) {
            assertThatThrownBy(toolbox::tools)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("the server of `odd` cannot be used")
                    .hasMessageContaining("1999-01-01");
        }
    }

    @Test
    void the_version_before_is_spoken_as_well() throws Exception {
        try (var toolbox = open(ToolRequests.REFUSED, "version=2024-11-05")) {
            assertThat(call(toolbox, "huge", new Given(), "size", Value.of(3))).isEqualTo("xxx");
        }
    }

    @Test
    void a_server_that_does_not_start_says_why() {
        try (var toolbox = open(ToolRequests.REFUSED, "stillborn")) {
            assertThatThrownBy(toolbox::tools)
                    .isInstanceOf(ToolUnavailable.class)
                    .hasMessage(
                            "the server of `odd` is gone: it ended with code 7: no licence found");
        }
        var nobody = Value.struct("command", Value.array(Value.text("no-such-program-at-all")));
        try (var toolbox = open(nobody, ToolRequests.REFUSED)) {
            assertThatThrownBy(toolbox::tools)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("there is no program `no-such-program-at-all`");
        }
    }

    @Test
    void a_person_confirms() throws Exception {
        var attempt = new Given().answering(Value.text("accept"));
        assertThat(call(shared(), "confirm", attempt)).contains("\"action\":\"accept\"");
        assertThat(attempt.asked.getFirst().text()).isEqualTo("Really?");
        assertThat(attempt.asked.getFirst().choices()).containsExactly("accept", "decline");
        assertThat(call(shared(), "confirm", new Given().answering(Value.text("decline"))))
                .contains("\"action\":\"decline\"");
    }

    @Test
    void a_person_fills_in_a_form_and_is_told_what_does_not_fit() throws Exception {
        var attempt =
                new Given()
                        .answering(
                                Value.struct("name", Value.text("Ada")),
                                Value.text(
                                        "{\"name\": \"Ada\", \"age\": \"36\", \"colour\": \"blue\"}"));
        assertThat(call(shared(), "form", attempt))
                .contains("\"content\":{\"name\":\"Ada\",\"age\":36,\"colour\":\"blue\"}");
        assertThat(attempt.asked).hasSize(2);
        assertThat(attempt.asked.getLast().text())
                .isEqualTo(
                        """
                        That did not fit: `age` is needed. Who are you?
                        Answer with the fields as JSON: `name` (string), `age` (integer), \
                        `colour` (red | blue, may be left out); or `decline`.\
                        """);
        assertThat(attempt.asked.getFirst().name()).isNotEqualTo(attempt.asked.getLast().name());
    }

    @Test
    void an_attempt_that_waits_for_a_person_ends_and_asks_the_same_again() throws Exception {
        var first = new Given();
        assertThatThrownBy(() -> call(shared(), "twice", first))
                .isInstanceOf(Attempt.Suspended.class);
        var second = new Given().answering(Value.text("accept"));
        assertThatThrownBy(() -> call(shared(), "twice", second))
                .isInstanceOf(Attempt.Suspended.class);
        var third = new Given().answering(Value.text("accept"), Value.text("accept"));
        assertThat(call(shared(), "twice", third)).contains("accept");
        assertThat(names(second)).containsSequence(names(first));
        assertThat(names(third)).containsSequence(names(second)).doesNotHaveDuplicates();
    }

    private static List<String> names(Given attempt) {
        return attempt.asked.stream().map(Attempt.Ask::name).toList();
    }

    @Test
    void a_model_answers_for_a_tool() throws Exception {
        var asked = new ArrayList<Value>();
        ToolRequests model =
                (request, _) -> {
                    asked.add(request);
                    return Value.struct(
                            "text",
                            Value.text("Fine."),
                            "model",
                            Value.text("m"),
                            "stopReason",
                            Value.text("endTurn"));
                };
        try (var toolbox = open(model)) {
            assertThat(call(toolbox, "sample", new Given()))
                    .contains("\"text\":\"Fine.\"", "\"model\":\"m\"", "\"role\":\"assistant\"");
            assertThat(Json.text(asked.getFirst())).contains("How are you?", "\"maxTokens\":100");
        }
    }

    @Test
    void without_a_model_the_server_is_told_so() throws Exception {
        assertThat(call(shared(), "sample", new Given()))
                .contains("no model is there for tools that ask for one");
    }

    @Test
    void a_request_that_could_be_for_several_calls_is_refused() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var busy = new Given();
            var other = threads.submit(() -> call(shared(), "slow", busy, "ms", Value.of(1_000)));
            while (busy.progress.isEmpty()) {
                Thread.sleep(5);
            }
            assertThat(call(shared(), "confirm", new Given().answering(Value.text("accept"))))
                    .contains("several calls are at work", "write `calls: 1`");
            assertThat(other.get()).isEqualTo("done");
        }
    }
}
