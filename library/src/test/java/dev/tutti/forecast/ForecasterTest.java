package dev.tutti.forecast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Value;
import dev.tutti.history.Watch;
import dev.tutti.teamfile.TeamFile;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ForecasterTest {

    private static Forecast forecast(
            String file, Value.Struct inputs, Guesses guesses, @Nullable Duration every) {
        var parsed = TeamFile.parse(file, "team.yaml");
        assertThat(parsed.render(false, 100)).isEmpty();
        var team = parsed.team().orElseThrow();
        return Forecaster.of(
                new Forecaster.Asked(
                        team,
                        team.workflows().getFirst(),
                        inputs,
                        Experience.NONE,
                        guesses,
                        new Forecast.Bounds(Duration.ofSeconds(25), 0.015),
                        every,
                        200,
                        Duration.ofMinutes(1),
                        3),
                Watch.NOBODY);
    }

    private static Forecast forecast(String file) {
        return forecast(file, Value.Struct.EMPTY, Guesses.NONE, null);
    }

    /// Ten items of ten seconds each, at an agent with so many places.
    private static String wide(int places) {
        return """
        tutti: 1
        agents:
          worker: { skills: [work], uses: simulated, with: { latency: 10s, usd: 0.001 }, limits: { concurrency: %d } }
        workflows:
          main:
            input: { list: { type: [int], default: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] } }
            tasks:
              work: { skill: work, each: "${input.list}" }
              last: { skill: work, after: [work] }
            output: "${last}"
        """
                .formatted(places);
    }

    private static Value.Struct ten() {
        var list = new ArrayList<Value>();
        for (int i = 0; i < 10; i++) {
            list.add(Value.of(i));
        }
        return Value.struct("list", new Value.Array(list));
    }

    @Test
    void items_wait_for_places_as_they_would() {
        var narrow = forecast(wide(2), ten(), Guesses.NONE, null);
        var broad = forecast(wide(10), ten(), Guesses.NONE, null);
        assertThat(narrow.time().quantile(0.5)).isCloseTo(60, within(0.1));
        assertThat(broad.time().quantile(0.5)).isCloseTo(20, within(0.1));
        assertThat(narrow.cost().quantile(0.5)).isCloseTo(0.011, within(1e-9));
        assertThat(narrow.widths().getFirst().from()).isEqualTo("given");
        assertThat(narrow.limits())
                .contains(new Forecast.Limit("deadline", 1), new Forecast.Limit("budget", 0));
        assertThat(broad.limits()).contains(new Forecast.Limit("deadline", 0));
        assertThat(narrow.path()).extracting(Forecast.Member::task).containsExactly("work", "last");
    }

    @Test
    void others_that_begin_beside_it_take_places_away() {
        var alone = forecast(wide(10), ten(), Guesses.NONE, null);
        var beside = forecast(wide(10), ten(), Guesses.NONE, Duration.ofSeconds(15));
        assertThat(beside.time().quantile(0.5)).isGreaterThan(1.2 * alone.time().quantile(0.5));
    }

    @Test
    void failures_are_tried_again_and_time_outs_break_as_the_plan_says() {
        var forecast =
                forecast(
                        """
                        tutti: 1
                        agents:
                          worker: { skills: [work], uses: simulated, with: { latency: 1s..8s, failure: 0.5 } }
                        workflows:
                          main:
                            tasks:
                              work: { skill: work, retry: { attempts: 2, backoff: 1s }, timeout: { run: 4s } }
                        """);
        double slow = 1 - Math.log(4) / Math.log(8);
        double bad = slow + (1 - slow) / 2;
        assertThat(forecast.succeeds()).isCloseTo(1 - bad * bad, within(0.12));
        assertThat(forecast.fails()).isCloseTo(bad * bad, within(0.12));
        assertThat(forecast.limits())
                .filteredOn(limit -> limit.what().equals("time-out of `work` (run)"))
                .singleElement()
                .satisfies(limit -> assertThat(limit.broken()).isBetween(0.3, 0.7));
        assertThat(forecast.time().quantile(1)).isLessThan(9.5);
    }

    @Test
    void what_is_not_known_is_said_and_can_be_guessed() {
        var file =
                """
                tutti: 1
                agents:
                  worker: { skills: [work], uses: http, with: { url: "http://localhost" } }
                  boss: { uses: human, with: { choices: [good, bad] } }
                workflows:
                  main:
                    tasks:
                      found: { skill: work }
                      every: { skill: work, each: "${found.items}" }
                      ask: { agent: boss, when: "${found.unsure}", after: [every] }
                """;
        var blind = forecast(file);
        assertThat(blind.waits()).isEqualTo(1);
        assertThat(blind.assumed())
                .anyMatch(one -> one.contains("`every` is taken to run over 5 items"))
                .anyMatch(one -> one.contains("nothing is known of `worker`"))
                .anyMatch(one -> one.contains("--person"));
        var guesses =
                new Guesses(
                        Map.of(
                                "every",
                                new Guesses.Range(2, 4),
                                "ask",
                                new Guesses.Range(0.5, 0.5)),
                        Duration.ofMinutes(5));
        var told = forecast(file, Value.Struct.EMPTY, guesses, null);
        assertThat(told.waits()).isZero();
        assertThat(told.time().above(300)).isBetween(0.35, 0.65);
        assertThat(told.widths().getFirst().items().quantile(0)).isEqualTo(2);
        assertThat(told.widths().getFirst().items().quantile(1)).isEqualTo(4);
    }

    @Test
    void a_workflow_within_a_workflow_is_played_as_well() {
        var forecast =
                forecast(
                        """
                        tutti: 1
                        agents:
                          worker: { skills: [work], uses: simulated, with: { latency: 10s, usd: 0.5 } }
                        workflows:
                          main:
                            tasks:
                              part: { workflow: inner, each: "${[1, 2, 3]}" }
                          inner:
                            tasks:
                              one: { skill: work }
                              two: { skill: work, after: [one] }
                        """);
        assertThat(forecast.time().quantile(0.5)).isCloseTo(20, within(0.1));
        assertThat(forecast.cost().quantile(0.5)).isCloseTo(3, within(1e-6));
    }

    @Test
    void the_budget_of_the_workflow_holds_in_the_forecast_too() {
        var file =
                """
                tutti: 1
                agents:
                  worker: { skills: [work], uses: simulated, with: { latency: 1s, usd: 0.5 }, limits: { usd: 0.5 } }
                workflows:
                  main:
                    budget: { usd: %s }
                    tasks:
                      one: { skill: work }
                      two: { skill: work, after: [one] }
                """;
        var enough = forecast(file.formatted("1"));
        var tooLittle = forecast(file.formatted("0.9"));
        assertThat(enough.succeeds()).isEqualTo(1);
        assertThat(enough.limits()).contains(new Forecast.Limit("`budget` of the workflow", 0));
        assertThat(tooLittle.succeeds()).isZero();
        assertThat(tooLittle.limits()).contains(new Forecast.Limit("`budget` of the workflow", 1));
    }

    @Test
    void the_same_seed_gives_the_same_forecast() {
        assertThat(forecast(wide(3), ten(), Guesses.NONE, null))
                .isEqualTo(forecast(wide(3), ten(), Guesses.NONE, null));
    }

    // ---- what is learned

    private static List<Attempted> attempts(int count, double drift, SplittableRandom dice) {
        var attempts = new ArrayList<Attempted>();
        for (int i = 0; i < count; i++) {
            double seconds = Math.exp(dice.nextDouble()) * Math.pow(drift, (double) i / count);
            attempts.add(
                    new Attempted(
                            Duration.ofNanos((long) (seconds * 1e9)),
                            seconds,
                            dice.nextInt(10) == 0 ? new Failure.Transient("busy", "") : null));
        }
        return attempts;
    }

    private static double mean(Odds odds, SplittableRandom dice) {
        double sum = 0;
        for (int i = 0; i < 200; i++) {
            var draw = odds.inOneRun(dice.split());
            for (int j = 0; j < 20; j++) {
                sum += draw.next(dice).usd();
            }
        }
        return sum / 4_000;
    }

    @Test
    void of_an_agent_that_stays_as_it_is_all_is_remembered_and_of_one_that_drifts_the_latest() {
        var dice = new SplittableRandom(5);
        var steady = new Learned(attempts(300, 1, dice), "");
        var drifting = new Learned(attempts(300, 8, dice), "");
        assertThat(steady.half()).isZero();
        assertThat(drifting.half()).isPositive();
        double now = (Math.E - 1) * 8;
        assertThat(mean(drifting, dice)).isBetween(0.85 * now, 1.05 * now);
        assertThat(mean(steady, dice)).isBetween(0.95 * (Math.E - 1), 1.05 * (Math.E - 1));
    }

    @Test
    void tails_go_on_beyond_what_is_on_record() {
        var dice = new SplittableRandom(6);
        var attempts = new ArrayList<Attempted>();
        for (int i = 0; i < 400; i++) {
            double seconds = Math.pow(1 - dice.nextDouble(), -1 / 1.8);
            attempts.add(new Attempted(Duration.ofNanos((long) (seconds * 1e9)), 0, null));
        }
        double most =
                attempts.stream().mapToDouble(one -> one.time().toNanos() / 1e9).max().orElse(0);
        var draw = new Learned(attempts, "").inOneRun(dice.split());
        double p99 = Math.pow(0.01, -1 / 1.8);
        var drawn = new ArrayList<Double>();
        for (int i = 0; i < 20_000; i++) {
            drawn.add(draw.next(dice).time().toNanos() / 1e9);
        }
        assertThat(new Spread(drawn).quantile(1)).isGreaterThan(most);
        assertThat(new Spread(drawn).quantile(0.99)).isBetween(0.7 * p99, 1.5 * p99);
    }

    // ---- against what came

    /// Short in the build; `-Dforecast.full=true` foresees 1,000 runs with three seeds.
    @Test
    void what_came_lies_from_p10_to_p90_about_eight_times_in_ten() {
        boolean full = Boolean.getBoolean("forecast.full");
        var every = Duration.ofSeconds(15);
        for (long seed = 1; seed <= (full ? 3 : 1); seed++) {
            int tested = full ? 1_000 : 200;
            var runs = Truth.play(seed, Calibration.FITTED_ON + tested, every, 2);
            var calibration = Calibration.of(runs, full ? 50 : 100, full ? 300 : 100, every, seed);
            System.out.println("seed " + seed + ": " + calibration);
            assertThat(calibration.timeWithin()).isBetween(full ? 70.0 : 66.0, full ? 90.0 : 92.0);
            assertThat(calibration.costWithin()).isBetween(full ? 70.0 : 66.0, full ? 90.0 : 92.0);
        }
    }

    @Test
    void hindsight_says_where_a_run_lies_in_its_forecast() {
        var runs = Truth.play(4, 60, Duration.ofMinutes(10), 1);
        var experience = Experience.of(runs.subList(0, 50));
        var team = Truth.team();
        var forecast =
                Forecaster.of(
                        new Forecaster.Asked(
                                team,
                                team.workflows().getFirst(),
                                Value.struct("question", Value.text("why?")),
                                experience,
                                Guesses.NONE,
                                Forecast.Bounds.NONE,
                                null,
                                100,
                                Duration.ofMinutes(1),
                                1),
                        Watch.NOBODY);
        assertThat(forecast.assumed()).isEmpty();
        assertThat(forecast.widths()).extracting(Forecast.Width::from).containsExactly("50 runs");
        var hindsight = Hindsight.of(forecast, runs.get(55));
        assertThat(hindsight.seconds()).isPositive();
        assertThat(hindsight.timeBelow()).isBetween(0.0, 1.0);
        assertThat(hindsight.attempts()).containsKeys("search", "read", "answer");
        assertThat(hindsight.usd())
                .isCloseTo(
                        hindsight.costBelow() < 0.5
                                ? forecast.cost().quantile(0.25)
                                : forecast.cost().quantile(0.75),
                        within(0.3));
    }
}
