package dev.tutti.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A model that plans is told of plans that served, and the run can be played again without either.
@Timeout(60)
class PastPlansTest {
    private static final String TEAM =
            """
            tutti: 1
            models:
              m: { provider: scripted, script: replies.yaml, price: { input: 1, output: 1 } }
            skills:
              fetch: { input: { topic: string }, output: { page: string } }
            agents:
              boss: { uses: llm, with: { model: m }, limits: { usd: 0.01 } }
              web:  { skills: [fetch], uses: simulated, with: { output: { page: "on ${input.topic}" } } }
            workflows:
              brief:
                input: { topic: string }
                goal: "A brief on ${input.topic}"
                planner: boss
                wants: page
            """;

    @TempDir private Path folder;

    private static String reply(String when, String reason) {
        return """
        - when: "%s"
          json: { reason: %s, tasks: [ { name: get, skill: fetch, input: { topic: "${input.topic}" } } ], output: { page: "${get.page}" } }
        """
                .formatted(when, reason);
    }

    @Test
    void what_served_is_told_to_who_plans_the_next_goal() throws Exception {
        var console = new Console(folder);
        console.write("team.yaml", TEAM);
        console.write(
                "replies.yaml",
                "replies:\n"
                        + (reply(
                                                "(?s)past_plans.*A brief on tea.*succeeded by fetch",
                                                "as it served")
                                        + reply("You plan the work of a team", "it seems right"))
                                .indent(2));

        var first = console.run("run", "team.yaml", "-i", "topic=tea");
        assertThat(first.code()).as(first.err()).isZero();
        var second =
                console.run("run", "team.yaml", "-i", "topic=coffee", "--record", "calls.jsonl");
        assertThat(second.code()).as(second.err()).isZero();
        var run =
                console.run("runs", "--json")
                        .out()
                        .replaceAll("(?s).*?\"run\" : \"([^\"]+)\".*", "$1");
        assertThat(console.run("events", run).out()).contains("as it served");

        Files.delete(folder.resolve("replies.yaml"));
        var again =
                console.run(
                        "run",
                        "team.yaml",
                        "-i",
                        "topic=coffee",
                        "--replay",
                        "calls.jsonl",
                        "--store",
                        "empty");
        assertThat(again.code()).as(again.err()).isZero();
        assertThat(again.out()).isEqualTo(second.out());
    }
}
