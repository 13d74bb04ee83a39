package dev.tutti.core.planner;

/// The planner that needs no model: the cheapest plan over typed skills, by A*.
///
/// A plan's parts run beside each other where they can, so time is that of the longest path; money
/// and failures add up over all steps ([Problem.Worth]). A skill is used once in a plan at most, or
/// once for each item of a list; it is so used only where nothing yields what it takes one of.
public final class Search {
    /// How much is looked at unless told otherwise: a tenth of a second or so.
    public static final long EFFORT = 2_000_000;

    private Search() {}

    /// The best plan that can be found, or why there is none.
    public static Answer find(Problem problem) {
        return find(problem, EFFORT);
    }

    /// The best plan that can be found looking at `effort` facts and skills, those that come up
    /// again counted again. The same effort always finds the same plan; where it is not enough to
    /// be certain of the best, the plan comes with a bound.
    public static Answer find(Problem problem, long effort) {
        var grounding = Grounding.of(problem);
        var reach = Reach.of(grounding);
        if (!grounding.wanted().stream().allMatch(reach::met)) {
            return Lack.explain(problem, grounding, reach, effort);
        }
        var network = Network.of(grounding, new Prices.ByWorth(problem.worth()));
        return Writing.write(problem, grounding, network, Frontier.search(network, effort));
    }
}
