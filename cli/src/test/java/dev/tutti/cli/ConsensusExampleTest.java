package dev.tutti.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.Goal;
import dev.tutti.Team;
import dev.tutti.Tutti;
import dev.tutti.core.event.Value;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// The example of a batch: five readers in parallel, and one who looks at all that they said.
class ConsensusExampleTest {
    /// What each message is about, in their order, as a person reads them.
    private static final List<String> RIGHT =
            List.of(
                    "billing", "network", "account", "billing", "network", "account", "billing",
                    "network", "account", "billing", "network", "account", "billing", "network",
                    "account", "billing", "network", "account", "billing", "network", "account",
                    "billing", "network", "account");

    @Test
    void two_who_read_prevail_over_three_who_guess_and_the_guesses_are_kept()
            throws IOException, InterruptedException {
        Value.Struct output;
        try (var tutti = Tutti.inMemory()) {
            var team = Team.read(Path.of("../examples/consensus/team.yaml"));
            var run = tutti.submit(Goal.of(team, "sort_all", Map.of()));
            output =
                    (Value.Struct)
                            Value.from(run.await(Duration.ofSeconds(60)).orElseThrow().output());
        }

        var items = items(output, "answers");
        assertThat(items.stream().map(item -> item.text("answer")).toList()).isEqualTo(RIGHT);
        assertThat(output.text("by")).isEqualTo("weighted vote");
        assertThat(((Value.Array) output.get("outvoted")).items())
                .as("the plain vote has these otherwise")
                .hasSizeBetween(2, 5);
        for (var item : items) {
            var named = new ArrayList<>(names(item));
            items(item, "dissent").forEach(other -> named.addAll(names(other)));
            assertThat(named)
                    .as("nobody's answer is gone")
                    .containsExactlyInAnyOrder("ada", "bob", "carl", "dora", "emil");
        }
        var reliable = new LinkedHashMap<String, Double>();
        items(output, "readers")
                .forEach(reader ->
                        reliable.put(
                                reader.text("agent"),
                                ((Value.Real) reader.get("reliability")).value()));
        assertThat(reliable.get("ada")).isGreaterThan(0.9);
        assertThat(reliable.get("bob")).isGreaterThan(0.9);
        for (var guesser : List.of("carl", "dora", "emil")) {
            assertThat(reliable.get(guesser)).as(guesser).isLessThan(0.5);
        }
    }

    private static List<String> names(Value.Struct from) {
        return ((Value.Array) from.get("agents"))
                .items().stream().map(name -> ((Value.Text) name).value()).toList();
    }

    private static List<Value.Struct> items(Value.Struct from, String field) {
        return ((Value.Array) from.get(field))
                .items().stream().map(Value.Struct.class::cast).toList();
    }
}
