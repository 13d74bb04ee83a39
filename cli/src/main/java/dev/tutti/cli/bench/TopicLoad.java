package dev.tutti.cli.bench;

import dev.tutti.core.event.Agent;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Budget;
import dev.tutti.core.event.Outcome;
import dev.tutti.core.event.SkillId;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.TenantId;
import dev.tutti.core.event.Trigger;
import dev.tutti.core.event.Trigger.Source;
import dev.tutti.core.event.Type;
import dev.tutti.core.event.Value;
import dev.tutti.core.expression.Expressions;
import dev.tutti.core.goal.Team;
import dev.tutti.core.goal.Workflow;
import dev.tutti.runtime.agent.AgentExecutor;
import dev.tutti.runtime.agent.Attempt;
import dev.tutti.runtime.agent.Upkeep;
import dev.tutti.runtime.driver.Crowded;
import dev.tutti.runtime.driver.Driver;
import dev.tutti.runtime.driver.Executors;
import dev.tutti.runtime.engine.Request;
import dev.tutti.runtime.journal.SqliteJournal;
import dev.tutti.runtime.journal.StreamId;
import dev.tutti.runtime.topic.CloudEvent;
import dev.tutti.wiring.Store;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;

/// Publishes messages on one topic, of which one in ten triggers a run: as fast as they are taken,
/// and then half as fast, or as fast as one says, to see how long it takes from a message to an
/// agent at work on it.
public final class TopicLoad {
    private static final int SUBSCRIPTIONS = 1_000;
    private static final int ONE_IN = 10;
    private static final int IN_FLIGHT = 8_000;
    private static final int STEADY_SECONDS = 10;
    private static final String TOPIC = "bench";
    private static final SkillId REACT = new SkillId("react");
    private static final StreamId STREAM = StreamId.topic(TenantId.LOCAL, TOPIC);

    private final Path folder;
    private final int messages;
    private final int rate;
    private final AtomicLongArray published;
    private final AtomicLongArray reacted;
    private final AtomicIntegerArray times;
    private final AtomicInteger reactions = new AtomicInteger();

    private TopicLoad(Path folder, int messages, int rate) {
        this.folder = folder;
        this.messages = messages;
        this.rate = rate;
        int all = messages + messages;
        published = new AtomicLongArray(all);
        reacted = new AtomicLongArray(all);
        times = new AtomicIntegerArray(all);
    }

    /// Measures, and gives the line that is printed.
    ///
    /// @param folder of the store
    /// @param messages in the first part
    /// @param rate of the second part, in a second; 0 for half of what the first one came to
    public static Value.Struct measure(Path folder, int messages, int rate) throws Exception {
        return new TopicLoad(folder, messages, rate).measure();
    }

    private Value.Struct measure() throws Exception {
        var artifacts = Store.artifacts(folder);
        var journal = SqliteJournal.open(Store.database(folder), artifacts);
        var parts =
                new Driver.Parts(
                        journal,
                        artifacts,
                        _ -> team(),
                        new Reacting(),
                        new Expressions(),
                        Value.Struct.EMPTY,
                        Clock.systemUTC());
        try (var driver = Driver.start(parts)) {
            driver.ask(
                            StreamId.subscriptions(TenantId.LOCAL),
                            new Request.Deploy(
                                    "bench",
                                    "here",
                                    Request.definition(Value.struct("bench", Value.of(true)))),
                            "bench",
                            "deploy")
                    .get();
            long begun = System.nanoTime();
            int refused = publish(driver, 0, messages, 0);
            double taken = (System.nanoTime() - begun) / 1e9;
            await(messages / ONE_IN);
            double wall = (System.nanoTime() - begun) / 1e9;
            int calm = rate > 0 ? rate : (int) (messages / wall / 2);
            int steady = Math.min(messages, calm * STEADY_SECONDS) / ONE_IN * ONE_IN;
            publish(driver, messages, messages + steady, calm);
            await(messages / ONE_IN + steady / ONE_IN);
            var micros = latencies(messages, messages + steady);
            return Value.struct(
                    "workload",
                    Value.text("W5"),
                    "messages",
                    Value.of(messages),
                    "subscriptions",
                    Value.of(SUBSCRIPTIONS),
                    "reactions",
                    Value.of(reactions.get()),
                    "doubled",
                    Value.of(count(2)),
                    "refused",
                    Value.of(refused),
                    "taken_s",
                    new Value.Real(rounded(taken)),
                    "wall_s",
                    new Value.Real(rounded(wall)),
                    "messages_per_s",
                    Value.of((long) (messages / wall)),
                    "steady_rate",
                    Value.of(calm),
                    "steady",
                    Value.of(steady),
                    "p50_ms",
                    new Value.Real(rounded(at(micros, 50) / 1e3)),
                    "p99_ms",
                    new Value.Real(rounded(at(micros, 99) / 1e3)),
                    "rss_mb",
                    Value.of(Memory.peak() >> 20));
        }
    }

    private static double rounded(double number) {
        return Math.round(number * 1_000) / 1_000.0;
    }

    private static long at(long[] sorted, int percent) {
        return sorted.length == 0 ? 0 : sorted[(sorted.length - 1) * percent / 100];
    }

    private long[] latencies(int from, int to) {
        var all = new ArrayList<Long>();
        for (int n = from; n < to; n += ONE_IN) {
            all.add((reacted.get(n) - published.get(n)) / 1_000);
        }
        var micros = all.stream().mapToLong(Long::longValue).toArray();
        Arrays.sort(micros);
        return micros;
    }

    private int count(int least) {
        int count = 0;
        for (int n = 0; n < times.length(); n++) {
            count += times.get(n) >= least ? 1 : 0;
        }
        return count;
    }

    /// Publishes those from one number to another.
    ///
    /// @param rate in a second, or 0 for as fast as they are taken
    /// @return how often one was refused and published again
    private int publish(Driver driver, int from, int to, int rate) throws Exception {
        var places = new Semaphore(IN_FLIGHT);
        var refused = new AtomicInteger();
        long begun = System.nanoTime();
        for (int n = from; n < to; n++) {
            if (rate > 0) {
                long due = begun + (long) ((n - from) * 1e9 / rate);
                long early = due - System.nanoTime();
                if (early > 1_000_000) {
                    TimeUnit.NANOSECONDS.sleep(early);
                }
            }
            places.acquire();
            offer(driver, n, places, refused);
        }
        places.acquire(IN_FLIGHT);
        return refused.get();
    }

    private void offer(Driver driver, int n, Semaphore places, AtomicInteger refused)
            throws InterruptedException {
        published.set(n, System.nanoTime());
        while (true) {
            var answer = driver.ask(STREAM, new Request.Publish(event(n)), "bench", "publish-" + n);
            if (!answer.isCompletedExceptionally()) {
                var _ = answer.whenComplete((_, _) -> places.release());
                return;
            }
            try {
                var _ = answer.get();
            } catch (ExecutionException | CompletionException e) {
                if (!(e.getCause() instanceof Crowded)) {
                    throw new IllegalStateException(e);
                }
            }
            refused.incrementAndGet();
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    private static CloudEvent event(int n) {
        var key = n % ONE_IN == 0 ? "k" + n / ONE_IN % SUBSCRIPTIONS : "other";
        return new CloudEvent(
                "m" + n,
                "/bench",
                "paid",
                key,
                Instant.now(),
                null,
                Value.struct("n", Value.of(n), "amount", Value.of(n % 97)));
    }

    private void await(int wanted) throws InterruptedException {
        int seen = -1;
        int still = 0;
        while (reactions.get() < wanted) {
            still = seen == reactions.get() ? still + 1 : 0;
            seen = reactions.get();
            if (still > 3_000) {
                throw new IllegalStateException("only " + seen + " reactions of " + wanted);
            }
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }

    private static Team team() {
        var triggers = new ArrayList<Trigger>();
        for (int i = 0; i < SUBSCRIPTIONS; i++) {
            triggers.add(
                    new Trigger(
                            new Source.OnMessage(TOPIC, "paid", "k" + i, null),
                            Value.struct("n", Value.text("${message.n}")),
                            null,
                            Trigger.Overlap.ALLOW));
        }
        var worker =
                new Agent(
                        new AgentId("worker"),
                        List.of(REACT),
                        "function",
                        Value.Struct.EMPTY,
                        new Agent.Limits(10_000, null));
        var task = Task.of("react", REACT, Value.struct("n", Value.text("${input.n}")));
        return new Team(
                List.of(),
                List.of(worker),
                List.of(
                        new Workflow(
                                        "paid",
                                        Type.Struct.OPEN,
                                        List.of(task),
                                        Value.text("${react}"),
                                        Task.Remedy.FAIL,
                                        null,
                                        Budget.NONE)
                                .withTriggers(triggers)));
    }

    /// Notes when an agent is at work on a message: what set it to work is on disk then.
    private final class Reacting implements Executors {
        @Override
        public boolean has(Agent agent) {
            return true;
        }

        @Override
        public AgentExecutor of(String team, Agent agent) {
            return this::react;
        }

        private Outcome react(Attempt attempt) {
            if (attempt.input().get("n") instanceof Value.Int(var n)) {
                reacted.set((int) n, System.nanoTime());
                times.incrementAndGet((int) n);
                reactions.incrementAndGet();
            }
            return Outcome.succeeded(Value.Struct.EMPTY);
        }

        @Override
        public List<Upkeep> upkeep() {
            return List.of();
        }

        @Override
        public void close() {}
    }
}
