package dev.tutti.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.Value;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class AlterationTest {

    private static Value subject(Map<String, ?> then, Map<String, ?> now) {
        return Value.from(Map.of("tool", "box.mail", "then", then, "now", now));
    }

    @Test
    void what_is_gone_and_what_is_new_stands_line_by_line_and_nothing_else() {
        var then =
                Map.of(
                        "sha256", "00",
                        "description", "Reads mail.\nOf one folder.",
                        "input", Map.of("type", "object", "required", List.of("folder")));
        var now =
                Map.of(
                        "sha256", "11",
                        "description", "Reads mail.\nOf all folders.",
                        "input", Map.of("required", List.of("folder"), "type", "object"));
        assertThat(Alteration.of(subject(then, now)))
                .containsExactly(
                        "description:", "  Reads mail.", "- Of one folder.", "+ Of all folders.");
    }

    @Test
    void a_schema_is_shown_by_its_lines_with_two_around_what_changed() {
        var schema = new TreeMap<String, Object>();
        for (char field = 'a'; field <= 'z'; field++) {
            schema.put(String.valueOf(field), 1);
        }
        var then = Map.of("input", new TreeMap<>(schema));
        schema.put("m", 2);
        assertThat(Alteration.of(subject(then, Map.of("input", schema))))
                .containsExactly(
                        "input:",
                        "  …",
                        "    \"k\" : 1,",
                        "    \"l\" : 1,",
                        "-   \"m\" : 1,",
                        "+   \"m\" : 2,",
                        "    \"n\" : 1,",
                        "    \"o\" : 1,",
                        "  …");
    }

    @Test
    void what_was_not_known_then_is_new() {
        assertThat(
                        Alteration.of(
                                subject(
                                        Map.of("description", "Reads."),
                                        Map.of("description", "Reads.", "read_only", true))))
                .containsExactly("read_only:", "+ true");
    }

    @Test
    void a_text_cannot_hide_lines_by_moving_the_cursor() {
        assertThat(
                        Alteration.of(
                                subject(
                                        Map.of("description", "Reads."),
                                        Map.of("description", "Reads.\u001b[1A\u202eevil"))))
                .containsExactly("description:", "- Reads.", "+ Reads.\\x1b[1A\\u202eevil");
    }

    @Test
    void a_long_change_says_how_much_of_it_is_not_shown() {
        assertThat(
                        Alteration.of(
                                subject(
                                        Map.of("description", ""),
                                        Map.of("description", "line\n".repeat(1_000)))))
                .hasSize(401)
                .last()
                .isEqualTo("… 601 lines more: --json has all of it");
    }

    @Test
    void other_subjects_have_none() {
        assertThat(Alteration.of(Value.NULL)).isEmpty();
        assertThat(Alteration.of(Value.from(Map.of("then", "monday", "now", "tuesday")))).isEmpty();
        assertThat(Alteration.of(subject(Map.of("a", 1), Map.of("a", 1)))).isEmpty();
    }
}
