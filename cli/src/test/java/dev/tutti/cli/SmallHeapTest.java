package dev.tutti.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tutti.Tutti;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A process with 128 MB of heap: many tasks with inputs of 64 KB that share a pool of 1 MiB, and a
/// command that leaves a file of 100 MB. All are done; one that says more than is taken fails
/// alone.
@Timeout(120)
class SmallHeapTest {
    private static final int TASKS = 50;
    private static final int INPUT = 64 << 10;

    @TempDir private Path folder;

    private String team() {
        var texts =
                IntStream.range(0, TASKS)
                        .mapToObj(i -> "'" + (char) ('a' + i % 26) + "'")
                        .collect(Collectors.joining(", "));
        return """
        tutti: 1
        quotas:
          pool: { memory: 1MiB }
        agents:
          reader:
            skills: [read]
            uses: process
            needs: [pool]
            limits: { concurrency: 64, memory: 64KiB }
            with: { command: [sh, -c, "wc -c"], workspace: fresh }
          maker:
            skills: [make]
            uses: process
            limits: { concurrency: 4 }
            with: { command: [sh, -c, "head -c 104857600 /dev/zero > big; echo made"], workspace: fresh, keep: [big] }
          talker:
            skills: [talk]
            uses: process
            with: { command: [sh, -c, "head -c 104857600 /dev/zero | tr '\\\\0' x"], workspace: fresh }
        workflows:
          main:
            tasks:
              read: { skill: read, each: "${[%s]}", input: { text: "%s", of: "${item}" } }
              make: { skill: make, each: "${[1]}", input: { n: "${item}" } }
              talk: { skill: talk, input: {}, on_failure: [skip] }
            output: { read: "${size(read)}", made: "${make[0].files[0].bytes}" }
        """
                .formatted(texts, "x".repeat(INPUT));
    }

    @Test
    void what_is_large_is_done_in_a_small_heap() throws Exception {
        assumeTrue(new File("/bin/sh").canExecute(), "SKIPPED: there is no sh");
        Files.writeString(folder.resolve("team.yaml"), team());
        var said = folder.resolve("said.txt").toFile();
        var process =
                JavaProcess.of(List.of("-Xmx128m"), Main.class, List.of("run", "team.yaml"))
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(said)
                        .start();
        int code = process.waitFor();
        var text = Files.readString(said.toPath(), StandardCharsets.UTF_8);

        assertThat(text).doesNotContain("OutOfMemory");
        assertThat(code).as(text).isZero();
        assertThat(text).contains("\"read\" : 50", "\"made\" : 104857600");
        try (var tutti = Tutti.open(folder.resolve(".tutti"))) {
            var state = tutti.run(tutti.runs(1).getFirst().run().value()).load().state();
            assertThat(state.open()).isEmpty();
        }
    }
}
