package dev.tutti.teamfile;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.json.Json;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SchemaTest {
    private static final Schema SCHEMA = schema();

    private static String text() {
        try {
            return RenderedFaultsTest.resource("/dev/tutti/team.schema.json");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Schema schema() {
        return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(text(), InputFormat.JSON);
    }

    private static List<String> complaints(String yaml) {
        var document = TeamFile.parse(yaml, "team.yaml").document();
        return SCHEMA.validate(Json.text(document), InputFormat.JSON).stream()
                .map(error -> error.getInstanceLocation() + " " + error.getMessage())
                .toList();
    }

    @Test
    void the_example_is_valid() throws IOException {
        assertThat(complaints(RenderedFaultsTest.resource("answer.yaml"))).isEmpty();
        assertThat(TeamFile.parse(RenderedFaultsTest.resource("answer.yaml"), "team.yaml").faults())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"keys", "numbers", "policies"})
    void what_the_reader_refuses_for_its_form_the_schema_refuses_too(String name)
            throws IOException {
        assertThat(complaints(RenderedFaultsTest.resource("faulty/" + name + ".yaml")))
                .isNotEmpty();
    }

    static Map<String, Keys> parts() {
        return Map.ofEntries(
                Map.entry("skill", Keys.SKILL),
                Map.entry("agent", Keys.AGENT),
                Map.entry("limits", Keys.LIMITS),
                Map.entry("quota", Keys.QUOTA),
                Map.entry("dispatch", Keys.DISPATCH),
                Map.entry("meant", Keys.MEANT),
                Map.entry("workflow", Keys.WORKFLOW),
                Map.entry("task", Keys.TASK),
                Map.entry("each", Keys.EACH),
                Map.entry("loop", Keys.LOOP),
                Map.entry("group", Keys.GROUP),
                Map.entry("await", Keys.AWAIT),
                Map.entry("emit", Keys.EMIT),
                Map.entry("verify", Keys.VERIFY),
                Map.entry("compensate", Keys.COMPENSATE),
                Map.entry("join", Keys.JOIN),
                Map.entry("retry", Keys.RETRY),
                Map.entry("timeout", Keys.TIMEOUT),
                Map.entry("model", Keys.MODEL),
                Map.entry("price", Keys.PRICE),
                Map.entry("toolbox", Keys.TOOLBOX),
                Map.entry("rule", Keys.RULE),
                Map.entry("context", Keys.CONTEXT),
                Map.entry("recall", Keys.RECALL));
    }

    static List<String> partNames() {
        return parts().keySet().stream().sorted().toList();
    }

    @ParameterizedTest
    @MethodSource("partNames")
    void the_schema_knows_the_keys_that_the_reader_knows(String part) {
        var definitions = (Value.Struct) field((Value.Struct) Json.parse(text()), "$defs");
        assertThat(keys((Value.Struct) field(definitions, part)))
                .isEqualTo(field(parts(), part).known());
    }

    @Test
    void the_schema_knows_the_parts_of_a_file() {
        assertThat(keys((Value.Struct) Json.parse(text()))).isEqualTo(Keys.FILE.known());
    }

    private static List<String> keys(Value.Struct schema) {
        return List.copyOf(((Value.Struct) field(schema, "properties")).fields().keySet());
    }

    private static Value field(Value.Struct struct, String name) {
        var value = struct.get(name);
        assertThat(value).as(name).isNotNull();
        return value == null ? Value.NULL : value;
    }

    private static Keys field(Map<String, Keys> parts, String name) {
        var keys = parts.get(name);
        assertThat(keys).as(name).isNotNull();
        return keys == null ? Keys.FILE : keys;
    }
}
