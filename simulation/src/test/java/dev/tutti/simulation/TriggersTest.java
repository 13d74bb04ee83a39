package dev.tutti.simulation;

import static dev.tutti.simulation.Scene.task;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.Budget;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.Status;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.TenantId;
import dev.tutti.core.event.Trigger;
import dev.tutti.core.event.Trigger.CatchUp;
import dev.tutti.core.event.Trigger.Overlap;
import dev.tutti.core.event.Trigger.Source;
import dev.tutti.core.event.Type;
import dev.tutti.core.event.Value;
import dev.tutti.core.goal.Workflow;
import dev.tutti.runtime.engine.Request;
import dev.tutti.runtime.journal.StreamId;
import dev.tutti.runtime.topic.CloudEvent;
import dev.tutti.runtime.topic.Posted;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/// Runs that begin by themselves: by messages and by the time.
@DisplayNameGeneration(ReplaceUnderscores.class)
class TriggersTest {
    private static final StreamId ORDERS = StreamId.topic(TenantId.LOCAL, "orders");
    private static final StreamId SUBSCRIPTIONS = StreamId.subscriptions(TenantId.LOCAL);
    private static final Duration SOON = Duration.ofMillis(100);

    private final Scene scene = new Scene().takes("work", Duration.ofSeconds(10));

    private static Trigger onMessage(
            @Nullable String key, @Nullable String group, Overlap overlap) {
        return new Trigger(
                new Source.OnMessage("orders", "paid", key, null),
                Value.struct("n", Value.text("${message.n}")),
                group,
                overlap);
    }

    private static Trigger at(String times, CatchUp missed) {
        return new Trigger(
                new Source.AtTimes(times, ZoneOffset.UTC, missed),
                Value.struct("time", Value.text("${message.time}")),
                null,
                Overlap.ALLOW);
    }

    private Scene deploy(Trigger... triggers) {
        scene.workflow(
                        new Workflow(
                                        "main",
                                        Type.Struct.OPEN,
                                        List.of(task("work")),
                                        Value.text("${input}"),
                                        Task.Remedy.FAIL,
                                        null,
                                        Budget.NONE)
                                .withTriggers(List.of(triggers)))
                .restart();
        scene.ask(
                SUBSCRIPTIONS,
                new Request.Deploy("shop", "here", Request.definition(Value.Struct.EMPTY)));
        return scene.pass(SOON);
    }

    private Scene publish(String id, @Nullable String key, long n) {
        var event =
                new CloudEvent(
                        id, "shop", "paid", key, scene.now(), null, Value.struct("n", Value.of(n)));
        scene.ask(ORDERS, new Request.Publish(event));
        return scene.pass(SOON);
    }

    private List<RunId> runs() {
        return scene.journal().changedSince(0).stream()
                .filter(StreamId::isRun)
                .map(StreamId::run)
                .toList();
    }

    private List<Status> statuses() {
        return runs().stream().map(run -> scene.state(run).status()).toList();
    }

    private List<Value> outputs() {
        return runs().stream().map(run -> scene.state(run).output()).toList();
    }

    private static Value n(long n) {
        return Value.struct("n", Value.of(n));
    }

    @Test
    void a_message_begins_a_run_for_each_trigger_that_wants_it() {
        deploy(onMessage(null, null, Overlap.ALLOW), onMessage("a", null, Overlap.ALLOW));
        publish("m1", "b", 1);
        publish("m1", "b", 1);
        publish("m2", "a", 2);
        scene.pass(Duration.ofMinutes(1));

        assertThat(outputs()).containsExactlyInAnyOrder(n(1), n(2), n(2));
        scene.sound();
    }

    @Test
    void what_is_withdrawn_begins_nothing_and_what_is_deployed_outlives_the_process() {
        deploy(onMessage(null, null, Overlap.ALLOW)).restart();
        publish("m1", null, 1);
        scene.ask(SUBSCRIPTIONS, new Request.Withdraw("shop"));
        scene.pass(SOON);
        publish("m2", null, 2);

        assertThat(runs()).hasSize(1);
        scene.sound();
    }

    @Test
    void a_run_that_is_under_way_is_minded_in_its_group_only() {
        deploy(onMessage(null, "${message.n % 2}", Overlap.SKIP));
        publish("m1", null, 1);
        publish("m2", null, 2);
        publish("m3", null, 3);
        scene.pass(Duration.ofMinutes(1));
        publish("m5", null, 5);
        scene.pass(Duration.ofMinutes(1));

        assertThat(outputs()).containsExactlyInAnyOrder(n(1), n(2), n(5));
        var skipped = Posted.of(scene.journal().read(ORDERS, 2, 1).getFirst());
        assertThat(skipped.reactions().getFirst().why()).contains("is under way");
        scene.sound();
    }

    @Test
    void queued_runs_follow_one_another_also_after_a_restart() {
        deploy(onMessage(null, null, Overlap.QUEUE));
        publish("m1", null, 1);
        publish("m2", null, 2);
        publish("m3", null, 3);
        assertThat(runs()).hasSize(1);
        scene.restart().pass(Duration.ofSeconds(15));
        assertThat(runs()).hasSize(2);
        scene.pass(Duration.ofMinutes(1));

        assertThat(outputs()).containsExactlyInAnyOrder(n(1), n(2), n(3));
        scene.sound();
    }

    @Test
    void a_new_run_takes_the_place_of_the_one_under_way() {
        deploy(onMessage(null, null, Overlap.REPLACE));
        publish("m1", null, 1);
        publish("m2", null, 2);
        scene.pass(Duration.ofMinutes(1));

        assertThat(statuses()).containsExactlyInAnyOrder(Status.CANCELLED, Status.SUCCEEDED);
        scene.sound();
    }

    @Test
    void runs_begin_at_their_times_and_none_begins_twice_after_a_restart() {
        deploy(at("*/10 * * * *", CatchUp.NONE));
        scene.pass(Duration.ofMinutes(21)).restart().pass(Duration.ofMinutes(10));

        assertThat(outputs())
                .containsExactlyInAnyOrder(
                        time("2026-11-23T12:10:00Z"),
                        time("2026-11-23T12:20:00Z"),
                        time("2026-11-23T12:30:00Z"));
        scene.sound();
    }

    private static Value time(String at) {
        return Value.struct("time", Value.text(at));
    }

    @Test
    void times_at_which_nobody_was_there_are_made_up_for_as_the_trigger_says() {
        deploy(
                at("0 * * * *", CatchUp.NONE),
                at("1 * * * *", CatchUp.ONE),
                at("2 * * * *", CatchUp.ALL));
        scene.sleep(Duration.ofMinutes(190)).restart().pass(Duration.ofMinutes(1));

        assertThat(outputs())
                .containsExactlyInAnyOrder(
                        time("2026-11-23T15:01:00Z"),
                        time("2026-11-23T12:02:00Z"),
                        time("2026-11-23T13:02:00Z"),
                        time("2026-11-23T14:02:00Z"),
                        time("2026-11-23T15:02:00Z"));
        scene.sound();
    }

    @Test
    void a_time_that_the_clocks_skip_does_not_come_and_one_that_they_repeat_comes_once() {
        var berlin = ZoneId.of("Europe/Berlin");
        var schedule = dev.tutti.runtime.topic.Schedule.of("30 2 * * *", berlin);
        var spring = java.time.Instant.parse("2026-03-28T12:00:00Z");
        var autumn = java.time.Instant.parse("2026-10-24T12:00:00Z");

        assertThat(times(schedule, spring, Duration.ofHours(30))).isEmpty();
        assertThat(times(schedule, autumn, Duration.ofHours(30))).hasSize(1);
    }

    private static List<java.time.Instant> times(
            dev.tutti.runtime.topic.Schedule schedule, java.time.Instant from, Duration length) {
        var found = new java.util.ArrayList<java.time.Instant>();
        var next = schedule.after(from);
        while (next.isPresent() && next.get().isBefore(from.plus(length))) {
            found.add(next.get());
            next = schedule.after(next.get());
        }
        return found;
    }
}
