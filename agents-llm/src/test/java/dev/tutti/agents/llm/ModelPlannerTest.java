package dev.tutti.agents.llm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.Run;
import dev.tutti.Team;
import dev.tutti.Tutti;
import dev.tutti.core.event.Money;
import dev.tutti.core.event.Question;
import dev.tutti.core.event.Status;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Value;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Goals that a language model breaks into tasks. The model follows a script, so that each of its
/// mistakes is made for sure.
@Timeout(60)
class ModelPlannerTest {
    @TempDir Path folder;

    private Run begin(Tutti tutti, String replies, String more) throws Exception {
        var file = folder.resolve("team.yaml");
        Files.writeString(
                file,
                """
                tutti: 1
                models:
                  m:
                    provider: scripted
                    price: { input: 1, output: 1 }
                    script: replies.yaml
                  helper: { provider: scripted, replies: [ { text: looked up, repeat: true } ] }
                skills:
                  fetch:   { description: Gets pages from the web, input: { topic: string }, output: { page: string } }
                  archive: { description: Gets old pages, input: { topic: string }, output: { page: string } }
                  write:   { input: { page: string }, output: { report: string } }
                agents:
                  boss:    { uses: llm, with: { model: m, repairs: 0 }, limits: { usd: 0.01 } }
                  web:     { skills: [fetch],   uses: simulated, with: { failure: 1 }, limits: { usd: 0 } }
                  cellar:  { skills: [archive], uses: simulated, with: { output: { page: "old ${input.topic}" } }, limits: { usd: 0 } }
                  author:  { skills: [write],   uses: simulated, with: { output: { report: "On ${input.page}" } }, limits: { usd: 0 } }
                  scout:   { skills: [look],    uses: llm, with: { model: helper }, limits: { usd: 0.01 } }
                workflows:
                  brief:
                    input: { topic: string }
                    goal: "A brief on ${input.topic}"
                    planner: { agent: boss, rounds: 50, stalls: 2, attempts: 3 }
                    wants: report
                %s
                """
                        .formatted(more.indent(4)));
        Files.writeString(folder.resolve("replies.yaml"), "replies:\n" + replies.indent(2));
        return tutti.submit(Team.read(file).goal("brief", Map.of("topic", "tea")));
    }

    private static int attempts(Run run, String task) {
        return run.load().state().task(TaskId.of(task)).attempts();
    }

    @Test
    void a_wrong_first_plan_is_mended_by_what_the_model_is_told() throws Exception {
        // Told of the unknown skill, the input that is missing and the circle, it gives a sound
        // one.
        var replies =
                """
                - when: "(?s)was not accepted.*tasks.get.*skill.*tasks.write"
                  json: { reason: mended, tasks: [ { name: get, skill: archive, input: { topic: "${input.topic}" } },
                          { name: write, skill: write, input: { page: "${get.page}" } } ], output: { report: "${write.report}" }, complete: true }
                - when: "You plan the work of a team"
                  json: { reason: first, tasks: [ { name: get, skill: download, input: { topic: "${input.topic}" }, after: [write] },
                          { name: write, skill: write, input: { text: "${get.page}" } } ], output: { report: "${write.report}" }, complete: true }
                """;
        try (var tutti = Tutti.inMemory()) {
            var run = begin(tutti, replies, "");
            var result = run.await();
            assertThat(result.output()).isEqualTo(Value.struct("report", Value.text("On old tea")));
            assertThat(attempts(run, "plan")).isEqualTo(2);
        }
    }

    @Test
    void a_task_in_free_words_goes_back_until_it_is_a_complete_delegation() throws Exception {
        var replies =
                """
                - when: "(?s)was not accepted.*tasks.look.input.*`output_format`, `sources`, `boundaries`"
                  json: { reason: mended, tasks: [ { name: look, skill: look, input: { objective: "Look up ${input.topic}",
                          output_format: one line, sources: your own memory, boundaries: no prices } } ], output: { report: "${look.text}" } }
                - json: { reason: first, tasks: [ { name: look, skill: look, input: { objective: "Look up ${input.topic}" } } ],
                          output: { report: "${look.text}" } }
                """;
        try (var tutti = Tutti.inMemory()) {
            var run = begin(tutti, replies, "");
            assertThat(run.await().output())
                    .isEqualTo(Value.struct("report", Value.text("looked up")));
            assertThat(attempts(run, "plan")).isEqualTo(2);
        }
    }

    @Test
    void a_branch_that_fails_is_planned_around_and_what_is_done_stays() throws Exception {
        var replies =
                """
                - when: "task get failed"
                  json: { reason: "the web is down, the archive is not", tasks: [ { name: get2, skill: archive, input: { topic: "${input.topic}" } },
                          { name: write2, skill: write, input: { page: "${get2.page}" } } ], drop: [write], output: { report: "${write2.report}" } }
                - json: { reason: first, tasks: [ { name: get, skill: fetch, input: { topic: "${input.topic}" }, retry: { attempts: 1 } },
                          { name: aside, skill: archive, input: { topic: other } },
                          { name: write, skill: write, input: { page: "${get.page}" } } ], output: { report: "${write.report}" } }
                """;
        try (var tutti = Tutti.inMemory()) {
            var run = begin(tutti, replies, "");
            assertThat(run.await().output())
                    .isEqualTo(Value.struct("report", Value.text("On old tea")));
            assertThat(run.load().state().progress().rounds()).isEqualTo(2);
            assertThat(run.load().state().outputs().of("aside"))
                    .isEqualTo(Value.struct("page", Value.text("old other")));
        }
    }

    @Test
    void
            a_planner_that_brings_nothing_forward_is_asked_a_bounded_number_of_times_and_then_a_person()
                    throws Exception {
        var replies =
                """
                - when: '"round" ?: ?1\\b'
                  json: { reason: begin, complete: false, tasks: [ { name: get, skill: archive, input: { topic: "${input.topic}" } } ], output: { report: "${get.page}" } }
                - json: { reason: thinking, complete: false, tasks: [], ledger: { progress: false, stalled: [what to do] } }
                  repeat: true
                """;
        try (var tutti = Tutti.inMemory()) {
            var run = begin(tutti, replies, "");
            for (int i = 0; i < 500 && run.load().state().questions().isEmpty(); i++) {
                Thread.sleep(20);
            }
            var state = run.load().state();
            assertThat(state.questions().values())
                    .singleElement()
                    .satisfies(asked ->
                            assertThat(asked.question().purpose())
                                    .isEqualTo(Question.Purpose.STALL));
            assertThat(state.status()).isEqualTo(Status.WAITING);
            assertThat(state.progress().rounds()).as("the first, and two stalls").isEqualTo(3);
            assertThat(state.outputs().of("get")).as("what is done stays").isNotNull();
        }
    }

    @Test
    void a_planner_that_never_ends_is_halted_by_the_budget_of_the_run() throws Exception {
        var replies =
                """
                - when: '"round" ?: ?1\\b'
                  json: { reason: begin, complete: false, tasks: [ { name: get, skill: archive, input: { topic: "${input.topic}" } } ], output: { report: "${get.page}" } }
                  usage: { input: 3000, output: 1000 }
                - json: { reason: "one more thing", complete: false, tasks: [] }
                  usage: { input: 3000, output: 1000 }
                  repeat: true
                """;
        try (var tutti = Tutti.inMemory()) {
            var run = begin(tutti, replies, "budget: { usd: 0.03 }\non_stall: fail");
            var result = run.await();
            assertThat(result.status()).isEqualTo(Status.FAILED);
            assertThat(String.valueOf(result.failure())).contains("budget");
            // Each round costs $0.004 and may cost $0.01: after six there is not enough for
            // another.
            assertThat(result.usage().usd()).isEqualTo(Money.of("0.024"));
            assertThat(run.load().state().progress().rounds()).isLessThan(10);
        }
    }
}
