package dev.tutti.simulation.crash;

import dev.tutti.core.event.Event;
import dev.tutti.core.event.Status;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.run.Digest;
import dev.tutti.runtime.engine.Runs;
import dev.tutti.runtime.journal.Entry;
import dev.tutti.runtime.journal.Journal;
import dev.tutti.runtime.journal.SqliteJournal;
import dev.tutti.simulation.Invariants;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;

/// What is found in a store that a [Worker] was torn away from, or has finished.
final class Aftermath {
    private final Path store;
    private final List<String> violations = new ArrayList<>();
    private int lost;

    private Aftermath(Path store) {
        this.store = store;
    }

    /// What was found.
    ///
    /// @param entries acknowledged before, all of them looked for
    /// @param submissions acknowledged before, all of them looked for
    /// @param lost of both, those that are not there as they were acknowledged
    /// @param answer the hash of the long run's output
    record Found(int entries, int submissions, int lost, String answer, List<String> violations) {}

    /// Opens the store and checks it: the file, the invariants, what was acknowledged.
    static Found look(
            Path store,
            List<CommitMarks.Acknowledged> entries,
            List<CommitMarks.Acknowledged> submissions) {
        return new Aftermath(store).check(entries, submissions, -1);
    }

    /// The same of a store that is finished: every run has ended as it should.
    static Found atRest(
            Path store,
            List<CommitMarks.Acknowledged> entries,
            List<CommitMarks.Acknowledged> submissions,
            int submitted) {
        return new Aftermath(store).check(entries, submissions, submitted);
    }

    private Found check(
            List<CommitMarks.Acknowledged> entries,
            List<CommitMarks.Acknowledged> submissions,
            int finished) {
        var artifacts = Worker.artifacts(store);
        try (var journal = SqliteJournal.open(Worker.database(store), artifacts)) {
            journal.survey().integrity().forEach(this::violate);
            Invariants.check(journal, artifacts, _ -> Workload.team())
                    .forEach(violation -> violate(violation.toString()));
            checkEntries(journal, entries);
            submissions.forEach(one -> checkSubmission(journal, one));
            var answer = "";
            if (finished >= 0) {
                checkResults(journal);
                answer = Digest.hash(ended(journal, finished));
            }
            return new Found(
                    entries.size(), submissions.size(), lost, answer, List.copyOf(violations));
        }
    }

    private void checkEntries(Journal journal, List<CommitMarks.Acknowledged> acknowledged) {
        var hashes = new HashMap<Long, byte[]>();
        journal.follow(0, Integer.MAX_VALUE)
                .forEach(entry -> hashes.put(entry.position(), entry.hash()));
        for (var one : acknowledged) {
            if (!Arrays.equals(hashes.get(one.what()), one.hash())) {
                lose("the acknowledged entry at " + one.what() + " is missing or changed");
            }
        }
    }

    /// I1: the run of every submission that was acknowledged is there, and was begun with the same
    /// body.
    private void checkSubmission(Journal journal, CommitMarks.Acknowledged one) {
        var run = Clients.run(one.what());
        var first = journal.read(run, 0, 1);
        if (first.isEmpty()) {
            lose("I1 " + run + " was acknowledged and is missing");
        } else if (!(Runs.event(first.getFirst()) instanceof Event.RunStarted started)
                || !Arrays.equals(Clients.hash(started), one.hash())) {
            lose("I1 " + run + " has not the body that was acknowledged");
        }
    }

    private void lose(String what) {
        lost++;
        violate(what);
    }

    private dev.tutti.core.event.Value ended(Journal journal, int submitted) {
        for (var run : Clients.runs(submitted)) {
            var status = Runs.load(journal, run).state().status();
            if (status != Status.SUCCEEDED) {
                violate(run + " is " + status.word());
            }
        }
        var state = Runs.load(journal, Worker.RUN).state();
        if (state.status() != Status.SUCCEEDED) {
            violate("the run is " + state.status().word());
        }
        return state.output();
    }

    private void checkResults(Journal journal) {
        var results = new HashMap<TaskId, Integer>();
        for (Entry entry : journal.read(Worker.RUN, 0, Integer.MAX_VALUE)) {
            if (Runs.event(entry) instanceof Event.ResultAccepted accepted) {
                results.merge(accepted.task(), 1, Integer::sum);
            }
        }
        results.forEach((task, count) -> {
            if (count != 1) {
                violate(task + " has " + count + " accepted results");
            }
        });
        if (results.size() != Workload.TASKS) {
            violate(results.size() + " of " + Workload.TASKS + " tasks have an accepted result");
        }
    }

    private void violate(String what) {
        violations.add(store.getFileName() + ": " + what);
    }
}
