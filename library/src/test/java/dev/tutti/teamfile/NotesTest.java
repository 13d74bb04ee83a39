package dev.tutti.teamfile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.Fault;
import dev.tutti.core.event.Sharing;
import dev.tutti.core.event.Sharing.Giving;
import dev.tutti.core.event.Sharing.Recall;
import dev.tutti.core.event.Sharing.Reducer;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.Value;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Notes as team files say them.
class NotesTest {
    private static TeamFile parse(String notes, String read, String write) {
        return TeamFile.parse(
                """
                tutti: 1
                agents:
                  worker: { skills: [work], uses: simulated }
                workflows:
                  main:
                    notes: %s
                    tasks:
                      read:  { skill: work, notes: %s }
                      write: { skill: work, after: [read], %s }
                """
                        .formatted(notes, read, write),
                "team.yaml");
    }

    private static Task task(TeamFile parsed, int number) {
        assertThat(parsed.faults()).isEmpty();
        return TeamFile.fromDocument(parsed.document())
                .workflow("main")
                .orElseThrow()
                .tasks()
                .get(number);
    }

    @Test
    void a_task_writes_under_its_own_name_but_for_what_the_workflow_shares() {
        var parsed =
                parse(
                        "{ facts: append }",
                        "{ write: { facts: \"${output.f}\", last: 1 }, agent: [todo] }",
                        "notes: { read: \"*\", trust: outside }");

        assertThat(task(parsed, 0).sharing().writes())
                .containsExactly(
                        new Sharing.Write("facts", Value.text("${output.f}"), Reducer.APPEND),
                        new Sharing.Write("read.last", Value.of(1)),
                        new Sharing.Write("read.todo", null, Reducer.LAST));
        assertThat(task(parsed, 1).sharing())
                .isEqualTo(new Sharing(List.of(), List.of("facts", "*.*"), true));
        assertThat(task(parsed, 1).dependencies()).containsExactly("read");
    }

    @Test
    void a_write_says_what_it_expects_and_how_it_is_kept() {
        var parsed =
                parse(
                        "{}",
                        "{ write: { n: { value: 1, by: \"${new}\", expect: 2 }, m: { value: [],"
                                + " expect: absent } } }",
                        "input: { n: \"${notes.read.n}\" }");

        assertThat(task(parsed, 0).sharing().writes())
                .containsExactly(
                        new Sharing.Write(
                                "read.n", Value.of(1), new Reducer.Computed("${new}"), "${2}"),
                        new Sharing.Write("read.m", Value.Array.EMPTY, Reducer.LAST, "absent"));
    }

    @Test
    void notes_that_nobody_writes_or_that_are_not_for_a_task_are_faults_with_their_place() {
        var parsed =
                parse(
                        "{ facts: { by: append, write: [write], read: [write] } }",
                        "{ write: { facts: 1 }, read: [facts, nobody.x] }",
                        "input: { a: \"${notes.fact}\", b: \"${notes.read.x}\", c: \"${notes}\" }");

        assertThat(parsed.faults())
                .extracting(Fault::code)
                .containsExactlyInAnyOrder(
                        "E-NOTE-02",
                        "E-NOTE-02",
                        "E-REF-02",
                        "E-NOTE-01",
                        "E-NOTE-01",
                        "E-NOTE-01");
        assertThat(parsed.faults())
                .filteredOn(fault -> fault.message().contains("`fact`"))
                .extracting(Fault::help)
                .containsExactly("write `facts`");
    }

    @Test
    void a_task_says_how_many_tokens_its_agent_is_given_at_most() {
        var parsed = parse("{}", "{}", "context: { tokens: 4000 }");

        assertThat(parsed.faults()).isEmpty();
        assertThat(task(parsed, 1).sharing().tokens()).isEqualTo(4_000);
    }

    @Test
    void a_context_is_for_a_task_that_an_agent_does() {
        var parsed =
                TeamFile.parse(
                        """
                        tutti: 1
                        workflows:
                          main:
                            tasks:
                              paid: { await: { message: order.paid }, context: { tokens: 4000 } }
                              part: { workflow: part, context: { tokens: 4000 } }
                          part: { tasks: { wait: { await: { message: go } } } }
                        """,
                        "team.yaml");

        assertThat(parsed.faults())
                .extracting(Fault::code)
                .containsExactly("E-NOTE-04", "E-NOTE-04");
    }

    @Test
    void a_context_that_says_nothing_or_is_too_small_is_a_fault() {
        assertThat(codes("context: { }")).containsExactly("E-KEY-02");
        assertThat(codes("context: { tokens: 9 }")).containsExactly("E-NUM-01");
        assertThat(codes("context: { tokens: many }")).hasSize(1);
        assertThat(codes("context: { token: 4000 }")).contains("E-KEY-01");
        assertThat(codes("context: 4000")).hasSize(1);
    }

    @Test
    void a_task_says_what_is_recalled_and_who_makes_notes_shorter() {
        var few = parse("{}", "{}", "context: { recall: 3 }");
        var whole =
                parse(
                        "{}",
                        "{}",
                        "input: { customer: ana, text: hello }, context: { tokens: 400, compact: model,"
                                + " recall: { about: customer, query: text, kinds: fact } }");

        assertThat(task(few, 1).sharing().giving())
                .isEqualTo(new Giving(0, new Recall(3, null, null, List.of()), false));
        assertThat(task(whole, 1).sharing().giving())
                .isEqualTo(
                        new Giving(400, new Recall(5, "text", "customer", List.of("fact")), true));
        assertThat(task(whole, 1).sharing().giving().first()).isEqualTo(300);
    }

    @Test
    void what_is_to_be_recalled_is_looked_at() {
        assertThat(codes("input: { text: x }, context: { recall: { about: customer } }"))
                .containsExactly("E-NOTE-05");
        assertThat(codes("input: { memories: [] }, context: { recall: 3 }"))
                .containsExactly("E-NOTE-06");
        assertThat(codes("context: { recall: { kinds: [fact, dream] } }")).hasSize(1);
        assertThat(codes("context: { recall: 101 }")).containsExactly("E-NUM-01");
        assertThat(codes("context: { recall: all }")).hasSize(1);
        assertThat(codes("context: { compact: model }")).containsExactly("E-KEY-02");
        assertThat(codes("context: { tokens: 400, compact: zip }")).hasSize(1);
    }

    private static List<String> codes(String more) {
        return parse("{}", "{}", more).faults().stream().map(Fault::code).toList();
    }

    @Test
    void what_is_said_twice_is_said_to_be() {
        var parsed =
                parse(
                        "{ facts: append, read: max }",
                        "{ write: { facts: { value: 1, by: last }, x: 1 }, agent: [x] }",
                        "input: { notes: 1 }, notes: { read: [facts] }");

        assertThat(parsed.faults())
                .extracting(Fault::code)
                .containsExactlyInAnyOrder("E-NOTE-03", "E-NOTE-03", "E-NOTE-03", "E-NAME-01");
    }
}
