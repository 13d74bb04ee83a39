package dev.tutti.agents.local.memory;

import dev.tutti.core.event.Value;
import dev.tutti.runtime.json.Json;
import dev.tutti.runtime.json.JsonException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How far an index goes.
///
/// @param cursor the last message that is in it
/// @param hash of that message's entry, so that another topic is told from this one
/// @param position in the journal up to which runs that ended are in it
/// @param day up to which what has expired is gone
/// @param forgets the messages that something is to be forgotten
/// @param trimmed whether there were more episodes than are kept
/// @param unread messages that told nothing, the newest of them, and why
record Mark(
        long cursor,
        String hash,
        long position,
        long day,
        List<Long> forgets,
        boolean trimmed,
        Rules rules,
        List<String> unread) {
    static final Mark NONE = new Mark(0, "", 0, 0, List.of(), false, Rules.DEFAULT, List.of());

    /// Changes when leaves change; an index of another format is made anew.
    private static final String FORMAT = "3";

    Mark {
        forgets = List.copyOf(forgets);
        unread = List.copyOf(unread);
    }

    /// The same with everything gone that has expired before a day.
    Mark on(long later) {
        return new Mark(cursor, hash, position, later, forgets, trimmed, rules, unread);
    }

    /// The same with the runs up to a place in the journal.
    Mark with(long runsTo, boolean more) {
        return new Mark(cursor, hash, runsTo, day, forgets, more, rules, unread);
    }

    Map<String, String> written() {
        return Map.of(
                "format",
                FORMAT,
                "mark",
                Json.text(
                        Value.struct(
                                "cursor", Value.of(cursor),
                                "hash", Value.text(hash),
                                "position", Value.of(position),
                                "day", Value.of(day),
                                "forgets", Value.from(forgets),
                                "trimmed", Value.of(trimmed),
                                "rules", rules.value(),
                                "unread", Value.from(unread))));
    }

    static @Nullable Mark read(Map<String, String> written) {
        try {
            if (!FORMAT.equals(written.get("format"))
                    || !(Json.parse(written.getOrDefault("mark", "")) instanceof Value.Struct mark)
                    || !(mark.get("cursor") instanceof Value.Int(var cursor))
                    || !(mark.get("hash") instanceof Value.Text(var hash))
                    || !(mark.get("position") instanceof Value.Int(var position))
                    || !(mark.get("day") instanceof Value.Int(var day))
                    || !(mark.get("forgets") instanceof Value.Array(var forgets))
                    || !(mark.get("trimmed") instanceof Value.Bool(var trimmed))
                    || !(mark.get("rules") instanceof Value.Struct rules)
                    || !(mark.get("unread") instanceof Value.Array(var items))) {
                return null;
            }
            var unread = new ArrayList<String>();
            for (var item : items) {
                if (item instanceof Value.Text(var text)) {
                    unread.add(text);
                }
            }
            var sequences = new ArrayList<Long>();
            for (var item : forgets) {
                if (item instanceof Value.Int(var sequence)) {
                    sequences.add(sequence);
                }
            }
            return new Mark(
                    cursor,
                    hash,
                    position,
                    day,
                    sequences,
                    trimmed,
                    Rules.DEFAULT.with(rules),
                    unread);
        } catch (JsonException | IllegalArgumentException _) {
            return null;
        }
    }
}
