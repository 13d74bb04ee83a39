package dev.tutti.core.run;

import dev.tutti.core.event.Value;
import dev.tutti.core.synthesis.Synthesis;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Binds an answer that someone wrote of several to those that it rests on.
final class Composing {
    /// What whoever composes is asked for.
    static final String ASKED =
            "Write one answer of all of these. Say after each sentence which of the answers it rests"
                    + " on, by number: [1] or [2]. Leave out what rests on none, and say where they"
                    + " contradict one another.";

    private static final Pattern CITED = Pattern.compile("\\[(\\d{1,4}(?:\\s*,\\s*\\d{1,4})*)]");
    private static final List<String> BESIDE = List.of("uses", "confidence", "by");

    private Composing() {}

    /// The answer, with the sources of those that it rests on; empty where it names none of them,
    /// or one that there is not.
    static Optional<Value> of(@Nullable Value decision, Synthesis made) {
        if (!(decision instanceof Value.Struct written)) {
            return Optional.empty();
        }
        var uses = uses(written);
        int most = made.answers().size();
        if (uses.isEmpty() || uses.getFirst() < 1 || uses.getLast() > most) {
            return Optional.empty();
        }
        var fields = new LinkedHashMap<>(written.fields());
        fields.keySet().removeAll(BESIDE);
        var sources = new LinkedHashSet<String>();
        uses.forEach(number -> sources.addAll(made.answers().get(number - 1).sources()));
        fields.put("uses", Value.from(uses));
        fields.putIfAbsent("sources", Value.from(List.copyOf(sources)));
        return Optional.of(new Value.Struct(fields));
    }

    /// The numbers that `uses` lists, or else those in the text.
    private static List<Integer> uses(Value.Struct written) {
        var numbers = new TreeSet<Integer>();
        if (written.get("uses") instanceof Value.Array(var items)) {
            for (var item : items) {
                numbers.add(
                        item instanceof Value.Int(var number) ? Math.clamp(number, 0, 9_999) : 0);
            }
        } else {
            written.fields().values().forEach(value -> cited(value, numbers));
        }
        return new ArrayList<>(numbers);
    }

    private static void cited(Value value, Set<Integer> numbers) {
        switch (value) {
            case Value.Text(var text) -> {
                for (var match = CITED.matcher(text); match.find(); ) {
                    for (var number : match.group(1).split(",", -1)) {
                        numbers.add(Integer.valueOf(number.strip()));
                    }
                }
            }
            case Value.Array(var items) -> items.forEach(item -> cited(item, numbers));
            case Value.Struct(var fields) -> fields.values().forEach(one -> cited(one, numbers));
            default -> {
                // Cites nothing.
            }
        }
    }
}
