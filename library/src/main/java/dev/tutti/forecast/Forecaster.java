package dev.tutti.forecast;

import dev.tutti.core.event.Event;
import dev.tutti.core.event.Failure;
import dev.tutti.core.event.RunId;
import dev.tutti.core.event.Status;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.TenantId;
import dev.tutti.core.event.Value;
import dev.tutti.core.goal.Team;
import dev.tutti.core.goal.Workflow;
import dev.tutti.core.history.CriticalPath;
import dev.tutti.core.history.Moment;
import dev.tutti.forecast.Forecast.Bounds;
import dev.tutti.history.Watch;
import dev.tutti.runtime.engine.Request;
import dev.tutti.runtime.journal.Definition;
import dev.tutti.runtime.journal.StreamId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Plays a plan many times before it is begun (the Monte Carlo method). Every run is one of the
/// real engine: what is retried, who waits for a place, what a time-out or a ladder does, is
/// decided where it is decided for real.
public final class Forecaster {
    private static final Definition DEFINITION = Request.definition(Value.Struct.EMPTY);
    private static final long MOST_EVENTS = 500_000;

    /// Runs that are under way beside one, at most, and runs of a stream that count.
    private static final int MOST_AROUND = 20;

    private static final int COUNTED = 12;
    private static final int FIRST = 20;
    private static final double NEARLY = 1.001;
    private static final String BUDGET = "`budget` of the workflow";
    private static final String TIME = "`budget.time` of the workflow";

    private final Asked asked;
    private final Team skeleton;
    private final Circumstances circumstances;
    private final Cast.Known known = new Cast.Known();
    private final List<Played> played = new ArrayList<>();
    private final Map<String, List<Double>> widths = new LinkedHashMap<>();
    private Duration typical = Duration.ZERO;

    /// What is to be foreseen.
    ///
    /// @param inputs of the run, bound
    /// @param bounds what it must not exceed
    /// @param every how often another run of the workflow begins beside it, or null for never
    /// @param samples how many runs are played
    /// @param within the longest that it may take; at least [#LEAST] runs are played in any case
    /// @param seed the same gives the same forecast, as long as there is time enough
    public record Asked(
            Team team,
            Workflow workflow,
            Value.Struct inputs,
            Experience experience,
            Guesses guesses,
            Bounds bounds,
            @Nullable Duration every,
            int samples,
            Duration within,
            long seed) {}

    /// Fewer runs than this say too little.
    public static final int LEAST = 50;

    /// What one run came to.
    ///
    /// @param shares of its time, by task
    /// @param broken the limits that it broke
    private record Played(
            double seconds,
            double usd,
            @Nullable Status status,
            Map<String, Double> shares,
            Map<String, Integer> attempts,
            Map<String, Double> costs,
            List<String> broken) {}

    private Forecaster(Asked asked) {
        this.asked = asked;
        skeleton = Skeleton.of(asked.team(), asked.inputs());
        circumstances =
                new Circumstances(
                        asked.team(), asked.inputs(), asked.experience(), asked.guesses());
    }

    /// Plays the runs.
    ///
    /// @param watch told now and then how many were played
    public static Forecast of(Asked asked, Watch watch) {
        var forecaster = new Forecaster(asked);
        var dice = new SplittableRandom(asked.seed());
        if (asked.every() != null) {
            forecaster.typical = forecaster.alone(dice.split());
        }
        long end = System.nanoTime() + asked.within().toNanos();
        while (forecaster.played.size() < asked.samples()
                && (forecaster.played.size() < LEAST || System.nanoTime() - end < 0)) {
            forecaster.played.addAll(
                    asked.every() == null
                            ? forecaster.one(dice.split())
                            : forecaster.stream(asked.every(), dice.split()));
            watch.at(Math.min(forecaster.played.size(), asked.samples()), asked.samples());
        }
        return forecaster.forecast();
    }

    /// How long a run takes when nothing else is under way.
    private Duration alone(SplittableRandom dice) {
        var seconds = new ArrayList<Double>();
        for (int i = 0; i < FIRST; i++) {
            seconds.add(one(dice.split()).getFirst().seconds());
        }
        widths.clear();
        return Duration.ofMillis((long) (new Spread(seconds).quantile(0.9) * 1_000));
    }

    /// One run, with nothing else under way.
    private List<Played> one(SplittableRandom dice) {
        var time = time(dice);
        return played(time, List.of(ask(time, Duration.ZERO, 0, dice)));
    }

    /// Runs that begin by chance, as often as is said. Those count that have others before them and
    /// after.
    private List<Played> stream(Duration every, SplittableRandom dice) {
        double gap = Math.max(1.0, (double) every.toNanos());
        int around = (int) Math.clamp(Math.ceil(typical.toNanos() / gap), 1, MOST_AROUND);
        var time = time(dice);
        var counted = new ArrayList<StreamId>();
        double at = 0;
        for (int i = 0; i < 2 * around + COUNTED + around; i++) {
            var run = ask(time, Duration.ofNanos((long) at), i, dice);
            if (i >= 2 * around && counted.size() < COUNTED) {
                counted.add(run);
            }
            at += -Math.log(1 - dice.nextDouble()) * gap;
        }
        return played(time, counted);
    }

    /// A store in which the turn may be anybody's: which agent is asked first is by chance.
    private VirtualTime time(SplittableRandom dice) {
        var agents = new ArrayList<>(skeleton.agents());
        Collections.rotate(agents, dice.nextInt(Math.max(1, agents.size())));
        return new VirtualTime(
                new Team(List.of(), agents, skeleton.workflows()),
                new Cast(asked.team(), asked.experience(), asked.guesses(), known, dice.split()));
    }

    private StreamId ask(VirtualTime time, Duration after, int number, SplittableRandom dice) {
        var run = StreamId.run(TenantId.LOCAL, new RunId("forecast-" + number));
        var inputs = circumstances.draw(asked.workflow(), dice);
        var start = new Request.Start(asked.workflow().name(), DEFINITION, inputs);
        time.ask(after, run, start, "forecast");
        return run;
    }

    private List<Played> played(VirtualTime time, List<StreamId> runs) {
        boolean finished = time.goOn(runs, MOST_EVENTS);
        return runs.stream().map(run -> played(time.moments(run), finished)).toList();
    }

    // ---- what came of it

    private Played played(List<Moment> run, boolean finished) {
        var attempts = new TreeMap<String, Integer>();
        var costs = new TreeMap<String, Double>();
        var broken = new ArrayList<String>();
        double usd = 0;
        Status status = null;
        boolean tooLittle = false;
        for (var moment : run) {
            switch (moment.event()) {
                case Event.Assigned e -> attempts.merge(e.task().name(), 1, Integer::sum);
                case Event.FannedOut e ->
                        widths.computeIfAbsent(e.task(), _ -> new ArrayList<>())
                                .add((double) e.width());
                case Event.AttemptEnded e -> {
                    usd += cost(costs, e.task().name(), e.usage().usd().usd().doubleValue());
                    broken(broken, e.task().name(), e.failure());
                }
                case Event.TaskFailed e -> broken(broken, e.task().name(), e.failure());
                case Event.ResultAccepted e ->
                        usd += cost(costs, e.task().name(), e.usage().usd().usd().doubleValue());
                case Event.ResultProposed e ->
                        usd += cost(costs, e.task().name(), e.usage().usd().usd().doubleValue());
                case Event.Iterated e ->
                        usd += cost(costs, e.task().name(), e.usage().usd().usd().doubleValue());
                case Event.HandedOver e ->
                        usd += cost(costs, e.task().name(), e.usage().usd().usd().doubleValue());
                case Event.BudgetShort _ -> tooLittle = true;
                case Event.Ended e -> status = e.status();
                default -> {}
            }
        }
        var ended = finished && status != null ? status : null;
        double seconds =
                run.isEmpty()
                        ? 0
                        : Duration.between(run.getFirst().at(), run.getLast().at()).toNanos() / 1e9;
        if (tooLittle && status != Status.SUCCEEDED) {
            broken.add(BUDGET);
        }
        var most = asked.workflow().budget().time();
        if (most != null
                && status != Status.SUCCEEDED
                && seconds * NEARLY >= most.toNanos() / 1e9) {
            broken.add(TIME);
        }
        return new Played(
                seconds,
                usd,
                ended,
                ended == null ? Map.of() : shares(run),
                attempts,
                costs,
                broken.stream().distinct().toList());
    }

    private static double cost(Map<String, Double> costs, String task, double usd) {
        costs.merge(task, usd, Double::sum);
        return usd;
    }

    private static void broken(List<String> broken, String task, Failure failure) {
        if (failure instanceof Failure.TimedOut(var limit, _)) {
            var word =
                    switch (limit) {
                        case QUEUED -> "queued";
                        case RUN -> "run";
                        case IDLE -> "idle";
                        case OVERALL -> "overall";
                    };
            broken.add("time-out of `" + task + "` (" + word + ")");
        }
    }

    private static Map<String, Double> shares(List<Moment> run) {
        var path = CriticalPath.of(run);
        var shares = new TreeMap<String, Double>();
        double all = Math.max(1, path.makespan().toNanos());
        for (var segment : path.segments()) {
            if (segment.task() != null && segment.time().isPositive()) {
                shares.merge(segment.task().name(), segment.time().toNanos() / all, Double::sum);
            }
        }
        return shares;
    }

    private Forecast forecast() {
        var ended = played.stream().filter(one -> one.status() != null).toList();
        var time = new Spread(ended.stream().map(Played::seconds).toList());
        var cost = new Spread(ended.stream().map(Played::usd).toList());
        var assumed = new ArrayList<>(circumstances.assumed());
        assumed.addAll(known.assumed());
        return new Forecast(
                played.size(),
                asked.experience().runs(),
                time,
                cost,
                share(Status.SUCCEEDED),
                share(Status.FAILED) + share(Status.CANCELLED),
                (double) (played.size() - ended.size()) / Math.max(1, played.size()),
                members(),
                limits(time, cost),
                fanOuts(),
                known.sources(),
                assumed);
    }

    private double share(Status status) {
        return (double) played.stream().filter(one -> one.status() == status).count()
                / Math.max(1, played.size());
    }

    private List<Forecast.Member> members() {
        var members = new ArrayList<Forecast.Member>();
        double all = Math.max(1, played.stream().filter(one -> one.status() != null).count());
        for (var task : asked.workflow().tasks()) {
            var name = task.name();
            double often = 0;
            double share = 0;
            double attempts = 0;
            double usd = 0;
            for (var one : played) {
                double part = one.shares().getOrDefault(name, 0.0);
                often += part > 0.001 ? 1 : 0;
                share += part;
                attempts += one.attempts().getOrDefault(name, 0);
                usd += one.costs().getOrDefault(name, 0.0);
            }
            members.add(
                    new Forecast.Member(
                            name,
                            often / all,
                            share / all,
                            attempts / Math.max(1, played.size()),
                            usd / Math.max(1, played.size())));
        }
        members.sort((a, b) -> Double.compare(b.often() + b.share(), a.often() + a.share()));
        return members;
    }

    private List<Forecast.Limit> limits(Spread time, Spread cost) {
        var limits = new ArrayList<Forecast.Limit>();
        var bounds = asked.bounds();
        if (bounds.deadline() != null) {
            double share = time.above(bounds.deadline().toNanos() / 1e9);
            limits.add(new Forecast.Limit("deadline", share));
        }
        if (bounds.usd() != null) {
            limits.add(new Forecast.Limit("budget", cost.above(bounds.usd())));
        }
        var broken = new TreeMap<String, Integer>();
        for (var one : played) {
            one.broken().forEach(limit -> broken.merge(limit, 1, Integer::sum));
        }
        for (var task : asked.workflow().tasks()) {
            limits(task.name(), task.policy().timeouts())
                    .forEach(limit -> broken.putIfAbsent(limit, 0));
        }
        var budget = asked.workflow().budget();
        if (budget.isOfSpending() || budget.isOfCounts()) {
            broken.putIfAbsent(BUDGET, 0);
        }
        if (budget.time() != null) {
            broken.putIfAbsent(TIME, 0);
        }
        broken.forEach((limit, times) ->
                limits.add(new Forecast.Limit(limit, (double) times / Math.max(1, played.size()))));
        return limits;
    }

    private static List<String> limits(String task, Task.Timeouts timeouts) {
        var limits = new ArrayList<String>();
        if (timeouts.queued() != null) {
            limits.add("time-out of `" + task + "` (queued)");
        }
        if (timeouts.run() != null) {
            limits.add("time-out of `" + task + "` (run)");
        }
        if (timeouts.overall() != null) {
            limits.add("time-out of `" + task + "` (overall)");
        }
        return limits;
    }

    private List<Forecast.Width> fanOuts() {
        var fanOuts = new ArrayList<Forecast.Width>();
        widths.forEach((task, items) ->
                fanOuts.add(
                        new Forecast.Width(
                                task,
                                new Spread(items),
                                circumstances.sources().getOrDefault(task, "its own run"))));
        return fanOuts;
    }
}
