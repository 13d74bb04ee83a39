package dev.tutti.core.memory;

import dev.tutti.core.event.ContextPart;
import dev.tutti.core.event.ContextPart.Fate;
import dev.tutti.core.event.NoteRef;
import dev.tutti.core.event.Value;
import dev.tutti.core.expression.PlainText;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/// What an attempt is given of what it could be given, within so many tokens: what its task
/// declares first, then the notes that bear most on that, each whole, or the sentences of it that
/// bear most, or not at all.
///
/// A pure function: the same input, notes and budget give the same context. What the agent is given
/// is never more than the budget, as counted by the counter, over all of it as JSON.
public final class Context {
    /// The field of the input that holds the notes.
    public static final String NOTES = "notes";

    /// Notes that were left out are told of one by one up to this many.
    private static final int MOST_TOLD = 50;

    /// After so many in a row that do not fit, those with lower scores are not tried.
    private static final int MOST_MISSES = 20;

    private final ToIntFunction<String> counter;
    private final int budget;
    private final Relevance relevance;
    private final Shortening shortening;

    /// What an attempt is given.
    ///
    /// @param input with the notes as the field [#NOTES]
    /// @param used how many tokens that is
    public record Assembled(Value.Struct input, int used, int budget, List<ContextPart> parts) {
        public Assembled {
            parts = List.copyOf(parts);
        }
    }

    /// A note as an agent is shown it.
    public record Shown(String key, int version, Value value) {}

    private record Ranked(Note note, Value value, double score) {}

    private Context(ToIntFunction<String> counter, int budget, Value.Struct input) {
        this.counter = counter;
        this.budget = budget;
        relevance = new Relevance(input);
        shortening = new Shortening(counter, relevance);
    }

    /// Puts together what an attempt is given.
    ///
    /// @param input what the task declares
    /// @param notes that it could be given; of one without any, the field [#NOTES] is not touched
    /// @param counter gives the tokens of a text
    /// @return empty when not even what is declared can be made to fit
    public static Optional<Assembled> assemble(
            Value.Struct input, List<Note> notes, int budget, ToIntFunction<String> counter) {
        return new Context(counter, budget, input).assemble(input, notes);
    }

    /// The tokens that a value takes as JSON.
    public static int tokens(Value value) {
        return Tokens.estimate(PlainText.json(value));
    }

    /// What is given of what a task declares.
    public static Value.Struct input(Value.Struct declared, List<ContextPart> parts) {
        return parts.stream()
                .filter(part -> part.name().equals(ContextPart.INPUT) && part.version() == 0)
                .findFirst()
                .map(ContextPart::value)
                .map(Value.Struct.class::cast)
                .orElse(declared);
    }

    /// What is shown of notes.
    ///
    /// @param notes of which something is given, as they were when it was put together
    public static List<Shown> notes(List<Note> notes, List<ContextPart> parts) {
        var shorter = new LinkedHashMap<NoteRef, Value>();
        for (var part : parts) {
            if (part.isGivenNote() && part.value() != null) {
                shorter.put(part.note(), part.value());
            }
        }
        return notes.stream()
                .map(note -> {
                    var less = shorter.get(note.ref());
                    return new Shown(
                            note.key(), note.version(), less == null ? note.value() : less);
                })
                .toList();
    }

    private Optional<Assembled> assemble(Value.Struct input, List<Note> notes) {
        var empty = notes.isEmpty() ? input : input.with(NOTES, Value.Struct.EMPTY);
        return shortening.fit(empty, budget).map(base -> assemble(empty, base, notes));
    }

    private Assembled assemble(Value.Struct declared, Value.Struct base, List<Note> notes) {
        int used = counter.applyAsInt(PlainText.json(base));
        var parts = new ArrayList<ContextPart>();
        parts.add(ContextPart.input(used, base.equals(declared) ? null : base));
        return notes.isEmpty()
                ? new Assembled(base, used, budget, parts)
                : bounded(base, choose(used, ranked(notes), parts), parts);
    }

    /// The notes, those that bear most first and otherwise in the order of their keys. Sorted as
    /// numbers, score above place: they may be many.
    private List<Ranked> ranked(List<Note> notes) {
        var byKey = notes.stream().sorted(Comparator.comparing(Note::key)).toList();
        var scored = new ArrayList<Ranked>(byKey.size());
        var order = new long[byKey.size()];
        for (int i = 0; i < order.length; i++) {
            var value = byKey.get(i).value();
            double score = relevance.of(value);
            scored.add(new Ranked(byKey.get(i), value, score));
            order[i] = (long) (Integer.MAX_VALUE - Float.floatToIntBits((float) score)) << 32 | i;
        }
        Arrays.sort(order);
        return Arrays.stream(order).mapToObj(place -> scored.get((int) place)).toList();
    }

    private SequencedMap<String, Value> choose(
            int used, List<Ranked> ranked, List<ContextPart> parts) {
        var chosen = new LinkedHashMap<String, Value>();
        int left = budget - used;
        int misses = 0;
        int at = 0;
        for (; at < ranked.size() && misses < MOST_MISSES && left > 0; at++) {
            var one = ranked.get(at);
            var part = fitted(one, left);
            parts.add(part);
            left -= part.tokens();
            misses = part.fate() == Fate.WHOLE ? 0 : misses + 1;
            if (part.fate() != Fate.CUT) {
                chosen.put(one.note().key(), part.value() == null ? one.value() : part.value());
            }
        }
        rest(ranked.subList(at, ranked.size()), parts);
        return chosen;
    }

    private ContextPart fitted(Ranked one, int left) {
        var key = one.note().key();
        int cost = cost(key, one.value());
        if (cost <= left) {
            return part(one, Fate.WHOLE, cost, "fits", null);
        }
        var why = "is " + cost + " tokens, " + left + " were left";
        if (one.score() > 0) {
            var shorter =
                    shortening.shorter(one.value(), left - cost(key, Value.NULL)).orElse(null);
            int less = shorter == null ? cost : cost(key, shorter);
            if (less <= left) {
                return part(one, Fate.COMPACTED, less, why, shorter);
            }
        }
        return part(one, Fate.CUT, 0, why, null);
    }

    private static ContextPart part(
            Ranked one, Fate fate, int tokens, String why, @Nullable Value shorter) {
        var ref = one.note().ref();
        return new ContextPart(ref.key(), ref.version(), fate, tokens, one.score(), why, shorter);
    }

    private static void rest(List<Ranked> cut, List<ContextPart> parts) {
        var why = "others bear more on it";
        cut.stream().limit(MOST_TOLD).forEach(one -> parts.add(part(one, Fate.CUT, 0, why, null)));
        if (cut.size() > MOST_TOLD) {
            var more = cut.size() - MOST_TOLD + " more";
            double score = cut.get(MOST_TOLD).score();
            parts.add(new ContextPart(more, 0, Fate.CUT, 0, score, why, null));
        }
    }

    private int cost(String key, Value value) {
        return counter.applyAsInt(PlainText.json(Value.struct(key, value)));
    }

    /// Tokens of a whole can be more than those of its parts: what bears least goes until all of it
    /// fits. In the order of their keys, so that an agent finds its way.
    private Assembled bounded(
            Value.Struct base, SequencedMap<String, Value> chosen, List<ContextPart> parts) {
        while (true) {
            var input = base.with(NOTES, new Value.Struct(new TreeMap<>(chosen)));
            int used = counter.applyAsInt(PlainText.json(input));
            if (used <= budget || chosen.isEmpty()) {
                return new Assembled(input, used, budget, parts);
            }
            var last = chosen.lastEntry().getKey();
            chosen.remove(last);
            parts.replaceAll(part ->
                    part.isGivenNote() && part.name().equals(last)
                            ? new ContextPart(
                                    last,
                                    part.version(),
                                    Fate.CUT,
                                    0,
                                    part.score(),
                                    "all of it together is too long",
                                    null)
                            : part);
        }
    }
}
