package dev.tutti.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.Value;
import dev.tutti.runtime.json.Json;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is said of agents, and switching them.
class AgentsCommandTest {
    @TempDir Path folder;
    private Console console = new Console(Path.of(""));

    @BeforeEach
    void aRun() {
        console = new Console(folder);
        console.write("team.yaml", Teams.fanOut("1ms"));
        console.run("run", "team.yaml", "--input", "question=who?");
    }

    private String squeezed(String... arguments) {
        return console.run(arguments).out().replaceAll(" +", " ");
    }

    @Test
    void the_leaderboard_tells_how_agents_did_and_what_is_uncertain() {
        assertThat(squeezed("agents"))
                .contains("agent skill accepted expected time cost left state")
                .containsPattern("reader read 6 of 6 9\\d % ± \\d+ % [\\d.]+ m?s \\$0.001")
                .containsPattern("lister list 1 of 1 .* uncertain");
        var document = (Value.Struct) Json.parse(console.run("agents", "--json").out());
        assertThat(document.get("agents"))
                .isInstanceOfSatisfying(
                        Value.Array.class,
                        rows ->
                                assertThat(rows.items())
                                        .hasSize(3)
                                        .allSatisfy(row -> {
                                            var fields = (Value.Struct) row;
                                            assertThat(fields.text("breaker")).isEqualTo("closed");
                                            assertThat(fields.get("disabled"))
                                                    .isEqualTo(Value.NULL);
                                        }));
    }

    @Test
    void an_agent_that_fails_again_and_again_is_shown_as_left_alone() {
        console.write(
                "bad.yaml",
                """
                tutti: 1
                agents:
                  unlucky: { skills: [try], uses: simulated, with: { failure: 1 } }
                workflows:
                  hopeless:
                    tasks:
                      first: { skill: try, retry: { attempts: 5, backoff: 1ms..2ms } }
                    output: "${first}"
                """);
        console.run("run", "bad.yaml");

        assertThat(squeezed("agents")).containsPattern("unlucky try 0 of 5 .* breaker open until ");
        assertThat(squeezed("agents", "--explain", "unlucky"))
                .containsPattern("it failed 5 times in a row: it is left alone until .*, and then");
    }

    @Test
    void an_agent_is_switched_off_and_on() {
        var off = console.run("agents", "--disable", "writer", "--reason", "it makes things up");
        assertThat(off.code()).isZero();
        assertThat(off.err()).contains("agent writer is switched off").doesNotContain("note:");
        assertThat(console.run("agents").err())
                .contains("agent writer is switched off by ")
                .contains(": it makes things up");
        assertThat(squeezed("agents")).containsPattern("writer write 1 of 1 .* switched off");

        assertThat(squeezed("audit", "--verb", "disable"))
                .contains("disable")
                .contains("agent writer: it makes things up");
        var on = console.run("agents", "--enable", "writer");
        assertThat(on.err()).contains("agent writer is on");
        assertThat(squeezed("agents")).doesNotContain("switched off");
    }

    @Test
    void a_name_that_no_run_knows_is_told_and_one_that_is_none_is_refused() {
        assertThat(console.run("agents", "--disable", "writr").err())
                .contains("note: no run of this store has had an agent of that name so far");
        assertThat(console.run("agents", "--disable", "Not a name").code()).isEqualTo(2);
        assertThat(console.run("agents", "--disable", "a", "--enable", "b").code()).isEqualTo(2);
    }

    @Test
    void why_an_agent_was_chosen_and_not_the_others_is_said_in_words() {
        console.write(
                "two.yaml",
                """
                tutti: 1
                dispatch: { by: learned, worth: 1, content: none }
                agents:
                  quick: { skills: [draft], uses: simulated, price: { usd: 0.001, success: 0.9 } }
                  exact: { skills: [draft], uses: simulated, price: { usd: 0.5, success: 0.9 } }
                  other: { skills: [count], uses: simulated }
                workflows:
                  letters:
                    tasks:
                      draft: { skill: draft }
                      again: { skill: draft, dispatch: cheapest, after: [draft] }
                      count: { skill: count, after: [again] }
                    output: "${count}"
                """);
        var run =
                ((Value.Struct) Json.parse(console.run("run", "two.yaml", "--json").out()))
                        .text("run");

        var why = console.run("why", run, "draft").out();
        assertThat(why)
                .contains("draft, attempt 1: given to ")
                .contains("(`learned`, thompson/1)")
                .containsPattern("quick (was chosen with|has) -?[\\d.]+ = 90 % accepted")
                .contains("for what it takes ($0.500)")
                .contains("by chance, as it is uncertain")
                .contains("left out: other: without the skill");
        assertThat(console.run("why", run, "again").out())
                .contains("given to quick: who took least money (`cheapest`)")
                .containsPattern("quick was chosen with \\$")
                // What it is known to take, should it have had the first one.
                .containsPattern("exact has \\$0[.](500|333)");
        assertThat(console.run("why", run, "count").out())
                .contains("given to other, the only one that can")
                .contains("left out: quick, exact: without the skill");
        assertThat(console.run("why", run, "nothing").code()).isEqualTo(2);
        assertThat(console.run("why", run).err()).contains("`tutti why RUN TASK`");
        assertThat(squeezed("events", run)).containsPattern("chosen of 2 by cheapest: \\$");
        assertThat(console.run("agents", "--explain", "quick").out())
                .contains("the latest choices in which it was weighed:")
                .containsPattern("    exact has \\$0[.](500|333)");
        var document = (Value.Struct) Json.parse(console.run("why", run, "draft", "--json").out());
        var choices = (Value.Array) Objects.requireNonNull(document.get("choices"));
        var choice = (Value.Struct) choices.items().getFirst();
        assertThat(choice.text("policy")).isEqualTo("learned");
        assertThat(choice.text("policy_version")).isEqualTo("thompson/1");
    }
}
