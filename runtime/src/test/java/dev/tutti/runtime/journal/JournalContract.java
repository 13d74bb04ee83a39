package dev.tutti.runtime.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.RunId;
import dev.tutti.core.event.TenantId;
import dev.tutti.runtime.artifact.Sha256;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What every journal holds to, whatever it writes to.
abstract class JournalContract {
    static final Instant NOON = Instant.parse("2026-11-22T12:00:00.123456Z");
    static final StreamId ONE = stream("one");
    static final StreamId TWO = stream("two");

    Journal journal;
    long epoch;

    /// A journal of an empty store.
    abstract Journal open() throws Exception;

    @BeforeEach
    void open_it() throws Exception {
        journal = open();
        epoch = journal.claim();
    }

    @AfterEach
    void close_it() {
        journal.close();
    }

    // ---- appends

    @Test
    void entries_come_back_as_they_were_appended() {
        var given =
                new NewEntry(
                        "Closing",
                        7,
                        NOON,
                        "ana",
                        "message-1",
                        "key-3",
                        "{\"ö\":1}".getBytes(StandardCharsets.UTF_8));
        committed(append(ONE, 0, given, entry("b")));

        var read = journal.read(ONE, 0, 10);

        assertThat(read).extracting(Entry::sequence).containsExactly(1L, 2L);
        assertThat(read).extracting(Entry::epoch).containsOnly(epoch);
        assertThat(read).extracting(Entry::stream).containsOnly(ONE);
        var event = read.getFirst().event();
        assertThat(event).usingRecursiveComparison().withStrictTypeChecking().isEqualTo(given);
        assertThat(journal.head(ONE)).isEqualTo(2);
    }

    @Test
    void what_a_commit_returns_is_what_is_read_later() {
        var entries = committed(append(ONE, 0, entry("a"), entry("b")));

        assertSame(journal.read(ONE, 0, 10), entries);
        assertSame(journal.follow(0, 10), entries);
    }

    @Test
    void times_are_kept_to_the_microsecond() {
        committed(append(ONE, 0, entry(NOON.plusNanos(999), "a")));

        assertThat(journal.read(ONE, 0, 1).getFirst().event().at()).isEqualTo(NOON);
    }

    @Test
    void an_append_that_expects_another_sequence_fails_alone() {
        committed(append(ONE, 0, entry("a")));

        var results =
                journal.commit(
                        List.of(
                                append(TWO, 0, entry("b")),
                                append(ONE, 0, entry("c")),
                                append(ONE, 5, entry("d")),
                                append(ONE, 1, entry("e"))));

        assertThat(results.get(0)).isInstanceOf(Append.Result.Committed.class);
        assertThat(results.get(1)).isEqualTo(new Append.Result.Conflict(0, 1));
        assertThat(results.get(2)).isEqualTo(new Append.Result.Conflict(5, 1));
        assertThat(results.get(3)).isInstanceOf(Append.Result.Committed.class);
        assertThat(texts(journal.follow(0, 10))).containsExactly("a", "b", "e");
    }

    @Test
    void appends_to_one_stream_in_a_batch_see_each_other() {
        var results =
                journal.commit(
                        List.of(
                                append(ONE, 0, entry("a"), entry("b")),
                                append(ONE, 0, entry("c")),
                                append(ONE, 2, entry("d"))));

        assertThat(results.get(1)).isEqualTo(new Append.Result.Conflict(0, 2));
        assertThat(texts(journal.read(ONE, 0, 10))).containsExactly("a", "b", "d");
    }

    @Test
    void a_conflicting_append_leaves_nothing_of_itself() {
        post("m1");
        var conflicting =
                new Append(
                        ONE,
                        3,
                        epoch,
                        List.of(entry("a")),
                        List.of(message("m2")),
                        List.of("m1"),
                        List.of(definition("team")),
                        NOON);

        journal.commit(List.of(conflicting));

        assertThat(journal.head(ONE)).isZero();
        assertThat(journal.messages(10)).extracting(Message::id).containsExactly("m1");
        assertThat(journal.definition(definition("team").hash())).isEmpty();
        assertThat(journal.due(10)).isEmpty();
    }

    @Test
    void an_owner_that_was_replaced_writes_nothing() {
        committed(append(ONE, 0, entry("a")));
        long later = journal.claim();

        var results =
                journal.commit(List.of(append(ONE, 1, entry("b")), append(TWO, 0, entry("c"))));

        assertThat(later).isGreaterThan(epoch);
        assertThat(results).containsOnly(new Append.Result.Fenced(epoch, later));
        assertThat(texts(journal.follow(0, 10))).containsExactly("a");
        epoch = later;
        committed(append(ONE, 1, entry("d")));
        assertThat(journal.read(ONE, 0, 10)).extracting(Entry::epoch).containsExactly(1L, 2L);
    }

    @Test
    void an_epoch_that_nobody_claimed_writes_nothing() {
        epoch += 5;

        assertThat(journal.commit(List.of(append(ONE, 0, entry("a")))))
                .containsOnly(new Append.Result.Fenced(epoch, epoch - 5));
    }

    @Test
    void a_topic_takes_entries_in_any_order() {
        var topic = new StreamId(TenantId.LOCAL, "topic/news");
        committed(append(topic, Append.ANY, entry("a")));
        committed(append(ONE, 0, entry("b")));
        committed(append(topic, Append.ANY, entry("c"), entry("d")));

        assertThat(texts(journal.read(topic, 0, 10))).containsExactly("a", "c", "d");
        assertThat(journal.read(topic, 0, 10))
                .extracting(Entry::sequence)
                .containsExactly(1L, 2L, 3L);
    }

    @Test
    void streams_of_one_name_in_two_tenants_are_apart() {
        var other = StreamId.run(new TenantId("acme"), new RunId("one"));
        committed(append(ONE, 0, entry("a")));
        committed(append(other, 0, entry("b")));

        assertThat(texts(journal.read(ONE, 0, 10))).containsExactly("a");
        assertThat(texts(journal.read(other, 0, 10))).containsExactly("b");
    }

    @Test
    void an_entry_is_chained_to_the_one_before_it_and_to_its_stream() {
        var first = committed(append(ONE, 0, entry("a"), entry("a")));
        var second = committed(append(TWO, 0, entry("a")));

        assertThat(first.get(0).hash())
                .hasSize(32)
                .isNotEqualTo(first.get(1).hash())
                .isNotEqualTo(second.getFirst().hash());
    }

    @Test
    void an_append_without_entries_moves_nothing() {
        committed(append(ONE, 0, entry("a")));
        var hash = journal.read(ONE, 0, 1).getFirst().hash();
        committed(append(ONE, 1));
        committed(append(ONE, 1, entry("b")));

        assertThat(journal.head(ONE)).isEqualTo(2);
        assertThat(journal.read(ONE, 0, 1).getFirst().hash()).isEqualTo(hash);
    }

    @Test
    void payloads_of_every_size_come_back() {
        var sizes = List.of(0, 1, 65_535, 65_536, 65_537, 3_000_000);
        var random = new Random(7);
        var payloads = sizes.stream().map(size -> bytes(random, size)).toList();
        committed(
                append(
                        ONE,
                        0,
                        payloads.stream()
                                .map(payload -> entry(NOON, payload))
                                .toArray(NewEntry[]::new)));

        var read = journal.read(ONE, 0, 10);
        for (int i = 0; i < sizes.size(); i++) {
            assertThat(read.get(i).event().payload()).isEqualTo(payloads.get(i));
        }
        assertThat(journal.follow(0, 10).getLast().event().payload()).isEqualTo(payloads.getLast());
    }

    // ---- reading

    @Test
    void a_stream_is_read_from_any_place_and_in_pages() {
        committed(append(ONE, 0, entry("a"), entry("b"), entry("c"), entry("d")));

        assertThat(texts(journal.read(ONE, 1, 2))).containsExactly("b", "c");
        assertThat(journal.read(ONE, 4, 10)).isEmpty();
        assertThat(journal.read(TWO, 0, 10)).isEmpty();
        assertThat(journal.head(TWO)).isZero();
    }

    @Test
    void positions_rise_over_all_streams_in_the_order_of_commits() {
        long before = journal.position();
        committed(append(ONE, 0, entry("a")));
        long between = journal.position();
        journal.commit(List.of(append(TWO, 0, entry("b")), append(ONE, 1, entry("c"))));

        assertThat(between).isGreaterThan(before);
        assertThat(texts(journal.follow(between, 10))).containsExactly("b", "c");
        assertThat(journal.follow(0, 10))
                .extracting(Entry::position)
                .isSorted()
                .doesNotHaveDuplicates();
        assertThat(journal.follow(0, 10).getLast().position()).isEqualTo(journal.position());
        assertThat(texts(journal.follow(0, 2))).containsExactly("a", "b");
    }

    @Test
    void a_reader_sees_whole_commits_only() throws Exception {
        int width = 5;
        int commits = 200;
        var begun = new CountDownLatch(1);
        try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            var partial =
                    pool.submit(() -> {
                        try (var reader = journal.reader()) {
                            begun.countDown();
                            int torn = 0;
                            int seen;
                            do {
                                seen = reader.follow(0, Integer.MAX_VALUE).size();
                                torn += seen % (2 * width);
                            } while (seen < 2 * width * commits);
                            return torn;
                        }
                    });
            begun.await();
            for (int i = 0; i < commits; i++) {
                var entries =
                        IntStream.range(0, width)
                                .mapToObj(n -> entry("x"))
                                .toArray(NewEntry[]::new);
                journal.commit(
                        List.of(
                                append(ONE, (long) i * width, entries),
                                append(TWO, (long) i * width, entries)));
            }
            assertThat(partial.get()).isZero();
        }
    }

    // ---- messages, definitions, what is due

    @Test
    void a_message_posted_twice_is_there_once() {
        post("m1");
        post("m1");
        committed(with(ONE, 0, List.of(message("m1"), message("m2")), List.of()));

        assertThat(journal.messages(10)).extracting(Message::id).containsExactly("m1", "m2");
    }

    @Test
    void messages_come_back_whole_and_oldest_first() {
        for (int i = 0; i < 12; i++) {
            post("m" + i);
        }

        assertThat(journal.messages(3)).extracting(Message::id).containsExactly("m0", "m1", "m2");
        assertThat(journal.messages(1).getFirst())
                .usingRecursiveComparison()
                .isEqualTo(message("m0"));
    }

    @Test
    void a_message_is_there_until_the_commit_that_handled_it() {
        post("m1");
        post("m2");
        committed(with(ONE, 0, List.of(message("m3")), List.of("m1", "unknown")));

        assertThat(journal.messages(10)).extracting(Message::id).containsExactly("m2", "m3");
        assertThat(journal.message("m1")).isEmpty();
        assertThat(journal.message("m2"))
                .hasValueSatisfying(found ->
                        assertThat(found).usingRecursiveComparison().isEqualTo(message("m2")));
    }

    @Test
    void a_definition_is_kept_once() {
        var team = definition("team");
        var defining =
                new Append(
                        ONE,
                        0,
                        epoch,
                        List.of(entry("a")),
                        List.of(),
                        List.of(),
                        List.of(team),
                        null);
        committed(defining);
        committed(
                new Append(
                        TWO,
                        0,
                        epoch,
                        List.of(entry("b")),
                        List.of(),
                        List.of(),
                        List.of(new Definition(team.hash(), new byte[] {1})),
                        null));

        assertThat(journal.definition(team.hash()).orElseThrow().body()).isEqualTo(team.body());
        assertThat(journal.definition("0".repeat(64))).isEmpty();
    }

    @Test
    void what_is_due_comes_by_urgency_and_goes_with_the_next_append() {
        committed(due(ONE, 0, NOON));
        committed(due(TWO, 0, Instant.EPOCH));
        committed(due(stream("three"), 0, NOON.minusSeconds(1)));
        committed(due(stream("four"), 0, null));

        assertThat(journal.due(10))
                .extracting(due -> due.stream().name())
                .containsExactly("run/two", "run/three", "run/one");
        assertThat(journal.due(10).getLast().at()).isEqualTo(NOON);
        assertThat(journal.due(1)).hasSize(1);

        committed(due(TWO, 1, null));
        assertThat(journal.due(10))
                .extracting(due -> due.stream().name())
                .containsExactly("run/three", "run/one");
    }

    // ---- projections

    @Test
    void rows_of_a_projection_are_read_below_a_key_greatest_first() {
        journal.keep("runs", 1, 7, List.of(row("a/1", "x"), row("a/2", "y"), row("b/1", "z")));
        journal.keep("other", 1, 9, List.of(row("a/3", "o")));
        journal.keep("runs", 1, 8, List.of(row("a/1", "new")));

        assertThat(journal.projectedTo("runs", 1)).isEqualTo(8);
        assertThat(journal.rowsBelow("runs", "a0", 10))
                .extracting(row -> new String(row.body(), StandardCharsets.UTF_8))
                .containsExactly("y", "new");
        assertThat(journal.rowsBelow("runs", "b/1", 1))
                .extracting(JournalReader.Row::key)
                .containsExactly("a/2");
    }

    @Test
    void rows_are_read_without_those_that_have_a_text_in_them() {
        journal.keep(
                "runs",
                1,
                7,
                List.of(
                        row("a/1", "is \"done\""),
                        row("a/2", "goes on"),
                        row("a/3", "gone"),
                        row("a/4", "goes on too"),
                        row("b/1", "goes on elsewhere")));

        assertThat(journal.rowsWithout(List.of("\"done\"", "gone"), "runs", "a0", 10))
                .extracting(JournalReader.Row::key)
                .containsExactly("a/4", "a/2");
        assertThat(journal.rowsWithout(List.of("done"), "runs", "z", 1))
                .extracting(JournalReader.Row::key)
                .containsExactly("b/1");
    }

    @Test
    void rows_of_another_version_are_thrown_away() {
        journal.keep("runs", 1, 7, List.of(row("a/1", "x")));

        assertThat(journal.projectedTo("runs", 2)).isZero();
        journal.keep("runs", 2, 3, List.of(row("a/2", "y")));

        assertThat(journal.projectedTo("runs", 2)).isEqualTo(3);
        assertThat(journal.projectedTo("runs", 1)).isZero();
        assertThat(journal.rowsBelow("runs", "z", 10))
                .extracting(JournalReader.Row::key)
                .containsExactly("a/2");
    }

    // ---- words for the tests

    static StreamId stream(String run) {
        return StreamId.run(TenantId.LOCAL, new RunId(run));
    }

    static NewEntry entry(String text) {
        return entry(NOON, text);
    }

    static NewEntry entry(Instant at, String text) {
        return entry(at, text.getBytes(StandardCharsets.UTF_8));
    }

    static NewEntry entry(Instant at, byte[] payload) {
        return new NewEntry("Refused", 1, at, "engine", "", null, payload);
    }

    Append append(StreamId stream, long expected, NewEntry... entries) {
        return new Append(
                stream, expected, epoch, List.of(entries), List.of(), List.of(), List.of(), null);
    }

    Append with(StreamId stream, long expected, List<Message> outbox, List<String> consumed) {
        return new Append(
                stream, expected, epoch, List.of(entry("m")), outbox, consumed, List.of(), null);
    }

    Append due(StreamId stream, long expected, @org.jspecify.annotations.Nullable Instant at) {
        return new Append(
                stream, expected, epoch, List.of(entry("d")), List.of(), List.of(), List.of(), at);
    }

    List<Entry> committed(Append append) {
        var result = journal.commit(List.of(append)).getFirst();
        assertThat(result).isInstanceOf(Append.Result.Committed.class);
        return ((Append.Result.Committed) result).entries();
    }

    static Message message(String id) {
        return new Message(id, ONE, "cancel", "ana", NOON, id.getBytes(StandardCharsets.UTF_8));
    }

    void post(String id) {
        journal.post(message(id));
    }

    static Definition definition(String text) {
        var body = text.getBytes(StandardCharsets.UTF_8);
        return new Definition(Sha256.hex(body), body);
    }

    static JournalReader.Row row(String key, String body) {
        return new JournalReader.Row(key, body.getBytes(StandardCharsets.UTF_8));
    }

    /// The entries are the same in everything that is stored: the hash covers all but position and
    /// payload.
    static void assertSame(List<Entry> actual, List<Entry> expected) {
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < expected.size(); i++) {
            assertThat(actual.get(i).position()).isEqualTo(expected.get(i).position());
            assertThat(actual.get(i).sequence()).isEqualTo(expected.get(i).sequence());
            assertThat(actual.get(i).hash()).isEqualTo(expected.get(i).hash());
            assertThat(actual.get(i).event().payload())
                    .isEqualTo(expected.get(i).event().payload());
        }
    }

    static List<String> texts(List<Entry> entries) {
        var texts = new ArrayList<String>();
        entries.forEach(
                entry -> texts.add(new String(entry.event().payload(), StandardCharsets.UTF_8)));
        return texts;
    }

    private static byte[] bytes(Random random, int size) {
        var bytes = new byte[size];
        random.nextBytes(bytes);
        return bytes;
    }
}
