package dev.tutti.teamfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutti.core.event.Agent;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Budget;
import dev.tutti.core.event.Fault;
import dev.tutti.core.event.SkillId;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.Type;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TeamFileTest {

    private static TeamFile example() throws IOException {
        return TeamFile.parse(RenderedFaultsTest.resource("answer.yaml"), "team.yaml");
    }

    /// A file with one task of these keys.
    private static TeamFile withTask(String keys) {
        return TeamFile.parse(
                """
                tutti: 1
                agents: { reader: { skills: [note], uses: simulated } }
                workflows: { answer: { tasks: { read: { skill: note, %s } } } }
                """
                        .formatted(keys),
                "team.yaml");
    }

    private static Task task(String keys) {
        return withTask(keys).team().orElseThrow().workflows().getFirst().tasks().getFirst();
    }

    @Test
    void a_command_that_verifies_is_an_agent_that_nobody_else_can_name() {
        var team = withTask("verify: { command: [./check.sh, --strict] }").team().orElseThrow();
        var agent = team.agents().getLast();
        assertThat(agent.uses()).isEqualTo("process");
        assertThat(agent.settings())
                .isEqualTo(
                        Value.struct(
                                "command",
                                Value.from(List.of("./check.sh", "--strict")),
                                "verdict",
                                Value.of(true)));
        assertThat(team.workflows().getFirst().tasks().getFirst().policy().gate().verify())
                .isEqualTo(
                        new Task.Verify(
                                new Task.Performer.ByAgent(agent.id()), null, Task.Verify.OK));
        assertThat(withTask("verify: { command: [./a], skill: note }").faults())
                .extracting(Fault::code)
                .containsExactly("E-KEY-03");
    }

    @Test
    void a_deadline_is_the_time_of_the_budget_by_another_name() {
        var file =
                """
                tutti: 1
                agents: { a: { skills: [s], uses: simulated } }
                workflows: { w: { deadline: 10m, budget: { runs: 3 MORE }, tasks: { t: { skill: s } } } }
                """;
        var read = TeamFile.parse(file.replace(" MORE", ""), "team.yaml").team().orElseThrow();
        assertThat(read.workflows().getFirst().budget())
                .isEqualTo(new Budget(null, null, Duration.ofMinutes(10), null, null, 3));
        assertThat(TeamFile.parse(file.replace(" MORE", ", time: 5m"), "team.yaml").faults())
                .extracting(Fault::code)
                .containsExactly("E-KEY-03");
    }

    @Test
    void what_can_never_be_done_within_the_budget_is_said_before_anything_is_spent() {
        var file =
                """
                tutti: 1
                agents:
                  reader: { skills: [read], uses: simulated, READER }
                  other: { skills: [read], uses: simulated, limits: { usd: 0.60, tokens: 10 } }
                  critic: { skills: [look], uses: simulated, limits: { usd: 0.70, tokens: 90 } }
                  ann: { skills: [look], uses: human, with: { question: "Good?" } }
                  boss: { uses: simulated }
                workflows:
                  w:
                    BUDGET
                    tasks:
                      one: { skill: read, verify: { agent: critic } }
                      two: { skill: look }
                  g: { goal: do it, planner: boss, budget: { usd: 1 } }
                """;
        var short2 = file.replace("READER", "limits: { usd: 2.00 }");
        var faults =
                TeamFile.parse(short2.replace("BUDGET", "budget: { usd: 0.50 }"), "team.yaml")
                        .faults();
        assertThat(faults).extracting(Fault::code).containsOnly("E-BUDGET-02");
        assertThat(faults)
                .extracting(Fault::message)
                .containsExactly(
                        "nobody can do `one` within the budget of $0.5: `reader`, `other` may take"
                                + " $0.6 or more",
                        "nobody can do `verify` within the budget of $0.5: `critic` may take $0.7",
                        "nobody can do `planner` within the budget of $1: `boss` does not say what"
                                + " an attempt can take at most");
        assertThat(faults.getFirst().at()).containsExactly("workflows", "w", "tasks", "one");
        var tokens =
                TeamFile.parse(
                                file.replace("READER", "price: { time: 1s }")
                                        .replace("BUDGET", "budget: { tokens: 9 }"),
                                "team.yaml")
                        .faults();
        assertThat(tokens.getFirst().message())
                .isEqualTo(
                        "nobody can do `one` within the budget of 9 tokens: `other` may take $0 and"
                                + " 10 tokens, and `reader` does not say what an attempt can take at"
                                + " most");
        var free =
                file.replace("READER", "price: { usd: 0 }")
                        .replace("{ uses: simulated }", "{ uses: simulated, price: { usd: 0 } }");
        assertThat(TeamFile.parse(free.replace("BUDGET", "budget: { usd: 0.70 }"), "t").faults())
                .isEmpty();
        assertThat(TeamFile.parse(free.replace("BUDGET", "deadline: 1s"), "t").faults()).isEmpty();
    }

    @Test
    void skills_agents_and_workflows_are_read() throws IOException {
        var team = example().team().orElseThrow();
        assertThat(team.skill(new SkillId("retrieve")).input()).hasToString("{query, k}");
        assertThat(team.agents())
                .extracting(Agent::id)
                .containsExactly(
                        new AgentId("librarian"), new AgentId("reader"), new AgentId("writer"));
        var reader = team.agents().get(1);
        assertThat(reader.limits()).isEqualTo(new Agent.Limits(8, Duration.ofSeconds(60)));
        assertThat(reader.settings().get("latency")).isEqualTo(Value.text("10ms..50ms"));
        assertThat(reader.settings().get("failure")).isEqualTo(new Value.Real(0.05));

        var workflow = team.workflow("answer").orElseThrow();
        assertThat(workflow.input().fields().get("folder"))
                .isEqualTo(new Type.Field(Type.Scalar.STRING, false, Value.text("docs")));
        assertThat(workflow.output()).isEqualTo(Value.text("${answer}"));
        var read = workflow.tasks().get(1);
        assertThat(read.dependencies()).containsExactly("search");
        assertThat(read.retry())
                .isEqualTo(new Task.Retry(3, Duration.ofSeconds(1), Duration.ofSeconds(30)));
        assertThat(read.policy().ladder()).containsExactly(Task.Remedy.SKIP);
        var answer = workflow.tasks().get(2);
        assertThat(answer.dependencies()).containsExactly("read", "search");
        assertThat(answer.policy().timeouts().run()).isEqualTo(Duration.ofMinutes(2));
    }

    @Test
    void keys_of_a_task_have_defaults_and_short_forms() {
        var plain = task("input: {}");
        assertThat(plain.max()).isEqualTo(Task.DEFAULT_MAX);
        assertThat(plain.retry()).isEqualTo(Task.Retry.DEFAULT);
        assertThat(task("timeout: 5m").policy().timeouts().run()).isEqualTo(Duration.ofMinutes(5));
        assertThat(task("timeout: { run: 10ms }").policy().timeouts().run())
                .isEqualTo(Duration.ofMillis(10));
        assertThat(task("retry: { backoff: 2s }").retry())
                .isEqualTo(new Task.Retry(3, Duration.ofSeconds(2), Duration.ofSeconds(2)));
        assertThat(task("when: true").when()).isEqualTo("${true}");
        assertThat(task("on_failure: [skip]").policy().ladder()).containsExactly(Task.Remedy.SKIP);
    }

    @Test
    void the_document_makes_the_same_team_again_also_through_json() throws IOException {
        var file = example();
        var again = TeamFile.fromDocument((Value.Struct) Json.parse(Json.text(file.document())));
        assertThat(again).isEqualTo(file.team().orElseThrow());
    }

    @Test
    void a_document_that_is_not_sound_is_refused_with_everything_wrong() {
        assertThatThrownBy(() ->
                        TeamFile.fromDocument(Value.struct("tutti", Value.of(3), "x", Value.NULL)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("E-VERSION-01")
                .hasMessageContaining("E-KEY-01");
    }

    @Test
    void what_looks_like_text_stays_text() {
        var file =
                TeamFile.parse(
                        "tutti: 1\nagents: { a: { uses: simulated, with: { a: no, b: 1_000, c: 12:30, d: \"3\", e: 2026-11-22, f: 012, g: Null, h: 0x10, i: 1e3 } } }",
                        "team.yaml");
        var with = file.team().orElseThrow().agents().getFirst().settings();
        assertThat(with)
                .isEqualTo(
                        Value.struct(
                                "a", Value.text("no"),
                                "b", Value.text("1_000"),
                                "c", Value.text("12:30"),
                                "d", Value.text("3"),
                                "e", Value.text("2026-11-22"),
                                "f", Value.of(12),
                                "g", Value.NULL,
                                "h", Value.of(16),
                                "i", new Value.Real(1000)));
    }

    @Test
    void types_come_in_shorthand_and_as_json_schema() {
        var file =
                TeamFile.parse(
                        """
                        tutti: 1
                        skills:
                          a: { input: { query: string, k: int, passages: [ { text: string } ], tags: [string], extra: object, what: any, name: { type: string, default: x }, rate: number, on: bool } }
                          b:
                            input:
                              type: object
                              required: [id]
                              additionalProperties: false
                              properties:
                                id: { type: integer }
                                tags: { type: array, items: { type: string } }
                                node: { $ref: "#/$defs/node" }
                                both: { type: [string, "null"] }
                              $defs:
                                node: { type: object, properties: { next: { $ref: "#/$defs/node" }, name: { type: string } } }
                        """,
                        "team.yaml");
        var team = file.team().orElseThrow();
        var a = (Type.Struct) team.skill(new SkillId("a")).input();
        assertThat(a.open()).isFalse();
        assertThat(a.fields().get("passages")).asString().contains("[{text}]");
        assertThat(a.fields().get("extra")).isEqualTo(Type.Field.required(Type.Struct.OPEN));
        var b = (Type.Struct) team.skill(new SkillId("b")).input();
        assertThat(b.open()).isFalse();
        assertThat(b.fields().get("id")).isEqualTo(Type.Field.required(Type.Scalar.INT));
        assertThat(b.fields().get("tags"))
                .isEqualTo(new Type.Field(new Type.ListOf(Type.Scalar.STRING), false, null));
        assertThat(b.fields().get("node")).asString().contains("{next, name}");
    }

    @Test
    void a_file_is_read_with_its_name(@TempDir Path folder) throws IOException {
        var path = folder.resolve("team.yaml");
        Files.writeString(path, RenderedFaultsTest.resource("answer.yaml"));
        assertThat(TeamFile.read(path).team()).isPresent();
        assertThatThrownBy(() -> TeamFile.read(folder.resolve("none.yaml")))
                .isInstanceOf(TeamFileException.class)
                .hasMessageContaining("there is no file");
        assertThatThrownBy(() -> TeamFile.read(folder))
                .isInstanceOf(TeamFileException.class)
                .hasMessageContaining("cannot be read");
        Files.write(path, "tutti: 1".getBytes(StandardCharsets.UTF_16));
        assertThatThrownBy(() -> TeamFile.read(path))
                .isInstanceOf(TeamFileException.class)
                .hasMessageContaining("UTF-8");
    }

    @Test
    void places_are_exact_whatever_stands_before_them() {
        for (var before :
                List.of("", "é", "漢字", "\t", "😀", "\\u00e9\\t", "e\u0301", "''", "\\\"", "a  b")) {
            for (var end : List.of("\n", "\r\n")) {
                for (var text :
                        List.of(
                                "\"" + before.replace("''", "") + "${nope.x}\"",
                                before.contains("\\") ? "'${nope.x}'" : "'" + before + "${nope.x}'",
                                "|"
                                        + end
                                        + "            "
                                        + before.replace("''", "x").replace("\\", "")
                                        + end
                                        + "            more ${nope.x}"
                                        + end,
                                ">-"
                                        + end
                                        + "            one"
                                        + end
                                        + end
                                        + "            two"
                                        + end
                                        + "            ${nope.x}"
                                        + end)) {
                    var file =
                            TeamFile.parse(
                                    String.join(
                                            end,
                                            "tutti: 1",
                                            "agents: { reader: { skills: [note], uses: simulated } }",
                                            "workflows:",
                                            "  answer:",
                                            "    tasks:",
                                            "      read:",
                                            "        skill: note",
                                            "        input:",
                                            "          text: " + text,
                                            ""),
                                    "team.yaml");
                    assertThat(file.faults()).as(text).hasSize(1);
                    var place = file.place(file.faults().getFirst()).orElseThrow();
                    int from = place.source().offsetByCodePoints(0, place.column() - 1);
                    assertThat(place.source().substring(from)).as(text).startsWith("nope.x}");
                    assertThat(place.length()).isEqualTo(4);
                }
            }
        }
    }

    @Test
    void a_fault_that_has_no_place_of_its_own_is_shown_where_it_belongs() {
        var file = withTask("agent: reader");
        assertThat(file.faults()).isNotEmpty();
        assertThat(file.faults()).allSatisfy(fault -> assertThat(file.place(fault)).isPresent());
    }

    @Test
    void secrets_are_known_in_settings_only() {
        var file =
                TeamFile.parse(
                        """
                        tutti: 1
                        agents: { reader: { skills: [note], uses: simulated, with: { key: "Bearer ${secret.KEY}", model: "${env.MODEL}", output: "${{'note': input.text, 'run': run.id}}" } } }
                        workflows: { answer: { tasks: { read: { skill: note } }, output: "${secret.KEY}" } }
                        """,
                        "team.yaml");
        assertThat(file.faults())
                .singleElement()
                .satisfies(fault -> assertThat(fault.code()).isEqualTo("E-REF-08"));
        assertThat(Json.text(file.document())).contains("Bearer ${secret.KEY}");
    }

    @Test
    void every_key_of_a_task_says_what_it_should() {
        var parsed =
                TeamFile.parse(
                        """
                        tutti: 1
                        agents:
                          worker: { skills: [work, undo, look], uses: simulated, effects: at_most_once,
                                    limits: { concurrency: 2, timeout: 1m, idle: 5s } }
                          boss: { skills: [approve], uses: human,
                                  with: { ask: [ { to: alice, within: 1h }, ops ], otherwise: deny, choices: [approve, deny] } }
                        workflows:
                          part: { input: { n: int }, tasks: { a: { skill: work } } }
                          main:
                            on_stall: fail
                            tasks:
                              paid: { await: { message: paid, where: "${message.ok}", within: 1h, keep: false } }
                              many:
                                skill: work
                                each: { of: "${[1, 2, 3]}", need: 2, until: "${size(output) > 1}", cancel_rest: false }
                                max: 7
                              child: { workflow: part, input: { n: 1 }, join: { need: any, cancel_rest: true }, after: [paid, many] }
                              whole:
                                skill: work
                                after: [child]
                                loop: { while: "${output.again}", max: 3 }
                                locks: ["account-${run.id}"]
                                cancels: [many]
                                emit: { message: done, data: { n: "${output.n}" } }
                                on_failure: [reroute, ask]
                                timeout: { queued: 1s, run: 2s, idle: 3s, overall: 4s }
                                accept: "${output.n > 0}"
                                verify: { skill: look, accept: "${output.fine}" }
                                effects: idempotent
                                approve: boss
                                compensate: { skill: undo, input: { n: "${output.n}" } }
                        """,
                        "team.yaml");
        assertThat(parsed.faults()).isEmpty();
        var main = parsed.team().orElseThrow().workflow("main").orElseThrow();
        assertThat(main.onStall()).isEqualTo(Task.Remedy.FAIL);
        var tasks = main.tasks();
        assertThat(tasks.get(0).performer())
                .isEqualTo(
                        new Task.Performer.ByMessage(
                                "paid", "${message.ok}", Duration.ofHours(1), false));
        assertThat(tasks.get(1).flow().each())
                .isEqualTo(new Task.Each("${[1, 2, 3]}", 7, "${2}", "${size(output) > 1}", false));
        assertThat(tasks.get(2).performer()).isEqualTo(new Task.Performer.ByWorkflow("part"));
        assertThat(tasks.get(2).retry().attempts()).isEqualTo(1);
        assertThat(tasks.get(2).join()).isEqualTo(new Task.Join(1, true));
        var whole = tasks.get(3);
        assertThat(whole.flow().loop()).isEqualTo(new Task.Loop("${output.again}", 3));
        assertThat(whole.flow().locks()).containsExactly("account-${run.id}");
        assertThat(whole.flow().cancels()).containsExactly("many");
        assertThat(whole.flow().emit()).isNotNull();
        assertThat(whole.policy().ladder()).containsExactly(Task.Remedy.REROUTE, Task.Remedy.ASK);
        assertThat(whole.policy().timeouts())
                .isEqualTo(
                        new Task.Timeouts(
                                Duration.ofSeconds(1),
                                Duration.ofSeconds(2),
                                Duration.ofSeconds(3),
                                Duration.ofSeconds(4)));
        assertThat(whole.policy().gate().accept()).containsExactly("${output.n > 0}");
        assertThat(whole.policy().gate().verify()).isNotNull();
        assertThat(whole.policy().effects()).isEqualTo(Task.Effects.IDEMPOTENT);
        assertThat(whole.policy().approval()).isEqualTo(new AgentId("boss"));
        assertThat(whole.policy().undo()).isNotNull();
    }

    @Test
    void what_cannot_be_of_the_new_keys_is_said_all_at_once() {
        var faults =
                TeamFile.parse(
                                """
                                tutti: 1
                                agents:
                                  worker: { skills: [work], uses: simulated, effects: once }
                                  boss: { uses: human, with: { ask: [ { to: alice, within: soon } ] } }
                                workflows:
                                  main:
                                    on_stall: shrug
                                    tasks:
                                      a: { workflow: prat }
                                      b: { await: { keep: true } }
                                      c: { skill: work, loop: { while: "${output.x}" } }
                                      d: { skill: work, approve: worker }
                                      e: { skill: work, on_failure: [skip, reroute] }
                                      f: { skill: work, await: { message: x } }
                                      g: { skill: work, accept: "${output}" , verify: { input: {} } }
                                      h: { skill: work, cancels: [z] }
                                      i: { skill: work, input: { n: "${output}" } }
                                      j: { skill: work, approve: The Boss }
                                      k: { await: { message: paid, keep: maybe } }
                                      l: { skill: work, join: { cancel_rest: 1 } }
                                """,
                                "team.yaml")
                        .faults();
        assertThat(faults)
                .extracting(Fault::code)
                .contains(
                        "E-WORD-01",
                        "E-PEOPLE-01",
                        "E-PEOPLE-02",
                        "E-REF-10",
                        "E-KEY-02",
                        "E-KEY-03",
                        "E-REF-02",
                        "E-REF-08",
                        "E-NAME-02",
                        "E-SHAPE-01");
        assertThat(faults).hasSizeGreaterThanOrEqualTo(14);
    }
}
