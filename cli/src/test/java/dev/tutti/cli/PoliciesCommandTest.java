package dev.tutti.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Which rule keeps a task from an agent, where people ask for it and where they give it away.
@Timeout(60)
class PoliciesCommandTest {
    private static final String TEAM =
            """
            tutti: 1
            agents:
              stranger: { skills: [pay], uses: simulated, with: { output: { by: stranger } } }
              friend:   { skills: [pay], uses: simulated, trust: 0.9, with: { output: { by: friend } } }
              boss:     { skills: [approve], uses: human }
            workflows:
              main:
                tasks:
                  pay: { skill: pay, policy: [ { deny: "${agent.trust < 0.5}" } ] }
                  wait: { skill: approve, after: [pay] }
                  again: { skill: pay, after: [wait], policy: [ { deny: "${agent.trust < 0.5}" } ] }
                output: "${pay.by}"
            """;

    private static final String RULE = "rule 1 of its policy, deny `${agent.trust < 0.5}`";

    @TempDir private Path folder;

    private static String run(Console console) {
        var id =
                Pattern.compile("\"run\" : \"([^\"]+)\"")
                        .matcher(console.run("runs", "--json").out());
        assertThat(id.find()).isTrue();
        return id.group(1);
    }

    @Test
    void a_choice_and_a_refusal_name_the_rule_that_keeps_a_task_from_an_agent() {
        var console = new Console(folder);
        console.write("team.yaml", TEAM);
        console.run("run", "team.yaml#main");
        var id = run(console);
        assertThat(console.run("why", id, "pay").out())
                .contains("given to friend")
                .contains("left out: by " + RULE + ": stranger");
        assertThat(console.run("why", id, "pay", "--json").out())
                .contains("left out: by " + RULE + ": stranger");
        var refused = console.run("reassign", id, "again", "stranger", "--reason", "tested");
        assertThat(refused.code()).isNotZero();
        assertThat(refused.out() + refused.err())
                .contains("agent `stranger` may not have `again`: " + RULE);
    }
}
