package dev.tutti.server.view;

import dev.tutti.core.event.Event;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.Status;
import dev.tutti.core.event.TenantId;
import dev.tutti.core.event.Value;
import dev.tutti.core.history.CriticalPath;
import dev.tutti.core.run.Why;
import dev.tutti.document.BudgetDocument;
import dev.tutti.runtime.engine.Runs;
import dev.tutti.runtime.evidence.Evidence;
import dev.tutti.runtime.journal.JournalReader;
import dev.tutti.runtime.journal.StreamId;
import dev.tutti.runtime.projection.RunFilter;
import dev.tutti.runtime.projection.RunList;
import dev.tutti.runtime.projection.RunSummary;
import dev.tutti.view.Reasons;
import dev.tutti.view.RunDocument;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What the API says of runs as a whole.
public final class RunPages {
    private static final int SCAN = 1_000;
    private static final int MOST_READ = 5_000;

    private final Views views;
    private final Learned learned = new Learned();
    private final Histogram histogram = new Histogram();

    public RunPages(Views views) {
        this.views = views;
    }

    private static StreamId stream(RunId run) {
        return StreamId.run(TenantId.LOCAL, run);
    }

    // ---- the list

    /// A page of the list of runs, the newest first.
    ///
    /// @param before the run whose elders are wanted, or null
    public Value.Struct list(@Nullable RunId before, int limit, RunFilter filter) {
        return views.read(journal -> {
            long position = journal.position();
            var found = find(journal, before, limit, filter);
            return Value.struct(
                    "format",
                    RunDocument.FORMAT,
                    "position",
                    Value.of(position),
                    "next",
                    found.more() ? Rows.text(found.last()) : Value.NULL,
                    "runs",
                    new Value.Array(found.runs().stream().<Value>map(Rows::run).toList()));
        });
    }

    /// How many of the runs that a filter takes began when, and how many of them failed.
    ///
    /// @param parts in how many parts of the same length the time is told
    public Value.Struct histogram(RunFilter filter, Instant since, Instant until, int parts) {
        var within = filter.within(since, until);
        var asked = new Histogram.Asked(within, since, until, parts);
        return histogram.get(
                asked,
                () ->
                        views.read(journal -> {
                            var found = find(journal, null, Integer.MAX_VALUE, within);
                            return Histogram.of(asked, found.runs(), !found.more());
                        }));
    }

    private RunList.Found find(
            JournalReader journal, @Nullable RunId before, int limit, RunFilter filter) {
        return RunList.find(journal, TenantId.LOCAL, before, limit, filter, this::fresh);
    }

    private Optional<RunSummary> fresh(StreamId stream) {
        return views.now(
                stream.run(),
                fold ->
                        fold.state().started()
                                ? Optional.of(Rows.summary(fold))
                                : Optional.empty());
    }

    /// The runs whose id begins with `prefix`, two at most.
    public List<RunId> startingWith(String prefix) {
        return views.read(journal -> RunList.startingWith(journal, TenantId.LOCAL, prefix));
    }

    /// The newest runs.
    List<RunId> newest(int limit) {
        return views.read(journal ->
                RunList.page(journal, TenantId.LOCAL, null, limit, this::fresh).stream()
                        .map(RunSummary::run)
                        .toList());
    }

    /// Runs that a filter takes, the newest first.
    ///
    /// @param next the run to go on before, or null where there are no more
    public record Matches(List<RunId> runs, @Nullable RunId next) {}

    /// The unfinished runs that a filter takes.
    ///
    /// @param before the run whose elders are wanted, or null
    public Matches unfinished(RunFilter filter, @Nullable RunId before, int limit) {
        var found =
                allUnfinished().stream()
                        .filter(filter.taking())
                        .map(RunSummary::run)
                        .filter(run -> before == null || run.value().compareTo(before.value()) < 0)
                        .limit(limit + 1L)
                        .toList();
        return found.size() > limit
                ? new Matches(found.subList(0, limit), found.get(limit - 1))
                : new Matches(found, null);
    }

    /// The runs that failed and that a filter takes, of as many as a page of the list looks at.
    ///
    /// @param before the run whose elders are wanted, or null
    public Matches failed(RunFilter filter, @Nullable RunId before, int limit) {
        var failed =
                new RunFilter(
                        Set.of(Status.FAILED.word()),
                        filter.workflow(),
                        filter.text(),
                        filter.since(),
                        filter.until());
        return filter.statuses().isEmpty() || filter.statuses().contains(Status.FAILED.word())
                ? views.read(journal -> {
                    var found = find(journal, before, limit, failed);
                    return new Matches(
                            found.runs().stream().map(RunSummary::run).toList(),
                            found.more() ? found.last() : null);
                })
                : new Matches(List.of(), null);
    }

    /// How many events a run has.
    public long sequence(RunId run) {
        return views.now(run, RunFold::sequence);
    }

    /// What a run is at, a word.
    public Value status(RunId run) {
        return views.now(run, fold -> Value.text(fold.status().word()));
    }

    /// The lines of the list for these runs.
    public List<Value> lines(List<RunId> runs) {
        return runs.stream()
                .flatMap(run -> fresh(stream(run)).stream())
                .<Value>map(Rows::run)
                .toList();
    }

    /// The runs that changed since a place in the journal.
    public List<RunId> changedSince(long position) {
        return views.read(journal ->
                journal.changedSince(position).stream()
                        .filter(StreamId::isRun)
                        .filter(stream -> stream.tenant().equals(TenantId.LOCAL))
                        .map(StreamId::run)
                        .toList());
    }

    public long position() {
        return views.read(JournalReader::position);
    }

    // ---- one run

    /// A run folded, as it was after `at` events.
    public Value.Struct view(RunId run, long at) {
        return views.at(run, at, (fold, head) -> Rows.render(fold, head, views).whole());
    }

    /// A run folded, as it was after each of so many events, from one reading of its journal.
    public List<Value.Struct> moments(RunId run, SortedSet<Long> at) {
        return views.read(journal -> {
            var fold = RunFold.of(run);
            long head = journal.head(stream(run));
            var moments = new ArrayList<Value.Struct>();
            long last = at.isEmpty() ? 0 : Math.min(at.last(), head);
            while (fold.sequence() < last) {
                int size = (int) Math.min(SCAN, last - fold.sequence());
                for (var entry : journal.read(stream(run), fold.sequence(), size)) {
                    fold.add(entry, Runs.event(entry));
                    if (at.contains(entry.sequence())) {
                        moments.add(Rows.render(fold, head, views).whole());
                    }
                }
            }
            return moments;
        });
    }

    /// What of a run changed since `from` of its events.
    public Patch patch(RunId run, long from) {
        return views.patch(run, from, fold -> Rows.render(fold, fold.sequence(), views));
    }

    /// The document that `tutti show --json` prints.
    public Value.Struct document(RunId run) {
        return views.now(run, fold -> RunDocument.of(fold.overview()));
    }

    /// Everything that keeps a run from going on.
    public Value.Struct why(RunId run) {
        record Stands(Status status, List<Why> reasons) {}
        var stands =
                views.now(
                        run,
                        fold ->
                                new Stands(
                                        fold.status(),
                                        views.team(fold)
                                                .map(team -> Why.of(fold.state(), team))
                                                .orElse(List.of())));
        var words = new Reasons(Rows.brief(run.value()), views.obstacles());
        return Value.struct(
                "run",
                Rows.text(run),
                "status",
                Value.text(stands.status.word()),
                "reasons",
                new Value.Array(
                        stands.reasons.stream()
                                .<Value>map(why ->
                                        Value.struct("task", Rows.text(why.task()))
                                                .with(Rows.why(words, why)))
                                .toList()));
    }

    // ---- the journal

    /// What events are asked for.
    ///
    /// @param stage one of the vocabulary's, or null for all
    /// @param task its name, of an item or with all its items; or null for all
    public record Choice(@Nullable String stage, @Nullable String task, boolean payload) {
        boolean isOpen() {
            return stage == null && task == null;
        }

        boolean takes(Value.Struct event) {
            return (stage == null || Value.text(stage).equals(event.get("stage")))
                    && (task == null
                            || (event.get("task") instanceof Value.Text(var about)
                                    && (about.equals(task) || about.startsWith(task + "["))));
        }
    }

    /// A page of the journal, in its order.
    ///
    /// @param after the event that the page follows
    public Value.Struct events(RunId run, long after, int limit, Choice choice) {
        return views.read(journal -> {
            var events = new ArrayList<Value>();
            long from = after;
            long head = journal.head(stream(run));
            int read = 0;
            while (events.size() < limit && from < head && read < MOST_READ) {
                var page = journal.read(stream(run), from, Math.max(limit, SCAN / 2));
                for (var entry : page) {
                    if (events.size() == limit) {
                        break;
                    }
                    from = entry.sequence();
                    read++;
                    var event = Rows.event(entry, Rows.event(entry), choice.payload());
                    if (choice.takes(event)) {
                        events.add(event);
                    }
                }
                if (page.isEmpty()) {
                    break;
                }
            }
            return page(run, head, from < head ? Value.of(from) : Value.NULL, events);
        });
    }

    /// The last events before one, in the order of the journal.
    public Value.Struct eventsBefore(RunId run, long before, int limit, Choice choice) {
        return views.read(journal -> {
            var events = new ArrayList<Value>();
            long head = journal.head(stream(run));
            long to = Math.min(before - 1, head);
            int read = 0;
            while (events.size() < limit && to > 0 && read < MOST_READ) {
                int size = (int) Math.min(to, Math.max(limit, SCAN / 2));
                var page = journal.read(stream(run), to - size, size);
                for (var entry : page.reversed()) {
                    if (events.size() == limit) {
                        break;
                    }
                    to = entry.sequence() - 1;
                    read++;
                    var event = Rows.event(entry, Rows.event(entry), choice.payload());
                    if (choice.takes(event)) {
                        events.addFirst(event);
                    }
                }
            }
            return page(run, head, to > 0 ? Value.of(to + 1) : Value.NULL, events);
        });
    }

    private static Value.Struct page(RunId run, long head, Value next, List<Value> events) {
        return Value.struct(
                "run",
                Rows.text(run),
                "head",
                Value.of(head),
                "next",
                next,
                "events",
                new Value.Array(events));
    }

    /// An event that is told as it comes.
    ///
    /// @param document null where it was not asked for
    public record Told(
            long sequence, Value.@Nullable Struct document, boolean last, String status) {}

    /// Events after one, as far as there are.
    public List<Told> tell(RunId run, long after, int limit, Choice choice) {
        return views.read(journal ->
                journal.read(stream(run), after, limit).stream()
                        .map(entry -> {
                            var event = Rows.event(entry);
                            var document = Rows.event(entry, event, choice.payload());
                            return new Told(
                                    entry.sequence(),
                                    choice.isOpen() || choice.takes(document) ? document : null,
                                    event instanceof Event.Ended,
                                    event instanceof Event.Ended ended
                                            ? ended.status().word()
                                            : "");
                        })
                        .toList());
    }

    /// Whether a run has ended and has no more than `known` events.
    public boolean hasEnded(RunId run, long known) {
        return views.now(run, fold -> fold.status().isFinal() && fold.sequence() <= known);
    }

    /// How a run ended.
    public Value.Struct ending(RunId run) {
        return views.now(
                run,
                fold ->
                        Value.struct(
                                "run",
                                Rows.text(run),
                                "status",
                                Value.text(fold.status().word()),
                                "sequence",
                                Value.of(fold.sequence())));
    }

    /// How many events of each stage are in each part of the journal.
    public Value.Struct lanes(RunId run, int buckets) {
        return views.tasks(
                run,
                Long.MAX_VALUE,
                (fold, log) ->
                        log.stages()
                                .document(buckets)
                                .with(
                                        "marks",
                                        new Value.Array(
                                                fold.marks().stream().map(Rows::mark).toList())));
    }

    // ---- time and money

    /// What a run that has ended took its time for; nothing while it has not.
    public Optional<Value.Struct> path(RunId run) {
        return views.path(run).map(RunPages::path);
    }

    private static Value.Struct path(CriticalPath path) {
        double whole = Math.max(1, path.makespan().toNanos());
        return Value.struct(
                "makespan_ms",
                Value.of(path.makespan().toMillis()),
                "steps",
                new Value.Array(
                        path.steps().stream()
                                .<Value>map(step ->
                                        Value.struct(
                                                "task",
                                                Rows.text(step.task()),
                                                "time_ms",
                                                Value.of(step.time().toMillis()),
                                                "share",
                                                Value.from(step.time().toNanos() / whole),
                                                "segments",
                                                new Value.Array(
                                                        step.segments().stream()
                                                                .map(RunPages::segment)
                                                                .toList())))
                                .toList()));
    }

    private static Value segment(CriticalPath.Segment segment) {
        return Value.struct(
                "kind",
                Value.text(segment.kind().name().toLowerCase(Locale.ROOT)),
                "word",
                Value.text(segment.kind().word()),
                "until",
                Value.of(segment.until()),
                "time_ms",
                Value.of(segment.time().toMillis()));
    }

    /// Where the money of a run went.
    public Value.Struct cost(RunId run) {
        return views.tasks(
                run,
                Long.MAX_VALUE,
                (fold, log) -> {
                    var byTask =
                            fold.overview().tasks().stream()
                                    .<Value>map(task ->
                                            Value.struct(
                                                    "task",
                                                    Value.text(task.name()),
                                                    "attempts",
                                                    Value.of(task.attempts()),
                                                    "cost",
                                                    RunDocument.cost(task.usage())))
                                    .toList();
                    var byAgent = new ArrayList<Value>();
                    log.agents()
                            .forEach((agent, tally) ->
                                    byAgent.add(
                                            Value.struct(
                                                    "agent",
                                                    Rows.text(agent),
                                                    "attempts",
                                                    Value.of(tally.attempts),
                                                    "failed",
                                                    Value.of(tally.failed),
                                                    "cost",
                                                    RunDocument.cost(tally.usage))));
                    var document = new LinkedHashMap<String, Value>();
                    document.put("run", Rows.text(run));
                    document.put("cost", RunDocument.cost(fold.state().usage()));
                    document.put("by_task", new Value.Array(byTask));
                    document.put("by_agent", new Value.Array(byAgent));
                    document.put(
                            "burn",
                            new Value.Array(
                                    log.burn().stream()
                                            .<Value>map(point ->
                                                    Value.struct(
                                                            "sequence",
                                                            Value.of(point.sequence()),
                                                            "at",
                                                            Rows.time(point.at()),
                                                            "usd",
                                                            Value.from(
                                                                    point.usage()
                                                                            .usd()
                                                                            .usd()
                                                                            .doubleValue()),
                                                            "tokens",
                                                            Value.of(
                                                                    point.usage().inputTokens()
                                                                            + point.usage()
                                                                                    .outputTokens())))
                                            .toList()));
                    return new Value.Struct(document);
                });
    }

    /// What a run may spend, has spent and has set aside, and what it would take to finish.
    ///
    /// @param learn reads what is known of agents
    public Value.Struct budget(RunId run, Supplier<Evidence> learn) {
        var known = views.now(run, fold -> BudgetDocument.isLimited(fold.state()));
        var evidence = known ? learned.get(learn) : null;
        return views.now(
                run,
                fold -> {
                    var team = views.team(fold);
                    return evidence == null
                                    || team.isEmpty()
                                    || !BudgetDocument.isLimited(fold.state())
                            ? BudgetDocument.of(run, fold.state(), Instant.now())
                            : BudgetDocument.of(
                                    run,
                                    fold.state(),
                                    Instant.now(),
                                    BudgetDocument.left(fold.state(), team.get(), evidence));
                });
    }

    /// What is left to do of a run as it was after so many events, by what is known of its agents;
    /// null where its team is not known.
    public Value toFinish(RunId run, long at, Supplier<Evidence> learn) {
        var evidence = learned.get(learn);
        return views.at(
                run,
                at,
                (fold, _) ->
                        views.team(fold)
                                .map(team -> BudgetDocument.left(fold.state(), team, evidence))
                                .<Value>map(left ->
                                        Value.struct(
                                                "tasks",
                                                Value.of(left.tasks()),
                                                "at_least",
                                                Value.of(left.atLeast()),
                                                "usd",
                                                Value.text(left.likely().usd().toString()),
                                                "unknown",
                                                Value.from(left.unknown())))
                                .orElse(Value.NULL));
    }

    /// Whether any run passes a test of its fold.
    <T> T now(RunId run, Function<RunFold, T> look) {
        return views.now(run, look);
    }

    /// The summaries of all runs that have not ended, the newest first.
    List<RunSummary> allUnfinished() {
        return views.read(journal -> RunList.unfinished(journal, TenantId.LOCAL, this::fresh));
    }
}
