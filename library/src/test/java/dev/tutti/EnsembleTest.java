package dev.tutti;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.Event;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Outcome;
import dev.tutti.core.event.Status;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.agent.AgentExecutor;
import dev.tutti.runtime.engine.Runs;
import dev.tutti.teamfile.TeamFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Tasks that everyone does who can.
@DisplayNameGeneration(ReplaceUnderscores.class)
class EnsembleTest {
    private static final String FILE =
            """
            tutti: 1
            agents:
              one: { skills: [say], uses: function, limits: { concurrency: 1 } }
              two: { skills: [say], uses: function, labels: [calm] }
              three: { skills: [say], uses: function, labels: [calm] }
              other: { skills: [count], uses: function }
            workflows:
              ask:
                tasks:
                  it: { skill: say, dispatch: all, resolve: vote, retry: { attempts: 1 } }
                output: "${it.answer}"
              calm:
                tasks:
                  it: { skill: say, require: [calm], dispatch: all, retry: { attempts: 1 } }
                output: "${it}"
            """;

    private static AgentExecutor says(String answer) {
        return _ ->
                answer.isEmpty()
                        ? Outcome.failed(new Failure.Permanent("mute", "it says nothing"))
                        : Outcome.succeeded(Value.struct("answer", Value.text(answer)));
    }

    private static Tutti with(String one, String two, String three) {
        return Tutti.inMemory()
                .function("one", says(one))
                .function("two", says(two))
                .function("three", says(three))
                .function("other", says("never"));
    }

    private static Team team(Path folder) throws Exception {
        return Team.read(Files.writeString(folder.resolve("team.yaml"), FILE));
    }

    private static List<String> asked(Tutti tutti, Run run) {
        try (var reader = tutti.reader()) {
            return reader.read(run.stream(), 0, 1_000).stream()
                    .map(Runs::event)
                    .filter(Event.Assigned.class::isInstance)
                    .map(event -> ((Event.Assigned) event).agent().value())
                    .toList();
        }
    }

    @Test
    void each_agent_that_can_is_asked_once_and_their_answers_become_one(@TempDir Path folder)
            throws Exception {
        try (var tutti = with("yes", "no", "yes")) {
            var run = tutti.submit(team(folder).goal("ask", Map.of()));
            assertThat(run.await().output()).isEqualTo(Value.text("yes"));
            assertThat(asked(tutti, run)).containsExactlyInAnyOrder("one", "two", "three");
        }
    }

    @Test
    void a_function_of_the_program_makes_one_of_all(@TempDir Path folder) throws Exception {
        var text =
                FILE.replace("resolve: vote", "resolve: { by: custom, then: other }")
                        .replace("${it.answer}", "${it}");
        AgentExecutor longest =
                attempt -> {
                    var given = (Value.Array) attempt.input().get("given");
                    var words =
                            given.items().stream()
                                    .map(one -> ((Value.Struct) one).get("output"))
                                    .map(output -> ((Value.Struct) output).text("answer"))
                                    .toList();
                    return Outcome.succeeded(
                            Value.struct(
                                    "output",
                                    Value.text(
                                            words.stream()
                                                    .max(Comparator.comparingInt(String::length))
                                                    .orElseThrow()),
                                    "confidence",
                                    new Value.Real(0.5)));
                };
        try (var tutti = with("yes", "no", "perhaps").function("other", longest)) {
            var team = Team.read(Files.writeString(folder.resolve("team.yaml"), text));
            var run = tutti.submit(team.goal("ask", Map.of()));
            assertThat(run.await().output()).isEqualTo(Value.text("perhaps"));
        }
    }

    @Test
    void only_those_are_asked_that_are_what_is_required(@TempDir Path folder) throws Exception {
        try (var tutti = with("yes", "no", "maybe")) {
            var run = tutti.submit(team(folder).goal("calm", Map.of()));
            assertThat(run.await().output())
                    .isEqualTo(
                            Value.array(
                                    Value.struct("answer", Value.text("no")),
                                    Value.struct("answer", Value.text("maybe"))));
            assertThat(asked(tutti, run)).containsExactlyInAnyOrder("two", "three");
        }
    }

    @Test
    void one_that_fails_is_left_out_and_when_all_do_the_task_fails(@TempDir Path folder)
            throws Exception {
        try (var tutti = with("", "no", "no")) {
            var run = tutti.submit(team(folder).goal("ask", Map.of()));
            assertThat(run.await().output()).isEqualTo(Value.text("no"));
        }
        try (var tutti = with("", "", "")) {
            var result = tutti.submit(team(folder).goal("ask", Map.of())).await();
            assertThat(result.status()).isEqualTo(Status.FAILED);
            assertThat(result.reason())
                    .contains("none of the 3 agents that can do it gave a result");
        }
    }

    private static String faults(String from, String to) {
        return TeamFile.parse(FILE.replace(from, to), "team.yaml").faults().toString();
    }

    @Test
    void what_does_not_go_with_it_is_refused() {
        assertThat(TeamFile.parse(FILE, "team.yaml").faults()).isEmpty();
        assertThat(faults("resolve: vote,", "replicas: 3,"))
                .contains("`replicas` does not go with `dispatch: all`");
        assertThat(faults("resolve: vote,", "loop: { while: \"${false}\" },"))
                .contains("`dispatch: all` does not go with `loop`");
        assertThat(faults("resolve: vote,", "hand_off: [two],"))
                .contains("with `dispatch: all` a task does not go from agent to agent");
        assertThat(faults("skill: say, dispatch", "agent: one, dispatch"))
                .contains("`dispatch` chooses among those who have a skill");
    }
}
