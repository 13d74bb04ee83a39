package dev.tutti.simulation.crash;

import dev.tutti.core.event.Event;
import dev.tutti.core.event.Status;
import dev.tutti.core.event.TenantId;
import dev.tutti.runtime.driver.Driver;
import dev.tutti.runtime.engine.Runs;
import dev.tutti.runtime.journal.Journal;
import dev.tutti.runtime.journal.JournalException;
import dev.tutti.runtime.journal.Message;
import dev.tutti.runtime.journal.SqliteJournal;
import dev.tutti.runtime.journal.StreamId;
import dev.tutti.runtime.projection.RunList;
import dev.tutti.simulation.Invariants;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/// Lets every method of the journal fail in turn, before it was carried out and after, so that its
/// caller cannot know which. Nothing may be written again on a guess: the driver stops, the store
/// is opened anew and read, and the work is asked for again under its old ids. Then everything must
/// be there once.
public final class Uncertain {
    private static final int SUBMISSIONS = 2;
    private static final int ODD_CALLS = 2;
    private static final int MOST = 1_000;

    /// A run that another process leaves a message for.
    private static final StreamId LEFT = Clients.run(Clients.number(Clients.CLIENTS, 0));

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Stores stores;
    private final List<String> violations = new ArrayList<>();
    private final TreeSet<String> covered = new TreeSet<>();
    private int points;
    private int stopped;
    private int retried;

    /// What a sweep found.
    ///
    /// @param covered methods that failed, before and after
    /// @param points failures that came
    /// @param stopped of them, those after which the driver wrote nothing more
    /// @param retried commits that were made again after one of unknown outcome: none may be
    public record Report(
            List<String> covered, int points, int stopped, int retried, List<String> violations) {}

    private Uncertain(Path folder) {
        stores = new Stores(folder);
    }

    /// The methods that a journal has, but for closing it.
    public static List<String> methods() {
        return Arrays.stream(Journal.class.getMethods())
                .map(Method::getName)
                .filter(name -> !name.equals("close"))
                .distinct()
                .sorted()
                .toList();
    }

    /// Lets each fail at its first calls and at its last.
    public static Report run(Path folder) throws Exception {
        var sweep = new Uncertain(folder);
        var calls = sweep.undisturbed();
        for (var method : calls.entrySet()) {
            for (int call : chosen(method.getValue())) {
                for (var when : Faults.When.values()) {
                    sweep.fail(new Faults.Point(method.getKey(), call, when));
                }
            }
        }
        return new Report(
                List.copyOf(sweep.covered),
                sweep.points,
                sweep.stopped,
                sweep.retried,
                List.copyOf(sweep.violations));
    }

    private static Set<Integer> chosen(int calls) {
        var chosen = new TreeSet<Integer>();
        for (int call = 1; call <= Math.min(calls, ODD_CALLS); call++) {
            chosen.add(call);
        }
        chosen.add(Math.max(1, calls / 2));
        return chosen;
    }

    private Map<String, Integer> undisturbed() throws Exception {
        var faults = Faults.none();
        var store = stores.add();
        work(store, faults);
        check(store, "without a failure");
        return new TreeMap<>(faults.calls());
    }

    private void fail(Faults.Point point) throws Exception {
        var store = stores.add();
        var faults =
                Faults.once(
                        point, () -> new JournalException("io", "the connection is gone", null));
        boolean told = false;
        try {
            work(store, faults);
        } catch (JournalException | ExecutionException | IllegalStateException e) {
            told = true;
        }
        if (!faults.hit()) {
            return;
        }
        points++;
        covered.add(point.method());
        stopped += told ? 1 : 0;
        int after = faults.callsAfterHit("commit");
        if (point.method().equals("commit") && after > 0) {
            retried += after;
            violations.add(point + ": " + after + " commits after one of unknown outcome");
        }
        work(store, Faults.none());
        check(store, point.toString());
    }

    /// Owns the store, submits, waits for the ends, and looks as people look.
    private static void work(Path store, Faults faults) throws Exception {
        var artifacts = Worker.artifacts(store);
        var journal =
                faults.around(Journal.class, SqliteJournal.open(Worker.database(store), artifacts));
        try (journal) {
            lookAndLeave(journal);
            try (var driver = Worker.drive(journal, artifacts)) {
                Clients.submit(driver, SUBMISSIONS, Clients.deaf());
                for (var run : runs()) {
                    await(driver, journal, run);
                }
            }
        }
    }

    /// What processes do that do not own the store: they look, and leave a message.
    private static void lookAndLeave(Journal journal) {
        var start = Clients.submission(Clients.CLIENTS, 0);
        journal.post(
                new Message("left-1", LEFT, start.kind(), "ana", Instant.EPOCH, start.payload()));
        RunList.newest(journal, TenantId.LOCAL, MOST);
        journal.follow(journal.position(), 1);
        journal.definition(start.team().hash());
        journal.message("left-1");
        journal.head(LEFT);
        journal.rowsBelow("runs", "~", 1);
        journal.rowsWithout(List.of("succeeded"), "runs", "~", 1);
    }

    private static List<StreamId> runs() {
        var runs = new ArrayList<>(Clients.runs(SUBMISSIONS));
        runs.add(LEFT);
        return runs;
    }

    private static void await(Driver driver, Journal journal, StreamId run) throws Exception {
        try (var reader = journal.reader()) {
            var end = driver.ended(run);
            if (!Runs.load(reader, run).state().status().isFinal()) {
                end.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            }
        }
    }

    private void check(Path store, String point) {
        var artifacts = Worker.artifacts(store);
        try (var journal = SqliteJournal.open(Worker.database(store), artifacts)) {
            Invariants.check(journal, artifacts, _ -> Workload.team())
                    .forEach(violation -> violations.add(point + ": " + violation));
            for (var run : runs()) {
                var events = journal.read(run, 0, Integer.MAX_VALUE);
                long begun =
                        events.stream()
                                .filter(entry -> Runs.event(entry) instanceof Event.RunStarted)
                                .count();
                var status = Runs.load(journal, run).state().status();
                if (begun != 1 || status != Status.SUCCEEDED) {
                    violations.add(
                            point + ": " + run + " begun " + begun + " times, " + status.word());
                }
            }
            int listed = RunList.newest(journal, TenantId.LOCAL, MOST).size();
            if (listed != runs().size()) {
                violations.add(point + ": " + listed + " runs in the list");
            }
        }
    }
}
