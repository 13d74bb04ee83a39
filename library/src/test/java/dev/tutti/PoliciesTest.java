package dev.tutti;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.Choosing;
import dev.tutti.core.event.Event;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Outcome;
import dev.tutti.core.event.Question;
import dev.tutti.core.event.Status;
import dev.tutti.core.event.Value;
import dev.tutti.core.people.Asked;
import dev.tutti.core.run.Why;
import dev.tutti.runtime.agent.Attempt;
import dev.tutti.runtime.engine.Runs;
import dev.tutti.view.Choices;
import dev.tutti.view.Obstacles;
import dev.tutti.view.Reasons;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Which agents may have a task by the rules of its policy, and where failures go.
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(60)
class PoliciesTest {
    private static final String FILE =
            """
            tutti: 1
            agents:
              stranger: { skills: [pay], uses: function }
              friend:   { skills: [pay], uses: function, trust: 0.9, labels: [eu] }
              broken:   { skills: [fetch], uses: function }
              cellar:   { skills: [archive], uses: function }
              chief:    { skills: [plan], uses: function }
              boss:     { uses: human, with: { ask: alice } }
              late:     { uses: human, with: { ask: [ { to: bob, within: 100ms } ], otherwise: skip } }
            workflows:
              main:
                input: { amount: int }
                tasks:
                  pay: { skill: pay, input: { amount: "${input.amount}" }, TASK }
                output: "${pay.by}"
              brief:
                goal: A page
                planner: { agent: chief, rounds: 2 }
            """;

    @TempDir private Path folder;

    private final AtomicInteger broken = new AtomicInteger();
    private String onFailure = "replan";

    private Tutti open() {
        return Tutti.inMemory()
                .function("stranger", _ -> by("stranger"))
                .function("friend", _ -> by("friend"))
                .function("cellar", _ -> by("cellar"))
                .function("chief", this::plan)
                .function(
                        "broken",
                        _ -> {
                            broken.incrementAndGet();
                            return Outcome.failed(new Failure.Permanent("gone", "no such page"));
                        });
    }

    private static Outcome by(String who) {
        return Outcome.succeeded(Value.struct("by", Value.text(who)));
    }

    /// Plans with the broken agent first, and with the other once that has failed, if it is asked.
    private Outcome plan(Attempt attempt) {
        boolean failed = attempt.input().text("reason").contains("failed");
        var skill = failed ? "archive" : "fetch";
        var task = failed ? "look" : "get";
        return Outcome.succeeded(
                Value.from(
                        Map.of(
                                "reason",
                                "as it is",
                                "tasks",
                                Map.of(
                                        task,
                                        Map.of(
                                                "skill",
                                                skill,
                                                "on_failure",
                                                onFailure.startsWith("{")
                                                        ? List.of(Map.of("escalate", "boss"))
                                                        : List.of(onFailure.split(",")))),
                                "output",
                                "${" + task + "}")));
    }

    private Team team(String task) throws Exception {
        return Team.read(
                Files.writeString(folder.resolve("team.yaml"), FILE.replace("TASK", task)));
    }

    private static <E> List<E> events(Tutti tutti, Run run, Class<E> type) {
        try (var reader = tutti.reader()) {
            return reader.read(run.stream(), 0, 1_000).stream()
                    .map(Runs::event)
                    .filter(type::isInstance)
                    .map(type::cast)
                    .toList();
        }
    }

    private static Asked question(Run run) throws InterruptedException {
        for (int i = 0; i < 500 && run.load().state().questions().isEmpty(); i++) {
            Thread.sleep(10);
        }
        return run.load().state().questions().values().iterator().next();
    }

    private static void answer(Run run, String answer) throws InterruptedException {
        run.answer(question(run).question().id(), Value.text(answer), "");
    }

    @Test
    void a_rule_takes_out_those_who_are_not_trusted_and_the_choice_says_so() throws Exception {
        var team = team("policy: [ { deny: \"${agent.trust < 0.5}\" } ]");
        try (var tutti = open()) {
            var run = tutti.submit(team.goal("main", Map.of("amount", 1)));
            assertThat(run.await().output()).isEqualTo(Value.text("friend"));
            var choice = events(tutti, run, Event.Assigned.class).getFirst();
            assertThat(choice.choosing().filters())
                    .anySatisfy(filter -> {
                        assertThat(filter.reason()).isEqualTo(Choosing.Reason.POLICY);
                        assertThat(filter.agents())
                                .extracting(one -> one.value())
                                .containsExactly("stranger");
                    });
            assertThat(Choices.sentences(choice))
                    .contains("  left out: stranger: a rule of the task's policy denies it");
            var ready = events(tutti, run, Event.TaskReady.class).getFirst();
            assertThat(ready.ruling().denied())
                    .singleElement()
                    .satisfies(one -> assertThat(one.rule()).isEqualTo(1));
        }
    }

    @Test
    void a_task_in_line_says_whom_which_rule_keeps_from_it() throws Exception {
        var team =
                Team.read(
                        Files.writeString(
                                folder.resolve("team.yaml"),
                                FILE.replace(
                                                "trust: 0.9,",
                                                "trust: 0.9, limits: { concurrency: 1 },")
                                        .replace(
                                                "TASK",
                                                "policy: [ { deny: \"${agent.trust < 0.5}\" } ]")));
        var busy = new CountDownLatch(1);
        try (var tutti =
                open().function(
                                "friend",
                                _ -> {
                                    busy.await();
                                    return by("friend");
                                })) {
            var first = tutti.submit(team.goal("main", Map.of("amount", 1)));
            while (events(tutti, first, Event.Assigned.class).isEmpty()) {
                Thread.sleep(5);
            }
            var second = tutti.submit(team.goal("main", Map.of("amount", 1)));
            while (events(tutti, second, Event.TaskReady.class).isEmpty()) {
                Thread.sleep(5);
            }
            var why = Why.of(second.load().state(), tutti.team(second)).getFirst();
            assertThat(new Reasons("R", Obstacles.NONE).what(why))
                    .isEqualTo(
                            "a place at friend; kept from it by rule 1 of its policy, deny"
                                    + " `${agent.trust < 0.5}`: stranger");
            busy.countDown();
            assertThat(second.await().succeeded()).isTrue();
        }
    }

    @Test
    void the_first_rule_that_holds_decides_and_a_task_that_nobody_may_have_fails_by_it()
            throws Exception {
        var rules =
                "policy: [ { allow: \"${'eu' in agent.labels && input.amount < 10}\" }, { deny: true } ]";
        try (var tutti = open()) {
            var small = tutti.submit(team(rules).goal("main", Map.of("amount", 9)));
            assertThat(small.await().output()).isEqualTo(Value.text("friend"));
            var large = tutti.submit(team(rules).goal("main", Map.of("amount", 10)));
            var result = large.await();
            assertThat(result.status()).isEqualTo(Status.FAILED);
            assertThat(events(tutti, large, Event.TaskFailed.class).getFirst().failure())
                    .isEqualTo(
                            new Failure.Permanent(
                                    "denied",
                                    "no agent may have it: rule 2 of its policy, deny `${true}`:"
                                            + " stranger, friend"));
        }
    }

    @Test
    void a_person_agrees_to_exactly_the_input_where_no_agent_may_have_it_without()
            throws Exception {
        var team = team("policy: [ { ask: \"${input.amount > 100}\" } ]");
        try (var tutti = open()) {
            var run = tutti.submit(team.goal("main", Map.of("amount", 500)));
            var asked = question(run).question();
            assertThat(asked.purpose()).isEqualTo(Question.Purpose.APPROVAL);
            assertThat(asked.subject()).isEqualTo(Value.struct("amount", Value.of(500)));
            assertThat(asked.text())
                    .contains(
                            "rule 1 of its policy, ask `${input.amount > 100}`: stranger, friend");
            assertThat(events(tutti, run, Event.TaskReady.class)).isEmpty();
            answer(run, "approve");
            assertThat(run.await().succeeded()).isTrue();
            assertThat(events(tutti, run, Event.TaskReady.class).getFirst().ruling().approved())
                    .isEqualTo(asked.hash());

            var denied = tutti.submit(team.goal("main", Map.of("amount", 500)));
            answer(denied, "deny");
            assertThat(denied.await().status()).isEqualTo(Status.FAILED);
            assertThat(tutti.submit(team.goal("main", Map.of("amount", 5))).await().succeeded())
                    .isTrue();
        }
    }

    @Test
    void nobody_is_asked_about_an_agent_while_another_may_have_the_task_without() throws Exception {
        var team = team("policy: [ { ask: \"${agent.trust < 0.5}\" } ]");
        try (var tutti = open()) {
            for (int i = 0; i < 3; i++) {
                var run = tutti.submit(team.goal("main", Map.of("amount", 1)));
                assertThat(run.await().output()).isEqualTo(Value.text("friend"));
            }
        }
    }

    @Test
    void a_person_by_name_says_how_it_goes_on_knowing_what_was_tried() throws Exception {
        var team =
                Team.read(
                        Files.writeString(
                                folder.resolve("team.yaml"),
                                FILE.replace(
                                                "pay: { skill: pay, input: { amount: \"${input.amount}\" }, TASK }",
                                                "pay: { skill: fetch, retry: { attempts: 1 }, on_failure: [ reroute, { escalate: boss } ] }\n"
                                                        + "      late: { skill: fetch, retry: { attempts: 1 }, on_failure: { escalate: late }, after: [pay] }")
                                        .replace("output: \"${pay.by}\"", "output: \"${late}\"")));
        try (var tutti = open()) {
            var run = tutti.submit(team.goal("main", Map.of("amount", 1)));
            var asked = question(run);
            assertThat(asked.now().to()).isEqualTo("alice");
            assertThat(asked.question().choices()).containsExactly("retry", "skip", "fail");
            assertThat(asked.question().text())
                    .isEqualTo(
                            "Task `pay` failed after 1 attempt by broken: no such page. How does it"
                                    + " go on?");
            answer(run, "skip");
            assertThat(run.await().output())
                    .as("nobody answered in time: skipped")
                    .isEqualTo(Value.NULL);
        }
    }

    @Test
    void the_planner_is_asked_before_anything_after_it_on_the_ladder() throws Exception {
        onFailure = "replan,skip";
        try (var tutti = open()) {
            var run = tutti.submit(team("").goal("brief", Map.of()));
            assertThat(run.await().output()).isEqualTo(Value.struct("by", Value.text("cellar")));
            assertThat(run.load().state().progress().rounds()).isEqualTo(2);
        }
    }

    @Test
    void a_planner_without_rounds_is_passed_over_on_the_ladder() throws Exception {
        onFailure = "replan,skip";
        var file = FILE.replace("TASK", "").replace("rounds: 2", "rounds: 1");
        var team = Team.read(Files.writeString(folder.resolve("team.yaml"), file));
        try (var tutti = open()) {
            var run = tutti.submit(team.goal("brief", Map.of()));
            assertThat(run.await().output()).isEqualTo(Value.NULL);
            assertThat(events(tutti, run, Event.TaskSkipped.class)).hasSize(1);
        }
    }

    @Test
    void a_person_may_have_it_planned_anew() throws Exception {
        onFailure = "{";
        try (var tutti = open()) {
            var run = tutti.submit(team("").goal("brief", Map.of()));
            assertThat(question(run).question().choices())
                    .containsExactly("retry", "replan", "skip", "fail");
            answer(run, "replan");
            assertThat(run.await().output()).isEqualTo(Value.struct("by", Value.text("cellar")));
        }
    }
}
