package dev.tutti.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.Team;
import dev.tutti.Tutti;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.json.Json;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Who a wrong result came from, asked at the command line.
class HistoryTest {
    @TempDir Path folder;
    private Console console = new Console(Path.of(""));

    /// Which agent gives something else for once.
    private final AtomicReference<String> wrong = new AtomicReference<>("");

    private String good = "";
    private String bad = "";

    @BeforeEach
    void two_runs_that_should_be_the_same() throws InterruptedException {
        console = new Console(folder);
        var team =
                Team.define()
                        .agent("counter", "count", attempt -> given("counter", "words", 1_200))
                        .agent("pricer", "price", attempt -> given("pricer", "cents", 4_711))
                        .agent("writer", "write", attempt -> given("writer", "total", 9_000))
                        .workflow(
                                "offer",
                                w ->
                                        w.input(Map.of("text", "string"))
                                                .task(
                                                        "count",
                                                        "count",
                                                        Map.of("text", "${input.text}"))
                                                .task(
                                                        "price",
                                                        "price",
                                                        Map.of("words", "${count.words}"))
                                                .task(
                                                        "offer",
                                                        "write",
                                                        Map.of("cents", "${price.cents}"))
                                                .output("${offer}"));
        try (var tutti = Tutti.open(folder.resolve(".tutti"))) {
            var goal = team.goal("offer", Map.of("text", "two words"));
            var first = tutti.submit(goal);
            first.await();
            good = first.id().value();
            wrong.set("pricer");
            var second = tutti.submit(goal);
            second.await();
            bad = second.id().value();
        }
    }

    private Map<String, Object> given(String agent, String field, long number) {
        boolean once = wrong.get().equals(agent);
        return Map.of(field, once ? number + 1_000 : number);
    }

    @Test
    void audit_says_who_did_what_and_which_runs_were_begun() {
        var said = console.run("audit", "--json");
        assertThat(said.code()).isZero();
        assertThat(said.out()).contains(good).contains(bad).contains("\"verb\" : \"run\"");
        assertThat(console.run("audit", "--run", bad).out()).contains(bad).doesNotContain(good);
        assertThat(console.run("audit", "--csv").out().lines().toList())
                .hasSize(3)
                .first()
                .isEqualTo("at,by,verb,run,event,tasks,why,refused");
        assertThat(console.run("audit", "--verb", "cancel").err()).contains("nobody did anything");
        assertThat(console.run("audit", "--since", "lately").code()).isEqualTo(2);
        assertThat(console.run("audit", "--csv", "--json").code()).isEqualTo(2);
    }

    @Test
    void audit_says_who_deployed_and_told_what_is_remembered() {
        var shop =
                console.write(
                        "shop.yaml",
                        """
                        tutti: 1
                        agents:
                          maker: { skills: [make], uses: simulated }
                        workflows:
                          make:
                            triggers: [{ cron: "0 * * * *" }]
                            tasks: { make: { skill: make } }
                        """);
        assertThat(console.run("deploy", shop.toString()).code()).isZero();
        assertThat(console.run("triggers", "--remove", "shop").code()).isZero();
        assertThat(console.run("triggers", "--remove", "shop").code()).isEqualTo(2);
        var told = console.run("memory", "remember", "Ada paints lighthouses.", "--about", "ada");
        assertThat(told.code()).as(told.err()).isZero();
        assertThat(console.run("memory", "rules", "--half-life", "90d").code()).isZero();
        assertThat(console.run("memory", "forget", "--about", "ada").code()).isZero();

        var who = System.getProperty("user.name");
        assertThat(console.run("audit", "--csv", "--limit", "5").out().lines().skip(1))
                .extracting(row -> row.replaceFirst("^[^,]*,", ""))
                .satisfiesExactly(
                        row -> assertThat(row).startsWith(who + ",forget,,3,,memory about ada,"),
                        row -> assertThat(row).startsWith(who + ",rules,,2,").contains("90d"),
                        row -> assertThat(row).startsWith(who + ",remember,,1,,memory about ada,"),
                        row -> assertThat(row).startsWith(who + ",remove,,2,,triggers of shop,"),
                        row ->
                                assertThat(row)
                                        .startsWith(who + ",deploy,,1,")
                                        .contains("shop.yaml"));
        // What was told is forgotten here as well.
        assertThat(console.run("audit").out()).doesNotContain("lighthouses");
    }

    @Test
    void blame_names_the_step_that_contradicts_itself_and_the_run_with_the_same_inputs() {
        var said = console.run("blame", bad, "offer");
        assertThat(said.code()).isZero();
        assertThat(said.out())
                .contains("looked at 1 other run", "the same goal and inputs: run ")
                .contains("1   price by pricer", "given the same, it gave something else in run ")
                .contains("cents 4711, here 5711", "most likely price");
        var document = (Value.Struct) Json.parse(console.run("blame", bad, "--json").out());
        assertThat(document.fields().sequencedKeySet())
                .containsExactly(
                        "format",
                        "run",
                        "task",
                        "paths",
                        "expected",
                        "other_runs",
                        "same_inputs",
                        "on_record",
                        "suspects",
                        "no_part");
        assertThat(document.get("same_inputs")).isEqualTo(Value.text(good));
        assertThat(document.get("suspects"))
                .isInstanceOfSatisfying(
                        Value.Array.class,
                        suspects ->
                                assertThat(((Value.Struct) suspects.items().getFirst()).get("task"))
                                        .isEqualTo(Value.text("price")));
    }

    @Test
    void blame_without_other_runs_says_that_nothing_speaks_and_what_else_could() {
        var said = console.run("blame", bad, "--runs", "0");
        assertThat(said.out()).contains("looked at 0 other runs", "--expected", "--against");
        assertThat(console.run("blame", bad, "--runs", "0", "--against", good).out())
                .contains("most likely price");
    }

    @Test
    void what_cannot_be_blamed_is_refused_with_the_way_on() {
        assertThat(console.run("blame", bad, "ofer").err()).contains("did you mean `offer`");
        assertThat(console.run("blame", bad, "offer[1]").code()).isEqualTo(2);
        assertThat(console.run("blame", bad, "--path", "nothing").err()).contains("there is no");
        assertThat(console.run("blame", bad, "--path", "a..b").err()).contains("no place");
        assertThat(console.run("blame", bad, "--against", bad).code()).isEqualTo(2);
        assertThat(console.run("blame", bad, "--runs", "-1").code()).isEqualTo(2);
        assertThat(console.run("blame", "0000").code()).isEqualTo(2);
    }

    @Test
    void diff_agrees_with_blame() {
        var said = console.run("diff", good, bad);
        assertThat(said.code()).isEqualTo(1);
        assertThat(said.out())
                .contains("they part first at price: another output")
                .contains("output.cents  4711 → 5711")
                .contains("offer: another input");
    }
}
