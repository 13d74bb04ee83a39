package dev.tutti.core.planner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutti.core.event.Skill;
import dev.tutti.core.event.SkillId;
import dev.tutti.core.event.Type;
import dev.tutti.core.event.Type.ListOf;
import dev.tutti.core.event.Type.Scalar;
import dev.tutti.core.event.Type.Struct;
import dev.tutti.core.planner.Answer.Found;
import dev.tutti.core.planner.Answer.None;
import dev.tutti.core.planner.Problem.Estimate;
import dev.tutti.core.planner.Problem.Fact;
import dev.tutti.core.planner.Problem.Offer;
import dev.tutti.core.planner.Problem.Worth;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;

class SearchTest {
    private static final Type TEXT = Scalar.STRING;

    // ---- plans

    @Test
    void steps_take_what_is_known_and_what_earlier_steps_yield() {
        var found =
                found(
                        List.of(known("topic", TEXT)),
                        Map.of("report", TEXT),
                        offer("fetch", Map.of("topic", TEXT), Map.of("page", TEXT)),
                        offer("write", Map.of("page", TEXT), Map.of("report", TEXT)));

        assertThat(found.steps()).extracting(Step::name).containsExactly("fetch", "write");
        assertThat(found.steps().get(0).input()).containsEntry("topic", "${input.topic}");
        assertThat(found.steps().get(1).input()).containsEntry("page", "${fetch.page}");
        assertThat(found.steps().get(1).after()).containsExactly("fetch");
        assertThat(found.yields()).containsEntry("report", "${write.report}");
        assertThat(found.optimal()).isTrue();
    }

    @Test
    void what_is_known_already_takes_no_steps() {
        var found = found(List.of(known("report", TEXT)), Map.of("report", TEXT));

        assertThat(found.steps()).isEmpty();
        assertThat(found.yields()).containsEntry("report", "${input.report}");
    }

    @Test
    void two_quick_steps_beside_each_other_are_better_than_one_slow_one() {
        var found =
                found(
                        List.of(known("topic", TEXT)),
                        Map.of("report", TEXT),
                        offer("a", Map.of("topic", TEXT), Map.of("left", TEXT), 0.01, 60),
                        offer("b", Map.of("topic", TEXT), Map.of("right", TEXT), 0.01, 60),
                        offer("slow", Map.of("topic", TEXT), both("left", "right"), 0.01, 100),
                        offer("write", both("left", "right"), Map.of("report", TEXT), 0.01, 10));

        assertThat(found.steps()).extracting(Step::name).containsExactly("a", "b", "write");
        assertThat(found.seconds()).isEqualTo(70);
    }

    @Test
    void what_fails_often_is_passed_by_where_that_is_worth_its_money() {
        var shaky = offer("shaky", Map.of(), Map.of("page", TEXT), new Estimate(0.01, 1, 0.5));
        var sure = offer("sure", Map.of(), Map.of("page", TEXT), new Estimate(0.05, 1, 1));

        assertThat(found(List.of(), Map.of("page", TEXT), shaky, sure).steps())
                .extracting(Step::name)
                .containsExactly("sure");
        assertThat(
                        ((Found)
                                        Search.find(
                                                new Problem(
                                                        List.of(),
                                                        wants(Map.of("page", TEXT)),
                                                        List.of(shaky, sure),
                                                        List.of(),
                                                        new Worth(0, 0, 1),
                                                        List.of())))
                                .steps())
                .extracting(Step::name)
                .containsExactly("shaky");
    }

    @Test
    void a_fact_of_another_type_is_another_fact() {
        var found =
                found(
                        List.of(known("n", TEXT)),
                        Map.of("sum", Scalar.NUMBER),
                        offer("parse", Map.of("n", TEXT), Map.of("n", Scalar.INT)),
                        offer("add", Map.of("n", Scalar.NUMBER), Map.of("sum", Scalar.NUMBER)));

        assertThat(found.steps()).extracting(Step::name).containsExactly("parse", "add");
        assertThat(found.steps().get(1).input()).containsEntry("n", "${parse.n}");
    }

    @Test
    void fields_that_need_not_be_there_are_given_where_that_costs_nothing() {
        var input = new LinkedHashMap<String, Type.Field>();
        input.put("page", Type.Field.required(TEXT));
        input.put("topic", new Type.Field(TEXT, false, null));
        input.put("style", new Type.Field(TEXT, false, null));
        var write =
                new Offer(
                        new Skill(
                                new SkillId("write"),
                                new Struct(input, false),
                                struct(Map.of("report", TEXT))),
                        Estimate.UNKNOWN);
        var found =
                found(
                        List.of(known("topic", TEXT)),
                        Map.of("report", TEXT),
                        offer("fetch", Map.of("topic", TEXT), Map.of("page", TEXT)),
                        write,
                        offer("decide", Map.of(), Map.of("style", TEXT)));

        assertThat(found.steps()).extracting(Step::name).containsExactly("fetch", "write");
        assertThat(found.steps().get(1).input()).containsOnlyKeys("page", "topic");
    }

    @Test
    void names_are_words_that_nothing_else_has() {
        var problem =
                new Problem(
                        List.of(),
                        wants(Map.of("out", TEXT)),
                        List.of(
                                offer("fetch", Map.of(), Map.of("a", TEXT)),
                                offer("input", Map.of("a", TEXT), Map.of("b", TEXT)),
                                offer("Write-It", Map.of("b", TEXT), Map.of("out", TEXT))),
                        List.of(),
                        Worth.DEFAULT,
                        List.of("fetch"));

        assertThat(((Found) Search.find(problem)).steps())
                .extracting(Step::name)
                .containsExactly("fetch_2", "do_input", "write_it");
    }

    // ---- lists

    @Test
    void a_skill_is_used_for_each_item_where_only_a_list_is_known() {
        var passage = struct(Map.of("text", TEXT, "source", TEXT));
        var found =
                found(
                        List.of(known("query", TEXT)),
                        Map.of("answer", TEXT),
                        offer(
                                "retrieve",
                                Map.of("query", TEXT),
                                Map.of("passages", new ListOf(passage))),
                        offer("summarize", both("query", "text"), Map.of("note", TEXT)),
                        offer(
                                "compose",
                                Map.of("notes", new ListOf(Struct.OPEN)),
                                Map.of("answer", TEXT)));

        var read = found.steps().get(1);
        assertThat(read.each()).isEqualTo("${retrieve.passages}");
        assertThat(read.input())
                .containsEntry("query", "${input.query}")
                .containsEntry("text", "${item.text}");
        assertThat(found.steps().get(2).input()).containsEntry("notes", "${summarize}");
        assertThat(read.usd()).isEqualTo(Estimate.UNKNOWN.usd() * Worth.DEFAULT.items());
    }

    @Test
    void lists_of_texts_are_taken_apart_and_put_together() {
        var found =
                found(
                        List.of(known("words", new ListOf(TEXT))),
                        Map.of("shouts", new ListOf(TEXT)),
                        offer("shout", Map.of("word", TEXT), Map.of("shout", TEXT)));

        assertThat(found.steps().getFirst().each()).isEqualTo("${input.words}");
        assertThat(found.steps().getFirst().input()).containsEntry("word", "${item}");
        assertThat(found.yields()).containsEntry("shouts", "${shout.map(r, r.shout)}");
    }

    @Test
    void a_list_is_not_taken_apart_where_one_is_known() {
        var found =
                found(
                        List.of(known("words", new ListOf(TEXT)), known("word", TEXT)),
                        Map.of("shout", TEXT),
                        offer("shout", Map.of("word", TEXT), Map.of("shout", TEXT)));

        assertThat(found.steps().getFirst().each()).isNull();
    }

    // ---- no plan

    @Test
    void what_is_missing_is_named_with_who_needs_it() {
        var none =
                none(
                        List.of(known("topic", TEXT)),
                        Map.of("report", TEXT),
                        offer("fetch", Map.of("topic", TEXT), Map.of("page", TEXT)),
                        offer("price", both("page", "budget"), Map.of("offer", TEXT)),
                        offer("write", Map.of("offer", TEXT), Map.of("report", TEXT)));

        assertThat(none.missing()).hasSize(1);
        assertThat(none.missing().getFirst().name()).isEqualTo("budget");
        assertThat(none.missing().getFirst().neededBy()).containsExactly(new SkillId("price"));
        assertThat(none.then())
                .extracting(SkillId::value)
                .containsExactly("fetch", "price", "write");
        assertThat(none.producible()).containsExactly("page");
    }

    @Test
    void the_way_that_lacks_the_fewest_facts_is_the_one_that_is_explained() {
        var none =
                none(
                        List.of(),
                        Map.of("report", TEXT),
                        offer("a", both("x", "y"), Map.of("report", TEXT)),
                        offer("b", Map.of("p", TEXT), Map.of("q", TEXT)),
                        offer("c", Map.of("q", TEXT), Map.of("report", TEXT)));

        assertThat(none.missing()).extracting(Answer.Missing::name).containsExactly("p");
    }

    @Test
    void a_skill_that_nobody_has_is_named_as_a_help() {
        var problem =
                new Problem(
                        List.of(known("topic", TEXT)),
                        wants(Map.of("report", TEXT)),
                        List.of(offer("write", Map.of("page", TEXT), Map.of("report", TEXT))),
                        List.of(
                                offer("fetch", Map.of("topic", TEXT), Map.of("page", TEXT))
                                        .skill()),
                        Worth.DEFAULT,
                        List.of());

        var none = (None) Search.find(problem);

        assertThat(none.missing().size() + none.skills().size()).isEqualTo(1);
    }

    @Test
    void a_wrong_type_and_a_slip_of_the_pen_are_told() {
        var wrong =
                none(
                        List.of(known("topic", new ListOf(Scalar.INT))),
                        Map.of("page", TEXT),
                        offer("fetch", Map.of("topic", TEXT), Map.of("page", TEXT)));
        var slip =
                none(
                        List.of(known("topci", TEXT)),
                        Map.of("page", TEXT),
                        offer("fetch", Map.of("topic", TEXT), Map.of("page", TEXT)));

        assertThat(wrong.missing().getFirst().instead())
                .isEqualTo("`topic` is known, but as [int], not string");
        assertThat(slip.missing().getFirst().instead()).isEqualTo("there is `topci`");
    }

    @Test
    void skills_that_only_yield_what_they_need_are_explained_as_well() {
        var none =
                none(
                        List.of(),
                        Map.of("report", TEXT),
                        offer("a", Map.of("b", TEXT), Map.of("a", TEXT)),
                        offer("b", Map.of("a", TEXT), Map.of("b", TEXT)),
                        offer("c", both("a", "b"), Map.of("report", TEXT)));

        assertThat(none.missing()).hasSize(1);
    }

    @Test
    void estimates_that_mean_nothing_are_refused() {
        assertThatThrownBy(() -> new Estimate(-1, 0, 1)).hasMessageContaining("dollars");
        assertThatThrownBy(() -> new Estimate(0, Double.NaN, 1)).hasMessageContaining("seconds");
        assertThatThrownBy(() -> new Estimate(0, 0, 0)).hasMessageContaining("success");
        assertThatThrownBy(() -> new Worth(0, 0, 0)).hasMessageContaining("items");
    }

    // ---- what is asked

    private static Found found(List<Fact> known, Map<String, Type> wanted, Offer... offers) {
        return (Found) find(known, wanted, offers);
    }

    private static None none(List<Fact> known, Map<String, Type> wanted, Offer... offers) {
        return (None) find(known, wanted, offers);
    }

    private static Answer find(List<Fact> known, Map<String, Type> wanted, Offer... offers) {
        return Search.find(
                new Problem(
                        known,
                        wants(wanted),
                        List.of(offers),
                        List.of(),
                        Worth.DEFAULT,
                        List.of()));
    }

    private static SequencedMap<String, Type> wants(Map<String, Type> wanted) {
        return new LinkedHashMap<>(wanted);
    }

    private static Fact known(String name, Type type) {
        return new Fact(name, type, "${input." + name + "}");
    }

    private static Map<String, Type> both(String one, String other) {
        return Map.of(one, TEXT, other, TEXT);
    }

    private static Offer offer(
            String name, Map<String, Type> input, Map<String, Type> output, double... estimate) {
        return offer(
                name,
                input,
                output,
                estimate.length == 0
                        ? Estimate.UNKNOWN
                        : new Estimate(estimate[0], estimate[1], 1));
    }

    private static Offer offer(
            String name, Map<String, Type> input, Map<String, Type> output, Estimate estimate) {
        return new Offer(new Skill(new SkillId(name), struct(input), struct(output)), estimate);
    }

    private static Struct struct(Map<String, Type> fields) {
        var all = new LinkedHashMap<String, Type.Field>();
        fields.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(field -> all.put(field.getKey(), Type.Field.required(field.getValue())));
        return new Struct(all, false);
    }
}
