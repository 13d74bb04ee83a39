package dev.tutti.runtime.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutti.core.event.Value;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class JsonTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                // duplicate names
                "{\"budget\":1,\"budget\":1e9}",
                "{\"a\":{\"b\":1,\"\\u0062\":2}}",
                // numbers beyond what is kept
                "1e999999999",
                "-1E400",
                "9223372036854775808",
                "-9223372036854775809",
                "1e-",
                "-0",
                "00",
                "+1",
                ".5",
                "0x10",
                "NaN",
                "Infinity",
                // not one plain document
                "",
                " ",
                "{}{}",
                "1 2",
                "{} x",
                "{'a':1}",
                "{a:1}",
                "/* c */ {}",
                "// c\n{}",
                "# c\n{}",
                "[1,]",
                "[,1]",
                "{\"a\":1,}",
                "{\"a\"}",
                "{\"a\":1",
                "[1}",
                "\"a\nb\"",
                "\"\\x41\"",
                "\"\\u12\"",
                "\"",
                "tru",
                "True",
                "undefined"
            })
    void what_is_not_plain_json_is_refused(String text) {
        assertThatThrownBy(() -> Json.parse(text)).isInstanceOf(JsonException.class);
    }

    @Test
    void a_number_of_a_million_digits_is_refused_at_once() {
        var number = "9".repeat(1_000_000);
        Json.parse("1");
        long start = System.nanoTime();

        assertThatThrownBy(() -> Json.parse(number)).isInstanceOf(JsonException.class);
        assertThatThrownBy(() -> Json.parse("0." + number)).isInstanceOf(JsonException.class);
        assertThatThrownBy(() -> Json.parse("1e" + number)).isInstanceOf(JsonException.class);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(500));
    }

    @Test
    void nesting_has_a_limit() {
        var deepest = "[".repeat(Json.DEEPEST) + "]".repeat(Json.DEEPEST);

        assertThat(Json.parse(deepest)).isInstanceOf(Value.Array.class);
        assertThatThrownBy(() -> Json.parse("[" + deepest + "]")).isInstanceOf(JsonException.class);
        assertThatThrownBy(() -> Json.parse("[".repeat(1_000_000)))
                .isInstanceOf(JsonException.class);
        assertThatThrownBy(() -> Json.parse("{\"a\":".repeat(1_000_000)))
                .isInstanceOf(JsonException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16BE", "UTF-16LE", "UTF-16", "UTF-32BE", "UTF-32LE", "ISO-8859-1"})
    void other_encodings_than_utf_8_are_refused(String charset) {
        var bytes = "{\"a\":\"ö\"}".getBytes(Charset.forName(charset));

        assertThatThrownBy(() -> Json.parse(bytes)).isInstanceOf(JsonException.class);
    }

    @Test
    void a_byte_order_mark_is_skipped() {
        assertThat(Json.parse("\uFEFF{}")).isEqualTo(Value.struct());
    }

    @Test
    void a_lone_surrogate_becomes_a_replacement_character_wherever_it_stands() {
        var value = Json.parse("[\"a\\udc00b\",\"\\ud83d\\ude00\"]");
        var named = Value.struct("\uD800", Value.text("x\uD800"));

        assertThat(value).isEqualTo(Value.array(Value.text("a\uFFFDb"), Value.text("😀")));
        assertThat(named).isEqualTo(Value.struct("\uFFFD", Value.text("x\uFFFD")));
        assertThat(Json.parse(Json.bytes(named))).isEqualTo(named);
        assertThatThrownBy(() -> Json.parse("{\"\\ud800\":1}")).isInstanceOf(JsonException.class);
    }

    @Test
    void an_error_names_the_place() {
        assertThatThrownBy(() -> Json.parse("{\"a\": 1,\n \"b\": 1e999}"))
                .isInstanceOfSatisfying(
                        JsonException.class,
                        e -> {
                            assertThat(e.line()).isEqualTo(2);
                            assertThat(e.column()).isEqualTo(7);
                        });
    }

    @Test
    void values_come_back_as_they_were() {
        var value =
                Value.struct(
                        "z",
                        Value.of(Long.MIN_VALUE),
                        "a",
                        new Value.Real(0.1),
                        "e",
                        new Value.Real(1e300),
                        "zero",
                        new Value.Real(-0.0),
                        "whole",
                        new Value.Real(5),
                        "t",
                        Value.text("\u0000\u001f\u007f\u2028é😀"),
                        "n",
                        Value.NULL,
                        "l",
                        Value.array(Value.of(false), Value.array(), Value.struct()));

        assertThat(Json.parse(Json.bytes(value))).isEqualTo(value);
        assertThat(Json.parse(Json.pretty(value))).isEqualTo(value);
        assertThat(new String(Json.bytes(value), StandardCharsets.UTF_8))
                .startsWith("{\"z\":-9223372036854775808,\"a\":0.1,\"e\":1.0E300,");
    }

    @Test
    void what_could_not_be_read_again_is_not_written() {
        assertThat(Json.parse(Json.bytes(nested(Json.DEEPEST)))).isEqualTo(nested(Json.DEEPEST));
        assertThatThrownBy(() -> Json.bytes(nested(Json.DEEPEST + 1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Json.bytes(nested(100_000)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_value_that_fits_leaves_room_for_what_is_put_around_it() {
        assertThat(Json.fits(nested(100))).isTrue();
        assertThat(Json.fits(nested(Json.DEEPEST))).isFalse();
        assertThat(Json.fits(nested(100_000))).isFalse();
        assertThat(Json.fits(Value.text("\u0001".repeat(5_000_000)))).isTrue();
        assertThat(Json.fits(Value.text("x".repeat(Json.LONGEST / 4)))).isFalse();
    }

    private static Value nested(int levels) {
        Value value = Value.NULL;
        for (int i = 0; i < levels; i++) {
            value = i % 2 == 0 ? Value.array(value) : Value.struct("a", value);
        }
        return value;
    }
}
