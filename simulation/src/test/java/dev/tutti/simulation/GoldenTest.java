package dev.tutti.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.Event;
import dev.tutti.core.event.TenantId;
import dev.tutti.core.run.Digest;
import dev.tutti.core.run.RunState;
import dev.tutti.runtime.artifact.MemoryArtifacts;
import dev.tutti.runtime.journal.Append;
import dev.tutti.runtime.journal.Entry;
import dev.tutti.runtime.journal.EventCodec;
import dev.tutti.runtime.journal.MemoryJournal;
import dev.tutti.runtime.journal.StreamId;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Journals that earlier versions wrote, replayed by this one.
///
/// `-Dgolden.rewrite=true` writes those that are not there yet. What is there is never written
/// again: a new form of an event gets a folder of its own.
class GoldenTest {
    private static final String VERSION = "v" + EventCodec.VERSION;

    @BeforeAll
    static void write_if_asked_to() throws Exception {
        if (Boolean.getBoolean("golden.rewrite")) {
            for (var golden : GoldenRuns.all().entrySet()) {
                var journal = new MemoryJournal();
                golden.getValue().make(golden.getKey(), journal);
                var file = GoldenJournal.file(VERSION, golden.getKey());
                if (Files.exists(file)) {
                    continue;
                }
                Files.createDirectories(file.toAbsolutePath().getParent());
                Files.write(
                        file,
                        GoldenJournal.write(
                                journal.read(
                                        GoldenRuns.stream(golden.getKey()), 0, Integer.MAX_VALUE)),
                        StandardCharsets.UTF_8);
            }
        }
    }

    static Stream<Path> journals() {
        return GoldenJournal.files().stream();
    }

    @ParameterizedTest
    @MethodSource("journals")
    void an_old_journal_gives_its_digest_at_every_prefix(Path file) {
        var state = RunState.EMPTY;
        for (var line : GoldenJournal.read(file)) {
            var event = line.event();
            state = state.evolve(EventCodec.decode(event.type(), event.version(), event.payload()));
            assertThat(Digest.of(state))
                    .as(
                            "digest after event %d of %s:%n%s",
                            line.sequence(), file, Digest.text(state))
                    .isEqualTo(line.digest());
        }
        assertThat(state.status().isFinal()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("journals")
    void an_old_journal_has_the_hashes_that_it_had(Path file) {
        var stream = new StreamId(TenantId.LOCAL, "run/" + runOf(file));
        var journal = new MemoryJournal();
        long epoch = 0;
        for (var line : GoldenJournal.read(file)) {
            while (epoch < line.epoch()) {
                epoch = journal.claim();
            }
            var append =
                    new Append(
                            stream,
                            line.sequence() - 1,
                            epoch,
                            List.of(line.event()),
                            List.of(),
                            List.of(),
                            List.of(),
                            null);
            var result = journal.commit(List.of(append)).getFirst();
            assertThat(result).isInstanceOf(Append.Result.Committed.class);
            var entry = ((Append.Result.Committed) result).entries().getFirst();
            assertThat(HexFormat.of().formatHex(entry.hash())).isEqualTo(line.hash());
        }
    }

    private static String runOf(Path file) {
        return GoldenRuns.stream(file.getFileName().toString().replace(".jsonl", "")).run().value();
    }

    @Test
    void every_kind_of_event_is_in_a_golden_journal() {
        var kinds =
                Arrays.stream(Event.class.getPermittedSubclasses())
                        .map(Class::getSimpleName)
                        .toList();
        var kept =
                journals()
                        .flatMap(file -> GoldenJournal.read(file).stream())
                        .filter(line -> line.event().version() == EventCodec.VERSION)
                        .map(line -> line.event().type())
                        .distinct();

        assertThat(kept).containsExactlyInAnyOrderElementsOf(kinds);
    }

    @Test
    void the_runs_that_are_kept_violate_nothing_and_come_out_alike_twice() {
        var artifacts = new MemoryArtifacts();
        artifacts.put("a figure".getBytes(StandardCharsets.UTF_8));
        GoldenRuns.all()
                .forEach((name, golden) -> {
                    var once = new MemoryJournal();
                    var again = new MemoryJournal();
                    golden.make(name, once);
                    golden.make(name, again);

                    assertThat(Invariants.check(once, artifacts, _ -> GoldenRuns.anyTeam()))
                            .as(name)
                            .isEmpty();
                    assertThat(GoldenJournal.write(runs(again)))
                            .isEqualTo(GoldenJournal.write(runs(once)));
                });
    }

    /// The entries of runs, in the order of commits.
    private static List<Entry> runs(MemoryJournal journal) {
        return journal.follow(0, Integer.MAX_VALUE).stream()
                .filter(entry -> entry.stream().isRun())
                .toList();
    }
}
