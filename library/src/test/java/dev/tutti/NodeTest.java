package dev.tutti;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tutti.core.event.Event;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.engine.Runs;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/// A node of 2 processors and 512 MiB, and 50 tasks that declare 1 processor and 200 MiB each, one
/// of which lies.
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(180)
@Isolated
class NodeTest {
    private static final int TASKS = 50;
    private static final int LIAR = 17;

    /// Takes so many megabytes, and a moment.
    private static final String TAKE =
            "$x = 'x' x ($ARGV[0] << 20); select undef, undef, undef, 0.05;"
                    + " print '{\"ok\": true}'";

    @TempDir Path store;

    private static Team team() {
        return Team.define()
                .agent(
                        "worker",
                        List.of("work"),
                        "process",
                        Map.of(
                                "command",
                                List.of("perl", "-e", TAKE, "--", "${string(input.mb)}"),
                                "input",
                                "args",
                                "output",
                                "json",
                                "sandbox",
                                "strict"))
                .declare("worker", Map.of("limits", Map.of("cpu", 1, "memory", "200MiB")))
                .workflow(
                        "work",
                        workflow ->
                                workflow.input(Map.of("sizes", List.of("int")))
                                        .task(
                                                "work",
                                                "work",
                                                Map.of("mb", "${item}"),
                                                Map.of(
                                                        "each",
                                                        "${input.sizes}",
                                                        "retry",
                                                        Map.of("attempts", 1),
                                                        "on_failure",
                                                        "skip"))
                                        .output("${work}"));
    }

    private static List<Integer> sizes(int tasks) {
        var sizes = new ArrayList<Integer>();
        for (int i = 0; i < tasks; i++) {
            sizes.add(i == LIAR ? 450 : 60);
        }
        return sizes;
    }

    @Test
    void it_is_never_over_admitted_and_a_process_that_lies_is_stopped_alone() throws Exception {
        try (var tutti = Tutti.open(store).machine(2, 512L << 20)) {
            var trial = tutti.submit(team().goal("work", Map.of("sizes", sizes(1)))).await();
            assumeTrue(
                    trial.output() instanceof Value.Array(var done) && done.size() == 1,
                    "no sandbox here");
            var run = tutti.submit(team().goal("work", Map.of("sizes", sizes(TASKS))));
            var result = run.await();

            assertThat(result.succeeded()).as(result.reason()).isTrue();
            assertThat(result.output())
                    .isInstanceOfSatisfying(
                            Value.Array.class, all -> assertThat(all.items()).hasSize(TASKS - 1));
            int most = 0;
            var underWay = new HashSet<Long>();
            var failed = new ArrayList<Event.AttemptEnded>();
            try (var reader = tutti.reader()) {
                for (var entry : reader.read(run.stream(), 0, Integer.MAX_VALUE)) {
                    switch (Runs.event(entry)) {
                        case Event.Assigned e -> underWay.add(e.token());
                        case Event.ResultAccepted e -> underWay.remove(e.token());
                        case Event.AttemptEnded e -> {
                            underWay.remove(e.token());
                            failed.add(e);
                        }
                        default -> {}
                    }
                    most = Math.max(most, underWay.size());
                }
            }
            assertThat(most).isEqualTo(2);
            assertThat(failed).hasSize(1);
            assertThat(failed.getFirst().task()).isEqualTo(new TaskId("work", LIAR));
            assertThat(failed.getFirst().failure())
                    .isInstanceOfAny(Failure.Permanent.class, Failure.Transient.class);
            assertThat(failed.getFirst().failure().message())
                    .as("it was its memory, and nothing else")
                    .containsIgnoringCase("memory");
            System.out.println("node: the one that lied: " + failed.getFirst().failure());
        }
    }
}
