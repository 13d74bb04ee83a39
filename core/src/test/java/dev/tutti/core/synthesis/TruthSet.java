package dev.tutti.core.synthesis;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;

/// Answers that people gave to questions whose right answers are known, where that data is at hand.
///
/// @param labels item, worker and label of each answer, by number
/// @param truth by item; -1 where the right answer is one that nobody ever gives
record TruthSet(String name, List<int[]> labels, int[] truth, int answers) {
    static final List<String> NAMES =
            List.of("d_jn-product", "d_sentiment", "rte", "CF", "MS", "SP", "ZenCrowd_us");

    /// The folder of the data, looked for beside this one and above.
    static Optional<Path> data() {
        for (var at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            var data = at.resolve("../shared/data/truth_inference").normalize();
            if (Files.isDirectory(data)) {
                return Optional.of(data);
            }
        }
        return Optional.empty();
    }

    static List<TruthSet> all(Path data) throws IOException {
        var sets = new ArrayList<TruthSet>();
        for (var name : NAMES) {
            sets.add(read(name, data.resolve(name)));
        }
        return sets;
    }

    private static TruthSet read(String name, Path folder) throws IOException {
        Map<String, Integer> items = new LinkedHashMap<>();
        Map<String, Integer> workers = new LinkedHashMap<>();
        var rows = rows(folder.resolve("label.csv"));
        var known = new ArrayList<>(new TreeSet<>(rows.stream().map(row -> row.get(2)).toList()));
        var labels = new ArrayList<int[]>();
        for (var row : rows) {
            labels.add(
                    new int[] {
                        items.computeIfAbsent(row.get(0), _ -> items.size()),
                        workers.computeIfAbsent(row.get(1), _ -> workers.size()),
                        known.indexOf(row.get(2))
                    });
        }
        var truth = new int[items.size()];
        for (var row : rows(folder.resolve("truth.csv"))) {
            var item = items.get(row.get(0));
            if (item != null) {
                truth[item] = known.indexOf(row.get(1));
            }
        }
        return new TruthSet(name, labels, truth, known.size());
    }

    private static List<List<String>> rows(Path file) throws IOException {
        try (var lines = Files.lines(file)) {
            return lines.skip(1).map(line -> List.of(line.split(",", -1))).toList();
        }
    }

    /// This with at most so many answers to an item, drawn by `seed`.
    TruthSet limited(int most, int seed) {
        var shuffled = new ArrayList<>(labels);
        Collections.shuffle(shuffled, new Random(seed));
        var given = new int[truth.length];
        var kept = shuffled.stream().filter(label -> given[label[0]]++ < most).toList();
        return new TruthSet(name, kept, truth, answers);
    }

    Ballots ballots() {
        var casting = new Ballots.Casting();
        labels.forEach(label -> casting.add(label[0], label[1], label[2]));
        return casting.done();
    }

    /// What is believed of each item by the time its answers come, one item after the other.
    double[][] oneByOne() {
        Map<Integer, List<Experience.Ballot>> byItem = new LinkedHashMap<>();
        for (var label : labels) {
            byItem.computeIfAbsent(label[0], _ -> new ArrayList<>())
                    .add(new Experience.Ballot("worker" + label[1], label[2]));
        }
        var shares = new double[truth.length][];
        var known = Experience.NONE;
        for (int item = 0; item < shares.length; item++) {
            var ballots = byItem.getOrDefault(item, List.of());
            shares[item] = known.shares(ballots, answers);
            known = known.after(ballots, answers);
        }
        return shares;
    }
}
