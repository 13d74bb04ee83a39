package dev.tutti.simulation.world;

import dev.tutti.core.event.Event;
import dev.tutti.core.event.Origin;
import dev.tutti.core.event.Question;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.TenantId;
import dev.tutti.core.expression.Expressions;
import dev.tutti.core.goal.Team;
import dev.tutti.core.run.Digest;
import dev.tutti.core.run.RunState;
import dev.tutti.core.run.Why;
import dev.tutti.runtime.artifact.MemoryArtifacts;
import dev.tutti.runtime.artifact.Sha256;
import dev.tutti.runtime.dispatch.Switched;
import dev.tutti.runtime.engine.Runs;
import dev.tutti.runtime.journal.Append;
import dev.tutti.runtime.journal.Entry;
import dev.tutti.runtime.journal.EventCodec;
import dev.tutti.runtime.journal.MemoryJournal;
import dev.tutti.runtime.journal.StreamId;
import dev.tutti.runtime.step.StepTaken;
import dev.tutti.runtime.topic.Enlisted;
import dev.tutti.runtime.topic.Posted;
import dev.tutti.simulation.Violation;
import dev.tutti.simulation.Watch;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A store, the processes that want to own it, agents, people and the network between them, played
/// on the calling thread from one seed until everything has come to its end.
///
/// First come the faults of the [Swarm], until the horizon; then the world is calm, people tidy up,
/// and every run must end. Time is the world's own: processes see it through clocks that may be
/// wrong. Every commit is looked at before anything is done about it.
public final class World {
    /// Stands among the types of events for runs that were found to wait for one another.
    static final String CIRCLE = "circle";

    /// The same for attempts that ask people.
    static final String CONSULTATION = "consultation";

    static final Instant NOON = Instant.parse("2026-11-25T12:00:00Z");
    private static final Duration TURN = Duration.ofMillis(1);
    private static final int MOST_STEPS = 100_000;
    private static final int MOST_ROUNDS = 240;
    private static final int MOST_UPGRADED = 2_000;
    private static final Expressions EXPRESSIONS = new Expressions();

    private final Scenario scenario;
    private final @Nullable Consumer<String> trace;
    private final MemoryJournal journal = new MemoryJournal();
    private final MemoryArtifacts artifacts = new MemoryArtifacts();
    private final Swarm swarm;
    private final SplittableRandom network;
    private final Team team;
    private final Watch watch;
    private final Outside outside;
    private final Bills bills;
    private final Rates rates;
    private final People people;
    private final List<Node> nodes = new ArrayList<>();
    private final Set<String> causes = new HashSet<>();
    private final Set<String> forks = new HashSet<>();
    private final Set<String> kinds = new TreeSet<>();
    private final Set<RunId> wanted = new TreeSet<>(Comparator.comparing(RunId::value));
    private final List<Violation> found = new ArrayList<>();
    private final MessageDigest hash = Sha256.digest();
    private final PriorityQueue<Due> due =
            new PriorityQueue<>(Comparator.comparing(Due::at).thenComparingLong(Due::order));
    private Instant now = NOON;
    private long order;
    private long steps;
    private long events;
    private int rounds;

    /// Something that happens in the world at its time.
    private record Due(Instant at, long order, Runnable what) {}

    private World(Scenario scenario, @Nullable Team given, @Nullable Consumer<String> trace) {
        this.scenario = scenario;
        this.trace = trace;
        swarm = new Swarm(scenario.seed(), scenario.without());
        network = swarm.dice("network");
        team = given != null ? given : drawn();
        watch = new Watch(journal, artifacts, _ -> team);
        outside = new Outside(this);
        bills = new Bills(this);
        rates = new Rates(this);
        people = new People(this, swarm.dice("people"));
    }

    /// A team by chance, drawn part by part.
    private Team drawn() {
        var plans = Plans.team(swarm.dice("plans"), EXPRESSIONS);
        var goals = Goals.given(plans, swarm.dice("goals"));
        var topics = Published.of(goals, swarm.dice("topics"), EXPRESSIONS);
        var sharing = Sharing.of(topics, swarm.dice("sharing"));
        var dances = Dances.given(sharing, swarm.dice("choreography"));
        var trading = Trading.of(dances, swarm.dice("trading"));
        var required = Required.of(trading, swarm.dice("required"));
        return Ruled.of(required, swarm.dice("policies"));
    }

    /// Plays a world with plans by chance.
    public static Report play(Scenario scenario) {
        return new World(scenario, null, null).play();
    }

    /// The same, told line by line.
    public static Report play(Scenario scenario, Consumer<String> trace) {
        return new World(scenario, null, trace).play();
    }

    /// Plays a world in which runs are of the workflow `main` of this team.
    public static Report play(Scenario scenario, Team team) {
        return new World(scenario, team, null).play();
    }

    // ---- what the others see of it

    Swarm swarm() {
        return swarm;
    }

    MemoryJournal journal() {
        return journal;
    }

    MemoryArtifacts artifacts() {
        return artifacts;
    }

    Team team() {
        return team;
    }

    /// Whether anything of the team has to do with topics.
    boolean publishes() {
        return Keys.of(team).stream().anyMatch(key -> key.endsWith(".topic"));
    }

    static Expressions expressions() {
        return EXPRESSIONS;
    }

    Bills bills() {
        return bills;
    }

    Rates rates() {
        return rates;
    }

    Outside outside() {
        return outside;
    }

    People people() {
        return people;
    }

    Instant now() {
        return now;
    }

    static StreamId stream(RunId run) {
        return StreamId.run(TenantId.LOCAL, run);
    }

    /// A run as it is on disk.
    RunState state(StreamId run) {
        return watch.state(run);
    }

    List<StreamId> runs() {
        return watch.runs();
    }

    /// Whether an entry says that it was caused by this request.
    boolean isCaused(StreamId run, String request) {
        return causes.contains(run.name() + " " + request);
    }

    /// A run that must come to its end.
    void want(RunId run) {
        wanted.add(run);
    }

    /// Every run that is wanted is there, or was refused, and all that began have ended.
    boolean over() {
        return journal.messages(1).isEmpty()
                && wanted.stream().allMatch(run -> watch.sequence(stream(run)) > 0)
                && watch.runs().stream()
                        .map(watch::state)
                        .allMatch(state -> !state.started() || state.status().isFinal());
    }

    void violated(String invariant, StreamId run, String sentence) {
        if (!scenario.ignored().contains(invariant)) {
            found.add(new Violation(invariant, run, watch.sequence(run), sentence));
        }
    }

    /// Tells the one who looks on.
    void tell(Supplier<String> line) {
        if (trace != null) {
            trace.accept(steps + " " + now + " " + line.get());
        }
    }

    // ---- time and network

    void later(Duration after, Runnable what) {
        due.add(new Due(now.plus(after), order++, what));
    }

    /// Sends something over the network: it may be lost, arrive twice, or late.
    ///
    /// @param lost called instead of `arrives` when it will never arrive
    void send(Runnable arrives, Runnable lost) {
        if (swarm.happens(Fault.LOSS)) {
            later(latency(), lost);
            return;
        }
        later(latency(), arrives);
        if (swarm.happens(Fault.DUPLICATION)) {
            later(latency().plus(latency()), arrives);
        }
    }

    private Duration latency() {
        var usual = Duration.ofMillis(network.nextInt(5));
        return swarm.happens(Fault.DELAY)
                ? usual.plusMillis(swarm.of(Fault.DELAY).nextInt(20_000))
                : usual;
    }

    // ---- processes

    /// A process takes over the store.
    Node open(Duration skew) {
        tell(() -> "a process takes over");
        var node = new Node(this, skew);
        nodes.add(node);
        return node;
    }

    /// After a process has ended, another one comes.
    void restart(Duration skew) {
        later(
                Duration.ofMillis(network.nextInt(swarm.calm() ? 100 : 10_000)),
                () -> {
                    if (owner().isEmpty()) {
                        open(skew);
                    }
                });
    }

    /// The process that took over last, if it lives.
    Optional<Node> owner() {
        return nodes.isEmpty() || !nodes.getLast().alive()
                ? Optional.empty()
                : Optional.of(nodes.getLast());
    }

    /// Any process that lives: most often the owner, now and then one that was.
    Optional<Node> any(SplittableRandom dice) {
        var alive = nodes.stream().filter(Node::alive).toList();
        return alive.isEmpty() || dice.nextInt(4) != 0
                ? owner()
                : Optional.of(alive.get(dice.nextInt(alive.size())));
    }

    /// A message lies in the store: the owner looks there within 50 milliseconds.
    void posted() {
        later(Duration.ofMillis(network.nextInt(50)), () -> owner().ifPresent(Node::poll));
    }

    // ---- commits

    /// Looks at what a commit brought, before anyone acts on it.
    void see(List<Append.Result> results) {
        for (var result : results) {
            if (result instanceof Append.Result.Committed(var entries)) {
                entries.forEach(this::see);
                if (!entries.isEmpty()) {
                    watch.rest(entries.getFirst().stream());
                }
            }
        }
        look();
    }

    private void see(Entry entry) {
        var run = entry.stream();
        if (run.isAttempt()) {
            watch.see(entry);
            tell(() -> run.name() + "#" + entry.sequence() + ": " + StepTaken.of(entry));
            kinds.add(StepTaken.TYPE);
            hash.update(entry.hash());
            return;
        }
        if (run.isTopic() || run.isSubscriptions() || run.isAgents()) {
            watch.see(entry);
            tell(() -> run.name() + "#" + entry.sequence() + ": " + told(entry));
            kinds.add(entry.event().type());
            hash.update(entry.hash());
            causes.add(run.name() + " " + entry.event().cause());
            return;
        }
        var event = Runs.event(entry);
        if (event instanceof Event.RunStarted start && start.origin() instanceof Origin.Fork) {
            forks.add(entry.event().cause());
        }
        if (!forks.contains(entry.event().cause())) {
            outside.see(run, watch.state(run), event);
            bills.see(run, watch.state(run), event);
        }
        watch.see(entry);
        tell(() ->
                run.run()
                        + "#"
                        + entry.sequence()
                        + " by "
                        + entry.event().actor()
                        + " at "
                        + entry.event().at()
                        + ", epoch "
                        + entry.epoch()
                        + ": "
                        + event);
        events++;
        kinds.add(event.getClass().getSimpleName());
        if (event instanceof Event.QuestionAsked asked
                && asked.question().purpose() == Question.Purpose.CONSULT) {
            kinds.add(CONSULTATION);
        }
        if (event instanceof Event.Stalled stalled
                && stalled.cycle().stream().anyMatch(name -> name.contains("/"))) {
            kinds.add(CIRCLE);
        }
        hash.update(entry.hash());
        if (!entry.event().cause().isEmpty()) {
            causes.add(run.name() + " " + entry.event().cause());
        }
        if (event instanceof Event.QuestionAsked(var question, _)) {
            people.asked(run, question.id());
        }
    }

    private static String told(Entry entry) {
        if (entry.stream().isAgents()) {
            return Switched.of(entry).toString();
        }
        return entry.stream().isTopic()
                ? Posted.of(entry).toString()
                : Enlisted.of(entry).toString();
    }

    private void look() {
        if (found.isEmpty()) {
            watch.found().stream()
                    .filter(violation -> !scenario.ignored().contains(violation.invariant()))
                    .forEach(found::add);
        }
    }

    /// I5: what a process remembers of a run is what its journal folds to.
    void compare(Runs.Loaded remembered) {
        var fold = watch.state(remembered.run());
        if (fold.sequence() == remembered.state().sequence()
                && !Digest.of(fold).equals(Digest.of(remembered.state()))) {
            violated(
                    "I5", remembered.run(), "the state in memory is not what the journal folds to");
        }
    }

    /// I5: a run folds to the same digests at every prefix when the codec has written it again, as
    /// the next version will read it.
    void upgrade(SplittableRandom dice) {
        if (watch.runs().isEmpty()) {
            return;
        }
        var run = watch.runs().get(dice.nextInt(watch.runs().size()));
        if (watch.sequence(run) > MOST_UPGRADED) {
            return;
        }
        var read = RunState.EMPTY;
        var again = RunState.EMPTY;
        for (var entry : journal.read(run, 0, Integer.MAX_VALUE)) {
            var event = Runs.event(entry);
            var written = EventCodec.encode(event);
            read = read.evolve(event);
            again =
                    again.evolve(
                            EventCodec.decode(
                                    written.type(), written.version(), written.payload()));
            if (!Digest.of(read).equals(Digest.of(again))) {
                violated("I5", run, "what is written again folds to another digest");
                return;
            }
        }
    }

    // ---- the course of it

    private Report play() {
        open(Duration.ZERO);
        people.begin();
        while (found.isEmpty() && step()) {
            steps++;
            if (steps > MOST_STEPS) {
                endless("after " + MOST_STEPS + " steps");
            } else if (!swarm.calm() && (steps >= scenario.horizon() || people.idle())) {
                calmDown();
            }
        }
        if (found.isEmpty()) {
            watch.end();
            look();
        }
        var keys = wanted.isEmpty() ? Set.<String>of() : Keys.of(team);
        return new Report(
                scenario,
                steps,
                events,
                watch.runs().size(),
                Duration.between(NOON, now),
                swarm.happened(),
                kinds,
                keys,
                HexFormat.of().formatHex(hash.digest()),
                found);
    }

    private void calmDown() {
        swarm.calmDown();
        if (owner().isEmpty()) {
            open(Duration.ZERO);
        }
        round();
    }

    private void round() {
        if (rounds++ > MOST_ROUNDS) {
            endless("though people tidied up " + MOST_ROUNDS + " times");
            return;
        }
        if (!over()) {
            people.tidyUp(rounds);
            later(Duration.ofMinutes(1), this::round);
        }
    }

    /// I13: nothing stands still for ever.
    private void endless(String when) {
        for (var run : watch.runs()) {
            var state = watch.state(run);
            if (state.started() && !state.status().isFinal()) {
                violated(
                        "I13",
                        run,
                        "the run is "
                                + state.status().word()
                                + " "
                                + when
                                + "; it waits for "
                                + Why.of(state, team));
            }
        }
        if (found.isEmpty()) {
            violated("I13", stream(wanted.iterator().next()), "no end " + when);
        }
    }

    /// The next thing that happens. False when the world has come to its end.
    private boolean step() {
        if (swarm.calm() && over()) {
            return false;
        }
        var next = due.peek();
        Node first = null;
        Instant at = next == null ? null : next.at();
        for (var node : nodes) {
            var wake = node.wake();
            if (wake != null && (at == null || wake.isBefore(at))) {
                first = node;
                at = wake;
            }
        }
        if (at == null) {
            endless("and nothing happens any more");
            return false;
        }
        now = at.isAfter(now) ? at : now;
        if (first != null) {
            first.turn();
            now = now.plus(TURN);
        } else {
            due.remove().what().run();
        }
        nodes.removeIf(node -> !node.alive() && node != nodes.getLast());
        return true;
    }
}
