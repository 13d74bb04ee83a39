package dev.tutti.wiring;

import dev.tutti.core.event.Fault;
import dev.tutti.core.event.Value;
import dev.tutti.core.expression.Expressions;
import dev.tutti.core.goal.Team;
import dev.tutti.core.goal.Workflow;
import dev.tutti.remote.Remote;
import dev.tutti.runtime.agent.AgentExecutor;
import dev.tutti.runtime.agent.AgentProvider;
import dev.tutti.runtime.artifact.ArtifactStore;
import dev.tutti.runtime.artifact.FileArtifacts;
import dev.tutti.runtime.artifact.MemoryArtifacts;
import dev.tutti.runtime.dispatch.DispatchPolicy;
import dev.tutti.runtime.driver.Driver;
import dev.tutti.runtime.driver.Player;
import dev.tutti.runtime.evidence.ContentReader;
import dev.tutti.runtime.journal.Journal;
import dev.tutti.runtime.journal.JournalReader;
import dev.tutti.runtime.journal.MemoryJournal;
import dev.tutti.runtime.journal.Message;
import dev.tutti.runtime.journal.OwnerLock;
import dev.tutti.runtime.journal.SqliteJournal;
import dev.tutti.runtime.quota.Machine;
import dev.tutti.runtime.recording.Recording;
import dev.tutti.runtime.tool.Tool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A store as this process has it: owned, when nobody else owned it, or else read, with messages to
/// its owner. A process that waits takes the store over when its owner is gone. A store behind a
/// server is read and asked, and never owned here.
public final class Store implements AutoCloseable {
    private static final String DATABASE = "tutti.db";
    private static final String ARTIFACTS = "artifacts";
    private static final String LOCK = "owner.lock";

    private final @Nullable Path folder;
    private final Path beside;
    private final ArtifactStore artifacts;
    private final Definitions definitions = new Definitions();
    private final ProvidedExecutors executors;
    private final @Nullable MemoryJournal memory;
    private final @Nullable Remote remote;
    private @Nullable OwnerLock lock;
    private @Nullable Player player;
    private @Nullable Machine machine;
    private final Map<String, DispatchPolicy> policies = new ConcurrentHashMap<>();
    private ContentReader contents = new Contents();
    private @Nullable Driver driver;
    private boolean errands;
    private Observers observers = Observers.NONE;
    private final Memories memories;

    /// @param folder with the journal, or null for a journal in memory or behind a server
    /// @param beside where agents keep what is theirs
    private Store(@Nullable Path folder, Path beside, @Nullable Remote remote) {
        this.folder = folder;
        this.beside = beside;
        this.remote = remote;
        artifacts = artifacts(folder, remote);
        memory = folder == null && remote == null ? new MemoryJournal() : null;
        executors = new ProvidedExecutors(beside, definitions, this::reader);
        memories = new Memories(folder, this::reader, Clock.systemUTC());
    }

    private static ArtifactStore artifacts(@Nullable Path folder, @Nullable Remote remote) {
        if (remote != null) {
            return remote.artifacts();
        }
        return folder == null
                ? new MemoryArtifacts()
                : new FileArtifacts(folder.resolve(ARTIFACTS));
    }

    /// Lets this process own the store for errands only, should nobody else own it.
    public synchronized void forErrands() {
        errands = true;
    }

    /// What no agent that this process has can do of a workflow.
    public List<Fault> unperformed(Team team, Workflow workflow) {
        return Unperformed.of(team, workflow, executors::has);
    }

    /// A store on disk, not yet owned.
    public static Store at(Path folder) {
        return new Store(folder, folder, null);
    }

    /// The store of a server. It is closed with this one.
    public static Store behind(Remote server) {
        return new Store(null, Path.of(""), server);
    }

    /// The server that the store is behind, if it is.
    public Optional<Remote> remote() {
        return Optional.ofNullable(remote);
    }

    /// A store that is gone with the process.
    public static Store inMemory() {
        return inMemory(Path.of(""));
    }

    /// A store that is gone with the process, but for what agents keep in `beside`.
    public static Store inMemory(Path beside) {
        return new Store(null, beside, null);
    }

    /// Whether a store is there.
    public static boolean exists(Path folder) {
        return Files.exists(folder.resolve(DATABASE));
    }

    public static Path database(Path folder) {
        return folder.resolve(DATABASE);
    }

    public static ArtifactStore artifacts(Path folder) {
        return new FileArtifacts(folder.resolve(ARTIFACTS));
    }

    /// Lets agents call a function of this program as the tool of that name.
    public void tool(String name, Tool tool) {
        executors.tool(name, tool);
    }

    /// Lets a function of this program perform the agents of that name.
    public void function(String agent, AgentExecutor function) {
        executors.function(agent, function);
    }

    /// Lets attempts be given the steps of a recording, from when this process owns the store.
    public void replay(Recording recording) {
        player = new Player(recording);
    }

    /// Lets a function of this program say what tasks are about, from when this process owns the
    /// store.
    public void contents(ContentReader reader) {
        contents = reader;
    }

    /// Lets a function of this program choose agents where team files say `custom/NAME`.
    public void policy(String name, DispatchPolicy policy) {
        policies.put(name, policy);
    }

    /// Lets attempts of agents that say what they need have so much of the machine together, from
    /// when this process owns the store, and not all of it.
    ///
    /// @param memory in bytes
    public void machine(double cpus, long memory) {
        machine = new Machine(cpus, () -> memory);
    }

    /// Says what tasks are about.
    public ContentReader contents() {
        return contents;
    }

    /// Lets agents of this process be made by a provider that is not on the class path.
    public void provider(AgentProvider provider) {
        executors.provider(provider);
    }

    /// The driver when this process owns the store, taking it if nobody does; empty when another
    /// process owns it.
    public synchronized Optional<Driver> own() {
        if (driver == null && takeLock()) {
            try {
                driver = start();
            } finally {
                if (driver == null) {
                    freeLock();
                }
            }
        }
        return Optional.ofNullable(driver);
    }

    private Driver start() {
        var journal = memory != null ? memory : open();
        try {
            observers = Observers.start(journal.position(), this::reader, folder);
            var parts =
                    new Driver.Parts(
                            journal,
                            artifacts,
                            definitions,
                            executors,
                            new Expressions(),
                            environment(),
                            Clock.systemUTC(),
                            player,
                            contents,
                            past(journal),
                            machine == null ? Driver.whole() : machine,
                            policies,
                            memories);
            return errands ? Driver.forErrands(parts) : Driver.start(parts);
        } catch (RuntimeException e) {
            observers.close();
            observers = Observers.NONE;
            journal.close();
            throw e;
        }
    }

    /// Who only tries what would be done in another store goes by what agents have shown there.
    private Supplier<JournalReader> past(Journal journal) {
        return folder == null && exists(beside)
                ? () -> SqliteJournal.reader(database(beside), artifacts(beside))
                : journal::reader;
    }

    /// The driver, if this process owns the store already.
    public synchronized Optional<Driver> driver() {
        return Optional.ofNullable(driver);
    }

    private boolean takeLock() {
        if (remote != null) {
            return false;
        }
        if (folder == null) {
            return true;
        }
        var taken = OwnerLock.take(folder.resolve(LOCK));
        taken.ifPresent(held -> lock = held);
        return taken.isPresent();
    }

    private Journal open() {
        return SqliteJournal.open(database(), artifacts);
    }

    private Path database() {
        if (folder == null) {
            throw new IllegalStateException("this store has no file here");
        }
        return folder.resolve(DATABASE);
    }

    /// A reader for the calling thread.
    public JournalReader reader() {
        if (remote != null) {
            return remote.reader();
        }
        return memory != null ? memory : SqliteJournal.reader(database(), artifacts);
    }

    public ArtifactStore artifacts() {
        return artifacts;
    }

    /// Leaves a message for the owner, who is a process of this machine.
    public void post(Message message) {
        if (memory != null) {
            memory.post(message);
        } else {
            try (var journal = open()) {
                journal.post(message);
            }
        }
    }

    private static Value.Struct environment() {
        var fields = new LinkedHashMap<String, Value>();
        System.getenv().forEach((name, value) -> fields.put(name, Value.text(value)));
        return new Value.Struct(fields);
    }

    @Override
    public synchronized void close() {
        if (driver != null) {
            driver.close();
            driver = null;
            observers.close();
            memories.close();
        }
        freeLock();
        if (remote != null) {
            remote.close();
        }
    }

    private void freeLock() {
        if (lock != null) {
            lock.close();
            lock = null;
        }
    }
}
