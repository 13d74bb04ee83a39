package dev.tutti.runtime.driver;

import dev.tutti.core.event.Agent;
import dev.tutti.core.event.Event.ArtifactStored;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Outcome;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Value;
import dev.tutti.core.expression.ExpressionException;
import dev.tutti.core.expression.Expressions;
import dev.tutti.core.run.Command;
import dev.tutti.runtime.agent.AgentExecutor;
import dev.tutti.runtime.agent.Attempt;
import dev.tutti.runtime.agent.Handing;
import dev.tutti.runtime.agent.Promised;
import dev.tutti.runtime.agent.Recollection;
import dev.tutti.runtime.artifact.ArtifactStore;
import dev.tutti.runtime.engine.Deed;
import dev.tutti.runtime.engine.Input;
import dev.tutti.runtime.engine.TeamReader;
import dev.tutti.runtime.journal.JournalReader;
import dev.tutti.runtime.journal.StreamId;
import dev.tutti.runtime.recording.Recording;
import dev.tutti.runtime.step.Conversation;
import dev.tutti.runtime.step.StepTaken;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/// The attempts under way in this process, each on a virtual thread. Whatever an executor does, its
/// attempt reports exactly once.
final class Attempts {
    private static final Logger LOG = LoggerFactory.getLogger(Attempts.class);
    private static final int LONGEST_MESSAGE = 2_000;

    /// The effect that stands for all an agent does, when it does not tell its effects apart.
    private static final String WHOLE = "attempt";

    /// Signs of life closer together than this say nothing new.
    private static final long BEAT_NANOS = 50_000_000;

    /// Who waits for a quota gives a sign of life so often.
    private static final long TURN_BEAT_SECONDS = 1;

    private final Executors executors;
    private final TeamReader teams;
    private final Expressions expressions;
    private final ArtifactStore artifacts;
    private final Supplier<JournalReader> journal;
    private final Value.Struct environment;
    private final Secrets secrets;
    private final @Nullable Player player;
    private final Recollection memory;
    private final Consumer<Input> report;
    private final Clock clock;
    private final Map<Key, Running> running = new ConcurrentHashMap<>();
    private volatile boolean stopping;

    private record Key(StreamId run, long token) {}

    /// An attempt from its begin on, so that it can be stopped before its thread has come to run.
    private static final class Running {
        private final Thread thread;
        private final Map<String, CompletableFuture<Deed.Permission>> asked =
                new ConcurrentHashMap<>();
        private volatile @Nullable RunningAttempt attempt;

        private Running(Thread thread) {
            this.thread = thread;
        }
    }

    /// @param journal gives the reader of a thread of its own
    Attempts(Driver.Parts parts, Supplier<JournalReader> journal, Consumer<Input> report) {
        executors = parts.executors();
        teams = parts.teams();
        expressions = parts.expressions();
        artifacts = parts.artifacts();
        environment = parts.environment();
        secrets = new Secrets(environment);
        player = parts.player();
        memory = parts.memory();
        clock = parts.clock();
        this.journal = journal;
        this.report = report;
    }

    void begin(Deed.Perform deed) {
        var key = new Key(deed.run(), deed.attempt().token());
        var thread =
                Thread.ofVirtual().name("attempt-" + key.token()).unstarted(() -> run(key, deed));
        running.put(key, new Running(thread));
        thread.start();
    }

    private void run(Key key, Deed.Perform deed) {
        MDC.put("run", deed.run().run().value());
        MDC.put("task", deed.attempt().task().toString());
        Outcome outcome;
        RunningAttempt attempt = null;
        try {
            var agent = agent(deed);
            var line = new Line(key, deed);
            attempt =
                    new RunningAttempt(
                            deed, line.given(deed), agent.limits().effort(), artifacts, line);
            var own = running.get(key);
            if (own != null) {
                own.attempt = attempt;
            }
            attempt.recall(memory);
            var scope = attempt.scope(environment);
            attempt.settings(
                    (Value.Struct)
                            secrets.around(
                                    named -> expressions.render(named, scope), agent.settings()));
            outcome = Handing.read(deed.attempt().input(), perform(deed, agent, attempt));
            outcome = Promised.kept(deed.team(), deed.attempt().performer(), outcome);
            outcome = planned(deed, outcome);
        } catch (InterruptedException _) {
            outcome =
                    Outcome.failed(stopping ? new Failure.Interrupted() : new Failure.Cancelled());
        } catch (ExpressionException e) {
            outcome = Outcome.failed(new Failure.Permanent(e.code(), message(e)));
        } catch (IllegalArgumentException e) {
            outcome = Outcome.failed(new Failure.Permanent("refused", message(e)));
        } catch (Attempt.Lost e) {
            LOG.info(
                    "attempt {} at {} is lost: {}",
                    deed.attempt().attempt(),
                    deed.attempt().task(),
                    e.getMessage());
            outcome = Outcome.failed(new Failure.Crashed());
        } catch (Exception | Error e) {
            LOG.debug(
                    "attempt {} at {} failed", deed.attempt().attempt(), deed.attempt().task(), e);
            outcome = Outcome.failed(new Failure.Transient("agent_error", message(e)));
        }
        var actor = "agent/" + deed.attempt().agent();
        report.accept(new Input.Told(deed.run(), end(key.token(), outcome, attempt), actor));
        running.remove(key);
        MDC.clear();
    }

    /// What a planner proposes is read before it is reported.
    private Outcome planned(Deed.Perform deed, Outcome outcome) {
        if (!deed.attempt().plans()
                || !(outcome instanceof Outcome.Succeeded(var proposal, var usage))) {
            return outcome;
        }
        try {
            return new Outcome.Planned(
                    teams.amendment(
                            proposal,
                            deed.team(),
                            deed.workflow(),
                            deed.attempt().planned(),
                            deed.attempt().plan(),
                            deed.attempt().agent().value()),
                    proposal,
                    usage);
        } catch (IllegalArgumentException e) {
            return new Outcome.Failed(new Failure.Rejected("plan", message(e)), usage);
        }
    }

    /// How an attempt ends. Whatever came of it once it had asked a person, it is begun again when
    /// they have decided.
    private static Command end(long token, Outcome outcome, @Nullable RunningAttempt attempt) {
        var asked = attempt == null ? null : attempt.asked();
        var stored = attempt == null ? List.<ArtifactStored>of() : attempt.stored();
        var overdrawn = attempt == null ? null : attempt.overdrawn();
        if (overdrawn != null && outcome instanceof Outcome.Failed failed) {
            var limit = new Failure.Permanent("limit_exceeded", overdrawn);
            return new Command.Finish(token, new Outcome.Failed(limit, failed.usage()), stored);
        }
        if (attempt != null && !attempt.awaited().isEmpty() && outcome instanceof Outcome.Failed) {
            return new Command.AwaitErrands(token, attempt.awaited(), stored);
        }
        return asked == null || !(outcome instanceof Outcome.Failed)
                ? new Command.Finish(token, outcome, stored)
                : new Command.Suspend(
                        token,
                        asked.name(),
                        asked.text(),
                        asked.choices(),
                        asked.subject(),
                        stored);
    }

    /// An agent that does not tell its effects apart does one, where it must not do it twice.
    private Outcome perform(Deed.Perform deed, Agent agent, RunningAttempt attempt)
            throws Exception {
        var executor = executors.of(deed.teamHash(), agent);
        boolean strict = deed.attempt().strict() || agent.effects() == Task.Effects.AT_MOST_ONCE;
        if (!strict || executor.reportsEffects()) {
            return performed(executor, attempt);
        }
        var reported = new AtomicReference<@Nullable Outcome>();
        try {
            var output =
                    attempt.effect(
                            WHOLE,
                            _ -> {
                                var outcome = unlessSuspended(executor, attempt);
                                reported.set(outcome);
                                return switch (outcome) {
                                    case Outcome.Succeeded(var result, _) -> result;
                                    case Outcome.Planned(_, var result, _) -> result;
                                    // Who hands over did nothing that must not be done twice.
                                    case Outcome.HandedOver _ ->
                                            throw new Attempt.NotDone("it is handed over");
                                    case Outcome.Failed(var failure, _) ->
                                            throw new Attempt.NotDone(failure.message());
                                };
                            });
            var now = reported.get();
            return now != null ? now : Outcome.succeeded(output);
        } catch (Attempt.NotDone e) {
            var failed = reported.get();
            if (failed != null) {
                return failed;
            }
            throw e;
        }
    }

    /// An attempt that ends to ask a person is between two steps: what it did is on record, and the
    /// one that goes on from there begins the effect.
    private static Outcome unlessSuspended(AgentExecutor executor, RunningAttempt attempt)
            throws Exception {
        try {
            return performed(executor, attempt);
        } catch (Attempt.Suspended e) {
            throw new Attempt.NotDone(message(e));
        }
    }

    private static Outcome performed(AgentExecutor executor, RunningAttempt attempt)
            throws Exception {
        if (executor.reportsUsage()) {
            return executor.perform(attempt);
        }
        attempt.spending();
        var outcome = executor.perform(attempt);
        attempt.accounted();
        return outcome;
    }

    /// Speaks to the engine for one attempt.
    private final class Line implements RunningAttempt.Outside {
        private final Key key;
        private final TaskId task;
        private final long since;
        private final String actor;
        private final AtomicInteger calls = new AtomicInteger();
        private volatile long lastBeat;

        private Line(Key key, Deed.Perform deed) {
            this.key = key;
            task = deed.attempt().task();
            since = deed.attempt().since();
            actor = "agent/" + deed.attempt().agent();
            lastBeat = System.nanoTime() - BEAT_NANOS;
        }

        @Override
        public Deed.Permission intend(String name) throws InterruptedException {
            return ask(name, new Command.Intend(key.token(), name));
        }

        @Override
        public void record(String name, Value outcome) throws InterruptedException {
            ask(name, new Command.NoteEffect(key.token(), name, outcome));
        }

        @Override
        public void withdraw(String name, String reason) throws InterruptedException {
            ask(name, new Command.Withdraw(key.token(), name, reason));
        }

        @Override
        public Deed.Permission note(String name, Command command) throws InterruptedException {
            return ask(name, command);
        }

        @Override
        public Conversation conversation() {
            try (var reader = journal.get()) {
                return Conversation.read(reader, key.run(), since);
            }
        }

        @Override
        public Attempt.Taken take(Conversation said, Attempt.Step step, Attempt.Work work)
                throws Exception {
            return player == null ? work.take() : played(player, said, step);
        }

        @Override
        public Attempt.Taken takeWithin(Conversation said, Attempt.Step step, Attempt.Work work)
                throws Exception {
            var taken = work.take();
            return player == null ? taken : played(player, said, step);
        }

        /// What the attempt is given: when a recording is played, a planner is told what it was
        /// told then, and not what there is room for now.
        private Value.Struct given(Deed.Perform deed) {
            var given = deed.attempt().given();
            return player == null || !deed.attempt().plans()
                    ? given
                    : player.told(path(), deed.attempt().attempt(), given);
        }

        private Attempt.Taken played(Player player, Conversation said, Attempt.Step step) {
            return player.take(path(), since, said.next(), step);
        }

        private String path() {
            try (var reader = journal.get()) {
                return Recording.path(reader, key.run(), task);
            }
        }

        @Override
        public void keep(Conversation said, StepTaken step) throws InterruptedException {
            var input = new Input.Stepped(key.run(), said.stream(), said.head(), step, actor);
            if (ask(input.name(), input) instanceof Deed.Permission.Refused(var why)) {
                throw new InterruptedException(why);
            }
        }

        private Deed.Permission ask(String name, Command command) throws InterruptedException {
            return ask(name, new Input.Told(key.run(), command, actor));
        }

        private Deed.Permission ask(String name, Input input) throws InterruptedException {
            var own = running.get(key);
            if (own == null) {
                throw new InterruptedException("the attempt is over");
            }
            var answer = new CompletableFuture<Deed.Permission>();
            own.asked.put(name, answer);
            report.accept(input);
            try {
                return answer.get();
            } catch (ExecutionException e) {
                throw new IllegalStateException("the engine gave no answer", e);
            }
        }

        @Override
        public void awaitTurn() throws InterruptedException {
            var own = running.get(key);
            if (own == null) {
                throw new InterruptedException("the attempt is over");
            }
            var name = "call " + calls.incrementAndGet();
            var answer = new CompletableFuture<Deed.Permission>();
            own.asked.put(name, answer);
            report.accept(new Input.Calling(key.run(), key.token(), name));
            while (true) {
                try {
                    if (answer.get(TURN_BEAT_SECONDS, TimeUnit.SECONDS)
                            instanceof Deed.Permission.Refused(var why)) {
                        throw new InterruptedException(why);
                    }
                    return;
                } catch (TimeoutException _) {
                    alive();
                } catch (ExecutionException e) {
                    throw new IllegalStateException("the engine gave no answer", e);
                }
            }
        }

        @Override
        public void spending() throws InterruptedException {
            var name = "spending " + calls.incrementAndGet();
            if (ask(name, new Input.Spending(key.run(), key.token(), name))
                    instanceof Deed.Permission.Refused(var why)) {
                throw new InterruptedException(why);
            }
        }

        @Override
        public void accounted() {
            report.accept(new Input.Accounted(key.run(), key.token()));
        }

        @Override
        public void leaveAlone(Duration wait) {
            report.accept(new Input.Busy(key.run(), key.token(), clock.instant().plus(wait)));
        }

        @Override
        public void alive() {
            long now = System.nanoTime();
            if (now - lastBeat >= BEAT_NANOS) {
                lastBeat = now;
                report.accept(new Input.Alive(key.run(), key.token(), clock.instant()));
            }
        }
    }

    /// The engine answers an attempt that asked about an effect.
    void allow(Deed.Allow allow) {
        var attempt = running.get(new Key(allow.run(), allow.token()));
        if (attempt != null) {
            var answer = attempt.asked.remove(allow.name());
            if (answer != null) {
                answer.complete(allow.permission());
            }
        }
    }

    private static String message(Throwable e) {
        var message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        return message.length() > LONGEST_MESSAGE
                ? message.substring(0, LONGEST_MESSAGE) + "…"
                : message;
    }

    private static Agent agent(Deed.Perform deed) {
        var id = deed.attempt().agent();
        return deed.team()
                .agent(id)
                .orElseThrow(() -> new IllegalArgumentException("the team has no agent " + id));
    }

    void stop(StreamId run, long token) {
        var attempt = running.get(new Key(run, token));
        if (attempt != null) {
            attempt.thread.interrupt();
        }
    }

    /// Interrupts everything: the process is going to end.
    void stopAll() {
        stopping = true;
        running.values().forEach(attempt -> attempt.thread.interrupt());
    }

    /// Attempts that have begun and not reported.
    int count() {
        return running.size();
    }

    /// What the attempts of a run say of how far they are.
    Map<TaskId, RunningAttempt.Progress> progress(StreamId run) {
        var progress = new java.util.LinkedHashMap<TaskId, RunningAttempt.Progress>();
        running.forEach((key, value) -> {
            var attempt = value.attempt;
            if (attempt != null && key.run().equals(run)) {
                progress.put(attempt.task(), attempt.progress());
            }
        });
        return progress;
    }
}
