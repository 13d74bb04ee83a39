package dev.tutti.agents.tools.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.Run;
import dev.tutti.Team;
import dev.tutti.Tutti;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.json.Json;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// An agent with a language model whose tools are servers, in a whole run. The model follows a
/// script.
@Timeout(value = 6, unit = TimeUnit.MINUTES)
class AgentWithServersTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    private final List<Object> replies = new ArrayList<>();
    private final Map<String, Value.Array> servers = new LinkedHashMap<>();

    private AgentWithServersTest says(Object reply) {
        replies.add(reply);
        return this;
    }

    private AgentWithServersTest calls(String tool, Map<String, ?> arguments) {
        return says(Map.of("tool_calls", List.of(Map.of("name", tool, "args", arguments))));
    }

    private Run begin(Tutti tutti, List<String> may) throws Exception {
        var team = Team.define().model("m", Map.of("provider", "scripted", "replies", replies));
        servers.forEach((name, command) ->
                team.tools(
                        name,
                        Map.of(
                                "uses",
                                "mcp",
                                "with",
                                Map.of("command", command),
                                "policy",
                                List.of(Map.of("allow", true)))));
        team.agent(
                "worker",
                List.of("work"),
                "llm",
                Map.of("model", "m", "tools", List.copyOf(servers.keySet()), "may", may));
        team.workflow(
                "main",
                w -> w.task("work", "work", Map.of("ask", "Do it.")).output("${work.text}"));
        return tutti.submit(team.goal("main", Map.of()));
    }

    /// What the tools gave, as steps on record say.
    private static String steps(Tutti tutti, Run run) {
        return String.join("\n", tutti.recording(run).lines());
    }

    private static void answer(Tutti tutti, Run run, String about, String answer)
            throws InterruptedException {
        while (tutti.questions().isEmpty()) {
            assertThat(run.load().state().status().isFinal())
                    .as("it asks before it ends")
                    .isFalse();
            Thread.sleep(5);
        }
        var question = tutti.questions().getFirst().asked().question();
        assertThat(question.text()).contains(about);
        run.answer(question.id(), Value.text(answer), "");
        while (!tutti.questions().isEmpty()) {
            Thread.sleep(5);
        }
    }

    private static String output(Run run) throws InterruptedException {
        return Json.text(run.await(LONG).orElseThrow().output());
    }

    @Test
    void one_agent_works_with_all_three_servers_and_a_model_and_a_person_answer_for_them(
            @TempDir Path folder) throws Exception {
        NpmServers.install();
        servers.put("everything", NpmServers.command("everything"));
        servers.put("files", NpmServers.command("filesystem", folder.toRealPath().toString()));
        servers.put("memory", NpmServers.command("memory"));
        // What the server asks of the model while it is called.
        says(Map.of("when", "Resource trigger-sampling", "text", "a model was heard"));
        calls("everything.get-sum", Map.of("a", 2, "b", 3));
        calls(
                "files.write_file",
                Map.of("path", folder.toRealPath() + "/sum.txt", "content", "five"));
        calls(
                "memory.create_entities",
                Map.of(
                        "entities",
                        List.of(
                                Map.of(
                                        "name", "Ada",
                                        "entityType", "person",
                                        "observations", List.of("counts")))));
        calls("everything.trigger-sampling-request", Map.of("prompt", "Hello?"));
        calls("everything.trigger-elicitation-request", Map.of());
        says("all is done");
        try (var tutti = Tutti.inMemory()) {
            var run = begin(tutti, List.of("ask_person", "sampling"));
            answer(
                    tutti,
                    run,
                    "",
                    "{\"name\": \"Ada\", \"integer\": 7, \"titledSingleSelectEnum\": \"hero-2\"}");
            assertThat(output(run)).contains("all is done");
            assertThat(steps(tutti, run))
                    .contains("The sum of 2 and 3 is 5.")
                    .contains("Successfully wrote")
                    .contains("Ada")
                    .contains("a model was heard")
                    .contains("User provided the requested information", "hero-2");
            assertThat(folder.resolve("sum.txt")).hasContent("five");
        }
    }

    @Test
    void a_person_answers_for_the_model_where_only_people_may_be_asked() throws Exception {
        servers.put("odd", OddServer.command());
        calls("odd.sample", Map.of()).says("done");
        try (var tutti = Tutti.inMemory()) {
            var run = begin(tutti, List.of("ask_person"));
            answer(
                    tutti,
                    run,
                    "A tool asks for an answer that a model would give",
                    "from a person");
            assertThat(output(run)).contains("done");
            assertThat(steps(tutti, run)).contains("from a person");
        }
    }

    @Test
    void a_tool_that_changes_nothing_is_called_again_when_its_server_dies(@TempDir Path folder)
            throws Exception {
        servers.put("odd", OddServer.command());
        var mark = folder.resolve("mark");
        calls("odd.die_once", Map.of("mark", mark.toString())).says("done");
        try (var tutti = Tutti.inMemory()) {
            var run = begin(tutti, List.of());
            assertThat(output(run)).contains("done");
            assertThat(mark).exists();
            assertThat(steps(tutti, run)).contains("still here").doesNotContain("is gone");
        }
    }

    @Test
    void a_task_whose_server_dies_again_and_again_goes_to_another_agent() throws Exception {
        var team =
                Team.define()
                        .agent(
                                "odd",
                                List.of("use"),
                                "mcp",
                                Map.of(
                                        "server",
                                        Map.of("command", OddServer.command()),
                                        "tool",
                                        "die"))
                        .agent(
                                "spare",
                                List.of("use"),
                                "simulated",
                                Map.of("output", Map.of("text", "by the spare")))
                        .workflow(
                                "main",
                                w ->
                                        w.task(
                                                        "call",
                                                        "use",
                                                        Map.of(),
                                                        Map.of(
                                                                "retry",
                                                                Map.of("attempts", 1),
                                                                "on_failure",
                                                                List.of("reroute", "fail")))
                                                .output("${call.text}"));
        try (var tutti = Tutti.inMemory()) {
            var run = tutti.submit(team.goal("main", Map.of()));
            assertThat(output(run)).contains("by the spare");
        }
    }
}
