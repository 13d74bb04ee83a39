package dev.tutti.planning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.tutti.core.event.Fault;
import dev.tutti.teamfile.TeamFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
            for (var file : files.filter(LintTest::isTeam).toList()) {
                var parsed = TeamFile.read(file);
                assertThat(Lint.of(parsed.team().orElseThrow(), parsed.document()))
                        .as(file.toString())
                        .isEmpty();
            }
        }
    }

    private static boolean isTeam(Path file) {
        try {
            return file.toString().endsWith(".yaml")
                    && Files.readString(file).contains("\nworkflows:");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    // ---- what several change

    private static final String CODERS =
            """
            coder: { skills: [fix], uses: llm, limits: { concurrency: 1 }, with: { model: small, instructions: fix, tools: [notes] } }
            other: { skills: [fix, tidy], uses: llm, limits: { concurrency: 1 }, with: { model: small, instructions: fix, tools: [notes] } }
            """;

    @Test
    void two_agents_with_a_place_each_are_two_at_once() {
        var items = "tasks: { fix: { skill: fix, max: 4, each: \"${input.list}\" } }";
        assertThat(codes(CODERS, items)).containsExactly("W-LINT-04");
        assertThat(codes(CODERS.lines().findFirst().orElseThrow() + "\n", items)).isEmpty();
    }

    @Test
    void one_agent_with_a_place_is_never_two_at_once_and_locks_of_two_names_keep_nobody_apart() {
        var two =
                """
                tasks:
                  one: { skill: SKILL, locks: [LOCK] }
                  two: { skill: SKILL, locks: [shop] }
                """;
        assertThat(codes(CODERS, two.replace("SKILL", "tidy").replace("locks: [LOCK]", "label: x")))
                .isEmpty();
        assertThat(codes(CODERS, two.replace("SKILL", "fix").replace("LOCK", "desk")))
                .containsExactly("W-LINT-04");
        assertThat(codes(CODERS, two.replace("SKILL", "fix").replace("LOCK", "shop"))).isEmpty();
        assertThat(
                        codes(
                                CODERS,
                                two.replace("SKILL", "fix")
                                        .replace("LOCK", "\"${input.list[0]}\"")))
                .as("who knows what it is")
                .isEmpty();
    }

    @Test
    void a_service_whose_things_are_changed_is_shared_and_one_that_is_asked_or_told_is_not() {
        var team =
                """
                tutti: 1
                models: { small: { provider: scripted, replies: [{ text: hi }] } }
                tools:
                  people:
                    uses: http
                    with:
                      tools:
                        - { name: user, url: "https://api.example.com/users/{id}", input: { id: string } }
                        - { name: rename, method: METHOD, url: "https://api.example.com/users", input: { id: string } }
                agents:
                  clerk: { skills: [do], uses: llm, limits: { concurrency: 4 }, with: { model: small, instructions: do, tools: [TOOLS] } }
                workflows:
                  main:
                    tasks: { one: { skill: do }, two: { skill: do } }
                """;
        assertThat(lint(team.replace("METHOD", "PUT").replace("TOOLS", "people")))
                .extracting(Fault::code)
                .containsExactly("W-LINT-04");
        assertThat(lint(team.replace("METHOD", "POST").replace("TOOLS", "people"))).isEmpty();
        assertThat(lint(team.replace("METHOD", "PUT").replace("TOOLS", "people.user"))).isEmpty();
    }

    @Test
    void a_note_that_several_write_at_once_keeps_the_last() {
        var tasks =
                """
                notes: { best: HOW }
                tasks:
                  one: { skill: write, notes: { write: { best: "${output}" } } }
                  two: { skill: write, AFTER notes: { write: { best: WRITE } } }
                """;
        var plain = tasks.replace("AFTER ", "").replace("WRITE", "\"${output}\"");
        assertThat(codes(WRITER, plain.replace("HOW", "last"))).containsExactly("W-LINT-04");
        assertThat(codes(WRITER, plain.replace("HOW", "append"))).isEmpty();
        var items = plain.replace("HOW", "last").replaceFirst(" {2}one:.*\n", "");
        assertThat(codes(WRITER, items)).isEmpty();
        assertThat(
                        codes(
                                WRITER,
                                items.replace(
                                        "skill: write,", "skill: write, each: \"${input.list}\",")))
                .containsExactly("W-LINT-04");
        var later = tasks.replace("HOW", "last").replace("AFTER", "when: \"${one.go}\",");
        assertThat(codes(WRITER, later.replace("WRITE", "\"${output}\""))).isEmpty();
    }

    // ---- behind one place

    @Test
    void four_tasks_at_once_behind_one_place_stand_in_line() {
        var four =
                """
                tasks:
                  a: { skill: write }
                  b: { skill: write }
                  c: { skill: write }
                  d: { skill: write }
                """;
        var narrow = WRITER.replace(" }", ", limits: { concurrency: 1 } }");
        assertThat(lint(narrow, four))
                .singleElement()
                .satisfies(fault ->
                        assertThat(fault.message())
                                .isEqualTo(
                                        "`a`, `b`, `c`, `d` could be done at once, and `writer` alone"
                                                + " does them, one at a time"));
        assertThat(codes(WRITER, four)).isEmpty();
        assertThat(
                        codes(
                                narrow,
                                four.replace(
                                        "d: { skill: write }",
                                        "d: { skill: write, when: \"${a.go}\" }")))
                .isEmpty();
    }

    @Test
    void one_slot_of_a_quota_is_one_place() {
        var team =
                """
                tutti: 1
                quotas: { gpu: { slots: SLOTS } }
                agents:
                  drawer: { skills: [draw], uses: simulated, needs: [gpu] }
                  boss: { skills: [approve], uses: human }
                workflows:
                  main:
                    input: { list: [string] }
                    tasks: { draw: { skill: draw, MAX each: "${input.list}" } }
                """;
        assertThat(lint(team.replace("SLOTS", "1").replace("MAX ", "")))
                .extracting(Fault::message)
                .containsExactly("all items of `draw` need the one slot of quota `gpu`");
        assertThat(lint(team.replace("SLOTS", "2").replace("MAX ", ""))).isEmpty();
        assertThat(lint(team.replace("SLOTS", "1").replace("MAX", "max: 4,"))).isEmpty();
        var approved = team.replace("SLOTS", "2").replace("MAX", "approve: boss,");
        assertThat(lint(approved)).as("each is looked at by a person, as it is meant").isEmpty();
    }

    // ---- talking

    @Test
    void a_ring_of_messages_is_a_mesh_and_several_who_report_to_one_are_not() {
        var ring =
                """
                tasks:
                  a: { skill: write, emit: { message: from_a } }
                  b: { skill: write, emit: { message: from_b } }
                  c: { skill: write, emit: { message: from_c } }
                  hear_a: { await: { message: from_a } }
                  hear_b: { await: { message: from_b } }
                  hear_c: { await: { message: from_c } }
                """;
        assertThat(codes(WRITER, ring)).containsExactly("W-LINT-06");
        assertThat(
                        codes(
                                WRITER,
                                ring.replaceAll("from_.", "said")
                                        .replaceAll(" {2}hear_[bc].*\n", "")))
                .isEmpty();
    }

    @Test
    void a_long_talk_that_nothing_ends_is_too_much() {
        var talk =
                "tasks: { talk: { group: { members: [writer, critic], max: 40 UNTIL } CONTEXT } }";
        var two = WRITER + "critic: { skills: [look], uses: simulated }\n";
        var plain = talk.replace(" UNTIL", "").replace(" CONTEXT", "");
        assertThat(codes(two, plain)).containsExactly("W-LINT-06");
        assertThat(codes(two, plain.replace("40", "12"))).isEmpty();
        assertThat(
                        codes(
                                two,
                                talk.replace(" UNTIL", ", until: \"${size(output) > 3}\"")
                                        .replace(" CONTEXT", "")))
                .isEmpty();
    }

    @Test
    void agents_that_each_answer_each_are_a_mesh() {
        var team =
                """
                tutti: 1
                agents:
                  ann: { skills: [a], uses: simulated, reacts_to: [opened, said_b, said_c], emits: { said_a: { when: "${output.more}" } } }
                  bob: { skills: [b], uses: simulated, reacts_to: [said_a, said_c], emits: { said_b: { when: "${output.more}" } } }
                  cyd: { skills: [c], uses: simulated, reacts_to: [said_a, said_b], emits: { said_c: { when: "${output.more}" } } }
                workflows:
                  main:
                    mode: choreography
                    opens: { opened: {} }
                    within: 1m
                """;
        assertThat(lint(team)).extracting(Fault::code).containsExactly("W-LINT-06");
        assertThat(lint(team.replace("reacts_to: [said_a, said_b]", "reacts_to: [said_b]")))
                .isEmpty();
    }
}
