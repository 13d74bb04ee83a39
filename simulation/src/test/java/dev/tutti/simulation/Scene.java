package dev.tutti.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.Agent;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Amendment;
import dev.tutti.core.event.Event;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Outcome;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.SkillId;
import dev.tutti.core.event.Status;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.TenantId;
import dev.tutti.core.event.Type;
import dev.tutti.core.event.Usage;
import dev.tutti.core.event.Value;
import dev.tutti.core.goal.Team;
import dev.tutti.core.goal.Workflow;
import dev.tutti.core.people.Asked;
import dev.tutti.core.run.Action;
import dev.tutti.core.run.RunState;
import dev.tutti.core.run.Verb;
import dev.tutti.runtime.artifact.MemoryArtifacts;
import dev.tutti.runtime.engine.Request;
import dev.tutti.runtime.engine.Runs;
import dev.tutti.runtime.journal.MemoryJournal;
import dev.tutti.runtime.journal.StreamId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntFunction;

/// A store with one team in a world of its own: workflows are declared, agents do as they are told,
/// time passes at once, and at the end nothing may be violated.
final class Scene implements OneThread.Agents {
    static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
    static final RunId RUN = new RunId("R");
    static final SkillId WORK = new SkillId("work");

    private final MemoryJournal journal = new MemoryJournal();
    private final List<Workflow> workflows = new ArrayList<>();
    private final List<Agent> agents = new ArrayList<>();
    private final Map<String, Function<Action.Perform, OneThread.Work>> behaviour = new HashMap<>();
    final List<String> fired = new ArrayList<>();
    private final Set<String> edits = new HashSet<>();
    final List<String> feedback = new ArrayList<>();
    private List<Value.Struct> inputs = new ArrayList<>();
    private IntFunction<Amendment> plans =
            _ -> {
                throw new IllegalStateException("nobody plans here");
            };
    private Usage cost = Usage.NONE;
    private int planned;
    private int asked;
    private OneThread world = new OneThread(journal, _ -> Team.NOBODY, this, NOON);

    Scene() {
        agents.add(agent("worker", 100));
    }

    static Agent agent(String name, int places) {
        return new Agent(
                new AgentId(name),
                List.of(WORK),
                "scripted",
                Value.Struct.EMPTY,
                new Agent.Limits(places, null));
    }

    static Agent human(String name, Value.Struct settings) {
        return new Agent(
                new AgentId(name),
                List.of(new SkillId("approve")),
                Agent.HUMAN,
                settings,
                Agent.Limits.DEFAULT);
    }

    /// A task by anyone that echoes its name and input.
    static Task task(String name, String... dependencies) {
        return Task.of(name, WORK, Value.Struct.EMPTY, dependencies);
    }

    static Task by(Task.Performer performer, String name, String... dependencies) {
        return new Task(name, performer, Value.Struct.EMPTY, List.of(dependencies));
    }

    static Task await(String name, String message, String... dependencies) {
        return by(new Task.Performer.ByMessage(message, null, null, true), name, dependencies);
    }

    static Task with(Task task, Value.Struct input) {
        return new Task(task.name(), task.performer(), input, task.dependencies())
                .with(task.flow())
                .with(task.policy());
    }

    // ---- the team

    Scene team(Agent... members) {
        agents.clear();
        agents.addAll(List.of(members));
        return this;
    }

    Scene workflow(String name, Value output, Task... tasks) {
        return workflow(new Workflow(name, Type.Struct.OPEN, List.of(tasks), output));
    }

    Scene workflow(Workflow workflow) {
        workflows.add(workflow);
        return this;
    }

    /// Lets a task of the plan go as `work` says instead of echoing after ten milliseconds.
    Scene when(String task, Function<Action.Perform, OneThread.Work> work) {
        behaviour.put(task, work);
        return this;
    }

    /// Lets planning tasks give what `rounds` says of their attempts, counted from 1 on.
    Scene plans(IntFunction<Amendment> rounds, List<Value.Struct> told) {
        planned = 0;
        plans = rounds;
        inputs = told;
        return this;
    }

    /// What each attempt at planning costs.
    Scene costs(Usage usage) {
        cost = usage;
        return this;
    }

    private OneThread.Work plan(Action.Perform attempt) {
        inputs.add(attempt.input());
        feedback.add(attempt.feedback() == null ? "" : attempt.feedback());
        var outcome = new Outcome.Planned(plans.apply(++planned), Value.of(planned), cost);
        return new OneThread.Work(Duration.ofMillis(10), outcome, List.of());
    }

    Scene takes(String task, Duration time) {
        return when(task, attempt -> done(attempt, time));
    }

    Scene fails(String task, Failure failure) {
        return when(
                task,
                _ -> new OneThread.Work(Duration.ofMillis(10), Outcome.failed(failure), List.of()));
    }

    static OneThread.Work done(Action.Perform attempt, Duration time) {
        var output =
                Value.struct("task", Value.text(attempt.task().toString())).with(attempt.input());
        return new OneThread.Work(time, Outcome.succeeded(output), List.of());
    }

    static OneThread.Work gives(Value output) {
        return new OneThread.Work(Duration.ofMillis(10), Outcome.succeeded(output), List.of());
    }

    @Override
    public OneThread.Work perform(Action.Perform attempt) {
        if (attempt.plans()) {
            return plan(attempt);
        }
        return behaviour
                .getOrDefault(attempt.task().name(), one -> done(one, Duration.ofMillis(10)))
                .apply(attempt);
    }

    @Override
    public Value fire(String name, String key) {
        fired.add(key);
        return Value.text(name);
    }

    // ---- what happens

    /// Begins a run of the workflow `main`.
    Scene start(Value.Struct inputs) {
        return start(RUN, "main", inputs);
    }

    Scene start() {
        return start(Value.Struct.EMPTY);
    }

    Scene start(RunId run, String workflow, Value.Struct inputs) {
        return restart().begin(run, workflow, inputs);
    }

    /// Begins one more run, in the process that is there.
    Scene begin(RunId run, String workflow, Value.Struct inputs) {
        ask(run, new Request.Start(workflow, Request.definition(Value.Struct.EMPTY), inputs));
        return this;
    }

    /// The process ends, and another takes over.
    Scene restart() {
        var team = new Team(List.of(), List.copyOf(agents), List.copyOf(workflows));
        world = new OneThread(journal, _ -> team, this, world.now());
        return this;
    }

    /// Asks something of a run, now.
    String ask(RunId run, Request request) {
        return ask(run, request, "ana");
    }

    String ask(RunId run, Request request, String actor) {
        var id = "ask" + asked++;
        if (request instanceof Request.Intervene) {
            edits.add(id);
        }
        world.ask(Duration.ZERO, stream(run), request, id, actor);
        return id;
    }

    /// Asks, lets it be handled, and gives the refusal, or an empty text.
    String refusal(RunId run, Request request, String actor) {
        return refusal(run, request, actor, "ask" + asked++);
    }

    String refusal(RunId run, Request request, String actor, String id) {
        if (request instanceof Request.Intervene) {
            edits.add(id);
        }
        world.ask(Duration.ZERO, stream(run), request, id, actor);
        pass(Duration.ofMillis(1));
        var answer = world.answer(id).orElseThrow();
        return answer.refusal() == null ? "" : answer.refusal();
    }

    /// How many answers of voters were handled, in all processes so far.
    long told() {
        return journal.read(stream(RUN), 0, Integer.MAX_VALUE).stream()
                .filter(entry -> entry.event().actor().startsWith("voter"))
                .map(entry -> entry.event().cause())
                .distinct()
                .filter(cause -> !edits.contains(cause))
                .count();
    }

    Scene act(Verb verb) {
        assertThat(refusal(RUN, new Request.Intervene(verb, "as tested", 0), "ana")).isEmpty();
        return this;
    }

    String answer(long question, String word, String by) {
        return refusal(RUN, new Request.Answer(question, Value.text(word), "", null, null), by);
    }

    Scene send(String type, Value data) {
        ask(RUN, new Request.Deliver(type, data));
        return this;
    }

    void beat(long token) {
        world.beat(Duration.ZERO, stream(RUN), token);
    }

    Scene pass(Duration time) {
        var end = world.now().plus(time);
        world.runUntil(end);
        world.passTo(end);
        return this;
    }

    /// Time passes, and nobody is there.
    Scene sleep(Duration time) {
        world.passTo(world.now().plus(time));
        return this;
    }

    /// Until nothing happens by itself any more.
    Scene settle() {
        world.runUntil(NOON.plus(Duration.ofDays(365)));
        return this;
    }

    // ---- what is there

    Instant now() {
        return world.now();
    }

    MemoryJournal journal() {
        return journal;
    }

    RunState state() {
        return state(RUN);
    }

    RunState state(RunId run) {
        return Runs.load(journal, stream(run)).state();
    }

    /// How the run came to its end.
    RunState.Ending ending() {
        return Objects.requireNonNull(state().ending());
    }

    Failure failure() {
        return Objects.requireNonNull(ending().failure());
    }

    Value output() {
        return state().output();
    }

    /// The one question that is open.
    Asked question() {
        assertThat(state().questions()).hasSize(1);
        return state().questions().values().iterator().next();
    }

    List<Event> events(RunId run) {
        return journal.read(stream(run), 0, Integer.MAX_VALUE).stream().map(Runs::event).toList();
    }

    <E extends Event> List<E> all(Class<E> type) {
        return events(RUN).stream().filter(type::isInstance).map(type::cast).toList();
    }

    /// The tasks in the order in which their attempts began.
    List<String> began() {
        return all(Event.Assigned.class).stream().map(e -> e.task().toString()).toList();
    }

    /// The tasks that have a result, in the order in which it came.
    List<String> finished() {
        return all(Event.ResultAccepted.class).stream().map(e -> e.task().toString()).toList();
    }

    List<String> skipped() {
        return all(Event.TaskSkipped.class).stream().map(e -> e.task().toString()).toList();
    }

    Scene ends(Status status) {
        settle();
        assertThat(state().status()).as("%s", state().ending()).isEqualTo(status);
        return sound();
    }

    Scene succeeds() {
        return ends(Status.SUCCEEDED);
    }

    /// Nothing is violated.
    Scene sound() {
        var team = new Team(List.of(), List.copyOf(agents), List.copyOf(workflows));
        assertThat(Invariants.check(journal, new MemoryArtifacts(), _ -> team)).isEmpty();
        return this;
    }

    /// Asks something of any stream, now.
    void ask(StreamId stream, Request request) {
        ask(stream, request, "ana", "ask" + asked++);
    }

    void ask(StreamId stream, Request request, String actor, String id) {
        world.ask(Duration.ZERO, stream, request, id, actor);
    }

    static StreamId stream(RunId run) {
        return StreamId.run(TenantId.LOCAL, run);
    }
}
