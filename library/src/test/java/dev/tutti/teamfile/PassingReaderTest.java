package dev.tutti.teamfile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Fault;
import dev.tutti.core.event.Passing;
import dev.tutti.core.event.Passing.Group;
import dev.tutti.core.event.Passing.HandOff;
import dev.tutti.core.event.Task;
import java.util.List;
import org.junit.jupiter.api.Test;

class PassingReaderTest {
    private static TeamFile file(String task) {
        return TeamFile.parse(
                """
                tutti: 1
                agents:
                  a: { skills: [talk], uses: simulated }
                  b: { skills: [talk], uses: simulated }
                  m: { uses: simulated }
                workflows:
                  main:
                    tasks:
                      t: %s
                """
                        .formatted(task),
                "team.yaml");
    }

    private static Task task(String text) {
        var file = file(text);
        assertThat(file.faults()).isEmpty();
        return file.team().orElseThrow().workflows().getFirst().tasks().getFirst();
    }

    private static Passing passing(String text) {
        return passing(task(text));
    }

    private static Passing passing(Task task) {
        var passing = task.passing();
        if (passing == null) {
            throw new AssertionError(task.name() + " stays with its agent");
        }
        return passing;
    }

    private static List<String> faults(String text) {
        return file(text).faults().stream().map(Fault::toString).toList();
    }

    @Test
    void a_task_may_be_handed_over_to_those_that_are_named() {
        assertThat(passing("{ agent: m, hand_off: [a, b] }"))
                .isEqualTo(new HandOff(List.of(new AgentId("a"), new AgentId("b")), 5));
        assertThat(passing("{ skill: talk, hand_off: { to: a, max: 9 } }"))
                .isEqualTo(new HandOff(List.of(new AgentId("a")), 9));
    }

    @Test
    void a_conversation_has_members_and_turns() {
        var group = (Group) passing("{ group: { members: [a, b] } }");
        assertThat(group.turns()).isEqualTo(Passing.Turns.ROUND_ROBIN);
        assertThat(group.max()).isEqualTo(12);
        var moderated =
                task(
                        "{ group: { members: { a: bills, b: cables }, moderator: m, max: 4,"
                                + " until: \"${output.turns > 2}\", result: \"${output.last}\" } }");
        assertThat(moderated.performer()).isEqualTo(new Task.Performer.ByAgent(new AgentId("m")));
        assertThat(((Group) passing(moderated)).members())
                .contains(new Passing.Member(new AgentId("b"), "cables"));
    }

    @Test
    void everything_wrong_is_said_at_once_with_its_mend() {
        assertThat(faults("{ skill: talk, hand_off: [m, c] }"))
                .anySatisfy(fault ->
                        assertThat(fault)
                                .contains(
                                        "E-PASS-01", "`m` cannot have task `t`", "skills: [talk]"))
                .anySatisfy(fault -> assertThat(fault).contains("E-REF-07", "no agent `c`"));
        assertThat(faults("{ agent: a, group: { members: [a, b], turns: moderated } }"))
                .anySatisfy(fault -> assertThat(fault).contains("E-KEY-03", "remove `agent`"))
                .anySatisfy(fault -> assertThat(fault).contains("E-KEY-02", "`moderator`"));
        assertThat(faults("{ group: { members: [a, b], turns: robin } }"))
                .anySatisfy(fault -> assertThat(fault).contains("E-WORD-01"));
        assertThat(faults("{ group: { members: [a, m], moderator: m } }"))
                .anySatisfy(fault -> assertThat(fault).contains("who moderates does not"));
        assertThat(faults("{ group: { members: [a, b], until: \"${output.turn > 2}\" } }"))
                .anySatisfy(fault -> assertThat(fault).contains("turns"));
        assertThat(faults("{ agent: a, hand_off: b, input: { hand_off: 1 } }"))
                .anySatisfy(fault -> assertThat(fault).contains("call it something else"));
    }

    @Test
    void what_conditions_name_is_waited_for() {
        var file =
                TeamFile.parse(
                        """
                        tutti: 1
                        agents:
                          a: { uses: simulated }
                        workflows:
                          main:
                            tasks:
                              first: { agent: a }
                              t: { group: { members: [a], until: "${output.turns > first.n}" } }
                        """,
                        "team.yaml");
        assertThat(file.team().orElseThrow().workflows().getFirst().tasks().getLast())
                .satisfies(task -> assertThat(task.dependencies()).containsExactly("first"));
    }
}
