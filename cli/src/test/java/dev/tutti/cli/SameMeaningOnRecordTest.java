package dev.tutti.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Three agents answer in words of their own; two of them say the same.
@Timeout(60)
class SameMeaningOnRecordTest {
    private static final String TEAM =
            """
            tutti: 1
            agents:
              ann: { skills: [look], uses: simulated, with: { output: { answer: "The train from Bern is late" } } }
              bob: { skills: [look], uses: simulated, with: { output: { answer: "Ada Stone founded the company" } } }
              cid: { skills: [look], uses: simulated, with: { output: { answer: "The company was founded by Ada Stone" } } }
            workflows:
              main:
                tasks:
                  look: { skill: look, replicas: 3, resolve: { by: vote, same: SAME } }
                output: "${look.answer}"
            """;

    @TempDir private Path folder;

    private String told(String same) {
        var console = new Console(folder);
        console.write(same + ".yaml", TEAM.replace("SAME", same));
        var run = console.run("run", same + ".yaml", "--store", same);
        assertThat(run.code()).as(run.err()).isZero();
        var id =
                console.run("runs", "--json", "--store", same)
                        .out()
                        .replaceAll("(?s).*?\"run\" : \"([^\"]+)\".*", "$1");
        return run.out() + console.run("show", id, "--store", same).out();
    }

    @Test
    void votes_in_other_words_are_counted_together_where_that_is_asked_for() {
        assertThat(told("meaning")).contains("Ada Stone").contains("67 %");
        assertThat(told("words")).contains("33 %");
    }
}
