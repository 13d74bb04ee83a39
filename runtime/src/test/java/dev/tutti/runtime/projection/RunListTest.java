package dev.tutti.runtime.projection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.Event;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.Status;
import dev.tutti.core.event.TenantId;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.engine.Runs;
import dev.tutti.runtime.journal.Append;
import dev.tutti.runtime.journal.EventCodec;
import dev.tutti.runtime.journal.JournalReader;
import dev.tutti.runtime.journal.MemoryJournal;
import dev.tutti.runtime.journal.NewEntry;
import dev.tutti.runtime.journal.StreamId;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RunListTest {
    private final MemoryJournal journal = new MemoryJournal();
    private final long epoch = journal.claim();

    private static StreamId stream(String run) {
        return StreamId.run(TenantId.LOCAL, new RunId(run));
    }

    private static Event started(String run) {
        return new Event.RunStarted(new RunId(run), "g", "t", Value.Struct.EMPTY, Value.NULL);
    }

    private Runs.Loaded append(String run, Event... events) {
        var entries =
                Arrays.stream(events)
                        .map(EventCodec::encode)
                        .map(event ->
                                new NewEntry(
                                        event.type(),
                                        event.version(),
                                        Instant.EPOCH,
                                        "engine",
                                        "",
                                        null,
                                        event.payload()))
                        .toList();
        journal.commit(
                List.of(
                        new Append(
                                stream(run),
                                Append.ANY,
                                epoch,
                                entries,
                                List.of(),
                                List.of(),
                                List.of(),
                                null)));
        return Runs.load(journal, stream(run));
    }

    private List<String> newest() {
        return RunList.newest(journal, TenantId.LOCAL, 10).stream()
                .map(summary -> summary.run() + " " + summary.status().word())
                .toList();
    }

    @Test
    void a_run_is_listed_before_anything_was_kept() {
        append("r1", started("r1"));
        append("r2", started("r2"), new Event.Ended(Status.SUCCEEDED, Value.NULL, null));

        assertThat(newest()).containsExactly("r2 succeeded", "r1 running");
    }

    private void keep(Runs.Loaded... changed) {
        new RunListKeeper(journal).keep(List.of(changed));
    }

    private RunListKeeper caughtUp() {
        var keeper = new RunListKeeper(journal);
        while (keeper.isBehind()) {
            keeper.catchUp();
        }
        return keeper;
    }

    @Test
    void what_came_since_the_list_was_kept_is_in_it() {
        keep(append("r1", started("r1")));
        append("r1", new Event.Ended(Status.FAILED, Value.NULL, null));
        append("r2", started("r2"));

        assertThat(newest()).containsExactly("r2 running", "r1 failed");
    }

    @Test
    void only_runs_that_have_not_ended_are_read_where_they_alone_are_wanted() {
        keep(
                append("r1", started("r1")),
                append("r2", started("r2"), new Event.Ended(Status.SUCCEEDED, Value.NULL, null)),
                append("r3", started("r3"), new Event.Ended(Status.FAILED, Value.NULL, null)),
                append("r4", started("r4"), new Event.Ended(Status.CANCELLED, Value.NULL, null)),
                append("r5", started("r5"), new Event.Paused(Instant.EPOCH, "")));
        append("r1", new Event.Ended(Status.SUCCEEDED, Value.NULL, null));
        append("r6", started("r6"));

        assertThat(journal.rowsWithout(RunSummary.ENDED, "runs", "~", 10))
                .extracting(JournalReader.Row::key)
                .containsExactly("local/r5", "local/r1");
        assertThat(
                        RunList.unfinished(
                                journal,
                                TenantId.LOCAL,
                                stream -> Optional.of(RunSummary.of(Runs.load(journal, stream)))))
                .extracting(summary -> summary.run().value())
                .containsExactly("r6", "r5");
    }

    @Test
    void a_run_of_an_owner_that_was_killed_before_it_kept_the_list_stays_in_it() {
        append("r1", started("r1"), new Event.Ended(Status.SUCCEEDED, Value.NULL, null));

        caughtUp().keep(List.of(append("r2", started("r2"))));

        assertThat(newest()).containsExactly("r2 running", "r1 succeeded");
    }

    @Test
    void what_an_owner_keeps_while_it_is_behind_hides_nothing_that_it_has_not_looked_at() {
        for (int i = 10; i < 60; i++) {
            append("r" + i, started("r" + i));
        }
        var keeper = new RunListKeeper(journal);
        keeper.catchUp();
        assertThat(keeper.isBehind()).isTrue();
        keeper.keep(List.of(append("s1", started("s1"))));

        assertThat(RunList.newest(journal, TenantId.LOCAL, 100)).hasSize(51);
        assertThat(RunList.keptTo(journal)).isZero();
        keeper.catchUp();
        keeper.catchUp();
        assertThat(RunList.newest(journal, TenantId.LOCAL, 100)).hasSize(51);
        assertThat(RunList.keptTo(journal)).isEqualTo(51);
    }

    @Test
    void what_changes_while_an_owner_catches_up_is_not_taken_for_kept() {
        append("r1", started("r1"));
        var keeper = new RunListKeeper(journal);
        append("r2", started("r2"));
        keeper.catchUp();

        assertThat(keeper.isBehind()).isFalse();
        assertThat(newest()).containsExactly("r2 running", "r1 running");
    }

    @Test
    void what_changes_while_a_part_is_kept_is_not_taken_for_kept() {
        var keeper = new RunListKeeper(journal);
        var many = new ArrayList<Runs.Loaded>();
        for (int i = 1000; i < 1800; i++) {
            many.add(append("r" + i, started("r" + i)));
        }
        keeper.begin(many);
        append("s1", started("s1"));
        keeper.goOn();
        assertThat(keeper.isKeeping()).isTrue();
        assertThat(RunList.newest(journal, TenantId.LOCAL, 1000)).hasSize(801);
        keeper.goOn();

        assertThat(keeper.isKeeping()).isFalse();
        assertThat(RunList.keptTo(journal)).isEqualTo(800);
        assertThat(newest()).startsWith("s1 running", "r1799 running");
    }

    @Test
    void a_run_is_found_by_the_beginning_of_its_id_and_runs_within_it_by_theirs() {
        for (var run : List.of("AB1", "AB1-4", "AB1-7", "AB1-7-9", "AC2")) {
            append(run, started(run));
        }
        found("AB1", "AB1");
        found("AB", "AB1");
        found("AB1-7", "AB1-7");
        found("AB1-", "AB1-4", "AB1-7");
        found("A", "AB1", "AC2");
        found("X");
        caughtUp();
        found("AB1", "AB1");
        found("AB", "AB1");
        found("AB1-7", "AB1-7");
        found("AB1-", "AB1-4", "AB1-7");
        found("A", "AB1", "AC2");
        found("X");
    }

    private void found(String prefix, String... runs) {
        assertThat(RunList.startingWith(journal, TenantId.LOCAL, prefix))
                .extracting(RunId::value)
                .containsExactly(runs);
    }

    @Test
    void a_page_of_a_list_that_was_never_kept_is_folded_of_no_more_runs_than_it_has() {
        for (int i = 100; i < 200; i++) {
            append("R" + i, started("R" + i));
        }
        var folded = new ArrayList<String>();
        var page =
                RunList.page(
                        journal,
                        TenantId.LOCAL,
                        new RunId("R150"),
                        5,
                        stream -> {
                            folded.add(stream.run().value());
                            return Optional.of(RunSummary.of(Runs.load(journal, stream)));
                        });

        assertThat(page)
                .extracting(summary -> summary.run().value())
                .containsExactly("R149", "R148", "R147", "R146", "R145");
        assertThat(folded).containsExactly("R149", "R148", "R147", "R146", "R145");
    }

    @Test
    void a_line_says_what_a_run_is_about_and_why_it_does_not_go_on_before_and_after_it_is_kept() {
        append(
                "r1",
                new Event.RunStarted(
                        new RunId("r1"),
                        "answer",
                        "t",
                        Value.struct("question", Value.text("Who owns a store?")),
                        Value.NULL),
                new Event.Paused(Instant.EPOCH, ""));
        for (int round = 0; round < 2; round++) {
            var line = RunList.newest(journal, TenantId.LOCAL, 1).getFirst();
            assertThat(line.about()).isEqualTo("Who owns a store?");
            assertThat(line.reason()).isEqualTo("until it is resumed");
            assertThat(line.limit()).isNull();
            caughtUp();
        }
    }

    @Test
    void refusals_to_a_run_that_never_started_are_no_run() {
        append("r1", new Event.Refused("cancel", "the run has not started"));
        caughtUp();

        assertThat(newest()).isEmpty();
    }

    /// A reader who is overtaken: the owner keeps the list after the reader asked how far it was
    /// kept.
    private JournalReader overtaken(Runs.Loaded loaded) {
        return (JournalReader)
                Proxy.newProxyInstance(
                        JournalReader.class.getClassLoader(),
                        new Class<?>[] {JournalReader.class},
                        (_, method, arguments) -> {
                            var answer = method.invoke(journal, arguments);
                            if (method.getName().equals("projectedTo")) {
                                RunList.keep(journal, List.of(loaded), journal.position());
                            }
                            return answer;
                        });
    }

    @Test
    void a_run_that_is_kept_while_the_list_is_read_is_in_it() {
        var loaded = append("R1", started("R1"));
        assertThat(RunList.newest(overtaken(loaded), TenantId.LOCAL, 10)).hasSize(1);
        var other = append("R2", started("R2"));
        assertThat(
                        RunList.page(
                                overtaken(other),
                                TenantId.LOCAL,
                                null,
                                10,
                                stream ->
                                        java.util.Optional.of(
                                                RunSummary.of(Runs.load(journal, stream)))))
                .hasSize(2);
        var third = append("R3", started("R3"));
        assertThat(RunList.startingWith(overtaken(third), TenantId.LOCAL, "R")).hasSize(2);
    }
}
