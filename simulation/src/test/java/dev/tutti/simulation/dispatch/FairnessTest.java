package dev.tutti.simulation.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.event.Agent;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.SkillId;
import dev.tutti.core.event.Task.Performer;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.TenantId;
import dev.tutti.core.event.Value;
import dev.tutti.core.goal.Team;
import dev.tutti.runtime.dispatch.Dispatcher;
import dev.tutti.runtime.dispatch.Want;
import dev.tutti.runtime.evidence.Evidence;
import dev.tutti.runtime.journal.StreamId;
import dev.tutti.runtime.quota.Machine;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Tenants of whom few ask for nearly everything, at the dispatcher of the product. All tasks take
/// one tick. The build plays 200,000 tasks, `-Ddispatch=all` a million.
@Isolated
class FairnessTest {
    private static final int TASKS =
            System.getProperty("dispatch", "").equals("all") ? 1_000_000 : 200_000;
    private static final int WINDOW = 10_000;
    private static final int TENANTS = 50;
    private static final int PLACES = 20;

    /// More tasks come than are done until half of them have come.
    private static final int ARRIVALS = 30;

    private static final SkillId WORK = new SkillId("work");
    private static final Performer WORKER = new Performer.BySkill(WORK);

    private final List<TenantId> tenants = new ArrayList<>();
    private final int[] weights = new int[TENANTS];
    private final int[] waiting = new int[TENANTS];
    private final int[] served = new int[TENANTS];
    private final boolean[] backlogged = new boolean[TENANTS];
    private final List<List<Integer>> waits = new ArrayList<>();
    private final List<ArrayDeque<Integer>> since = new ArrayList<>();
    private double worst;
    private int inWindow;

    @ParameterizedTest
    @ValueSource(doubles = {1.1, 3})
    void who_asks_for_much_has_its_share_and_keeps_nobody_waiting(double exponent) {
        for (int i = 0; i < TENANTS; i++) {
            tenants.add(new TenantId("t" + i));
            weights[i] = 1 + i % 4;
            waits.add(new ArrayList<>());
            since.add(new ArrayDeque<>());
        }
        play(exponent);
        var light = new ArrayList<Integer>();
        double fair = 1.0 / Arrays.stream(weights).sum();
        var shares = shares(exponent);
        for (int i = 0; i < TENANTS; i++) {
            if (shares[i] * ARRIVALS < 0.5 * PLACES * weights[i] * fair) {
                light.addAll(waits.get(i));
            }
        }
        light.sort(null);
        int p90 = light.get(light.size() * 9 / 10);
        System.out.printf(
                Locale.ROOT,
                "fairness: Zipf %.1f: greatest error of a share %.4f, light tenants' p90 wait %d of"
                        + " service times (%d tasks)%n",
                exponent,
                worst,
                p90,
                light.size());
        assertThat(worst).isLessThan(0.02);
        assertThat(p90).isLessThanOrEqualTo(2);
    }

    /// Each run of a store that messages begin is served once and never seen again.
    @Test
    void runs_without_number_are_served_as_fast_as_the_first_of_them() {
        var team = team();
        var dispatcher = new Dispatcher(_ -> true, new Evidence(1), Machine.boundless(), _ -> 1.0);
        long first = micros(dispatcher, team, 0);
        for (int part = 1; part < 9; part++) {
            micros(dispatcher, team, part);
        }
        long last = micros(dispatcher, team, 9);
        System.out.printf(
                Locale.ROOT,
                "fairness: the first %d runs in %d us, the last of %d in %d us%n",
                WINDOW,
                first,
                10 * WINDOW,
                last);
        assertThat(last).isLessThan(5 * first + 50_000);
    }

    private static long micros(Dispatcher dispatcher, Team team, int part) {
        long begun = System.nanoTime();
        for (int i = 0; i < WINDOW; i++) {
            long token = (long) part * WINDOW + i + 1;
            var run = StreamId.run(TenantId.LOCAL, new RunId("R" + token));
            var want = want(run, 0);
            var offer = dispatcher.offer(want, team, now(0)).orElseThrow();
            dispatcher.grant(run, token, "team", offer);
            dispatcher.release(run, token, now(0));
            assertThat(dispatcher.serve(now(0))).isEmpty();
        }
        return (System.nanoTime() - begun) / 1_000;
    }

    private static Want want(StreamId run, int number) {
        return new Want(run, new TaskId("t", number), WORKER, "team", List.of(), null, List.of());
    }

    private static Team team() {
        var agent =
                new Agent(
                        new AgentId("worker"),
                        List.of(WORK),
                        "simulated",
                        Value.Struct.EMPTY,
                        new Agent.Limits(PLACES, null));
        return new Team(List.of(), List.of(agent), List.of());
    }

    private static double[] shares(double exponent) {
        var shares = new double[TENANTS];
        double sum = 0;
        for (int i = 0; i < TENANTS; i++) {
            shares[i] = Math.pow(i + 1, -exponent);
            sum += shares[i];
        }
        for (int i = 0; i < TENANTS; i++) {
            shares[i] /= sum;
        }
        return shares;
    }

    private void play(double exponent) {
        var team = team();
        var dispatcher =
                new Dispatcher(
                        _ -> true,
                        new Evidence(1),
                        Machine.boundless(),
                        tenant -> weights[Integer.parseInt(tenant.value().substring(1))]);
        var dice = new SplittableRandom(42);
        var shares = shares(exponent);
        var doing = new ArrayList<Dispatcher.Turn>();
        long token = 0;
        int asked = 0;
        int done = 0;
        for (int tick = 0; done < TASKS; tick++) {
            var ended = List.copyOf(doing);
            doing.clear();
            long first = token - ended.size() + 1;
            for (int i = 0; i < ended.size(); i++) {
                dispatcher.release(ended.get(i).run(), first + i, now(tick));
            }
            done += ended.size();
            var turns = new ArrayList<Dispatcher.Turn>();
            for (int i = 0; i < ARRIVALS && asked < TASKS; i++) {
                int tenant = draw(shares, dice.nextDouble());
                var run = StreamId.run(tenants.get(tenant), new RunId("R" + dice.nextInt(3)));
                var want = want(run, asked++);
                waiting[tenant]++;
                since.get(tenant).add(tick);
                dispatcher
                        .offer(want, team, now(tick))
                        .ifPresent(offer -> turns.add(new Dispatcher.Turn(run, offer)));
            }
            turns.addAll(dispatcher.serve(now(tick)));
            for (var turn : turns) {
                dispatcher.grant(turn.run(), ++token, "team", turn.offer());
                served(turn, tick, asked < TASKS);
                doing.add(turn);
            }
        }
    }

    private static Instant now(int tick) {
        return Instant.EPOCH.plusSeconds(tick);
    }

    private static int draw(double[] shares, double chance) {
        double left = chance;
        for (int i = 0; i < shares.length; i++) {
            left -= shares[i];
            if (left < 0) {
                return i;
            }
        }
        return shares.length - 1;
    }

    /// A tenant that has more in line than its share of a window is backlogged throughout.
    private void served(Dispatcher.Turn turn, int tick, boolean busy) {
        int tenant = Integer.parseInt(turn.run().tenant().value().substring(1));
        if (inWindow == 0) {
            for (int i = 0; i < TENANTS; i++) {
                backlogged[i] = busy && waiting[i] > 0;
            }
            Arrays.fill(served, 0);
        }
        served[tenant]++;
        waiting[tenant]--;
        waits.get(tenant).add(tick - since.get(tenant).remove());
        for (int i = 0; i < TENANTS; i++) {
            backlogged[i] &= waiting[i] > 0;
        }
        if (++inWindow == WINDOW) {
            inWindow = 0;
            measure();
        }
    }

    private void measure() {
        double weight = 0;
        double all = 0;
        for (int i = 0; i < TENANTS; i++) {
            weight += backlogged[i] ? weights[i] : 0;
            all += backlogged[i] ? served[i] : 0;
        }
        for (int i = 0; i < TENANTS; i++) {
            if (backlogged[i]) {
                double due = all * weights[i] / weight;
                worst = Math.max(worst, Math.abs(served[i] - due) / due);
            }
        }
    }
}
