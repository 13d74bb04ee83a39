package dev.tutti.core.expression;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.Fault;
import dev.tutti.core.event.Type;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CheckTest {
    private final Expressions expressions = new Expressions();

    private static Type.Struct object(Object... namesAndTypes) {
        var fields = new LinkedHashMap<String, Type.Field>();
        for (int i = 0; i < namesAndTypes.length; i += 2) {
            fields.put((String) namesAndTypes[i], Type.Field.required((Type) namesAndTypes[i + 1]));
        }
        return new Type.Struct(fields, false);
    }

    private static final Map<String, Type> TYPES =
            Map.of(
                    "input",
                    object(
                            "question",
                            Type.Scalar.STRING,
                            "k",
                            Type.Scalar.INT,
                            "rate",
                            Type.Scalar.NUMBER),
                    "search",
                    object("passages", new Type.ListOf(object("text", Type.Scalar.STRING))),
                    "free",
                    Type.Struct.OPEN,
                    "any",
                    Type.Any.ANY);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    ${input.k}                                       | int
                    ${search.passages}                               | [{text}]
                    ${search.passages[0].text}                       | string
                    ${free.what.ever}                                | any
                    Q: ${input.k}                                    | string
                    plain                                            | string
                    ${input.k > 2}                                   | bool
                    ${input.rate > 2}                                | bool
                    ${input.rate * 2.0}                              | number
                    ${search.passages.map(p, p.text)}                | [any]
                    ${search.passages.filter(p, p.text != '')}       | [object]
                    ${{'note': input.question, 'n': input.k}}        | {note, n}
                    ${search == null}                                | bool
                    ${has(search.passages) && any.x > 3}             | bool
                    ${size(search.passages)}                         | int
                    ${any ? input.question : 'none'}                 | string
                    """)
    void types_are_known_beforehand(String template, String type) {
        var checked = expressions.check(template, TYPES::get);
        assertThat(checked.faults()).isEmpty();
        assertThat(checked.type()).hasToString(type);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    ${serach.passages}          | E-REF-01 | serach   | `serach` is not known here
                    ${search.pasages}           | E-REF-03 | pasages  | `search` has no field `pasages` (has: passages)
                    ${search.passages.text}     | E-REF-03 | text     | `search.passages` is a list, not an object
                    ${input.k.x}                | E-REF-03 | x        | `input.k` is an int, not an object
                    ${size(search.pasages) > 1} | E-REF-03 | pasages  | `search` has no field `pasages` (has: passages)
                    ${input.question > 3}       | E-CEL-03 | >        | `>` does not take (string, int)
                    ${foo(input.k)}             | E-CEL-03 | foo      | there is no function `foo`
                    ${'é漢😀' + input.k}        | E-CEL-03 | +        | `+` does not take (string, int)
                    """)
    void faults_are_marked(String template, String code, String marked, String message) {
        assertThat(expressions.check(template, TYPES::get).faults())
                .singleElement()
                .satisfies(fault -> {
                    assertThat(fault.code()).isEqualTo(code);
                    assertThat(fault.message()).isEqualTo(message);
                    assertThat(marked(template, fault)).isEqualTo(marked);
                });
    }

    private static String marked(String template, Fault fault) {
        var span = fault.span();
        return span == null ? template : template.substring(span.from(), span.to());
    }

    @Test
    void a_mend_can_be_pasted() {
        assertThat(expressions.check("${search.pasages}", TYPES::get).faults().getFirst().help())
                .isEqualTo("write `passages`");
    }

    @Test
    void checking_many_expressions_is_quick() {
        expressions.check("${input.k > 0}", TYPES::get);
        long start = System.nanoTime();
        for (int i = 0; i < 1_000; i++) {
            assertThat(expressions.check("${input.k > " + i + "}", TYPES::get).faults()).isEmpty();
        }
        long millis = (System.nanoTime() - start) / 1_000_000;
        System.out.println("1,000 expressions read and checked in " + millis + " ms");
        assertThat(millis).isLessThan(20_000);
    }
}
