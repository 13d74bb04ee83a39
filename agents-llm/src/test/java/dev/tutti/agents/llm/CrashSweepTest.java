package dev.tutti.agents.llm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.Run;
import dev.tutti.Team;
import dev.tutti.Tutti;
import dev.tutti.core.event.Status;
import dev.tutti.core.event.Value;
import dev.tutti.testkit.FakeOpenAi;
import dev.tutti.testkit.FakeReply;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A conversation that uses a model which stands in for another, a tool, a note and a person, and
/// whose process is gone at any moment.
///
/// At each call to the outside the files of the store are copied: they are what `kill -9` would
/// have left at that moment. From each copy the run goes on, in a store of its own.
@Timeout(60)
class CrashSweepTest {
    @TempDir Path folder;

    private final FakeOpenAi broken =
            FakeOpenAi.start().whenever(".", FakeReply.error(503, "down"));
    private final FakeOpenAi server = FakeOpenAi.start();

    /// What was called outside, in order.
    private final List<String> calls = Collections.synchronizedList(new ArrayList<>());

    /// The files of the store at each call, and while the person was asked.
    private final List<Path> copies = Collections.synchronizedList(new ArrayList<>());

    /// For each copy, how many calls were on record.
    private final List<Integer> recorded = Collections.synchronizedList(new ArrayList<>());

    private volatile boolean copying = true;

    CrashSweepTest() throws IOException {
        broken.heard(_ -> called("first"));
        server.whenever("The person answers", FakeReply.text("It is blue.").usage(50, 5))
                .whenever(
                        "\"name\":\"write_note\"",
                        FakeReply.call("ask_person", Map.of("question", "Blue or red?"))
                                .usage(40, 5))
                .whenever(
                        "\"name\":\"lookup\"",
                        FakeReply.call(
                                        "write_note",
                                        Map.of("key", "help.todo", "value", "paint it"))
                                .usage(30, 5))
                .whenever(".", FakeReply.call("lookup", Map.of("x", 1)).usage(20, 5))
                .heard(_ -> called("spare"));
    }

    @AfterEach
    void end() {
        broken.close();
        server.close();
    }

    private String team() {
        return """
        tutti: 1
        models:
          first: { provider: openai, model: a, base_url: "%s", api_key: k, retries: 0, price: { input: 1, output: 1 } }
          spare: { provider: openai, model: b, base_url: "%s", api_key: k, price: { input: 1, output: 1 } }
        tools:
          lookup: { uses: function, policy: [ { allow: true } ] }
        agents:
          helper: { skills: [help], uses: llm, with: { model: [first, spare], tools: [lookup], may: [ask_person] } }
        workflows:
          main:
            tasks:
              help: { skill: help, input: { ask: "What colour?" }, notes: { agent: [todo] } }
            output: { said: "${help.text}", todo: "${notes.help.todo}" }
        """
                .formatted(broken.baseUrl(), server.baseUrl());
    }

    private Path store() {
        return folder.resolve("store");
    }

    private void called(String whom) {
        // That the first model did not answer is part of the step in which the other one does.
        boolean instead = !calls.isEmpty() && calls.getLast().equals("first");
        int before = instead ? calls.size() - 1 : calls.size();
        calls.add(whom);
        if (copying) {
            copy(before);
        }
    }

    private void copy(int before) {
        var to = folder.resolve("copy" + copies.size());
        try (var files = Files.list(store())) {
            Files.createDirectories(to);
            for (var file : files.filter(Files::isRegularFile).toList()) {
                if (!file.endsWith("owner.lock")) {
                    Files.copy(file, to.resolve(file.getFileName().toString()));
                }
            }
            recorded.add(before);
            copies.add(to);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Value answered(Tutti tutti, Run run, boolean copyHere) throws Exception {
        while (run.load().state().questions().isEmpty() && !run.load().state().status().isFinal()) {
            Thread.sleep(5);
        }
        if (copyHere) {
            copy(calls.size());
        }
        for (var question : run.load().state().questions().keySet()) {
            run.answer(question, Value.text("blue"), "");
        }
        var result = run.await();
        assertThat(result.status())
                .as(String.valueOf(result.failure()))
                .isEqualTo(Status.SUCCEEDED);
        assertThat(tutti.unfinished()).isEmpty();
        return result.output();
    }

    @Test
    void wherever_the_process_is_gone_no_recorded_call_is_made_again_and_the_result_is_the_same()
            throws Exception {
        var file = folder.resolve("team.yaml");
        Files.writeString(file, team());
        var lookup =
                Trial.function(
                        "lookup",
                        _ -> {
                            called("tool");
                            return Value.text("red or blue");
                        });
        Value expected;
        try (var tutti = Tutti.open(store())) {
            var run = tutti.submit(Team.read(file).tool("lookup", lookup).goal("main", Map.of()));
            expected = answered(tutti, run, true);
        }
        assertThat(expected)
                .isEqualTo(
                        Value.struct(
                                "said", Value.text("It is blue."), "todo", Value.text("paint it")));
        var whole = List.copyOf(calls);
        assertThat(whole).containsExactly("first", "spare", "tool", "spare", "spare", "spare");
        assertThat(copies).hasSize(7);

        copying = false;
        for (int i = 0; i < copies.size(); i++) {
            calls.clear();
            try (var tutti = Tutti.open(copies.get(i)).tool("lookup", lookup)) {
                tutti.own();
                var run = tutti.unfinished().getFirst();
                assertThat(answered(tutti, run, false)).as("copy %d", i).isEqualTo(expected);
            }
            assertThat(calls)
                    .as("calls after copy %d", i)
                    .isEqualTo(whole.subList(recorded.get(i), whole.size()));
        }
    }
}
