package dev.tutti.core.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.dispatch.Offer;
import dev.tutti.core.event.Agent;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Event;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Outcome;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.SkillId;
import dev.tutti.core.event.Status;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Timer;
import dev.tutti.core.event.Value;
import dev.tutti.core.expression.Expressions;
import dev.tutti.core.goal.Team;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A run under test: commands go in, events come out, time passes when it is told to.
final class RunFixture {
    static final SkillId SKILL = new SkillId("work");
    static final AgentId AGENT = new AgentId("worker");

    private final Decider decider = new Decider(new Expressions());
    final List<Event> journal = new ArrayList<>();
    RunState state = RunState.EMPTY;
    Team team = new Team(List.of(), List.of(agent(AGENT.value())), List.of());
    Instant now = Instant.parse("2026-11-22T20:00:00Z");

    Decision send(Command command) {
        var decision = decider.decide(state, command, new Decider.Facts(now, team));
        assertThat(state.evolve(decision.events())).isEqualTo(decision.after());
        journal.addAll(decision.events());
        state = decision.after();
        return decision;
    }

    RunFixture start(Value output, Task... tasks) {
        return start(Value.Struct.EMPTY, output, tasks);
    }

    RunFixture start(Value.Struct inputs, Value output, Task... tasks) {
        send(new Command.Start(new RunId("R1"), "test", "team", inputs, List.of(tasks), output));
        return this;
    }

    /// Offers a place to every task that is ready.
    RunFixture dispatchAll() {
        var offers = state.readyTasks().stream().map(this::toItsAgent).toList();
        send(new Command.Dispatch(offers));
        return this;
    }

    /// The agent that a task names, or the one who can do anything.
    private Offer toItsAgent(TaskId task) {
        return state.performer(task) instanceof Task.Performer.ByAgent(var named)
                ? new Offer(task, agent(named.value()), List.of())
                : offer(task);
    }

    static Command cancel(String reason) {
        return new Command.Intervene(new Verb.Cancel(false), reason, 0);
    }

    static Offer offer(TaskId task) {
        return new Offer(task, agent(AGENT.value()), List.of());
    }

    static Agent agent(String name) {
        return new Agent(
                new AgentId(name),
                List.of(SKILL),
                "scripted",
                Value.Struct.EMPTY,
                Agent.Limits.DEFAULT);
    }

    RunFixture succeed(String task, Value output) {
        send(new Command.Finish(token(task), Outcome.succeeded(output), List.of()));
        return this;
    }

    RunFixture fail(String task, Failure failure) {
        send(new Command.Finish(token(task), Outcome.failed(failure), List.of()));
        return this;
    }

    RunFixture pass(Duration time) {
        now = now.plus(time);
        for (var timer : List.copyOf(state.timers().keySet())) {
            send(new Command.Fire(timer));
        }
        return this;
    }

    long token(String task) {
        return state.open().entrySet().stream()
                .filter(entry -> entry.getValue().task().toString().equals(task))
                .findFirst()
                .orElseThrow(() -> new AssertionError(task + " is not running; " + state.open()))
                .getKey();
    }

    Status status() {
        return state.status();
    }

    @Nullable Value output() {
        return state.output();
    }

    <E extends Event> List<E> all(Class<E> type) {
        return journal.stream().filter(type::isInstance).map(type::cast).toList();
    }

    List<String> ready() {
        return state.readyTasks().stream().map(TaskId::toString).toList();
    }

    boolean waitsFor(Timer timer) {
        return state.timers().containsKey(timer);
    }

    // ---- tasks

    static Task task(String name, String... dependencies) {
        return Task.of(name, SKILL, Value.Struct.EMPTY, dependencies);
    }

    static Task with(Task task, Value.Struct input) {
        return new Task(task.name(), task.performer(), input, task.dependencies())
                .with(task.flow())
                .with(task.policy());
    }

    static Task when(Task task, String condition) {
        return task.with(task.flow().withWhen(condition));
    }

    static Task each(Task task, String list) {
        return each(task, list, Task.DEFAULT_MAX);
    }

    static Task each(Task task, String list, int max) {
        return task.with(task.flow().with(new Task.Each(list, max, null, null, true)));
    }

    static Task need(Task task, int need) {
        return task.with(task.flow().with(new Task.Join(need, false)));
    }

    static Task retry(Task task, int attempts, Task.Remedy... ladder) {
        var retry = new Task.Retry(attempts, Duration.ofSeconds(1), Duration.ofSeconds(4));
        return task.with(task.policy().with(retry).withLadder(ladder));
    }

    static Task timeout(Task task, Duration timeout) {
        return task.with(task.policy().with(Task.Timeouts.ofRun(timeout)));
    }
}
