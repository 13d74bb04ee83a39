package dev.tutti.agents.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.Value;
import dev.tutti.runtime.agent.AgentExecutor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class ComposerTest {
    private static final double SUPPORTED = 0.6;

    private final AgentExecutor composer =
            Attempts.executor("local/composer", Value.struct(), Path.of("."), Path.of("."));

    private final List<Value> notes =
            List.of(
                    note("wal.md", "lines 1-4", "A checkpoint copies the log into the database."),
                    note(
                            "pragma.md",
                            "lines 7-9",
                            "A checkpoint copies the log to the database. A busy checkpoint gives"
                                    + " up when a reader is active."),
                    Value.NULL,
                    note("vacuum.md", "line 3", "Vacuum rebuilds the whole file from scratch."));

    @Test
    void every_sentence_is_in_a_note_and_carries_its_source() throws Exception {
        var output = compose("What does a checkpoint do to the log?", notes);

        assertThat(text(output))
                .isEqualTo(
                        "A checkpoint copies the log into the database. [1][2] A busy checkpoint"
                                + " gives up when a reader is active. [2]");
        assertThat(output.get("sources")).isEqualTo(Value.from(List.of("wal.md", "pragma.md")));
        assertThat(untraced(citations(output))).isEmpty();
    }

    @Test
    void citations_that_were_shuffled_are_noticed() throws Exception {
        var citations =
                new ArrayList<>(citations(compose("checkpoint, vacuum and the log", notes)));
        assertThat(untraced(citations)).isEmpty();
        var sources = new ArrayList<>(citations.stream().map(Citation::source).toList());
        Collections.rotate(sources, 1);
        var shuffled = new ArrayList<Citation>();
        for (int i = 0; i < citations.size(); i++) {
            shuffled.add(new Citation(citations.get(i).sentence(), sources.get(i)));
        }

        assertThat(untraced(shuffled)).isNotEmpty();
    }

    @Test
    void notes_that_do_not_answer_are_not_made_to() throws Exception {
        for (var given : List.of(notes, List.<Value>of(), List.<Value>of(Value.NULL))) {
            var output = compose("How are bicycles repaired?", given);

            assertThat(text(output)).isEqualTo("The documents do not answer this question.");
            assertThat(output.get("citations")).isEqualTo(Value.Array.EMPTY);
            assertThat(output.get("sources")).isEqualTo(Value.Array.EMPTY);
        }
    }

    @Test
    void scored_sentences_of_a_note_are_taken_as_they_are() throws Exception {
        var sentence = "fsync() is called after each checkpoint (see PRAGMA synchronous)";
        var scored = Value.struct("text", Value.text(sentence), "score", new Value.Real(1));
        var given = Value.struct("sentences", Value.array(scored), "source", Value.text("sync.md"));

        assertThat(text(compose("When is fsync called?", List.of(given))))
                .isEqualTo(sentence + " [1]");
    }

    @Test
    void no_more_sentences_are_taken_than_set() throws Exception {
        var output =
                Attempts.output(
                        composer,
                        Value.struct("sentences", Value.of(1)),
                        Value.struct(
                                "question",
                                Value.text("checkpoint"),
                                "notes",
                                new Value.Array(notes)));

        assertThat(text(output)).containsOnlyOnce(".");
    }

    private record Citation(String sentence, String source) {}

    /// The citations whose sentence has too little in common with the notes of their source.
    private List<Citation> untraced(List<Citation> citations) {
        var untraced = new ArrayList<Citation>();
        for (var citation : citations) {
            var there = new LinkedHashSet<String>();
            for (var note : notes) {
                if (note instanceof Value.Struct struct
                        && Attempts.text(struct, "source").equals(citation.source())) {
                    there.addAll(Words.of(Words.AS_WRITTEN, Attempts.text(struct, "note")));
                }
            }
            var words = Words.of(Words.AS_WRITTEN, citation.sentence());
            long found = words.stream().filter(there::contains).count();
            if (found < SUPPORTED * words.size()) {
                untraced.add(citation);
            }
        }
        return untraced;
    }

    private Value.Struct compose(String question, List<Value> given) throws Exception {
        return Attempts.output(
                composer,
                Value.struct(),
                Value.struct("question", Value.text(question), "notes", new Value.Array(given)));
    }

    private static Value note(String source, String place, String text) {
        return Value.struct(
                "note", Value.text(text),
                "source", Value.text(source),
                "place", Value.text(place),
                "title", Value.text(""));
    }

    private static String text(Value.Struct output) {
        return Attempts.text(output, "text");
    }

    private static List<Citation> citations(Value.Struct output) {
        return Attempts.list(output, "citations").stream()
                .map(citation ->
                        new Citation(
                                Attempts.text(citation, "sentence"),
                                Attempts.text(citation, "source")))
                .toList();
    }
}
