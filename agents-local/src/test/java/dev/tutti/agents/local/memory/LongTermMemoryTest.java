package dev.tutti.agents.local.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tutti.agents.local.memory.LongTermMemory.Recalled;
import dev.tutti.agents.local.memory.LongTermMemory.Wanted;
import dev.tutti.core.event.Provenance.Trust;
import dev.tutti.core.event.TenantId;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.journal.MemoryJournal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LongTermMemoryTest {
    private static final TenantId OTHER = new TenantId("other");

    @TempDir Path store;
    private MemoryJournal journal = new MemoryJournal();
    private final Tellings topic = new Tellings(journal);

    // ---- the same, and otherwise

    @Test
    void a_fact_that_is_told_again_confirms_the_first_one() throws Exception {
        topic.fact("ana", "Ana prefers green tea").later(Duration.ofDays(1));
        topic.fact("ana", "ana prefers the green teas!").fact("ben", "Ana prefers green tea");

        var all = all();

        assertThat(all).extracting(one -> one.memory().id()).containsExactly("m1", "m3");
        var first = all.getFirst().memory();
        assertThat(first.confirmations()).isEqualTo(1);
        assertThat(first.at()).isEqualTo(Tellings.BEGINNING);
        assertThat(first.confirmed()).isEqualTo(Tellings.BEGINNING.plus(Duration.ofDays(1)));
        assertThat(first.text()).isEqualTo("Ana prefers green tea");
    }

    @Test
    void what_says_something_else_in_the_same_words_is_not_the_same() throws Exception {
        topic.fact("dogs", "Ana beat Bo").fact("dogs", "Bo beat Ana");
        topic.fact("dogs", "Ana was here").fact("dogs", "Ana is here");

        assertThat(all()).hasSize(4).allMatch(one -> one.contradicts().isEmpty());
    }

    @Test
    void other_numbers_and_a_not_contradict_what_was_told_before() throws Exception {
        topic.fact("ana", "Ana's limit is 500 euros").later(Duration.ofDays(1));
        topic.fact("ana", "Ana's limit is 800 euros").fact("bo", "Bo drinks coffee");
        topic.later(Duration.ofDays(1)).fact("bo", "Bo doesn't drink coffee");
        topic.fact(null, "There are 3 of them").fact(null, "There are 4 of them");

        var all = all();

        assertThat(all.get(0).contradicts()).containsExactly("m2");
        assertThat(all.get(0).superseded()).isTrue();
        assertThat(all.get(1).contradicts()).containsExactly("m1");
        assertThat(all.get(1).superseded()).isFalse();
        assertThat(all.get(2).contradicts()).containsExactly("m4");
        assertThat(all.get(4).contradicts()).as("about nobody").isEmpty();
    }

    @Test
    void a_fact_with_not_contradicts_one_without() throws Exception {
        topic.fact("bo", "Bo likes coffee").later(Duration.ofDays(1));
        topic.fact("bo", "Bo does not like coffee").fact("bo", "Bo doesn’t like coffee");

        var all = all();

        assertThat(all).hasSize(2);
        assertThat(all.get(0).contradicts()).containsExactly("m2");
        assertThat(all.get(1).memory().confirmations()).isEqualTo(1);
    }

    @Test
    void of_two_values_of_an_attribute_the_later_comes_first_and_both_are_flagged()
            throws Exception {
        topic.run("R1", "fact", "ana", value("city", "Oslo"));
        topic.later(Duration.ofDays(3)).run("R2", "fact", "ana", value("city", "Bergen"));
        topic.run("R2", "fact", "bo", value("city", "Rome")).commit();

        var found = search("which city is Ana in: Oslo?", "ana");

        assertThat(found).extracting(one -> one.memory().id()).containsExactly("m2", "m1");
        assertThat(found.get(0).contradicts()).containsExactly("m1");
        assertThat(found.get(1).superseded()).isTrue();
        assertThat(found.get(1).memory().text()).isEqualTo("ana: city is Oslo");
    }

    // ---- time

    @Test
    void a_fact_that_has_expired_is_not_remembered_and_told_again_it_is_a_new_one()
            throws Exception {
        topic.run("R1", "fact", "ana", expiring("Ana is on holiday", "2d")).commit();

        try (var memory = memory()) {
            var now = Tellings.BEGINNING;
            assertThat(all(memory, now.plus(Duration.ofHours(47)))).hasSize(1);
            assertThat(all(memory, now.plus(Duration.ofDays(2)))).isEmpty();
            assertThat(memory.memory("m1", now.plus(Duration.ofDays(2)))).isEmpty();
            assertThat(memory.search(Wanted.of("holiday", 5), now.plus(Duration.ofDays(9))))
                    .matches(found -> found.memories().isEmpty());
            topic.later(Duration.ofDays(10)).fact("ana", "Ana is on holiday").commit();

            var again = all(memory, topic.now());

            assertThat(again).extracting(one -> one.memory().id()).containsExactly("m2");
            assertThat(again.getFirst().memory().confirmations()).isZero();
        }
    }

    @Test
    void a_memory_counts_half_after_each_half_life_and_whole_when_it_is_told_again()
            throws Exception {
        topic.person("ana", "rules", null, Value.struct("half_life", Value.text("10d")));
        topic.fact("ana", "Ana prefers green tea").commit();

        try (var memory = memory()) {
            assertThat(score(memory, Duration.ZERO)).isEqualTo(1);
            assertThat(score(memory, Duration.ofDays(10))).isEqualTo(0.5, within(1e-9));
            assertThat(score(memory, Duration.ofDays(30))).isEqualTo(0.125, within(1e-9));
            topic.later(Duration.ofDays(30)).fact("ana", "Ana prefers green tea").commit();
            assertThat(score(memory, Duration.ofDays(30))).isEqualTo(1);
        }
    }

    @Test
    void facts_are_kept_as_long_as_the_rules_said_when_they_were_told() throws Exception {
        topic.fact("ana", "Ana prefers green tea");
        topic.person(
                "ana",
                "rules",
                null,
                Value.struct("retain", Value.struct("facts", Value.text("30d"))));
        topic.fact("ana", "Ana wears a hat").commit();

        try (var memory = memory()) {
            assertThat(all(memory, Tellings.BEGINNING.plus(Duration.ofDays(29)))).hasSize(2);
            assertThat(all(memory, Tellings.BEGINNING.plus(Duration.ofDays(31))))
                    .extracting(one -> one.memory().id())
                    .containsExactly("m1");
        }
    }

    // ---- forgetting

    @Test
    void what_was_forgotten_about_somebody_is_in_no_answer_and_in_no_file() throws Exception {
        for (int i = 0; i < 50; i++) {
            topic.fact("ana", "Ana once told of her zanzibarian parrot number " + i);
            topic.fact("ben", "Ben has a mongolian yak with the number " + i);
        }
        topic.commit();
        try (var memory = memory()) {
            assertThat(all(memory, topic.now())).hasSize(100);
            memory.upkeep().run((_, _) -> {}, () -> false);
            assertThat(filesWith("zanzibarian")).isNotEmpty();
            long vectors = Files.size(store.resolve("memory/local/vectors"));
            topic.run("R9", "forget", "ana", Value.Struct.EMPTY).commit();

            memory.erase(topic.now());

            assertThat(filesWith("zanzibarian")).isEmpty();
            assertThat(filesWith("mongolian")).isNotEmpty();
            assertThat(Files.size(store.resolve("memory/local/vectors")))
                    .isBetween(vectors * 2 / 5, vectors * 3 / 5);
            assertThat(all(memory, topic.now()))
                    .hasSize(50)
                    .allMatch(one -> "ben".equals(one.memory().about()));
            assertThat(memory.memory("m1", topic.now())).isEmpty();
            assertThat(memory.search(Wanted.of("zanzibarian parrot", 100), topic.now()).memories())
                    .noneMatch(one -> one.memory().text().contains("parrot"));
            assertThat(memory.traces("ana", null))
                    .isEqualTo(new LongTermMemory.Traces(50, java.util.Set.of("run/R1")));
        }
    }

    @Test
    void what_is_told_after_it_was_forgotten_is_remembered_anew() throws Exception {
        topic.fact("ana", "Ana prefers green tea").fact("ana", "Ana wears a hat");
        topic.person("bo", "forget", null, Value.struct("id", Value.text("m1")));
        topic.fact("ana", "Ana prefers green tea");

        assertThat(all()).extracting(one -> one.memory().id()).containsExactly("m2", "m4");
    }

    // ---- the index

    @Test
    void an_index_made_anew_gives_what_one_that_grew_gives() throws Exception {
        var grown = new ArrayList<Recalled>();
        var day = Duration.ofDays(1);
        try (var memory = memory()) {
            for (int i = 0; i < 60; i++) {
                topic.fact("s" + i % 7, "The number of " + word(i % 20) + " is " + i % 30);
                if (i % 9 == 0) {
                    topic.run("R2", "fact", "s1", expiring("Soon gone " + word(i), i + "d"));
                }
                if (i % 25 == 24) {
                    topic.person("bo", "forget", "s" + i % 7, Value.Struct.EMPTY);
                }
                topic.later(day).commit();
                memory.search(words("number"), topic.now());
            }
            grown.addAll(memory.search(words("number of kilo"), topic.now()).memories());
            grown.addAll(all(memory, topic.now()));
        }
        delete(store.resolve("memory"));
        assertThat(grown).hasSizeGreaterThan(40);
        try (var memory = memory()) {
            var anew =
                    new ArrayList<>(memory.search(words("number of kilo"), topic.now()).memories());
            anew.addAll(all(memory, topic.now()));

            assertThat(anew).isEqualTo(grown);
        }
    }

    @Test
    void an_index_that_is_damaged_anywhere_is_made_anew() throws Exception {
        for (int i = 0; i < 20; i++) {
            topic.fact("s" + i, "The number of " + word(i) + " is " + i);
        }
        var whole = all();
        var files = files(store.resolve("memory"));
        assertThat(files).hasSizeGreaterThan(3);
        for (var file : files) {
            if (Files.exists(file)
                    && Files.size(file) > 0
                    && !file.endsWith("write.lock")
                    && !file.toString().contains("vectors")) {
                var bytes = Files.readAllBytes(file);
                bytes[bytes.length / 2] ^= 0x55;
                Files.write(file, bytes);
                assertThat(all()).as("after damage to " + file).isEqualTo(whole);
            }
        }
    }

    @Test
    void an_index_of_another_topic_is_made_anew() throws Exception {
        topic.fact("ana", "Ana prefers green tea").fact("bo", "Bo drinks coffee");
        assertThat(all()).hasSize(2);
        journal = new MemoryJournal();
        new Tellings(journal).fact("eve", "Eve eats apples").fact("eve", "Eve is tall").commit();

        assertThat(all()).extracting(one -> one.memory().about()).containsExactly("eve", "eve");
    }

    @Test
    void two_that_look_at_once_find_everything_that_was_told_before() throws Exception {
        try (var one = memory();
                var two = memory();
                var pool = Executors.newFixedThreadPool(4)) {
            for (int round = 0; round < 10; round++) {
                topic.fact("ana", "Ana has seen the number " + round).commit();
                int told = round + 1;
                var looks = new ArrayList<Future<Integer>>();
                for (var memory : List.of(one, two, one, two)) {
                    looks.add(pool.submit(() -> all(memory, topic.now()).size()));
                }
                for (var look : looks) {
                    assertThat(look.get()).isEqualTo(told);
                }
            }
        }
    }

    @Test
    void tenants_do_not_see_one_another() throws Exception {
        topic.fact("ana", "Ana prefers green tea").commit();
        try (var memory = memory();
                var others = LongTermMemory.of(store, OTHER, () -> journal)) {
            new Tellings(journal, OTHER).fact("ana", "Ana is somebody else").commit();

            assertThat(all(others, topic.now()))
                    .extracting(one -> one.memory().text())
                    .containsExactly("Ana is somebody else");
            assertThat(all(memory, topic.now()))
                    .extracting(one -> one.memory().text())
                    .containsExactly("Ana prefers green tea");
        }
    }

    // ---- what comes in

    @Test
    void whoever_tells_something_is_trusted_as_far_as_the_journal_knows_them() throws Exception {
        var text = Value.struct("text", Value.text("Ana prefers green tea"));
        topic.run("R1", "fact", "1", text).person("ana", "fact", "2", text);
        topic.told("ana", "https://elsewhere.example", "fact", "3", text);
        topic.told("mallory", "tutti/ana", "fact", "4", text);
        topic.told("mallory", "/runs/R1", "fact", "5", text);
        topic.run(
                "R1",
                "fact",
                "6",
                Value.struct("text", Value.text("It is so"), "trust", Value.text("outside")));
        topic.run("R1", "fact", "7", text).person("ana", "fact", "7", text);
        topic.told("x", "y", "fact", "8", text).run("R1", "fact", "8", text);

        assertThat(all())
                .extracting(one -> one.memory().trust())
                .containsExactly(
                        Trust.AGENT,
                        Trust.PERSON,
                        Trust.OUTSIDE,
                        Trust.OUTSIDE,
                        Trust.OUTSIDE,
                        Trust.OUTSIDE,
                        Trust.PERSON,
                        Trust.OUTSIDE);
    }

    @Test
    void a_message_may_have_several_facts_or_none() throws Exception {
        topic.run(
                "R1",
                "fact",
                "ana",
                Value.struct(
                        "facts",
                        Value.array(
                                Value.text("Ana wears a hat"),
                                Value.struct(
                                        "text", Value.text("Bo is bald"),
                                        "about", Value.text("bo")))));
        topic.run("R1", "fact", "ana", Value.struct("facts", Value.Array.EMPTY));

        assertThat(all()).extracting(one -> one.memory().id()).containsExactly("m1", "m1.2");
        assertThat(all()).extracting(one -> one.memory().about()).containsExactly("ana", "bo");
    }

    @Test
    void what_cannot_be_remembered_is_passed_over_and_it_is_said_why() throws Exception {
        topic.run("R1", "fact", "ana", Value.struct("txet", Value.text("Ana wears a hat")));
        topic.run("R1", "fact", "ana", Value.text("Ana wears a hat"));
        topic.run("R1", "fact", "ana", expiring("Ana wears a hat", "soon"));
        topic.run("R1", "rumour", "ana", Value.Struct.EMPTY);
        topic.run("R1", "forget", null, Value.Struct.EMPTY);
        topic.run("R1", "rules", null, Value.struct("half_life", Value.of(3)));
        topic.run("R1", "fact", "ana", Value.struct("text", Value.text("x".repeat(10_001))));
        topic.fact("ana", "Ana wears a hat").commit();

        try (var memory = memory()) {
            assertThat(all(memory, topic.now()))
                    .extracting(one -> one.memory().id())
                    .containsExactly("m8");
            assertThat(memory.unread(topic.now()))
                    .hasSize(7)
                    .anyMatch(why -> why.startsWith("message 1: `txet` is nothing"))
                    .anyMatch(why -> why.startsWith("message 3: `expires` is a time"))
                    .anyMatch(why -> why.startsWith("message 7: `text` has 1 to 10000 "));
        }
    }

    // ---- searching

    @Test
    void what_is_known_about_a_subject_is_found_by_its_name_and_by_meaning() throws Exception {
        topic.fact("ana", "She would rather be called in the evening");
        topic.fact("bo", "He pays by invoice").fact("eve", "She lives near the harbour").commit();

        try (var memory = memory()) {
            var found =
                    memory.search(Wanted.of("When does Ana want a phone call?", 2), topic.now());

            assertThat(found.hybrid()).isTrue();
            assertThat(found.memories().getFirst().memory().about()).isEqualTo("ana");
            assertThat(found.memories().getFirst().score()).isLessThanOrEqualTo(1.0001);
        }
    }

    // ---- how the tests look

    private LongTermMemory memory() throws IOException {
        return LongTermMemory.of(store, TenantId.LOCAL, () -> journal);
    }

    private List<Recalled> all() throws Exception {
        topic.commit();
        try (var memory = memory()) {
            return all(memory, topic.now());
        }
    }

    private static List<Recalled> all(LongTermMemory memory, Instant now) throws Exception {
        return memory.all(null, EnumSet.allOf(Kind.class), now);
    }

    private static Wanted words(String query) {
        return new Wanted(query, null, EnumSet.allOf(Kind.class), 50, false);
    }

    private List<Recalled> search(String query, String about) throws Exception {
        try (var memory = memory()) {
            return memory.search(
                            new Wanted(query, about, EnumSet.of(Kind.FACT), 10, false), topic.now())
                    .memories();
        }
    }

    private static double score(LongTermMemory memory, Duration later) throws Exception {
        return memory.search(words("green tea"), Tellings.BEGINNING.plus(later))
                .memories()
                .getFirst()
                .score();
    }

    private static String word(int number) {
        return List.of("alpha", "bravo", "kilo", "lima", "oscar", "papa", "romeo").get(number % 7)
                + (char) ('a' + number % 20);
    }

    private static Value value(String attribute, String value) {
        return Value.struct("attribute", Value.text(attribute), "value", Value.text(value));
    }

    private static Value expiring(String text, String when) {
        return Value.struct("text", Value.text(text), "expires", Value.text(when));
    }

    private List<Path> filesWith(String word) throws IOException {
        var found = new ArrayList<Path>();
        for (var file : files(store.resolve("memory"))) {
            if (new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(word)) {
                found.add(file);
            }
        }
        return found;
    }

    private static List<Path> files(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private static void delete(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> {
                        try {
                            Files.delete(file);
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    });
        }
    }
}
