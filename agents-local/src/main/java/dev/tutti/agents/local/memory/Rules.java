package dev.tutti.agents.local.memory;

import dev.tutti.core.event.TimeText;
import dev.tutti.core.event.Value;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How long memories count, and are kept. A message of type `rules` changes them for what comes
/// after it.
///
/// @param halfLife after so long without being told again a memory counts half
/// @param facts how long facts are kept that do not say so themselves, or null for ever
/// @param episodes how long what came of a run is kept, or null for ever
public record Rules(Duration halfLife, @Nullable Duration facts, @Nullable Duration episodes) {
    public static final Rules DEFAULT = new Rules(Duration.ofDays(90), null, null);

    static final String FOREVER = "forever";

    private static final Duration LONGEST = Duration.ofDays(36_600);

    /// What a memory counts, from 1 downwards, when it was confirmed last at `confirmed`.
    double weight(Instant confirmed, Instant now) {
        var age = Duration.between(confirmed, now);
        return age.isNegative() ? 1 : Math.pow(0.5, age.toMillis() / (double) halfLife.toMillis());
    }

    /// When a fact that was told at `at` and does not say so itself is forgotten.
    @Nullable Instant expiry(Instant at) {
        return facts == null ? null : at.plus(facts);
    }

    /// These rules with what a message says of them.
    ///
    /// @param data `{ half_life, retain: { facts, episodes } }`, times as `90d`, or `forever`; what
    ///   is not there stays
    /// @throws IllegalArgumentException with everything that is wrong with it
    public Rules with(Value data) {
        var faults = new ArrayList<String>();
        if (!(data instanceof Value.Struct struct)) {
            throw new IllegalArgumentException("rules are an object, not a " + Value.shape(data));
        }
        struct.fields().keySet().stream()
                .filter(name -> !List.of("half_life", "retain").contains(name))
                .forEach(name -> faults.add("`" + name + "` is no rule: half_life or retain"));
        var half = halfLife;
        var given = struct.get("half_life");
        if (given != null) {
            var read = time("half_life", given, faults);
            half = read == null ? half : read;
        }
        var retain =
                switch (struct.get("retain")) {
                    case null -> Value.Struct.EMPTY;
                    case Value.Struct kinds -> kinds;
                    case Value other -> {
                        faults.add("`retain` is an object, not a " + Value.shape(other));
                        yield Value.Struct.EMPTY;
                    }
                };
        retain.fields().keySet().stream()
                .filter(name -> !List.of("facts", "episodes").contains(name))
                .forEach(name -> faults.add("nothing retains `" + name + "`: facts or episodes"));
        var rules =
                new Rules(
                        half,
                        kept("facts", retain, facts, faults),
                        kept("episodes", retain, episodes, faults));
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", faults));
        }
        return rules;
    }

    private static @Nullable Duration kept(
            String name, Value.Struct retain, @Nullable Duration before, List<String> faults) {
        var given = retain.get(name);
        if (given == null) {
            return before;
        }
        return Value.text(FOREVER).equals(given) ? null : time(name, given, faults);
    }

    private static @Nullable Duration time(String name, Value given, List<String> faults) {
        if (given instanceof Value.Text(var text)) {
            var time = TimeText.parse(text);
            if (time.isPresent() && !time.get().isZero() && time.get().compareTo(LONGEST) <= 0) {
                return time.get();
            }
        }
        faults.add("`" + name + "` is a time such as `90d`, 36600d at most");
        return null;
    }

    /// As a message has them.
    public Value.Struct value() {
        var retain = new LinkedHashMap<String, Value>();
        retain.put("facts", word(facts));
        retain.put("episodes", word(episodes));
        return Value.struct("half_life", word(halfLife), "retain", new Value.Struct(retain));
    }

    private static Value word(@Nullable Duration time) {
        if (time == null) {
            return Value.text(FOREVER);
        }
        return Value.text(
                time.toMillis() % 86_400_000 == 0 ? time.toDays() + "d" : time.toMillis() + "ms");
    }
}
