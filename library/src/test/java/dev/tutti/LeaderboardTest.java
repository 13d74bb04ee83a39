package dev.tutti;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Status;
import dev.tutti.document.Leaderboard;
import dev.tutti.document.QuotaUse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What is said of how agents stand now.
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(60)
class LeaderboardTest {
    private static Team team() {
        return Team.define()
                .quota("key", Map.of("requests", "600/min", "slots", 4))
                .agent("reader", "read", _ -> Map.of("ok", true))
                .declare("reader", Map.of("needs", List.of("key")))
                .agent("boss", List.of("agree"), "human", Map.of("choices", List.of("yes", "no")))
                .workflow(
                        "work",
                        workflow ->
                                workflow.task("one", "read", Map.of())
                                        .task("two", "read", Map.of())
                                        .task(
                                                "agree",
                                                "agree",
                                                Map.of(),
                                                Map.of("after", List.of("one", "two")))
                                        .output("${agree}"));
    }

    @Test
    void it_tells_what_is_left_of_quotas_and_who_is_off() throws Exception {
        try (var tutti = Tutti.inMemory()) {
            var run = tutti.submit(team().goal("work", Map.of()));
            while (run.load().state().status() != Status.WAITING) {
                TimeUnit.MILLISECONDS.sleep(10);
            }
            tutti.turn(new AgentId("reader"), false, "it is too slow");
            var now = Instant.now();

            var row = Leaderboard.of(tutti, now).of("reader/read").getFirst();

            assertThat(row.standing().good()).isEqualTo(2);
            assertThat(row.uncertain()).isTrue();
            assertThat(row.breaker(now)).isEqualTo("closed");
            assertThat(row.off()).isNotNull();
            assertThat(row.quotas())
                    .extracting(QuotaUse::left)
                    .containsExactly("598 of 600 requests, 4 of 4 slots");
            assertThat(QuotaUse.of(tutti, now.plus(Duration.ofMinutes(2))))
                    .extracting(QuotaUse::requestsLeft)
                    .containsExactly(600L);
            tutti.turn(new AgentId("reader"), true, "");
            assertThat(Leaderboard.of(tutti, now).off()).isEmpty();
            run.cancel("enough");
            run.await();
        }
    }
}
