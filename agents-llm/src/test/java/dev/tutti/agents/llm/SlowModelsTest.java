package dev.tutti.agents.llm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.Team;
import dev.tutti.Tutti;
import dev.tutti.core.event.Status;
import dev.tutti.core.event.Value;
import dev.tutti.testkit.FakeOpenAi;
import dev.tutti.testkit.FakeReply;
import dev.tutti.testkit.FakeReply.Manner;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Slow and lying models within a run: what they do to themselves, and to the others.
@Timeout(60)
class SlowModelsTest {
    private static final Map<String, FakeReply> LIARS =
            new LinkedHashMap<>(
                    Map.of(
                            "silent", FakeReply.text("").manner(Manner.SILENT),
                            "dripping", FakeReply.text("noon").manner(Manner.DRIPPING),
                            "breaking", FakeReply.text("It is").manner(Manner.BROKEN),
                            "halved", FakeReply.text("It is").manner(Manner.HALF),
                            "endless", FakeReply.text("").manner(Manner.ENDLESS),
                            "crumbling", FakeReply.text("x").pieces(1_000_000)));

    private static Team team(FakeOpenAi server) {
        var team =
                Team.define()
                        .model(
                                "any",
                                Map.of(
                                        "provider", "openai",
                                        "model", "any",
                                        "base_url", server.baseUrl(),
                                        "retries", 0,
                                        "timeout", "2s"));
        agent(team, "healthy");
        LIARS.keySet().forEach(name -> agent(team, name));
        return team;
    }

    private static void agent(Team team, String name) {
        team.agent(
                name,
                List.of(name),
                "llm",
                Map.of("model", "any", "instructions", "You are " + name + "."));
    }

    private static FakeOpenAi server() throws IOException {
        var server = FakeOpenAi.start();
        server.whenever("You are healthy", FakeReply.text("noon"));
        LIARS.forEach((name, reply) -> server.whenever("You are " + name, reply));
        return server;
    }

    @Test
    void liars_are_left_at_the_deadline_and_the_healthy_do_not_notice() throws Exception {
        try (var server = server();
                var tutti = Tutti.inMemory()) {
            var items = IntStream.range(0, 40).boxed().toList();
            var team =
                    team(server)
                            .workflow(
                                    "all",
                                    workflow -> {
                                        workflow.input(Map.of("items", List.of("int")));
                                        for (var name : LIARS.keySet()) {
                                            workflow.task(
                                                    name,
                                                    name,
                                                    Map.of("question", "When?"),
                                                    Map.of(
                                                            "retry", Map.of("attempts", 1),
                                                            "on_failure", List.of("skip")));
                                        }
                                        workflow.task(
                                                        "healthy",
                                                        "healthy",
                                                        Map.of("question", "When? ${item}"),
                                                        Map.of("each", "${input.items}"))
                                                .output("${size(healthy)}");
                                    });
            long threads = ManagementFactory.getThreadMXBean().getThreadCount();
            long begun = System.nanoTime();
            var result = tutti.submit(team.goal("all", Map.of("items", items))).await();
            var took = Duration.ofNanos(System.nanoTime() - begun);
            assertThat(result.status()).isEqualTo(Status.SUCCEEDED);
            assertThat(result.output()).isEqualTo(Value.of(40));
            assertThat(took).isBetween(Duration.ofMillis(1_900), Duration.ofSeconds(8));
            assertThat(ManagementFactory.getThreadMXBean().getThreadCount() - threads)
                    .as("threads more than before")
                    .isLessThan(30);
            System.gc();
            var heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
            assertThat(heap).as("heap held afterwards").isLessThan(200L << 20);
            System.out.println(
                    "measured: six liars and 40 healthy tasks in "
                            + took.toMillis()
                            + " ms, "
                            + (heap >> 20)
                            + " MiB held afterwards");
        }
    }

    @Test
    void an_agent_whose_model_fails_again_and_again_is_left_alone_after_five_times()
            throws Exception {
        try (var server = server();
                var tutti = Tutti.inMemory()) {
            var team =
                    team(server)
                            .workflow(
                                    "many",
                                    workflow ->
                                            workflow.input(Map.of("items", List.of("int")))
                                                    .task(
                                                            "ask",
                                                            "breaking",
                                                            Map.of("question", "When? ${item}"),
                                                            Map.of(
                                                                    "each",
                                                                    "${input.items}",
                                                                    "retry",
                                                                    Map.of("attempts", 1),
                                                                    "on_failure",
                                                                    List.of("skip"),
                                                                    "locks",
                                                                    List.of("one")))
                                                    .output("${size(ask)}"));
            var items = IntStream.range(0, 20).boxed().toList();
            var run = tutti.submit(team.goal("many", Map.of("items", items)));
            while (server.requests().size() < 5) {
                Thread.sleep(10);
            }
            Thread.sleep(1_500);
            // One more may have been given its place together with the fifth failure.
            assertThat(server.requests()).hasSizeBetween(5, 6);
            run.cancel("seen enough");
            assertThat(run.await().status()).isEqualTo(Status.CANCELLED);
        }
    }
}
