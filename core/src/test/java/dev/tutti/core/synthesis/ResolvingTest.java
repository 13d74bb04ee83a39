package dev.tutti.core.synthesis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.tutti.core.event.Position;
import dev.tutti.core.event.Type;
import dev.tutti.core.event.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class ResolvingTest {
    private static final Offset<Double> NEAR = within(1e-9);

    @Test
    void the_answer_with_most_voices_wins_and_the_dissent_is_kept() {
        var result =
                Resolving.vote(
                        List.of(
                                given("ann", "Paris"),
                                given("bob", "Lyon"),
                                given("cid", "  paris. ")),
                        Likeness.NORMALISED);

        assertThat(result.output()).isEqualTo(answer("Paris"));
        assertThat(result.confidence()).isEqualTo(2 / 3.0, NEAR);
        assertThat(result.answers().getFirst().agents()).containsExactly("ann", "cid");
        assertThat(result.dissent())
                .singleElement()
                .satisfies(dissent -> {
                    assertThat(dissent.answer()).isEqualTo(Value.text("Lyon"));
                    assertThat(dissent.agents()).containsExactly("bob");
                    assertThat(dissent.share()).isEqualTo(1 / 3.0, NEAR);
                });
    }

    @Test
    void of_equally_many_voices_the_first_given_wins() {
        var result =
                Resolving.vote(List.of(given("ann", "b"), given("bob", "a")), Likeness.NORMALISED);

        assertThat(result.output()).isEqualTo(answer("b"));
        assertThat(result.confidence()).isEqualTo(0.5, NEAR);
    }

    @Test
    void sources_that_share_an_origin_do_not_count_twice() {
        var copied =
                List.of(
                        given("ann", "1912", "https://www.wire.example/ship#top"),
                        given("bob", "1912", "http://wire.example/ship/"),
                        given("cid", "1912", "wire.example/ship:10-20"),
                        given("dan", "1911", "archive.example/log"),
                        given("eve", "1911", "museum.example"));

        var result = Resolving.vote(copied, Likeness.NORMALISED);

        assertThat(result.output()).isEqualTo(copied.get(3).output());
        assertThat(result.confidence()).isEqualTo(2 / 3.0, NEAR);
        assertThat(result.dissent().getFirst().agents()).containsExactly("ann", "bob", "cid");
    }

    @Test
    void one_report_in_two_papers_is_one_origin() {
        var report = Value.text("The ship left the harbour on the tenth of April in 1912.");
        var answers =
                List.of(
                        given("ann", "1912", source("a.example", report)),
                        given("bob", "1912", source("b.example", report)),
                        given("cid", "1911", source("c.example", Value.text("1911"))));

        assertThat(Resolving.vote(answers, Likeness.NORMALISED).confidence()).isEqualTo(0.5, NEAR);
    }

    @Test
    void readers_of_one_and_the_same_source_each_have_a_voice() {
        var answers =
                List.of(
                        given("ann", "7", "a.md"),
                        given("bob", "7", "a.md"),
                        given("cid", "8", "a.md"));

        assertThat(Resolving.vote(answers, Likeness.NORMALISED).confidence())
                .isEqualTo(2 / 3.0, NEAR);
    }

    @Test
    void an_agent_that_is_known_to_be_right_outweighs_two_that_are_not() {
        var known = Experience.NONE;
        for (int i = 0; i < 60; i++) {
            int wrong = 1 + i % 2;
            known =
                    Resolving.learned(
                            List.of(
                                    given("ann", "x0"),
                                    given("bob", i % 3 == 0 ? "x0" : "x" + wrong),
                                    given("cid", i % 3 == 1 ? "x0" : "x" + (3 - wrong)),
                                    given("dan", i % 7 == 0 ? "x3" : "x0")),
                            Likeness.NORMALISED,
                            known,
                            null);
        }
        var answers = List.of(given("bob", "yes"), given("cid", "yes"), given("ann", "no"));

        var result = Resolving.weightedVote(answers, Likeness.NORMALISED, known);

        assertThat(known.followed()).isTrue();
        assertThat(known.reliability("ann")).isGreaterThan(0.9);
        assertThat(known.reliability("bob")).isLessThan(0.6);
        assertThat(result.output()).isEqualTo(answer("no"));
        assertThat(result.by()).isEqualTo("weighted vote");
        assertThat(Resolving.vote(answers, Likeness.NORMALISED).output()).isEqualTo(answer("yes"));
    }

    @Test
    void without_experience_a_weighted_vote_is_a_plain_one_and_says_so() {
        var answers = List.of(given("ann", "a"), given("bob", "b"), given("cid", "b"));

        var result = Resolving.weightedVote(answers, Likeness.NORMALISED, Experience.NONE);

        assertThat(result.confidence()).isEqualTo(2 / 3.0, NEAR);
        assertThat(result.by()).isEqualTo("vote, too little is known");
    }

    @Test
    void what_a_person_said_is_learned_from() {
        var known = Experience.NONE;
        for (int i = 0; i < 40; i++) {
            known =
                    Resolving.learned(
                            List.of(given("ann", "wrong"), given("bob", "right")),
                            Likeness.NORMALISED,
                            known,
                            Value.text("right"));
        }

        assertThat(known.reliability("bob")).isGreaterThan(0.85);
        assertThat(known.reliability("ann")).isLessThan(0.3);
    }

    @Test
    void k_of_n_is_sure_only_when_k_agree() {
        var answers = List.of(given("ann", "a"), given("bob", "a"), given("cid", "b"));

        assertThat(Resolving.kOfN(answers, Likeness.NORMALISED, 2).confidence())
                .isEqualTo(2 / 3.0, NEAR);
        assertThat(Resolving.kOfN(answers, Likeness.NORMALISED, 3).confidence()).isLessThan(0.5);
    }

    @Test
    void outliers_do_not_move_the_mean_and_are_dissent() {
        var answers =
                List.of(
                        number("ann", 10.1),
                        number("bob", 9.9),
                        number("cid", 10.0),
                        number("dan", 1_000));

        var result = Resolving.numeric(answers, 0);

        assertThat(result.output()).isEqualTo(new Value.Real(10.0));
        assertThat(result.confidence()).isEqualTo(0.75, NEAR);
        assertThat(result.dissent())
                .singleElement()
                .satisfies(dissent -> assertThat(dissent.agents()).containsExactly("dan"));
    }

    @Test
    void numbers_in_words_and_other_things_are_told_apart() {
        assertThat(
                        Resolving.numeric(List.of(given("ann", "1,200"), number("bob", 1_200)), 0)
                                .output())
                .isEqualTo(new Value.Real(1_200));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Resolving.numeric(List.of(given("ann", "many")), 0))
                .withMessage("`ann` gave no number: \"many\"");
    }

    @Test
    void the_first_good_answer_is_the_first_that_says_something() {
        var answers = List.of(given("ann", " "), given("bob", "yes"), given("cid", "no"));

        assertThat(Resolving.firstGood(answers).output()).isEqualTo(answer("yes"));
        assertThat(Resolving.firstGood(List.of(given("ann", ""))).confidence()).isZero();
    }

    @Test
    void objects_are_merged_field_by_field() {
        var answers =
                List.of(
                        whole(
                                "ann",
                                Value.struct("year", Value.of(1912), "ports", texts("A", "B"))),
                        whole(
                                "bob",
                                Value.struct("year", Value.of(1912), "ports", texts("b", "C"))),
                        whole(
                                "cid",
                                Value.struct("year", Value.of(1911), "name", Value.text("T"))));

        var result = Resolving.merge(answers, Likeness.NORMALISED, Type.Any.ANY);

        assertThat(result.output())
                .isEqualTo(
                        Value.struct(
                                "year",
                                Value.of(1912),
                                "ports",
                                texts("A", "B", "C"),
                                "name",
                                Value.text("T")));
        assertThat(result.confidence()).isEqualTo(2 / 3.0, NEAR);
        assertThat(result.by()).isEqualTo("merged by field, of which `year` differ");
    }

    @Test
    void numbers_that_are_declared_so_are_merged_to_their_median() {
        var fields = new LinkedHashMap<String, Type.Field>();
        fields.put("price", Type.Field.required(Type.Scalar.NUMBER));
        fields.put("year", Type.Field.required(Type.Scalar.INT));
        var inner = new LinkedHashMap<String, Type.Field>();
        inner.put("of", Type.Field.required(new Type.Struct(fields, false)));
        var answers = new ArrayList<Given>();
        for (var price : List.of(10.0, 11.0, 90.0)) {
            var of =
                    Value.struct(
                            "price", new Value.Real(price), "year", Value.of(price > 50 ? 1 : 2));
            answers.add(whole("a" + price, Value.struct("of", of)));
        }

        var result = Resolving.merge(answers, Likeness.NORMALISED, new Type.Struct(inner, true));

        assertThat(result.output())
                .isEqualTo(
                        Value.struct(
                                "of",
                                Value.struct("price", new Value.Real(11), "year", Value.of(2))));
        assertThat(result.confidence()).isEqualTo(1 / 3.0, NEAR);
        assertThat(result.by()).isEqualTo("merged by field, of which `of.price`, `of.year` differ");
    }

    @Test
    void what_a_judge_chose_is_taken_and_the_others_are_dissent() {
        var answers = List.of(given("ann", "a"), given("bob", "a"), given("cid", "b"));

        var result = Resolving.chosen(answers, Likeness.NORMALISED, 2, 0.9, "judge");

        assertThat(result.output()).isEqualTo(answer("b"));
        assertThat(result.confidence()).isEqualTo(0.9, NEAR);
        assertThat(result.dissent().getFirst().agents()).containsExactly("ann", "bob");
        assertThat(result.answers().stream().mapToDouble(Position::share).sum()).isEqualTo(1, NEAR);
    }

    @Test
    void every_sentence_is_cited_with_all_that_say_it() {
        var result =
                Citing.cite(
                        List.of(
                                note("a.md", "The log is copied. It is then reset [1]."),
                                note("b.md", "The log is copied.")));

        assertThat(((Value.Struct) result.output()).text("text"))
                .isEqualTo("The log is copied. [1][2] It is then reset. [1]");
        assertThat(result.confidence()).isEqualTo(1, NEAR);
        assertThat(Citing.overlap("The log is copied. [1]", "a LOG is not copied"))
                .isEqualTo(0.75, NEAR);
    }

    @Test
    void the_same_is_the_same_however_it_is_written() {
        var same =
                List.of(
                        List.of(Value.text("The Eiffel Tower!"), Value.text("eiffel  tower")),
                        List.of(Value.text("1,000.50"), new Value.Real(1000.5)),
                        List.of(Value.of(3), Value.text("3.0")),
                        List.of(texts("A"), texts("a")),
                        List.of(
                                Value.struct("x", Value.of(1), "y", Value.text("B")),
                                Value.struct("y", Value.text("b"), "x", new Value.Real(1))));
        for (var pair : same) {
            assertThat(Likeness.NORMALISED.same(pair.getFirst(), pair.getLast()))
                    .as(pair.toString())
                    .isTrue();
        }
        var unlike =
                List.of(
                        List.of(Value.text("3.1"), Value.text("31")),
                        List.of(Value.text("-3"), Value.text("3")),
                        List.of(Value.text("it is -3"), Value.text("it is 3")),
                        List.of(Value.text("5%"), Value.text("5")),
                        List.of(Value.text("C"), Value.text("C++")),
                        List.of(Value.text("not true"), Value.text("true")));
        for (var pair : unlike) {
            assertThat(Likeness.NORMALISED.same(pair.getFirst(), pair.getLast()))
                    .as(pair.toString())
                    .isFalse();
        }
    }

    @Test
    void the_same_answers_always_give_the_same_result() {
        var answers = new ArrayList<Given>();
        for (int i = 0; i < 50; i++) {
            answers.add(given("agent" + i % 7, "answer " + i * i % 11, "source" + i % 13));
        }

        assertThat(Resolving.vote(answers, Likeness.NORMALISED))
                .isEqualTo(Resolving.vote(List.copyOf(answers), Likeness.NORMALISED));
    }

    private static Given given(String agent, String answer, Object... sources) {
        return Given.of(
                agent,
                sources.length == 0
                        ? answer(answer)
                        : Value.struct(
                                "answer",
                                Value.text(answer),
                                "sources",
                                Value.from(List.of(sources))));
    }

    private static Value answer(String answer) {
        return Value.struct("answer", Value.text(answer));
    }

    private static Given number(String agent, double number) {
        return whole(agent, Value.struct("answer", new Value.Real(number)));
    }

    private static Given whole(String agent, Value output) {
        return Given.of(agent, output);
    }

    private static Given note(String source, String note) {
        return Given.of(
                source, Value.struct("note", Value.text(note), "source", Value.text(source)));
    }

    private static Value source(String name, Value text) {
        return Value.struct("source", Value.text(name), "text", text);
    }

    private static Value texts(String... texts) {
        return Value.from(List.of(texts));
    }
}
