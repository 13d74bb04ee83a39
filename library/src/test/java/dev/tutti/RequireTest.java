package dev.tutti;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.Event;
import dev.tutti.core.event.Outcome;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.agent.AgentExecutor;
import dev.tutti.runtime.engine.Runs;
import dev.tutti.teamfile.TeamFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Tasks that ask for a version of a skill, or for labels.
@DisplayNameGeneration(ReplaceUnderscores.class)
class RequireTest {
    private static final String FILE =
            """
            tutti: 1
            agents:
              far: { skills: [draft@1.4], uses: function }
              near: { skills: [draft@2.1], labels: [eu, local], uses: function }
            workflows:
              work:
                tasks:
                  any: { skill: draft }
                  old: { skill: draft@1 }
                  new: { skill: draft@2, after: [old] }
                  here: { skill: draft, require: [eu, local], verify: { skill: draft@1.2 } }
                output: "${[old.by, new.by, here.by]}"
            """;

    private static AgentExecutor by(String name) {
        return _ -> Outcome.succeeded(Value.struct("by", Value.text(name), "ok", Value.of(true)));
    }

    @Test
    void tasks_go_to_those_who_have_the_version_and_the_labels(@TempDir Path folder)
            throws Exception {
        var file = Files.writeString(folder.resolve("team.yaml"), FILE);
        try (var tutti = Tutti.inMemory().function("far", by("far")).function("near", by("near"))) {
            for (int i = 0; i < 3; i++) {
                var run = tutti.submit(Team.read(file).goal("work", Map.of()));
                assertThat(run.await().output())
                        .isEqualTo(
                                Value.array(
                                        Value.text("far"), Value.text("near"), Value.text("near")));
                try (var reader = tutti.reader()) {
                    var here =
                            reader.read(run.stream(), 0, 1_000).stream()
                                    .map(Runs::event)
                                    .filter(Event.Assigned.class::isInstance)
                                    .map(Event.Assigned.class::cast)
                                    .filter(e -> e.task().name().equals("here"))
                                    .toList();
                    assertThat(here)
                            .extracting(e -> e.agent().value())
                            .containsExactly("near", "far");
                    assertThat(here.getFirst().choosing().filters())
                            .extracting(filter -> filter.reason().word())
                            .containsExactly("labels");
                    assertThat(here.getLast().choosing().filters())
                            .extracting(filter -> filter.reason().word())
                            .containsExactly("version");
                }
            }
        }
    }

    private static String faults(String from, String to) {
        return TeamFile.parse(FILE.replace(from, to), "team.yaml").faults().toString();
    }

    @Test
    void what_nobody_can_be_is_refused_before_anything_begins() {
        assertThat(TeamFile.parse(FILE, "team.yaml").faults()).isEmpty();
        assertThat(faults("skill: draft@2,", "skill: draft@3,"))
                .contains("no agent with skill `draft` has version 3.0");
        assertThat(faults("skill: draft@2,", "skill: draft@2.2,"))
                .contains("no agent with skill `draft` has version 2.2");
        assertThat(faults("[eu, local], verify", "[eu, us], verify"))
                .contains("no agent with skill `draft` has labels eu, us");
        assertThat(faults("draft@2.1]", "draft@two]")).contains("`two` is not a version");
        assertThat(faults("[eu, local], uses", "[EU], uses")).contains("`EU` is not a label");
    }
}
