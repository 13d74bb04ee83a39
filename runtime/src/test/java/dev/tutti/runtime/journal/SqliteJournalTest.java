package dev.tutti.runtime.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tutti.runtime.artifact.ArtifactException;
import dev.tutti.runtime.artifact.ArtifactStore;
import dev.tutti.runtime.artifact.FileArtifacts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SqliteJournalTest extends JournalContract {
    @TempDir private Path folder;

    @Override
    Journal open() {
        return SqliteJournal.open(file(), artifacts());
    }

    private Path file() {
        return folder.resolve("tutti.db");
    }

    private FileArtifacts artifacts() {
        return new FileArtifacts(folder.resolve("artifacts"));
    }

    private void reopen() {
        journal.close();
        journal = open();
        epoch = journal.claim();
    }

    // ---- across openings

    @Test
    void everything_is_there_after_it_was_opened_anew() {
        long before = epoch;
        var entries = committed(append(ONE, 0, entry("a"), entry(NOON, new byte[100_000])));
        committed(
                new Append(
                        TWO,
                        0,
                        epoch,
                        List.of(entry("b")),
                        List.of(message("m1")),
                        List.of(),
                        List.of(definition("team")),
                        NOON));
        post("m2");
        journal.keep("runs", 1, 3, List.of(row("a/1", "x")));

        reopen();

        assertThat(epoch).isGreaterThan(before);
        assertSame(journal.read(ONE, 0, 10), entries);
        assertThat(journal.messages(10)).extracting(Message::id).containsExactly("m1", "m2");
        assertThat(journal.definition(definition("team").hash())).isPresent();
        assertThat(journal.due(10)).containsExactly(new JournalReader.Due(TWO, NOON));
        assertThat(journal.projectedTo("runs", 1)).isEqualTo(3);
        assertThat(journal.rowsBelow("runs", "b", 10)).hasSize(1);
        committed(append(ONE, 2, entry("c")));
        assertThat(journal.read(ONE, 0, 10)).hasSize(3);
    }

    @Test
    void the_position_is_known_before_anything_is_claimed() {
        committed(append(ONE, 0, entry("a"), entry("b")));
        long position = journal.position();
        journal.close();
        journal = open();

        assertThat(journal.position()).isEqualTo(position).isEqualTo(2);
    }

    @Test
    void of_two_processes_the_later_owner_alone_writes() {
        committed(append(ONE, 0, entry("a")));
        try (var later = open()) {
            long taken = later.claim();
            assertThat(taken).isGreaterThan(epoch);

            assertThat(journal.commit(List.of(append(ONE, 1, entry("b")))))
                    .containsOnly(new Append.Result.Fenced(epoch, taken));
            epoch = taken;
            assertThat(later.commit(List.of(append(ONE, 1, entry("c")))))
                    .hasOnlyElementsOfType(Append.Result.Committed.class);
        }
        epoch = journal.claim();
        committed(append(ONE, 2, entry("d")));
        assertThat(texts(journal.read(ONE, 0, 10))).containsExactly("a", "c", "d");
    }

    @Test
    void another_process_can_leave_a_message_with_the_owner() {
        try (var other = open()) {
            other.post(message("m1"));
        }
        assertThat(journal.messages(10)).extracting(Message::id).containsExactly("m1");
    }

    @Test
    void a_store_of_a_later_version_is_refused() throws Exception {
        journal.close();
        raw("PRAGMA user_version = 99");

        assertThatThrownBy(this::open)
                .isInstanceOf(JournalException.class)
                .hasMessageContaining("later Tutti")
                .extracting(e -> ((JournalException) e).code())
                .isEqualTo("version");
        raw("PRAGMA user_version = 2");
        journal = open();
    }

    @Test
    void a_file_that_is_not_a_store_is_refused() throws Exception {
        var other = folder.resolve("other.db");
        Files.writeString(other, "this is not a database, whatever its name says".repeat(100));

        refused("corrupt", () -> SqliteJournal.open(other, artifacts()));
    }

    @Test
    void a_database_of_something_else_is_refused_and_not_held() throws Exception {
        var other = folder.resolve("other.db");
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + other);
                var raw = connection.createStatement()) {
            raw.execute("CREATE TABLE dishes (name TEXT)");
        }

        refused("io", () -> SqliteJournal.open(other, artifacts()));
        refused("io", () -> SqliteJournal.reader(other, artifacts()));
        assertThat(heldFiles()).noneMatch(held -> held.contains("other.db"));
    }

    private static List<String> heldFiles() throws Exception {
        var descriptors = Path.of("/proc/self/fd");
        assumeTrue(Files.isDirectory(descriptors), "nothing says which files are held");
        var held = new ArrayList<String>();
        try (var files = Files.list(descriptors)) {
            for (var one : files.toList()) {
                if (Files.exists(one)) {
                    held.add(Files.readSymbolicLink(one).toString());
                }
            }
        }
        return held;
    }

    @Test
    void of_many_that_open_a_new_store_at_once_one_makes_it_and_all_have_it() throws Exception {
        for (int round = 0; round < 10; round++) {
            var store = folder.resolve("new" + round).resolve("tutti.db");
            Files.createDirectories(store.getParent());
            var ready = new CyclicBarrier(8);
            var openings = new ArrayList<Callable<Long>>();
            for (int i = 0; i < 8; i++) {
                openings.add(() -> {
                    ready.await();
                    try (var reader = SqliteJournal.reader(store, artifacts())) {
                        return reader.head(ONE);
                    }
                });
            }
            try (var all = Executors.newFixedThreadPool(8)) {
                for (var opened : all.invokeAll(openings)) {
                    assertThat(opened.get()).isZero();
                }
            }
            assertThat(SqliteStore.turnFile(store)).doesNotExist();
        }
    }

    @Test
    void a_store_that_is_up_to_date_is_read_while_another_one_has_the_turn_to_upgrade()
            throws Exception {
        committed(append(ONE, 0, entry("a")));
        try (var turn = DriverManager.getConnection("jdbc:sqlite:" + SqliteStore.turnFile(file()));
                var raw = turn.createStatement()) {
            raw.execute("BEGIN EXCLUSIVE");

            try (var reader = SqliteJournal.reader(file(), artifacts())) {
                assertThat(reader.head(ONE)).isEqualTo(1);
            }
        }
    }

    // ---- damage

    @ParameterizedTest
    @ValueSource(
            strings = {
                "payload = X'7B7D'",
                "actor = 'mallory'",
                "hash = zeroblob(32)",
                "type = 'Ended'",
                "at = at + 1",
                "cause = 'x'",
                "key_id = 'k'",
                "version = 2",
                "epoch = epoch + 1",
                "seq = 9"
            })
    void a_changed_event_is_found_when_it_is_read(String change) throws Exception {
        committed(append(ONE, 0, entry("a"), entry("b"), entry("c")));
        raw("UPDATE event SET " + change + " WHERE seq = 2");

        refused("corrupt", () -> journal.read(ONE, 0, 10));
        refused("corrupt", () -> journal.read(ONE, 1, 10));
        assertThat(journal.read(ONE, 0, 1)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "DELETE FROM event WHERE seq = 1",
                "DELETE FROM event WHERE seq = 2",
                "DELETE FROM event WHERE seq = 3",
                "UPDATE event SET stream = 77 WHERE seq = 3",
                "UPDATE stream SET seq = 4"
            })
    void a_missing_event_is_found_when_it_is_read(String change) throws Exception {
        committed(append(ONE, 0, entry("a"), entry("b"), entry("c")));
        raw(change);

        refused("corrupt", () -> journal.read(ONE, 0, 10));
    }

    @Test
    void events_of_two_streams_cannot_change_places() throws Exception {
        committed(append(ONE, 0, entry("a")));
        committed(append(TWO, 0, entry("b")));
        raw("UPDATE stream SET name = CASE name WHEN 'run/one' THEN 'x' ELSE 'run/one' END");

        refused("corrupt", () -> journal.read(ONE, 0, 10));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "payload = X'7B7D'",
                "actor = 'mallory'",
                "hash = zeroblob(32)",
                "type = 'Ended'",
                "at = at + 1",
                "epoch = epoch + 1"
            })
    void a_changed_event_is_found_when_the_journal_is_followed(String change) throws Exception {
        committed(append(ONE, 0, entry("a"), entry("b"), entry("c")));
        committed(append(TWO, 0, entry("d")));
        raw("UPDATE event SET " + change + " WHERE seq = 2");

        refused("corrupt", () -> journal.follow(0, 10));
        refused("corrupt", () -> journal.follow(1, 1));
        assertThat(journal.follow(0, 1)).hasSize(1);
        assertThat(texts(journal.follow(3, 10))).containsExactly("d");
    }

    @Test
    void a_change_is_found_by_who_follows_a_page_at_a_time() throws Exception {
        committed(append(ONE, 0, entry("a"), entry("b")));
        committed(append(TWO, 0, entry("c")));
        committed(append(ONE, 2, entry("d")));
        assertThat(texts(journal.follow(0, 2))).containsExactly("a", "b");
        raw("UPDATE event SET payload = X'7B7D' WHERE position = 4");

        assertThat(texts(journal.follow(2, 1))).containsExactly("c");
        refused("corrupt", () -> journal.follow(3, 1));
        assertThat(texts(journal.follow(0, 2))).containsExactly("a", "b");
    }

    @Test
    void an_event_of_no_stream_is_found_when_the_journal_is_followed() throws Exception {
        committed(append(ONE, 0, entry("a"), entry("b")));
        raw("UPDATE event SET stream = 77 WHERE seq = 2");

        refused("corrupt", () -> journal.follow(0, 10));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "payload = X'7B7D'",
                "id = 'm2'",
                "stream = 'run/two'",
                "kind = 'stop it'",
                "actor = 'mallory'",
                "at = at + 1",
                "tenant = ''",
                "payload = ''"
            })
    void a_changed_message_is_left_out_and_told_and_keeps_no_other_from_being_read(String change)
            throws Exception {
        post("m1");
        post("m3");
        raw("UPDATE message SET " + change + " WHERE id = 'm1'");

        var found = journal.messages(1);

        assertThat(found).extracting(Message::id).containsExactly("m3");
        var damaged = new ArrayList<String>();
        assertThat(((SqliteJournal) journal).survey().messages(damaged::add))
                .extracting(Message::id)
                .containsExactly("m3");
        assertThat(damaged).hasSize(1);
        assertThat(journal.message("m3")).isPresent();
        refused("corrupt", () -> journal.message(change.startsWith("id") ? "m2" : "m1"));
        try (var reader = journal.reader()) {
            assertThat(reader.messages(10)).extracting(Message::id).containsExactly("m3");
        }
    }

    @Test
    void a_changed_definition_or_row_of_a_projection_is_found_when_it_is_read() throws Exception {
        var team = definition("team");
        committed(
                new Append(
                        ONE,
                        0,
                        epoch,
                        List.of(entry("a")),
                        List.of(),
                        List.of(),
                        List.of(team),
                        null));
        journal.keep("runs", 1, 1, List.of(row("a/1", "x")));
        raw("UPDATE definition SET body = X'00'");
        raw("UPDATE projection_row SET body = X'00'");

        refused("corrupt", () -> journal.definition(team.hash()));
        refused("corrupt", () -> journal.rowsBelow("runs", "b", 10));
    }

    @Test
    void an_acknowledged_event_or_message_that_is_gone_from_the_end_is_missed_at_once()
            throws Exception {
        committed(append(ONE, 0, entry("a")));
        post("m1");
        journal.close();
        var whole = Files.readAllBytes(file());
        journal = open();
        epoch = journal.claim();
        committed(append(ONE, 1, entry("b")));
        journal.close();
        var mark = folder.resolve("tutti.db-mark");
        var before = Files.readAllBytes(file());
        Files.write(file(), whole);

        refused("corrupt", this::open);
        refused("corrupt", () -> SqliteJournal.reader(file(), artifacts()));
        Files.write(file(), before);
        journal = open();
        journal.post(message("m2"));
        journal.close();
        Files.write(file(), before);
        refused("corrupt", this::open);
        Files.delete(mark);
        journal = open();
        assertThat(texts(journal.read(ONE, 0, 10))).containsExactly("a", "b");
    }

    @Test
    void a_mark_that_is_not_whole_says_nothing() throws Exception {
        committed(append(ONE, 0, entry("a")));
        journal.close();
        var mark = folder.resolve("tutti.db-mark");
        var bytes = Files.readAllBytes(mark);
        bytes[7] ^= 64;
        Files.write(mark, bytes);
        journal = open();
        journal.close();
        Files.write(mark, java.util.Arrays.copyOf(bytes, 20));
        journal = open();

        assertThat(texts(journal.read(ONE, 0, 10))).containsExactly("a");
    }

    @Test
    void a_large_payload_is_a_file_that_is_checked() throws Exception {
        committed(append(ONE, 0, entry(NOON, new byte[70_000])));
        var file = onlyArtifact();
        assertThat(Files.size(file)).isEqualTo(70_000);

        var content = Files.readAllBytes(file);
        content[12] ^= 1;
        Files.write(file, content);
        refused("corrupt", () -> journal.read(ONE, 0, 10));
        refused("corrupt", () -> journal.follow(0, 10));

        Files.delete(file);
        refused("corrupt", () -> journal.read(ONE, 0, 10));
    }

    @Test
    void the_integrity_of_the_file_can_be_asked_for() {
        committed(append(ONE, 0, entry("a")));
        assertThat(((SqliteJournal) journal).survey().integrity()).isEmpty();
    }

    // ---- a full disk

    @Test
    void a_store_that_is_full_has_everything_it_acknowledged_and_goes_on_with_space()
            throws Exception {
        committed(append(ONE, 0, entry("first")));
        var sqlite = (SqliteJournal) journal;
        pages(sqlite, 60);
        var acknowledged = new ArrayList<Entry>(journal.read(ONE, 0, 1));
        refused("full", () -> fill(acknowledged));
        assertThat(acknowledged).hasSizeGreaterThan(1);
        var large = append(ONE, acknowledged.size(), entry(NOON, new byte[60_000]));
        refused("full", () -> journal.commit(List.of(append(TWO, 0, entry("new")), large)));
        assertSame(journal.read(ONE, 0, 10_000), acknowledged);
        assertThat(journal.head(TWO)).isZero();

        pages(sqlite, 100_000);
        acknowledged.addAll(committed(large));

        reopen();
        assertThat(((SqliteJournal) journal).survey().integrity()).isEmpty();
        assertSame(journal.read(ONE, 0, 10_000), acknowledged);
        assertThat(journal.head(TWO)).isZero();
        committed(append(ONE, acknowledged.size(), entry("goes on")));
    }

    private static void pages(SqliteJournal sqlite, int most) throws SQLException {
        try (var statement = sqlite.connection.createStatement()) {
            statement.execute("PRAGMA max_page_count = " + most);
        }
    }

    @Test
    void a_large_payload_that_finds_no_space_is_told_as_a_full_store_and_may_be_tried_again() {
        var full = new AtomicBoolean(true);
        reopenWithArtifacts(full);
        var large = append(ONE, 0, entry(NOON, new byte[70_000]));

        refused("full", () -> journal.commit(List.of(large)));
        full.set(false);
        committed(large);

        assertThat(journal.read(ONE, 0, 10)).hasSize(1);
    }

    @Test
    void a_store_that_another_process_has_written_to_when_it_is_full_is_not_told_as_full() {
        var full = new AtomicBoolean(true);
        reopenWithArtifacts(full);
        var large = append(ONE, 0, entry(NOON, new byte[70_000]));
        try (var later = open()) {
            epoch = later.claim();
            later.commit(List.of(append(TWO, 0, entry("b"))));
        }

        refused("io", () -> journal.commit(List.of(large)));
        full.set(false);
        refused("io", () -> journal.commit(List.of(large)));
    }

    /// @param full whether there is no space for artifacts
    private void reopenWithArtifacts(AtomicBoolean full) {
        var files = artifacts();
        var artifacts =
                new ArtifactStore() {
                    @Override
                    public String put(byte[] content) {
                        if (full.get()) {
                            throw new ArtifactException("no space", null, true);
                        }
                        return files.put(content);
                    }

                    @Override
                    public Optional<byte[]> get(String hash) {
                        return files.get(hash);
                    }
                };
        journal.close();
        journal = SqliteJournal.open(file(), artifacts);
        epoch = journal.claim();
    }

    private void fill(List<Entry> acknowledged) {
        for (int i = 0; i < 1_000; i++) {
            acknowledged.addAll(
                    committed(append(ONE, acknowledged.size(), entry(NOON, new byte[8_000]))));
        }
    }

    @Test
    void times_far_away_are_kept_exactly() {
        committed(append(ONE, 0, entry(Instant.parse("1969-12-31T23:59:59.999999Z"), "a")));
        committed(append(ONE, 1, entry(Instant.parse("2999-01-01T00:00:00Z"), "b")));

        assertThat(journal.read(ONE, 0, 2))
                .extracting(entry -> entry.event().at().toString())
                .containsExactly("1969-12-31T23:59:59.999999Z", "2999-01-01T00:00:00Z");
    }

    // ---- words for the tests

    private static void refused(String code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOf(JournalException.class)
                .extracting(e -> ((JournalException) e).code())
                .isEqualTo(code);
    }

    private void raw(String statement) throws SQLException {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file());
                var raw = connection.createStatement()) {
            raw.execute(statement);
        }
    }

    private Path onlyArtifact() throws Exception {
        try (var files = Files.walk(folder.resolve("artifacts"))) {
            return files.filter(Files::isRegularFile).toList().getFirst();
        }
    }
}
