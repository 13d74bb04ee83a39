package dev.tutti.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tutti.Goal;
import dev.tutti.Team;
import dev.tutti.Tutti;
import dev.tutti.core.event.Status;
import dev.tutti.core.event.Value;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The example of a command-line tool: a script in a sandbox that says how far it is.
@Timeout(60)
class CommandExampleTest {

    @Test
    void a_script_in_a_sandbox_says_how_far_it_is_and_leaves_a_patch() throws Exception {
        assumeTrue(sandbox(), "no sandbox here");
        try (var tutti = Tutti.inMemory()) {
            var team = Team.read(Path.of("../examples/command/team.yaml"));
            var run = tutti.submit(Goal.of(team, "mend", Map.of()));
            var seen = new ArrayList<String>();
            var result = run.await(Duration.ofMillis(2));
            while (result.isEmpty()) {
                tutti.progress(run).values().stream()
                        .filter(one -> !seen.contains(one))
                        .forEach(seen::add);
                result = run.await(Duration.ofMillis(2));
            }
            assertThat(result.orElseThrow().status()).isEqualTo(Status.SUCCEEDED);
            var output = (Value.Struct) Value.from(result.orElseThrow().output());
            assertThat(output.get("files")).isInstanceOf(Value.Array.class);
            assertThat(output.get("mended")).isEqualTo(Value.of(2));
            var patch = (Value.Struct) ((Value.Array) output.get("files")).items().getFirst();
            try (var content = tutti.openArtifact(patch.text("artifact")).content()) {
                assertThat(new String(content.readAllBytes(), UTF_8))
                        .contains("+What it gives is the result, once it is accepted.");
            }
        }
    }

    private static boolean sandbox() {
        try {
            return new ProcessBuilder(List.of("bwrap", "--ro-bind", "/", "/", "true"))
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException _) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
