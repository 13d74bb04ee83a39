package dev.tutti.telemetry;

import dev.tutti.core.event.Event;
import dev.tutti.core.event.TenantId;
import dev.tutti.runtime.engine.Runs;
import dev.tutti.runtime.journal.Entry;
import dev.tutti.runtime.journal.EventCodec;
import dev.tutti.runtime.journal.JournalException;
import dev.tutti.runtime.journal.JournalReader;
import dev.tutti.runtime.journal.StreamId;
import dev.tutti.runtime.projection.RunList;
import dev.tutti.runtime.projection.RunSummary;
import dev.tutti.runtime.step.StepTaken;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/// The traces of all runs of a journal, as its entries come.
///
/// What is known of a run is derived from its stream: a run that was put aside for others, or that
/// an earlier process began, is read again from its beginning when it moves.
final class Traces {
    private static final Logger LOG = LoggerFactory.getLogger(Traces.class);

    /// Runs whose open spans are held at a time.
    private static final int MOST_RUNS = 10_000;

    /// Damaged runs that are remembered, so that each is told of once.
    private static final int MOST_DAMAGED = 1_000;

    private static final int PAGE = 1_000;

    /// Events that have no part in any span.
    private static final Set<String> UNTOLD =
            Set.of(
                    "ArtifactStored",
                    "ClaimLost",
                    "Claimed",
                    "Declined",
                    "ExpectationMet",
                    "Expected",
                    "InputGiven",
                    "MessagePublished",
                    "MessageReceived",
                    "QuestionAnswered",
                    "QuestionHandedOn",
                    "QuestionReminded",
                    "Refused",
                    "TaskRevised",
                    "TimerFired",
                    "TimerSet",
                    "Unanswered");

    private final JournalReader journal;
    private final Span.Emitter emitter;
    private final GenAiNames names;
    private final Consumer<Span> out;
    private final Set<StreamId> damaged = new LinkedHashSet<>();
    private final int most;
    private final Map<StreamId, RunTrace> runs = new LinkedHashMap<>(64, 0.75f, true);

    /// Open questions of runs that are not held.
    private final Map<StreamId, Integer> aside = new HashMap<>();

    private long questions;

    /// @param out where spans go as they end
    Traces(JournalReader journal, Span.Emitter emitter, GenAiNames names, Consumer<Span> out) {
        this(journal, emitter, names, out, MOST_RUNS);
    }

    /// @param most runs that are held at a time
    Traces(
            JournalReader journal,
            Span.Emitter emitter,
            GenAiNames names,
            Consumer<Span> out,
            int most) {
        this.journal = journal;
        this.emitter = emitter;
        this.names = names;
        this.out = out;
        this.most = most;
    }

    /// Questions that were open when the store was taken.
    void begin() {
        for (var summary : RunList.unfinished(journal, TenantId.LOCAL, this::fresh)) {
            if (summary.questions() > 0) {
                aside.put(StreamId.run(TenantId.LOCAL, summary.run()), summary.questions());
                questions += summary.questions();
            }
        }
    }

    private Optional<RunSummary> fresh(StreamId stream) {
        var loaded = Runs.load(journal, stream);
        return loaded.state().started() ? Optional.of(RunSummary.of(loaded)) : Optional.empty();
    }

    /// Questions to people without an answer, in all runs.
    long questions() {
        return questions;
    }

    /// Takes the next entry of the journal.
    void accept(Entry entry, Signals signals) {
        if (entry.stream().isAttempt()) {
            step(entry);
            return;
        }
        var stream = entry.stream();
        if (!stream.isRun() || damaged.contains(stream)) {
            return;
        }
        try {
            var trace = traceBefore(entry);
            if (trace != null) {
                int open = trace.questions();
                take(trace, entry, signals);
                questions += trace.questions() - open;
                if (trace.ended()) {
                    runs.remove(stream);
                }
            }
        } catch (JournalException e) {
            try (var _ = MDC.putCloseable("run", stream.run().value())) {
                LOG.warn("run {} is left out of telemetry: {}", stream, e.getMessage());
            }
            runs.remove(stream);
            if (damaged.size() < MOST_DAMAGED) {
                damaged.add(stream);
            }
        }
    }

    private static void take(RunTrace trace, Entry entry, Signals signals) {
        var event = event(entry);
        if (event == null) {
            trace.skip();
        } else {
            trace.fold(event, entry.event().at(), signals);
        }
    }

    /// The run as it was before `entry`; null when the entry adds nothing to a run that has ended.
    private @Nullable RunTrace traceBefore(Entry entry) {
        var stream = entry.stream();
        var known = runs.get(stream);
        if (known == null) {
            known = new RunTrace(emitter, names, stream.run(), out);
            recall(known, stream, entry.sequence() - 1);
            if (!hold(stream, known)) {
                return null;
            }
        }
        return known.sequence() < entry.sequence() ? known : null;
    }

    /// @return whether there is more to come of it
    private boolean hold(StreamId stream, RunTrace trace) {
        var counted = aside.remove(stream);
        questions += trace.questions() - (counted == null ? 0 : counted);
        if (trace.ended()) {
            return false;
        }
        runs.put(stream, trace);
        if (runs.size() > most) {
            putAside(runs.keySet().iterator().next());
        }
        return true;
    }

    /// A step of an attempt: it is below the attempt of its run that is open at this place of the
    /// journal.
    private void step(Entry entry) {
        var stream = entry.stream().attempt().run();
        if (damaged.contains(stream)) {
            return;
        }
        try {
            var trace = runs.get(stream);
            if (trace == null) {
                trace = new RunTrace(emitter, names, stream.run(), out);
                recallBefore(trace, stream, entry.position());
                if (!hold(stream, trace)) {
                    return;
                }
            }
            var name = entry.stream().name() + "/" + entry.sequence();
            trace.step(StepTaken.of(entry), name, entry.event().at(), before(entry));
        } catch (JournalException e) {
            // What later versions keep of steps is theirs to tell; the run itself is told anyway.
            LOG.warn("a step of {} is left out of telemetry: {}", stream, e.getMessage());
        }
    }

    /// When the step before was kept.
    private @Nullable Instant before(Entry step) {
        if (step.sequence() == 1) {
            return null;
        }
        var found = journal.read(step.stream(), step.sequence() - 2, 1);
        return found.isEmpty() ? null : found.getFirst().event().at();
    }

    private void recallBefore(RunTrace trace, StreamId stream, long position) {
        while (true) {
            var page = journal.read(stream, trace.sequence(), PAGE);
            for (var entry : page) {
                if (entry.position() > position) {
                    return;
                }
                recall(trace, entry);
            }
            if (page.size() < PAGE) {
                return;
            }
        }
    }

    private static void recall(RunTrace trace, Entry entry) {
        var event = event(entry);
        if (event == null) {
            trace.skip();
        } else {
            trace.recall(event, entry.event().at());
        }
    }

    private void putAside(StreamId stream) {
        var trace = runs.remove(stream);
        if (trace != null && trace.questions() > 0) {
            aside.put(stream, trace.questions());
        }
    }

    private void recall(RunTrace trace, StreamId stream, long upTo) {
        while (trace.sequence() < upTo) {
            int limit = (int) Math.min(PAGE, upTo - trace.sequence());
            var page = journal.read(stream, trace.sequence(), limit);
            if (page.isEmpty()) {
                throw new JournalException("corrupt", "events of " + stream + " are missing", null);
            }
            page.forEach(entry -> recall(trace, entry));
        }
    }

    private static @Nullable Event event(Entry entry) {
        var event = entry.event();
        return UNTOLD.contains(event.type())
                ? null
                : EventCodec.outline(event.type(), event.version(), event.payload());
    }
}
