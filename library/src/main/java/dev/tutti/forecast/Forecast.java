package dev.tutti.forecast;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What many runs of a plan came to that were played before it is begun.
///
/// @param samples how many were played
/// @param runs how many recorded runs it was learned from
/// @param time until the run ends, in seconds; of those that end without a person whom nothing is
///   known of
/// @param cost in dollars, of the same
/// @param succeeds the share of runs that succeed
/// @param fails the share that fail
/// @param waits the share that end up waiting for a person
/// @param path the tasks that runs take their time for, the most frequent first
/// @param limits each limit, with the share of runs that break it
/// @param widths the fan-outs
/// @param sources where it is known from what agents do
/// @param assumed what was taken for granted, as sentences
public record Forecast(
        int samples,
        int runs,
        Spread time,
        Spread cost,
        double succeeds,
        double fails,
        double waits,
        List<Member> path,
        List<Limit> limits,
        List<Width> widths,
        Map<String, String> sources,
        List<String> assumed) {

    /// The same, with something else that was taken for granted.
    public Forecast assuming(String sentence) {
        var more = new ArrayList<>(assumed);
        more.add(sentence);
        return new Forecast(
                samples, runs, time, cost, succeeds, fails, waits, path, limits, widths, sources,
                more);
    }

    /// Where nothing was played.
    ///
    /// @param runs how many are on record
    public static Forecast none(int runs) {
        var nothing = new Spread(List.of());
        return new Forecast(
                0, runs, nothing, nothing, 0, 0, 0, List.of(), List.of(), List.of(), Map.of(),
                List.of());
    }

    /// The same, after something that takes so long and costs so much each time.
    public Forecast after(double seconds, double usd) {
        return new Forecast(
                samples,
                runs,
                time.plus(seconds),
                cost.plus(usd),
                succeeds,
                fails,
                waits,
                path,
                limits,
                widths,
                sources,
                assumed);
    }

    /// Says that a planner made the plan, and may make another.
    public Forecast ofFirstPlan() {
        return assuming(
                "this is the first plan alone; where it does not hold, the planner is asked again");
    }

    public Forecast {
        path = List.copyOf(path);
        limits = List.copyOf(limits);
        widths = List.copyOf(widths);
        assumed = List.copyOf(assumed);
    }

    /// A task on the critical path.
    ///
    /// @param often the share of runs that it is on the path of
    /// @param share its mean share of the time of a run
    /// @param attempts how many attempts it takes a run, all items together
    /// @param usd what it costs a run
    public record Member(String task, double often, double share, double attempts, double usd) {}

    /// Something that must not be exceeded.
    ///
    /// @param what such as `time-out of read (run)`
    /// @param broken the share of runs that break it
    public record Limit(String what, double broken) {}

    /// A fan-out, whose width is not known before.
    ///
    /// @param from where it is known from
    public record Width(String task, Spread items, String from) {}

    /// What a run must not exceed; null for no limit.
    public record Bounds(@Nullable Duration deadline, @Nullable Double usd) {
        public static final Bounds NONE = new Bounds(null, null);
    }
}
