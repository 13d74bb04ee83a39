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
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Programs' own policies, each on a thread of its own, one question after the other. One that does
/// not answer in time is interrupted, and not asked again before it has come back. Its time begins
/// with its turn; a question that has waited for that [#WAITS] times as long, and [#LEAST_WAIT], is
/// not asked.
final class Policies implements Chooser, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Policies.class);

    private static final Duration LONGEST = Duration.ofHours(1);
    private static final int WAITS = 5;
    private static final Duration LEAST_WAIT = Duration.ofSeconds(1);

    private static final String NOT_BACK = "has not come back from a question before, out of time";

    /// Characters of what a policy says of itself, which goes into the journal.
    private static final int MOST_WORDS = 300;

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

        /// Milliseconds that a question may wait for its turn.
        private final long patience;

        /// The thread that is at a question; null between two.
        private volatile @Nullable Thread at;

        /// The number of the question that it is at, or was.
        private long current;

        /// Whether its time is over.
        private volatile boolean late;

        private Desk(String name, Duration timeout) {
            limit =
                    timeout.compareTo(LONGEST) > 0
                            ? LONGEST.toMillis()
                            : timeout.isNegative() ? 1 : Math.max(1, timeout.toMillis());
            patience = Math.max(LEAST_WAIT.toMillis(), WAITS * limit);
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
        private synchronized void begin(long question) {
            at = Thread.currentThread();
            current = question;
        }

        /// Why a question has had no turn.
        private String why() {
            return late ? NOT_BACK : "was busy with other questions for " + patience + " ms";
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
        Desk desk;
        try {
            desk = desk(question.policy(), policy);
        } catch (RuntimeException | Error e) {
            LOG.warn("dispatch policy `{}` does not say its timeout", question.policy(), e);
            return Optional.of(question.unanswered(cut("does not say its timeout: " + e)));
        }
        if (desk.late) {
            return Optional.of(question.unanswered(NOT_BACK));
        }
        var turn = new CompletableFuture<Boolean>();
        var _ =
                turn.orTimeout(desk.patience, TimeUnit.MILLISECONDS)
                        .whenComplete((_, failure) -> {
                            if (failure != null) {
                                var why = desk.why();
                                LOG.warn("dispatch policy `{}` {}", question.policy(), why);
                                report(question, question.unanswered(why));
                            }
                        });
        desk.thread.execute(() -> {
            if (turn.complete(true)) {
                work(desk, policy, question);
            }
        });
        return Optional.empty();
    }

    private Desk desk(String name, DispatchPolicy policy) {
        return desks.computeIfAbsent(name, _ -> new Desk(name, policy.timeout()));
    }

    private void report(Question question, Answer answer) {
        report.accept(new Input.Chosen(question.run(), answer));
    }

    private void work(Desk desk, DispatchPolicy policy, Question question) {
        desk.begin(question.number());
        var answer = new CompletableFuture<Answer>();
        var late = "did not answer within " + desk.limit + " ms";
        var _ =
                answer.orTimeout(desk.limit, TimeUnit.MILLISECONDS)
                        .whenComplete((given, failure) -> {
                            if (failure != null) {
                                desk.interrupt(question.number());
                                LOG.warn("dispatch policy `{}` {}", question.policy(), late);
                            }
                            report(question, given != null ? given : question.unanswered(late));
                        });
        Answer given;
        try {
            given = asked(policy, question);
        } catch (RuntimeException | Error e) {
            LOG.warn("dispatch policy `{}` failed", question.policy(), e);
            given = question.unanswered(cut("failed: " + e));
        }
        if (desk.end()) {
            LOG.info("dispatch policy `{}` has come back", question.policy());
        }
        answer.complete(given);
    }

    private static String cut(String text) {
        return text.length() <= MOST_WORDS ? text : text.substring(0, MOST_WORDS) + "…";
    }

    private static Answer asked(DispatchPolicy policy, Question question) {
        var scores = policy.scores(question.asked(), question.options());
        if (scores != null
                && scores.length == question.options().size()
                && Arrays.stream(scores).allMatch(Double::isFinite)) {
            return new Answer(question.number(), scores.clone(), cut(policy.version()), "");
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
