package dev.tutti.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.Tutti;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Outcome;
import dev.tutti.core.event.Value;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A run as it ran, over HTTP: every item and every attempt, as far as there is room.
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(60)
class RanTest {
    private static Served served;
    private static final AtomicInteger WRITTEN = new AtomicInteger();

    @BeforeAll
    static void serve() {
        var tutti = Tutti.inMemory();
        tutti.function(
                "lister",
                attempt -> {
                    var n = (Value.Int) Objects.requireNonNull(attempt.input().get("n"));
                    var things =
                            IntStream.range(0, (int) n.value())
                                    .mapToObj(i -> "thing " + i)
                                    .toList();
                    return done(Map.of("things", things));
                });
        tutti.function(
                "hand",
                attempt -> {
                    var thing = attempt.input().text("thing");
                    if (thing.equals("thing 55")) {
                        // Given up before most others are done, and so failed rather than not
                        // needed.
                        return Outcome.failed(new Failure.Permanent("broken", "it is broken"));
                    }
                    // Fewer than open a breaker.
                    if (thing.matches("thing (7|[12]77)")) {
                        throw new IllegalStateException("it slipped");
                    }
                    return done(Map.of());
                });
        tutti.function(
                "writer", _ -> done(Map.of("text", "n", "again", WRITTEN.incrementAndGet() < 4)));
        tutti.function(
                "judge", _ -> done(Map.of("ok", WRITTEN.get() > 1, "reason", "it is too short")));
        served =
                new Served(
                        tutti,
                        new Server.Options("127.0.0.1", 0, List.of(), Duration.ofSeconds(5))
                                .serving(Path.of("src/test/resources/teams/ran.yaml")));
    }

    @AfterAll
    static void close() {
        served.close();
    }

    private static Outcome done(Map<String, ?> output) {
        return Outcome.succeeded(Value.from(output));
    }

    private static List<Value.Struct> nodes(Value.Struct ran) {
        return ((Value.Array) Objects.requireNonNull(ran.get("nodes")))
                .items().stream().map(Value.Struct.class::cast).toList();
    }

    private static List<String> after(Value.Struct node) {
        return ((Value.Array) Objects.requireNonNull(node.get("after")))
                .items().stream().map(name -> ((Value.Text) name).value()).toList();
    }

    private static String line(Value.Struct node) {
        return node.text("node")
                + " "
                + node.text("kind")
                + " "
                + node.text("state")
                + " "
                + after(node);
    }

    private static Value.Struct ran(String run) throws Exception {
        return served.get("/api/v1/runs/" + run + "/ran");
    }

    private static String begin(String workflow, int items) throws Exception {
        var begun =
                served.admin.post(
                        "/api/v1/runs",
                        Value.struct(
                                "workflow",
                                Value.text(workflow),
                                "inputs",
                                Value.struct("items", Value.of(items))));
        var run = begun.body().text("run");
        served.await(run, view -> Value.of(true).equals(view.get("ended")));
        return run;
    }

    @Test
    void each_attempt_second_look_and_iteration_is_a_node_behind_the_one_before() throws Exception {
        WRITTEN.set(0);
        var run = served.begin("rounds");
        served.awaitStatus(run, "waiting");
        var ran = ran(run);
        assertThat(nodes(ran).stream().map(RanTest::line))
                .containsExactly(
                        "draft task failed []",
                        "draft#2 look succeeded [draft]",
                        "draft#3 attempt succeeded [draft#2]",
                        "draft#4 look succeeded [draft#3]",
                        "count task succeeded [draft#4]",
                        "count#2 iteration succeeded [count]",
                        "sign task held [count#2]");
        assertThat(ran.get("whole")).isEqualTo(Value.of(7));
        var refused = nodes(ran).getFirst();
        assertThat(((Value.Struct) Objects.requireNonNull(refused.get("failure"))).text("message"))
                .contains("it is too short");
        assertThat(nodes(ran).get(1).text("by")).isEqualTo("judge");
        // Each attempt is the one of that token in the drawer.
        var drawer = served.get("/api/v1/runs/" + run + "/tasks/draft");
        var tokens =
                ((Value.Array) Objects.requireNonNull(drawer.get("attempts")))
                        .items().stream().map(one -> ((Value.Struct) one).get("token")).toList();
        assertThat(nodes(ran).subList(0, 4).stream().map(node -> node.get("token")))
                .containsExactlyElementsOf(tokens);
    }

    @Test
    void items_are_unrolled_with_their_attempts_and_joined_again() throws Exception {
        var nodes = nodes(ran(begin("wide", 9)));
        assertThat(nodes.stream().map(node -> node.text("node")))
                .containsExactly(
                        "find", "do[0]", "do[1]", "do[2]", "do[3]", "do[4]", "do[5]", "do[6]",
                        "do[7]", "do[7]#2", "do[8]", "do", "end");
        assertThat(after(nodes.get(11)))
                .containsExactly(
                        "do[0]", "do[1]", "do[2]", "do[3]", "do[4]", "do[5]", "do[6]", "do[7]#2",
                        "do[8]");
        assertThat(nodes.get(1).text("label")).isEqualTo("thing 0");
        assertThat(nodes.get(12).get("layer")).isEqualTo(Value.of(4));
    }

    @Test
    void there_are_three_hundred_nodes_at_most_and_the_worst_are_among_them() throws Exception {
        var run = begin("most", 1_000);
        var ran = ran(run);
        var nodes = nodes(ran);
        assertThat(nodes).hasSize(300);
        var names = new LinkedHashSet<String>();
        nodes.forEach(node -> names.add(node.text("node")));
        assertThat(names).hasSize(300);
        for (var node : nodes) {
            assertThat(names).containsAll(after(node));
        }
        var more = nodes.stream().filter(node -> node.text("kind").equals("more")).toList();
        assertThat(more).hasSize(1);
        var left = (Value.Struct) Objects.requireNonNull(more.getFirst().get("counts"));
        assertThat(left.fields().keySet()).doesNotContain("failed");
        var states =
                nodes.stream()
                        .filter(node -> node.text("node").matches("do\\[\\d+]"))
                        .map(node -> node.text("state"))
                        .toList();
        var counts = (Value.Struct) Objects.requireNonNull(served.view(run).get("counts"));
        long failed = number(counts, "failed");
        assertThat(failed).isPositive();
        assertThat(states.stream().filter("failed"::equals)).hasSize((int) failed);
        assertThat(number(more.getFirst(), "count") + states.size()).isEqualTo(1_000);
        // Items come before the attempts of those that are shown.
        assertThat(number(ran, "whole")).isGreaterThan(1_003);
        assertThat(nodes.stream().filter(node -> node.text("node").endsWith("#2"))).isEmpty();
    }

    private static long number(Value.Struct of, String name) {
        return ((Value.Int) Objects.requireNonNull(of.get(name))).value();
    }

    @Test
    void the_past_is_as_it_was() throws Exception {
        var run = begin("wide", 3);
        assertThat(
                        nodes(served.get("/api/v1/runs/" + run + "/ran?at=2")).stream()
                                .map(RanTest::line))
                .containsExactly(
                        "find task waiting []",
                        "do[0] each waiting [find]",
                        "do all waiting [do[0]]",
                        "end task waiting [do]");
    }
}
