package dev.tutti;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.Event;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.dispatch.DispatchPolicy;
import dev.tutti.runtime.engine.Runs;
import dev.tutti.teamfile.TeamFile;
import dev.tutti.view.Choices;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Programs that choose agents themselves.
@DisplayNameGeneration(ReplaceUnderscores.class)
class DispatchPolicyTest {

    /// The agent whose name the input says.
    private static final class AsAsked implements DispatchPolicy {
        @Override
        public double[] scores(Asked asked, List<Option> options) {
            return options.stream()
                    .mapToDouble(option ->
                            option.agent().value().equals(asked.input().text("who")) ? 1 : 0.25)
                    .toArray();
        }

        @Override
        public String version() {
            return "as-asked/7";
        }
    }

    private static Team team(String dispatch) {
        return Team.define()
                .agent("ann", "say", _ -> Map.of("by", "ann"))
                .agent("bob", "say", _ -> Map.of("by", "bob"))
                .agent("cid", "say", _ -> Map.of("by", "cid"))
                .dispatch(Map.of("by", dispatch))
                .workflow(
                        "say",
                        workflow ->
                                workflow.input(Map.of("who", "string"))
                                        .task("say", "say", Map.of("who", "${input.who}"))
                                        .output("${say.by}"));
    }

    private static Event.Assigned assigned(Tutti tutti, Run run) {
        try (var reader = tutti.reader()) {
            return reader.read(run.stream(), 0, 100).stream()
                    .map(Runs::event)
                    .filter(Event.Assigned.class::isInstance)
                    .map(Event.Assigned.class::cast)
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static String by(Tutti tutti, Team team, String who) throws Exception {
        var result = tutti.submit(team.goal("say", Map.of("who", who))).await();
        return result.output() instanceof Value.Text(var text) ? text : String.valueOf(result);
    }

    @Test
    void a_program_chooses_and_the_journal_says_so() throws Exception {
        try (var tutti = Tutti.inMemory()) {
            var team = team("custom/as_asked").policy("as_asked", new AsAsked());
            for (var who : List.of("cid", "ann", "cid", "bob")) {
                assertThat(by(tutti, team, who)).isEqualTo(who);
            }
            var run = tutti.submit(team.goal("say", Map.of("who", "cid")));
            run.await();
            var choice = assigned(tutti, run);
            assertThat(choice.choosing().policy()).isEqualTo("custom/as_asked");
            assertThat(choice.choosing().version()).isEqualTo("as-asked/7");
            assertThat(Choices.sentences(choice))
                    .contains(
                            "say, attempt 1: given to cid: the program's own choice"
                                    + " (`custom/as_asked`, as-asked/7)",
                            "  cid was chosen with 1.000",
                            "  ann has 0.250");
        }
    }

    @Test
    void where_it_fails_or_is_not_there_agents_take_turns() throws Exception {
        DispatchPolicy broken =
                (_, options) ->
                        options.size() > 2
                                ? IntStream.range(0, 3).mapToDouble(_ -> Double.NaN).toArray()
                                : new double[0];
        DispatchPolicy angry =
                (_, _) -> {
                    throw new IllegalStateException("no");
                };
        for (var policy : List.of("broken", "angry", "absent")) {
            try (var tutti = Tutti.inMemory().policy("broken", broken).policy("angry", angry)) {
                var team = team("custom/" + policy);
                assertThat(
                                List.of(
                                        by(tutti, team, "x"),
                                        by(tutti, team, "x"),
                                        by(tutti, team, "x")))
                        .containsExactly("ann", "bob", "cid");
                var run = tutti.submit(team.goal("say", Map.of("who", "x")));
                run.await();
                assertThat(assigned(tutti, run).choosing().policy()).isEqualTo("round_robin");
                assertThat(assigned(tutti, run).choosing().instead())
                        .contains(
                                Map.of(
                                                "broken",
                                                        "does not score every agent with a number",
                                                "angry",
                                                        "failed: java.lang.IllegalStateException: no",
                                                "absent", "is a policy that no program here has")
                                        .get(policy));
            }
        }
    }

    /// One that cannot say how long it may take.
    private record Timeless(Duration time) implements DispatchPolicy {
        @Override
        public double[] scores(Asked asked, List<Option> options) {
            return options.stream().mapToDouble(_ -> 1).toArray();
        }

        @Override
        public Duration timeout() {
            if (time.isNegative()) {
                throw new IllegalStateException("no");
            }
            return time;
        }
    }

    @Test
    @Timeout(30)
    void whatever_it_says_of_its_time_the_engine_goes_on() throws Exception {
        try (var tutti =
                Tutti.inMemory()
                        .policy("angry", new Timeless(Duration.ofMillis(-1)))
                        .policy("endless", new Timeless(Duration.ofSeconds(Long.MAX_VALUE)))) {
            var run = tutti.submit(team("custom/angry").goal("say", Map.of("who", "x")));
            assertThat(run.await().output()).isEqualTo(Value.text("ann"));
            assertThat(assigned(tutti, run).choosing().instead())
                    .isEqualTo(
                            "`custom/angry` does not say its timeout:"
                                    + " java.lang.IllegalStateException: no");

            var other = tutti.submit(team("custom/endless").goal("say", Map.of("who", "x")));
            other.await();
            assertThat(assigned(tutti, other).choosing().policy()).isEqualTo("custom/endless");
        }
    }

    /// One that never answers, whatever it is told, until it is let go.
    private static final class Deaf implements DispatchPolicy {
        private final CountDownLatch asked = new CountDownLatch(1);
        private final CountDownLatch over = new CountDownLatch(1);
        private final AtomicInteger times = new AtomicInteger();

        @Override
        public double[] scores(Asked asked, List<Option> options) {
            times.incrementAndGet();
            this.asked.countDown();
            while (over.getCount() > 0) {
                try {
                    over.await();
                } catch (InterruptedException _) {
                    // Does not listen.
                }
            }
            return options.stream().mapToDouble(_ -> 1).toArray();
        }

        @Override
        public Duration timeout() {
            return Duration.ofMillis(1_500);
        }
    }

    @Test
    @Timeout(30)
    void one_that_never_answers_holds_up_nobody_else_and_is_passed_by() throws Exception {
        var deaf = new Deaf();
        try (var tutti = Tutti.inMemory().policy("deaf", deaf)) {
            var first = tutti.submit(team("custom/deaf").goal("say", Map.of("who", "x")));
            deaf.asked.await();
            var others = team("round_robin");
            long from = System.nanoTime();
            for (int i = 0; i < 20; i++) {
                by(tutti, others, "x");
            }
            var took = Duration.ofNanos(System.nanoTime() - from);
            assertThat(took).isLessThan(Duration.ofMillis(1_500));
            assertThat(first.load().state().status().isFinal()).isFalse();

            assertThat(first.await().output()).isEqualTo(Value.text("ann"));
            var choice = assigned(tutti, first);
            assertThat(choice.choosing().policy()).isEqualTo("round_robin");
            assertThat(choice.choosing().instead())
                    .isEqualTo("`custom/deaf` did not answer within 1500 ms");
            assertThat(Choices.sentences(choice))
                    .contains("  `custom/deaf` did not answer within 1500 ms");

            // It is not waited for a second time, and not asked again before it has come back.
            from = System.nanoTime();
            var next = tutti.submit(team("custom/deaf").goal("say", Map.of("who", "x")));
            next.await();
            assertThat(Duration.ofNanos(System.nanoTime() - from))
                    .isLessThan(Duration.ofMillis(1_000));
            assertThat(assigned(tutti, next).choosing().instead())
                    .contains("has not come back from a question before");
            assertThat(deaf.times).hasValue(1);

            deaf.over.countDown();
            Run again;
            do {
                again = tutti.submit(team("custom/deaf").goal("say", Map.of("who", "x")));
                again.await();
            } while (!assigned(tutti, again).choosing().policy().equals("custom/deaf"));
            assertThat(assigned(tutti, again).choosing().instead()).isNull();
        }
    }

    @Test
    @Timeout(30)
    void many_tasks_are_each_given_away_as_the_program_says() throws Exception {
        var team =
                Team.define()
                        .agent("ann", "say", _ -> Map.of("by", "ann"))
                        .agent("bob", "say", _ -> Map.of("by", "bob"))
                        .dispatch(Map.of("by", "custom/as_asked"))
                        .policy("as_asked", new AsAsked())
                        .workflow(
                                "all",
                                workflow ->
                                        workflow.input(Map.of("names", List.of("string")))
                                                .task(
                                                        "say",
                                                        "say",
                                                        Map.of("who", "${item}"),
                                                        Map.of("each", "${input.names}"))
                                                .output("${say.map(s, s.by)}"));
        var names = IntStream.range(0, 300).mapToObj(i -> i % 3 == 0 ? "ann" : "bob").toList();
        try (var tutti = Tutti.inMemory()) {
            var run = tutti.submit(team.goal("all", Map.of("names", names)));
            assertThat(run.await().output()).isEqualTo(Value.from(names));
        }
    }

    @Test
    void what_is_no_name_of_a_policy_is_refused() {
        var file =
                """
                tutti: 1
                dispatch: custom/As-Asked
                agents:
                  a: { skills: [say], uses: function }
                workflows:
                  say: { tasks: { say: { skill: say, dispatch: custom/mine } }, output: "${say}" }
                """;
        assertThat(TeamFile.parse(file, "team.yaml").faults().toString())
                .contains("custom/As-Asked")
                .doesNotContain("custom/mine");
    }
}
