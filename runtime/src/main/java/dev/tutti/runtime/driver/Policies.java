package dev.tutti.runtime.driver;

import dev.tutti.runtime.dispatch.Chooser;
import dev.tutti.runtime.dispatch.DispatchPolicy;
import dev.tutti.runtime.engine.Input;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Programs' own policies, each on a thread of its own, one question after the other. One that does
/// not answer in time is interrupted, and not asked again before it has come back.
final class Policies implements Chooser, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Policies.class);

    private final Map<String, DispatchPolicy> policies;
    private final Consumer<Input> report;
    private final Map<String, Desk> desks = new ConcurrentHashMap<>();

    /// @param policies by name; looked at with each question
    /// @param report takes the answers
    Policies(Map<String, DispatchPolicy> policies, Consumer<Input> report) {
        this.policies = policies;
        this.report = report;
    }

    /// Where one policy is asked.
    private static final class Desk {
        private final ExecutorService thread;

        /// Milliseconds that a question may take.
        private final long limit;

        /// The thread that is at a question; null between two.
        private volatile @Nullable Thread at;

        /// The number of the question that it is at, or was.
        private long current;

        /// Whether its time is over.
        private volatile boolean late;

        private Desk(String name, Duration timeout) {
            limit = Math.max(1, timeout.toMillis());
            thread =
                    Executors.newSingleThreadExecutor(
                            Thread.ofPlatform().daemon().name("tutti-policy-" + name).factory());
        }

        /// Lets go of a question whose time is over.
        private synchronized void interrupt(long question) {
            var own = at;
            if (own != null && current == question) {
                late = true;
                own.interrupt();
            }
        }

        /// A question's turn has come.
        ///
        /// @return whether anybody still waits for the answer
        private synchronized boolean begin(long question, CompletableFuture<Answer> answer) {
            if (answer.isDone()) {
                return false;
            }
            at = Thread.currentThread();
            current = question;
            return true;
        }

        /// @return whether its time was over by then
        private synchronized boolean end() {
            boolean was = late;
            at = null;
            late = false;
            // What was meant for this question is not for the next one.
            Thread.interrupted();
            return was;
        }
    }

    @Override
    public Optional<Answer> ask(Question question) {
        var policy = policies.get(question.policy());
        if (policy == null) {
            LOG.warn("no program has a dispatch policy `{}`: agents take turns", question.policy());
            return Optional.of(question.unanswered("is a policy that no program here has"));
        }
        var desk =
                desks.computeIfAbsent(question.policy(), name -> new Desk(name, policy.timeout()));
        if (desk.late) {
            return Optional.of(
                    question.unanswered("has not come back from a question before, out of time"));
        }
        var answer = new CompletableFuture<Answer>();
        desk.thread.execute(() -> work(desk, policy, question, answer));
        var _ =
                answer.orTimeout(desk.limit, TimeUnit.MILLISECONDS)
                        .whenComplete((given, failure) -> {
                            if (failure instanceof TimeoutException) {
                                desk.interrupt(question.number());
                                LOG.warn(
                                        "dispatch policy `{}` did not answer within {}",
                                        question.policy(),
                                        desk.limit + " ms");
                            }
                            report.accept(
                                    new Input.Chosen(
                                            question.run(),
                                            given != null
                                                    ? given
                                                    : question.unanswered(
                                                            "did not answer within "
                                                                    + desk.limit
                                                                    + " ms")));
                        });
        return Optional.empty();
    }

    private static void work(
            Desk desk, DispatchPolicy policy, Question question, CompletableFuture<Answer> answer) {
        if (!desk.begin(question.number(), answer)) {
            return;
        }
        Answer given;
        try {
            given = asked(policy, question);
        } catch (RuntimeException | Error e) {
            LOG.warn("dispatch policy `{}` failed", question.policy(), e);
            given = question.unanswered("failed: " + e);
        }
        if (desk.end()) {
            LOG.info("dispatch policy `{}` has come back", question.policy());
        }
        answer.complete(given);
    }

    private static Answer asked(DispatchPolicy policy, Question question) {
        var scores = policy.scores(question.asked(), question.options());
        if (scores != null
                && scores.length == question.options().size()
                && Arrays.stream(scores).allMatch(Double::isFinite)) {
            return new Answer(question.number(), scores.clone(), policy.version(), "");
        }
        LOG.warn(
                "dispatch policy `{}` does not score every agent with a number", question.policy());
        return question.unanswered("does not score every agent with a number");
    }

    @Override
    public void close() {
        desks.values().forEach(desk -> desk.thread.shutdownNow());
    }
}
