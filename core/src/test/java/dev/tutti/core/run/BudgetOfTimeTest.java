package dev.tutti.core.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.Budget;
import dev.tutti.core.event.Event;
import dev.tutti.core.event.Mode;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.Status;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Timer;
import dev.tutti.core.event.Value;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BudgetOfTimeTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final RunFixture run = new RunFixture();

    private void start(Duration time, @Nullable Instant until) {
        run.send(
                new Command.Start(
                        new RunId("R1"),
                        "test",
                        "team",
                        Value.Struct.EMPTY,
                        List.of(Task.of("a", RunFixture.SKILL, Value.Struct.EMPTY)),
                        Value.NULL,
                        "",
                        Task.Remedy.ASK,
                        null,
                        null,
                        new Budget(null, null, time, null, null),
                        Mode.PLANNED,
                        List.of(),
                        until));
    }

    @Test
    void the_deadline_is_a_moment_in_the_journal_and_the_earlier_of_two() {
        start(MINUTE, run.now.plusSeconds(20));
        assertThat(run.all(Event.TimerSet.class))
                .startsWith(new Event.TimerSet(new Timer.BudgetDue(), run.now.plusSeconds(20)));
        assertThat(run.state.timeLeft(run.now.plusSeconds(5))).contains(Duration.ofSeconds(15));
        assertThat(run.state.timeLeft(run.now.plusSeconds(50))).contains(Duration.ZERO);
    }

    @Test
    void nothing_begins_once_time_is_over_though_its_timer_has_not_fired() {
        start(MINUTE, null);
        run.now = run.now.plus(MINUTE);
        run.send(new Command.Dispatch(List.of(RunFixture.offer(TaskId.of("a")))));
        assertThat(run.all(Event.Assigned.class)).isEmpty();
        assertThat(run.status()).isEqualTo(Status.FAILED);
        assertThat(run.all(Event.Closing.class).getFirst().reason())
                .startsWith(
                        "the run's time of 1m is over; 1 task is left; `tutti fork R1` goes on");
    }

    @Test
    void a_moment_before_it_is_over_work_still_begins() {
        start(MINUTE, null);
        run.now = run.now.plus(MINUTE).minusNanos(1);
        run.dispatchAll();
        assertThat(run.all(Event.Assigned.class)).hasSize(1);
    }
}
