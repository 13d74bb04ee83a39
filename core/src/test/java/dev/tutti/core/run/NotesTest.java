package dev.tutti.core.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.Event;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.NoteRef;
import dev.tutti.core.event.Provenance;
import dev.tutti.core.event.Sharing;
import dev.tutti.core.event.Sharing.Reducer;
import dev.tutti.core.event.Sharing.Write;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Value;
import dev.tutti.core.memory.Note;
import dev.tutti.core.memory.Notes;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Notes, decision by decision.
class NotesTest {
    private final RunFixture run = new RunFixture();

    private static Task task(String name, Write... writes) {
        return Task.of(name, RunFixture.SKILL, Value.Struct.EMPTY)
                .with(new Sharing(List.of(writes), List.of(), false));
    }

    private static Value n(long n) {
        return Value.struct("n", Value.of(n));
    }

    private static Write keeps(String key, Reducer by) {
        return new Write(key, Value.text("${output.n}"), by);
    }

    private @Nullable Value note(String key) {
        var note = run.state.notes().of(key);
        return note == null ? null : note.value();
    }

    private long token(String task) {
        return run.state.task(TaskId.of(task)).token();
    }

    @Test
    void a_note_is_written_in_the_decision_that_accepts_the_result() {
        run.start(Value.NULL, task("a", keeps("a.n", Reducer.LAST))).dispatchAll();
        run.succeed("a", n(3));

        assertThat(note("a.n")).isEqualTo(Value.of(3));
        var events = run.journal.stream().map(Event::getClass).toList();
        assertThat(events.indexOf(Event.NoteWritten.class))
                .isEqualTo(events.indexOf(Event.ResultAccepted.class) + 1);
    }

    @Test
    void each_reducer_makes_one_of_two_whatever_comes_first() {
        var sum = new Reducer.Computed("${current == null ? new : current + new}");
        for (var order : List.of(List.of("a", "b"), List.of("b", "a"))) {
            var other = new RunFixture();
            other.start(
                            Value.NULL,
                            task("a", keeps("m", Reducer.MAX), keeps("s", sum), list("l")),
                            task("b", keeps("m", Reducer.MAX), keeps("s", sum), list("l")))
                    .dispatchAll();
            order.forEach(name -> other.succeed(name, n(name.equals("a") ? 7 : 2)));

            var notes = other.state.notes();
            assertThat(note(notes, "m").value()).isEqualTo(Value.of(7));
            assertThat(note(notes, "s").value()).isEqualTo(Value.of(9));
            assertThat(note(notes, "l").value()).isEqualTo(Value.array(Value.of(7), Value.of(2)));
            assertThat(note(notes, "l").owner()).isEqualTo(order.getFirst());
        }
    }

    private static Write list(String key) {
        return new Write(key, Value.text("${[output.n]}"), Reducer.APPEND);
    }

    @Test
    void objects_are_merged_into_their_depth() {
        var value = Value.text("${output}");
        run.start(
                        Value.NULL,
                        task("a", new Write("k", value, Reducer.MERGE)),
                        task("b", new Write("k", value, Reducer.MERGE)))
                .dispatchAll();
        run.succeed("a", Value.struct("x", n(1), "y", Value.of(1)));
        run.succeed("b", Value.struct("x", Value.struct("m", Value.of(2))));

        assertThat(note("k"))
                .isEqualTo(
                        Value.struct(
                                "x",
                                Value.struct("n", Value.of(1), "m", Value.of(2)),
                                "y",
                                Value.of(1)));
    }

    @Test
    void a_result_that_its_notes_cannot_be_made_of_does_not_count() {
        run.start(Value.NULL, task("a", keeps("m", Reducer.MAX))).dispatchAll();
        run.succeed("a", Value.struct("n", Value.array()));

        assertThat(note("m")).isNull();
        assertThat(run.journal).noneMatch(event -> event instanceof Event.ResultAccepted);
        assertThat(run.journal)
                .filteredOn(event -> event instanceof Event.AttemptEnded)
                .singleElement()
                .satisfies(event ->
                        assertThat(((Event.AttemptEnded) event).failure().message())
                                .contains("kept by `max`"));
    }

    @Test
    void two_attempts_that_write_at_once_are_told_who_came_first() {
        var open = new Write("k", null, Reducer.LAST);
        run.start(Value.NULL, task("a", open), task("b", open)).dispatchAll();
        run.send(new Command.ReadNote(token("a"), "k"));
        run.send(new Command.ReadNote(token("b"), "k"));
        run.send(new Command.WriteNote(token("a"), "w", "k", Value.of(1), 0));
        run.send(new Command.WriteNote(token("b"), "w", "k", Value.of(2), 0));

        assertThat(note("k")).isEqualTo(Value.of(1));
        assertThat(Blackboard.made(run.state, TaskId.of("a"), "w")).isPresent();
        assertThat(Blackboard.made(run.state, TaskId.of("b"), "w")).isEmpty();
        run.send(new Command.WriteNote(token("b"), "w", "k", Value.of(2), 1));
        assertThat(note("k")).isEqualTo(Value.of(2));
    }

    @Test
    void a_write_that_an_earlier_attempt_has_made_is_not_made_again() {
        run.start(Value.NULL, task("a", new Write("a.l", null, Reducer.APPEND))).dispatchAll();
        run.send(new Command.WriteNote(token("a"), "w", "a.l", Value.of(1), null));
        run.send(new Command.WriteNote(token("a"), "w", "a.l", Value.of(1), null));
        run.fail("a", new Failure.Transient("busy", "later"));
        run.pass(Duration.ofSeconds(1));
        run.dispatchAll();
        run.send(new Command.WriteNote(token("a"), "w", "a.l", Value.of(1), null));
        run.send(new Command.WriteNote(token("a"), "x", "a.l", Value.of(2), null));

        assertThat(note("a.l")).isEqualTo(Value.array(Value.of(1), Value.of(2)));
    }

    @Test
    void what_a_task_does_not_declare_its_agent_can_neither_write_nor_read() {
        run.start(Value.NULL, task("a", keeps("a.n", Reducer.LAST)), task("b")).dispatchAll();
        var write = run.send(new Command.WriteNote(token("b"), "w", "a.n", Value.of(1), null));
        var read = run.send(new Command.ReadNote(token("b"), "a.n"));
        var declared = run.send(new Command.WriteNote(token("a"), "w", "a.n", Value.of(1), null));

        for (var decision : List.of(write, read, declared)) {
            assertThat(decision.rejection()).isNotNull();
            assertThat(decision.events()).isEmpty();
        }
    }

    @Test
    void a_note_that_is_not_there_is_null_in_expressions() {
        var reader =
                new Task(
                        "b",
                        new Task.Performer.BySkill(RunFixture.SKILL),
                        Value.struct("k", Value.text("${notes.k == null ? 'none' : 'some'}")),
                        List.of());
        run.start(Value.NULL, task("a", keeps("k", Reducer.LAST)), reader).dispatchAll();

        assertThat(run.state.task(TaskId.of("b")).input())
                .isEqualTo(Value.struct("k", Value.text("none")));
        assertThat(run.journal).noneMatch(event -> event instanceof Event.NoteRead);
    }

    @Test
    void a_task_that_is_done_anew_replaces_what_it_had_appended() {
        var again = new RunFixture();
        again.start(Value.NULL, task("a", list("l")), task("b", list("l")), task("c"))
                .dispatchAll();
        again.succeed("a", n(1));
        again.succeed("b", n(2));
        again.send(new Command.Intervene(new Verb.Retry(TaskId.of("a"), false), "again", 0));
        again.dispatchAll();
        again.succeed("a", n(5));

        assertThat(note(again.state.notes(), "l").value())
                .isEqualTo(Value.array(Value.of(5), Value.of(2)));
        assertThat(note(again.state.notes(), "l").version()).isEqualTo(3);
    }

    private Event.NoteWritten written(String key) {
        return run.journal.stream()
                .filter(event ->
                        event instanceof Event.NoteWritten written && written.key().equals(key))
                .map(Event.NoteWritten.class::cast)
                .reduce((_, last) -> last)
                .orElseThrow();
    }

    @Test
    void what_a_reducer_names_is_behind_the_version_as_well() {
        var sum = new Reducer.Computed("${new + notes.other}");
        run.start(Value.NULL, task("a", keeps("other", Reducer.LAST)), task("b", keeps("s", sum)))
                .dispatchAll();
        run.succeed("a", n(3));
        run.succeed("b", n(4));

        assertThat(note("s")).isEqualTo(Value.of(7));
        assertThat(written("s").from().read()).containsExactly(new NoteRef("other", 1));
    }

    @Test
    void what_was_read_is_trusted_as_it_was_then() {
        var from =
                Task.of("from", RunFixture.SKILL, Value.Struct.EMPTY)
                        .with(new Sharing(List.of(keeps("k", Reducer.LAST)), List.of(), true));
        var reader =
                Task.of("reader", RunFixture.SKILL, Value.Struct.EMPTY, "from")
                        .with(new Sharing(List.of(keeps("z", Reducer.LAST)), List.of("k"), false));
        var writer =
                Task.of("writer", RunFixture.SKILL, Value.Struct.EMPTY, "from")
                        .with(new Sharing(List.of(keeps("k", Reducer.LAST)), List.of(), false));
        run.start(Value.NULL, from, reader, writer).dispatchAll();
        run.succeed("from", n(1));
        run.dispatchAll();
        run.succeed("writer", n(2));
        run.succeed("reader", n(3));

        assertThat(written("k").from().trust()).isEqualTo(Provenance.Trust.AGENT);
        assertThat(written("z").from().read()).containsExactly(new NoteRef("k", 1));
        assertThat(written("z").from().trust()).isEqualTo(Provenance.Trust.OUTSIDE);
    }

    private static Note note(Notes notes, String key) {
        var note = notes.of(key);
        if (note == null) {
            throw new AssertionError("there is no note " + key + " in " + notes);
        }
        return note;
    }
}
