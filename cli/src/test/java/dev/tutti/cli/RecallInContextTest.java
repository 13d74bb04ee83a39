package dev.tutti.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.Team;
import dev.tutti.Tutti;
import dev.tutti.core.event.Outcome;
import dev.tutti.core.event.Status;
import dev.tutti.core.event.Value;
import dev.tutti.core.memory.Context;
import dev.tutti.runtime.agent.Attempt;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What is remembered of earlier runs and bears on a task is given to its agent, as a part of its
/// context.
@Timeout(120)
class RecallInContextTest {
    private static final String TEAM =
            """
            tutti: 1
            agents:
              clerk:
                skills: [answer]
                uses: simulated
                with: { latency: 1ms, output: { known: "${input.memories}" } }
            workflows:
              main:
                input: { customer: string, text: string }
                tasks:
                  answer:
                    skill: answer
                    input: { customer: "${input.customer}", text: "${input.text}" }
                    context: { tokens: %d, recall: { most: 3, about: customer, query: text, kinds: fact } }
                output: "${answer.known}"
            """;

    @TempDir private Path folder;

    private static void remember(Console console, String text, String about) {
        var said = console.run("memory", "remember", text, "--about", about);
        assertThat(said.code()).as(said.err()).isZero();
    }

    private static Console.Said answer(Console console, String... more) {
        var all = new java.util.ArrayList<String>();
        all.addAll(List.of("run", "team.yaml", "-i", "customer=ana"));
        all.addAll(List.of("-i", "text=what tea does she like in the evening?"));
        all.addAll(List.of(more));
        return console.run(all.toArray(String[]::new));
    }

    @Test
    void an_agent_is_given_what_bears_on_its_task_and_a_replay_needs_no_memory() {
        var console = new Console(folder);
        console.write("team.yaml", TEAM.formatted(2_000));
        assertThat(answer(console).out().strip()).isEqualTo("[ ]");
        remember(console, "Ana likes green tea in the evening", "ana");
        remember(console, "Bo likes black tea in the evening", "bo");

        var second = answer(console, "--record", "calls.jsonl");
        assertThat(second.out())
                .contains("Ana likes green tea", "\"trust\" : \"person\"")
                .doesNotContain("Bo");

        var run =
                console.run("runs", "--json")
                        .out()
                        .replaceAll("(?s).*?\"run\" : \"([^\"]+)\".*", "$1");
        assertThat(console.run("show", run, "--steps").out()).contains("recall");
        remember(console, "Ana likes white tea in the evening as well", "ana");
        var again = answer(console, "--replay", "calls.jsonl", "--store", "empty");
        assertThat(again.code()).as(again.err()).isZero();
        assertThat(again.out()).isEqualTo(second.out());
    }

    @Test
    void what_there_is_no_room_for_is_left_out_and_said_to_be() {
        var console = new Console(folder);
        console.write("team.yaml", TEAM.formatted(200));
        for (var tea : List.of("green", "black", "white")) {
            remember(
                    console,
                    "Ana likes " + tea + " tea in the evening, " + "with much honey ".repeat(5),
                    "ana");
        }

        var said = answer(console, "--record", "calls.jsonl");

        assertThat(said.code()).as(said.err()).isZero();
        assertThat(said.out())
                .containsOnlyOnce("honey with much honey with much honey with much honey with");
        assertThat(folder.resolve("calls.jsonl")).content().contains("left_out");
    }

    /// Who goes on after a question is given what it was given before.
    @Test
    void an_attempt_that_goes_on_is_given_the_same() throws Exception {
        var given = new CopyOnWriteArrayList<Value.Struct>();
        var team =
                Team.define()
                        .agent(
                                "clerk",
                                List.of("answer"),
                                attempt -> {
                                    given.add(attempt.input());
                                    attempt.ask(
                                            new Attempt.Ask(
                                                    "sure",
                                                    "Are you sure?",
                                                    List.of("yes"),
                                                    Value.NULL));
                                    return Outcome.succeeded(Value.Struct.EMPTY);
                                })
                        .workflow(
                                "main",
                                workflow ->
                                        workflow.task(
                                                "answer",
                                                "answer",
                                                Map.of("text", "green tea"),
                                                Map.of(
                                                        "context",
                                                        Map.of("tokens", 400, "recall", 2))));
        var store = folder.resolve(".tutti");
        var console = new Console(folder);
        remember(console, "Ana likes green tea", "ana");
        try (var tutti = Tutti.open(store)) {
            var run = tutti.submit(team.goal("main", Map.of()));
            while (tutti.questions().isEmpty()) {
                Thread.sleep(20);
            }
            remember(console, "Bo likes green tea more than anything", "bo");
            run.answer(tutti.questions().getFirst().asked().question().id(), Value.text("yes"), "");
            assertThat(run.await().status()).isEqualTo(Status.SUCCEEDED);
        }
        assertThat(given).hasSize(2);
        assertThat(given.get(1)).isEqualTo(given.get(0));
        assertThat(given.get(0).get("memories")).asString().contains("Ana");
        assertThat(Context.tokens(given.get(0))).isLessThanOrEqualTo(400);
    }
}
