package dev.tutti.agents.local;

import static dev.tutti.agents.local.Attempts.number;
import static dev.tutti.agents.local.Attempts.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Outcome;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.agent.AgentExecutor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.store.FSDirectory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetrieverTest {
    @TempDir Path temporary;
    private Path docs;
    private AgentExecutor retriever;

    @BeforeEach
    void a_folder_and_a_retriever() throws IOException {
        docs = Files.createDirectory(temporary.resolve("docs"));
        write(
                "journal.md",
                """
                # Write-ahead log

                ## Checkpoints

                A checkpoint copies the pages of the log back into the database file.
                It runs whenever the log reaches a thousand pages.
                """);
        write("sub/vacuum.txt", "Vacuum rebuilds the database file and gives back free pages.\n");
        retriever = retriever(temporary.resolve("store"));
    }

    @AfterEach
    void closed() {
        retriever.close();
    }

    @Test
    void the_best_passage_comes_first_with_its_place() throws Exception {
        var output = ask("When does a checkpoint run?");

        var first = passages(output).getFirst();
        assertThat(((Value.Struct) first).fields().keySet())
                .containsExactly("text", "source", "title", "place", "score");
        assertThat(text(first, "source")).isEqualTo("journal.md");
        assertThat(text(first, "title")).isEqualTo("Write-ahead log");
        assertThat(text(first, "place")).isEqualTo("lines 5-6");
        assertThat(text(first, "text")).contains("whenever the log reaches a thousand pages");
        assertThat(number(first, "score")).isEqualTo(1);
        assertThat(output.get("retrieval")).isEqualTo(Value.text("bm25"));
    }

    @Test
    void paths_of_sources_are_relative_and_with_slashes() throws Exception {
        assertThat(sources(ask("vacuum"))).containsExactly("sub/vacuum.txt");
    }

    @Test
    void words_are_found_in_other_forms_and_within_compound_names() throws Exception {
        write("api.md", "# API\n\nCall wal_checkpoint to be told of it.\n");

        assertThat(sources(ask("checkpointing"))).contains("journal.md", "api.md");
    }

    @Test
    void no_more_than_k_passages_come() throws Exception {
        var input = Value.struct("query", Value.text("the database file pages"), "k", Value.of(1));

        assertThat(passages(Attempts.output(retriever, with("docs"), input))).hasSize(1);
    }

    @Test
    void a_question_without_any_match_finds_nothing() throws Exception {
        assertThat(passages(ask("zebra"))).isEmpty();
    }

    @Test
    void files_that_are_added_changed_and_deleted_are_noticed() throws Exception {
        ask("vacuum");
        write("new.md", "# New\n\nA trigger fires after an insert.\n");
        write("sub/vacuum.txt", "Compaction is what this file is about now.\n");
        Files.delete(docs.resolve("journal.md"));

        assertThat(sources(ask("trigger"))).containsExactly("new.md");
        assertThat(sources(ask("compaction"))).containsExactly("sub/vacuum.txt");
        assertThat(passages(ask("checkpoint"))).isEmpty();
    }

    @Test
    void a_file_that_was_only_touched_stays_as_it_is() throws Exception {
        ask("vacuum");
        Files.setLastModifiedTime(docs.resolve("journal.md"), FileTime.fromMillis(1_000_000));

        assertThat(sources(ask("checkpoint"))).containsExactly("journal.md");
        assertThat(sources(ask("checkpoint"))).containsExactly("journal.md");
    }

    @Test
    void one_retriever_serves_several_folders() throws Exception {
        Files.createDirectory(temporary.resolve("other"));
        Files.writeString(temporary.resolve("other/vacuum.md"), "# Cleaner\n\nA vacuum is loud.\n");
        var input = Value.struct("query", Value.text("vacuum"));

        assertThat(sources(Attempts.output(retriever, with("docs"), input)))
                .containsExactly("sub/vacuum.txt");
        assertThat(
                        sources(
                                Attempts.output(
                                        retriever,
                                        with(temporary.resolve("other").toString()),
                                        input)))
                .containsExactly("vacuum.md");
    }

    @Test
    void hidden_files_binaries_and_links_that_lead_out_are_left_out() throws Exception {
        Files.writeString(temporary.resolve("secret.md"), "A vacuum outside.\n");
        write(".git/vacuum.md", "A vacuum in a hidden folder.\n");
        Files.write(docs.resolve("image.md"), new byte[] {'v', 'a', 'c', 'u', 'u', 'm', 0, 1});
        Files.createSymbolicLink(docs.resolve("link.md"), temporary.resolve("secret.md"));
        Files.createSymbolicLink(docs.resolve("inner.md"), docs.resolve(".git/vacuum.md"));

        assertThat(sources(ask("vacuum"))).containsExactly("sub/vacuum.txt");
    }

    @Test
    void a_folder_that_is_not_there_fails_for_good_and_says_what_to_do() throws Exception {
        var failure = failure("nowhere");

        assertThat(failure.code()).isEqualTo("no_folder");
        assertThat(failure.message())
                .contains(temporary.resolve("nowhere").toString())
                .contains("name one that exists");
    }

    @Test
    void a_folder_without_text_fails_for_good_and_says_what_to_do() throws Exception {
        Files.createDirectory(temporary.resolve("empty"));

        assertThat(failure("empty").code()).isEqualTo("empty_folder");
        assertThat(failure("empty").message()).contains("put text, Markdown, HTML or PDF files");
    }

    @Test
    void settings_that_cannot_be_used_are_refused_when_it_is_made() {
        assertThatThrownBy(() -> made(Value.struct()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("with: { folder: docs }");
        assertThatThrownBy(
                        () -> made(Value.struct("folder", Value.text("d"), "fodler", Value.NULL)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("`fodler` is not a setting of local/retriever");
    }

    @Test
    void a_question_that_is_missing_is_refused() {
        assertThatThrownBy(() -> Attempts.perform(retriever, with("docs"), Value.struct()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("`query`");
    }

    @Test
    void while_another_process_writes_the_index_as_it_was_answers() throws Exception {
        ask("vacuum");
        try (var directory = FSDirectory.open(home().resolve("words"));
                var writer = new IndexWriter(directory, new IndexWriterConfig())) {
            write("new.md", "# New\n\nA trigger fires.\n");

            assertThat(passages(ask("trigger"))).isEmpty();
            assertThat(sources(ask("vacuum"))).containsExactly("sub/vacuum.txt");
            assertThat(writer.isOpen()).isTrue();
        }
        assertThat(sources(ask("trigger"))).containsExactly("new.md");
    }

    @Test
    void an_index_that_is_damaged_is_built_anew() throws Exception {
        ask("vacuum");
        retriever.close();
        try (var files = Files.list(home().resolve("words"))) {
            for (var file : files.filter(file -> !file.endsWith("write.lock")).toList()) {
                Files.writeString(file, "damaged");
            }
        }
        retriever = retriever(temporary.resolve("store"));

        assertThat(sources(ask("vacuum"))).containsExactly("sub/vacuum.txt");
    }

    private AgentExecutor retriever(Path store) {
        return Attempts.executor("local/retriever", with("docs"), store, temporary);
    }

    private AgentExecutor made(Value.Struct with) {
        return Attempts.executor("local/retriever", with, temporary, temporary);
    }

    private static Value.Struct with(String folder) {
        return Value.struct("folder", Value.text(folder));
    }

    private Value.Struct ask(String query) throws Exception {
        return Attempts.output(retriever, with("docs"), Value.struct("query", Value.text(query)));
    }

    private Failure failure(String folder) throws Exception {
        var outcome =
                Attempts.perform(
                        retriever, with(folder), Value.struct("query", Value.text("vacuum")));
        assertThat(outcome).isInstanceOf(Outcome.Failed.class);
        var failure = ((Outcome.Failed) outcome).failure();
        assertThat(failure).isInstanceOf(Failure.Permanent.class);
        return failure;
    }

    private Path home() throws IOException {
        try (var homes = Files.list(temporary.resolve("store/index"))) {
            return homes.findFirst().orElseThrow();
        }
    }

    private void write(String name, String text) throws IOException {
        Files.createDirectories(docs.resolve(name).getParent());
        Files.writeString(docs.resolve(name), text);
    }

    private static List<Value> passages(Value.Struct output) {
        return Attempts.list(output, "passages");
    }

    static List<String> sources(Value.Struct output) {
        return passages(output).stream().map(passage -> text(passage, "source")).toList();
    }
}
