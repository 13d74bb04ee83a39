package dev.tutti.agents.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.Value;
import dev.tutti.runtime.agent.AgentExecutor;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// With the real model.
class EmbeddingTest {
    private static final int FILES = 70;

    @TempDir Path temporary;
    private Path docs;

    @BeforeEach
    void a_folder() throws IOException {
        docs = Files.createDirectory(temporary.resolve("docs"));
        for (int i = 0; i < FILES; i++) {
            write("invoice" + i, "Invoice number " + i + " was paid in full by the customer.");
        }
        write("pets", "The puppy sleeps beside the fireplace all afternoon.");
    }

    @Test
    void meaning_counts_once_the_passages_are_embedded() throws Exception {
        var retriever = retriever();
        assertThat(ask(retriever, "where does the young dog rest").get("retrieval"))
                .isEqualTo(Value.text("bm25"));
        assertThat(retriever.upkeep().pending()).isTrue();

        retriever.upkeep().run((_, _) -> {}, () -> false);

        assertThat(retriever.upkeep().pending()).isFalse();
        var answer = ask(retriever, "where does the young dog rest");
        assertThat(answer.get("retrieval")).isEqualTo(Value.text("hybrid"));
        assertThat(RetrieverTest.sources(answer).getFirst()).isEqualTo("pets.md");
        retriever.close();
    }

    @Test
    void upkeep_that_was_stopped_goes_on_where_it_was() throws Exception {
        var first = retriever();
        ask(first, "invoice");
        var done = new AtomicLong();
        first.upkeep().run((units, _) -> done.set(units), () -> done.get() > 0);
        assertThat(done.get()).isPositive().isLessThan(FILES);
        assertThat(first.upkeep().pending()).isTrue();
        first.close();

        tearLastRecord();
        var second = retriever();
        ask(second, "invoice");
        var progress = new ArrayList<Long>();
        second.upkeep().run((units, _) -> progress.add(units), () -> false);

        assertThat(progress.getFirst()).isEqualTo(done.get() - 1);
        assertThat(progress.getLast()).isEqualTo(FILES + 1);
        assertThat(second.upkeep().pending()).isFalse();
        second.close();
    }

    @Test
    void only_what_changed_is_embedded_again() throws Exception {
        var retriever = retriever();
        ask(retriever, "invoice");
        retriever.upkeep().run((_, _) -> {}, () -> false);
        write("pets", "The kitten sleeps on the window sill.");
        ask(retriever, "invoice");
        var progress = new ArrayList<Long>();
        retriever.upkeep().run((units, _) -> progress.add(units), () -> false);

        assertThat(progress).isEqualTo(List.of((long) FILES, FILES + 1L));
        retriever.close();
    }

    @Test
    void a_retriever_without_embeddings_has_nothing_to_keep_up() throws Exception {
        var with =
                Value.struct("folder", Value.text(docs.toString()), "embeddings", Value.of(false));
        var retriever = Attempts.executor("local/retriever", with, temporary, temporary);
        Attempts.output(retriever, with, Value.struct("query", Value.text("invoice")));

        assertThat(retriever.upkeep().pending()).isFalse();
        retriever.close();
    }

    /// As a process leaves the file that is killed while it writes.
    private void tearLastRecord() throws IOException {
        try (var homes = Files.list(temporary.resolve("store/index"))) {
            var vectors = homes.findFirst().orElseThrow().resolve("vectors");
            try (var file = FileChannel.open(vectors, StandardOpenOption.WRITE)) {
                file.truncate(file.size() - 100);
            }
        }
    }

    private AgentExecutor retriever() {
        return Attempts.executor(
                "local/retriever",
                Value.struct("folder", Value.text("docs")),
                temporary.resolve("store"),
                temporary);
    }

    private static Value.Struct ask(AgentExecutor retriever, String query) throws Exception {
        return Attempts.output(
                retriever,
                Value.struct("folder", Value.text("docs")),
                Value.struct("query", Value.text(query)));
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(docs.resolve(name + ".md"), "# " + name + "\n\n" + text + "\n");
    }
}
