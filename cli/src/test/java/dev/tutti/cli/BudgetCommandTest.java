package dev.tutti.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.Value;
import dev.tutti.runtime.json.Json;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A run whose budget is short says what it would take.
class BudgetCommandTest {
    @TempDir Path folder;

    private static String team(String more) {
        return """
        tutti: 1
        agents:
          reader: { skills: [read], uses: simulated, limits: { usd: 0.10 }, with: { usd: 0.08 } }
        workflows:
          answer:
            budget: { usd: 0.30 }
            MORE
            tasks:
              read: { skill: read, each: "${[1, 2, 3, 4, 5]}", input: { n: "${item}" } }
            output: "${read}"
        """
                .replace("MORE", more);
    }

    @Test
    void budget_and_why_say_what_it_would_take_and_that_does() {
        var console = new Console(folder);
        console.write("team.yaml", team(""));
        var document = (Value.Struct) Json.parse(console.run("run", "team.yaml", "--json").out());
        var run = document.text("run");

        assertThat(console.run("budget", run).out())
                .contains("to finish: 2 tasks are left, likely to take $0.16; a budget of $0.42");
        var said = console.run("why", run);
        assertThat(said.out()).contains("$0.1 of the budget, of which $0.06 is left");
        assertThat(said.err()).contains("to finish: 2 tasks are left, likely to take $0.16;");
        var json = (Value.Struct) Json.parse(console.run("budget", run, "--json").out());
        var left = (Value.Struct) Objects.requireNonNull(json.get("to_finish"));
        assertThat(((Value.Struct) Objects.requireNonNull(left.get("more"))).text("usd"))
                .isEqualTo("0.12");

        console.run("raise", run, "budget", "usd", "0.42", "--reason", "as it said");
        console.run("recover", run);
        assertThat(console.run("show", run, "--json").out()).contains("\"succeeded\"");
    }

    @Test
    void a_run_that_may_not_ask_says_it_in_its_ending() {
        var console = new Console(folder);
        console.write("team.yaml", team("on_stall: fail"));
        var said = console.run("run", "team.yaml");
        assertThat(said.err() + said.out())
                .contains("2 tasks are left, likely to take $0.16; a budget of $0.42 should do");
    }
}
