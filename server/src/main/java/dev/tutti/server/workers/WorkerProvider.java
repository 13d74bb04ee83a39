package dev.tutti.server.workers;

import dev.tutti.core.dispatch.Reply;
import dev.tutti.core.event.Outcome;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.agent.AgentExecutor;
import dev.tutti.runtime.agent.AgentProvider;
import dev.tutti.runtime.agent.AgentSettings;
import dev.tutti.runtime.agent.Attempt;
import dev.tutti.runtime.bidding.Bidder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Makes agents that are performed by whichever worker comes and asks (`uses: worker`).
public final class WorkerProvider implements AgentProvider {
    private final Workforce workforce;

    public WorkerProvider(Workforce workforce) {
        this.workforce = workforce;
    }

    @Override
    public List<String> uses() {
        return List.of("worker");
    }

    @Override
    public AgentExecutor create(AgentSettings settings) {
        return new Elsewhere(settings);
    }

    private final class Elsewhere implements AgentExecutor, Bidder {
        private final AgentSettings settings;

        private Elsewhere(AgentSettings settings) {
            this.settings = settings;
        }

        @Override
        public Outcome perform(Attempt attempt) throws Exception {
            return WorkerProvider.this.perform(attempt, settings);
        }

        // What a worker does is not known.
        @Override
        public boolean reportsEffects() {
            return false;
        }

        /// From when one has the work, and not while it waits for one.
        @Override
        public boolean reportsUsage() {
            return true;
        }

        /// A worker that was asked and says nothing in time bids nothing: it could not do the task
        /// either. Where no worker bids, the team file does.
        @Override
        public List<Reply> bid(Announcement announcement) throws InterruptedException {
            var deadline = announcement.deadline();
            var tender =
                    deadline == null ? Optional.<Tender>empty() : workforce.announce(announcement);
            if (tender.isEmpty() || deadline == null) {
                return announcement.otherwise();
            }
            try {
                long left = Duration.between(Instant.now(), deadline).toMillis();
                return tender.get().replies().get(Math.max(0, left), TimeUnit.MILLISECONDS);
            } catch (TimeoutException _) {
                return List.of();
            } catch (ExecutionException e) {
                throw new IllegalStateException(e.getCause());
            } finally {
                workforce.withdraw(tender.get());
            }
        }
    }

    /// A worker failed: nothing is on record, and the next attempt is given to somebody anew.
    private static final class Unsuccessful extends Exception {
        private static final long serialVersionUID = 1L;
        private final transient Outcome.Failed outcome;

        private Unsuccessful(Outcome.Failed outcome) {
            super(outcome.failure().message());
            this.outcome = outcome;
        }
    }

    private Outcome perform(Attempt attempt, AgentSettings settings) throws Exception {
        var step =
                new Attempt.Step(
                        "tool",
                        "worker",
                        Value.struct(
                                "input",
                                attempt.input(),
                                "feedback",
                                Value.text(attempt.feedback().orElse(""))));
        var work = new Work[1];
        try {
            var taken =
                    attempt.step(
                            step,
                            () -> {
                                work[0] = workforce.post(attempt, settings.agent());
                                return await(work[0]);
                            });
            if (work[0] != null) {
                // Only now is the worker told that its result was accepted.
                work[0].kept().complete(null);
            }
            return Outcome.succeeded(taken.result());
        } catch (Unsuccessful e) {
            attempt.accounted();
            work[0].kept().complete(null);
            return e.outcome;
        } finally {
            if (work[0] != null) {
                workforce.withdraw(work[0]);
            }
        }
    }

    private static Attempt.Taken await(Work work) throws Exception {
        work.attempt().progress(0, "waits for a worker");
        try {
            return switch (work.outcome().get()) {
                case Outcome.Succeeded(var result, var usage) -> new Attempt.Taken(result, usage);
                case Outcome.Planned(_, var proposal, var usage) ->
                        new Attempt.Taken(proposal, usage);
                case Outcome.HandedOver _ ->
                        throw new IllegalStateException("workers hand over by their result");
                case Outcome.Failed failed -> throw new Unsuccessful(failed);
            };
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Attempt.Lost lost) {
                throw lost;
            }
            throw new IllegalStateException(e.getCause());
        }
    }
}
