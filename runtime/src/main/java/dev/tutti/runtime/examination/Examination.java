package dev.tutti.runtime.examination;

import dev.tutti.core.event.Event;
import dev.tutti.runtime.artifact.ArtifactException;
import dev.tutti.runtime.artifact.ArtifactStore;
import dev.tutti.runtime.engine.Request;
import dev.tutti.runtime.engine.Runs;
import dev.tutti.runtime.journal.Entry;
import dev.tutti.runtime.journal.JournalException;
import dev.tutti.runtime.journal.JournalReader;
import dev.tutti.runtime.journal.SqliteJournal;
import dev.tutti.runtime.journal.SqliteSurvey;
import dev.tutti.runtime.journal.SqliteSurvey.StreamHead;
import dev.tutti.runtime.projection.RunList;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Reads a whole store: SQLite's own check, each stream with its chain of hashes, each artifact,
/// definition and message that something names. What has no hash of its own is compared with what
/// the events say it must be: the head of a stream, when it wants attention, the list of runs. It
/// goes on after a finding, so that all are found.
public final class Examination {
    private static final int PAGE = 2_000;
    private static final int MOST_FINDINGS = 100;

    private final JournalReader journal;
    private final SqliteSurvey survey;
    private final ArtifactStore artifacts;
    private final List<String> findings = new ArrayList<>();
    private Predicate<Runs.Loaded> listed = _ -> true;
    private long streams;
    private long events;

    /// What was read, and what is wrong with it.
    public record Report(long streams, long events, List<String> findings) {}

    private Examination(SqliteJournal journal, ArtifactStore artifacts) {
        this.journal = journal;
        survey = journal.survey();
        this.artifacts = artifacts;
    }

    /// Examines the store in a file.
    public static Report of(Path database, ArtifactStore artifacts) {
        try (var journal = SqliteJournal.open(database, artifacts)) {
            var examination = new Examination(journal, artifacts);
            examination.survey.atOneMoment(examination::examine);
            return new Report(
                    examination.streams, examination.events, List.copyOf(examination.findings));
        } catch (JournalException e) {
            return new Report(0, 0, List.of(String.valueOf(e.getMessage())));
        }
    }

    private void examine() {
        attempt(() -> survey.integrity().forEach(one -> find("SQLite: " + one)));
        attempt(() -> listed = RunList.agreement(journal));
        attempt(() -> {
            long epoch = survey.epoch();
            for (var head : survey.heads()) {
                streams++;
                attempt(() -> stream(head, epoch));
            }
        });
        attempt(this::messages);
    }

    private void attempt(Runnable look) {
        try {
            look.run();
        } catch (JournalException e) {
            find(String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            find("what is stored cannot be understood: " + e);
        }
    }

    private void find(String finding) {
        if (findings.size() < MOST_FINDINGS) {
            findings.add(finding);
        }
    }

    // ---- streams

    private void stream(StreamHead head, long epoch) {
        long sequence = 0;
        var last = new Entry[1];
        while (true) {
            var page = journal.read(head.stream(), sequence, PAGE);
            for (var entry : page) {
                events++;
                last[0] = entry;
                sequence = entry.sequence();
                attempt(() -> event(entry));
            }
            if (page.size() < PAGE) {
                break;
            }
        }
        if (sequence == 0) {
            find(head.stream() + " has no events");
            return;
        }
        head(head, last[0], epoch);
        if (head.stream().isRun()) {
            run(head);
        }
    }

    private void head(StreamHead head, Entry last, long epoch) {
        if (head.sequence() != last.sequence() || !Arrays.equals(head.hash(), last.hash())) {
            find(
                    head.stream()
                            + " ends at event "
                            + last.sequence()
                            + ", its head says "
                            + head.sequence()
                            + (head.sequence() == last.sequence() ? " with another hash" : ""));
        }
        if (head.epoch() < last.epoch() || head.epoch() > epoch) {
            find(
                    head.stream()
                            + " was last owned in epoch "
                            + head.epoch()
                            + ", which does not lie between that of its last event, "
                            + last.epoch()
                            + ", and that of the store, "
                            + epoch);
        }
    }

    private void run(StreamHead head) {
        var loaded = Runs.load(journal, head.stream());
        if (!Runs.mayBeDue(loaded.state(), Examination::kept, head.due())) {
            find(
                    head.stream()
                            + " is due at "
                            + head.due()
                            + ", its events say "
                            + kept(Runs.attention(loaded.state())));
        }
        if (!loaded.state().started()) {
            return;
        }
        var team = loaded.state().asked().team();
        if (journal.definition(team).isEmpty()) {
            find("the definition " + team + " of " + head.stream() + " is missing");
        }
        if (!listed.test(loaded)) {
            find("the list of runs does not say of " + head.stream() + " what its events say");
        }
    }

    /// A time as a store keeps it.
    private static @Nullable Instant kept(@Nullable Instant at) {
        return at == null ? null : at.truncatedTo(ChronoUnit.MICROS);
    }

    private void event(Entry entry) {
        if (entry.stream().isRun() && Runs.event(entry) instanceof Event.ArtifactStored stored) {
            artifact(stored, entry);
        }
    }

    private void artifact(Event.ArtifactStored stored, Entry entry) {
        var where =
                " ("
                        + stored.name()
                        + ", event "
                        + entry.sequence()
                        + " of "
                        + entry.stream()
                        + ")";
        try {
            var opened = artifacts.open(stored.hash());
            if (opened.isEmpty()) {
                find("the artifact " + stored.hash() + " is missing" + where);
                return;
            }
            // It may be longer than there is memory, and tells at its end whether it is whole.
            try (var content = opened.get().content()) {
                content.transferTo(OutputStream.nullOutputStream());
            }
        } catch (ArtifactException | IOException e) {
            find(e.getMessage() + where);
        }
    }

    // ---- messages

    private void messages() {
        for (var message : survey.messages(this::find)) {
            attempt(() -> Request.of(message.kind(), message.payload()));
        }
    }
}
