package dev.tutti.agents.local.memory;

import dev.tutti.core.event.Provenance.Trust;
import dev.tutti.core.event.Value;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Something that is remembered.
///
/// @param id of a fact, the place of its message in the topic: `m12`, or `m12.2` for the second of
///   a message with several
/// @param about whom or what, or null
/// @param attribute what of it, where the fact is a value: `city`; or null
/// @param value of the attribute, or null
/// @param trust how far it can be relied on
/// @param from who told it first: `run/…`, `tutti/ana` for a person, or what another source calls
///   itself
/// @param task of the run, or null
/// @param at when it was told first
/// @param confirmed when it was told last
/// @param confirmations how often it was told again
/// @param expires when it is not to be remembered any longer, or null
public record Memory(
        String id,
        Kind kind,
        String text,
        @Nullable String about,
        @Nullable String attribute,
        @Nullable String value,
        Trust trust,
        String from,
        @Nullable String task,
        Instant at,
        Instant confirmed,
        int confirmations,
        @Nullable Instant expires) {

    /// Whether it is still to be remembered.
    public boolean lives(Instant now) {
        return expires == null || expires.isAfter(now);
    }

    /// As JSON: what is not there is null.
    public LinkedHashMap<String, Value> fields() {
        var fields = new LinkedHashMap<String, Value>();
        fields.put("id", Value.text(id));
        fields.put("kind", Value.text(kind.word()));
        fields.put("text", Value.text(text));
        fields.put("about", text(about));
        fields.put("attribute", text(attribute));
        fields.put("value", text(value));
        fields.put("trust", Value.text(trust.word()));
        fields.put("from", Value.text(from));
        fields.put("task", text(task));
        fields.put("at", Value.text(at.toString()));
        fields.put("confirmed", Value.text(confirmed.toString()));
        fields.put("confirmations", Value.of(confirmations));
        fields.put("expires", text(expires == null ? null : expires.toString()));
        return fields;
    }

    /// Reads what [#fields] wrote.
    ///
    /// @throws IllegalArgumentException when it is no memory
    static Memory of(Value.Struct written) {
        return new Memory(
                written.text("id"),
                Kind.of(written.text("kind")).orElseThrow(IllegalArgumentException::new),
                written.text("text"),
                optional(written, "about"),
                optional(written, "attribute"),
                optional(written, "value"),
                Trust.valueOf(written.text("trust").toUpperCase(Locale.ROOT)),
                written.text("from"),
                optional(written, "task"),
                Instant.parse(written.text("at")),
                Instant.parse(written.text("confirmed")),
                written.get("confirmations") instanceof Value.Int(var often) ? (int) often : 0,
                optional(written, "expires") == null
                        ? null
                        : Instant.parse(written.text("expires")));
    }

    private static @Nullable String optional(Value.Struct written, String name) {
        return written.get(name) instanceof Value.Text(var text) ? text : null;
    }

    private static Value text(@Nullable String text) {
        return text == null ? Value.NULL : Value.text(text);
    }
}
