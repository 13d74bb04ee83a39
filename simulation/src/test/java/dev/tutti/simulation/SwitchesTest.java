package dev.tutti.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Event;
import dev.tutti.core.event.Status;
import dev.tutti.core.event.TenantId;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.dispatch.Switched;
import dev.tutti.runtime.engine.Request;
import dev.tutti.runtime.journal.StreamId;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Agents that a person has switched off.
class SwitchesTest {
    private static final StreamId AGENTS = StreamId.agents(TenantId.LOCAL);

    private static Scene scene() {
        return new Scene()
                .team(Scene.agent("worker", 1), Scene.agent("other", 1))
                .workflow("main", Value.text("${b}"), Scene.task("a"), Scene.task("b", "a"));
    }

    private static Scene turn(Scene scene, String agent, boolean on) {
        scene.ask(AGENTS, new Request.Switch(new AgentId(agent), on, "as tested"));
        return scene.pass(Duration.ofMillis(5));
    }

    private static List<String> given(Scene scene) {
        return scene.all(Event.Assigned.class).stream().map(e -> e.agent().value()).toList();
    }

    @Test
    void an_agent_that_is_off_is_given_nothing_and_others_are() {
        var scene = turn(scene().restart(), "worker", false);
        scene.begin(Scene.RUN, "main", Value.Struct.EMPTY).settle();

        assertThat(scene.state().status()).isEqualTo(Status.SUCCEEDED);
        assertThat(given(scene)).containsExactly("other", "other");
        assertThat(scene.all(Event.Assigned.class).getFirst().candidates())
                .extracting(Event.Candidate::excluded)
                .contains("it is switched off");
        scene.sound();
    }

    @Test
    void what_it_has_under_way_may_end() {
        var scene = scene().takes("a", Duration.ofMinutes(1));
        scene.start().pass(Duration.ofSeconds(1));
        turn(turn(scene, "worker", false), "other", false).settle();

        assertThat(scene.finished()).containsExactly("a");
        assertThat(scene.state().status()).isEqualTo(Status.RUNNING);
        scene.sound();
    }

    @Test
    void who_waits_for_it_waits_through_restarts_and_is_served_when_it_is_on() {
        var scene = scene().restart();
        turn(turn(scene, "worker", false), "other", false);
        scene.begin(Scene.RUN, "main", Value.Struct.EMPTY).settle();
        assertThat(given(scene)).isEmpty();

        scene.restart().settle();
        assertThat(given(scene)).isEmpty();

        turn(scene, "other", true).settle();
        assertThat(scene.state().status()).isEqualTo(Status.SUCCEEDED);
        assertThat(given(scene)).containsExactly("other", "other");
        scene.sound();
    }

    @Test
    void it_is_on_record_who_did_it_and_why_once() {
        var scene = scene().restart();
        var off = new Request.Switch(new AgentId("worker"), false, "it lies");
        for (int i = 0; i < 2; i++) {
            scene.ask(AGENTS, off, "bo", "the same");
        }
        scene.settle();

        var entries = scene.journal().read(AGENTS, 0, 10);
        assertThat(entries).hasSize(1);
        assertThat(entries.getFirst().event().actor()).isEqualTo("bo");
        assertThat(Switched.of(entries.getFirst()))
                .isEqualTo(new Switched(new AgentId("worker"), false, "it lies"));
        scene.sound();
    }
}
