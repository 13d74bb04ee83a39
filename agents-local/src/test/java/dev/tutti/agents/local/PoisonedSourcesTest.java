package dev.tutti.agents.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.agents.local.Poison.Lies;
import dev.tutti.agents.local.Poison.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/// Some of five agents are given passages that say something false. With `-Dmeasure=synthesis`,
/// more questions are asked, and what came of it is written into docs/synthesis.md.
class PoisonedSourcesTest {
    private static final boolean MEASURE = "synthesis".equals(System.getProperty("measure"));
    private static final int AGENTS = 5;
    private static final int MOST_POISONED = 3;
    private static final int QUESTIONS = MEASURE ? 400 : 80;

    @Test
    void nothing_is_flagged_and_all_is_right_where_nobody_is_poisoned() throws Exception {
        var result = new Poison(AGENTS, QUESTIONS).ask(0, Lies.APART, false);

        assertThat(result.accuracy()).isEqualTo(1);
        assertThat(result.flagged()).isZero();
    }

    @Test
    void a_minority_that_is_poisoned_changes_no_answer_and_its_dissent_is_kept() throws Exception {
        var asked = new Poison(AGENTS, QUESTIONS);
        for (var lies : Lies.values()) {
            for (int poisoned : new int[] {1, 2}) {
                var result = asked.ask(poisoned, lies, false);
                assertThat(result.accuracy()).as(lies.name()).isEqualTo(1);
                assertThat(result.dissent()).as(lies.name()).isEqualTo(1);
            }
        }
    }

    @Test
    void two_of_five_raise_a_flag_unless_one_copies_the_other() throws Exception {
        var asked = new Poison(AGENTS, QUESTIONS);

        assertThat(asked.ask(2, Lies.APART, false).flagged()).isEqualTo(1);
        assertThat(asked.ask(2, Lies.AGREED, false).flagged()).isEqualTo(1);
        assertThat(asked.ask(2, Lies.COPIED, false).flagged()).isZero();
    }

    @Test
    void who_is_always_poisoned_is_known_after_a_while() throws Exception {
        var result = new Poison(AGENTS, QUESTIONS).ask(2, Lies.AGREED, true);

        assertThat(result.accuracy()).isEqualTo(1);
        assertThat(result.flagged()).isLessThan(0.3);
    }

    @Test
    void even_a_majority_does_not_win_where_it_copies_one_source() throws Exception {
        var asked = new Poison(AGENTS, QUESTIONS);

        assertThat(asked.ask(3, Lies.COPIED, false).accuracy()).isGreaterThan(0.95);
        assertThat(asked.ask(3, Lies.APART, false).accuracy()).isGreaterThan(0.95);
        var agreed = asked.ask(3, Lies.AGREED, false);
        assertThat(agreed.accuracy()).isZero();
        assertThat(agreed.flagged()).isEqualTo(1);
    }

    @Test
    void the_figures_are_written_where_they_are_asked_for() throws Exception {
        var table = table();
        if (MEASURE) {
            var page = TracedAnswerTest.docs().resolve("synthesis.md");
            var text = Files.readString(page);
            int start = text.indexOf("<!-- poison -->\n") + "<!-- poison -->\n".length();
            int end = text.indexOf("<!-- /poison -->");
            Files.writeString(
                    page, text.substring(0, start) + "\n" + table + "\n" + text.substring(end));
        }
        assertThat(table.lines()).hasSize(2 + Lies.values().length * 2 * (MOST_POISONED + 1));
    }

    private static String table() throws Exception {
        var asked = new Poison(AGENTS, QUESTIONS);
        var table = new StringBuilder();
        table.append(
                "| lies | poisoned | by | right | dissent kept | flagged | right of the rest |\n");
        table.append("|---|---|---|---|---|---|---|\n");
        for (var lies : Lies.values()) {
            for (int poisoned = 0; poisoned <= MOST_POISONED; poisoned++) {
                for (boolean weighted : new boolean[] {false, true}) {
                    var result = asked.ask(poisoned, lies, weighted);
                    table.append(row(lies, poisoned, weighted, result));
                }
            }
        }
        return table.toString();
    }

    private static String row(Lies lies, int poisoned, boolean weighted, Result result)
            throws IOException {
        return String.format(
                Locale.ROOT,
                "| %s | %d of %d | %s | %.1f %% | %.0f %% | %.1f %% | %s |%n",
                lies.words(),
                poisoned,
                AGENTS,
                weighted ? "weighted vote" : "vote",
                100 * result.accuracy(),
                100 * result.dissent(),
                100 * result.flagged(),
                result.flagged() > 0.999
                        ? "–"
                        : String.format(Locale.ROOT, "%.1f %%", 100 * result.rest()));
    }
}
