package dev.tutti.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.Team;
import dev.tutti.Tutti;
import dev.tutti.agents.local.memory.Kind;
import dev.tutti.agents.local.memory.LongTermMemory;
import dev.tutti.core.event.TenantId;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.json.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What is remembered from run to run, as people and runs tell it.
@Timeout(120)
class MemoryCommandsTest {
    @TempDir Path folder;

    @Test
    void what_a_person_tells_is_found_shown_confirmed_and_forgotten() throws Exception {
        var console = new Console(folder);
        assertThat(said(console, "remember", "Ana prefers green tea", "--about", "ana"))
                .isEqualTo("remembered as m1\n");
        assertThat(said(console, "remember", "Ana prefers the green tea.", "--about", "ana"))
                .isEqualTo("confirmed m1, told again 1 time by now\n");
        assertThat(said(console, "remember", "Ana does not prefer green tea", "--about", "ana"))
                .contains("it contradicts m1 · see both: tutti memory show m3");
        assertThat(said(console, "remember", "Zanzibarian coffee is best", "--about", "bo"))
                .contains("m4");

        assertThat(console.run("memory", "search", "tea", "--words").out())
                .containsSubsequence("m3  Ana does not", "contradicts m1", "m1  Ana prefers");
        assertThat(console.run("memory", "show", "m1").out())
                .contains("told again 1 time", "told by tutti/", "m3  Ana does not");
        assertThat(Json.parse(console.run("memory", "list", "--json").out()))
                .matches(list -> Value.of(3).equals(((Value.Struct) list).get("count")));
        assertThat(console.run("memory", "export", "--about", "ana").out().lines()).hasSize(2);

        assertThat(said(console, "forget", "--about", "ana"))
                .contains("forgot 2 memories about ana", "3 messages of the topic memory");

        assertThat(console.run("memory", "show", "m1").code()).isEqualTo(2);
        assertThat(console.run("memory", "export").out()).contains("Zanz").doesNotContain("Ana");
        try (var files = Files.walk(folder.resolve(".tutti/memory"))) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                assertThat(Files.readAllBytes(file))
                        .as(file.toString())
                        .matches(bytes ->
                                !new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1)
                                        .contains("green"));
            }
        }
    }

    private static String said(Console console, String... arguments) {
        var all = new String[arguments.length + 1];
        all[0] = "memory";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        var said = console.run(all);
        assertThat(said.code()).as(said.err()).isZero();
        return said.err();
    }

    @Test
    void what_cannot_be_done_is_refused_with_what_to_do_instead() {
        var console = new Console(folder);
        assertThat(console.run("memory", "list").err()).contains("there is no store in");
        said(console, "remember", "Ana prefers green tea");
        assertRefused(console, "there is no memory `m9`; `tutti memory list`", "show", "m9");
        assertRefused(console, "go together: one is missing", "remember", "x", "--attribute", "y");
        assertRefused(
                console, "`expires` is a time from now", "remember", "x", "--expires", "soon");
        assertRefused(console, "`text` has 1 to 10000 characters, not 0", "remember", " ");
        assertRefused(console, "nothing is remembered about `bo`", "forget", "--about", "bo");
        assertRefused(console, "name one memory to forget", "forget");
        assertRefused(console, "there is no kind `dream`", "search", "x", "--kind", "dream");
        assertRefused(console, "there is nothing to look for", "search", " ");
        assertRefused(console, "`half_life` is a time such as `90d`", "rules", "--half-life", "9");
        assertThat(console.run("memory", "rules", "--retain-facts", "365d").out())
                .isEqualTo(
                        "{\"half_life\":\"90d\",\"retain\":{\"facts\":\"365d\",\"episodes\":\"forever\"}}\n");
        assertThat(console.run("memory").err()).contains("tutti memory [-hV] COMMAND");
    }

    private static void assertRefused(Console console, String why, String... arguments) {
        var all = new String[arguments.length + 1];
        all[0] = "memory";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        var said = console.run(all);
        assertThat(said.err()).contains(why);
        assertThat(said.code()).isEqualTo(ExitCode.WRONG_REQUEST);
    }

    @Test
    void the_example_remembers_from_run_to_run() throws Exception {
        var team = Team.read(Path.of("../examples/memory/team.yaml"));
        try (var tutti = Tutti.open(folder.resolve("store"))) {
            assertThat(output(tutti, team, "I prefer to be called in the evening"))
                    .isEqualTo("We know nothing about ana yet.");
            assertThat(output(tutti, team, "When do you call me about my order?"))
                    .isEqualTo("We know that ana said: I prefer to be called in the evening.");
        }
    }

    @Test
    void a_store_that_is_gone_with_the_process_remembers_as_long() throws Exception {
        var team = Team.read(Path.of("../examples/memory/team.yaml"));
        try (var tutti = Tutti.inMemory()) {
            output(tutti, team, "I prefer to be called in the evening");
            assertThat(output(tutti, team, "When will you call?")).contains("in the evening");
        }
    }

    private static String output(Tutti tutti, Team team, String text) throws Exception {
        var inputs = Map.of("customer", "ana", "text", text);
        var result =
                tutti.submit(team.goal("support", inputs))
                        .await(Duration.ofSeconds(60))
                        .orElseThrow();
        assertThat(result.succeeded()).as(result.toString()).isTrue();
        return ((Value.Text) result.output()).value();
    }

    @Test
    void what_came_of_runs_is_remembered_and_forgotten_with_whom_they_were_about()
            throws Exception {
        var team = Team.read(Path.of("../examples/memory/team.yaml"));
        var store = folder.resolve("store");
        var about = new Console(folder).with("TUTTI_STORE", store.toString());
        try (var tutti = Tutti.open(store)) {
            output(tutti, team, "I prefer to be called in the evening");
            tutti.submit(team.goal("support", Map.of("customer", "bo", "text", "Hello")))
                    .await(Duration.ofSeconds(60));
        }
        var listed = about.run("memory", "list", "--kind", "episode").out();
        assertThat(listed)
                .contains("support (customer: ana, text: I prefer", "succeeded: We know nothing")
                .contains("support (customer: bo, text: Hello) succeeded");
        assertThat(about.run("memory", "search", "Hello", "--words").out())
                .startsWith("run/")
                .contains("customer: bo");

        said(about, "forget", "--about", "ana");

        var left = about.run("memory", "export").out();
        assertThat(left).contains("customer: bo").doesNotContain("ana");
        delete(store.resolve("memory"));
        assertThat(about.run("memory", "export").out()).isEqualTo(left);
        said(about, "rules", "--retain-episodes", "1ms");
        assertThat(about.run("memory", "export").out()).isEmpty();
        said(about, "rules", "--retain-episodes", "forever");
        assertThat(about.run("memory", "export").out()).isEqualTo(left);
    }

    @Test
    void how_a_goal_was_reached_is_remembered_with_its_plan_and_forgotten() throws Exception {
        var store = folder.resolve("store");
        var about = new Console(folder).with("TUTTI_STORE", store.toString());
        var team = Path.of("../examples/planned/team.yaml").toAbsolutePath().toString();
        for (var topic : new String[] {"bees", "owls"}) {
            assertThat(about.run("run", team, "-i", "topic=" + topic).code()).isZero();
        }
        var found =
                about.run("memory", "search", "brief on owls", "--kind", "procedure", "--words");
        assertThat(found.out())
                .contains("A brief on owls")
                .contains("succeeded by archive, summarize for each of ${archive.pages}, write")
                .doesNotContain("fetch");
        assertThat(about.run("memory", "list", "--kind", "episode").out()).isEmpty();

        said(about, "forget", "--about", "owls");

        var left = about.run("memory", "export").out();
        assertThat(left).contains("bees", "\"kind\":\"procedure\"").doesNotContain("owls");
        delete(store.resolve("memory"));
        assertThat(about.run("memory", "export").out()).isEqualTo(left);
        said(about, "rules", "--retain-episodes", "1ms");
        assertThat(about.run("memory", "export").out()).isEmpty();
    }

    private static void delete(Path folder) throws Exception {
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @Test
    void what_a_run_tells_that_failed_crashed_and_went_on_is_there_once() throws Exception {
        var store = folder.resolve("store");
        var calls = new AtomicInteger();
        var reached = new CountDownLatch(1);
        var emit =
                Map.of(
                        "topic",
                        "memory",
                        "message",
                        "fact",
                        "key",
                        "ana",
                        "data",
                        Map.of("text", "${output.text}"));
        var team =
                Team.define()
                        .agent(
                                "teller",
                                "tell",
                                _ -> {
                                    if (calls.incrementAndGet() == 1) {
                                        throw new IllegalStateException("not yet");
                                    }
                                    return Map.of("text", "Ana prefers green tea");
                                })
                        .agent(
                                "sleeper",
                                "sleep",
                                _ -> {
                                    if (reached.getCount() > 0) {
                                        reached.countDown();
                                        Thread.sleep(60_000);
                                    }
                                    return Map.of("done", true);
                                })
                        .workflow(
                                "main",
                                w ->
                                        w.task(
                                                        "tell",
                                                        "tell",
                                                        Map.of(),
                                                        Map.of(
                                                                "emit",
                                                                emit,
                                                                "retry",
                                                                Map.of(
                                                                        "attempts",
                                                                        3,
                                                                        "backoff",
                                                                        "1ms..5ms")))
                                                .task("sleep", "sleep", Map.of("x", "${tell.text}"))
                                                .output("${sleep.done}"));
        String id;
        try (var tutti = Tutti.open(store)) {
            id = tutti.submit(team.goal("main", Map.of())).id().value();
            reached.await();
        }
        try (var tutti = Tutti.open(store)) {
            tutti.function(
                    "teller",
                    _ -> {
                        throw new IllegalStateException("done already");
                    });
            tutti.function(
                    "sleeper",
                    _ ->
                            dev.tutti.core.event.Outcome.succeeded(
                                    Value.struct("done", Value.of(true))));
            assertThat(tutti.run(id).await(Duration.ofSeconds(60)).orElseThrow().succeeded())
                    .isTrue();
            try (var memory = LongTermMemory.of(store, TenantId.LOCAL, tutti::reader)) {
                var all = memory.all(null, EnumSet.of(Kind.FACT), Instant.now());

                assertThat(all).hasSize(1);
                assertThat(all.getFirst().memory().confirmations()).isZero();
                assertThat(all.getFirst().memory().task()).isEqualTo("tell");
                assertThat(List.of("run/" + id)).contains(all.getFirst().memory().from());
            }
        }
        assertThat(calls).hasValue(2);
    }
}
