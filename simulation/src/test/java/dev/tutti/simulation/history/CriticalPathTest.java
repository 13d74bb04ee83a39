package dev.tutti.simulation.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutti.core.event.Event;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Outcome;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Value;
import dev.tutti.core.history.CriticalPath;
import dev.tutti.core.history.CriticalPath.Kind;
import dev.tutti.core.history.Moment;
import dev.tutti.simulation.OneThread;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// The chain of work and waits that a run took its time for.
class CriticalPathTest {
    private static final Value NONE = Value.NULL;

    /// Every chain through the plan is tried; a chain takes the sum of what each of its tasks took
    /// from the moment it was free to begin.
    @Test
    void of_1000_random_plans_the_path_is_the_longest_chain_and_adds_up_to_the_makespan() {
        for (long seed = 0; seed < 1_000; seed++) {
            var random = new SplittableRandom(seed);
            var plan = plan(random);
            var takes = new HashMap<String, Duration>();
            plan.forEach(task -> takes.put(task.name(), Duration.ofMillis(random.nextInt(60))));
            int places = random.nextBoolean() ? 100 : 1 + random.nextInt(2);
            var run =
                    new Workshop(Workshop.agent("worker", places))
                            .run(
                                    "R",
                                    plan,
                                    NONE,
                                    Value.Struct.EMPTY,
                                    attempt ->
                                            Workshop.gives(of(takes, attempt.task().name()), NONE));

            var path = CriticalPath.of(run);

            var makespan = Duration.between(run.getFirst().at(), run.getLast().at());
            var sum =
                    path.segments().stream()
                            .map(CriticalPath.Segment::time)
                            .reduce(Duration.ZERO, Duration::plus);
            assertThat(path.makespan()).as("seed %d", seed).isEqualTo(makespan);
            assertThat(sum).as("seed %d", seed).isEqualTo(makespan);
            var brute = new BruteForce(plan, run);
            var longest = brute.longest();
            assertThat(makespan.minus(longest).abs())
                    .as("seed %d, %s", seed, path)
                    .isLessThanOrEqualTo(Duration.ofMillis(1));
            var names =
                    path.steps().stream()
                            .map(CriticalPath.Step::task)
                            .filter(java.util.Objects::nonNull)
                            .map(TaskId::name)
                            .toList();
            assertThat(brute.takes(names))
                    .as("seed %d: %s is a chain of the plan", seed, names)
                    .isEqualTo(longest);
        }
    }

    /// Up to nine tasks, each after some of those before it, some after any or two of them.
    private static List<Task> plan(SplittableRandom random) {
        var plan = new ArrayList<Task>();
        int size = 2 + random.nextInt(8);
        for (int i = 0; i < size; i++) {
            var after = new ArrayList<String>();
            for (int j = 0; j < i; j++) {
                if (random.nextInt(3) == 0) {
                    after.add("t" + j);
                }
            }
            var task =
                    Task.of(
                            "t" + i,
                            Workshop.WORK,
                            Value.Struct.EMPTY,
                            after.toArray(String[]::new));
            boolean some = after.size() > 1 && random.nextInt(5) == 0;
            plan.add(
                    some
                            ? task.with(
                                    task.flow()
                                            .with(
                                                    new Task.Join(
                                                            1 + random.nextInt(after.size() - 1),
                                                            false)))
                            : task);
        }
        return plan;
    }

    /// Chains of a plan, one by one.
    private static final class BruteForce {
        private final Map<String, Task> plan = new HashMap<>();
        private final Map<String, Instant> finished = new HashMap<>();
        private final Instant start;

        BruteForce(List<Task> tasks, List<Moment> run) {
            tasks.forEach(task -> plan.put(task.name(), task));
            start = run.getFirst().at();
            for (var moment : run) {
                if (moment.event() instanceof Event.ResultAccepted e) {
                    finished.put(e.task().name(), moment.at());
                }
            }
        }

        /// When the task was free to begin: the dependency that it needed last was finished.
        private Instant free(String name) {
            var task = of(plan, name);
            var ends =
                    task.dependencies().stream()
                            .map(dependency -> of(finished, dependency))
                            .sorted()
                            .toList();
            int need = task.join().need() == 0 ? ends.size() : task.join().need();
            return ends.isEmpty() ? start : ends.get(need - 1);
        }

        private Duration took(String name) {
            return Duration.between(free(name), of(finished, name));
        }

        Duration longest() {
            return plan.keySet().stream()
                    .map(this::longestTo)
                    .max(Duration::compareTo)
                    .orElseThrow();
        }

        /// Only a dependency that was needed can have been waited for.
        private Duration longestTo(String name) {
            return of(plan, name).dependencies().stream()
                    .filter(dependency -> !of(finished, dependency).isAfter(free(name)))
                    .map(this::longestTo)
                    .max(Duration::compareTo)
                    .orElse(Duration.ZERO)
                    .plus(took(name));
        }

        /// What a chain takes; tasks that took no time may be left out of it.
        Duration takes(List<String> names) {
            return names.stream().map(this::took).reduce(Duration.ZERO, Duration::plus);
        }
    }

    private static <T> T of(Map<String, T> known, String name) {
        return java.util.Objects.requireNonNull(known.get(name), name);
    }

    // ---- what the time went to

    @Test
    void a_place_that_is_taken_an_attempt_that_fails_and_the_pause_after_it_are_told_apart() {
        var retry = new Task.Retry(2, Duration.ofMillis(200), Duration.ofMillis(200));
        var first = Task.of("first", Workshop.WORK, Value.Struct.EMPTY);
        var second = Task.of("second", Workshop.WORK, Value.Struct.EMPTY);
        var third =
                Task.of("third", Workshop.WORK, Value.Struct.EMPTY, "second")
                        .with(Task.Policy.DEFAULT.with(retry));
        // As much seems to follow the first as the second, so that neither is the more urgent.
        var never =
                Task.of("never", Workshop.WORK, Value.Struct.EMPTY, "first")
                        .with(Task.Flow.ONCE.withWhen("${false}"));
        var path =
                CriticalPath.of(
                        new Workshop(Workshop.agent("worker", 1))
                                .run(
                                        "R",
                                        List.of(first, second, third, never),
                                        NONE,
                                        Value.Struct.EMPTY,
                                        attempt -> {
                                            if (attempt.task().name().equals("third")
                                                    && attempt.attempt() == 1) {
                                                return new OneThread.Work(
                                                        Duration.ofMillis(30),
                                                        Outcome.failed(
                                                                new Failure.Transient(
                                                                        "busy", "busy")),
                                                        List.of());
                                            }
                                            return Workshop.gives(Duration.ofMillis(50), NONE);
                                        }));
        assertThat(path.steps())
                .extracting(step -> String.valueOf(step.task()))
                .containsExactly("second", "third");
        assertThat(kinds(path.steps().get(0))).containsExactly(Kind.PLACE, Kind.WORK);
        assertThat(kinds(path.steps().get(1)))
                .containsExactly(Kind.WORK, Kind.BACKING_OFF, Kind.WORK);
    }

    @Test
    void the_last_item_of_a_fan_out_is_on_the_path() {
        var list = Value.array(Value.of(10), Value.of(80), Value.of(20));
        var read =
                Task.of("read", Workshop.WORK, Value.struct("ms", Value.text("${item}")))
                        .with(Task.Flow.over("${input.all}", 10));
        var end = Task.of("end", Workshop.WORK, Value.Struct.EMPTY, "read");
        var path =
                CriticalPath.of(
                        new Workshop(Workshop.agent("worker", 9))
                                .run(
                                        "R",
                                        List.of(read, end),
                                        NONE,
                                        Value.struct("all", list),
                                        attempt ->
                                                Workshop.gives(
                                                        attempt.input().get("ms")
                                                                        instanceof Value.Int(var ms)
                                                                ? Duration.ofMillis(ms)
                                                                : Duration.ofMillis(5),
                                                        NONE)));
        assertThat(path.steps())
                .extracting(step -> String.valueOf(step.task()))
                .containsExactly("read[1]", "end");
    }

    @Test
    void a_second_look_and_a_message_are_told_apart_from_work() {
        var look = new Task.Verify(new Task.Performer.BySkill(Workshop.WORK), null, "${output.ok}");
        var made =
                Task.of("made", Workshop.WORK, Value.Struct.EMPTY)
                        .with(Task.Policy.DEFAULT.with(new Task.Gate(List.of(), look)));
        var wait =
                new Task(
                        "wait",
                        new Task.Performer.ByMessage(null, null, Duration.ofSeconds(1), false),
                        Value.Struct.EMPTY,
                        List.of("made"));
        var path =
                CriticalPath.of(
                        new Workshop(Workshop.agent("worker", 9))
                                .run(
                                        "R",
                                        List.of(made, wait),
                                        NONE,
                                        Value.Struct.EMPTY,
                                        _ ->
                                                Workshop.gives(
                                                        Duration.ofMillis(40),
                                                        Value.struct("ok", Value.of(true)))));
        assertThat(path.segments())
                .extracting(CriticalPath.Segment::kind)
                .filteredOn(kind -> kind != Kind.BETWEEN)
                .containsExactly(Kind.WORK, Kind.LOOK, Kind.MESSAGE);
    }

    @Test
    void a_run_that_has_not_ended_has_no_path() {
        var run =
                new Workshop(Workshop.agent("worker", 1))
                        .run(
                                "R",
                                List.of(Task.of("only", Workshop.WORK, Value.Struct.EMPTY)),
                                NONE,
                                Value.Struct.EMPTY,
                                _ -> Workshop.gives(Duration.ofMillis(1), NONE));
        assertThatThrownBy(() -> CriticalPath.of(run.subList(0, run.size() - 1)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void the_path_is_known_with_the_event_that_ends_the_run_and_stays() {
        var run =
                new Workshop(Workshop.agent("worker", 1))
                        .run(
                                "R",
                                List.of(
                                        Task.of("a", Workshop.WORK, Value.Struct.EMPTY),
                                        Task.of("b", Workshop.WORK, Value.Struct.EMPTY)),
                                NONE,
                                Value.Struct.EMPTY,
                                _ -> Workshop.gives(Duration.ofMillis(7), NONE));
        var search = new CriticalPath.Search();
        for (var moment : run) {
            assertThat(search.found()).isEmpty();
            search.add(moment.at(), moment.event());
        }
        assertThat(search.found()).contains(CriticalPath.of(run));
        search.add(run.getLast().at().plusSeconds(9), new Event.Refused("cancel", "it has ended"));
        assertThat(search.found()).contains(CriticalPath.of(run));
    }

    private static List<Kind> kinds(CriticalPath.Step step) {
        return step.segments().stream()
                .map(CriticalPath.Segment::kind)
                .filter(kind -> kind != Kind.BETWEEN)
                .toList();
    }
}
