package dev.tutti.simulation;

import dev.tutti.core.event.Event;
import dev.tutti.core.event.Origin;
import dev.tutti.core.goal.Team;
import dev.tutti.core.run.RunState;
import dev.tutti.runtime.artifact.ArtifactStore;
import dev.tutti.runtime.engine.Runs;
import dev.tutti.runtime.engine.TeamReader;
import dev.tutti.runtime.journal.Entry;
import dev.tutti.runtime.journal.JournalException;
import dev.tutti.runtime.journal.JournalReader;
import dev.tutti.runtime.journal.StreamId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The invariants over a journal as it grows: whoever commits shows each entry, and what does not
/// hold any more is known at that entry and not only at the end.
public final class Watch {
    private final ArtifactStore artifacts;
    private final ConcurrencyCheck concurrency;
    private final StepsCheck steps = new StepsCheck();
    private final TopicsCheck topics;
    private final Map<StreamId, Books> runs = new LinkedHashMap<>();
    private final SwitchCheck switches = new SwitchCheck();
    private final TreeCheck trees = new TreeCheck();
    private final DeadlinesCheck deadlines = new DeadlinesCheck();
    private final List<Violation> unread = new ArrayList<>();

    /// The books on one run.
    private static final class Books {
        private final FoldCheck fold = new FoldCheck();
        private final TimersCheck timers = new TimersCheck();
        private final List<Check> checks;
        private @Nullable Step last;
        private long sequence;

        private String fork = "";

        private Step step(Entry entry) {
            var event = Runs.event(entry);
            if (event instanceof Event.RunStarted start && start.origin() instanceof Origin.Fork) {
                fork = entry.event().cause();
            }
            return new Step(entry, event, !fork.isEmpty() && entry.event().cause().equals(fork));
        }

        private Books(ArtifactStore artifacts, Function<String, Optional<Team>> teams) {
            checks =
                    List.of(
                            new ResultsCheck(),
                            new CapableCheck(fold::state, teams),
                            new PolicyCheck(fold::state, teams),
                            fold,
                            new OrderCheck(),
                            new AttemptsCheck(),
                            timers,
                            new PeopleCheck(),
                            new PlansCheck(),
                            new BudgetCheck(),
                            new DissentCheck(),
                            new StandInCheck(),
                            new ChoreographyCheck(teams),
                            new AuctionCheck(),
                            new NotesCheck(),
                            new ContextCheck(),
                            new LineageCheck(),
                            new EffectsCheck(),
                            new RelayCheck(),
                            new DelegationCheck(),
                            new RequestsCheck(),
                            new ArtifactsCheck(artifacts));
        }
    }

    /// Watches a journal that is empty so far.
    ///
    /// @param teams reads the definitions that the journal keeps
    public Watch(JournalReader journal, ArtifactStore artifacts, TeamReader teams) {
        this.artifacts = artifacts;
        concurrency = new ConcurrencyCheck(journal, teams);
        topics =
                new TopicsCheck(hash ->
                        journal.definition(hash)
                                .map(definition -> teams.read(definition.body()))
                                .orElse(Team.NOBODY));
    }

    /// Looks at the next entry in the order of commits.
    public void see(Entry entry) {
        if (entry.stream().isAgents()) {
            switches.see(entry);
        }
        if (entry.stream().isAttempt()) {
            steps.see(entry);
        }
        if (entry.stream().isTopic() || entry.stream().isSubscriptions()) {
            topics.see(entry);
        }
        if (!entry.stream().isRun()) {
            return;
        }
        var books =
                runs.computeIfAbsent(entry.stream(), _ -> new Books(artifacts, concurrency::team));
        if (entry.sequence() != books.sequence + 1) {
            report(
                    "I4",
                    entry.stream(),
                    entry.sequence(),
                    "the sequence goes on here, not at " + (books.sequence + 1));
        }
        books.sequence = entry.sequence();
        Step step;
        try {
            step = books.step(entry);
        } catch (JournalException e) {
            report("I5", entry.stream(), entry.sequence(), String.valueOf(e.getMessage()));
            return;
        }
        books.last = step;
        concurrency.see(step);
        steps.see(step);
        switches.see(step);
        trees.see(step);
        deadlines.see(step);
        topics.see(step);
        books.checks.forEach(check -> check.see(step));
    }

    /// Looks whether a run that was just committed can still be moved by something: cheap enough to
    /// be asked after every commit.
    public void rest(StreamId run) {
        var books = runs.get(run);
        if (books != null && books.last != null) {
            books.timers.end(books.last);
        }
    }

    /// Looks at what holds at the end only, of all runs.
    public void end() {
        topics.end();
        for (var books : runs.values()) {
            if (books.last != null) {
                var last = books.last;
                books.checks.forEach(check -> check.end(last));
            }
        }
    }

    /// The run as its entries fold.
    public RunState state(StreamId run) {
        var books = runs.get(run);
        return books == null ? RunState.EMPTY : books.fold.state();
    }

    /// How many entries of a run were seen.
    public long sequence(StreamId run) {
        var books = runs.get(run);
        return books == null ? 0 : books.sequence;
    }

    /// The runs that were seen, in the order of their first entries.
    public List<StreamId> runs() {
        return List.copyOf(runs.keySet());
    }

    /// Everything that did not hold so far, by run and then as found.
    public List<Violation> found() {
        var found = new ArrayList<>(unread);
        for (var books : runs.values()) {
            books.checks.forEach(check -> found.addAll(check.found()));
        }
        found.addAll(concurrency.found());
        found.addAll(steps.found());
        found.addAll(switches.found());
        found.addAll(trees.found());
        found.addAll(deadlines.found());
        found.addAll(topics.found());
        return found;
    }

    private void report(String invariant, StreamId stream, long sequence, String sentence) {
        unread.add(new Violation(invariant, stream, sequence, sentence));
    }
}
