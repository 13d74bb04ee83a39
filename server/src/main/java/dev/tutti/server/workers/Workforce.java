package dev.tutti.server.workers;

import dev.tutti.core.dispatch.Reply;
import dev.tutti.core.event.Agent;
import dev.tutti.core.event.Outcome;
import dev.tutti.runtime.agent.Attempt;
import dev.tutti.runtime.bidding.Bidder.Announcement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/// Brings work and workers together. Work waits in the order in which it came, workers in the order
/// in which they asked; neither takes a thread. All is kept in memory: after a restart workers
/// register again, and work that was under way counts as crashed.
public final class Workforce implements AutoCloseable {
    /// More workers are turned away.
    public static final int MOST_WORKERS = 10_000;

    /// More questions for work at a time are turned away.
    public static final int MOST_POLLS = 20_000;

    private static final long TICK_MILLIS = 100;
    private static final long FORGOTTEN = Duration.ofMinutes(10).toNanos();
    private static final int MOST_REMEMBERED = 100_000;

    private final ReentrantLock lock = new ReentrantLock();
    private final long leaseNanos;
    private final SequencedSet<Work> waiting = new LinkedHashSet<>();
    private final SequencedSet<Poll> polls = new LinkedHashSet<>();
    private final SequencedSet<Tender> announced = new LinkedHashSet<>();
    private final Map<String, Tender> asked = new HashMap<>();
    private final Map<String, Worker> workers = new HashMap<>();
    private final Map<String, Lease> held = new HashMap<>();
    private final LinkedHashMap<String, Lease> ended = new LinkedHashMap<>();
    private final ScheduledExecutorService clock =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("workforce").factory());
    private boolean draining;

    /// @param lease how long a worker keeps its work without a sign of life
    public Workforce(Duration lease) {
        leaseNanos = lease.toNanos();
        var _ =
                clock.scheduleWithFixedDelay(
                        this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    private record Poll(Worker worker, CompletableFuture<Optional<Given>> answer, long until) {}

    /// Why a worker is turned away. Each has its own answer.
    public enum Refused {
        /// There is no such lease, or it is another worker's.
        UNKNOWN,
        /// Its result was accepted before.
        DUPLICATE,
        /// It was not renewed in time.
        LATE,
        /// The run no longer wants the result.
        STALE,
        /// Nothing was announced to it under that name, or bids are not taken any more.
        NO_BIDS,
        TOO_MANY,
        DRAINING
    }

    /// A worker is turned away.
    public static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1L;
        private final Refused why;

        RefusedException(Refused why) {
            super(why.name());
            this.why = why;
        }

        public Refused why() {
            return why;
        }
    }

    /// How long a worker keeps its work without a sign of life.
    public Duration lease() {
        return Duration.ofNanos(leaseNanos);
    }

    // ---- work

    Work post(Attempt attempt, Agent agent) {
        var work = new Work(attempt, agent);
        lock.lock();
        try {
            for (var poll : polls) {
                if (poll.worker.canDo(work)) {
                    polls.remove(poll);
                    hand(work, poll.worker, poll.answer);
                    return work;
                }
            }
            waiting.add(work);
            return work;
        } finally {
            lock.unlock();
        }
    }

    /// Nobody wants the result any more.
    void withdraw(Work work) {
        lock.lock();
        try {
            waiting.remove(work);
            work.kept().cancel(false);
            held.values().stream()
                    .filter(lease -> lease.work() == work)
                    .toList()
                    .forEach(lease -> end(lease, Lease.State.OVER));
        } finally {
            lock.unlock();
        }
    }

    private void hand(Work work, Worker worker, CompletableFuture<Optional<Given>> answer) {
        var lease = new Lease(Secret.make("l_"), work, worker, System.nanoTime() + leaseNanos);
        held.put(lease.id(), lease);
        worker.leases().add(lease);
        work.attempt().progress(0, "with worker " + worker.name());
        Thread.ofVirtual().name("lease-" + lease.id()).start(() -> give(lease, answer));
    }

    /// Whoever works may have to be paid: it is counted before they begin, which is not waited for
    /// while everybody else is kept waiting.
    private static void give(Lease lease, CompletableFuture<Optional<Given>> answer) {
        try {
            lease.work().attempt().spending();
            answer.complete(Optional.of(lease));
        } catch (InterruptedException | RuntimeException _) {
            // The attempt is over: its work is withdrawn, and the lease with it.
            answer.complete(Optional.empty());
        }
    }

    private void end(Lease lease, Lease.State how) {
        held.remove(lease.id());
        lease.worker().leases().remove(lease);
        lease.become(how, System.nanoTime());
        ended.put(lease.id(), lease);
        if (ended.size() > MOST_REMEMBERED) {
            ended.pollFirstEntry();
        }
    }

    // ---- bids

    /// Has one of the workers bid that speak for an agent; empty where none does. The deadline is
    /// the caller's to keep.
    Optional<Tender> announce(Announcement announcement) {
        lock.lock();
        try {
            if (workers.values().stream()
                    .noneMatch(one -> one.speaksFor(announcement.agent()) && isThere(one))) {
                return Optional.empty();
            }
            var tender = new Tender(announcement);
            announce(tender);
            return Optional.of(tender);
        } finally {
            lock.unlock();
        }
    }

    /// Whether a worker asks for work, is at work, or was heard of not long ago.
    private boolean isThere(Worker worker) {
        return !worker.leases().isEmpty()
                || System.nanoTime() - worker.lastSeen() < leaseNanos
                || polls.stream().anyMatch(poll -> poll.worker == worker);
    }

    private void announce(Tender tender) {
        for (var poll : polls) {
            if (poll.worker.speaksFor(tender.announcement().agent())) {
                polls.remove(poll);
                ask(tender, poll.worker, poll.answer);
                return;
            }
        }
        announced.add(tender);
    }

    private void ask(Tender tender, Worker worker, CompletableFuture<Optional<Given>> answer) {
        tender.ask(worker);
        asked.put(tender.id(), tender);
        answer.complete(Optional.of(tender));
    }

    /// No bid counts any more.
    void withdraw(Tender tender) {
        lock.lock();
        try {
            announced.remove(tender);
            asked.remove(tender.id());
        } finally {
            lock.unlock();
        }
    }

    /// What a worker was asked to bid on.
    public Tender tender(Worker worker, String id) throws RefusedException {
        lock.lock();
        try {
            var tender = asked.get(id);
            if (tender == null || tender.worker() != worker) {
                throw new RefusedException(Refused.NO_BIDS);
            }
            return tender;
        } finally {
            lock.unlock();
        }
    }

    /// What a worker says to what was announced to it. The first answer counts and no other.
    public void bid(Worker worker, String id, List<Reply> replies) throws RefusedException {
        lock.lock();
        try {
            var tender = tender(worker, id);
            asked.remove(id);
            tender.replies().complete(replies);
        } finally {
            lock.unlock();
        }
    }

    // ---- workers

    /// A worker that has come, and the token that it shows from now on.
    public record Registered(Worker worker, String token) {}

    /// Takes in a worker that has come.
    ///
    /// @param bids whether it bids in its own words
    public Registered register(String name, List<String> skills, List<String> agents, boolean bids)
            throws RefusedException {
        var token = Secret.make("w_");
        lock.lock();
        try {
            if (workers.size() >= MOST_WORKERS) {
                throw new RefusedException(Refused.TOO_MANY);
            }
            var hash = Secret.hash(token);
            var worker = new Worker(hash.substring(0, 12), name, skills, agents, bids);
            workers.put(hash, worker);
            return new Registered(worker, token);
        } finally {
            lock.unlock();
        }
    }

    /// The worker that shows a token.
    public Optional<Worker> worker(String token) {
        lock.lock();
        try {
            var worker = Optional.ofNullable(workers.get(Secret.hash(token)));
            worker.ifPresent(Worker::seen);
            return worker;
        } finally {
            lock.unlock();
        }
    }

    /// The worker leaves: what it holds is given to others at once.
    public void leave(Worker worker) {
        lock.lock();
        try {
            workers.values().remove(worker);
            List.copyOf(worker.leases()).forEach(lease -> lose(lease, "its worker left"));
            for (var poll : List.copyOf(polls)) {
                if (poll.worker == worker) {
                    polls.remove(poll);
                    poll.answer.complete(Optional.empty());
                }
            }
            for (var tender : List.copyOf(asked.values())) {
                if (tender.worker() == worker) {
                    asked.remove(tender.id());
                    tender.ask(null);
                    announce(tender);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /// Work for a worker, or tasks to bid on, as soon as there is some; empty when there was none
    /// in time.
    public CompletableFuture<Optional<Given>> poll(Worker worker, Duration atMost)
            throws RefusedException {
        var answer = new CompletableFuture<Optional<Given>>();
        lock.lock();
        try {
            if (draining) {
                throw new RefusedException(Refused.DRAINING);
            }
            for (var tender : announced) {
                if (worker.speaksFor(tender.announcement().agent())) {
                    announced.remove(tender);
                    ask(tender, worker, answer);
                    return answer;
                }
            }
            for (var work : waiting) {
                if (worker.canDo(work)) {
                    waiting.remove(work);
                    hand(work, worker, answer);
                    return answer;
                }
            }
            if (atMost.isZero()) {
                answer.complete(Optional.empty());
            } else if (polls.size() >= MOST_POLLS) {
                throw new RefusedException(Refused.TOO_MANY);
            } else {
                polls.add(new Poll(worker, answer, System.nanoTime() + atMost.toNanos()));
            }
            return answer;
        } finally {
            lock.unlock();
        }
    }

    /// A sign of life.
    ///
    /// @param fraction from 0 to 1
    public void heartbeat(Worker worker, String id, double fraction, String message)
            throws RefusedException {
        lock.lock();
        try {
            var lease = lease(worker, id);
            lease.renew(System.nanoTime() + leaseNanos);
            lease.work().attempt().progress(fraction, message);
        } finally {
            lock.unlock();
        }
    }

    /// What a worker may do with the work of a lease, such as keep a file beside it.
    public Work work(Worker worker, String id) throws RefusedException {
        lock.lock();
        try {
            return lease(worker, id).work();
        } finally {
            lock.unlock();
        }
    }

    /// What came of the work. The first report of a lease is accepted and no other.
    ///
    /// @return there when the result is on disk; cancelled when nobody wanted it any more
    public CompletableFuture<Void> report(Worker worker, String id, Outcome outcome)
            throws RefusedException {
        lock.lock();
        try {
            var lease = lease(worker, id);
            end(lease, Lease.State.ENDED);
            lease.work().outcome().complete(outcome);
            return lease.work().kept();
        } finally {
            lock.unlock();
        }
    }

    private Lease lease(Worker worker, String id) throws RefusedException {
        var lease = held.getOrDefault(id, ended.get(id));
        if (lease == null || lease.worker() != worker) {
            throw new RefusedException(Refused.UNKNOWN);
        }
        return switch (lease.state()) {
            case HELD -> lease;
            case ENDED -> throw new RefusedException(Refused.DUPLICATE);
            case EXPIRED -> throw new RefusedException(Refused.LATE);
            case OVER -> throw new RefusedException(Refused.STALE);
        };
    }

    private void lose(Lease lease, String why) {
        end(lease, Lease.State.EXPIRED);
        lease.work()
                .outcome()
                .completeExceptionally(
                        new Attempt.Lost("worker " + lease.worker().name() + ": " + why));
    }

    // ---- time

    private void tick() {
        lock.lock();
        try {
            long now = System.nanoTime();
            for (var lease : List.copyOf(held.values())) {
                if (now - lease.until() >= 0) {
                    lose(lease, "no sign of life in time");
                }
            }
            for (var poll : new ArrayList<>(polls)) {
                if (now - poll.until >= 0) {
                    polls.remove(poll);
                    poll.answer.complete(Optional.empty());
                }
            }
            while (!ended.isEmpty() && now - ended.firstEntry().getValue().until() > FORGOTTEN) {
                ended.pollFirstEntry();
            }
            workers.values()
                    .removeIf(worker ->
                            worker.leases().isEmpty()
                                    && now - worker.lastSeen() > FORGOTTEN
                                    && polls.stream().noneMatch(poll -> poll.worker == worker));
        } finally {
            lock.unlock();
        }
    }

    // ---- looking

    /// What is going on, in figures.
    ///
    /// @param waiting pieces of work that no worker has
    /// @param held pieces of work that a worker has
    /// @param polls workers that ask for work
    public record Figures(int workers, int waiting, int held, int polls) {}

    public Figures figures() {
        lock.lock();
        try {
            return new Figures(workers.size(), waiting.size(), held.size(), polls.size());
        } finally {
            lock.unlock();
        }
    }

    /// A worker and how many leases it holds.
    public record Seen(Worker worker, int leases) {}

    public List<Seen> workers() {
        lock.lock();
        try {
            return workers.values().stream()
                    .map(worker -> new Seen(worker, worker.leases().size()))
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    // ---- the end

    /// Hands out no more work, and waits until what is held has ended, but not for ever.
    public void drain(Duration atMost) throws InterruptedException {
        lock.lock();
        try {
            draining = true;
            polls.forEach(poll -> poll.answer.complete(Optional.empty()));
            polls.clear();
        } finally {
            lock.unlock();
        }
        long until = System.nanoTime() + atMost.toNanos();
        while (figures().held() > 0 && System.nanoTime() - until < 0) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    @Override
    public void close() {
        clock.shutdownNow();
        lock.lock();
        try {
            polls.forEach(poll -> poll.answer.complete(Optional.empty()));
            polls.clear();
        } finally {
            lock.unlock();
        }
    }
}
