package dev.tutti.simulation.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.tutti.core.goal.Terms;
import java.io.IOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.PriorityQueue;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The order of ready tasks on workflows that were really run, against first-in-first-out and
/// against a second implementation of the same order. The build takes the graphs of up to 150 tasks
/// and one draw of speeds; `-Ddispatch=all` all 79 and three, and reports what the docs say.
class SchedulingTest {
    private static final boolean ALL = System.getProperty("dispatch", "").equals("all");
    private static final int SMALL = 150;
    private static final int AGENTS = 16;
    private static List<RealGraph> graphs = List.of();

    @BeforeAll
    static void read() throws IOException {
        graphs =
                RealGraph.read().stream()
                        .filter(graph -> ALL || graph.seconds().size() <= SMALL)
                        .filter(graph -> graph.work() > 0)
                        .toList();
    }

    @ParameterizedTest
    @CsvSource({"0, 1.33", "0.5, 1.25", "1.0, 1.22"})
    void with_agents_of_different_speeds_the_longest_way_first_is_faster(
            double sigma, double least) {
        assumeFalse(graphs.isEmpty(), "real graphs are not at hand");
        var ours = new Ratio();
        var reference = new Ratio();
        var bound = new Ratio();
        for (long draw = 1; draw <= (ALL ? 3 : 1); draw++) {
            var speeds = Guesses.speeds(AGENTS, draw);
            for (var graph : graphs) {
                var guesses = Guesses.of(graph, sigma, draw * 1_000 + graph.name().hashCode());
                double makespan =
                        new Workshop(graph, speeds, Terms.Way.FASTEST, true, guesses).makespan();
                var fifo = new Workshop(graph, speeds, Terms.Way.ROUND_ROBIN, false, guesses);
                ours.add(fifo.makespan(), makespan);
                reference.add(second(graph, speeds, guesses), makespan);
                bound.add(makespan, bound(graph, speeds));
            }
        }
        System.out.printf(
                Locale.ROOT,
                "scheduling: sigma %.1f, %d makespans: %.3f times as fast as first-in-first-out,"
                        + " %.3f times the bound%n",
                sigma,
                ours.count,
                ours.mean(),
                bound.mean());
        assertThat(ours.mean()).isGreaterThanOrEqualTo(least);
        assertThat(reference.mean()).isGreaterThanOrEqualTo(0.999);
    }

    /// Few agents, many, and agents that are alike: reported, and held to be no worse than a second
    /// implementation of the order.
    @ParameterizedTest
    @CsvSource({"4, false", "64, false", "4, true", "16, true", "64, true"})
    void so_it_is_with_few_agents_and_many_and_with_agents_that_are_alike(
            int agents, boolean alike) {
        assumeFalse(graphs.isEmpty(), "real graphs are not at hand");
        for (double sigma : ALL ? new double[] {0, 0.5, 1} : new double[] {0.5}) {
            var ours = new Ratio();
            var reference = new Ratio();
            var bound = new Ratio();
            for (long draw = 1; draw <= (ALL ? 3 : 1); draw++) {
                var speeds = Guesses.speeds(agents, draw);
                if (alike) {
                    Arrays.fill(speeds, 1);
                }
                for (var graph : graphs) {
                    var guesses = Guesses.of(graph, sigma, draw * 1_000 + graph.name().hashCode());
                    double makespan =
                            new Workshop(graph, speeds, Terms.Way.FASTEST, true, guesses)
                                    .makespan();
                    var fifo = new Workshop(graph, speeds, Terms.Way.ROUND_ROBIN, false, guesses);
                    ours.add(fifo.makespan(), makespan);
                    reference.add(second(graph, speeds, guesses), makespan);
                    bound.add(makespan, bound(graph, speeds));
                }
            }
            System.out.printf(
                    Locale.ROOT,
                    "scheduling: %d %s agents, sigma %.1f: %.3f times as fast as"
                            + " first-in-first-out, %.3f times the bound%n",
                    agents,
                    alike ? "identical" : "different",
                    sigma,
                    ours.mean(),
                    bound.mean());
            assertThat(ours.mean()).isGreaterThanOrEqualTo(0.99);
            assertThat(reference.mean()).isGreaterThanOrEqualTo(0.98);
        }
    }

    /// The longest way and the work, with the fastest agent and with all of them.
    private static double bound(RealGraph graph, double... speeds) {
        double fastest = 0;
        double sum = 0;
        for (double speed : speeds) {
            fastest = Math.max(fastest, speed);
            sum += speed;
        }
        var ways =
                dev.tutti.runtime.dispatch.Ranks.rank(
                        graph.plan(), task -> graph.seconds().getOrDefault(task.name(), 0.0));
        double longest = ways.values().stream().mapToDouble(way -> way).max().orElse(0);
        return Math.max(longest / fastest, graph.work() / sum);
    }

    /// A mean of ratios, as of speeds.
    private static final class Ratio {
        private double logarithms;
        private int count;

        private void add(double over, double under) {
            logarithms += Math.log(over / under);
            count++;
        }

        private double mean() {
            return Math.exp(logarithms / count);
        }
    }

    private record Done(double at, int agent, String task) {}

    /// Ready tasks by rank, each to the fastest idle agent, without a dispatcher.
    private static double second(RealGraph graph, double[] speeds, Map<String, Double> guesses) {
        var ranks =
                dev.tutti.runtime.dispatch.Ranks.rank(
                        graph.plan(), task -> guesses.getOrDefault(task.name(), 0.0));
        var ready =
                new PriorityQueue<String>(
                        Comparator.comparingDouble(
                                (String task) -> -ranks.getOrDefault(task, 0.0)));
        var idle =
                new PriorityQueue<Integer>(
                        Comparator.comparingDouble((Integer agent) -> -speeds[agent]));
        for (int i = 0; i < speeds.length; i++) {
            idle.add(i);
        }
        var left = new HashMap<String, Integer>();
        for (var name : graph.plan().order()) {
            int before = graph.plan().node(name).task().dependencies().size();
            left.put(name, before);
            if (before == 0) {
                ready.add(name);
            }
        }
        var doing = new PriorityQueue<Done>(Comparator.comparingDouble(Done::at));
        double now = 0;
        while (true) {
            while (!ready.isEmpty() && !idle.isEmpty()) {
                var task = ready.remove();
                int agent = idle.remove();
                double seconds = graph.seconds().getOrDefault(task, 0.0);
                doing.add(new Done(now + seconds / speeds[agent], agent, task));
            }
            var next = doing.poll();
            if (next == null) {
                return now;
            }
            now = next.at();
            idle.add(next.agent());
            for (var name : RealGraph.after(graph, next.task())) {
                if (left.merge(name, -1, Integer::sum) == 0) {
                    ready.add(name);
                }
            }
        }
    }
}
