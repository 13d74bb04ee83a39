package dev.tutti.core.expression;

import static dev.tutti.core.event.Value.array;
import static dev.tutti.core.event.Value.struct;
import static dev.tutti.core.event.Value.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutti.core.event.Fault;
import dev.tutti.core.event.Value;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExpressionsTest {
    private final Expressions expressions = new Expressions();

    private static final Map<String, Value> VARIABLES =
            Map.of(
                    "input",
                    struct(
                            "question",
                            text("What does WAL change?"),
                            "k",
                            Value.of(3),
                            "rate",
                            new Value.Real(0.5)),
                    "search",
                    struct(
                            "passages",
                            array(
                                    struct("text", text("one"), "score", new Value.Real(0.9)),
                                    struct("text", text("two"), "score", Value.of(0))),
                            "odd key",
                            Value.of(true)),
                    "skipped",
                    Value.NULL,
                    "numbers",
                    array(Value.of(1), Value.of(2), Value.of(3)));

    private Value render(String template) {
        return expressions.render(template, VARIABLES::get);
    }

    @Test
    void a_path_alone_keeps_its_type() {
        assertThat(render("${input.k}")).isEqualTo(Value.of(3));
        assertThat(render("${ search.passages[1].text }")).isEqualTo(text("two"));
        assertThat(render("${search[\"odd key\"]}")).isEqualTo(Value.of(true));
        assertThat(render("${numbers}")).isEqualTo(array(Value.of(1), Value.of(2), Value.of(3)));
    }

    @Test
    void literals_need_no_cel() {
        assertThat(render("${12}")).isEqualTo(Value.of(12));
        assertThat(render("${-0.5}")).isEqualTo(new Value.Real(-0.5));
        assertThat(render("${'a}b'}")).isEqualTo(text("a}b"));
        assertThat(render("${true}")).isEqualTo(Value.of(true));
        assertThat(render("${null}")).isEqualTo(Value.NULL);
    }

    @Test
    void mixed_text_takes_strings_as_they_are_and_the_rest_as_json() {
        assertThat(render("Q: ${input.question} (${input.k}, ${input.rate}, ${skipped})"))
                .isEqualTo(text("Q: What does WAL change? (3, 0.5, null)"));
        assertThat(render("see ${search.passages[0]}"))
                .isEqualTo(text("see {\"text\":\"one\",\"score\":0.9}"));
    }

    @Test
    void a_doubled_dollar_stands_for_itself() {
        assertThat(render("$${input.k}")).isEqualTo(text("${input.k}"));
        assertThat(render("$$${input.k}")).isEqualTo(text("$${input.k}"));
        assertThat(render("costs $5")).isEqualTo(text("costs $5"));
    }

    @Test
    void a_path_through_null_gives_null() {
        assertThat(render("${skipped.passages[0].text}")).isEqualTo(Value.NULL);
        assertThat(render("${skipped.passages == null}")).isEqualTo(Value.of(true));
    }

    @Test
    void a_missing_field_is_named_with_what_there_is() {
        assertThatThrownBy(() -> render("${search.passages[0].txt}"))
                .isInstanceOf(ExpressionException.class)
                .hasMessage("`search.passages[0]` has no field `txt` (has: text, score)");
        assertThatThrownBy(() -> render("${search.passages.text}"))
                .hasMessage("`search.passages` is a list, not an object");
        assertThatThrownBy(() -> render("${numbers[7]}"))
                .hasMessage("`numbers` has 3 items, none at 7");
        assertThatThrownBy(() -> render("${size(search.passagez) > 0}"))
                .hasMessage("`search` has no field `passagez` (has: passages, odd key)");
        assertThatThrownBy(() -> render("${serach.passages}"))
                .hasMessage("`serach` is not known here");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    ${size(search.passages) > 1}                                  | true
                    ${input.k * 2 + 1}                                            | 7
                    ${has(search.passages)}                                       | true
                    ${has(search.nothing)}                                        | false
                    ${has(skipped.note)}                                          | false
                    ${search.passages.exists(p, p.score > 0.5)}                   | true
                    ${search.passages.all(p, has(p.text))}                        | true
                    ${search.passages.all(p, has(p.note))}                        | false
                    ${search.passages.filter(p, p.score > 0.5).map(p, p.text)[0]} | one
                    ${numbers.map(n, n * input.k)[2]}                             | 9
                    ${input.rate * 2}                                             | 1.0
                    ${input.k + input.rate}                                       | 3.5
                    ${'two' in search.passages.map(p, p.text)}                    | true
                    ${input.question.startsWith('What')}                          | true
                    ${skipped == null ? 'none' : skipped.note}                    | none
                    ${has(input.k) && input.k > 2 ? 'many' : 'few'}               | many
                    ${type(input.k) == int}                                       | true
                    ${input.question.matches('WAL')}                              | true
                    ${[1, 2].exists(i, numbers.exists(j, i + j == 5))}            | true
                    ${input.k == 3.0}                                             | true
                    """)
    void cel_computes(String template, String result) {
        assertThat(render("" + template + "!")).isEqualTo(text(result + "!"));
    }

    @Test
    void braces_and_quotes_within_an_expression_are_its_own() {
        assertThat(render("${{'note': input.question, 'more': {'k': input.k}}}"))
                .isEqualTo(
                        struct(
                                "note",
                                text("What does WAL change?"),
                                "more",
                                struct("k", Value.of(3))));
        assertThat(render("${ {'a': '}'} }")).isEqualTo(struct("a", text("}")));
        assertThat(render("${'it\\'s }' + \"}\"}")).isEqualTo(text("it's }}"));
        assertThat(render("${size(r'\\d}') + size('''}'\"'''+\"'\")}")).isEqualTo(Value.of(7));
    }

    @Test
    void templates_are_rendered_in_depth_and_shared_where_nothing_changes() {
        var plain = struct("a", array(Value.of(1), text("x")));
        assertThat(expressions.render(plain, VARIABLES::get)).isSameAs(plain);
        assertThat(
                        expressions.render(
                                struct("a", array(text("${input.k}"), Value.of(1))),
                                VARIABLES::get))
                .isEqualTo(struct("a", array(Value.of(3), Value.of(1))));
    }

    @Test
    void references_come_with_their_place() {
        assertThat(
                        expressions.references(
                                "x ${search.passages[0].text} and ${size(read) > input.k}"))
                .containsExactly(
                        new Reference(
                                "search", List.of("passages", "0", "text"), new Fault.Span(4, 27)),
                        new Reference("read", List.of(), new Fault.Span(40, 44)),
                        new Reference("input", List.of("k"), new Fault.Span(48, 55)));
        assertThat(expressions.references("${a.filter(x, x.y > b.z).map(i, i.w + c)}"))
                .extracting(Reference::variable)
                .containsExactly("a", "b", "c");
        assertThat(expressions.references("${has(a.b.c)}"))
                .containsExactly(new Reference("a", List.of("b", "c"), new Fault.Span(6, 11)));
        assertThat(expressions.references("${'é漢😀' == a.b}"))
                .containsExactly(new Reference("a", List.of("b"), new Fault.Span(12, 15)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "#{7*7}",
                "{{7*7}}",
                "<%= 7*7 %>",
                "$(7*7)",
                "%{7*7}",
                "T(java.lang.Runtime).getRuntime().exec('id')",
                "$7*7",
                "{7*7}"
            })
    void other_template_languages_are_plain_text(String text) {
        assertThat(render(text)).isEqualTo(text(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "${7*7}",
                "${jndi:ldap://127.0.0.1:1389/a}",
                "${secret:OPENAI_KEY}",
                "${input.k}",
                "$${x}"
            })
    void what_data_contains_is_never_evaluated(String hostile) {
        Scope scope = name -> struct("text", text(hostile), hostile, text(hostile));
        assertThat(expressions.render("${a.text}", scope)).isEqualTo(text(hostile));
        assertThat(expressions.render("<${a.text}>", scope)).isEqualTo(text("<" + hostile + ">"));
        assertThat(expressions.render("${a.text + ''}", scope)).isEqualTo(text(hostile));
        assertThat(expressions.render("${a}", scope)).isEqualTo(scope.get("a"));
        assertThatThrownBy(() -> expressions.render("${a.b}", scope)).hasMessageContaining(hostile);
        var key = new LinkedHashMap<String, Value>();
        key.put(hostile, text("${a.text}"));
        assertThat(expressions.render(new Value.Struct(key), scope))
                .isEqualTo(struct(hostile, text(hostile)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    a ${b              | E-CEL-02 | 2  | 4
                    ${'b}              | E-CEL-02 | 0  | 2
                    ${}                | E-CEL-01 | 0  | 3
                    ${jndi:ldap://x}   | E-CEL-01 | 6  | 7
                    ${a +}             | E-CEL-01 | 4  | 5
                    ${a b}             | E-CEL-01 | 4  | 5
                    ${1 ? 2}           | E-CEL-01 | 2  | 8
                    """)
    void what_cannot_be_read_is_marked(String template, String code, int from, int to) {
        assertThat(expressions.faults(template))
                .singleElement()
                .satisfies(fault -> {
                    assertThat(fault.code()).isEqualTo(code);
                    var span = Objects.requireNonNull(fault.span());
                    assertThat(span.from()).isBetween(from, to);
                });
        assertThatThrownBy(() -> render(template)).isInstanceOf(ExpressionException.class);
    }

    @Test
    void failures_are_told_in_one_sentence() {
        assertThatThrownBy(() -> render("${1 / (input.k - 3)}"))
                .hasMessage("`1 / (input.k - 3)`: division by zero");
        assertThatThrownBy(() -> render("${input.question + input.k}"))
                .hasMessage("`input.question + input.k`: `+` does not take values of these types");
        assertThatThrownBy(() -> render("${1.0 / 0.0}")).hasMessageContaining("Infinity");
        assertThatThrownBy(() -> render("${{1: 2}}")).hasMessageContaining("keys are strings");
    }
}
