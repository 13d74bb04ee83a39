package dev.tutti.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.Event;
import dev.tutti.core.event.Event.ResultAccepted;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.Status;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.TenantId;
import dev.tutti.core.event.Value;
import dev.tutti.core.run.RunState;
import dev.tutti.core.run.Verb;
import dev.tutti.runtime.engine.Request;
import dev.tutti.runtime.engine.Runs;
import dev.tutti.runtime.journal.StreamId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// A person does something to a run of thirty tasks at every position of its journal: it ends once,
/// nothing is violated, and what the deed does not touch keeps its results as they were.
class SweepTest {
    private static final int TASKS = 30;

    /// Thirty tasks in layers, each of which waits for one to three of the layer before.
    private static List<Task> plan() {
        var random = new SplittableRandom(30);
        var tasks = new ArrayList<Task>();
        for (int i = 0; i < TASKS; i++) {
            var before = new LinkedHashSet<String>();
            for (int j = 0; i >= 5 && j < 1 + random.nextInt(3); j++) {
                before.add("t" + (i / 5 * 5 - 5 + random.nextInt(5)));
            }
            var input = Value.struct("i", Value.of(i));
            tasks.add(
                    new Task(
                            "t" + i,
                            new Task.Performer.BySkill(Scene.WORK),
                            input,
                            List.copyOf(before)));
        }
        return tasks;
    }

    private static Scene scene() {
        var scene = new Scene().team(Scene.agent("worker", 4));
        for (int i = 0; i < TASKS; i++) {
            scene.takes("t" + i, Duration.ofMillis(5 + i % 7 * 10));
        }
        return scene.workflow("main", Value.text("${t29.i}"), plan().toArray(Task[]::new)).start();
    }

    /// Lets a run come to just after `events` events, or to its end.
    private static Scene at(long events) {
        var scene = scene();
        for (int i = 0; i < 5_000 && scene.state().sequence() < events; i++) {
            scene.pass(Duration.ofMillis(1));
        }
        return scene;
    }

    private static long length() {
        return scene().settle().state().sequence();
    }

    private static void endsOnce(Scene scene, long at) {
        scene.settle().sound();
        assertThat(scene.state().status().isFinal()).as("at %d", at).isTrue();
        assertThat(scene.all(Event.Ended.class)).as("at %d", at).hasSize(1);
    }

    @Test
    void a_run_that_is_cancelled_at_any_position_ends_once_and_begins_nothing_after() {
        long end = length();
        for (long at = 1; at < end; at++) {
            var scene = at(at);
            if (scene.state().status().isFinal()) {
                continue;
            }
            scene.act(new Verb.Cancel(false));
            int begun = scene.began().size();
            endsOnce(scene, at);
            assertThat(scene.state().status()).as("at %d", at).isEqualTo(Status.CANCELLED);
            assertThat(scene.began()).as("at %d", at).hasSize(begun);
        }
    }

    @Test
    void whatever_a_person_does_at_any_position_ends_once_and_keeps_what_it_does_not_touch() {
        long end = length();
        int done = 0;
        int refused = 0;
        var random = new SplittableRandom(7);
        for (long at = 2; at < end; at++) {
            for (int which = 0; which < 6; which++) {
                var scene = at(at);
                var before = scene.state();
                if (before.status().isFinal()) {
                    continue;
                }
                var name = "t" + random.nextInt(TASKS);
                var kept = results(scene, untouched(before, name));
                var verb = verb(which, name);
                var refusal =
                        scene.refusal(
                                Scene.RUN, new Request.Intervene(verb, "as it fell", 0), "ana");
                if (refusal.isEmpty()) {
                    done++;
                } else {
                    refused++;
                }
                endsOnce(scene, at);
                assertThat(scene.state().status()).isEqualTo(Status.SUCCEEDED);
                assertThat(results(scene, untouched(before, name)))
                        .as("at %d, %s", at, verb)
                        .isEqualTo(kept);
            }
        }
        System.out.printf(
                "%d positions: %d deeds done, %d refused with a reason%n", end, done, refused);
        assertThat(done).isGreaterThan(300);
    }

    private static Verb verb(int which, String name) {
        var id = TaskId.of(name);
        var changed = Value.struct("i", Value.of(-1));
        return switch (which) {
            case 0 -> new Verb.Retry(id, false);
            case 1 -> new Verb.Skip(id, null);
            case 2 -> new Verb.Skip(id, changed);
            case 3 -> new Verb.EditInput(id, changed);
            case 4 -> new Verb.EditOutput(name, changed);
            default -> new Verb.CancelTasks(List.of(name));
        };
    }

    /// The tasks with a result that neither are `name` nor come after it.
    private static Set<String> untouched(RunState state, String name) {
        var after = new LinkedHashSet<String>(List.of(name));
        for (int i = 0; i < TASKS; i++) {
            for (var task : state.graph().order()) {
                if (state.graph().node(task).task().dependencies().stream()
                        .anyMatch(after::contains)) {
                    after.add(task);
                }
            }
        }
        var done = new LinkedHashSet<String>();
        state.tasks()
                .forEach((id, task) -> {
                    if (task.phase() == dev.tutti.core.agent.TaskState.Phase.DONE
                            && !after.contains(id.name())) {
                        done.add(id.name());
                    }
                });
        return done;
    }

    /// The accepted results of some tasks, with their tokens: a second attempt would have another.
    private static List<String> results(Scene scene, Set<String> names) {
        return scene.all(ResultAccepted.class).stream()
                .filter(result -> names.contains(result.task().name()))
                .map(ResultAccepted::toString)
                .sorted()
                .toList();
    }

    @Test
    void a_fork_from_any_position_ends_as_the_run_did_and_leaves_it_alone() {
        var scene = scene().settle();
        long end = scene.state().sequence();
        for (long at = 1; at < end; at += 5) {
            var fork = new RunId("F" + at);
            scene.ask(fork, new Request.Fork(Scene.RUN, at, false));
            scene.settle();
            var state = scene.state(fork);
            assertThat(state.status()).as("at %d", at).isEqualTo(Status.SUCCEEDED);
            assertThat(state.output()).isEqualTo(scene.output());
            int reused = Runs.load(scene.journal(), stream(), at).state().outputs().byTask().size();
            long repeated =
                    scene.events(fork).stream()
                            .skip(at)
                            .filter(ResultAccepted.class::isInstance)
                            .count();
            assertThat(reused + repeated).as("at %d", at).isEqualTo(TASKS);
        }
        assertThat(scene.state().sequence()).isEqualTo(end);
        scene.sound();
    }

    private static StreamId stream() {
        return StreamId.run(TenantId.LOCAL, Scene.RUN);
    }

    @Test
    void a_paused_run_begins_nothing_and_its_timers_stand_still() {
        var scene = at(40);
        scene.act(new Verb.Pause());
        int begun = scene.began().size();
        scene.pass(Duration.ofDays(1));
        assertThat(scene.began()).hasSize(begun);
        assertThat(scene.state().status()).isEqualTo(Status.PAUSED);
        scene.restart().pass(Duration.ofDays(1));
        scene.act(new Verb.Resume());
        scene.succeeds();
    }
}
