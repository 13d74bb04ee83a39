package dev.tutti.core.run;

import static dev.tutti.core.run.RunFixture.task;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.Event;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Resolve;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.Value;
import java.util.List;
import org.junit.jupiter.api.Test;

class DigestTest {

    private static List<Event> someRun() {
        var run = new RunFixture().start(Value.text("${b}"), task("a"), task("b", "a"));
        run.dispatchAll();
        run.fail("a", new Failure.Transient("busy", "later"));
        run.pass(java.time.Duration.ofMinutes(1));
        run.dispatchAll().succeed("a", Value.struct("n", Value.of(1)));
        run.dispatchAll().succeed("b", Value.text("done"));
        return run.journal;
    }

    @Test
    void the_same_events_give_the_same_digest_at_every_prefix() {
        var once = RunState.EMPTY;
        var again = RunState.EMPTY;
        for (var event : someRun()) {
            once = once.evolve(event);
        }
        for (var event : someRun()) {
            again = again.evolve(event);
            if (again.sequence() < once.sequence()) {
                assertThat(Digest.of(again)).isNotEqualTo(Digest.of(once));
            }
        }
        assertThat(Digest.text(again)).isEqualTo(Digest.text(once));
        assertThat(Digest.of(again)).isEqualTo(Digest.of(once)).hasSize(64);
    }

    @Test
    void every_event_that_changes_anything_changes_the_digest() {
        var state = RunState.EMPTY;
        for (var event : someRun()) {
            var before = Digest.of(state);
            state = state.evolve(event);
            assertThat(Digest.of(state)).as("%s", event).isNotEqualTo(before);
        }
        var refused = state.evolve(new Event.Refused("cancel", "the run has ended"));
        assertThat(Digest.of(refused)).isEqualTo(Digest.of(state));
    }

    @Test
    void debates_that_are_not_as_far_have_other_digests() {
        var task = task("a");
        var resolve = new Resolve(new Resolve.By.Debate(2));
        var run =
                new RunFixture()
                        .start(
                                Value.text("${a}"),
                                task.with(task.flow().with(Task.Each.replicas(3, resolve))));
        assertThat(Digest.text(run.state)).contains("fan-in a 3 3").doesNotContain("debate");

        var debated = run.state.evolve(new Event.Debated("a", 1, List.of(0, 1, 2)));
        assertThat(Digest.text(debated)).contains("debate a 1 3 0");
        var again = debated.evolve(new Event.Debated("a", 2, List.of()));
        assertThat(Digest.of(again)).isNotEqualTo(Digest.of(debated));
    }

    @Test
    void values_that_are_equal_have_one_text() {
        var one = Value.struct("b", Value.of(1), "a", Value.array(Value.NULL, Value.of(true)));
        var other = Value.struct("a", Value.array(Value.NULL, Value.of(true)), "b", Value.of(1));

        assertThat(Digest.canonical(one)).isEqualTo("{\"a\":[null,true],\"b\":1}");
        assertThat(Digest.canonical(other)).isEqualTo(Digest.canonical(one));
        assertThat(Digest.hash(Value.of(1))).isNotEqualTo(Digest.hash(new Value.Real(1)));
        assertThat(Digest.canonical(Value.text("\"\\\n\u0001é😀")))
                .isEqualTo("\"\\\"\\\\\\u000a\\u0001é😀\"");
    }

    @Test
    void the_text_is_made_of_facts() {
        var run = new RunFixture().start(Value.NULL, task("a"), task("b", "a")).dispatchAll();

        assertThat(Digest.text(run.state))
                .isEqualTo(
                        """
                        status running
                        run R1
                        goal test team 44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a 74234e98afe7498fb5daf1f36ac2d78acc339464f950703b8c019892f982b90b
                        plan 1
                        planned a ACTIVE
                        planned b PLANNED
                        task a ASSIGNED 1 1 4 worker 44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a
                        open 4 a worker
                        usage 0 0 0
                        """);
    }
}
