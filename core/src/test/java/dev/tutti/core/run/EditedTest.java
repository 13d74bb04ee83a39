package dev.tutti.core.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.Event;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Usage;
import dev.tutti.core.event.Value;
import org.junit.jupiter.api.Test;

/// How long it is told that a person changed the input of a task.
class EditedTest {
    private static final TaskId T = TaskId.of("t");
    private static final Value.Struct ASKED = Value.struct("amount", Value.of(1250));
    private static final Value.Struct GIVEN = Value.struct("amount", Value.of(125));

    private RunState state =
            new RunFixture()
                    .start(Value.text("${t}"), RunFixture.with(RunFixture.task("t"), ASKED))
                    .state;

    private void see(Event event) {
        state = state.evolve(event);
    }

    private String told() {
        return String.valueOf(state.task(T).course().edit());
    }

    @Test
    void it_is_told_for_as_long_as_the_input_is_the_one_that_they_gave() {
        see(new Event.InputGiven(T, GIVEN, "ana"));
        assertThat(told()).isEqualTo("ana changed this input: `amount` was 1250 and is 125");
        see(new Event.TaskHeld(T, GIVEN));
        assertThat(told()).contains("ana");
        see(new Event.TaskHeld(T, Value.struct("amount", Value.of(7))));
        assertThat(told()).isEqualTo("null");
    }

    @Test
    void a_result_that_is_refused_does_not_let_it_be_forgotten() {
        see(new Event.InputGiven(T, GIVEN, "ana"));
        var refused =
                state.task(T).attemptEnded(new Failure.Rejected("gate", "too little"), Usage.NONE);
        assertThat(refused.course().edit()).contains("ana");
        assertThat(refused.course().feedback()).isEqualTo("too little");
    }

    @Test
    void what_nobody_changed_and_what_is_not_said_of_anybody_is_not_told() {
        see(new Event.InputGiven(T, ASKED, "ana"));
        assertThat(told()).isEqualTo("null");
        see(new Event.InputGiven(T, GIVEN));
        assertThat(told()).isEqualTo("null");
    }

    @Test
    void fields_that_are_new_or_gone_are_told_as_that_and_long_ones_are_cut() {
        see(new Event.InputGiven(T, Value.struct("account", Value.text("9".repeat(200))), "ana"));
        assertThat(told())
                .contains("`account` was added: \"999")
                .contains("…; `amount` was taken out; it was 1250");
    }
}
