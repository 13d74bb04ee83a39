package dev.tutti.agents.local.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutti.agents.local.Attempts;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.agent.AgentExecutor;
import dev.tutti.runtime.agent.JournalUser;
import dev.tutti.runtime.journal.MemoryJournal;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecallAgentTest {
    private static final Value.Struct WORDS = Value.struct("embeddings", Value.of(false));

    @TempDir Path store;
    private final MemoryJournal journal = new MemoryJournal();
    private AgentExecutor agent;

    @BeforeEach
    void an_agent_that_can_look_at_the_journal() {
        agent = Attempts.executor("local/memory", WORDS, store, store);
        ((JournalUser) agent).reads(() -> journal);
        new Tellings(journal)
                .fact("ana", "Ana prefers green tea")
                .told("x", "https://else.example", "fact", "ana", text("Ana sells green tea"))
                .fact("bo", "Bo prefers green tea")
                .commit();
    }

    @AfterEach
    void closed() {
        agent.close();
    }

    @Test
    void it_gives_what_is_remembered_with_where_it_is_from() throws Exception {
        var input = Value.struct("query", Value.text("tea"), "about", Value.text("ana"));

        var output = Attempts.output(agent, WORDS, input);

        assertThat(output.get("retrieval")).isEqualTo(Value.text("words"));
        var memories = Attempts.list(output, "memories");
        assertThat(memories).hasSize(2);
        assertThat(((Value.Struct) memories.getFirst()).fields().keySet())
                .containsExactly(
                        "id",
                        "kind",
                        "text",
                        "about",
                        "attribute",
                        "value",
                        "trust",
                        "from",
                        "task",
                        "at",
                        "confirmed",
                        "confirmations",
                        "expires",
                        "score",
                        "contradicts",
                        "superseded");
        assertThat(memories)
                .extracting(one -> ((Value.Struct) one).get("trust"))
                .containsExactlyInAnyOrder(Value.text("agent"), Value.text("outside"));
    }

    @Test
    void it_gives_no_more_than_is_asked_for_and_only_of_the_kinds() throws Exception {
        var input = Value.struct("query", Value.text("tea"), "most", Value.of(1));
        var other =
                Value.struct(
                        "query", Value.text("tea"), "kinds", Value.array(Value.text("episode")));

        assertThat(Attempts.list(Attempts.output(agent, WORDS, input), "memories")).hasSize(1);
        assertThat(Attempts.list(Attempts.output(agent, WORDS, other), "memories")).isEmpty();
    }

    @Test
    void inputs_and_settings_that_do_not_fit_are_refused() {
        assertRefused(Value.Struct.EMPTY, "`query` is to be a text of 1 to 10000 characters");
        assertRefused(query("most", Value.of(0)), "`most` is to be a whole number from 1 to 100");
        assertRefused(query("kinds", Value.text("fact")), "`kinds` is to be a list of fact");
        assertRefused(query("abuot", Value.text("x")), "`abuot` is not an input of recall");
        assertRefused(query("about", Value.of(1)), "`about` is to be a string");
        assertThatThrownBy(() ->
                        Attempts.executor(
                                "local/memory",
                                Value.struct("folder", Value.text("x")),
                                store,
                                store))
                .hasMessageContaining("`folder` is not a setting of local/memory");
    }

    @Test
    void where_there_is_no_journal_it_says_so() {
        try (var elsewhere = Attempts.executor("local/memory", WORDS, store, store)) {
            assertThatThrownBy(() -> Attempts.perform(elsewhere, WORDS, query("most", Value.of(1))))
                    .hasMessageContaining("works where the store is");
        }
    }

    private void assertRefused(Value.Struct input, String why) {
        assertThatThrownBy(() -> Attempts.perform(agent, WORDS, input))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why);
    }

    private static Value.Struct query(String name, Value value) {
        return Value.struct("query", Value.text("tea"), name, value);
    }

    private static Value.Struct text(String text) {
        return Value.struct("text", Value.text(text));
    }
}
