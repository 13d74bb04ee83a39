package dev.tutti;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.Value;
import dev.tutti.runtime.agent.Attempt;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Who was right in one run weighs more in the next.
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(60)
class VotersTest {
    private static final int QUESTIONS = 24;
    private static final long LAST = 1_000;

    private static Team team(String strategy) {
        return Team.define()
                .agent("careful", "answer", attempt -> answer("right", attempt))
                .agent("exact", "answer", attempt -> answer("right", attempt))
                .agent("hasty", "answer", attempt -> guess(2, attempt))
                .agent("lazy", "answer", attempt -> guess(3, attempt))
                .agent("loud", "answer", attempt -> guess(4, attempt))
                .workflow(
                        "ask",
                        w ->
                                w.input(Map.of("q", "int"))
                                        .task(
                                                "a",
                                                "answer",
                                                Map.of("q", "${input.q}"),
                                                Map.of(
                                                        "replicas",
                                                        5,
                                                        "resolve",
                                                        Map.of("by", strategy)))
                                        .output("${a.answer}"));
    }

    private static Map<String, String> answer(String word, Attempt attempt) {
        return Map.of("answer", word + " " + question(attempt));
    }

    private static long question(Attempt attempt) {
        return attempt.input().get("q") instanceof Value.Int(var q) ? q : -1;
    }

    /// Right one time in so many, and to the last question wrong as the others are.
    private static Map<String, String> guess(int in, Attempt attempt) {
        long q = question(attempt);
        return answer(q == LAST ? "wrong" : q % in == 0 ? "right" : "guessed by " + in, attempt);
    }

    private static Value asked(Tutti tutti, String strategy, long q) throws Exception {
        return tutti.submit(team(strategy).goal("ask", Map.of("q", q))).await().output();
    }

    @Test
    void two_who_were_right_in_runs_before_outweigh_three_who_were_not(@TempDir Path store)
            throws Exception {
        try (var tutti = Tutti.open(store)) {
            assertThat(asked(tutti, "weighted_vote", LAST)).isEqualTo(Value.text("wrong 1000"));
            for (long q = 0; q < QUESTIONS; q++) {
                asked(tutti, "weighted_vote", q);
            }
            assertThat(asked(tutti, "vote", LAST)).isEqualTo(Value.text("wrong 1000"));
            assertThat(asked(tutti, "weighted_vote", LAST)).isEqualTo(Value.text("right 1000"));
        }
        // What was known is learned again from the journal.
        try (var tutti = Tutti.open(store)) {
            assertThat(asked(tutti, "weighted_vote", LAST)).isEqualTo(Value.text("right 1000"));
        }
    }
}
