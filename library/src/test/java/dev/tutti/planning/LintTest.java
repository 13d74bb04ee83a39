package dev.tutti.planning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.tutti.core.event.Fault;
import dev.tutti.teamfile.TeamFile;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class LintTest {

    private static List<Fault> lint(String agents, String tasks) {
        return lint(
                """
                tutti: 1
                models: { small: { provider: scripted, replies: [{ text: hi }] } }
                tools:
                  notes: { uses: mcp, with: { server: { command: [notes] } } }
                  shop: { uses: sql, with: { file: shop.db, write: true } }
                  facts: { uses: sql, with: { file: facts.db } }
                agents:
                %sworkflows:
                  main:
                    input: { list: [string] }
                %s
                """
                        .formatted(agents.indent(2), tasks.indent(4)));
    }

    private static List<Fault> lint(String text) {
        var file = TeamFile.parse(text, "team.yaml");
        assertThat(file.faults()).filteredOn(fault -> !fault.isWarning()).isEmpty();
        return Lint.of(file.team().orElseThrow(), file.document());
    }

    private static List<String> codes(String agents, String tasks) {
        return lint(agents, tasks).stream().map(Fault::code).toList();
    }

    private static final String WRITER = "writer: { skills: [write, check], uses: simulated }\n";

    @Test
    void a_chain_by_one_agent_could_be_one_task() {
        var chain =
                """
                tasks:
                  draft: { skill: write }
                  polish: { skill: write, input: { text: "${draft}" } }
                  shorten: { skill: write, input: { text: "${polish}" } }
                output: "${shorten}"
                """;
        assertThat(lint(WRITER, chain))
                .singleElement()
                .satisfies(fault -> {
                    assertThat(fault.code()).isEqualTo("W-LINT-01");
                    assertThat(fault.at()).containsExactly("workflows", "main", "tasks", "draft");
                    assertThat(fault.message())
                            .contains("`draft`, `polish`, `shorten`", "`writer`");
                    assertThat(fault.isWarning()).isTrue();
                });
        assertThat(
                        codes(
                                WRITER,
                                chain.replace(
                                        "\"${polish}\" }",
                                        "\"${polish}\" }, retry: { attempts: 5 }")))
                .as("a task with a policy of its own stays one")
                .isEmpty();
        assertThat(
                        codes(
                                WRITER,
                                chain.replace(
                                        "output: \"${shorten}\"",
                                        "output: [\"${draft}\", \"${polish}\"]")))
                .as("what others use as well stays a task")
                .isEmpty();
        assertThat(codes(WRITER + "other: { skills: [write], uses: simulated }\n", chain))
                .as("several agents share the work")
                .isEmpty();
    }

    @Test
    void order_that_nothing_uses_is_rigid() {
        var rigid =
                """
                tasks:
                  weather: { skill: write }
                  news: { skill: write, after: [weather] }
                output: ["${weather}", "${news}"]
                """;
        assertThat(lint(WRITER, rigid))
                .singleElement()
                .satisfies(fault -> {
                    assertThat(fault.code()).isEqualTo("W-LINT-03");
                    assertThat(fault.at())
                            .containsExactly(
                                    "workflows", "main", "tasks", "news", "after", "weather");
                });
        assertThat(
                        codes(
                                WRITER,
                                rigid.replace(
                                        "news: { skill: write, after: [weather] }",
                                        "news: { skill: write, input: { text: \"${weather}\" } }")))
                .isEmpty();
        assertThat(
                        codes(
                                WRITER.replace(
                                        "uses: simulated",
                                        "uses: simulated, effects: at_most_once"),
                                rigid))
                .as("who changes something outside is waited for with reason")
                .isEmpty();
    }

    @Test
    void attempts_at_once_on_one_toolbox_that_writes_need_a_lock() {
        var coder =
                "coder: { skills: [fix], uses: llm, with: { model: small, instructions: fix it, tools: [%s] }%s }\n";
        var fixes =
                """
                tasks:
                  fix: { skill: fix, each: "${input.list}" }
                output: "${fix}"
                """;
        assertThat(codes(coder.formatted("notes", ""), fixes)).containsExactly("W-LINT-04");
        assertThat(codes(coder.formatted("shop", ""), fixes)).containsExactly("W-LINT-04");
        assertThat(codes(coder.formatted("facts", ""), fixes)).isEmpty();
        assertThat(codes(coder.formatted("notes.read_note", ""), fixes)).isEmpty();
        assertThat(
                        codes(
                                coder.formatted("notes", ""),
                                fixes.replace("each:", "locks: [notes], each:")))
                .isEmpty();
        assertThat(codes(coder.formatted("notes", ", limits: { concurrency: 1 }"), fixes))
                .as("one at a time")
                .doesNotContain("W-LINT-04");
    }

    @Test
    void a_wide_fan_out_behind_one_place_is_a_bottleneck() {
        var fan =
                """
                tasks:
                  read: { skill: write, each: "${input.list}" }
                output: "${read}"
                """;
        var narrow = WRITER.replace(" }", ", limits: { concurrency: 1 } }");
        assertThat(codes(narrow, fan)).containsExactly("W-LINT-05");
        assertThat(codes(WRITER, fan)).isEmpty();
        assertThat(
                        codes(
                                narrow,
                                fan.replace(
                                        "each: \"${input.list}\"",
                                        "max: 3, each: \"${input.list}\"")))
                .isEmpty();
        var looked = fan.replace("each:", "verify: { agent: critic }, each:");
        assertThat(
                        codes(
                                WRITER
                                        + "critic: { skills: [look], uses: simulated, limits: { concurrency: 1 } }\n",
                                looked))
                .containsExactly("W-LINT-05");
    }

    private static final String TREE =
            """
            tutti: 1
            agents:
              chief:  { skills: [lead], uses: workflow, with: { workflow: part } }
              worker: { skills: [work], uses: simulated }
            workflows:
              main:
                budget: { tasks: 4, attempts: 4, runs: 1 }
                tasks:
                  one: { skill: work }
                  two: { skill: lead }
                  more: { skill: work, when: "${one.more}" }
                output: "${two}"
              part:
                tasks: { do: { skill: work } }
                output: "${do}"
            """;

    @Test
    void a_budget_that_cannot_be_enough_for_what_is_written_says_what_would() {
        assertThat(lint(TREE)).isEmpty();
        var few = TREE.replace("tasks: 4, attempts: 4, runs: 1", "tasks: 2, attempts: 2, runs: 0");
        assertThat(lint(few)).extracting(Fault::code).containsOnly("W-LINT-07").hasSize(3);
        assertThat(lint(few))
                .extracting(Fault::message)
                .containsExactly(
                        "a run may have 2 tasks, and with what is written it needs 3 at least",
                        "a run may have 2 attempts, and with what is written it needs 3 at least",
                        "a run may have 0 runs, and with what is written it needs 1 at least");
        assertThat(lint(few).getFirst().at())
                .containsExactly("workflows", "main", "budget", "tasks");
    }

    private static final String PRICED =
            """
            tutti: 1
            agents:
              cheap: { skills: [work], uses: simulated, limits: { usd: 0.20 }, price: { usd: 0.10, time: 30s } }
              dear:  { skills: [work], uses: simulated, limits: { usd: 0.30 }, price: { usd: 0.20, time: 20s } }
              check: { skills: [look], uses: simulated, limits: { usd: 0.05 }, price: { usd: 0.01, time: 50s } }
            workflows:
              main:
                budget: { usd: 0.31, time: 90s }
                tasks:
                  one: { skill: work, replicas: 9 }
                  two: { skill: look, input: { x: "${one}" } }
                  three: { skill: work }
                  four: { skill: look, input: { x: "${three}" } }
                  five: { skill: work, input: { x: "${two}" } }
                  more: { skill: work, when: "${three.more}" }
                output: "${five}"
            """;

    @Test
    void a_budget_that_is_less_than_what_agents_say_they_take_is_named() {
        // $0.32: three by the cheaper one, two looks. 90 s: one, two and five at the fastest.
        assertThat(lint(PRICED))
                .extracting(Fault::code, Fault::message)
                .containsExactly(
                        tuple(
                                "W-LINT-07",
                                "a run may take $0.31, and by the `price` of its agents what is"
                                        + " written takes $0.32 at least"));
        assertThat(lint(PRICED.replace("0.31, time: 90s", "0.32, time: 89s")))
                .extracting(Fault::code, Fault::message, Fault::help)
                .containsExactly(
                        tuple(
                                "W-LINT-07",
                                "a run may take 89s, and by the `price` of its agents what is"
                                        + " written takes 90s at least",
                                "write 90s or more"));
        var unsaid = PRICED.replace(", price: { usd: 0.10, time: 30s }", "");
        assertThat(lint(unsaid)).isEmpty();
    }

    @Test
    void an_agent_that_a_budget_keeps_from_a_task_is_named() {
        var dearer = PRICED.replace("0.31", "0.60").replace("usd: 0.30 }", "usd: 0.70 }");
        assertThat(lint(dearer))
                .extracting(Fault::code, Fault::message)
                .containsExactly(
                        tuple(
                                "W-LINT-09",
                                "`dear` is never given `one`: an attempt may take more than the"
                                        + " whole budget"));
        var unbounded = PRICED.replace("0.31", "0.60").replace("limits: { usd: 0.30 }, ", "");
        assertThat(lint(unbounded))
                .singleElement()
                .satisfies(fault -> {
                    assertThat(fault.code()).isEqualTo("W-LINT-09");
                    assertThat(fault.message()).contains("does not say what an attempt can take");
                });
    }

    /// Who decides and further rounds are done without where there is no room for them.
    @Test
    void tasks_that_a_run_can_do_without_are_not_among_those_that_it_needs() {
        var judged =
                """
                tutti: 1
                agents:
                  worker: { skills: [work], uses: simulated }
                  critic: { uses: simulated }
                workflows:
                  main:
                    budget: { tasks: 3 }
                    tasks:
                      one:
                        skill: work
                        replicas: 3
                        resolve: { by: debate, below: 0.7, then: critic }
                    output: "${one}"
                """;
        assertThat(lint(judged)).isEmpty();
        assertThat(lint(judged.replace("tasks: 3", "tasks: 2")))
                .extracting(Fault::code)
                .containsExactly("W-LINT-07");
    }

    @Test
    void a_tree_that_may_grow_without_end_is_told_to_have_a_cap() {
        var endless =
                TREE.replace(
                        "tasks: { do: { skill: work } }",
                        "tasks: { do: { skill: work }, again: { skill: lead, when: \"${do.more}\" } }");
        assertThat(lint(endless))
                .singleElement()
                .satisfies(fault -> {
                    assertThat(fault.code()).isEqualTo("W-LINT-08");
                    assertThat(fault.at()).containsExactly("workflows", "part");
                });
        assertThat(lint(endless.replace("part:\n", "part:\n    budget: { runs: 9 }\n"))).isEmpty();
        var planned =
                TREE.replace(
                        "    tasks: { do: { skill: work } }\n    output: \"${do}\"",
                        "    goal: \"All of it\"\n    planner: worker\n    wants: sum");
        assertThat(lint(planned)).extracting(Fault::code).contains("W-LINT-08");
    }

    @Test
    void tasks_that_tell_one_another_everything_are_a_mesh() {
        var mesh = new StringBuilder("tasks:\n");
        for (var one : List.of("a", "b", "c")) {
            mesh.append("  say_%s: { skill: write, emit: { message: said } }\n".formatted(one));
            mesh.append("  hear_%s: { await: { message: said } }\n".formatted(one));
        }
        assertThat(codes(WRITER, mesh.toString())).containsExactly("W-LINT-06");
        assertThat(
                        codes(
                                WRITER,
                                mesh.toString()
                                        .replace(
                                                "  say_b: { skill: write, emit: { message: said } }\n",
                                                "")))
                .isEmpty();
    }

    @Test
    void a_planner_with_one_skill_has_nothing_to_plan() {
        var one =
                """
                goal: "A summary of ${input.list}"
                planner: chief
                """;
        var chief = "chief: { skills: [plan], uses: simulated }\n";
        assertThat(codes(chief + "reader: { skills: [summarize], uses: simulated }\n", one))
                .containsExactly("W-LINT-02");
        assertThat(codes(chief + WRITER, one)).isEmpty();
    }

    @Test
    void our_own_examples_have_nothing_to_mend() throws IOException {
        var project = PlanValidationTest.Written.page("x").resolveSibling("..").normalize();
        try (var files = Files.walk(project.resolve("examples"))) {
            for (var file : files.filter(one -> one.endsWith("team.yaml")).toList()) {
                var parsed = TeamFile.read(file);
                assertThat(Lint.of(parsed.team().orElseThrow(), parsed.document()))
                        .as(file.toString())
                        .isEmpty();
            }
        }
    }
}
