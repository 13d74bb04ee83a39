package dev.tutti.simulation.world;

import dev.tutti.core.event.Agent;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Budget;
import dev.tutti.core.event.Money;
import dev.tutti.core.event.Question;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.TenantId;
import dev.tutti.core.event.Value;
import dev.tutti.core.goal.Workflow;
import dev.tutti.core.people.Asked;
import dev.tutti.core.run.Command;
import dev.tutti.core.run.RunState;
import dev.tutti.core.run.StandIn;
import dev.tutti.core.run.Verb;
import dev.tutti.runtime.engine.Deed;
import dev.tutti.runtime.engine.Input;
import dev.tutti.runtime.engine.Request;
import dev.tutti.runtime.journal.Message;
import dev.tutti.runtime.journal.StreamId;
import dev.tutti.runtime.json.Json;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// Those who begin runs, answer questions, send messages and interfere: all by requests that they
/// repeat under the same id until they hear what became of them.
final class People {
    /// What people make of an input that they approve; nothing else gives a task such a one.
    static final Value.Struct EDITED = Value.struct("n", Value.of(1), "items", Value.array());

    private static final List<String> NAMES = List.of("bo", "cy", "dee", "ana");
    private static final int MOST_TRIES = 6;

    /// So often people try on what is stuck.
    private static final int PATIENCE = 10;

    /// People wait for what they allow: a run of a thousand attempts is one that does not end.
    private static final int MOST_RAISED = 12;

    private final World world;
    private final SplittableRandom dice;
    private final SplittableRandom topics;
    private final Map<String, Wish> open = new HashMap<>();
    private final Set<StreamId> forked = new HashSet<>();
    private final Set<AgentId> off = new HashSet<>();

    /// Those that were ever switched off.
    private final Set<AgentId> ever = new HashSet<>();

    private int asked;
    private boolean deployed;
    private int unstarted;
    private int forks;

    /// A request that someone waits to hear of.
    private record Wish(StreamId run, Request request, String id, String actor) {}

    People(World world, SplittableRandom dice) {
        this.world = world;
        this.dice = dice;
        topics = world.swarm().dice("publishers");
    }

    // ---- requests

    private void ask(StreamId run, Request request, String actor) {
        var wish = new Wish(run, request, "ask" + asked++, actor);
        open.put(wish.id(), wish);
        if (dice.nextInt(6) == 0) {
            post(wish);
        } else {
            send(wish, 0);
        }
    }

    /// Leaves it in the store for the owner: there it is safe.
    private void post(Wish wish) {
        var message =
                new Message(
                        wish.id(),
                        wish.run(),
                        wish.request().kind(),
                        wish.actor(),
                        world.now(),
                        wish.request().payload());
        world.journal().post(message);
        world.posted();
        if (world.swarm().happens(Fault.DUPLICATION)) {
            world.later(
                    Duration.ofMillis(dice.nextInt(3_000)),
                    () -> {
                        world.journal().post(message);
                        world.posted();
                    });
        }
    }

    private void send(Wish wish, int tries) {
        if (!open.containsKey(wish.id())) {
            return;
        }
        world.any(dice)
                .ifPresent(node ->
                        world.send(
                                () ->
                                        node.hear(
                                                new Input.Asked(
                                                        wish.run(),
                                                        wish.request(),
                                                        wish.actor(),
                                                        wish.id(),
                                                        null)),
                                () -> {}));
        if (tries < MOST_TRIES) {
            world.later(
                    Duration.ofMillis(500L + dice.nextInt(20_000)), () -> send(wish, tries + 1));
        } else {
            post(wish);
        }
    }

    /// The engine says what became of a request.
    void heard(Deed.Answer answer) {
        var wish = open.get(answer.request());
        if (wish != null && !world.isCaused(wish.run(), wish.id())) {
            world.violated(
                    "I1",
                    wish.run(),
                    wish.id() + " (" + wish.request().kind() + ") is acknowledged and not on disk");
        }
        if (wish != null) {
            world.send(() -> open.remove(wish.id()), () -> {});
        }
    }

    /// Whether everything that they wanted has come to its end.
    boolean idle() {
        return unstarted == 0 && open.isEmpty() && world.over();
    }

    // ---- beginning

    void begin() {
        int runs = 2 + dice.nextInt(3);
        unstarted = runs;
        for (int i = 0; i < runs; i++) {
            var run = new RunId("R" + i);
            world.later(Duration.ofMillis(i == 0 ? 0 : dice.nextInt(30_000)), () -> start(run));
        }
        world.later(Duration.ofMillis(dice.nextInt(2_000)), this::stir);
        if (world.publishes()) {
            deploy();
            world.later(Duration.ofMillis(topics.nextInt(900_000)), this::withdraw);
        }
        beginDances();
    }

    /// Runs that nobody directs, by dice of their own.
    private void beginDances() {
        if (world.team().workflow(Dances.DANCE).isEmpty()) {
            return;
        }
        var own = world.swarm().dice("dances");
        int runs = 1 + own.nextInt(2);
        unstarted += runs;
        for (int i = 0; i < runs; i++) {
            var run = new RunId("D" + i);
            world.later(
                    Duration.ofMillis(own.nextInt(30_000)), () -> start(run, Dances.DANCE, own));
        }
    }

    private void deploy() {
        deployed = true;
        ask(
                StreamId.subscriptions(TenantId.LOCAL),
                new Request.Deploy("team", "here", Request.definition(Value.Struct.EMPTY)),
                "op");
    }

    /// No more runs begin by themselves.
    private void withdraw() {
        if (deployed) {
            ask(StreamId.subscriptions(TenantId.LOCAL), new Request.Withdraw("team"), "op");
        }
    }

    private void start(RunId run) {
        start(run, Plans.MAIN, dice);
    }

    private void start(RunId run, String workflow, SplittableRandom dice) {
        unstarted--;
        world.want(run);
        ask(
                World.stream(run),
                new Request.Start(
                        workflow,
                        Request.definition(Value.Struct.EMPTY),
                        Value.struct(
                                "n",
                                Value.of(dice.nextInt(3)),
                                "items",
                                Value.array(Value.of(1), Value.of(2), Value.of(dice.nextInt(3)))),
                        standIns(run, workflow)),
                "ana");
    }

    /// In every third run an output stands in for the work of a task, in some for that of two, and
    /// in some a plan for that of the planner. Nothing is drawn for it, so that the runs of a seed
    /// stay as they were but for that.
    private List<StandIn> standIns(RunId run, String name) {
        var workflow = world.team().workflow(name);
        var tasks = workflow.map(Workflow::tasks).orElse(List.of());
        var names = tasks.stream().map(Task::name).toList();
        int dice = Math.floorMod(Objects.hash(run.value(), name, names), 600);
        if (dice % 3 > 0) {
            return List.of();
        }
        var standIns = new ArrayList<StandIn>();
        for (int i = 0; i <= dice / 3 % 2 && i < tasks.size(); i++) {
            var task = tasks.get((dice / 6 + i) % tasks.size());
            Value one = Value.struct("n", Value.of(dice % 5));
            var output = task.each() == null ? one : Value.array(one, one);
            standIns.add(new StandIn(task.name(), output, i == 0 ? null : new RunId("R0")));
        }
        var planner = workflow.map(Workflow::planner).orElse(null);
        if (planner != null && planner.approval() == null && dice / 6 % 2 == 0) {
            standIns.add(
                    new StandIn(
                            Goals.FIRST_PLAN,
                            Value.of(dice),
                            new RunId("R0"),
                            Goals.plan(planner, dice % 5 == 0)));
        }
        return standIns;
    }

    private void stir() {
        if (world.swarm().calm()) {
            return;
        }
        var runs = world.runs();
        if (!runs.isEmpty()) {
            stir(runs.get(dice.nextInt(runs.size())));
        }
        world.later(Duration.ofMillis(100L + dice.nextInt(15_000)), this::stir);
    }

    private void stir(StreamId run) {
        var state = world.state(run);
        if (!state.started()) {
            return;
        }
        if (state.status().isFinal()) {
            if (run.run().value().matches("[DRF]\\d+")
                    && !forked.contains(run)
                    && world.swarm().happens(Fault.FORK)) {
                fork(run, state);
            }
            return;
        }
        if (world.swarm().happens(Fault.SWITCHED)) {
            switchOver();
        }
        if (dice.nextInt(3) == 0) {
            message(run, state);
        }
        if (world.publishes() && topics.nextInt(2) == 0) {
            var topic = Published.TOPICS.get(topics.nextInt(Published.TOPICS.size()));
            publish(state, topic, topics.nextInt(6));
            if (topics.nextBoolean()) {
                long k = topics.nextInt(5);
                publish(topic, Published.FRESH, Long.toString(k), k);
            }
            if (topics.nextInt(20) == 0) {
                withdraw();
            }
        }
        if (world.swarm().happens(Fault.INTERVENTION)) {
            var own = world.swarm().of(Fault.INTERVENTION);
            if (own.nextInt(20) == 0) {
                stall(run);
                return;
            }
            var verb = verb(state, own);
            long expected =
                    switch (own.nextInt(6)) {
                        case 0 -> state.sequence();
                        case 1 -> Math.max(1, state.sequence() - own.nextInt(3));
                        default -> 0;
                    };
            ask(run, new Request.Intervene(verb, "as it fell", expected), "op");
        }
    }

    /// Somebody switches an agent off, or on again.
    private void switchOver() {
        var agents = world.team().agents();
        if (!agents.isEmpty()) {
            var own = world.swarm().of(Fault.SWITCHED);
            var agent = agents.get(own.nextInt(agents.size())).id();
            if (!off.remove(agent)) {
                off.add(agent);
            }
            ever.add(agent);
            turn(agent, !off.contains(agent));
        }
    }

    private void turn(AgentId agent, boolean on) {
        ask(StreamId.agents(TenantId.LOCAL), new Request.Switch(agent, on, "as it fell"), "op");
    }

    /// Someone who sees all runs says that this one cannot go on.
    private void stall(StreamId run) {
        var command = new Command.Stall("it waits for itself", List.of(run.run().value()));
        world.any(dice).ifPresent(node -> node.hear(new Input.Told(run, command, "engine")));
    }

    private void fork(StreamId run, RunState state) {
        forked.add(run);
        var to = new RunId("F" + forks++);
        world.want(to);
        var own = world.swarm().of(Fault.FORK);
        ask(
                World.stream(to),
                new Request.Fork(
                        run.run(),
                        1 + own.nextLong(state.sequence()),
                        own.nextInt(3) == 0,
                        edit(run, state),
                        "another way"),
                "ana");
    }

    /// Every third fork goes on with another input of a task that had begun by then, or another
    /// output. Nothing is drawn for it, so that the forks of a seed stay as they were.
    private static Verb.@Nullable Edit edit(StreamId run, RunState state) {
        int dice = Math.floorMod(Objects.hash(run.name(), state.sequence()), 600);
        var tasks = List.copyOf(state.tasks().keySet());
        if (dice % 3 > 0 || tasks.isEmpty()) {
            return null;
        }
        var task = tasks.get(dice / 6 % tasks.size());
        var input = state.task(task).input().with(Value.struct("n", Value.of(dice % 5)));
        return dice % 2 == 0
                ? new Verb.EditInput(task, input)
                : new Verb.EditOutput(task.name(), Value.struct("n", Value.of(dice % 5)));
    }

    private void message(StreamId run, RunState state) {
        var n = state.asked().inputs().get("n");
        var k = n == null || dice.nextInt(4) == 0 ? Value.of(dice.nextInt(5)) : n;
        ask(
                run,
                new Request.Deliver(
                        Plans.MESSAGES.get(dice.nextInt(Plans.MESSAGES.size())),
                        Value.struct("k", k)),
                "shop");
    }

    /// Somebody publishes something that the run may wait for, or something else.
    private void publish(RunState state, String topic, long k) {
        var n = state.asked().inputs().get("n");
        var type = Plans.MESSAGES.get(topics.nextInt(Plans.MESSAGES.size()));
        publish(topic, type, n == null ? "none" : Json.text(n), k);
    }

    private void publish(String topic, String type, String key, long k) {
        var id = "ask" + asked;
        ask(
                StreamId.topic(TenantId.LOCAL, topic),
                new Request.Publish(Published.event(id, type, key, k, world.now())),
                "shop");
    }

    private static Verb verb(RunState state, SplittableRandom own) {
        var names = state.graph().order();
        var name = names.isEmpty() ? "none" : names.get(own.nextInt(names.size()));
        var fanIn = state.fanIns().get(name);
        var id =
                fanIn != null && fanIn.width() > 0 && own.nextBoolean()
                        ? new TaskId(name, own.nextInt(fanIn.width()))
                        : TaskId.of(name);
        var value =
                Value.struct(
                        "n",
                        Value.of(own.nextInt(5)),
                        "ok",
                        Value.of(true),
                        "list",
                        Value.array(Value.of(3)));
        return switch (own.nextInt(40)) {
            case 0, 1, 2 -> new Verb.Pause();
            case 3, 4, 5, 6, 7, 8, 9, 10 -> new Verb.Resume();
            case 11, 12, 13 -> new Verb.Retry(id, false);
            case 14, 15 -> new Verb.Retry(id, true);
            case 16, 17 -> new Verb.Skip(id, null);
            case 18, 19 -> new Verb.Skip(id, value);
            case 20, 21, 22 ->
                    new Verb.EditInput(id, value.with("items", Value.array(Value.of(1))));
            case 23, 24 -> new Verb.EditOutput(name, value);
            case 25, 26 -> new Verb.CancelTasks(List.of(name));
            case 27, 28, 29 ->
                    new Verb.Reassign(name, new AgentId(own.nextBoolean() ? "one" : "two"));
            case 30, 31, 32 -> {
                var limit =
                        List.of("attempts", "queued", "run", "idle", "overall").get(own.nextInt(5));
                int upTo = 1 + own.nextInt(6_000);
                yield new Verb.Raise(
                        name, limit, limit.equals("attempts") ? 1 + upTo % MOST_RAISED : upTo);
            }
            case 33 -> new Verb.Cancel(false);
            case 34 -> own.nextInt(3) == 0 ? new Verb.Cancel(true) : new Verb.Resume();
            case 35 -> own.nextInt(3) == 0 ? new Verb.Terminate() : new Verb.Resume();
            case 36 ->
                    state.asked().planner() != null ? new Verb.Replan() : new Verb.Retry(id, false);
            case 37 -> raised(state, id);
            default -> new Verb.Retry(id, false);
        };
    }

    /// Of what the run has a budget of, half as much again, and a few more of what is counted: to
    /// so much, or by so much.
    private static Verb raised(RunState state, TaskId id) {
        var cap = state.ledger().cap();
        if (cap.usd() != null && state.sequence() % 2 == 0) {
            return new Verb.RaiseBudget(
                    new Budget(
                            new Money(cap.usd().usd().multiply(new BigDecimal("0.5"))),
                            null,
                            cap.time(),
                            cap.attempts() == null ? null : Integer.valueOf(3),
                            cap.tasks() == null ? null : Integer.valueOf(3),
                            cap.runs() == null ? null : Integer.valueOf(3)),
                    true);
        }
        return cap.usd() == null
                ? new Verb.Retry(id, false)
                : new Verb.RaiseBudget(
                        new Budget(
                                new Money(cap.usd().usd().multiply(new BigDecimal("1.5"))),
                                null,
                                cap.time() == null ? null : cap.time().multipliedBy(2),
                                more(cap.attempts()),
                                more(cap.tasks()),
                                more(cap.runs())));
    }

    private static @Nullable Integer more(@Nullable Integer limit) {
        return limit == null ? null : limit + 3;
    }

    // ---- answering

    /// A question has been asked, and people hear of it.
    void asked(StreamId run, long question) {
        if (world.swarm().calm()) {
            return;
        }
        int who = dice.nextInt(3);
        boolean quarrel = world.swarm().happens(Fault.QUARREL);
        for (int i = 0; i < (quarrel ? 3 : 1); i++) {
            var name = NAMES.get((who + i) % NAMES.size());
            int wait = dice.nextInt(4) == 0 ? 300_000 : 5_000;
            world.later(
                    Duration.ofMillis(100L + dice.nextInt(wait)),
                    () -> answer(run, question, name, quarrel));
        }
    }

    private void answer(StreamId run, long question, String name, boolean quarrel) {
        var asked = world.state(run).questions().get(question);
        if (asked != null) {
            answer(run, asked, name, quarrel ? dice.nextInt(12) : 5 + dice.nextInt(7));
        } else if (quarrel) {
            ask(run, new Request.Answer(question, Value.text("late"), "", null, null), name);
        }
    }

    /// @param mood from 0 to 11: the greater, the better
    private void answer(StreamId run, Asked asked, String name, int mood) {
        var question = asked.question();
        var hash = mood == 1 ? "wrong" : mood % 2 == 0 ? question.hash() : null;
        var edited = mood == 3 && question.purpose() == Question.Purpose.APPROVAL ? EDITED : null;
        ask(
                run,
                new Request.Answer(question.id(), word(run, question, mood), "", hash, edited),
                name);
    }

    private Value word(StreamId run, Question question, int mood) {
        return switch (question.purpose()) {
            case TASK ->
                    !question.form().fields().isEmpty()
                            ? Value.struct("n", mood == 0 ? Value.text("x") : Value.of(mood))
                            : question.choices().isEmpty()
                                    ? Value.text("fine")
                                    : Value.text(
                                            mood == 0
                                                    ? "neither"
                                                    : mood < 9
                                                            ? question.choices().getFirst()
                                                            : question.choices().getLast());
            case APPROVAL, PLAN -> Value.text(mood < 2 ? Question.DENY : Question.APPROVE);
            case REMEDY -> Value.text(mood < 7 ? Question.RETRY : Question.SKIP);
            case UNKNOWN -> Value.text(known(run, question.task()));
            case CONSULT -> Value.text(mood == 0 ? "perhaps" : mood < 7 ? "yes" : "no");
            case RESOLVE ->
                    Value.text(
                            mood < 3
                                    ? question.choices().getLast()
                                    : question.choices().getFirst());
            case STALL -> Value.text(mood < 3 ? Question.RETRY : Question.FAIL);
        };
    }

    /// Whoever looks outside says what is there.
    private String known(StreamId run, @Nullable TaskId task) {
        boolean done =
                task != null
                        && world.state(run).effectsOf(task).values().stream()
                                .filter(effect -> effect.outcome() == null)
                                .anyMatch(effect -> world.outside().isDone(effect.key()));
        return done ? Question.DONE : Question.NOT_DONE;
    }

    // ---- tidying up

    /// Goes on with what is paused, answers what is open, sends what is awaited, and gives up what
    /// never reports: as a patient operator would.
    void tidyUp(int round) {
        withdraw();
        world.team().agents().stream()
                .map(Agent::id)
                .filter(ever::contains)
                .forEach(agent -> turn(agent, true));
        for (var run : world.runs()) {
            var state = world.state(run);
            if (state.started() && !state.status().isFinal()) {
                tidyUp(run, state, round);
            }
        }
    }

    private void tidyUp(StreamId run, RunState state, int round) {
        if (state.paused()) {
            ask(run, new Request.Intervene(new Verb.Resume(), "tidied up", 0), "op");
        }
        for (var asked : state.questions().values()) {
            boolean stuck =
                    round > PATIENCE
                            && round % 2 == 0
                            && asked.question().purpose() == Question.Purpose.STALL;
            answer(run, asked, "helper" + asked.votes().size(), stuck ? 0 : 8);
        }
        if (state.ending() != null && round > 8) {
            ask(run, new Request.Intervene(new Verb.Cancel(true), "it never reports", 0), "op");
        }
        for (var attempt : state.open().values()) {
            if (attempt.doer() instanceof RunState.Doer.Message(var type, var topic)
                    && type != null) {
                var n = state.asked().inputs().get("n");
                if (topic != null) {
                    publish(topic, type, n == null ? "none" : Json.text(n), 1);
                    continue;
                }
                ask(
                        run,
                        new Request.Deliver(type, Value.struct("k", n == null ? Value.NULL : n)),
                        "shop");
            } else if (attempt.doer() instanceof RunState.Doer.Agent && round > 5) {
                var skip = new Verb.Skip(attempt.task(), null);
                ask(run, new Request.Intervene(skip, "it never reports", 0), "op");
            }
        }
    }
}
