package dev.tutti.core.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.dispatch.Assignment.Edge;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// How near batches come to the cheapest assignment there is. `-Dauction=all` for all of it.
class AssignmentTest {
    private static final boolean ALL = "all".equals(System.getProperty("auction"));

    /// What everything together costs; a task that waits makes it endless.
    private static double cost(double[][] costs, int[] has) {
        double sum = 0;
        for (int task = 0; task < has.length; task++) {
            sum += has[task] < 0 ? Double.POSITIVE_INFINITY : costs[task][has[task]];
        }
        return sum;
    }

    private static List<List<Edge>> edges(double[][] costs) {
        var edges = new ArrayList<List<Edge>>();
        for (var row : costs) {
            var own = new ArrayList<Edge>();
            for (int agent = 0; agent < row.length; agent++) {
                if (row[agent] < Double.POSITIVE_INFINITY) {
                    own.add(new Edge(agent, row[agent]));
                }
            }
            edges.add(own);
        }
        return edges;
    }

    /// The least that all tasks can cost together, by shortest augmenting paths (Jonker and
    /// Volgenant, Computing 38, 1987); as many agents as tasks at least, one place each.
    private static double least(double[][] costs) {
        int tasks = costs.length;
        int agents = costs[0].length;
        var u = new double[tasks + 1];
        var v = new double[agents + 1];
        var match = new int[agents + 1];
        var way = new int[agents + 1];
        for (int task = 1; task <= tasks; task++) {
            match[0] = task;
            int at = 0;
            var min = new double[agents + 1];
            Arrays.fill(min, Double.POSITIVE_INFINITY);
            var used = new boolean[agents + 1];
            do {
                used[at] = true;
                int row = match[at];
                double delta = Double.POSITIVE_INFINITY;
                int next = 0;
                for (int j = 1; j <= agents; j++) {
                    if (!used[j]) {
                        double reduced = costs[row - 1][j - 1] - u[row] - v[j];
                        if (reduced < min[j]) {
                            min[j] = reduced;
                            way[j] = at;
                        }
                        if (min[j] < delta) {
                            delta = min[j];
                            next = j;
                        }
                    }
                }
                for (int j = 0; j <= agents; j++) {
                    if (used[j]) {
                        u[match[j]] += delta;
                        v[j] -= delta;
                    } else {
                        min[j] -= delta;
                    }
                }
                at = next;
            } while (match[at] != 0);
            do {
                int before = way[at];
                match[at] = match[before];
                at = before;
            } while (at != 0);
        }
        return -v[0];
    }

    /// Agents with strengths and tasks with kinds: costs that agree on who is good, and differ.
    private static double[][] costs(int tasks, int agents, SplittableRandom random) {
        var dear = random.doubles(agents, 0.5, 2).toArray();
        var hard = random.doubles(tasks, 0.5, 2).toArray();
        var costs = new double[tasks][agents];
        for (int task = 0; task < tasks; task++) {
            for (int agent = 0; agent < agents; agent++) {
                costs[task][agent] = dear[agent] * hard[task] * (0.2 + random.nextDouble());
            }
        }
        return costs;
    }

    private static void isNear(double[][] costs, int[] has) {
        var taken = new int[costs[0].length];
        for (int agent : has) {
            if (agent >= 0) {
                taken[agent]++;
            }
        }
        assertThat(Arrays.stream(taken).max().orElse(0))
                .as("places of one agent")
                .isLessThanOrEqualTo(1);
        assertThat(cost(costs, has)).isLessThanOrEqualTo(least(costs) * 1.05);
    }

    private static int[] places(int agents) {
        var places = new int[agents];
        Arrays.fill(places, 1);
        return places;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 20, 60})
    void small_batches_are_within_five_percent_of_the_least_that_they_can_cost(int size) {
        for (int seed = 0; seed < 20; seed++) {
            var random = new SplittableRandom(seed);
            var costs = costs(size, size + random.nextInt(size + 1), random);
            isNear(costs, Assignment.of(edges(costs), places(costs[0].length)));
        }
    }

    @Test
    void ten_batches_are_within_five_percent_of_the_least_that_they_can_cost() {
        int agents = ALL ? 1_000 : 150;
        var random = new SplittableRandom(7);
        double found = 0;
        double least = 0;
        long nanos = 0;
        for (int batch = 0; batch < 10; batch++) {
            var costs = costs(agents, agents, random);
            var edges = edges(costs);
            long start = System.nanoTime();
            var has = Assignment.of(edges, places(agents));
            nanos += System.nanoTime() - start;
            isNear(costs, has);
            found += cost(costs, has);
            least += least(costs);
        }
        System.out.printf(
                "%d agents, %d tasks in ten batches, every agent bids on all: %.2f %% above the"
                        + " least, %.0f tasks a second%n",
                agents, 10 * agents, 100 * (found / least - 1), 10 * agents / (nanos / 1e9));
    }

    @Test
    void with_too_few_places_as_many_tasks_as_there_are_places_do_not_wait() {
        var random = new SplittableRandom(3);
        var costs = costs(40, 6, random);
        var has = Assignment.of(edges(costs), new int[] {1, 2, 0, 3, 1, 4});
        assertThat(Arrays.stream(has).filter(agent -> agent >= 0).count()).isEqualTo(11);
        assertThat(Arrays.stream(has).filter(agent -> agent == 2)).isEmpty();
        assertThat(Arrays.stream(has).filter(agent -> agent == 5)).hasSize(4);
    }

    @Test
    void a_task_with_one_bidder_is_not_kept_waiting_by_one_with_two() {
        var edges = List.of(List.of(new Edge(0, 1), new Edge(1, 3)), List.of(new Edge(0, 2)));
        assertThat(Assignment.of(edges, new int[] {1, 1})).containsExactly(1, 0);
    }

    @Test
    void a_task_without_a_bid_waits_and_bids_that_cost_nothing_are_no_trouble() {
        var edges = List.of(List.<Edge>of(), List.of(new Edge(0, 0)), List.of(new Edge(0, 0)));
        var has = Assignment.of(edges, new int[] {1});
        assertThat(has[0]).isEqualTo(-1);
        assertThat(has[1] + has[2]).isEqualTo(-1);
    }
}
