package dev.tutti.runtime.driver;

import com.sun.management.OperatingSystemMXBean;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Status;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Value;
import dev.tutti.core.expression.Expressions;
import dev.tutti.core.run.Decider;
import dev.tutti.runtime.agent.Recollection;
import dev.tutti.runtime.agent.Upkeep;
import dev.tutti.runtime.artifact.ArtifactStore;
import dev.tutti.runtime.dispatch.Chooser;
import dev.tutti.runtime.dispatch.DispatchPolicy;
import dev.tutti.runtime.dispatch.Dispatcher;
import dev.tutti.runtime.engine.Deed;
import dev.tutti.runtime.engine.Engine;
import dev.tutti.runtime.engine.Input;
import dev.tutti.runtime.engine.Request;
import dev.tutti.runtime.engine.TeamReader;
import dev.tutti.runtime.evidence.ContentReader;
import dev.tutti.runtime.evidence.Evidence;
import dev.tutti.runtime.journal.Append;
import dev.tutti.runtime.journal.Journal;
import dev.tutti.runtime.journal.JournalException;
import dev.tutti.runtime.journal.JournalReader;
import dev.tutti.runtime.journal.Message;
import dev.tutti.runtime.journal.StreamId;
import dev.tutti.runtime.participant.Participants;
import dev.tutti.runtime.projection.Records;
import dev.tutti.runtime.projection.RunListKeeper;
import dev.tutti.runtime.quota.Machine;
import java.lang.management.ManagementFactory;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Drives the engine of a store that this process owns: one thread takes inputs, commits, and
/// carries out what follows; attempts run on virtual threads.
public final class Driver implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Driver.class);

    /// How soon a message from another process is taken.
    private static final Duration MESSAGE_POLL = Duration.ofMillis(50);

    /// How soon a commit is tried again that found the disk full.
    private static final Duration FULL_PAUSE = Duration.ofMillis(250);

    private static final Duration KEEP_EVERY = Duration.ofSeconds(5);
    private static final Duration GRACE = Duration.ofSeconds(3);
    private static final Duration GRACE_INTERRUPTED = Duration.ofSeconds(2);
    private static final int MOST_MESSAGES = 500;

    /// Nothing is published while so many requests, or so many messages, wait to be handled.
    private static final int MOST_ASKED = 10_000;

    private static final int MOST_TAKEN = 50_000;

    /// What is handled in a second even on a slow disk.
    private static final int A_SECOND = 5_000;

    private static final int MOST_DUE = 1_000_000;

    private final Journal journal;
    private final Clock clock;
    private final Executors executors;
    private final Engine engine;
    private final Attempts attempts;
    private final Participants participants;
    private final Announcements announcements;
    private final Mailbox mailbox = new Mailbox();
    private final Map<String, CompletableFuture<Answer>> answers = new ConcurrentHashMap<>();
    private final Map<StreamId, CompletableFuture<Status>> ends = new ConcurrentHashMap<>();
    private final Map<StreamId, RuntimeException> halted = new ConcurrentHashMap<>();
    private final Set<String> taken = new HashSet<>();
    private final RunListKeeper runs;
    private final Thread thread;
    private Instant nextPoll = Instant.MIN;
    private Instant nextKeep;
    private volatile boolean stopping;
    private final Policies policies;
    private volatile @Nullable RuntimeException failure;
    private volatile @Nullable JournalException full;

    /// Messages that were taken and are not handled yet.
    private volatile int backlog;

    /// What became of a request: on disk when this is there.
    ///
    /// @param refusal why it was not carried out, or null when it was
    public record Answer(@Nullable String refusal) {}

    /// What a driver is made of.
    ///
    /// @param environment what agents' settings see as `env`
    /// @param player gives the steps of a recording instead of having them taken, or null
    /// @param contents says what tasks are about
    /// @param past reads the journal from which it is known how agents have done
    /// @param machine what attempts of agents that say what they need may have together
    /// @param policies programs' own ways to choose agents, by name
    /// @param memory what attempts that ask for it are given of earlier runs
    public record Parts(
            Journal journal,
            ArtifactStore artifacts,
            TeamReader teams,
            Executors executors,
            Expressions expressions,
            Value.Struct environment,
            Clock clock,
            @Nullable Player player,
            ContentReader contents,
            Supplier<JournalReader> past,
            Machine machine,
            Map<String, DispatchPolicy> policies,
            Recollection memory) {

        /// Where steps are taken.
        public Parts(
                Journal journal,
                ArtifactStore artifacts,
                TeamReader teams,
                Executors executors,
                Expressions expressions,
                Value.Struct environment,
                Clock clock) {
            this(
                    journal,
                    artifacts,
                    teams,
                    executors,
                    expressions,
                    environment,
                    clock,
                    null,
                    ContentReader.WORDS,
                    journal::reader,
                    whole(),
                    Map.of(),
                    Recollection.NONE);
        }
    }

    private Driver(Parts parts) {
        journal = parts.journal();
        clock = parts.clock();
        executors = parts.executors();
        policies = new Policies(parts.policies(), mailbox::add);
        engine =
                new Engine(
                        journal,
                        new Decider(parts.expressions()),
                        dispatcher(parts, policies),
                        parts.teams(),
                        journal.claim());
        participants = new Participants(executors::has, parts.expressions());
        attempts = new Attempts(parts, journal::reader, mailbox::add);
        announcements = new Announcements(executors, parts.expressions(), mailbox::add);
        runs = new RunListKeeper(journal);
        nextKeep = clock.instant().plus(KEEP_EVERY);
        thread = Thread.ofPlatform().name("tutti-engine").unstarted(this::loop);
    }

    private static Dispatcher dispatcher(Parts parts, Chooser policies) {
        var opened = parts.clock().instant();
        var evidence =
                new Evidence(
                        opened.toEpochMilli(),
                        parts.contents(),
                        into -> {
                            try (var past = parts.past().get()) {
                                Records.learn(past, parts.teams(), opened, into);
                            }
                        });
        return new Dispatcher(parts.executors()::has, evidence, parts.machine(), _ -> 1.0)
                .with(policies);
    }

    /// All of the machine that this process runs on, or of its container.
    public static Machine whole() {
        return new Machine(
                Runtime.getRuntime().availableProcessors(),
                () ->
                        ManagementFactory.getOperatingSystemMXBean()
                                        instanceof OperatingSystemMXBean known
                                ? known.getTotalMemorySize()
                                : Long.MAX_VALUE);
    }

    /// Takes over the store: whoever owned it before can write nothing any more, and runs that were
    /// under way go on.
    public static Driver start(Parts parts) {
        var driver = new Driver(parts);
        driver.journal.due(MOST_DUE).forEach(due -> driver.engine.wake(due.stream(), due.at()));
        driver.thread.start();
        return driver;
    }

    /// Takes over the store for errands: what is asked is carried out, and nothing else goes on.
    /// Tasks that become ready wait for the next owner.
    public static Driver forErrands(Parts parts) {
        var driver = new Driver(parts);
        driver.engine.quiesce();
        driver.thread.start();
        return driver;
    }

    /// Asks something of a run. The answer comes once it is on disk. While the disk is full it is a
    /// [JournalException] at once: ask again, under the same id.
    ///
    /// @param id unique among requests
    public CompletableFuture<Answer> ask(StreamId run, Request request, String actor, String id) {
        var answer = new CompletableFuture<Answer>();
        var noSpace = full;
        if (noSpace != null) {
            answer.completeExceptionally(noSpace);
            return answer;
        }
        int waiting = answers.size() + backlog;
        if (request instanceof Request.Publish
                && (answers.size() >= MOST_ASKED || backlog >= MOST_TAKEN)) {
            var soon = Duration.ofSeconds(Math.max(1, waiting / A_SECOND));
            answer.completeExceptionally(
                    new Crowded(
                            waiting
                                    + " messages wait to be handled, and no more are taken; try again in "
                                    + soon.toSeconds()
                                    + " s",
                            soon));
            return answer;
        }
        answers.put(id, answer);
        mailbox.add(new Input.Asked(run, request, actor, id, null));
        var failed = failure;
        if (failed != null) {
            answer.completeExceptionally(failed);
        }
        return answer;
    }

    /// Completed when the run ends; never, if it ended before this was called. A failure, when its
    /// journal could not be read and nothing will move it here.
    public CompletableFuture<Status> ended(StreamId run) {
        var end = ends.computeIfAbsent(run, _ -> new CompletableFuture<>());
        var failed = failure == null ? halted.get(run) : failure;
        if (failed != null) {
            end.completeExceptionally(failed);
        }
        return end;
    }

    /// Until when an agent is left alone for failing, which may have passed; empty where it is not.
    public Optional<Instant> leftAlone(AgentId agent) {
        return engine.leftAlone(agent);
    }

    /// What the attempts of a run say of how far they are.
    public Map<TaskId, String> progress(StreamId run) {
        var progress = new java.util.LinkedHashMap<TaskId, String>();
        attempts.progress(run).forEach((task, at) -> progress.put(task, at.words()));
        return progress;
    }

    public List<Upkeep> upkeep() {
        return executors.upkeep();
    }

    // ---- the loop

    private void loop() {
        try {
            while (!stopping) {
                turn(waitFor());
            }
        } catch (RuntimeException | Error e) {
            fail(
                    e instanceof RuntimeException known
                            ? known
                            : new IllegalStateException("the engine stopped: " + e, e));
            LOG.error("the engine stopped: nothing is written any more", e);
            attempts.stopAll();
        }
    }

    private void fail(RuntimeException e) {
        failure = e;
        answers.values().forEach(answer -> answer.completeExceptionally(e));
        ends.values().forEach(end -> end.completeExceptionally(e));
    }

    private Duration waitFor() {
        if (engine.busy()) {
            // A commit has led to what is to be handled in the next.
            return Duration.ZERO;
        }
        if (runs.isCatchingUp()) {
            // After an update that is every run that there is: with a wait after each few of them
            // it would take minutes.
            return Duration.ZERO;
        }
        var now = clock.instant();
        var until = engine.nextAlarm().filter(alarm -> alarm.isBefore(nextPoll)).orElse(nextPoll);
        return until.isAfter(now) ? Duration.between(now, until) : Duration.ZERO;
    }

    /// Waits for something to do, and does it.
    private void turn(Duration atMost) {
        mailbox.await(atMost.toNanos(), attempts.count() > 0);
        var inputs = new ArrayList<Input>();
        mailbox.drainTo(inputs);
        inputs.forEach(engine::accept);
        var now = clock.instant();
        if (!now.isBefore(nextPoll)) {
            takeMessages();
            nextPoll = now.plus(MESSAGE_POLL);
        }
        engine.tick(now);
        commit(now);
        engine.halted().forEach(this::halt);
        if (runs.isKeeping()) {
            runs.goOn();
        } else if (!now.isBefore(nextKeep)) {
            runs.begin(engine.changed());
            nextKeep = now.plus(KEEP_EVERY);
        } else if (runs.isBehind() && mailbox.isEmpty()) {
            runs.catchUp();
        }
    }

    private void commit(Instant now) {
        var appends = engine.collect(now);
        var deeds = engine.committed(appends.isEmpty() ? List.of() : write(appends));
        appends.forEach(append -> append.consumed().forEach(taken::remove));
        deeds.forEach(this::carryOut);
        backlog = taken.size();
    }

    /// Waits where the disk is full: nothing of the commit is there then, so that it is made again
    /// as it was, and attempts under way lose nothing. Whoever asked is told at once.
    private List<Append.Result> write(List<Append> appends) {
        while (true) {
            try {
                var results = journal.commit(appends);
                if (full != null) {
                    LOG.warn("there is space again: the engine goes on");
                    full = null;
                }
                return results;
            } catch (JournalException e) {
                if (!e.code().equals("full") || stopping) {
                    throw e;
                }
                if (full == null) {
                    LOG.warn("nothing is written until there is space: {}", e.getMessage());
                }
                full = e;
                answers.values().removeIf(answer -> answer.completeExceptionally(e));
                LockSupport.parkNanos(FULL_PAUSE.toNanos());
            }
        }
    }

    private void carryOut(Deed deed) {
        switch (deed) {
            case Deed.Perform perform -> attempts.begin(perform);
            case Deed.Announce announce -> announcements.tell(announce);
            case Deed.Stop(var run, var token) -> attempts.stop(run, token);
            case Deed.Allow allow -> attempts.allow(allow);
            case Deed.Tell tell -> participants.hear(tell).forEach(mailbox::add);
            case Deed.Deliver(var message) -> {
                if (taken.add(message.id())) {
                    take(message);
                }
            }
            case Deed.Answer(var id, var refusal) -> {
                var answer = answers.remove(id);
                if (answer != null) {
                    answer.complete(new Answer(refusal));
                }
            }
            case Deed.Ended(var run, var status) -> {
                var end = ends.remove(run);
                if (end != null) {
                    end.complete(status);
                }
            }
            case Deed.Fenced() ->
                    throw new IllegalStateException("another process has taken over the store");
        }
    }

    private void halt(StreamId run, Exception why) {
        var halt = new IllegalStateException("run " + run + " is halted: " + why.getMessage(), why);
        halted.put(run, halt);
        var end = ends.remove(run);
        if (end != null) {
            end.completeExceptionally(halt);
        }
    }

    private void takeMessages() {
        for (var message : journal.messages(MOST_MESSAGES)) {
            if (taken.add(message.id())) {
                take(message);
            }
        }
    }

    private void take(Message message) {
        try {
            var request = Request.of(message.kind(), message.payload());
            engine.accept(
                    new Input.Asked(
                            message.to(), request, message.actor(), message.id(), message.id()));
        } catch (IllegalArgumentException e) {
            LOG.warn("the message {} is left unread: {}", message.id(), e.getMessage());
        }
    }

    // ---- the end

    /// Stops: begins nothing new, lets attempts end for a moment, interrupts them, and records what
    /// they reported. What is unfinished goes on when the store is opened again.
    @Override
    public void close() {
        stopping = true;
        join(thread);
        if (failure == null) {
            drain();
            fail(new IllegalStateException("the store was closed"));
        }
        policies.close();
        executors.close();
        journal.close();
    }

    private void drain() {
        try {
            engine.quiesce();
            announcements.stop();
            settle(GRACE);
            attempts.stopAll();
            settle(GRACE_INTERRUPTED);
            runs.keep(engine.changed());
        } catch (RuntimeException | Error e) {
            LOG.error("could not record the last results; they are made again", e);
        }
    }

    private void settle(Duration grace) {
        var end = clock.instant().plus(grace);
        while ((attempts.count() > 0 || !mailbox.isEmpty() || engine.busy())
                && clock.instant().isBefore(end)) {
            turn(Duration.ofMillis(5));
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
