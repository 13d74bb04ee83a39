package dev.tutti.core.memory;

import dev.tutti.core.event.Value;
import dev.tutti.core.expression.PlainText;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/// Makes values shorter by leaving out what bears least: of a text sentences, of a list items. What
/// stays, stays as it is and in its order.
final class Shortening {
    /// Stands where something was left out.
    private static final String LEFT_OUT = "…";

    private static final int MOST_ROUNDS = 200;

    /// Texts of so few characters are not made shorter.
    private static final int SHORT = 40;

    private final ToIntFunction<String> counter;
    private final Relevance relevance;

    Shortening(ToIntFunction<String> counter, Relevance relevance) {
        this.counter = counter;
        this.relevance = relevance;
    }

    private int tokens(Value value) {
        return counter.applyAsInt(PlainText.json(value));
    }

    /// A value that takes at most so many tokens; the longest part of it is halved until it does.
    /// Empty when it cannot be made to fit.
    Optional<Value.Struct> fit(Value.Struct value, int budget) {
        Value now = value;
        for (int i = 0; i < MOST_ROUNDS && tokens(now) > budget; i++) {
            var longest = longest(now);
            if (longest == null) {
                return Optional.empty();
            }
            now = halved(now, longest);
        }
        return tokens(now) <= budget ? Optional.of((Value.Struct) now) : Optional.empty();
    }

    /// Part of a text or of a list that takes at most so many tokens; empty when nothing of it
    /// does, or it is neither.
    Optional<Value> shorter(Value value, int budget) {
        return switch (value) {
            case Value.Text(var text) -> sentences(text, budget).map(Value::text);
            case Value.Array(var items) -> items(items, budget);
            case Value.Null _, Value.Bool _, Value.Int _, Value.Real _, Value.Struct _ ->
                    Optional.empty();
        };
    }

    // ---- texts

    private record Piece(int at, String text, double score) {}

    private Optional<String> sentences(String text, int budget) {
        var pieces = new ArrayList<Piece>();
        for (var sentence : Sentence.of(text)) {
            pieces.add(new Piece(pieces.size(), sentence, relevance.of(sentence)));
        }
        var chosen = new ArrayList<Piece>();
        int left = budget - counter.applyAsInt(LEFT_OUT) - 2;
        for (var piece : best(pieces)) {
            int cost = counter.applyAsInt(PlainText.json(Value.text(piece.text() + " ")));
            if (cost <= left) {
                chosen.add(piece);
                left -= cost;
            }
        }
        if (chosen.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(joined(chosen, pieces.size()));
    }

    private static List<Piece> best(List<Piece> pieces) {
        return pieces.stream()
                .sorted(
                        Comparator.comparingDouble((Piece piece) -> -piece.score())
                                .thenComparingInt(Piece::at))
                .toList();
    }

    private static String joined(List<Piece> chosen, int all) {
        chosen.sort(Comparator.comparingInt(Piece::at));
        var text = new StringBuilder();
        for (var piece : chosen) {
            text.append(text.isEmpty() ? "" : " ").append(piece.text());
        }
        return chosen.size() < all ? text + " " + LEFT_OUT : text.toString();
    }

    // ---- lists

    private Optional<Value> items(List<Value> items, int budget) {
        var ranked = new ArrayList<Integer>();
        var scores = new double[items.size()];
        for (int i = 0; i < items.size(); i++) {
            scores[i] = relevance.of(items.get(i));
            ranked.add(i);
        }
        ranked.sort(Comparator.comparingDouble(i -> -scores[i]));
        var kept = new ArrayList<Integer>();
        int left = budget - 2;
        int misses = 0;
        for (int i = 0; i < ranked.size() && misses < SHORT; i++) {
            int cost = tokens(items.get(ranked.get(i))) + 1;
            if (cost <= left) {
                kept.add(ranked.get(i));
                left -= cost;
            } else {
                misses++;
            }
        }
        kept.sort(Comparator.naturalOrder());
        return kept.isEmpty()
                ? Optional.empty()
                : Optional.of(new Value.Array(kept.stream().map(items::get).toList()));
    }

    // ---- whatever is longest

    /// The longest text or list within a value that can be made shorter, or null.
    private static @Nullable Value longest(Value value) {
        return switch (value) {
            case Value.Text(var text) -> text.length() > SHORT ? value : null;
            case Value.Array(var items) -> {
                Value longest = null;
                for (var item : items) {
                    longest = longer(longest, longest(item));
                }
                yield longest != null && size(longest) * 2 > size(value)
                        ? longest
                        : items.size() > 1 ? value : longest;
            }
            case Value.Struct(var fields) -> {
                Value longest = null;
                for (var field : fields.values()) {
                    longest = longer(longest, longest(field));
                }
                yield longest;
            }
            case Value.Null _, Value.Bool _, Value.Int _, Value.Real _ -> null;
        };
    }

    private static @Nullable Value longer(@Nullable Value one, @Nullable Value other) {
        return other == null || (one != null && size(one) >= size(other)) ? one : other;
    }

    private static int size(Value value) {
        return switch (value) {
            case Value.Text(var text) -> text.length() + 2;
            case Value.Array(var items) -> items.stream().mapToInt(item -> size(item) + 1).sum();
            case Value.Struct(var fields) ->
                    fields.entrySet().stream()
                            .mapToInt(field -> field.getKey().length() + size(field.getValue()) + 4)
                            .sum();
            case Value.Null _, Value.Bool _, Value.Int _, Value.Real _ -> 6;
        };
    }

    @SuppressWarnings("ReferenceEquality") // this very part of the value, not one that is equal
    private Value halved(Value value, Value longest) {
        if (value == longest) {
            return half(value);
        }
        return switch (value) {
            case Value.Array(var items) ->
                    new Value.Array(items.stream().map(item -> halved(item, longest)).toList());
            case Value.Struct(var fields) -> {
                var copy = new LinkedHashMap<String, Value>();
                fields.forEach((name, field) -> copy.put(name, halved(field, longest)));
                yield new Value.Struct(copy);
            }
            case Value.Null _, Value.Bool _, Value.Int _, Value.Real _, Value.Text _ -> value;
        };
    }

    private Value half(Value value) {
        return switch (value) {
            case Value.Text(var text) ->
                    Value.text(
                            sentences(text, tokens(value) / 2)
                                    .filter(shorter -> shorter.length() < text.length())
                                    .orElseGet(() -> text.substring(0, text.length() / 2)));
            case Value.Array(var items) ->
                    items(items, tokens(value) / 2)
                            .filter(shorter -> !shorter.equals(value))
                            .orElseGet(() -> new Value.Array(items.subList(0, items.size() / 2)));
            case Value.Null _, Value.Bool _, Value.Int _, Value.Real _, Value.Struct _ -> value;
        };
    }
}
