package dev.tutti.runtime.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutti.core.event.Value;
import dev.tutti.core.expression.Expressions;
import dev.tutti.core.expression.Scope;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class SecretsTest {
    private static final Value.Struct ENVIRONMENT =
            Value.struct("KEY", Value.text("s3cret ${input.q}"), "EMPTY", Value.text(""));
    private final Expressions expressions = new Expressions();

    private Value rendered(Value settings, Value.Struct input) {
        Scope scope = variable -> variable.equals("input") ? input : null;
        return new Secrets(ENVIRONMENT).around(named -> expressions.render(named, scope), settings);
    }

    @Test
    void a_secret_is_put_where_it_is_named_and_is_not_evaluated() {
        var settings =
                Value.struct(
                        "key", Value.text("Bearer ${ secret.KEY }"), "q", Value.text("${input.q}"));
        assertThat(rendered(settings, Value.struct("q", Value.text("hello"))))
                .isEqualTo(
                        Value.struct(
                                "key",
                                Value.text("Bearer s3cret ${input.q}"),
                                "q",
                                Value.text("hello")));
    }

    @Test
    void data_that_names_a_secret_gets_none() {
        var settings =
                Value.struct("key", Value.text("${secret.KEY}"), "q", Value.text("${input.q}"));
        for (var data : new String[] {"${secret.KEY}", "<secret KEY>", "<secret  KEY>"}) {
            var rendered = (Value.Struct) rendered(settings, Value.struct("q", Value.text(data)));
            assertThat(rendered.get("q")).isEqualTo(Value.text(data));
        }
    }

    @Test
    void a_secret_that_is_not_there_is_named_with_the_mend() {
        for (var name : new String[] {"NONE", "EMPTY"}) {
            var settings = Value.struct("key", Value.text("${secret." + name + "}"));
            assertThatThrownBy(() -> rendered(settings, Value.Struct.EMPTY))
                    .hasMessage(
                            "there is no secret `"
                                    + name
                                    + "`: set the environment variable "
                                    + name);
        }
    }
}
