package dev.tutti.runtime.projection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.Value;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SubjectTest {

    private static String of(Object... namesAndValues) {
        var inputs = new LinkedHashMap<String, Object>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            inputs.put(namesAndValues[i].toString(), namesAndValues[i + 1]);
        }
        return Subject.of((Value.Struct) Value.from(inputs));
    }

    @Test
    void the_first_texts_tell_runs_apart() {
        assertThat(of("question", "Who owns a store?")).isEqualTo("Who owns a store?");
        assertThat(of("n", 3, "claim", "Tea is hot", "style", "short", "for", "us", "more", "no"))
                .isEqualTo("Tea is hot · short · us");
        assertThat(of()).isEmpty();
        assertThat(of("question", "  ")).isEmpty();
    }

    @Test
    void where_there_is_no_text_at_the_top_the_first_within_or_figures_do() {
        assertThat(of("n", 3, "texts", List.of("An ant", "A bee"))).isEqualTo("An ant");
        assertThat(of("order", Map.of("lines", List.of(Map.of("name", "tea"))))).isEqualTo("tea");
        assertThat(of("n", 3, "deep", true)).isEqualTo("n 3 · deep true");
    }

    @Test
    void it_is_one_short_line() {
        assertThat(of("text", "Two\n\tlines\u202E and \u0000 blanks "))
                .isEqualTo("Two lines and blanks");
        var long_ = of("a", "word ".repeat(100_000), "b", "more ".repeat(100));
        assertThat(long_).hasSizeBetween(120, 160).contains("word… · more").endsWith("more…");
        assertThat(of("a", "x".repeat(500))).hasSize(100).endsWith("x…");
        // A character of two units is never cut in half.
        assertThat(of("a", "😀".repeat(500)).codePoints().filter(c -> c == 0x1F600).count())
                .isEqualTo(99);
    }

    @Test
    void what_may_be_a_secret_is_never_in_it() {
        for (var name :
                List.of("password", "api_key", "apiKey", "access-key", "GITHUB_TOKEN", "key")) {
            assertThat(of(name, "hunter2", "q", "tea")).as(name).isEqualTo("tea");
            assertThat(of("login", Map.of(name, "hunter2"))).as(name).isEmpty();
        }
        for (var text :
                List.of(
                        "Bearer abc",
                        "-----BEGIN KEY-----",
                        "ghp_0123456789abcdef",
                        "eyJhbGciOiJIUzI1NiJ9.e30.x",
                        "0123456789abcdef0123456789abcdef")) {
            assertThat(of("what", text, "q", "tea")).as(text).isEqualTo("tea");
        }
        assertThat(of("url", "https://ana:pw@example.org/x")).isEqualTo("https://example.org/x");
        assertThat(of("author", "Ana", "passages", "two", "monkey", "ape"))
                .isEqualTo("Ana · two · ape");
        assertThat(of("order", "550e8400-e29b-41d4-a716-446655440000")).startsWith("550e");
    }
}
