package dev.tutti.document;

import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Event;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Usage;
import dev.tutti.core.goal.Terms;
import dev.tutti.core.run.RunState;
import dev.tutti.runtime.engine.Runs;
import dev.tutti.runtime.journal.JournalReader;
import dev.tutti.runtime.journal.StreamId;
import dev.tutti.runtime.step.StepTaken;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// How many requests and tokens the attempts of runs took lately, as far as the journal shows it:
/// the first request of each attempt, each further step, and what was read and written. Requests
/// that are repeated within a step are not seen.
final class RatesUsed {
    private static final int PAGE = 2_000;

    private final JournalReader journal;
    private final Instant now;
    private final Map<String, long[]> used = new HashMap<>();

    RatesUsed(JournalReader journal, Instant now) {
        this.journal = journal;
        this.now = now;
    }

    /// Requests that count against a quota now.
    long requests(String quota) {
        return used.getOrDefault(quota, new long[2])[0];
    }

    /// Tokens that count against a quota now.
    long tokens(String quota) {
        return used.getOrDefault(quota, new long[2])[1];
    }

    /// Counts what a run took.
    void see(StreamId run, Terms terms) {
        var state = RunState.EMPTY;
        var steps = new HashSet<Long>();
        for (var page = journal.read(run, 0, PAGE);
                !page.isEmpty();
                page = journal.read(run, state.sequence(), PAGE)) {
            for (var entry : page) {
                var event = Runs.event(entry);
                var at = entry.event().at();
                if (event instanceof Event.Assigned e) {
                    count(terms, e.agent(), 1, 0, at);
                } else if (event instanceof Event.ResultAccepted e) {
                    ended(run, terms, state, e.task(), e.token(), e.usage(), at, steps);
                } else if (event instanceof Event.ResultProposed e) {
                    ended(run, terms, state, e.task(), e.token(), e.usage(), at, steps);
                } else if (event instanceof Event.Iterated e) {
                    ended(run, terms, state, e.task(), e.token(), e.usage(), at, steps);
                } else if (event instanceof Event.AttemptEnded e) {
                    ended(run, terms, state, e.task(), e.token(), e.usage(), at, steps);
                }
                state = state.evolve(event);
            }
        }
        for (var open : state.open().values()) {
            var agent = open.agent();
            if (agent != null) {
                steps(run, terms, agent, since(state, open.task()), steps);
            }
        }
    }

    private static long since(RunState state, TaskId task) {
        return state.task(task).continuation().since();
    }

    private void ended(
            StreamId run,
            Terms terms,
            RunState before,
            TaskId task,
            long token,
            Usage usage,
            Instant at,
            Set<Long> steps) {
        var agent = before.attempt(token).agent();
        if (agent != null && !steps(run, terms, agent, since(before, task), steps)) {
            count(terms, agent, 0, usage.inputTokens() + usage.outputTokens(), at);
        }
    }

    /// @return whether there are any
    private boolean steps(StreamId run, Terms terms, AgentId agent, long since, Set<Long> counted) {
        if (terms.of(agent).quotas().isEmpty()) {
            return false;
        }
        var stream = StreamId.attempt(run, since);
        if (journal.head(stream) == 0) {
            return false;
        }
        if (!counted.add(since)) {
            return true;
        }
        var begun = new HashSet<Long>();
        for (long at = 0; ; ) {
            var page = journal.read(stream, at, PAGE);
            for (var entry : page) {
                var step = StepTaken.of(entry);
                var usage = step.taken().usage();
                boolean first = begun.add(step.token());
                count(
                        terms,
                        agent,
                        first ? 0 : 1,
                        usage.inputTokens() + usage.outputTokens(),
                        entry.event().at());
            }
            if (page.size() < PAGE) {
                return true;
            }
            at = page.getLast().sequence();
        }
    }

    private void count(Terms terms, AgentId agent, long requests, long tokens, Instant at) {
        for (var name : terms.of(agent).quotas()) {
            var quota = terms.quota(name).orElse(null);
            if (quota != null) {
                var sums = used.computeIfAbsent(name, _ -> new long[2]);
                sums[0] += within(quota.requests(), at) ? requests : 0;
                sums[1] += within(quota.tokens(), at) ? tokens : 0;
            }
        }
    }

    private boolean within(Terms.@Nullable Rate rate, Instant at) {
        return rate != null && at.isAfter(now.minus(rate.per()));
    }
}
