package dev.tutti.agents.llm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.Team;
import dev.tutti.Tutti;
import dev.tutti.core.event.Money;
import dev.tutti.core.event.Value;
import dev.tutti.teamfile.TeamFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ExamplesTest {
    private static final Pattern YAML =
            Pattern.compile("```yaml\n(tutti: 1\n.*?)```", Pattern.DOTALL);

    @Test
    void the_article_is_written_offline() throws Exception {
        try (var tutti = Tutti.inMemory()) {
            var team = Team.read(Path.of("../examples/article/team.yaml"));
            var result = tutti.submit(team.goal("article", Map.of())).await();
            assertThat(result.output())
                    .isInstanceOfSatisfying(
                            Value.Text.class,
                            text -> assertThat(text.value()).startsWith("What moves the sea\n\n"));
            // 1,170 tokens read and 141 written, at 0.25 and 2 dollars for a million
            assertThat(result.usage().usd()).isEqualTo(Money.of("0.0005745"));
        }
    }

    @Test
    void the_team_in_the_documents_is_sound() throws IOException {
        var teams =
                YAML.matcher(Files.readString(Path.of("../docs/models.md")))
                        .results()
                        .map(match -> match.group(1))
                        .toList();
        assertThat(teams).isNotEmpty();
        for (var team : teams) {
            assertThat(TeamFile.parse(team, "docs/models.md").faults()).isEmpty();
        }
    }
}
