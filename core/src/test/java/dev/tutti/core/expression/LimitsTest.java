package dev.tutti.core.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutti.core.event.Value;
import java.time.Duration;
import java.util.Collections;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class LimitsTest {
    private final Expressions expressions = new Expressions();
    private final Value.Array many =
            new Value.Array(Collections.nCopies(1_000, Value.text("x".repeat(1_000))));
    private final Scope scope = name -> many;

    @Test
    void nested_loops_stop_at_a_limit() {
        assertThatThrownBy(() ->
                        expressions.render(
                                "${a.all(x, a.all(y, a.all(z, x == y || y == z || true)))}", scope))
                .isInstanceOf(ExpressionException.class)
                .hasMessageContaining("more work than an expression may");
    }

    @Test
    void strings_cannot_be_doubled_without_end() {
        var expression = doubledOften("a[0]");
        assertThatThrownBy(() -> expressions.render("${" + expression + "}", scope))
                .isInstanceOf(ExpressionException.class)
                .hasMessageContaining("more work than an expression may");
    }

    @Test
    void lists_cannot_be_doubled_without_end() {
        var expression = doubledOften("a");
        assertThatThrownBy(() -> expressions.render("${size(" + expression + ")}", scope))
                .isInstanceOf(ExpressionException.class)
                .hasMessageContaining("more work than an expression may");
    }

    /// Twelve loops within each other, each making its element sixty times as long.
    private static String doubledOften(String from) {
        var expression = from;
        for (int i = 0; i < 12; i++) {
            expression = "[" + expression + "].map(s, " + "s+".repeat(60) + "s)[0]";
        }
        return expression;
    }

    @Test
    void honest_work_is_not_refused() {
        var passages =
                new Value.Array(
                        IntStream.range(0, 10_000)
                                .<Value>mapToObj(i ->
                                        Value.struct(
                                                "text",
                                                Value.text("p".repeat(500)),
                                                "score",
                                                Value.of(i)))
                                .toList());
        assertThat(
                        expressions.render(
                                "${a.filter(p, p.score % 2 == 0 && size(p.text) > 3).map(p, p.score).size()}",
                                _ -> passages))
                .isEqualTo(Value.of(5_000));
    }

    @Test
    void deep_nesting_and_long_text_are_refused() {
        for (var deep :
                new String[] {
                    "(".repeat(4_000) + "a" + ")".repeat(4_000),
                    "a" + "+a".repeat(4_000),
                    "[".repeat(4_000) + "]".repeat(4_000),
                    "a ? b : ".repeat(1_000) + "c"
                }) {
            assertThat(expressions.faults("${" + deep + "}"))
                    .singleElement()
                    .satisfies(fault -> assertThat(fault.code()).isEqualTo("E-CEL-05"));
        }
        assertThat(expressions.faults("${" + "a".repeat(9_000) + " + " + "b".repeat(9_000) + "}"))
                .singleElement()
                .satisfies(fault -> assertThat(fault.code()).isEqualTo("E-CEL-05"));
    }

    @Test
    void a_text_of_many_holes_is_limited() {
        assertThatThrownBy(() -> expressions.render("${a}".repeat(100), scope))
                .hasMessageContaining("characters at most");
    }

    @Test
    void a_variable_in_a_loop_is_fetched_once() {
        var fetches = new AtomicInteger();
        Scope counting =
                name -> {
                    fetches.incrementAndGet();
                    return name.equals("b") ? Value.of(1) : many;
                };
        expressions.render("${a.all(x, size(x) > b)}", counting);
        assertThat(fetches).hasValue(2);
    }

    @Test
    void a_path_costs_next_to_nothing() {
        Scope small = name -> Value.struct("b", Value.of(1));
        for (int i = 0; i < 100_000; i++) {
            expressions.render("${a.b}", small);
        }
        long start = System.nanoTime();
        for (int i = 0; i < 100_000; i++) {
            expressions.render("${a.b}", small);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(500));
    }
}
