package dev.tutti.runtime.driver;

import dev.tutti.core.agent.Continuation;
import dev.tutti.core.event.Agent;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.ContextPart;
import dev.tutti.core.event.ContextPart.Fate;
import dev.tutti.core.event.Event.ArtifactStored;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.Sharing;
import dev.tutti.core.event.SkillId;
import dev.tutti.core.event.Task.Performer;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Type;
import dev.tutti.core.event.Usage;
import dev.tutti.core.event.Value;
import dev.tutti.core.expression.Scope;
import dev.tutti.core.memory.Context;
import dev.tutti.core.run.Command;
import dev.tutti.runtime.agent.Attempt;
import dev.tutti.runtime.agent.Catalogue;
import dev.tutti.runtime.agent.Handing;
import dev.tutti.runtime.agent.Recollection;
import dev.tutti.runtime.artifact.ArtifactStore;
import dev.tutti.runtime.engine.Deed;
import dev.tutti.runtime.engine.Deed.Permission;
import dev.tutti.runtime.step.Conversation;
import dev.tutti.runtime.step.StepTaken;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// What an executor sees of its attempt.
final class RunningAttempt implements Attempt {
    /// However long a service wants to be left alone, it is asked again by then.
    private static final Duration LONGEST_REST = Duration.ofMinutes(10);

    /// The kind of step that is paid for.
    private static final String MODEL = "model";

    private final Deed.Perform deed;

    /// Whether its agent shares quotas with others.
    private final boolean shares;

    private Value.Struct input;
    private Value.Struct settings = Value.Struct.EMPTY;
    private final ArtifactStore artifacts;
    private final List<ArtifactStored> stored = new CopyOnWriteArrayList<>();
    private final Outside outside;
    private final Agent.Effort effort;
    private @Nullable Conversation conversation;
    private volatile @Nullable Ask asked;
    private volatile List<String> awaited = List.of();
    private volatile @Nullable String overdrawn;

    /// Whether something was begun of which nobody knows what it takes.
    private volatile boolean spending;

    private volatile Progress progress = new Progress(0, "");

    /// How an attempt speaks to the engine while it runs.
    interface Outside {
        /// Asks whether an effect may be done, and waits for the answer to be on disk.
        Permission intend(String name) throws InterruptedException;

        /// Records what an effect came to; on disk when this returns.
        void record(String name, Value outcome) throws InterruptedException;

        /// Asks something about a note, and waits for the answer to be on disk.
        ///
        /// @param name what the answer is called
        Permission note(String name, Command command) throws InterruptedException;

        /// Records that an effect was not done.
        void withdraw(String name, String reason) throws InterruptedException;

        /// What the attempts that this one goes on from have taken.
        Conversation conversation();

        /// Takes a step that is not on record, or has it from a recording.
        Taken take(Conversation said, Step step, Work work) throws Exception;

        /// Takes a step that is not on record and stays within the run, whether or not a recording
        /// has it.
        Taken takeWithin(Conversation said, Step step, Work work) throws Exception;

        /// Keeps a step; on disk when this returns.
        void keep(Conversation said, StepTaken step) throws InterruptedException;

        void alive();

        /// Asks to make one more call outside, and waits until it may.
        void awaitTurn() throws InterruptedException;

        /// Has it counted that something is begun that may have to be paid for.
        void spending() throws InterruptedException;

        /// All that was begun is accounted for.
        void accounted();

        /// Whoever was called wants to be left alone.
        void leaveAlone(Duration wait);
    }

    /// How far an attempt says it is.
    public record Progress(double fraction, String message) {
        /// In a few words, such as `40 %: reads the tests`; what is not said is left out.
        String words() {
            if (fraction <= 0) {
                return message;
            }
            var share = Math.round(fraction * 100) + " %";
            return message.isEmpty() ? share : share + ": " + message;
        }
    }

    /// @param given what the task is given
    RunningAttempt(
            Deed.Perform deed,
            Value.Struct given,
            Agent.Effort effort,
            ArtifactStore artifacts,
            Outside outside) {
        this.deed = deed;
        shares = !deed.team().terms().of(deed.attempt().agent()).quotas().isEmpty();
        input = input(deed, given);
        this.effort = effort;
        this.artifacts = artifacts;
        this.outside = outside;
    }

    /// A planner is told of its team as well, which the journal keeps once for all runs.
    private static Value.Struct input(Deed.Perform deed, Value.Struct given) {
        return deed.attempt().plans()
                ? given.with(
                        Value.struct(
                                "team", Catalogue.of(deed.team(), deed.attempt().agent().value())))
                : given;
    }

    /// Adds to the input what is to be recalled.
    void recall(Recollection memory) throws Exception {
        var giving = deed.attempt().sharing().giving();
        input = Recalling.into(input, giving, deed.run().tenant(), memory, this);
    }

    void settings(Value.Struct rendered) {
        settings = rendered;
    }

    /// What an agent's settings see: `input` is the task's input laid over the run's inputs.
    Scope scope(Value.Struct environment) {
        return variable -> value(environment, variable);
    }

    private @Nullable Value value(Value.Struct environment, String variable) {
        return switch (variable) {
            case "input" -> deed.inputs().with(given());
            case "env" -> environment;
            case "run" -> Value.struct("id", Value.text(deed.run().run().value()));
            default -> null;
        };
    }

    /// Without what only a planner is told.
    private Value.Struct given() {
        return deed.attempt().plans() ? deed.attempt().given() : input;
    }

    @Override
    public RunId run() {
        return deed.run().run();
    }

    @Override
    public TaskId task() {
        return deed.attempt().task();
    }

    @Override
    public AgentId agent() {
        return deed.attempt().agent();
    }

    @Override
    public int number() {
        return deed.attempt().attempt();
    }

    @Override
    public long token() {
        return deed.attempt().token();
    }

    @Override
    public Optional<SkillId> skill() {
        return deed.attempt().performer() instanceof Performer.BySkill(var skill, _, _)
                ? Optional.of(skill)
                : Optional.empty();
    }

    @Override
    public Value.Struct input() {
        return input;
    }

    @Override
    public Value.Struct settings() {
        return settings;
    }

    @Override
    public List<Shown> shown() {
        return deed.shown();
    }

    @Override
    public void progress(double fraction, String message) {
        progress = new Progress(Math.clamp(fraction, 0.0, 1.0), message);
        outside.alive();
    }

    @Override
    public void heartbeat() {
        outside.alive();
    }

    @Override
    public Optional<String> feedback() {
        return Optional.ofNullable(deed.attempt().feedback());
    }

    @Override
    public Optional<String> edit() {
        return Optional.ofNullable(deed.attempt().edit());
    }

    @Override
    public Type promised() {
        if (deed.attempt().plans()) {
            return Catalogue.proposal();
        }
        if (Handing.moderates(input)) {
            return Handing.CHOICE;
        }
        return deed.attempt().performer() instanceof Performer.BySkill(var skill, _, _)
                ? deed.team().skill(skill).output()
                : Type.Any.ANY;
    }

    @Override
    public Taken step(Step step, Work work) throws Exception {
        return step(
                step,
                said -> {
                    awaitTurn();
                    if (step.kind().equals(MODEL)) {
                        spending();
                    }
                    return outside.take(said, step, work);
                });
    }

    @Override
    public Taken stepWithin(Step step, Work work) throws Exception {
        return step(step, said -> outside.takeWithin(said, step, work));
    }

    /// Takes a step that is not on record.
    private interface Taking {
        Taken take(Conversation said) throws Exception;
    }

    private synchronized Taken step(Step step, Taking taking) throws Exception {
        var said = conversation;
        if (said == null) {
            said = outside.conversation();
            conversation = said;
        }
        var recalled = said.recall(step);
        if (recalled.isPresent()) {
            return recalled.get();
        }
        var exceeded = effort.exceeded(said.next() - 1, said.spent());
        if (exceeded != null) {
            overdrawn = exceeded;
            throw new IllegalStateException(exceeded);
        }
        var taken = said.took(token(), step, taking.take(said));
        outside.keep(said, taken);
        said.keep(taken);
        spending = false;
        return taken.taken();
    }

    @Override
    public void awaitTurn() throws InterruptedException {
        if (shares) {
            outside.awaitTurn();
        }
    }

    /// Where nothing is ever set aside for the agent, nothing is to be counted.
    @Override
    public void spending() throws InterruptedException {
        if (!spending && (effort.usd() != null || effort.tokens() != null)) {
            outside.spending();
            spending = true;
        }
    }

    @Override
    public void accounted() {
        if (spending) {
            spending = false;
            outside.accounted();
        }
    }

    @Override
    public void leaveAlone(Duration wait) {
        if (shares && wait.isPositive()) {
            outside.leaveAlone(wait.compareTo(LONGEST_REST) < 0 ? wait : LONGEST_REST);
        }
    }

    @Override
    public Value ask(Ask ask) throws InterruptedException {
        var answer = deed.attempt().answers().get(ask.name());
        if (answer != null) {
            return answer;
        }
        asked = ask;
        throw new Suspended(ask.text());
    }

    @Override
    public synchronized OptionalLong tokensLeft() {
        var said = conversation;
        var most = effort.tokens();
        if (most == null) {
            return OptionalLong.empty();
        }
        var spent = said == null ? Usage.NONE : said.spent();
        return OptionalLong.of(Math.max(0, most - spent.inputTokens() - spent.outputTokens()));
    }

    /// Why no further step could be taken, or null.
    @Nullable String overdrawn() {
        return overdrawn;
    }

    /// What the attempt ends to have a person decide, or null.
    @Nullable Ask asked() {
        return asked;
    }

    @Override
    public byte[] load(String hash) throws IOException {
        return artifacts
                .get(hash)
                .orElseThrow(() -> new FileNotFoundException("there is no artifact " + hash));
    }

    @Override
    public List<Noted> notes() {
        return deed.attempt().notes().stream()
                .map(note -> new Noted(note.key(), note.version(), note.value()))
                .toList();
    }

    @Override
    public Excess excess() {
        var giving = deed.attempt().sharing().giving();
        var keys =
                deed.attempt().context().stream()
                        .filter(part -> part.version() > 0 && part.fate() != Fate.WHOLE)
                        .map(ContextPart::name)
                        .toList();
        return !giving.condensed() || keys.isEmpty()
                ? Excess.NONE
                : new Excess(keys, Math.max(0, giving.tokens() - Context.tokens(given())));
    }

    @Override
    public List<String> readable() {
        return deed.attempt().sharing().reads();
    }

    @Override
    public List<String> writable() {
        return deed.attempt().sharing().writes().stream()
                .filter(write -> write.value() == null)
                .map(Sharing.Write::key)
                .toList();
    }

    @Override
    public Noted readNote(String key) throws InterruptedException {
        var told = told(Attempt.reading(key), new Command.ReadNote(token(), key));
        return new Noted(key, told.version(), told.value());
    }

    @Override
    public Write writeNote(String name, String key, Value value, @Nullable Integer expect)
            throws InterruptedException {
        var command = new Command.WriteNote(token(), name, key, value, expect);
        var told = told(Attempt.writing(name), command);
        return new Write(told.made(), new Noted(key, told.version(), told.value()));
    }

    @Override
    public List<String> delegates() {
        var delegation = deed.attempt().delegation();
        return delegation == null ? List.of() : delegation.to();
    }

    @Override
    public String delegate(String name, Errand errand) throws InterruptedException {
        var command =
                new Command.Delegate(token(), name, errand.to(), errand.input(), errand.reason());
        var told = told(Attempt.delegating(name), command);
        return told.value() instanceof Value.Text(var task) ? task : "";
    }

    @Override
    public List<Came> outcomes(List<String> tasks) throws InterruptedException {
        var came = new ArrayList<Came>();
        for (var task : tasks) {
            if (deed.attempt().answers().get(Continuation.errand(task))
                    instanceof Value.Struct over) {
                var output = over.get("output");
                came.add(new Came(task, output == null ? Value.NULL : output, failure(over)));
            }
        }
        if (came.size() == tasks.size()) {
            return came;
        }
        awaited = List.copyOf(tasks);
        throw new Suspended("it waits for " + String.join(", ", tasks));
    }

    private static String failure(Value.Struct over) {
        return over.get("failed") instanceof Value.Text(var why) ? why : "";
    }

    /// The tasks that the attempt ends to wait for, or empty.
    List<String> awaited() {
        return awaited;
    }

    private Permission.Told told(String name, Command command) throws InterruptedException {
        return switch (outside.note(name, command)) {
            case Permission.Told told -> told;
            case Permission.Refused(var why) -> throw new IllegalArgumentException(why);
            case Permission.Done _, Permission.Go _, Permission.Noted _ ->
                    throw new IllegalStateException("no answer to what was asked");
        };
    }

    @Override
    public Value effect(String name, Effect action) throws Exception {
        return switch (outside.intend(name)) {
            case Permission.Done(var outcome) -> outcome;
            case Permission.Go(var key) -> perform(name, key, action);
            case Permission.Refused(var why) -> throw new InterruptedException(why);
            case Permission.Noted _, Permission.Told _ ->
                    throw new IllegalStateException("no answer to what was asked");
        };
    }

    private Value perform(String name, String key, Effect action) throws Exception {
        Value outcome;
        try {
            outcome = action.perform(key);
        } catch (NotDone e) {
            outside.withdraw(name, String.valueOf(e.getMessage()));
            throw e;
        }
        outside.record(name, outcome);
        return outcome;
    }

    Progress progress() {
        return progress;
    }

    @Override
    public String store(byte[] content, String mediaType, String name) {
        var hash = artifacts.put(content);
        stored.add(new ArtifactStored(task(), hash, content.length, mediaType, name));
        return hash;
    }

    @Override
    public String store(InputStream content, String mediaType, String name) throws IOException {
        var kept = artifacts.keep(content);
        stored.add(new ArtifactStored(task(), kept.hash(), kept.bytes(), mediaType, name));
        return kept.hash();
    }

    @Override
    public ArtifactStore.Opened open(String hash) throws IOException {
        return artifacts
                .open(hash)
                .orElseThrow(() -> new FileNotFoundException("there is no artifact " + hash));
    }

    List<ArtifactStored> stored() {
        return List.copyOf(stored);
    }
}
