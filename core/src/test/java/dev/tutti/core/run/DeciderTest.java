package dev.tutti.core.run;

import static dev.tutti.core.run.RunFixture.cancel;
import static dev.tutti.core.run.RunFixture.each;
import static dev.tutti.core.run.RunFixture.need;
import static dev.tutti.core.run.RunFixture.retry;
import static dev.tutti.core.run.RunFixture.task;
import static dev.tutti.core.run.RunFixture.timeout;
import static dev.tutti.core.run.RunFixture.when;
import static dev.tutti.core.run.RunFixture.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.Event;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Outcome;
import dev.tutti.core.event.Status;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.Task.Remedy;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Timer;
import dev.tutti.core.event.Value;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class DeciderTest {
    private static final Failure SLIP = new Failure.Transient("slip", "it slipped");
    private static final Failure REFUSED = new Failure.Permanent("refused", "never");

    private final RunFixture run = new RunFixture();

    private static Value n(long number) {
        return Value.struct("n", Value.of(number));
    }

    // ---- plan

    @Test
    void a_task_starts_when_its_dependencies_are_done_and_is_given_their_outputs() {
        run.start(
                Value.text("${b.n}"),
                task("a"),
                with(task("b", "a"), Value.struct("was", Value.text("${a.n}"))));
        assertThat(run.ready()).containsExactly("a");
        run.dispatchAll().succeed("a", n(7));
        assertThat(run.ready()).containsExactly("b");
        assertThat(run.state.task(TaskId.of("b")).input())
                .isEqualTo(Value.struct("was", Value.of(7)));
        run.dispatchAll().succeed("b", n(8));
        assertThat(run.status()).isEqualTo(Status.SUCCEEDED);
        assertThat(run.output()).isEqualTo(Value.of(8));
    }

    @Test
    void the_result_of_one_task_and_the_readiness_of_the_next_are_one_decision() {
        run.start(Value.NULL, task("a"), task("b", "a")).dispatchAll();
        var decision =
                run.send(new Command.Finish(run.token("a"), Outcome.succeeded(n(1)), List.of()));
        assertThat(decision.events())
                .hasExactlyElementsOfTypes(Event.ResultAccepted.class, Event.TaskReady.class);
    }

    @Test
    void a_task_whose_condition_is_false_is_skipped_and_so_is_what_only_it_led_to() {
        run.start(
                Value.text("${c}"),
                task("a"),
                when(task("b", "a"), "${a.n > 3}"),
                task("c", "b"),
                task("d", "b", "a"));
        run.dispatchAll().succeed("a", n(1));
        assertThat(run.all(Event.TaskSkipped.class))
                .extracting(skipped -> skipped.task().name())
                .containsExactly("b", "c");
        run.dispatchAll().succeed("d", n(2));
        assertThat(run.status()).isEqualTo(Status.SUCCEEDED);
        assertThat(run.output()).isEqualTo(Value.NULL);
    }

    @Test
    void a_task_that_needs_any_starts_with_the_first_of_its_dependencies_and_only_once() {
        run.start(Value.NULL, task("a"), task("b"), need(task("c", "a", "b"), 1)).dispatchAll();
        run.succeed("b", n(1));
        assertThat(run.ready()).containsExactly("c");
        run.dispatchAll().succeed("a", n(2)).succeed("c", n(3));
        assertThat(run.all(Event.TaskReady.class)).hasSize(3);
        assertThat(run.status()).isEqualTo(Status.SUCCEEDED);
    }

    @Test
    void a_task_that_needs_two_is_skipped_when_fewer_can_still_be_done() {
        run.start(
                Value.NULL,
                task("a"),
                when(task("b", "a"), "${false}"),
                when(task("c", "a"), "${false}"),
                need(task("d", "a", "b", "c"), 2));
        run.dispatchAll().succeed("a", n(1));
        assertThat(run.all(Event.TaskSkipped.class))
                .extracting(skipped -> skipped.task().name())
                .containsExactly("b", "c", "d");
    }

    @Test
    void a_run_without_tasks_succeeds_at_once() {
        run.start(Value.struct("q", Value.text("hi")), Value.text("${input.q}"));
        assertThat(run.output()).isEqualTo(Value.text("hi"));
    }

    @Test
    void a_chain_of_ten_thousand_tasks_runs_without_recursion() {
        var tasks = new ArrayList<Task>();
        tasks.add(task("t0"));
        for (int i = 1; i < 10_000; i++) {
            tasks.add(when(task("t" + i, "t" + (i - 1)), i == 1 ? "${false}" : "${true}"));
        }
        run.start(Value.NULL, tasks.toArray(Task[]::new)).dispatchAll().succeed("t0", n(1));
        assertThat(run.all(Event.TaskSkipped.class)).hasSize(9_999);
        assertThat(run.status()).isEqualTo(Status.SUCCEEDED);
    }

    // ---- fan-out

    @Test
    void a_fan_out_runs_once_for_every_item_and_hands_on_the_outputs_in_order() {
        run.start(
                Value.struct("list", Value.array(Value.of(5), Value.of(6), Value.of(7))),
                Value.text("${a}"),
                with(each(task("a"), "${input.list}"), Value.struct("x", Value.text("${item}"))));
        assertThat(run.ready()).containsExactly("a[0]", "a[1]", "a[2]");
        run.dispatchAll().succeed("a[2]", n(2)).succeed("a[0]", n(0)).succeed("a[1]", n(1));
        assertThat(run.output()).isEqualTo(Value.array(n(0), n(1), n(2)));
        assertThat(run.all(Event.Joined.class)).hasSize(1);
    }

    @Test
    void a_fan_out_over_nothing_is_done_at_once_with_an_empty_list() {
        run.start(
                Value.struct("list", Value.Array.EMPTY),
                Value.text("${b.n}"),
                each(task("a"), "${input.list}"),
                task("b", "a"));
        assertThat(run.ready()).containsExactly("b");
    }

    @Test
    void a_fan_out_over_what_a_skipped_task_would_have_given_is_empty() {
        run.start(
                Value.text("${c}"),
                task("a"),
                when(task("b", "a"), "${false}"),
                each(task("c", "a", "b"), "${b.list}"));
        run.dispatchAll().succeed("a", n(1));
        assertThat(run.output()).isEqualTo(Value.Array.EMPTY);
    }

    @Test
    void a_fan_out_wider_than_max_fails_the_run_with_its_reason() {
        run.start(
                Value.struct("list", Value.array(Value.of(1), Value.of(2), Value.of(3))),
                Value.NULL,
                each(task("a"), "${input.list}", 2));
        assertThat(run.status()).isEqualTo(Status.FAILED);
        assertThat(run.all(Event.TaskFailed.class).getFirst().failure().code())
                .isEqualTo("limit_exceeded");
    }

    @Test
    void an_item_that_is_skipped_is_left_out_of_the_list() {
        run.start(
                Value.struct("list", Value.array(Value.of(1), Value.of(2))),
                Value.text("${a}"),
                retry(each(task("a"), "${input.list}"), 1, Remedy.SKIP));
        run.dispatchAll().fail("a[0]", SLIP).succeed("a[1]", n(2));
        assertThat(run.status()).isEqualTo(Status.SUCCEEDED);
        assertThat(run.output()).isEqualTo(Value.array(n(2)));
    }

    // ---- attempts

    @Test
    void a_transient_failure_is_tried_again_after_a_growing_pause() {
        run.start(Value.NULL, retry(task("a"), 3, Remedy.FAIL)).dispatchAll().fail("a", SLIP);
        assertThat(run.waitsFor(new Timer.RetryDue(TaskId.of("a")))).isTrue();
        assertThat(run.ready()).isEmpty();
        run.pass(Duration.ofMillis(999));
        assertThat(run.ready()).isEmpty();
        run.pass(Duration.ofMillis(300));
        assertThat(run.ready()).containsExactly("a");
        run.dispatchAll().fail("a", SLIP).pass(Duration.ofMillis(1_999));
        assertThat(run.ready()).isEmpty();
        run.pass(Duration.ofMillis(600)).dispatchAll().succeed("a", n(1));
        assertThat(run.status()).isEqualTo(Status.SUCCEEDED);
        assertThat(run.all(Event.Assigned.class))
                .extracting(Event.Assigned::attempt)
                .containsExactly(1, 2, 3);
    }

    @Test
    void when_the_attempts_are_used_up_the_run_fails_and_says_why() {
        run.start(Value.NULL, retry(task("a"), 1, Remedy.FAIL), task("b", "a"))
                .dispatchAll()
                .fail("a", SLIP);
        assertThat(run.status()).isEqualTo(Status.FAILED);
        assertThat(run.all(Event.Ended.class).getFirst().failure()).isEqualTo(SLIP);
    }

    @Test
    void a_permanent_failure_is_not_tried_again() {
        run.start(Value.NULL, retry(task("a"), 3, Remedy.FAIL)).dispatchAll().fail("a", REFUSED);
        assertThat(run.all(Event.Assigned.class)).hasSize(1);
        assertThat(run.status()).isEqualTo(Status.FAILED);
    }

    @Test
    void a_crash_consumes_an_attempt_and_a_stopped_process_does_not() {
        run.start(Value.NULL, retry(task("a"), 2, Remedy.FAIL)).dispatchAll();
        run.fail("a", new Failure.Interrupted()).pass(Duration.ZERO).dispatchAll();
        run.fail("a", new Failure.Crashed()).pass(Duration.ofSeconds(2)).dispatchAll();
        run.fail("a", new Failure.Crashed());
        assertThat(run.status()).isEqualTo(Status.FAILED);
        assertThat(run.all(Event.Assigned.class))
                .extracting(Event.Assigned::attempt)
                .containsExactly(1, 2, 3);
    }

    @Test
    void an_attempt_that_misses_its_time_is_over_and_its_late_result_changes_nothing() {
        run.start(Value.NULL, timeout(retry(task("a"), 2, Remedy.FAIL), Duration.ofSeconds(5)))
                .dispatchAll();
        long late = run.token("a");
        run.pass(Duration.ofSeconds(4));
        assertThat(run.all(Event.AttemptEnded.class)).isEmpty();
        run.pass(Duration.ofSeconds(1));
        assertThat(run.all(Event.AttemptEnded.class).getFirst().failure())
                .isInstanceOf(Failure.TimedOut.class);
        var decision = run.send(new Command.Finish(late, Outcome.succeeded(n(1)), List.of()));
        assertThat(decision.events()).isEmpty();
        assertThat(decision.rejection()).isEqualTo(Decision.Rejection.LATE);
    }

    @Test
    void a_result_is_accepted_once_and_a_token_of_nobody_never() {
        run.start(Value.NULL, task("a"), task("b", "a")).dispatchAll();
        long token = run.token("a");
        run.succeed("a", n(1));
        assertThat(report(token)).isEqualTo(Decision.Rejection.DUPLICATE);
        for (long wrong : new long[] {token + 100, 0, -1}) {
            assertThat(report(wrong)).isEqualTo(Decision.Rejection.UNKNOWN_ATTEMPT);
        }
    }

    @Test
    void a_result_of_an_attempt_that_was_replaced_is_stale() {
        run.start(Value.NULL, retry(task("a"), 3)).dispatchAll();
        long first = run.token("a");
        run.fail("a", SLIP).pass(Duration.ofSeconds(2)).dispatchAll();
        assertThat(report(first)).isEqualTo(Decision.Rejection.STALE);
    }

    private Decision.@Nullable Rejection report(long token) {
        var decision = run.send(new Command.Finish(token, Outcome.succeeded(n(2)), List.of()));
        assertThat(decision.events()).isEmpty();
        return decision.rejection();
    }

    @Test
    void tokens_are_the_sequence_numbers_of_their_assignments_and_rise() {
        run.start(Value.NULL, task("a"), task("b")).dispatchAll();
        for (var assigned : run.all(Event.Assigned.class)) {
            assertThat(run.journal.get((int) assigned.token() - 1)).isEqualTo(assigned);
        }
    }

    @Test
    void an_expression_that_meets_data_it_cannot_use_fails_its_task_with_a_reason() {
        run.start(
                Value.NULL,
                task("a"),
                with(task("b", "a"), Value.struct("x", Value.text("${a.missing}"))));
        run.dispatchAll().succeed("a", n(1));
        assertThat(run.status()).isEqualTo(Status.FAILED);
        assertThat(run.all(Event.TaskFailed.class).getFirst().failure().message())
                .contains("missing");
    }

    @Test
    void data_that_looks_like_an_expression_is_never_evaluated() {
        run.start(Value.text("${a.text}"), task("a"));
        run.dispatchAll().succeed("a", Value.struct("text", Value.text("${7*7} ${secret.KEY}")));
        assertThat(run.output()).isEqualTo(Value.text("${7*7} ${secret.KEY}"));
    }

    // ---- the end

    @Test
    void a_cancelled_run_begins_nothing_new_and_ends_when_its_attempts_have_reported() {
        run.start(Value.NULL, task("a"), task("b"), task("c", "a")).dispatchAll();
        run.send(cancel("enough"));
        assertThat(run.status()).isEqualTo(Status.CLOSING);
        run.succeed("a", n(1));
        assertThat(run.status()).isEqualTo(Status.CLOSING);
        assertThat(run.ready()).isEmpty();
        run.fail("b", new Failure.Cancelled());
        assertThat(run.status()).isEqualTo(Status.CANCELLED);
        assertThat(run.all(Event.Ended.class)).hasSize(1);
    }

    @Test
    void an_attempt_that_does_not_stop_is_given_up_after_the_grace() {
        run.start(Value.NULL, task("a")).dispatchAll();
        run.send(cancel("enough"));
        run.pass(Decider.GRACE);
        assertThat(run.status()).isEqualTo(Status.CANCELLED);
    }

    @Test
    void a_place_offered_to_a_run_that_closes_is_not_used() {
        run.start(Value.NULL, task("a"), task("b"));
        run.send(new Command.Dispatch(List.of(RunFixture.offer(TaskId.of("a")))));
        run.send(cancel("enough"));
        var decision = run.send(new Command.Dispatch(List.of(RunFixture.offer(TaskId.of("b")))));
        assertThat(decision.events()).isEmpty();
    }

    @Test
    void nothing_can_be_told_to_a_run_that_has_ended_or_not_started() {
        assertThat(run.send(cancel("x")).rejection()).isEqualTo(Decision.Rejection.NOT_STARTED);
        run.start(Value.NULL);
        assertThat(run.send(cancel("x")).rejection()).isEqualTo(Decision.Rejection.ENDED);
        assertThat(run.start(Value.NULL).all(Event.RunStarted.class)).hasSize(1);
    }

    // ---- after a load

    @Test
    void what_a_load_finds_outstanding_is_each_open_attempt_and_each_ready_task() {
        run.start(Value.NULL, task("a"), task("b"));
        run.send(new Command.Dispatch(List.of(RunFixture.offer(TaskId.of("a")))));
        assertThat(Action.outstanding(run.state))
                .containsExactly(
                        new Action.Orphaned(run.token("a")),
                        new Action.Seek(
                                TaskId.of("b"),
                                new Task.Performer.BySkill(RunFixture.SKILL),
                                List.of(),
                                null,
                                List.of()));
    }

    @Test
    void the_same_commands_give_the_same_events() {
        var again = new RunFixture();
        for (var one : List.of(run, again)) {
            one.start(Value.text("${b}"), task("a"), task("b", "a")).dispatchAll();
            one.fail("a", SLIP).pass(Duration.ofSeconds(1)).dispatchAll().succeed("a", n(1));
            one.dispatchAll().succeed("b", n(2));
        }
        assertThat(run.journal).isEqualTo(again.journal);
    }
}
