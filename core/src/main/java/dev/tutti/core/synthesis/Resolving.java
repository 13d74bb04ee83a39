package dev.tutti.core.synthesis;

import dev.tutti.core.event.Position;
import dev.tutti.core.event.Type;
import dev.tutti.core.event.Value;
import dev.tutti.core.synthesis.Experience.Ballot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// The ways to make several answers to one question into one.
///
/// Each takes the answers in the order of the tasks that gave them, at least one, and the same
/// answers always give the same result.
public final class Resolving {
    /// How far from the middle a number may be, in standard deviations as the median of the
    /// distances tells them, before it is an outlier.
    private static final double OUTLYING = 3;

    /// The median distance from the median, over the standard deviation of a normal distribution.
    private static final double OF_A_DEVIATION = 0.6745;

    /// Numbers this close, relative to their size, are the same.
    private static final double SAME = 1e-9;

    private Resolving() {}

    /// The answer that most voices are for; of equally many the first given. Its confidence is its
    /// share of the voices.
    public static Synthesis vote(List<Given> given, Likeness likeness) {
        var groups = new Groups(given, likeness);
        return groups.synthesis(groups.votes(), "vote");
    }

    /// The answer that is most probable by what is known of those who gave it; the plain vote where
    /// that is too little.
    public static Synthesis weightedVote(
            List<Given> given, Likeness likeness, Experience experience) {
        var groups = new Groups(given, likeness);
        var shares = experience.shares(groups.ballots(), groups.possible());
        return groups.synthesis(
                shares, experience.followed() ? "weighted vote" : "vote, too little is known");
    }

    /// What is known once these answers were given.
    ///
    /// @param truth the answer that a judge or a person said is right, or null
    public static Experience learned(
            List<Given> given, Likeness likeness, Experience before, @Nullable Value truth) {
        var groups = new Groups(given, likeness);
        if (truth == null) {
            return before.after(groups.ballots(), groups.possible());
        }
        return before.after(groups.ballots(), groups.possible(), groups.numberOf(truth));
    }

    /// The answer that at least `k` gave; without one, the one with most voices and a confidence
    /// that tells how far it is from `k`, below one half.
    public static Synthesis kOfN(List<Given> given, Likeness likeness, int k) {
        var groups = new Groups(given, likeness);
        var votes = groups.votes();
        var voted = groups.synthesis(votes, k + " of " + given.size());
        int agreed = voted.answers().getFirst().agents().size();
        double confidence =
                agreed >= k ? voted.confidence() : Math.min(voted.confidence(), 0.5 * agreed / k);
        return new Synthesis(voted.output(), confidence, voted.answers(), voted.by());
    }

    /// The mean of the numbers that are not outliers (more than three robust standard deviations
    /// from the median). The confidence is the share of the voices within.
    ///
    /// @param tolerance how far from the median a number is always within, at least 0
    /// @throws IllegalArgumentException when an answer is no number; it says whose
    public static Synthesis numeric(List<Given> given, double tolerance) {
        var numbers = new double[given.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = number(given.get(i));
        }
        var voices = Origins.voices(given);
        double middle = median(numbers, voices);
        var distances = Arrays.stream(numbers).map(one -> Math.abs(one - middle)).toArray();
        double deviation = median(distances, voices) / OF_A_DEVIATION;
        double near = Math.max(Math.max(tolerance, OUTLYING * deviation), SAME * Math.abs(middle));
        double sum = 0;
        double within = 0;
        double all = 0;
        var outside = new ArrayList<Given>();
        var inside = new ArrayList<Given>();
        for (int i = 0; i < numbers.length; i++) {
            all += voices[i];
            if (distances[i] <= near) {
                sum += voices[i] * numbers[i];
                within += voices[i];
                inside.add(given.get(i));
            } else {
                outside.add(given.get(i));
            }
        }
        var mean = new Value.Real(sum / within);
        var positions = new ArrayList<Position>();
        positions.add(position(mean, inside, within / all));
        var far = new Groups(outside, Likeness.NORMALISED);
        far.members.forEach(members ->
                positions.add(
                        position(
                                members.getFirst().answer(),
                                members,
                                members.size() / (double) given.size())));
        return new Synthesis(mean, within / all, positions, "robust mean");
    }

    /// The first that is something: not null and not empty. What the others gave is neither for it
    /// nor against it, so the confidence is 1; it is 0 when all gave nothing.
    public static Synthesis firstGood(List<Given> given) {
        int first = 0;
        while (first < given.size() && !isSomething(given.get(first).answer())) {
            first++;
        }
        double confidence = first < given.size() ? 1 : 0;
        int chosen = first < given.size() ? first : 0;
        var positions = new ArrayList<Position>();
        positions.add(position(given.get(chosen).answer(), List.of(given.get(chosen)), confidence));
        for (int i = 0; i < given.size(); i++) {
            if (i != chosen) {
                positions.add(position(given.get(i).answer(), List.of(given.get(i)), 0));
            }
        }
        return new Synthesis(
                given.get(chosen).output(), confidence, positions, "first good answer");
    }

    /// All outputs in order; nothing is decided, so nothing is dissent.
    public static Synthesis collect(List<Given> given) {
        var outputs = new Value.Array(given.stream().map(Given::output).toList());
        return new Synthesis(outputs, 1, List.of(position(outputs, given, 1)), "all of them");
    }

    /// What something else made of all.
    public static Synthesis whole(List<Given> given, Value output, String by) {
        return new Synthesis(output, 1, List.of(position(output, given, 1)), by);
    }

    /// One object of all: fields that are lists are joined without repetitions, objects merged in
    /// turn, numbers their median, and each other field decided by vote. The confidence is that of
    /// the least certain field; fields that differ are named.
    ///
    /// @param type as the values are declared; what it does not know goes by their shape, and a
    ///   number there is decided by vote
    public static Synthesis merge(List<Given> given, Likeness likeness, Type type) {
        var merged = Merging.of(given, likeness, type);
        var positions = new ArrayList<Position>();
        positions.add(position(merged.value(), given, merged.confidence()));
        if (merged.confidence() < 1) {
            var whole = given.stream().map(one -> one.whole()).toList();
            var groups = new Groups(whole, likeness);
            var votes = groups.votes();
            for (int i = 0; i < votes.length; i++) {
                positions.add(groups.at(i, votes[i]));
            }
        }
        return new Synthesis(merged.value(), merged.confidence(), positions, merged.by());
    }

    /// The one that a judge chose.
    ///
    /// @param chosen its place in `given`
    public static Synthesis chosen(
            List<Given> given, Likeness likeness, int chosen, double confidence, String by) {
        var groups = new Groups(given, likeness);
        var shares = groups.votes();
        int group = groups.group.get(chosen);
        var favoured = shares.clone();
        Arrays.fill(favoured, 0);
        favoured[group] = confidence;
        for (int i = 0; i < favoured.length; i++) {
            if (i != group) {
                favoured[i] = shares[i] * (1 - confidence) / Math.max(1e-9, 1 - shares[group]);
            }
        }
        var synthesis = groups.synthesis(favoured, group, by);
        return new Synthesis(given.get(chosen).output(), confidence, synthesis.answers(), by);
    }

    private static boolean isSomething(Value value) {
        return switch (value) {
            case Value.Null _ -> false;
            case Value.Text(var text) -> !text.isBlank();
            case Value.Array(var items) -> !items.isEmpty();
            case Value.Struct(var fields) ->
                    fields.values().stream().anyMatch(Resolving::isSomething);
            case Value.Bool _, Value.Int _, Value.Real _ -> true;
        };
    }

    private static double number(Given given) {
        var answer = given.answer();
        if (answer instanceof Value.Struct struct && struct.fields().size() == 1) {
            answer = struct.fields().firstEntry().getValue();
        }
        return switch (answer) {
            case Value.Int(var whole) -> whole;
            case Value.Real(var real) -> real;
            case Value.Text(var text) -> {
                try {
                    double number = Double.parseDouble(Likeness.Wording.plain(answer));
                    if (Double.isFinite(number)) {
                        yield number;
                    }
                } catch (NumberFormatException _) {
                    // said below
                }
                throw new IllegalArgumentException(
                        "`" + given.agent() + "` gave no number: \"" + text + "\"");
            }
            case Value.Null _, Value.Bool _, Value.Array _, Value.Struct _ ->
                    throw new IllegalArgumentException(
                            "`" + given.agent() + "` gave no number but a " + Value.shape(answer));
        };
    }

    /// The median of numbers, and the share of the voices that gave just that.
    static Synthesis middle(List<Given> given) {
        var numbers = new double[given.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = number(given.get(i));
        }
        var voices = Origins.voices(given);
        double middle = median(numbers, voices);
        double with = 0;
        double all = 0;
        Value exact = new Value.Real(middle);
        var agreed = new ArrayList<Given>();
        for (int i = 0; i < numbers.length; i++) {
            all += voices[i];
            if (Math.abs(numbers[i] - middle) <= SAME * Math.abs(middle)) {
                with += voices[i];
                exact = given.get(i).answer();
                agreed.add(given.get(i));
            }
        }
        return new Synthesis(
                exact, with / all, List.of(position(exact, agreed, with / all)), "median");
    }

    /// Half of the weight is on either side; between two numbers, their middle.
    private static double median(double[] numbers, double[] weights) {
        var order =
                IntStream.range(0, numbers.length)
                        .boxed()
                        .sorted(Comparator.comparingDouble(i -> numbers[i]))
                        .toList();
        double half = Arrays.stream(weights).sum() / 2;
        double below = 0;
        for (int i = 0; i < order.size(); i++) {
            below += weights[order.get(i)];
            if (Math.abs(below - half) < SAME && i + 1 < order.size()) {
                return (numbers[order.get(i)] + numbers[order.get(i + 1)]) / 2;
            }
            if (below > half) {
                return numbers[order.get(i)];
            }
        }
        return numbers[order.getLast()];
    }

    static Position position(Value answer, List<Given> given, double share) {
        return new Position(
                answer, given.stream().map(Given::agent).toList(), Origins.named(given), share);
    }

    /// Answers that are the same, together.
    private static final class Groups {
        final List<Given> given;
        final List<Integer> group;
        final List<List<Given>> members = new ArrayList<>();
        private final Likeness likeness;

        Groups(List<Given> given, Likeness likeness) {
            this.given = given;
            this.likeness = likeness;
            group = likeness.groups(given.stream().map(Given::answer).toList());
            for (int i = 0; i < given.size(); i++) {
                if (group.get(i) == members.size()) {
                    members.add(new ArrayList<>());
                }
                members.get(group.get(i)).add(given.get(i));
            }
        }

        /// How many answers there could be: nobody can say; as many as there are, and two at least.
        int possible() {
            return Math.max(2, members.size());
        }

        /// The number of the answer that is the same as `truth`, or one that nobody gave.
        int numberOf(Value truth) {
            for (int i = 0; i < members.size(); i++) {
                if (likeness.same(members.get(i).getFirst().answer(), truth)) {
                    return i;
                }
            }
            return members.size();
        }

        List<Ballot> ballots() {
            var voices = Origins.voices(given);
            return IntStream.range(0, given.size())
                    .mapToObj(i -> new Ballot(given.get(i).agent(), group.get(i), voices[i]))
                    .toList();
        }

        /// Each answer's share of the voices.
        double[] votes() {
            var votes = new double[members.size()];
            ballots().forEach(ballot -> votes[ballot.answer()] += ballot.weight());
            Estimate.normalise(votes);
            return votes;
        }

        Synthesis synthesis(double[] shares, String by) {
            int best = 0;
            for (int i = 1; i < members.size(); i++) {
                if (shares[i] > shares[best] + SAME) {
                    best = i;
                }
            }
            return synthesis(shares, best, by);
        }

        Synthesis synthesis(double[] shares, int best, String by) {
            Map<Integer, Position> positions = new LinkedHashMap<>();
            positions.put(best, at(best, shares[best]));
            IntStream.range(0, members.size())
                    .boxed()
                    .sorted(Comparator.comparingDouble((Integer i) -> -shares[i]))
                    .forEach(i -> positions.putIfAbsent(i, at(i, shares[i])));
            return new Synthesis(
                    members.get(best).getFirst().output(),
                    shares[best],
                    List.copyOf(positions.values()),
                    by);
        }

        Position at(int number, double share) {
            var those = members.get(number);
            return position(those.getFirst().answer(), those, share);
        }
    }
}
