package dev.tutti.cli;

import dev.tutti.cli.view.Figures;
import dev.tutti.core.event.Event;
import dev.tutti.runtime.artifact.ArtifactException;
import dev.tutti.runtime.artifact.ArtifactStore;
import dev.tutti.runtime.engine.Runs;
import dev.tutti.runtime.journal.Entry;
import dev.tutti.runtime.journal.JournalException;
import dev.tutti.runtime.journal.JournalReader;
import dev.tutti.runtime.journal.SqliteJournal;
import dev.tutti.runtime.journal.StreamId;
import dev.tutti.wiring.Store;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A look at every byte of a store: each stream with its chain of hashes, SQLite's own check, each
/// artifact that an event names. It goes on after a finding, so that all are found.
final class Examination {
    private static final int PAGE = 2_000;
    private static final int MOST_FINDINGS = 100;

    private final Path folder;
    private final ArtifactStore artifacts;

    Examination(Path folder, ArtifactStore artifacts) {
        this.folder = folder;
        this.artifacts = artifacts;
    }

    /// How many artifacts there are and how much they take.
    String artifacts() {
        var root = folder.resolve("artifacts");
        if (!Files.isDirectory(root)) {
            return "none";
        }
        try (var files = Files.walk(root)) {
            var sizes =
                    files.filter(Files::isRegularFile)
                            .mapToLong(Examination::size)
                            .summaryStatistics();
            return Figures.count(sizes.getCount(), "file") + ", " + Figures.bytes(sizes.getSum());
        } catch (IOException | UncheckedIOException e) {
            return "cannot be read: " + e.getMessage();
        }
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Reads everything; adds what it finds wrong to `findings` and returns what was read.
    String journal(List<String> findings) {
        try (var journal = SqliteJournal.open(Store.database(folder), artifacts)) {
            journal.integrity().stream()
                    .limit(MOST_FINDINGS)
                    .forEach(one -> findings.add("SQLite: " + one));
        } catch (JournalException e) {
            findings.add(String.valueOf(e.getMessage()));
        }
        try (var reader = SqliteJournal.reader(Store.database(folder), artifacts)) {
            long events = 0;
            var streams = streams(reader);
            for (var stream : streams) {
                events += stream(reader, stream, findings);
            }
            return Figures.count(streams.size(), "stream")
                    + ", "
                    + Figures.count(events, "event")
                    + " read with their hashes";
        } catch (JournalException e) {
            findings.add(String.valueOf(e.getMessage()));
            return "could not be read to its end";
        }
    }

    /// The streams that have events. An event whose payload cannot be read is passed over here: it
    /// is a finding of its stream.
    private static Set<StreamId> streams(JournalReader reader) {
        var streams = new LinkedHashSet<StreamId>();
        long from = 0;
        int limit = PAGE;
        while (true) {
            try {
                var page = reader.follow(from, limit);
                if (page.isEmpty()) {
                    return streams;
                }
                page.forEach(entry -> streams.add(entry.stream()));
                from = page.getLast().position();
            } catch (JournalException e) {
                from = limit == 1 ? from + 1 : from;
                limit = 1;
            }
        }
    }

    private long stream(JournalReader reader, StreamId stream, List<String> findings) {
        long from = 0;
        try {
            while (true) {
                var page = reader.read(stream, from, PAGE);
                for (var entry : page) {
                    event(entry).ifPresent(finding -> add(findings, finding));
                    from = entry.sequence();
                }
                if (page.size() < PAGE) {
                    break;
                }
            }
            if (from != reader.head(stream)) {
                add(
                        findings,
                        stream
                                + " ends at event "
                                + from
                                + ", its head says "
                                + reader.head(stream));
            }
        } catch (JournalException e) {
            add(findings, String.valueOf(e.getMessage()));
        }
        return from;
    }

    private Optional<String> event(Entry entry) {
        try {
            if (entry.stream().isRun()
                    && Runs.event(entry) instanceof Event.ArtifactStored stored) {
                return artifact(stored, entry);
            }
            return Optional.empty();
        } catch (JournalException e) {
            return Optional.of(
                    "event " + entry.sequence() + " of " + entry.stream() + ": " + e.getMessage());
        }
    }

    private Optional<String> artifact(Event.ArtifactStored stored, Entry entry) {
        var where =
                " ("
                        + stored.name()
                        + ", event "
                        + entry.sequence()
                        + " of "
                        + entry.stream()
                        + ")";
        try {
            return artifacts.get(stored.hash()).isPresent()
                    ? Optional.empty()
                    : Optional.of("the artifact " + stored.hash() + " is missing" + where);
        } catch (ArtifactException e) {
            return Optional.of(e.getMessage() + where);
        }
    }

    private static void add(List<String> findings, String finding) {
        if (findings.size() < MOST_FINDINGS) {
            findings.add(finding);
        }
    }
}
