package dev.tutti.agents.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutti.core.event.Value;
import dev.tutti.runtime.agent.AgentExecutor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConsensusAgentTest {
    private final AgentExecutor consensus =
            Attempts.executor("local/consensus", Value.struct(), Path.of("."), Path.of("."));

    private static Value row(Object item, String agent, Object answer) {
        return Value.struct(
                "item", Value.from(item), "agent", Value.text(agent), "answer", Value.from(answer));
    }

    private Value.Struct decided(Value.Struct with, Value... answers) throws Exception {
        return Attempts.output(consensus, with, Value.struct("answers", Value.array(answers)));
    }

    private static Value.Struct method(String method) {
        return Value.struct("method", Value.text(method));
    }

    /// Of so many yes-or-no questions; two agents are always right, three say what they like.
    private static Value[] questions(int many) {
        var rows = new ArrayList<Value>();
        for (int i = 0; i < many; i++) {
            var right = i % 2 == 0 ? "yes" : "no";
            rows.add(row(i, "a", right));
            rows.add(row(i, "b", right));
            rows.add(row(i, "c", i % 3 == 0 ? "yes" : "no"));
            rows.add(row(i, "d", i % 5 < 2 ? "yes" : "no"));
            rows.add(row(i, "e", i % 7 < 3 ? "yes" : "no"));
        }
        return rows.toArray(Value[]::new);
    }

    private static long right(Value.Struct output) {
        return Attempts.list(output, "items").stream()
                .filter(item ->
                        Attempts.text(item, "answer")
                                .equals(
                                        ((Value.Struct) item).get("item")
                                                                instanceof Value.Int(var i)
                                                        && i % 2 == 0
                                                ? "yes"
                                                : "no"))
                .count();
    }

    @Test
    void each_method_decides_in_its_own_way() throws Exception {
        var questions = questions(40);
        var plain = decided(method("majority"), questions);

        assertThat(right(plain)).isLessThan(40);
        for (var method : List.of("guarded", "one_coin", "dawid_skene")) {
            assertThat(right(decided(method(method), questions))).as(method).isEqualTo(40);
        }
        assertThat(Attempts.text(plain, "by")).isEqualTo("vote");
        assertThat(Attempts.text(decided(method("dawid_skene"), questions), "by"))
                .isEqualTo("Dawid-Skene");
        var careful = decided(Value.struct(), questions);
        assertThat(Attempts.text(careful, "by")).isEqualTo("weighted vote");
        assertThat(Attempts.number(careful, "gain")).isPositive();
    }

    @Test
    void where_little_is_known_the_guard_keeps_to_the_plain_vote() throws Exception {
        var output =
                decided(
                        Value.struct(),
                        row("q", "a", "yes"),
                        row("q", "b", "yes"),
                        row("q", "c", "no"));

        assertThat(Attempts.text(output, "by")).startsWith("vote, the answers do not bear out");
        assertThat(output.get("weighed")).isEqualTo(Value.of(false));
    }

    @Test
    void ties_are_said_and_dissent_names_who_and_how_probable() throws Exception {
        var output =
                decided(
                        method("majority"),
                        row("tie", "a", "Rome"),
                        row("tie", "b", "Paris"),
                        row("clear", "a", "the Nile"),
                        row("clear", "b", "nile."),
                        row("clear", "c", "Amazon"));

        assertThat(output.get("close")).isEqualTo(Value.from(List.of("tie")));
        var clear = Attempts.list(output, "items").get(1);
        assertThat(Attempts.text(clear, "answer")).isEqualTo("the Nile");
        assertThat(Attempts.number(clear, "confidence")).isEqualTo(0.6667);
        assertThat(Attempts.number(clear, "margin")).isEqualTo(0.3333);
        assertThat(Attempts.list(clear, "agents"))
                .containsExactly(Value.text("a"), Value.text("b"));
        assertThat(Attempts.list(clear, "dissent"))
                .containsExactly(
                        Value.struct(
                                "answer",
                                Value.text("Amazon"),
                                "confidence",
                                new Value.Real(0.3333),
                                "agents",
                                Value.array(Value.text("c"))));
        assertThat(Attempts.list(output, "agents"))
                .element(0)
                .isEqualTo(
                        Value.struct(
                                "agent",
                                Value.text("a"),
                                "reliability",
                                new Value.Real(0.5833),
                                "answers",
                                Value.of(2),
                                "agreed",
                                Value.of(2)));
    }

    @Test
    void answers_in_other_words_are_one_where_meaning_counts() throws Exception {
        var rows =
                new Value[] {
                    row("q", "a", "The meeting was moved to Friday"),
                    row("q", "b", "The meeting has been moved to Friday"),
                    row("q", "c", "The meeting was moved to Monday")
                };

        assertThat(
                        Attempts.list(
                                Attempts.list(decided(method("majority"), rows), "items").get(0),
                                "dissent"))
                .hasSize(2);
        var meaning =
                decided(
                        Value.struct(
                                "method", Value.text("majority"), "same", Value.text("meaning")),
                        rows);
        assertThat(Attempts.list(Attempts.list(meaning, "items").get(0), "dissent")).hasSize(1);
    }

    @Test
    void lists_within_the_list_and_rows_without_an_answer_are_as_fan_outs_give_them()
            throws Exception {
        var nested =
                decided(
                        method("majority"),
                        Value.array(row("q", "a", "yes"), Value.NULL),
                        Value.array(row("q", "b", "yes"), row("r", "b", null)));

        assertThat(Attempts.list(nested, "items")).hasSize(1);
        assertThat(Attempts.list(nested, "agents")).hasSize(2);
    }

    @Test
    void all_that_is_wrong_is_said_at_once_with_its_place() {
        assertThatThrownBy(() ->
                        decided(
                                Value.struct(),
                                Value.text("yes"),
                                Value.struct("agent", Value.text("a")),
                                Value.array(row("q", "a", "yes"), row("q", "a", "no")),
                                Value.struct("item", Value.text("q"), "agent", Value.text("b"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "answers[0] is to be { item, agent, answer }, not a string; answers[1] has"
                                + " no `item`; answers[2][1] is a second answer of `a` to the same"
                                + " item; answers[3] has no `answer`; null where the agent gave"
                                + " none");
        assertThatThrownBy(() -> decided(method("em"), questions(2)))
                .hasMessage(
                        "`method` is to be one of guarded, majority, one_coin, dawid_skene, not"
                                + " em");
        assertThatThrownBy(() ->
                        decided(
                                method("dawid_skene"),
                                row("q", "a", "Rome"),
                                row("q", "b", "Paris")))
                .hasMessageContaining("name them in `labels`");
        assertThatThrownBy(() ->
                        Attempts.output(
                                consensus,
                                Value.struct(),
                                Value.struct(
                                        "answers",
                                        Value.array(row("q", "a", "maybe")),
                                        "labels",
                                        Value.from(List.of("yes", "no")))))
                .hasMessage("`a` answers \"maybe\", which is none of `labels`");
        assertThatThrownBy(() -> Attempts.output(consensus, Value.struct(), Value.struct()))
                .hasMessageContaining("give either `answers`");
    }
}
