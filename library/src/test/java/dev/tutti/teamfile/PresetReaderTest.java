package dev.tutti.teamfile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.Fault;
import dev.tutti.core.event.Passing;
import dev.tutti.core.event.Task;
import dev.tutti.core.goal.Workflow;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Patterns by name become the tasks that one would have written.
class PresetReaderTest {
    private static TeamFile file(String workflow) {
        return TeamFile.parse(
                """
                tutti: 1
                agents:
                  a: { skills: [talk], uses: simulated }
                  b: { skills: [talk], uses: simulated }
                  c: { uses: simulated }
                workflows:
                  main:
                    input: { text: string }
                    %s
                """
                        .formatted(workflow),
                "team.yaml");
    }

    private static Workflow read(String pattern) {
        var file = file("pattern: " + pattern);
        assertThat(file.faults()).isEmpty();
        return file.team().orElseThrow().workflows().getFirst();
    }

    private static List<String> faults(String workflow) {
        return file(workflow).faults().stream().map(Fault::toString).toList();
    }

    @Test
    void a_pattern_reads_like_the_tasks_written_out() {
        var written =
                file("""
                tasks:
                      a: { agent: a, input: { text: "${input.text}" } }
                      b: { agent: b, input: { text: "${input.text}", previous: "${a}" } }
                    output: "${b}"
                """)
                        .team()
                        .orElseThrow()
                        .workflows()
                        .getFirst();
        assertThat(read("{ sequential: { steps: [a, b] } }")).isEqualTo(written);
    }

    @Test
    void an_agent_twice_in_a_row_is_two_tasks() {
        assertThat(read("{ sequential: { steps: [a, b, a] } }").tasks())
                .extracting(Task::name)
                .containsExactly("a", "b", "a_2");
    }

    @Test
    void a_skill_stands_where_an_agent_may() {
        assertThat(read("{ concurrent: { agents: [talk, c], then: talk } }").tasks())
                .extracting(Task::name)
                .containsExactly("talk", "c", "talk_2");
    }

    @Test
    void a_swarm_is_a_task_that_any_may_hand_to_any() {
        var task = read("{ swarm: { agents: [a, b, c], first: b } }").tasks().getFirst();
        assertThat(task.passing())
                .isInstanceOfSatisfying(
                        Passing.HandOff.class, handOff -> assertThat(handOff.agents()).hasSize(3));
        assertThat(task.performer().toString()).contains("b");
    }

    @Test
    void what_the_tasks_are_given_can_be_said() {
        assertThat(
                        read("{ debate: { members: [a, b], judge: c, input: { q: 1 } } }")
                                .tasks()
                                .getFirst()
                                .input()
                                .fields()
                                .keySet())
                .containsExactly("q");
    }

    @Test
    void everything_wrong_is_said_with_its_mend() {
        assertThat(faults("pattern: { debat: { members: [a, b] } }"))
                .anySatisfy(fault ->
                        assertThat(fault)
                                .contains("E-PATTERN-01", "pattern.debat", "write `debate`"));
        assertThat(faults("pattern: { debate: { members: [a, x] } }"))
                .anySatisfy(
                        fault -> assertThat(fault).contains("E-REF-07", "pattern.debate.members.x"))
                .anySatisfy(fault -> assertThat(fault).contains("E-KEY-02", "`judge`"));
        assertThat(faults("pattern: { swarm: { agents: [a, b], rounds: 3 } }"))
                .anySatisfy(fault -> assertThat(fault).contains("E-KEY-01", "rounds"));
        assertThat(faults("pattern: { swarm: { agents: [a, b] }, debate: {} }"))
                .anySatisfy(fault -> assertThat(fault).contains("one pattern, not 2"));
        assertThat(faults("pattern: { sequential: { steps: [] } }"))
                .anySatisfy(fault -> assertThat(fault).contains("E-PATTERN-02"));
        assertThat(faults("{ pattern: { swarm: { agents: [a, b] } }, tasks: { t: { agent: a } } }"))
                .isNotEmpty();
        assertThat(faults("pattern: debate")).isNotEmpty();
    }
}
