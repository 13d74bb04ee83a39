package dev.tutti.core.goal;

import static dev.tutti.core.event.Value.struct;
import static dev.tutti.core.event.Value.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.tutti.core.event.Fault;
import dev.tutti.core.event.Type;
import dev.tutti.core.event.Value;
import java.util.LinkedHashMap;
import org.junit.jupiter.api.Test;

class InputsTest {
    private static final Type.Struct DECLARED = declared();

    private static Type.Struct declared() {
        var fields = new LinkedHashMap<String, Type.Field>();
        fields.put("question", Type.Field.required(Type.Scalar.STRING));
        fields.put("folder", new Type.Field(Type.Scalar.STRING, false, text("docs")));
        fields.put("k", new Type.Field(Type.Scalar.INT, false, null));
        return new Type.Struct(fields, false);
    }

    @Test
    void defaults_are_filled_in_and_the_order_is_that_of_the_declaration() {
        var inputs = Inputs.bind(DECLARED, struct("k", Value.of(3), "question", text("why?")));
        assertThat(inputs.faults()).isEmpty();
        assertThat(inputs.values().fields().keySet()).containsExactly("question", "folder", "k");
        assertThat(inputs.values().get("folder")).isEqualTo(text("docs"));
    }

    @Test
    void everything_wrong_is_reported_at_once() {
        var inputs = Inputs.bind(DECLARED, struct("qestion", text("why?"), "k", text("three")));
        assertThat(inputs.faults())
                .extracting(Fault::code, Fault::help)
                .containsExactly(
                        tuple("E-INPUT-01", "add `--input question=…`"),
                        tuple("E-TYPE-01", null),
                        tuple("E-INPUT-02", "write `question`"));
    }

    @Test
    void values_are_never_read_as_templates() {
        var inputs = Inputs.bind(DECLARED, struct("question", text("${7*7} ${secret.KEY}")));
        assertThat(inputs.values().get("question")).isEqualTo(text("${7*7} ${secret.KEY}"));
    }
}
