package dev.tutti.agents.local;

import dev.tutti.core.event.Outcome;
import dev.tutti.core.event.Position;
import dev.tutti.core.event.Value;
import dev.tutti.core.synthesis.Consensus;
import dev.tutti.core.synthesis.Consensus.Method;
import dev.tutti.core.synthesis.Consensus.Row;
import dev.tutti.core.synthesis.Likeness;
import dev.tutti.core.synthesis.SameMeaning;
import dev.tutti.runtime.agent.AgentExecutor;
import dev.tutti.runtime.agent.AgentSettings;
import dev.tutti.runtime.agent.Attempt;
import dev.tutti.runtime.json.Json;
import dev.tutti.runtime.json.JsonException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Decides what is right of what many agents said of many items, all of it at once.
///
/// Settings: `method` (`guarded` unless said otherwise, `majority`, `one_coin`, `dawid_skene`),
/// `same: meaning` for answers in other words, `margin` below which an item is said to be close.
/// Takes `answers`, rows `{ item, agent, answer }` or lists of such rows, or `artifact`, the hash
/// of JSON lines that are rows; and if wanted `labels`, the answers that there are. Rows that are
/// null, or whose `answer` is, are passed over. Gives `items`, `agents`, those of the items that
/// are `close`, and `by`, how it was decided. The same input always gives the same output.
final class ConsensusAgent implements AgentExecutor {
    static final List<String> SETTINGS = List.of("method", "same", "margin");
    private static final int MOST_ROWS = 1_000_000;
    private static final int MOST_FAULTS = 10;
    private static final double MARGIN = 0.1;

    ConsensusAgent(AgentSettings settings) {
        Settings.require(settings.agent().settings(), settings.uses(), SETTINGS);
    }

    @Override
    public Outcome perform(Attempt attempt) throws IOException {
        var settings = attempt.settings();
        var word = Settings.text(settings, "method", Method.GUARDED.word());
        var method =
                Method.of(word)
                        .orElseThrow(() ->
                                new IllegalArgumentException(
                                        "`method` is to be one of "
                                                + String.join(
                                                        ", ",
                                                        Arrays.stream(Method.values())
                                                                .map(Method::word)
                                                                .toList())
                                                + ", not "
                                                + word));
        var likeness = likeness(Settings.text(settings, "same", "words"));
        double margin = Settings.share(settings, "margin", MARGIN);
        var labels = labels(attempt.input().get("labels"));
        if (labels != null && !likeness.equals(Likeness.NORMALISED)) {
            throw new IllegalArgumentException(
                    "`labels` are compared by their words: leave `same: meaning` out, or `labels`");
        }
        var rows = new Rows();
        rows.read(attempt);
        return Outcome.succeeded(
                value(Consensus.of(rows.sound(), method, likeness, labels), margin));
    }

    private static Likeness likeness(String same) {
        return switch (same) {
            case "words" -> Likeness.NORMALISED;
            case "meaning" -> new SameMeaning(new Cosine()::of);
            default ->
                    throw new IllegalArgumentException(
                            "`same` is to be `words` or `meaning`, not " + same);
        };
    }

    private static @Nullable List<Value> labels(@Nullable Value given) {
        return switch (given) {
            case null -> null;
            case Value.Null _ -> null;
            case Value.Array(var labels) when labels.size() >= 2 -> labels;
            default ->
                    throw new IllegalArgumentException(
                            "`labels` is to be a list of at least two answers");
        };
    }

    private static Value value(Consensus consensus, double margin) {
        return Value.struct(
                "items",
                new Value.Array(consensus.items().stream().map(ConsensusAgent::item).toList()),
                "agents",
                new Value.Array(consensus.agents().stream().map(ConsensusAgent::agent).toList()),
                "close",
                new Value.Array(
                        consensus.items().stream()
                                .filter(item -> item.margin() < margin)
                                .map(Consensus.Item::item)
                                .toList()),
                "by",
                Value.text(consensus.by()),
                "weighed",
                Value.of(consensus.weighed()),
                "gain",
                Settings.rounded(consensus.gain()));
    }

    private static Value item(Consensus.Item item) {
        var best = item.best();
        return Value.struct(
                "item",
                item.item(),
                "answer",
                best.answer(),
                "confidence",
                Settings.rounded(best.share()),
                "margin",
                Settings.rounded(item.margin()),
                "agents",
                Value.from(best.agents()),
                "dissent",
                new Value.Array(
                        item.answers().stream().skip(1).map(ConsensusAgent::dissent).toList()));
    }

    private static Value dissent(Position other) {
        return Value.struct(
                "answer",
                other.answer(),
                "confidence",
                Settings.rounded(other.share()),
                "agents",
                Value.from(other.agents()));
    }

    private static Value agent(Consensus.Voter voter) {
        return Value.struct(
                "agent",
                Value.text(voter.agent()),
                "reliability",
                Settings.rounded(voter.reliability()),
                "answers",
                Value.of(voter.given()),
                "agreed",
                Value.of(voter.agreed()));
    }

    /// How near two answers are in meaning; each is embedded once.
    private static final class Cosine {
        private final Map<String, float[]> vectors = new HashMap<>();

        double of(Value one, Value other) {
            var left = vector(one);
            var right = vector(other);
            double product = 0;
            for (int i = 0; i < left.length; i++) {
                product += (double) left[i] * right[i];
            }
            return product;
        }

        private float[] vector(Value answer) {
            var text = answer instanceof Value.Text(var words) ? words : Json.text(answer);
            return vectors.computeIfAbsent(text, Embeddings.shared()::of);
        }
    }

    /// The rows as they are read, and all that is wrong with them.
    private static final class Rows {
        private final List<Row> rows = new ArrayList<>();
        private final HashSet<Row> seen = new HashSet<>();
        private final List<String> faults = new ArrayList<>();
        private int faulty;

        void read(Attempt attempt) throws IOException {
            var answers = attempt.input().get("answers");
            var artifact = Settings.text(attempt.input(), "artifact", "");
            boolean listed = answers != null && !(answers instanceof Value.Null);
            if (listed == !artifact.isEmpty()) {
                throw new IllegalArgumentException(
                        "give either `answers`, a list of { item, agent, answer }, or `artifact`,"
                                + " the hash of such rows as JSON lines");
            }
            if (!listed) {
                lines(attempt, artifact);
            } else if (answers instanceof Value.Array(var items)) {
                list(items, "answers", true);
            } else {
                throw new IllegalArgumentException(
                        "`answers` is to be a list of { item, agent, answer }");
            }
        }

        private void list(List<Value> items, String place, boolean outer) {
            for (int i = 0; i < items.size(); i++) {
                var at = place + "[" + i + "]";
                if (outer && items.get(i) instanceof Value.Array(var inner)) {
                    list(inner, at, false);
                } else {
                    add(items.get(i), at);
                }
            }
        }

        private void lines(Attempt attempt, String artifact) throws IOException {
            try (var content = attempt.open(artifact).content();
                    var reader =
                            new BufferedReader(
                                    new InputStreamReader(content, StandardCharsets.UTF_8))) {
                int number = 0;
                for (var line = reader.readLine(); line != null; line = reader.readLine()) {
                    number++;
                    if (!line.isBlank()) {
                        try {
                            add(Json.parse(line), "line " + number);
                        } catch (JsonException unreadable) {
                            fault("line " + number + " is no JSON: " + unreadable.getMessage());
                        }
                    }
                }
            }
        }

        private void add(Value given, String at) {
            if (given instanceof Value.Null) {
                return;
            }
            if (!(given instanceof Value.Struct row)) {
                fault(at + " is to be { item, agent, answer }, not a " + Value.shape(given));
                return;
            }
            var item = row.get("item");
            if (item == null || item instanceof Value.Null) {
                fault(at + " has no `item`");
                return;
            }
            if (!(row.get("agent") instanceof Value.Text(var agent)) || agent.isBlank()) {
                fault(at + " has no `agent`, a name");
                return;
            }
            var answer = row.get("answer");
            if (answer == null) {
                fault(at + " has no `answer`; null where the agent gave none");
                return;
            }
            if (answer instanceof Value.Null) {
                return;
            }
            if (!seen.add(new Row(item, agent, Value.NULL))) {
                fault(at + " is a second answer of `" + agent + "` to the same item");
                return;
            }
            if (rows.size() == MOST_ROWS) {
                throw new IllegalArgumentException(
                        "more than " + MOST_ROWS + " answers are not looked at together");
            }
            rows.add(new Row(item, agent, answer));
        }

        private void fault(String fault) {
            faulty++;
            if (faults.size() < MOST_FAULTS) {
                faults.add(fault);
            }
        }

        List<Row> sound() {
            if (faulty > 0) {
                throw new IllegalArgumentException(
                        String.join("; ", faults)
                                + (faulty > faults.size()
                                        ? "; and " + (faulty - faults.size()) + " more"
                                        : ""));
            }
            if (rows.isEmpty()) {
                throw new IllegalArgumentException("there are no answers to look at");
            }
            return rows;
        }
    }
}
