package dev.tutti.planning;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.Fault;
import dev.tutti.core.event.Skill;
import dev.tutti.core.event.SkillId;
import dev.tutti.core.event.Type;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ProposalsTest {

    /// As the format is meant to be written.
    private static final String SOUND =
            """
            { "reason": "why", "tasks": {
                "search": { "skill": "retrieve", "input": { "query": "${input.q}" } },
                "read": { "skill": "summarize", "each": "${search.passages}", "after": ["search"] } },
              "drop": ["old"], "output": "${read}", "complete": false, "ledger": { "facts": ["a"] } }
            """;

    private static Proposals.Known known() {
        var text = new LinkedHashMap<String, Type.Field>();
        text.put("text", Type.Field.required(Type.Scalar.STRING));
        var typed = new Type.Struct(text, false);
        var skills = new LinkedHashMap<String, Skill>();
        skills.put("retrieve", Skill.undeclared(new SkillId("retrieve")));
        skills.put("summarize", Skill.undeclared(new SkillId("summarize")));
        skills.put("text_to_speech", new Skill(new SkillId("text_to_speech"), typed, typed));
        return new Proposals.Known(skills, List.of("earlier"));
    }

    private static Proposals.Reading read(String text) {
        return Proposals.read(text, known());
    }

    private static Value.Struct tasks(String text) {
        var reading = read(text);
        assertThat(reading.faults()).isEmpty();
        return reading.sound().orElseThrow().tasks();
    }

    private static List<Repair.Kind> repairs(String text) {
        return read(text).repairs().stream().map(Repair::kind).toList();
    }

    private static List<String> faults(String text) {
        return read(text).faults().stream().map(Fault::code).toList();
    }

    private static Value json(String text) {
        return Json.parse(text);
    }

    @Test
    void a_proposal_as_it_is_meant_is_read_as_it_is_written() {
        var reading = read(SOUND);
        assertThat(reading.repairs()).isEmpty();
        var proposal = reading.sound().orElseThrow();
        assertThat(proposal.document()).isEqualTo(json(SOUND));
        assertThat(read(proposal.text())).isEqualTo(reading);
    }

    @Test
    void what_stands_around_it_is_left_out() {
        var text = "Here is [my] plan:\n```json\n" + SOUND + "```\nIt has {two} tasks.";
        assertThat(repairs(text)).containsExactly(Repair.Kind.PROSE);
        assertThat(read(text).proposal()).isEqualTo(read(SOUND).proposal());
    }

    @Test
    void loose_json_is_read_as_it_is_meant() {
        var text = "{ tasks: { search: { skill: retrieve, }, }, }";
        assertThat(repairs(text)).containsExactly(Repair.Kind.LOOSE_JSON);
        assertThat(tasks(text)).isEqualTo(json("{\"search\": {\"skill\": \"retrieve\"}}"));
    }

    @Test
    void tasks_may_be_a_list_with_ids_and_dependencies() {
        var text =
                """
                [ { "id": 1, "skill": "retrieve", "dep": [-1], "args": { "query": "x" } },
                  { "id": 2, "tool": "Summarize", "dependencies": [1], "description": "reads" } ]
                """;
        assertThat(tasks(text))
                .isEqualTo(
                        json(
                                """
                                { "t_1": { "skill": "retrieve", "input": { "query": "x" }, "after": [] },
                                  "t_2": { "skill": "summarize", "after": ["t_1"] } }
                                """));
        assertThat(repairs(text))
                .containsExactlyInAnyOrder(Repair.Kind.NAME, Repair.Kind.NAME, Repair.Kind.REMARK);
    }

    @Test
    void names_are_made_ids_also_in_expressions() {
        var text =
                """
                { "tasks": { "Read-Papers": { "skill": "retrieve" },
                    "sum": { "skill": "summarize", "after": ["Read-Papers"],
                      "input": { "a": "${Read-Papers.text}", "b": "Read-Papers ${'Read-Papers'}" } } },
                  "output": "${Read-Papers}" }
                """;
        var proposal = read(text).sound().orElseThrow();
        assertThat(proposal.output()).isEqualTo(Value.text("${read_papers}"));
        assertThat(proposal.tasks().get("sum"))
                .isEqualTo(
                        json(
                                """
                                { "skill": "summarize", "after": ["read_papers"],
                                  "input": { "a": "${read_papers.text}", "b": "Read-Papers ${'Read-Papers'}" } }
                                """));
    }

    @Test
    void references_by_number_become_expressions_and_arguments_get_the_names_of_fields() {
        assertThat(
                        tasks(
                                """
                                { "task_nodes": [
                                    { "task": "retrieve", "arguments": ["a.txt", { "name": "k", "value": 3 }] },
                                    { "task": "Text-to-Speech", "arguments": ["<node-0>"] },
                                    { "task": "summarize", "arguments": ["of <node-1>"] } ],
                                  "task_links": [ { "source": "retrieve", "target": "Text-to-Speech" } ] }
                                """))
                .isEqualTo(
                        json(
                                """
                                { "retrieve": { "skill": "retrieve", "input": { "arg_1": "a.txt", "k": 3 } },
                                  "text_to_speech": { "skill": "text_to_speech",
                                    "input": { "text": "${retrieve}" }, "after": ["retrieve"] },
                                  "summarize": { "skill": "summarize",
                                    "input": { "arg_1": "of ${text_to_speech.text}" } } }
                                """));
    }

    @Test
    void numbers_count_from_one_where_they_fit_no_other_way() {
        var text =
                """
                { "tasks": [ { "tool": "retrieve", "name": "a" },
                    { "tool": "summarize", "name": "b", "after": ["a"], "args": ["<node-1>"] } ] }
                """;
        assertThat(repairs(text)).containsExactly(Repair.Kind.COUNTED_FROM_ONE);
        assertThat(String.valueOf(tasks(text).get("b"))).contains("${a}");
        assertThat(
                        repairs(
                                text.replace("\"after\": [\"a\"], ", "")
                                        .replace("\"a\" }", "\"a\", \"after\": [\"b\"] }")))
                .as("not against the links")
                .isEmpty();
        assertThat(faults(text.replace("node-1", "node-5"))).containsExactly("E-PROPOSAL-03");
    }

    @Test
    void namesakes_are_numbered_and_links_between_them_hold_in_order() {
        var text =
                """
                { "tasks": [ { "task": "retrieve" }, { "task": "summarize" }, { "task": "retrieve" } ],
                  "links": [ { "source": "retrieve", "target": "summarize" },
                             { "source": "summarize", "target": "retrieve" } ] }
                """;
        var tasks = tasks(text);
        assertThat(tasks.fields().sequencedKeySet())
                .containsExactly("retrieve", "summarize", "retrieve_2");
        assertThat(String.valueOf(tasks.get("summarize")))
                .contains("after=Array[items=[Text[value=retrieve]]]");
        assertThat(String.valueOf(tasks.get("retrieve_2"))).contains("Text[value=summarize]");
        assertThat(String.valueOf(tasks.get("retrieve"))).doesNotContain("after");
        assertThat(repairs(text))
                .containsExactly(
                        Repair.Kind.DUPLICATE_NAME,
                        Repair.Kind.AMBIGUOUS_DEPENDENCY,
                        Repair.Kind.AMBIGUOUS_DEPENDENCY);
    }

    @Test
    void a_dependency_on_nothing_is_dropped_unless_it_looks_like_a_slip() {
        var text = "{\"tasks\": {\"read\": {\"skill\": \"summarize\", \"after\": [\"%s\"]}}}";
        assertThat(repairs(text.formatted("begin_of_everything")))
                .containsExactly(Repair.Kind.DANGLING_DEPENDENCY);
        assertThat(faults(text.formatted("reed"))).containsExactly("E-PROPOSAL-02");
        assertThat(repairs(text.formatted("read"))).containsExactly(Repair.Kind.SELF_DEPENDENCY);
        assertThat(String.valueOf(tasks(text.formatted("earlier")).get("read")))
                .contains("earlier");
    }

    @Test
    void placeholders_are_refused() {
        assertThat(
                        faults(
                                "{\"tasks\": [{\"task\": \"summarize\", \"arguments\": [\"<input text>\"]}]}"))
                .containsExactly("E-PROPOSAL-04");
    }

    @Test
    void what_is_no_plan_is_refused_with_the_mend() {
        for (var text :
                List.of("", "no plan today", "[1, 2]", "{\"goal\": \"x\"}", "{\"tasks\": 3}")) {
            assertThat(faults(text)).as(text).containsExactly("E-PROPOSAL-01");
        }
    }

    @Test
    void text_that_was_cut_or_mangled_is_read_or_refused_but_never_thrown_over() {
        var dice = new SplittableRandom(7);
        var alphabet = "{}[]\",:<>-${}\\ node0a\u0000é";
        int read = 0;
        for (int i = 0; i < 2_000; i++) {
            var text = new StringBuilder(SOUND);
            for (int j = dice.nextInt(1, 6); j > 0 && !text.isEmpty(); j--) {
                int at = dice.nextInt(text.length());
                switch (dice.nextInt(3)) {
                    case 0 -> text.deleteCharAt(at);
                    case 1 -> text.insert(at, alphabet.charAt(dice.nextInt(alphabet.length())));
                    default -> text.setLength(Math.max(at, 1));
                }
            }
            var reading = read(text.toString());
            read += reading.proposal() == null ? 0 : 1;
            assertThat(reading.proposal() != null || !reading.faults().isEmpty()).isTrue();
        }
        assertThat(read).isBetween(200, 1_800);
    }
}
