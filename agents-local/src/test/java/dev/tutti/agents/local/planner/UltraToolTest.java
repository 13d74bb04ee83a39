package dev.tutti.agents.local.planner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tutti.agents.local.planner.UltraTool.Request;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/// On real requests: by words alone and for some of them; with `-Dtutti.planner.full=true` all of
/// them, and by meaning as well.
@DisplayNameGeneration(ReplaceUnderscores.class)
class UltraToolTest {
    private static final boolean FULL = Boolean.getBoolean("tutti.planner.full");
    private static final int SAMPLE = 300;

    /// What there is to be ahead of the two nearest tools in order.
    private static final double AHEAD = 1.5;

    @Test
    void plans_are_nearer_to_the_truth_than_the_two_nearest_tools() throws Exception {
        var data = UltraTool.read();
        assumeTrue(data.isPresent());
        measure(data.get(), false);
        if (FULL) {
            measure(data.get(), true);
        }
    }

    private static void measure(UltraTool data, boolean byMeaning) {
        var repertoire = data.learnt(byMeaning);
        var requests = data.heldOut(FULL ? Integer.MAX_VALUE : SAMPLE);
        var floor = of(requests, request -> Shape.chain(repertoire.nearest(request, 2)));
        var ours = of(requests, request -> repertoire.propose(request, Set.of()).plan());
        System.out.printf(
                Locale.ROOT,
                "ultratool, %d requests, %s: floor node-F1 %.3f edge-F1 %.3f, planner node-F1 %.3f"
                        + " edge-F1 %.3f%n",
                requests.size(),
                byMeaning ? "words and meanings" : "words",
                floor.nodes(),
                floor.edges(),
                ours.nodes(),
                ours.edges());

        assertThat(ours.nodes()).isGreaterThan(AHEAD * floor.nodes());
        assertThat(ours.edges()).isGreaterThan(AHEAD * floor.edges());
    }

    /// F1 of the tools and of the links between them, the mean over requests.
    private record Quality(double nodes, double edges) {}

    private static Quality of(List<Request> requests, Function<String, Shape> planner) {
        double nodes = 0;
        double edges = 0;
        for (var request : requests) {
            var plan = planner.apply(request.text());
            nodes += f1(plan.skills(), request.truth().skills());
            edges += f1(plan.links(), request.truth().links());
        }
        return new Quality(nodes / requests.size(), edges / requests.size());
    }

    private static double f1(Collection<?> ours, Collection<?> truth) {
        double right = ours.stream().filter(truth::contains).count();
        return right == 0 ? 0 : 2 * right / (ours.size() + truth.size());
    }
}
