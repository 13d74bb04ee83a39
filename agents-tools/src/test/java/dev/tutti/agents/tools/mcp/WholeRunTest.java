package dev.tutti.agents.tools.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.Result;
import dev.tutti.Team;
import dev.tutti.Tutti;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.json.Json;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Tools of servers as tasks of a run.
@Timeout(60)
class WholeRunTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    private static Team team(String tool, Map<String, ?> input) {
        return Team.define()
                .agent(
                        "odd",
                        List.of("use"),
                        "mcp",
                        Map.of("server", Map.of("command", OddServer.command()), "tool", tool))
                .workflow("main", w -> w.task("call", "use", input).output("${call.text}"));
    }

    private static String output(Result result) {
        return Json.text(result.output());
    }

    @Test
    void a_person_answers_what_a_server_asks() throws Exception {
        try (var tutti = Tutti.inMemory()) {
            var run = tutti.submit(team("confirm", Map.of()).goal("main", Map.of()));
            while (tutti.questions().isEmpty()) {
                Thread.sleep(5);
            }
            var question = tutti.questions().getFirst().asked().question();
            assertThat(question.text()).isEqualTo("Really?");
            assertThat(question.choices()).containsExactly("accept", "decline");
            run.answer(question.id(), Value.text("accept"), "");
            assertThat(output(run.await(LONG).orElseThrow())).contains("accept");
            assertThat(tutti.questions()).isEmpty();
        }
    }

    @Test
    void a_call_whose_server_dies_is_made_again(@TempDir Path folder) throws Exception {
        var mark = folder.resolve("mark");
        try (var tutti = Tutti.inMemory()) {
            var team = team("die_once", Map.of("mark", mark.toString()));
            var run = tutti.submit(team.goal("main", Map.of()));
            assertThat(output(run.await(LONG).orElseThrow())).isEqualTo("\"still here\"");
            assertThat(mark).exists();
        }
    }
}
