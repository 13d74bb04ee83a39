package dev.tutti.forecast;

import dev.tutti.core.event.Agent;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Amendment;
import dev.tutti.core.event.Event;
import dev.tutti.core.event.Question;
import dev.tutti.core.event.Value;
import dev.tutti.core.history.Moment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// What is known of agents, and of what runs meet, from runs of the same workflow that have ended.
///
/// How wide fan-outs are and which conditions hold is taken from one recorded run at a time, as
/// these depend on one another; recent runs are drawn more often.
public final class Experience {

    /// Nothing is on record.
    public static final Experience NONE = new Experience(List.of(), (_, _) -> true);

    private static final int HALF_OF_RUNS = 64;
    private static final double ONE_SIDED = 1.645;

    private final List<RunRecord> runs;
    private final Map<Key, List<Attempted>> attempts = new LinkedHashMap<>();
    private final Map<Key, Odds> odds = new LinkedHashMap<>();
    private final Map<String, Quality> qualities = new LinkedHashMap<>();
    private final List<Planning> plannings = new ArrayList<>();

    /// @param task empty for whatever the agent does
    private record Key(String task, boolean look, String agent) {}

    /// Whether an agent of a run is the same still.
    @FunctionalInterface
    interface Same {
        boolean still(Event.RunStarted run, AgentId agent);
    }

    private Experience(List<RunRecord> runs, Same same) {
        this.runs = runs;
        for (var run : runs) {
            var planning = run.planning();
            if (planning != null && same.still(run.start(), planning.planner())) {
                plannings.add(
                        new Planning(
                                planning.planner(),
                                planning.first(),
                                planning.alone(),
                                run.start().inputs(),
                                planning.usd(),
                                planning.time().toNanos() / 1e9));
            }
            for (var one : run.attempts()) {
                var agent = one.agent().value();
                if (same.still(run.start(), one.agent())) {
                    add(new Key(one.task(), one.look(), agent), one.attempted());
                    add(new Key("", false, agent), one.attempted());
                }
            }
        }
    }

    private void add(Key key, Attempted attempted) {
        attempts.computeIfAbsent(key, _ -> new ArrayList<>()).add(attempted);
    }

    /// What runs say that have ended.
    ///
    /// @param runs all events of each
    public static Experience of(List<List<Moment>> runs) {
        return of(runs, (_, _) -> true);
    }

    static Experience of(List<List<Moment>> runs, Same same) {
        return new Experience(
                runs.stream()
                        .map(RunRecord::of)
                        .sorted(Comparator.comparing(RunRecord::startedAt))
                        .toList(),
                same);
    }

    /// How many runs it comes from.
    public int runs() {
        return runs.size();
    }

    /// What the gate of a task said of an agent's results.
    ///
    /// @param results how many there were
    /// @param passed how many of them passed
    public record Quality(int results, int passed) {
        /// The share that passed.
        public double share() {
            return results == 0 ? 0 : (double) passed / results;
        }

        /// A share that is passed with a certainty of nineteen in twenty at least, by the score
        /// interval (E. B. Wilson, 1927).
        public double atLeast() {
            if (results == 0) {
                return 0;
            }
            double n = results;
            double middle = share() + ONE_SIDED * ONE_SIDED / (2 * n);
            double half =
                    ONE_SIDED
                            * Math.sqrt(
                                    share() * (1 - share()) / n
                                            + ONE_SIDED * ONE_SIDED / (4 * n * n));
            return (middle - half) / (1 + ONE_SIDED * ONE_SIDED / n);
        }
    }

    /// What a planner that is the same still did in a run.
    ///
    /// @param first its first plan
    /// @param alone whether it was asked once, and nobody else amended the plan
    /// @param inputs of the run
    /// @param usd what it cost
    /// @param seconds until the plan was there
    public record Planning(
            AgentId planner,
            Amendment first,
            boolean alone,
            Value.Struct inputs,
            double usd,
            double seconds) {}

    /// What planners did, run by run.
    public List<Planning> plannings() {
        return List.copyOf(plannings);
    }

    /// The votes on a task on record.
    ///
    /// @param answers of each, as groups: which answers were the same
    public record Votes(List<List<Integer>> answers) {
        /// More answers to one question than this are not tried out.
        private static final int MOST = 12;

        public int count() {
            return answers.size();
        }

        /// Whether any `k` of the answers of each vote would have had the same majority as all, and
        /// no fewer of them agreed on it.
        public boolean alwaysEnough(int k) {
            return answers.stream().allMatch(groups -> enough(groups, k));
        }

        private static boolean enough(List<Integer> groups, int k) {
            int n = groups.size();
            if (n > MOST || n < k) {
                return false;
            }
            int chosen = majority(groups, (1 << n) - 1);
            for (int some = 0; some < 1 << n; some++) {
                if (Integer.bitCount(some) == k && majority(groups, some) != chosen) {
                    return false;
                }
            }
            return true;
        }

        /// The group with most of these answers, -1 where two have as many.
        private static int majority(List<Integer> groups, int some) {
            var counts = new int[groups.size()];
            int best = 0;
            for (int i = 0; i < groups.size(); i++) {
                if ((some & 1 << i) != 0) {
                    counts[groups.get(i)]++;
                }
            }
            for (int group = 1; group < counts.length; group++) {
                best = counts[group] > counts[best] ? group : best;
            }
            for (int group = 0; group < counts.length; group++) {
                if (group != best && counts[group] == counts[best]) {
                    return -1;
                }
            }
            return best;
        }
    }

    /// The votes on the replicas of a task.
    public Votes votes(String task) {
        return new Votes(
                runs.stream()
                        .flatMap(run -> run.votes().stream())
                        .filter(vote -> vote.task().equals(task))
                        .map(RunRecord.Vote::groups)
                        .toList());
    }

    /// What the gate of a task said of the results of an agent, or of all where it is null.
    public Quality quality(String task, @Nullable AgentId agent) {
        return qualities.computeIfAbsent(
                task + " " + (agent == null ? "" : agent), _ -> qualityOf(task, agent));
    }

    private Quality qualityOf(String task, @Nullable AgentId agent) {
        var judged =
                runs.stream()
                        .flatMap(run -> run.judged().stream())
                        .filter(one -> one.task().equals(task))
                        .filter(one -> agent == null || one.agent().equals(agent))
                        .toList();
        return new Quality(
                judged.size(), (int) judged.stream().filter(RunRecord.Judged::passed).count());
    }

    /// The odds of an agent at a task, if enough is on record.
    Optional<Odds> odds(Agent agent, String task, boolean look) {
        var own = new Key(task, look, agent.id().value());
        var any = new Key("", false, agent.id().value());
        for (var key : List.of(own, any)) {
            var known = attempts.getOrDefault(key, List.of());
            if (known.size() >= Learned.LEAST) {
                return Optional.of(
                        odds.computeIfAbsent(
                                key, _ -> new Learned(known, known.size() + " attempts")));
            }
        }
        return Optional.empty();
    }

    /// One of the runs, recent ones more often, of those that `fits`; null where none does.
    @Nullable RunRecord one(SplittableRandom dice, Predicate<RunRecord> fits) {
        double total = 0;
        RunRecord drawn = null;
        for (int i = 0; i < runs.size(); i++) {
            if (fits.test(runs.get(i))) {
                double weight = Math.pow(0.5, (double) (runs.size() - 1 - i) / HALF_OF_RUNS);
                total += weight;
                if (dice.nextDouble() * total < weight) {
                    drawn = runs.get(i);
                }
            }
        }
        return drawn;
    }

    /// What a person decided on such a question, and after how long, or null where none ever did.
    RunRecord.@Nullable Answer answer(
            String task, Question.Purpose purpose, SplittableRandom dice) {
        var all =
                runs.stream()
                        .flatMap(run -> run.answers().stream())
                        .filter(one -> one.task().equals(task) && one.purpose() == purpose)
                        .toList();
        return all.isEmpty() ? null : all.get(dice.nextInt(all.size()));
    }

    /// How long a task waited for its message, or null where none is on record.
    @Nullable Duration message(String task, SplittableRandom dice) {
        var run = one(dice, record -> record.messages().containsKey(task));
        return run == null ? null : run.messages().get(task);
    }

    /// The number of items that a fan-out had in each run.
    List<Integer> widths(String task) {
        var all = new ArrayList<Integer>();
        for (var run : runs) {
            var width = run.widths().get(task);
            if (width != null) {
                all.add(width);
            }
        }
        return all;
    }

    /// How often runs began lately: the mean time from one to the next, or null where fewer than
    /// three are on record.
    public @Nullable Duration every() {
        var recent = runs.subList(Math.max(0, runs.size() - HALF_OF_RUNS), runs.size());
        return recent.size() < 3
                ? null
                : Duration.between(recent.getFirst().startedAt(), recent.getLast().startedAt())
                        .dividedBy(recent.size() - 1L);
    }
}
