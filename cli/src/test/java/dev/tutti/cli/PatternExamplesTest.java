package dev.tutti.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.Goal;
import dev.tutti.Run;
import dev.tutti.Team;
import dev.tutti.Tutti;
import dev.tutti.teamfile.TeamFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// The examples of the patterns run without key and network.
class PatternExamplesTest {
    @Test
    void every_pattern_has_an_example_that_succeeds() throws IOException, InterruptedException {
        var runs = new LinkedHashMap<String, Run>();
        try (var tutti = Tutti.inMemory();
                var files = Files.list(Path.of("../examples/patterns"))) {
            for (var file : files.sorted().toList()) {
                var workflow = TeamFile.read(file).team().orElseThrow().written().getFirst().name();
                var goal = Goal.of(Team.read(file), workflow, Map.of());
                runs.put(file.getFileName().toString(), tutti.submit(goal));
            }
            assertThat(runs).hasSizeGreaterThanOrEqualTo(14);
            for (var run : runs.entrySet()) {
                var result = run.getValue().await(Duration.ofSeconds(30)).orElseThrow();
                assertThat(result.succeeded()).as(run.getKey() + ": " + result).isTrue();
            }
        }
    }
}
