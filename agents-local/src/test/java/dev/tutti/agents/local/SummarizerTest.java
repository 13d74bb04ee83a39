package dev.tutti.agents.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutti.core.event.Value;
import dev.tutti.runtime.agent.AgentExecutor;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class SummarizerTest {
    private static final String TEXT =
            "SQLite is a library that needs no server. A reader sees the database as it was when"
                    + " its transaction began. Readers do not block writers, and a writer does not"
                    + " block readers. The name of the company is not important here. A checkpoint"
                    + " moves the content of the log into the database.";

    private final AgentExecutor summarizer =
            Attempts.executor("local/summarizer", Value.struct(), Path.of("."), Path.of("."));

    @Test
    void the_sentences_that_bear_on_the_question_are_taken_as_they_stand() throws Exception {
        var output = sum(1, "Do readers block a writer?");

        assertThat(output.get("note"))
                .isEqualTo(
                        Value.text(
                                "Readers do not block writers, and a writer does not block"
                                        + " readers."));
        assertThat(sentences(output)).allMatch(TEXT::contains);
        assertThat(Attempts.number(output, "relevance")).isEqualTo(1);
    }

    @Test
    void sentences_keep_the_order_of_the_text() throws Exception {
        var sentences = sum(2, "checkpoint of the database for a reader");

        assertThat(sentences(sentences))
                .isSortedAccordingTo((a, b) -> Integer.compare(TEXT.indexOf(a), TEXT.indexOf(b)))
                .hasSize(2);
    }

    @Test
    void a_text_that_says_nothing_to_the_question_gives_an_empty_note() throws Exception {
        var output = sum(3, "How are bicycles repaired?");

        assertThat(output.get("note")).isEqualTo(Value.text(""));
        assertThat(output.get("relevance")).isEqualTo(new Value.Real(0));
        assertThat(sentences(output)).isEmpty();
    }

    @Test
    void without_a_question_the_text_itself_decides() throws Exception {
        assertThat(sentences(sum(2, ""))).hasSize(2).allMatch(TEXT::contains);
    }

    @Test
    void a_passage_hands_on_where_it_is_from() throws Exception {
        var passage =
                Value.struct(
                        "text", Value.text(TEXT),
                        "source", Value.text("a.md"),
                        "place", Value.text("lines 1-9"),
                        "title", Value.text("Concurrency"));
        var output =
                Attempts.output(
                        summarizer,
                        Value.struct(),
                        Value.struct("passage", passage, "query", Value.text("checkpoint")));

        assertThat(output.get("source")).isEqualTo(Value.text("a.md"));
        assertThat(output.get("place")).isEqualTo(Value.text("lines 1-9"));
        assertThat(output.get("title")).isEqualTo(Value.text("Concurrency"));
    }

    @Test
    void the_same_input_gives_the_same_output() throws Exception {
        assertThat(sum(3, "readers and writers")).isEqualTo(sum(3, "readers and writers"));
    }

    @Test
    void a_missing_text_is_refused() {
        assertThatThrownBy(() -> Attempts.perform(summarizer, Value.struct(), Value.struct()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("`text`");
    }

    @Test
    void headings_menus_tables_and_code_are_no_sentences() {
        var text =
                """
                # Configuration of the server

                Home
                Menu
                About

                | key | value |
                |-----|-------|

                ```
                int rc = sqlite3_open(name, &db);
                ```

                int sqlite3_close(sqlite3 *db);

                - The server listens on one port, e.g. 7070 by default.
                - It can be **changed** with the [option](x.md) `--port`, which
                  takes a number.
                """;

        assertThat(Sentences.of(text))
                .containsExactly(
                        "The server listens on one port, e.g. 7070 by default.",
                        "It can be changed with the option --port, which takes a number.");
    }

    @Test
    void abbreviations_and_versions_do_not_end_a_sentence() {
        assertThat(
                        Sentences.of(
                                "Version 3.7.0 added it, see Fig. 2 and J. Smith et al. for more."
                                        + " It works well in practice."))
                .containsExactly(
                        "Version 3.7.0 added it, see Fig. 2 and J. Smith et al. for more.",
                        "It works well in practice.");
    }

    private Value.Struct sum(int sentences, String query) throws Exception {
        return Attempts.output(
                summarizer,
                Value.struct("sentences", Value.of(sentences)),
                Value.struct("text", Value.text(TEXT), "query", Value.text(query)));
    }

    private static List<String> sentences(Value.Struct output) {
        return Attempts.list(output, "sentences").stream()
                .map(sentence -> Attempts.text(sentence, "text"))
                .toList();
    }
}
