package dev.tutti.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.Value;
import dev.tutti.runtime.json.Json;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What is remembered from run to run, over HTTP.
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(60)
class MemoryOverHttpTest {
    private static final String MEMORY = "/api/v1/memory";
    private static final String BY_WORDS = MEMORY + "/search?words=true&q=";

    @TempDir Path folder;

    private static void tell(Served served, String text, String about) throws Exception {
        var told =
                served.admin.post(
                        "/api/v1/messages?topic=memory",
                        Value.struct(
                                "type",
                                Value.text("fact"),
                                "subject",
                                Value.text(about),
                                "data",
                                Value.struct("text", Value.text(text))));
        assertThat(told.status()).as(new String(told.bytes(), UTF_8)).isEqualTo(202);
    }

    private static List<String> texts(Value.Struct document) {
        if (document.get("memories") instanceof Value.Array(var items)) {
            return items.stream().map(one -> ((Value.Struct) one).text("text")).toList();
        }
        throw new AssertionError("no memories in " + document);
    }

    @Test
    void memories_are_searched_listed_shown_exported_and_forgotten() throws Exception {
        try (var served = Served.in(folder, Served.options())) {
            tell(served, "Ada Lovelace lives in London and paints lighthouses.", "ada");
            tell(served, "The archive is shut on Mondays.", "archive");
            tell(served, "Ask ada before the archive is moved.", "move");

            assertThat(texts(served.get(BY_WORDS + "lighthouses"))).hasSize(1);
            assertThat(texts(served.get(BY_WORDS + "archive&most=1"))).hasSize(1);
            assertThat(texts(served.get(BY_WORDS + "archive&about=move"))).hasSize(1);
            assertThat(served.get(BY_WORDS + "lighthouses").text("retrieval")).isEqualTo("words");
            var all = served.get(MEMORY);
            assertThat(all.get("count")).isEqualTo(Value.of(3));
            assertThat(texts(all).getFirst()).startsWith("Ask ada");
            assertThat(texts(served.get(MEMORY + "?about=ada"))).hasSize(1);
            assertThat(texts(served.get(MEMORY + "?kind=episode"))).isEmpty();
            assertThat(texts(served.get(MEMORY + "?kind=fact&kind=procedure"))).hasSize(3);
            assertThat(texts(served.get(MEMORY + "?limit=2"))).hasSize(2);
            var shown = served.get(MEMORY + "/m1");
            assertThat(shown.text("about")).isEqualTo("ada");
            assertThat(shown.toString()).contains("operator");
            var run = served.begin("plain");
            served.awaitStatus(run, "succeeded");
            var episode = served.get(MEMORY + "/run/" + run);
            assertThat(episode.text("kind")).isEqualTo("episode");
            var lines = new String(served.admin.get(MEMORY + "/export").bytes(), UTF_8);
            assertThat(lines.lines().map(Json::parse)).hasSize(4);

            var wanted = Value.struct("about", Value.text("ada"));
            var dry = served.admin.post(MEMORY + "/forget", wanted.with("dry_run", Value.of(true)));
            assertThat(dry.body().get("forgotten")).isEqualTo(Value.of(1));
            assertThat(dry.body().get("named_in")).isEqualTo(Value.array(Value.text("m3")));
            assertThat(served.get(MEMORY + "/m1").text("id")).isEqualTo("m1");

            var gone = served.admin.post(MEMORY + "/forget", wanted);
            assertThat(gone.status()).isEqualTo(200);
            assertThat(gone.body().get("messages_on_record")).isEqualTo(Value.of(1));
            assertThat(served.admin.get(MEMORY + "/m1").problem()).isEqualTo("404 no_memory");
            assertThat(texts(served.get(BY_WORDS + "lighthouses"))).isEmpty();
            assertThat(new String(served.admin.get(MEMORY + "/export").bytes(), UTF_8))
                    .doesNotContain("lighthouses");
            assertThat(filesWith("lighthouses")).isEmpty();
        }
    }

    @Test
    void under_one_key_it_is_told_and_forgotten_once() throws Exception {
        try (var served = Served.in(folder, Served.options())) {
            var fact = "{\"text\": \"Ada lives in London.\", \"about\": \"ada\"}";
            assertThat(
                            keyed(served, "remember", "{\"text\": \"x\", \"expires\": \"soon\"}")
                                    .problem())
                    .isEqualTo("400 bad_request");
            var told = keyed(served, "remember", fact);
            assertThat(keyed(served, "remember", fact).body()).isEqualTo(told.body());
            assertThat(served.get(MEMORY + "/m1").get("confirmations")).isEqualTo(Value.of(0));
            assertThat(keyed(served, "remember", fact.replace("London", "Paris")).problem())
                    .isEqualTo("422 wrong_key");

            var rules = keyed(served, "rules", "{\"half_life\": \"30d\"}");
            served.admin.post(MEMORY + "/rules", Value.struct("half_life", Value.text("60d")));
            assertThat(keyed(served, "rules", "{\"half_life\": \"30d\"}").body().text("half_life"))
                    .isEqualTo("60d");
            assertThat(rules.body().text("half_life")).isEqualTo("30d");

            var forget = "{\"id\": \"m1\"}";
            var gone = keyed(served, "forget", forget);
            assertThat(gone.body().get("forgotten")).isEqualTo(Value.of(1));
            assertThat(keyed(served, "forget", forget).body()).isEqualTo(gone.body());
            assertThat(keyed(served, "forget", "{\"about\": \"ada\"}").problem())
                    .isEqualTo("422 wrong_key");
            // One told, two rules, one forgotten: nothing twice.
            assertThat(served.get("/api/v1/topics/memory/messages").toString())
                    .contains("sequence=Int[value=4]")
                    .doesNotContain("sequence=Int[value=5]");
            assertThat(filesWith("London")).isEmpty();
        }
    }

    private static Client.Answer keyed(Served served, String what, String body) throws Exception {
        return served.admin.send(
                served.admin
                        .request(MEMORY + "/" + what)
                        .header("idempotency-key", "one")
                        .POST(BodyPublishers.ofString(body))
                        .build());
    }

    @Test
    void a_fact_is_told_and_confirmed_and_the_rules_hold_for_what_is_told_from_now_on()
            throws Exception {
        try (var served = Served.in(folder, Served.options());
                var viewer = served.with("viewer")) {
            var remember = MEMORY + "/remember";
            var fact =
                    Value.struct(
                            "text", Value.text("Ada lives in London."), "about", Value.text("ada"));
            var told = served.admin.post(remember, fact);
            assertThat(told.status()).as(new String(told.bytes(), UTF_8)).isEqualTo(200);
            var memory = (Value.Struct) Objects.requireNonNull(told.body().get("memory"));
            assertThat(memory.text("id")).isEqualTo("m1");
            // Whoever asks tells it in person: it is trusted more than a message of somebody's.
            assertThat(memory.text("trust")).isEqualTo("person");
            var again = served.admin.post(remember, fact).body().get("memory");
            assertThat(((Value.Struct) Objects.requireNonNull(again)).get("confirmations"))
                    .isEqualTo(Value.of(1));
            assertThat(served.get(MEMORY).get("count")).isEqualTo(Value.of(1));
            assertThat(viewer.post(remember, fact).problem()).isEqualTo("403 no_right");
            assertThat(served.admin.post(remember).problem()).isEqualTo("400 bad_request");
            assertThat(
                            served.admin
                                    .post(remember, fact.with("expires", Value.text("soon")))
                                    .problem())
                    .isEqualTo("400 bad_request");

            assertThat(viewer.get(MEMORY + "/rules").body().text("half_life")).isNotEmpty();
            var change =
                    Value.struct(
                            "half_life",
                            Value.text("30d"),
                            "retain",
                            Value.struct("episodes", Value.text("10d")));
            assertThat(viewer.post(MEMORY + "/rules", change).problem()).isEqualTo("403 no_right");
            assertThat(served.admin.post(MEMORY + "/rules", change).status()).isEqualTo(200);
            var rules = served.get(MEMORY + "/rules");
            assertThat(rules.text("half_life")).isEqualTo("30d");
            assertThat(rules.toString()).contains("10d");
            assertThat(
                            served.admin
                                    .post(
                                            MEMORY + "/rules",
                                            Value.struct("half_life", Value.text("a while")))
                                    .problem())
                    .isEqualTo("400 bad_request");
        }
    }

    /// The files of the index that have a word in them.
    private List<Path> filesWith(String word) throws Exception {
        try (var files = Files.walk(folder.resolve("memory"))) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> {
                        try {
                            return new String(
                                            Files.readAllBytes(file),
                                            java.nio.charset.StandardCharsets.ISO_8859_1)
                                    .contains(word);
                        } catch (java.io.IOException e) {
                            throw new java.io.UncheckedIOException(e);
                        }
                    })
                    .toList();
        }
    }

    @Test
    void what_makes_no_sense_is_refused_with_a_reason() throws Exception {
        try (var served = Served.inMemory();
                var viewer = served.with("viewer")) {
            assertThat(viewer.get(MEMORY).status()).isEqualTo(200);
            assertThat(viewer.get(MEMORY + "/search?q=").problem()).isEqualTo("400 bad_request");
            assertThat(viewer.get(MEMORY + "?kind=dream").problem()).isEqualTo("400 bad_request");
            assertThat(viewer.get(MEMORY + "/m9").problem()).isEqualTo("404 no_memory");
            var forget = MEMORY + "/forget";
            var ada = Value.struct("about", Value.text("ada"));
            assertThat(viewer.post(forget, ada).problem()).isEqualTo("403 no_right");
            assertThat(served.admin.post(forget, ada).problem()).isEqualTo("404 no_memory");
            assertThat(served.admin.post(forget).problem()).isEqualTo("400 bad_request");
            assertThat(served.admin.post(forget, ada.with("id", Value.text("m1"))).problem())
                    .isEqualTo("400 bad_request");
            assertThat(
                            served.admin
                                    .post(forget, Value.struct("abuot", Value.text("ada")))
                                    .problem())
                    .isEqualTo("400 bad_request");
        }
    }
}
