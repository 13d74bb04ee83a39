package dev.tutti;

import com.github.f4b6a3.ulid.UlidCreator;
import dev.tutti.core.event.Agent;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Amendment;
import dev.tutti.core.event.Budget;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.TenantId;
import dev.tutti.core.event.Timer;
import dev.tutti.core.event.Value;
import dev.tutti.core.goal.Inputs;
import dev.tutti.core.goal.Workflow;
import dev.tutti.core.people.Asked;
import dev.tutti.core.run.RunState;
import dev.tutti.core.run.StandIn;
import dev.tutti.remote.Remote;
import dev.tutti.runtime.agent.AgentProvider;
import dev.tutti.runtime.agent.Remembrance;
import dev.tutti.runtime.agent.Upkeep;
import dev.tutti.runtime.artifact.ArtifactStore;
import dev.tutti.runtime.artifact.Sha256;
import dev.tutti.runtime.dispatch.DispatchPolicy;
import dev.tutti.runtime.dispatch.Switches;
import dev.tutti.runtime.driver.Driver;
import dev.tutti.runtime.engine.Request;
import dev.tutti.runtime.engine.Runs;
import dev.tutti.runtime.evidence.ContentReader;
import dev.tutti.runtime.evidence.Evidence;
import dev.tutti.runtime.journal.JournalException;
import dev.tutti.runtime.journal.JournalReader;
import dev.tutti.runtime.journal.Message;
import dev.tutti.runtime.journal.StreamId;
import dev.tutti.runtime.projection.Breakers;
import dev.tutti.runtime.projection.Records;
import dev.tutti.runtime.projection.RunList;
import dev.tutti.runtime.projection.RunSummary;
import dev.tutti.runtime.recording.Recording;
import dev.tutti.teamfile.Amendments;
import dev.tutti.teamfile.Limits;
import dev.tutti.teamfile.TeamFile;
import dev.tutti.teamfile.TeamFileException;
import dev.tutti.wiring.Definitions;
import dev.tutti.wiring.Store;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// The entry to everything: a store, and the runs in it.
///
/// The first process to open a store for work owns it; others read it and send it requests, which
/// it takes within a tenth of a second, and take over when it is gone. Safe to use from several
/// threads.
public final class Tutti implements AutoCloseable {
    private static final Duration LOOK = Duration.ofMillis(50);
    private static final Duration FOR_EVER = Duration.ofDays(365);
    private static final int MOST_RUNS = 1_000_000;

    /// So many characters of an id say when it was made.
    private static final int TIME = 10;

    private final Store store;
    private final AtomicReference<@Nullable Checked> checked;
    private final Clock clock = Clock.systemUTC();
    private volatile String actor = System.getProperty("user.name", "someone");

    private Tutti(Store store) {
        this(store, new AtomicReference<>());
    }

    private Tutti(Store store, AtomicReference<@Nullable Checked> checked) {
        this.store = store;
        this.checked = checked;
    }

    /// A document that was found sound; documents do not change.
    private record Checked(Value.Struct document, dev.tutti.core.goal.Team team) {}

    /// The same store, for asking in someone else's name. It is closed with the first one.
    public Tutti inTheNameOf(String name) {
        return new Tutti(store, checked).actingAs(name);
    }

    /// Opens the store in `folder`, made if there is none. Nothing is begun before something is
    /// asked for.
    public static Tutti open(Path folder) {
        return new Tutti(Store.at(folder));
    }

    /// A store that is gone with the process: for trials and tests.
    public static Tutti inMemory() {
        return new Tutti(Store.inMemory());
    }

    /// A store that is gone with the process, and whose agents find what they keep in a store's
    /// folder: for trying what would be done there.
    public static Tutti inMemory(Path beside) {
        return new Tutti(Store.inMemory(beside));
    }

    /// Opens the store of a server, `tutti serve`. Everything works as on a store in a folder, but
    /// that this process never owns it: runs go on where the server is.
    ///
    /// @param token that the server knows
    /// @throws Refusal when the server does not know the token, or cannot be understood
    /// @throws JournalException `unreachable` when there is none
    public static Tutti at(URI server, String token) {
        try {
            return new Tutti(Store.behind(Remote.connect(server, token, version())));
        } catch (JournalException e) {
            if (e.code().equals("unreachable")) {
                throw e;
            }
            throw new Refusal(String.valueOf(e.getMessage()));
        }
    }

    private static String version() {
        var version = Tutti.class.getPackage().getImplementationVersion();
        return version == null ? "(built from source)" : version;
    }

    /// The server that the store is behind, if it is.
    public Optional<URI> server() {
        return store.remote().map(Remote::server);
    }

    /// What is remembered from run to run where the server is, if the store is behind one.
    public Optional<Remembrance.Memories> memoriesOfServer() {
        return store.remote().map(Remote::memories);
    }

    /// In whose name things are asked.
    public String actor() {
        return store.remote().map(Remote::who).orElse(actor);
    }

    Store store() {
        return store;
    }

    /// Messages for whoever waits for them.
    public Topics topics() {
        return new Topics(store, actor);
    }

    // ---- starting

    /// Begins a run of the goal. It is on disk when this returns.
    ///
    /// @throws Refusal when the team or the inputs are not sound; then nothing was begun
    public Run submit(Goal goal) throws InterruptedException {
        return submit(goal, newRun());
    }

    /// An id for a run that is to be begun.
    public static RunId newRun() {
        return new RunId(UlidCreator.getMonotonicUlid().toString());
    }

    /// The same under an id of [#newRun]: begun twice under one it is the same run.
    public Run submit(Goal goal, RunId id) throws InterruptedException {
        var document = goal.team().document();
        var team = sound(document);
        var workflow =
                team.workflow(goal.workflow())
                        .orElseThrow(() ->
                                new Refusal(
                                        "the team has no workflow `"
                                                + goal.workflow()
                                                + "`; it has "
                                                + team.written().stream()
                                                        .map(one -> one.name())
                                                        .toList()));
        var inputs = Inputs.bind(workflow.input(), goal.inputs());
        if (!inputs.faults().isEmpty()) {
            throw new Refusal(
                    "the inputs do not fit workflow `" + goal.workflow() + "`:", inputs.faults());
        }
        var wrong = StandIns.faults(team, workflow, inputs.values(), goal.standIns());
        if (!wrong.isEmpty()) {
            throw new Refusal(
                    "what stands in does not fit workflow `" + goal.workflow() + "`:", wrong);
        }
        requireWithin(workflow, goal, team.agents());
        if (store.remote().isPresent()) {
            return submit(store.remote().get(), goal, id);
        }
        goal.team().functions().forEach(store::function);
        goal.team().tools().forEach(store::tool);
        goal.team().policies().forEach(store::policy);
        var idle = store.unperformed(team, workflow);
        if (!idle.isEmpty()) {
            throw new Refusal("nobody here can do all of `" + workflow.name() + "`:", idle);
        }
        var run = new Run(this, id);
        var definition = Definitions.of(document, goal.team().base());
        ask(
                run.stream(),
                new Request.Start(
                        goal.workflow(),
                        definition,
                        inputs.values(),
                        goal.standIns(),
                        goal.budget()),
                "start-" + id);
        return run;
    }

    private static void requireWithin(Workflow workflow, Goal goal, List<Agent> agents) {
        var faults = Limits.faults(goal.budget(), workflow, agents, goal.standIns());
        if (!faults.isEmpty()) {
            throw new Refusal(
                    "the budget does not fit workflow `" + workflow.name() + "`:", faults);
        }
    }

    /// Has a plan made for a goal, and begins nothing of it. What the planner costs is spent, and
    /// the run that it is asked in is on record as cancelled; behind a server it is asked there.
    ///
    /// @throws Refusal when the goal is not sound, or no plan is found, saying why
    public Planned plan(Goal goal) throws InterruptedException {
        return plan(goal, FOR_EVER);
    }

    /// The same, with only so much time for the planner.
    ///
    /// @throws Refusal also when there is no plan by then
    public Planned plan(Goal goal, Duration within) throws InterruptedException {
        var remote = store.remote();
        if (remote.isEmpty()) {
            return Planned.of(this, goal, within);
        }
        var workflow = Planned.goal(this, goal);
        var plan = remote.get().plan(goal.workflow(), goal.inputs(), goal.team().document());
        if (plan.amendment() == null) {
            throw new Refusal(String.valueOf(plan.refusal()));
        }
        return Planned.of(workflow, plan.amendment(), plan.usage());
    }

    private Run submit(Remote remote, Goal goal, RunId id) {
        var team = goal.team();
        if (!team.functions().isEmpty() || !team.tools().isEmpty()) {
            throw new Refusal(
                    "the store is behind "
                            + remote.server()
                            + ", where functions of this program cannot be called");
        }
        return begun(
                remote.begin(
                        id,
                        goal.workflow(),
                        goal.inputs(),
                        goal.standIns(),
                        goal.budget(),
                        team.document()));
    }

    private Run begun(Remote.Begun begun) {
        if (begun.refusal() != null) {
            throw new Refusal(begun.refusal());
        }
        return new Run(this, begun.run());
    }

    /// Begins a run of a workflow of the team that the server serves, whatever its file says.
    ///
    /// @throws Refusal when there is no such workflow, the inputs do not fit, or the store is
    ///   behind no server
    public Run submit(String workflow, Value.Struct inputs, List<StandIn> standIns, Budget budget) {
        var remote =
                store.remote()
                        .orElseThrow(() ->
                                new Refusal(
                                        "a workflow without its team file can be begun at a server only"));
        return begun(remote.begin(newRun(), workflow, inputs, standIns, budget, null));
    }

    /// The team that a document is. Who begins many runs of one team has it checked once.
    dev.tutti.core.goal.Team sound(Value.Struct document) {
        var known = checked.get();
        if (known != null && known.document().equals(document)) {
            return known.team();
        }
        var errors =
                TeamFile.faultsOf(document).stream().filter(fault -> !fault.isWarning()).toList();
        if (!errors.isEmpty()) {
            throw new Refusal("the team is not sound:", errors);
        }
        var team = TeamFile.fromDocument(document);
        checked.set(new Checked(document, team));
        return team;
    }

    /// Lets a function of this program perform the agents of that name, for runs that were begun
    /// earlier.
    public Tutti function(String agent, dev.tutti.runtime.agent.AgentExecutor function) {
        store.function(agent, function);
        return this;
    }

    /// Lets agents call a function of this program as the tool of that name, for runs that were
    /// begun earlier.
    public Tutti tool(String name, dev.tutti.runtime.tool.Tool tool) {
        store.tool(name, tool);
        return this;
    }

    /// Lets agents be made by a provider of this program, under the names that it answers to.
    public Tutti provider(AgentProvider provider) {
        store.provider(provider);
        return this;
    }

    /// Lets a function of this program say what tasks are about, for `learned` and `best` to tell
    /// apart what agents are good at. The same input must give the same content always. Without it,
    /// tasks are told apart as their team says.
    public Tutti contents(ContentReader reader) {
        store.contents(reader);
        return this;
    }

    /// Lets a function of this program choose the agents of tasks whose team file says `dispatch:
    /// custom/NAME`. Where it cannot be used, agents take turns.
    public Tutti policy(String name, DispatchPolicy policy) {
        store.policy(name, policy);
        return this;
    }

    /// Lets attempts of agents that declare `limits.cpu` or `limits.memory` have so much of this
    /// machine together, and not all of it.
    ///
    /// @param memory in bytes
    public Tutti machine(double cpus, long memory) {
        store.machine(cpus, memory);
        return this;
    }

    /// Takes the store over if nobody owns it: unfinished runs go on.
    ///
    /// @return whether this process owns the store now
    public boolean own() {
        return store.own().isPresent();
    }

    /// The runs that have not ended, oldest first.
    public List<Run> unfinished() {
        try (var reader = store.reader()) {
            return RunList.newest(reader, TenantId.LOCAL, MOST_RUNS).stream()
                    .filter(summary -> !summary.status().isFinal())
                    .map(summary -> new Run(this, summary.run()))
                    .toList()
                    .reversed();
        }
    }

    // ---- looking

    /// The newest runs.
    public List<RunSummary> runs(int limit) {
        try (var reader = store.reader()) {
            return RunList.newest(reader, TenantId.LOCAL, limit);
        }
    }

    /// The run whose id begins with `prefix`.
    ///
    /// @throws Refusal when there is none, or more than one
    public Run run(String prefix) {
        List<RunId> matches;
        try (var reader = store.reader()) {
            matches = RunList.startingWith(reader, TenantId.LOCAL, prefix);
        }
        if (matches.isEmpty()) {
            throw new Refusal(
                    "there is no run `" + prefix + "` in this store; `tutti runs` lists them");
        }
        if (matches.size() > 1) {
            throw new Refusal("`" + prefix + "` could be more than one run: write more of the id");
        }
        return new Run(this, matches.getFirst());
    }

    /// A question that is open.
    public record OpenQuestion(Run run, String goal, Asked asked, @Nullable Instant until) {
        /// How commands name it: the run, a dot, and its number.
        public String id() {
            return run.id() + "." + asked.question().id();
        }
    }

    /// What people are asked, the newest run's questions last.
    public List<OpenQuestion> questions() {
        var questions = new ArrayList<OpenQuestion>();
        try (var reader = store.reader()) {
            for (var summary : RunList.newest(reader, TenantId.LOCAL, MOST_RUNS).reversed()) {
                if (summary.questions() == 0) {
                    continue;
                }
                var run = new Run(this, summary.run());
                var state = Runs.load(reader, run.stream()).state();
                for (var asked : state.questions().values()) {
                    var due = new Timer.QuestionDue(asked.question().id());
                    questions.add(
                            new OpenQuestion(run, summary.goal(), asked, state.timers().get(due)));
                }
            }
        }
        return questions;
    }

    /// The amendment of a run's plan that a file holds, in the form of what planners propose.
    ///
    /// @throws Refusal when it cannot be read, with everything that is wrong with it
    public Amendment amendment(Run run, Path file) {
        try {
            return amendment(run, TeamFile.document(file));
        } catch (TeamFileException | IllegalArgumentException e) {
            throw new Refusal(String.valueOf(e.getMessage()));
        }
    }

    /// The amendment of a run's plan that is written down in a value.
    ///
    /// @throws Refusal with everything that is wrong with it
    public Amendment amendment(Run run, Value written) {
        var state = run.load().state();
        try {
            return Amendments.read(
                    written,
                    team(run),
                    state.asked().name(),
                    List.copyOf(state.graph().order()),
                    state.graph().version(),
                    "operator");
        } catch (IllegalArgumentException e) {
            throw new Refusal(String.valueOf(e.getMessage()));
        }
    }

    /// The team that a run was begun with.
    public dev.tutti.core.goal.Team team(Run run) {
        try (var reader = store.reader()) {
            var hash = Runs.load(reader, run.stream()).state().asked().team();
            return reader.definition(hash)
                    .map(definition -> new Definitions().read(definition.body()))
                    .orElseThrow(() ->
                            new Refusal("the definition of the run's team is not in the store"));
        }
    }

    /// Agents that are switched off.
    public Switches switches() {
        try (var reader = store.reader()) {
            return Switches.of(reader);
        }
    }

    /// Switches an agent off, or on again: whatever the team, an agent of that name is given no
    /// task while it is off, and what it has under way may end. It is on disk when this returns.
    ///
    /// @param reason in words; may be empty
    public void turn(AgentId agent, boolean on, String reason) throws InterruptedException {
        turn(agent, on, reason, null);
    }

    /// The same once, however often it is asked under one key.
    ///
    /// @param key unique among requests, or null for one that is made now
    public void turn(AgentId agent, boolean on, String reason, @Nullable String key)
            throws InterruptedException {
        topics().ask(StreamId.agents(TenantId.LOCAL), new Request.Switch(agent, on, reason), key);
    }

    /// What is known of agents from the newest runs, and who of them is left alone for failing.
    ///
    /// @param breakers learns the latter
    public Evidence evidence(Breakers breakers) {
        var evidence = new Evidence(0);
        try (var reader = store.reader()) {
            Records.learn(reader, new Definitions(), Instant.MAX, evidence, breakers);
        }
        return evidence;
    }

    /// What is known of agents from the newest runs.
    public Evidence evidence() {
        return evidence(new Breakers());
    }

    /// A reader of the journal for the calling thread.
    public JournalReader reader() {
        return store.reader();
    }

    /// What an agent stored under a hash.
    ///
    /// @throws Refusal when there is nothing
    public byte[] artifact(String hash) {
        return store.artifacts()
                .get(hash)
                .orElseThrow(() -> new Refusal("there is no artifact " + hash + " in the store"));
    }

    /// What an agent stored under a hash, to be read a part at a time.
    ///
    /// @throws Refusal when there is nothing
    public ArtifactStore.Opened openArtifact(String hash) {
        return store.artifacts()
                .open(hash)
                .orElseThrow(() -> new Refusal("there is no artifact " + hash + " in the store"));
    }

    /// What the attempts of a run say of how far they are; empty unless this process drives them.
    public Map<TaskId, String> progress(Run run) {
        return progress(run.id());
    }

    /// As above.
    public Map<TaskId, String> progress(RunId run) {
        var stream = StreamId.run(TenantId.LOCAL, run);
        return store.driver().map(driver -> driver.progress(stream)).orElse(Map.of());
    }

    /// Until when an agent is left alone for failing, which may have passed; empty where it is not,
    /// or this process does not drive the store.
    public Optional<Instant> leftAlone(AgentId agent) {
        return store.driver().flatMap(driver -> driver.leftAlone(agent));
    }

    /// Work that executors of this process may still do when nothing else is to do.
    public List<Upkeep> upkeep() {
        return store.driver().map(Driver::upkeep).orElse(List.of());
    }

    // ---- asking

    /// Lets what is asked from now on be asked in someone's name; at first it is the user's.
    ///
    /// @throws Refusal when the store is behind a server, which goes by the token
    public Tutti actingAs(String name) {
        if (store.remote().isPresent()) {
            throw new Refusal(
                    "a server goes by the token: what is asked is asked in the name of its key");
        }
        actor = name;
        return this;
    }

    /// Carries out what is asked and nothing else, should nobody own the store: no attempt is begun
    /// that would have to be broken off when this process ends a moment later.
    public Tutti forErrands() {
        store.forErrands();
        return this;
    }

    /// Has the steps of attempts, calls of models and tools, come from a recording instead of being
    /// taken, once this process owns the store. An attempt that asks for another step than the
    /// recording has fails and says which.
    ///
    /// @throws Refusal when the store is behind a server
    public Tutti replaying(Recording recording) {
        if (store.remote().isPresent()) {
            throw new Refusal("steps are replayed where the store is, not behind a server");
        }
        store.replay(recording);
        return this;
    }

    /// The steps that a run's attempts have taken, and those of the runs within it.
    public Recording recording(Run run) {
        try (var reader = store.reader()) {
            return Recording.of(reader, run.stream());
        }
    }

    Run fork(Run from, Request.Fork fork, @Nullable String key) throws InterruptedException {
        var run = new Run(this, key == null ? newRun() : forkOf(from.id(), key));
        if (key == null || run.load().state().sequence() == 0) {
            ask(run.stream(), fork, run.id().value());
        }
        return run;
    }

    /// The same id for the same key; it stands beside the other run's.
    private static RunId forkOf(RunId from, String key) {
        var hash = Sha256.hex((from + "/" + key).getBytes(StandardCharsets.UTF_8));
        var time = from.value().substring(0, Math.min(TIME, from.value().length()));
        return new RunId(time + hash.substring(0, TIME + 6).toUpperCase(Locale.ROOT));
    }

    /// Asks something of a stream, which may be one that is not there yet.
    ///
    /// @param key as in [Run#ask]
    /// @throws Refusal when it is not carried out, saying why
    public void ask(StreamId run, Request request, @Nullable String key)
            throws InterruptedException {
        var id = key == null ? UlidCreator.getMonotonicUlid().toString() : key;
        var refusal =
                store.remote().isPresent()
                        ? store.remote().get().ask(message(run, request, id))
                        : here(run, request, id);
        if (refusal.isPresent()) {
            throw new Refusal(refusal.get());
        }
    }

    private Message message(StreamId run, Request request, String id) {
        return new Message(id, run, request.kind(), actor, clock.instant(), request.payload());
    }

    private Optional<String> here(StreamId run, Request request, String id)
            throws InterruptedException {
        var driver = WhileFull.ask(id, WhileFull.PATIENCE, store::own);
        return driver.isPresent()
                ? answer(driver.get(), run, request, id)
                : answer(run, request, id);
    }

    private Optional<String> answer(Driver driver, StreamId run, Request request, String id)
            throws InterruptedException {
        return WhileFull.ask(
                id,
                WhileFull.PATIENCE,
                () -> Optional.ofNullable(driver.ask(run, request, actor, id).get().refusal()));
    }

    /// Asks the owner, and becomes the owner should it be gone before it answers.
    private Optional<String> answer(StreamId run, Request request, String id)
            throws InterruptedException {
        var message = message(run, request, id);
        WhileFull.ask(
                id,
                WhileFull.PATIENCE,
                () -> {
                    store.post(message);
                    return message;
                });
        try (var reader = store.reader()) {
            while (true) {
                if (reader.message(id).isEmpty()) {
                    return refusal(reader, run, id);
                }
                WhileFull.ask(id, WhileFull.PATIENCE, store::own);
                TimeUnit.NANOSECONDS.sleep(LOOK.toNanos());
            }
        }
    }

    private static Optional<String> refusal(JournalReader reader, StreamId run, String id) {
        long from = 0;
        while (true) {
            var page = reader.read(run, from, 1_000);
            for (var entry : page) {
                if (entry.event().cause().equals(id)
                        && Runs.event(entry)
                                instanceof dev.tutti.core.event.Event.Refused refused) {
                    return Optional.of(refused.reason());
                }
            }
            if (page.isEmpty()) {
                return Optional.empty();
            }
            from = page.getLast().sequence();
        }
    }

    Optional<Result> awaitEnd(Run run, Duration atMost) throws InterruptedException {
        var deadline = System.nanoTime() + atMost.toNanos();
        var state = RunState.EMPTY;
        try (var reader = store.reader()) {
            while (true) {
                var end = store.own().map(driver -> driver.ended(run.stream()));
                state = Runs.proceed(reader, run.stream(), state);
                if (state.status().isFinal()) {
                    return Optional.of(Run.result(state));
                }
                if (System.nanoTime() >= deadline) {
                    return Optional.empty();
                }
                if (end.isPresent()) {
                    waitFor(end.get(), deadline - System.nanoTime());
                } else {
                    TimeUnit.NANOSECONDS.sleep(LOOK.toNanos());
                }
            }
        }
    }

    private static void waitFor(java.util.concurrent.Future<?> end, long nanos)
            throws InterruptedException {
        try {
            end.get(Math.max(nanos, 1), TimeUnit.NANOSECONDS);
        } catch (TimeoutException _) {
            // The caller looks again.
        } catch (ExecutionException e) {
            throw new IllegalStateException("the run stopped: " + e.getMessage(), e);
        }
    }

    /// Stops: lets attempts end for a moment, then interrupts them. Unfinished runs go on when the
    /// store is opened again.
    @Override
    public void close() {
        store.close();
    }
}
