package dev.tutti.agents.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.Value;
import dev.tutti.core.synthesis.Citing;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The agents of examples/research, one after the other as its team has them, on this project's own
/// documents: what the answer says, its passages say.
class TracedAnswerTest {
    private static final List<String> QUESTIONS =
            List.of(
                    "Who owns a store?",
                    "What survives a power cut?",
                    "How often is a task tried again?",
                    "What happens when an agent crashes?",
                    "How are secrets kept out of the journal?",
                    "What does a simulated world do?",
                    "When is a person asked?",
                    "How are known bugs found?");

    /// Sentences of the text, each with the marks behind it.
    private static final Pattern CITED =
            Pattern.compile("(.+?) ((?:\\[\\d+])+)(?: |$)", Pattern.DOTALL);

    private static final Pattern MARK = Pattern.compile("\\[(\\d+)]");

    @TempDir Path store;

    private Path docs;
    private dev.tutti.runtime.agent.AgentExecutor librarian;
    private Value.Struct folder;

    /// An answer, and the passages that were read for it.
    private record Answered(Value.Struct output, List<Value> passages) {}

    @BeforeEach
    void open() {
        docs = docs();
        folder = Value.struct("folder", Value.text(docs.toString()), "embeddings", Value.of(false));
        librarian = Attempts.executor("local/retriever", folder, store, docs);
    }

    @AfterEach
    void close() throws Exception {
        librarian.close();
    }

    @Test
    void every_sentence_of_the_answer_is_carried_by_a_passage_of_each_source_that_it_cites()
            throws Exception {
        int sentences = 0;
        for (var question : QUESTIONS) {
            var answered = answer(question);
            var sources = texts(answered.output(), "sources");
            var untraced = untraced(answered, sources);
            assertThat(untraced).as(question).isEmpty();
            sentences += cited(answered.output()).size();
        }
        assertThat(sentences).isGreaterThan(2 * QUESTIONS.size());
    }

    @Test
    void citations_that_were_shuffled_are_found_out() throws Exception {
        int shuffled = 0;
        int foundOut = 0;
        for (var question : QUESTIONS) {
            var answered = answer(question);
            var sources = new ArrayList<>(texts(answered.output(), "sources"));
            if (sources.size() > 1) {
                sources.add(sources.removeFirst());
                shuffled++;
                foundOut += untraced(answered, sources).isEmpty() ? 0 : 1;
            }
        }
        assertThat(shuffled).isGreaterThan(QUESTIONS.size() / 2);
        assertThat(foundOut).isEqualTo(shuffled);
    }

    /// The sentences that are not carried, by the rule of the core, by a passage of every source
    /// that they cite, or that cite none.
    private static List<String> untraced(Answered answered, List<String> sources) {
        var untraced = new ArrayList<String>();
        cited(answered.output())
                .forEach((sentence, marks) -> {
                    boolean carried =
                            !marks.isEmpty()
                                    && marks.stream()
                                            .map(mark -> sources.get(mark - 1))
                                            .allMatch(source ->
                                                    carries(answered.passages(), source, sentence));
                    if (!carried) {
                        untraced.add(sentence + " " + marks);
                    }
                });
        return untraced;
    }

    private static boolean carries(List<Value> passages, String source, String sentence) {
        return passages.stream()
                .filter(passage -> Attempts.text(passage, "source").equals(source))
                .anyMatch(passage ->
                        Citing.overlap(sentence, Attempts.text(passage, "text")) >= Citing.CARRIED);
    }

    /// What stands between two marks counts as one sentence; what has no mark behind it has none.
    private static Map<String, List<Integer>> cited(Value.Struct output) {
        var text = Attempts.text(output, "text");
        var cited = new LinkedHashMap<String, List<Integer>>();
        Matcher matcher = CITED.matcher(text);
        int end = 0;
        while (matcher.find()) {
            cited.put(
                    matcher.group(1),
                    MARK.matcher(matcher.group(2))
                            .results()
                            .map(mark -> Integer.parseInt(mark.group(1)))
                            .toList());
            end = matcher.end();
        }
        if (!text.substring(end).isBlank()) {
            cited.put(text.substring(end), List.of());
        }
        return cited;
    }

    private Answered answer(String question) throws Exception {
        var found =
                Attempts.output(
                        librarian,
                        folder,
                        Value.struct("query", Value.text(question), "k", Value.of(12)));
        var passages = Attempts.list(found, "passages");
        var reader = Attempts.executor("local/summarizer", Value.struct(), store, docs);
        var notes = new ArrayList<Value>();
        for (var passage : passages) {
            notes.add(
                    Attempts.output(
                            reader,
                            Value.struct(),
                            ((Value.Struct) passage).with("query", Value.text(question))));
        }
        var writer = Attempts.executor("local/composer", Value.struct(), store, docs);
        var output =
                Attempts.output(
                        writer,
                        Value.struct(),
                        Value.struct(
                                "question", Value.text(question), "notes", new Value.Array(notes)));
        return new Answered(output, passages);
    }

    private static List<String> texts(Value.Struct output, String field) {
        return Attempts.list(output, field).stream()
                .map(item -> ((Value.Text) item).value())
                .toList();
    }

    static Path docs() {
        for (var at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            if (Files.isDirectory(at.resolve("docs")) && Files.isDirectory(at.resolve("core"))) {
                return at.resolve("docs");
            }
        }
        throw new IllegalStateException("no docs above");
    }
}
