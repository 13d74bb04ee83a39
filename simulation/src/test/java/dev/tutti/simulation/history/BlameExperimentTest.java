package dev.tutti.simulation.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Value;
import dev.tutti.core.expression.Expressions;
import dev.tutti.core.history.Account;
import dev.tutti.core.history.Blame;
import dev.tutti.core.history.Blame.Reason;
import dev.tutti.core.history.Chronicle;
import dev.tutti.core.history.Precedents;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// A wrong value is planted at a random step before the output that is looked at, or in that step
/// itself: how high does `blame` rank the event, and how high do two guesses that need no journal?
///
/// `-Dblame.runs=500` for the whole of it; the build does fewer.
class BlameExperimentTest {
    private static final int RUNS = Integer.getInteger("blame.runs", 40);
    private static final int RUNS_OF_A_PLAN = 5;
    private static final int MANY = 40;
    private static final int SOME = 10;

    private final Map<String, Tally> tallies = new LinkedHashMap<>();
    private int suspects;
    private int upstream;

    /// How a way of ranking did.
    private static final class Tally {
        private int runs;
        private int first;
        private int firstThree;
        private long ranks;

        void rank(int rank) {
            runs++;
            first += rank == 1 ? 1 : 0;
            firstThree += rank <= 3 ? 1 : 0;
            ranks += rank;
        }

        double first() {
            return 100.0 * first / Math.max(1, runs);
        }

        String line(String name) {
            return String.format(
                    Locale.ROOT,
                    "%-52s %5d %6.1f %% %6.1f %% %6.2f",
                    name,
                    runs,
                    first(),
                    100.0 * firstThree / Math.max(1, runs),
                    (double) ranks / Math.max(1, runs));
        }
    }

    @Test
    void the_step_at_which_a_wrong_value_was_planted_is_ranked_first() {
        int done = 0;
        for (long seed = 0; done < RUNS; seed++) {
            var random = new SplittableRandom(seed);
            var planted = new Planted(random);
            if (!planted.target().isEmpty()) {
                done += plan(planted, random, Math.min(RUNS_OF_A_PLAN, RUNS - done));
            }
        }
        var report = new ArrayList<String>();
        report.add(
                String.format(
                        Locale.ROOT,
                        "%d runs; on average %.1f steps before the output, %.1f of them with a part in it",
                        done,
                        (double) upstream / done,
                        (double) suspects / done));
        report.add(String.format("%-52s %5s %8s %8s %6s", "", "runs", "first", "top 3", "rank"));
        tallies.forEach((name, tally) -> report.add(tally.line(name)));
        report.forEach(System.out::println);

        assertThat(tally("a good run with the same inputs").first()).isGreaterThanOrEqualTo(95);
        assertThat(tally(MANY + " other runs, the step on record").first())
                .isGreaterThanOrEqualTo(95);
        assertThat(tally(SOME + " other runs, the step on record").first())
                .isGreaterThanOrEqualTo(95);
        assertThat(tally(MANY + " other runs").first())
                .isGreaterThan(tally("guess: the first step").first())
                .isGreaterThan(tally("guess: the last actor").first());
    }

    private Tally tally(String name) {
        return tallies.computeIfAbsent(name, _ -> new Tally());
    }

    /// Runs of one plan, with a store of good runs beside them, a tenth of which have a wrong value
    /// of their own.
    private int plan(Planted planted, SplittableRandom random, int most) {
        var others = new ArrayList<Chronicle>();
        for (int i = 0; i < MANY; i++) {
            var inputs = Planted.inputs(random);
            var other = planted.run(inputs, null);
            others.add(
                    i % 10 == 9
                            ? planted.run(inputs, one(planted.upstream(other), random))
                            : other);
        }
        int done = 0;
        for (int i = 0; i < 4 * most && done < most; i++) {
            var inputs = Planted.inputs(random);
            var good = planted.run(inputs, null);
            var step = one(planted.upstream(good), random);
            var bad = planted.run(inputs, step);
            // A wrong value that was lost on its way harms nobody.
            if (!planted.output(good).equals(planted.output(bad))) {
                done++;
                look(planted, good, bad, step, others);
            }
        }
        return done;
    }

    private static TaskId one(List<Account> accounts, SplittableRandom random) {
        return accounts.get(random.nextInt(accounts.size())).task();
    }

    private void look(
            Planted planted, Chronicle good, Chronicle bad, TaskId step, List<Chronicle> all) {
        long event = bad.account(step).map(Planted::at).orElseThrow();
        var inputs = bad.start().inputs();
        var others = all.stream().filter(run -> !run.start().inputs().equals(inputs)).toList();
        var target = Blame.Target.whole(TaskId.of(planted.target()));

        rank("a good run with the same inputs", bad, target, List.of(good), event);
        others("" + MANY, bad, target, others, event);
        others("" + SOME, bad, target, others.subList(0, SOME), event);
        rank("the journal alone", bad, target, List.of(), event);
        if (bad.fan(planted.target()) == null) {
            var expecting =
                    Blame.Target.expecting(
                            TaskId.of(planted.target()),
                            ((Value.Array) planted.output(bad)).items().getFirst(),
                            List.of(),
                            ((Value.Array) planted.output(good)).items().getFirst());
            rank("the journal alone, with --expected", bad, expecting, List.of(), event);
        }

        var upstreamOfIt = planted.upstream(bad).stream().map(Planted::at).toList();
        tally("guess: the first step").rank(upstreamOfIt.indexOf(event) + 1);
        tally("guess: the last actor").rank(upstreamOfIt.reversed().indexOf(event) + 1);
        upstream += upstreamOfIt.size();
    }

    private void others(
            String many, Chronicle bad, Blame.Target target, List<Chronicle> others, long event) {
        var blame = blame(bad, target, others);
        int rank = rank(blame, event);
        tally(many + " other runs").rank(rank);
        boolean known =
                blame.suspects().stream()
                        .filter(suspect -> suspect.source().at() == event)
                        .anyMatch(suspect ->
                                suspect.reasons().stream()
                                        .noneMatch(Reason.NoRecord.class::isInstance));
        tally(many + " other runs, the step " + (known ? "on record" : "never given the same"))
                .rank(rank);
    }

    private void rank(
            String name, Chronicle bad, Blame.Target target, List<Chronicle> others, long event) {
        var blame = blame(bad, target, others);
        if (others.isEmpty() && target.expected() == null) {
            suspects += blame.suspects().size();
        }
        tally(name).rank(rank(blame, event));
    }

    private static Blame blame(Chronicle bad, Blame.Target target, List<Chronicle> others) {
        var precedents = new Precedents(bad, (_, agent) -> agent.value());
        others.forEach(other -> precedents.see(other, false));
        return Blame.of(bad, target, precedents, new Expressions());
    }

    private static int rank(Blame blame, long event) {
        for (int i = 0; i < blame.suspects().size(); i++) {
            if (blame.suspects().get(i).source().at() == event) {
                return i + 1;
            }
        }
        throw new AssertionError("event " + event + " is no suspect: " + blame);
    }
}
