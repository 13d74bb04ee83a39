package dev.tutti.simulation;

import static dev.tutti.simulation.Scene.by;
import static dev.tutti.simulation.Scene.task;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.Event;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.Status;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.Task.Performer.ByMessage;
import dev.tutti.core.event.TenantId;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.engine.Request;
import dev.tutti.runtime.journal.StreamId;
import dev.tutti.runtime.topic.CloudEvent;
import dev.tutti.runtime.topic.Posted;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/// Messages of topics, and the tasks of runs that wait for them.
@DisplayNameGeneration(ReplaceUnderscores.class)
class TopicsTest {
    private static final StreamId ORDERS = StreamId.topic(TenantId.LOCAL, "orders");
    private static final Duration SOON = Duration.ofMillis(100);
    private static final Value OUTPUT = Value.text("${paid.message.n}");

    private final Scene scene = new Scene();

    private static Task paid(@Nullable String key, @Nullable String where, boolean keep) {
        return by(new ByMessage("paid", where, Duration.ofMinutes(1), keep, "orders", key), "paid");
    }

    private Scene publish(String id, @Nullable String key, long n) {
        var event =
                new CloudEvent(
                        id, "shop", "paid", key, scene.now(), null, Value.struct("n", Value.of(n)));
        scene.ask(ORDERS, new Request.Publish(event));
        return scene.pass(SOON);
    }

    private List<Posted> posted() {
        return scene.journal().read(ORDERS, 0, 1_000).stream().map(Posted::of).toList();
    }

    private static Value.Struct order(String order) {
        return Value.struct("order", Value.text(order));
    }

    @Test
    void a_message_is_for_those_who_wait_for_its_key_and_whose_condition_holds() {
        scene.workflow("main", OUTPUT, paid("${input.order}", "${message.n > 5}", true))
                .start(order("a"))
                .begin(new RunId("S"), "main", order("b"))
                .pass(SOON);
        publish("m1", "b", 7);
        publish("m2", "a", 5);
        publish("m3", "a", 9);
        publish("m4", "a", 11);

        assertThat(scene.output()).isEqualTo(Value.of(9));
        assertThat(scene.state(new RunId("S")).output()).isEqualTo(Value.of(7));
        assertThat(posted()).extracting(one -> one.reactions().size()).containsExactly(1, 0, 1, 0);
        scene.sound();
    }

    @Test
    void a_message_that_came_since_the_run_began_is_kept_for_the_task() {
        scene.takes("first", Duration.ofSeconds(1));
        scene.workflow(
                "waits",
                OUTPUT,
                task("first"),
                new Task(
                        "paid",
                        new ByMessage("paid", null, Duration.ofMinutes(1), true, "orders", null),
                        Value.Struct.EMPTY,
                        List.of("first")));
        publish("before", null, 1);
        scene.start(Scene.RUN, "waits", Value.Struct.EMPTY).pass(SOON);
        publish("meanwhile", null, 2);
        publish("later", null, 3);
        scene.pass(Duration.ofSeconds(2));

        assertThat(scene.output()).isEqualTo(Value.of(2));
        scene.sound();
    }

    @Test
    void a_message_that_came_too_early_is_not_for_a_task_that_keeps_none() {
        scene.takes("first", Duration.ofSeconds(1));
        scene.workflow(
                "main",
                Value.text("${paid.by}"),
                task("first"),
                new Task(
                        "paid",
                        new ByMessage("paid", null, Duration.ofSeconds(5), false, "orders", null),
                        Value.Struct.EMPTY,
                        List.of("first")));
        scene.start().pass(SOON);
        publish("early", null, 1);
        scene.pass(Duration.ofSeconds(10));

        assertThat(scene.output()).isEqualTo(Value.text("timer"));
        publish("late", null, 2);
        assertThat(posted()).allMatch(one -> one.reactions().isEmpty());
        scene.sound();
    }

    @Test
    void a_message_of_one_source_and_id_is_there_once_also_after_a_restart() {
        publish("m1", "a", 1);
        publish("m1", "a", 2);
        scene.restart();
        publish("m1", "a", 3);
        publish("m2", "a", 4);

        assertThat(posted()).extracting(one -> one.event().id()).containsExactly("m1", "m2");
        scene.sound();
    }

    @Test
    void who_waits_still_waits_after_a_restart() {
        scene.workflow("main", OUTPUT, paid("${input.order}", null, false))
                .start(order("a"))
                .pass(SOON)
                .restart();
        publish("m1", "a", 4);

        assertThat(scene.state().status()).isEqualTo(Status.SUCCEEDED);
        assertThat(scene.output()).isEqualTo(Value.of(4));
        scene.sound();
    }

    @Test
    void a_task_publishes_in_the_commit_of_its_result() {
        var emit =
                new Task.Emit(
                        "paid",
                        Value.struct("n", Value.text("${input.n}")),
                        null,
                        "orders",
                        "${input.order}");
        scene.workflow("pays", Value.NULL, task("pay").with(Task.Flow.ONCE.with(emit)))
                .workflow("main", OUTPUT, paid("${input.order}", null, true))
                .start(order("a"))
                .begin(new RunId("P"), "pays", order("a").with("n", Value.of(12)))
                .pass(Duration.ofSeconds(1));

        assertThat(scene.output()).isEqualTo(Value.of(12));
        var event = posted().getFirst().event();
        assertThat(event.source()).isEqualTo("/runs/P");
        assertThat(event.subject()).isEqualTo("a");
        assertThat(scene.events(new RunId("P")))
                .filteredOn(Event.MessagePublished.class::isInstance)
                .hasSize(1);
        scene.sound();
    }

    @Test
    void nobody_who_waits_for_a_topic_is_said_to_be_stuck() {
        var forEver = new ByMessage("paid", null, null, true, "orders", null);
        scene.workflow("main", Value.NULL, by(forEver, "paid")).start().settle();

        assertThat(scene.all(Event.Stalled.class)).isEmpty();
        assertThat(scene.state().status()).isEqualTo(Status.RUNNING);
    }
}
