package dev.tutti.core.synthesis;

import dev.tutti.core.event.Position;
import dev.tutti.core.event.Value;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// What many agents said of many items, all of it looked at together: for each item the most
/// probable answer and what speaks against it, for each agent how often it is right.
///
/// This is the batch form of a weighted vote. Within runs, where answers come one question after
/// the other, [Experience] is what weighs them. Sources are not looked at: every row is one voice.
///
/// @param items in the order in which they first appear
/// @param agents in the order in which they first appear
/// @param by in words, how it was decided
/// @param weighed whether some agents counted more than others
/// @param gain by how much better held-back answers were foreseen than by a plain vote, in nats an
///   answer; 0 where nobody looked
public record Consensus(
        List<Item> items, List<Voter> agents, String by, boolean weighed, double gain) {
    /// The most numbers that are held for the items (items by answers), or for the agents.
    private static final long MOST_NUMBERS = 20_000_000;

    /// More different answers than that are not one set of labels.
    private static final int MOST_LABELS = 100;

    public Consensus {
        items = List.copyOf(items);
        agents = List.copyOf(agents);
    }

    /// One answer: `agent` says `answer` of `item`.
    public record Row(Value item, String agent, Value answer) {}

    /// What came of an item.
    ///
    /// @param margin how much more probable the best answer is than the next one; 0 is a tie
    /// @param answers each different one and who gave it, the most probable first, which is the one
    ///   that is taken; of equally probable ones the first given. An answer that nobody gave is not
    ///   taken, though it may be the most probable, where those who answered are mostly wrong
    public record Item(Value item, double margin, List<Position> answers) {
        public Item {
            answers = List.copyOf(answers);
        }

        public Position best() {
            return answers.getFirst();
        }
    }

    /// An agent.
    ///
    /// @param reliability the mean probability of the answers that it gave
    /// @param given how many those are
    /// @param agreed how many of them are the one that was taken
    public record Voter(String agent, double reliability, int given, int agreed) {}

    /// How it is decided.
    public enum Method {
        /// [OneCoin#CAREFUL] where held-back answers bear it out, else the plain vote.
        GUARDED,
        /// The plain vote.
        MAJORITY,
        /// [OneCoin#PLAIN], as the literature has it, whether or not the answers bear it out.
        ONE_COIN,
        /// [DawidSkene], which needs answers that items have in common.
        DAWID_SKENE;

        public static Optional<Method> of(String word) {
            for (var method : values()) {
                if (method.word().equals(word)) {
                    return Optional.of(method);
                }
            }
            return Optional.empty();
        }

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// Looks at all rows together. The same rows in the same order always give the same.
    ///
    /// Answers count as labels that items have in common (yes and no, five kinds) where `labels`
    /// says so, or where there are at most half as many different ones as items, and a hundred at
    /// most. Otherwise each item has answers of its own, and nothing is made of how common one is.
    ///
    /// @param rows at least one; each agent at most once for an item
    /// @param likeness which answers to an item are the same; labels are compared by
    ///   [Likeness#NORMALISED] in any case
    /// @param labels the answers that there are, or null
    /// @throws IllegalArgumentException where an answer is none of `labels`, where the method does
    ///   not fit the answers, or where that is more than is held at once
    public static Consensus of(
            List<Row> rows, Method method, Likeness likeness, @Nullable List<Value> labels) {
        var numbered = Numbered.of(rows, likeness, labels);
        if (method == Method.DAWID_SKENE && !numbered.shared()) {
            throw new IllegalArgumentException(
                    "`dawid_skene` needs answers that the items have in common; name them in"
                            + " `labels`, or take `guarded`");
        }
        var ballots = numbered.ballots();
        require((long) ballots.items() * ballots.answers(), "items", ballots.items(), ballots);
        if (method == Method.DAWID_SKENE) {
            require(
                    (long) ballots.agents() * ballots.answers() * ballots.answers(),
                    "agents",
                    ballots.agents(),
                    ballots);
        }
        return switch (method) {
            case GUARDED -> {
                var verdict =
                        (numbered.shared() ? Guarded.CAREFUL : Guarded.APART).estimate(ballots);
                yield numbered.consensus(
                        verdict.estimate(),
                        verdict.followed()
                                ? "weighted vote"
                                : "vote, the answers do not bear out who is right more often",
                        verdict.followed(),
                        verdict.gain());
            }
            case MAJORITY -> numbered.consensus(new Majority().estimate(ballots), "vote", false, 0);
            case ONE_COIN ->
                    numbered.consensus(OneCoin.PLAIN.estimate(ballots), "one-coin", true, 0);
            case DAWID_SKENE ->
                    numbered.consensus(new DawidSkene().estimate(ballots), "Dawid-Skene", true, 0);
        };
    }

    private static void require(long numbers, String of, int many, Ballots ballots) {
        if (numbers > MOST_NUMBERS) {
            throw new IllegalArgumentException(
                    many
                            + " "
                            + of
                            + " with "
                            + ballots.answers()
                            + " possible answers are more than are looked at together; give them"
                            + " in parts, or with fewer different answers");
        }
    }

    /// The rows by number.
    ///
    /// @param labels how many different answers there are or may be
    /// @param shared whether a number is the same answer for all items
    private record Numbered(
            List<Row> rows,
            int[] item,
            int[] agent,
            int[] answer,
            List<Value> items,
            List<String> agents,
            int labels,
            boolean shared) {

        static Numbered of(List<Row> rows, Likeness likeness, @Nullable List<Value> labels) {
            Map<Value, Integer> items = new LinkedHashMap<>();
            Map<String, Integer> agents = new LinkedHashMap<>();
            SequencedMap<String, Integer> words = new LinkedHashMap<>();
            if (labels != null) {
                labels.forEach(label -> number(words, Likeness.Wording.plain(label)));
            }
            var item = new int[rows.size()];
            var agent = new int[rows.size()];
            var answer = new int[rows.size()];
            for (int i = 0; i < rows.size(); i++) {
                var row = rows.get(i);
                item[i] = number(items, row.item());
                agent[i] = number(agents, row.agent());
                var word = Likeness.Wording.plain(row.answer());
                if (labels != null && !words.containsKey(word)) {
                    throw new IllegalArgumentException(
                            "`"
                                    + row.agent()
                                    + "` answers \""
                                    + word
                                    + "\", which is none of `labels`");
                }
                answer[i] = number(words, word);
            }
            boolean shared =
                    labels != null
                            || (likeness.equals(Likeness.NORMALISED)
                                    && words.size() <= MOST_LABELS
                                    && 2L * words.size() <= items.size());
            if (!shared) {
                apart(rows, item, items.size(), likeness, answer);
            }
            return new Numbered(
                    rows,
                    item,
                    agent,
                    answer,
                    List.copyOf(items.keySet()),
                    List.copyOf(agents.keySet()),
                    words.size(),
                    shared);
        }

        private static <K> int number(Map<K, Integer> numbers, K key) {
            var next = numbers.size();
            var known = numbers.putIfAbsent(key, next);
            return known == null ? next : known;
        }

        /// Numbers the answers of each item for themselves.
        private static void apart(
                List<Row> rows, int[] item, int items, Likeness likeness, int[] answer) {
            var byItem = new ArrayList<List<Integer>>();
            for (int i = 0; i < items; i++) {
                byItem.add(new ArrayList<>());
            }
            for (int i = 0; i < item.length; i++) {
                byItem.get(item[i]).add(i);
            }
            for (var those : byItem) {
                var groups =
                        likeness.groups(those.stream().map(i -> rows.get(i).answer()).toList());
                for (int i = 0; i < groups.size(); i++) {
                    answer[those.get(i)] = groups.get(i);
                }
            }
        }

        Ballots ballots() {
            var casting = new Ballots.Casting();
            for (int i = 0; i < item.length; i++) {
                casting.add(item[i], agent[i], answer[i]);
            }
            return shared ? casting.done(labels) : casting.done();
        }

        Consensus consensus(Estimate estimate, String by, boolean weighed, double gain) {
            var answers = new ArrayList<SequencedMap<Integer, List<Row>>>();
            items.forEach(_ -> answers.add(new LinkedHashMap<>()));
            var given = new int[agents.size()];
            var agreed = new int[agents.size()];
            var right = new double[agents.size()];
            for (int i = 0; i < item.length; i++) {
                answers.get(item[i])
                        .computeIfAbsent(answer[i], _ -> new ArrayList<>())
                        .add(rows.get(i));
            }
            var found = new ArrayList<Item>();
            var taken = new int[items.size()];
            for (int i = 0; i < items.size(); i++) {
                int number = i;
                var order =
                        answers.get(i).sequencedKeySet().stream()
                                .sorted(
                                        Comparator.comparingDouble(
                                                (Integer one) -> -estimate.share(number, one)))
                                .toList();
                taken[i] = order.getFirst();
                found.add(item(i, order, answers.get(i), estimate));
            }
            for (int i = 0; i < item.length; i++) {
                given[agent[i]]++;
                right[agent[i]] += estimate.share(item[i], answer[i]);
                agreed[agent[i]] += taken[item[i]] == answer[i] ? 1 : 0;
            }
            var voters =
                    IntStream.range(0, agents.size())
                            .mapToObj(i ->
                                    new Voter(
                                            agents.get(i),
                                            right[i] / given[i],
                                            given[i],
                                            agreed[i]))
                            .toList();
            return new Consensus(found, voters, by, weighed, gain);
        }

        private Item item(
                int number,
                List<Integer> order,
                SequencedMap<Integer, List<Row>> answers,
                Estimate estimate) {
            var positions = new ArrayList<Position>();
            for (int one : order) {
                var those = answers.getOrDefault(one, List.of());
                positions.add(
                        new Position(
                                those.getFirst().answer(),
                                those.stream().map(Row::agent).toList(),
                                List.of(),
                                estimate.share(number, one)));
            }
            double next = order.size() == 1 ? 0 : positions.get(1).share();
            return new Item(items.get(number), positions.getFirst().share() - next, positions);
        }
    }
}
