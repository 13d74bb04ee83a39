package dev.tutti.server.view;

import dev.tutti.core.event.Event;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.TenantId;
import dev.tutti.core.event.Value;
import dev.tutti.core.people.Asked;
import dev.tutti.runtime.engine.Runs;
import dev.tutti.runtime.journal.StreamId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// What people are asked, and how many runs are under way. Which runs these are is found out once
/// and kept up to date from what changes.
public final class Inbox {
    private static final List<String> RISKS = List.of("high", "medium", "low");

    private static final Duration FRESH = Duration.ofMillis(100);

    private final Views views;
    private final RunPages runs;
    private final Set<RunId> asking = new TreeSet<>(Comparator.comparing(RunId::value));
    private final Set<RunId> unfinished = new HashSet<>();
    private final ReentrantLock counting = new ReentrantLock();
    private volatile long countedAt = System.nanoTime() - FRESH.toNanos();
    private volatile int count;
    private long position = -1;

    public Inbox(Views views, RunPages runs) {
        this.views = views;
        this.runs = runs;
    }

    /// The open questions, those of the greatest risk first, then those that must be answered
    /// soonest.
    ///
    /// @param run whose they are, or null for all
    public List<Value.Struct> open(@Nullable RunId run) {
        var questions = new ArrayList<Value.Struct>();
        for (var one : run == null ? asking() : List.of(run)) {
            questions.addAll(
                    views.now(
                            one,
                            fold ->
                                    fold.state().questions().values().stream()
                                            .map(asked -> Questions.document(fold, asked))
                                            .toList()));
        }
        questions.sort(
                Comparator.comparingInt((Value.Struct one) -> RISKS.indexOf(one.text("risk")))
                        .thenComparing(one ->
                                one.get("until") instanceof Value.Text(var until) ? until : "9")
                        .thenComparing(one -> one.text("question")));
        return questions;
    }

    private synchronized List<RunId> asking() {
        refresh();
        return List.copyOf(asking);
    }

    /// How many runs have not ended, as of a moment ago: nobody waits for it to be found out anew
    /// but one who asks for the first time in a while.
    public int underWay() {
        if (System.nanoTime() - countedAt > FRESH.toNanos() && counting.tryLock()) {
            try {
                count = countNow();
            } finally {
                counting.unlock();
            }
        }
        return count;
    }

    /// One more run has begun, which counts before the next look.
    public void begun() {
        counting.lock();
        try {
            int more = count + 1;
            count = more;
        } finally {
            counting.unlock();
        }
    }

    private synchronized int countNow() {
        refresh();
        countedAt = System.nanoTime();
        return unfinished.size();
    }

    private void refresh() {
        long now = runs.position();
        if (position < 0) {
            runs.allUnfinished()
                    .forEach(summary -> {
                        unfinished.add(summary.run());
                        if (summary.questions() > 0) {
                            asking.add(summary.run());
                        }
                    });
        } else if (now > position) {
            for (var run : runs.changedSince(position)) {
                see(run);
            }
        }
        position = now;
    }

    private void see(RunId run) {
        views.now(
                run,
                fold -> {
                    keep(unfinished, run, fold.state().started() && !fold.status().isFinal());
                    keep(asking, run, !fold.state().questions().isEmpty());
                    return run;
                });
    }

    private static void keep(Set<RunId> runs, RunId run, boolean wanted) {
        if (wanted) {
            runs.add(run);
        } else {
            runs.remove(run);
        }
    }

    /// How a question stands; nothing when it was never asked.
    public Optional<Value.Struct> find(RunId run, long question) {
        return views.now(
                run,
                fold -> {
                    var open = fold.state().questions().get(question);
                    return open == null
                            ? over(fold, question)
                            : Optional.of(Questions.document(fold, open));
                });
    }

    /// A question that is over: as it was asked, and what became of it.
    private Optional<Value.Struct> over(RunFold fold, long question) {
        if (question < 1 || question > fold.sequence()) {
            return Optional.empty();
        }
        return views.read(journal -> {
            var stream = StreamId.run(TenantId.LOCAL, fold.run());
            var asked = journal.read(stream, question - 1, 1);
            if (asked.isEmpty()
                    || !(Runs.event(asked.getFirst()) instanceof Event.QuestionAsked e)) {
                return Optional.empty();
            }
            var document = Questions.document(fold, Asked.of(e.question(), e.token()));
            long from = question;
            var by = "";
            while (from < fold.sequence()) {
                var page = journal.read(stream, from, 1_000);
                for (var entry : page) {
                    from = entry.sequence();
                    switch (Runs.event(entry)) {
                        case Event.QuestionAnswered answered when answered.question() == question ->
                                by = answered.by();
                        case Event.QuestionClosed closed when closed.question() == question -> {
                            return Optional.of(
                                    document.with("state", Value.text(closed.end().word()))
                                            .with("answer", closed.answer())
                                            .with("by", Value.text(by))
                                            .with("at", Rows.time(entry.event().at()))
                                            .with("reason", Value.text(closed.reason())));
                        }
                        default -> {
                            // About something else.
                        }
                    }
                }
                if (page.isEmpty()) {
                    break;
                }
            }
            return Optional.of(document.with("state", Value.text("withdrawn")));
        });
    }
}
