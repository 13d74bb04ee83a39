package dev.tutti.runtime.topic;

import dev.tutti.core.event.Value;
import dev.tutti.runtime.journal.Fields;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A message that is published, by the attributes of CloudEvents 1.0. Two of one source and id are
/// the same message.
///
/// @param subject what it is about: the key that those who wait for it may name; or null
/// @param contentType of the data where it is not JSON, or null
/// @param data of any shape; bytes as base64
public record CloudEvent(
        String id,
        String source,
        String type,
        @Nullable String subject,
        Instant time,
        @Nullable String contentType,
        Value data) {
    /// The longest id, type and subject, in characters; a source may be four times as long.
    public static final int LONGEST = 256;

    private static final String VERSION = "1.0";

    public CloudEvent {
        var faults = new ArrayList<String>();
        require("id", id, LONGEST, faults);
        require("source", source, 4 * LONGEST, faults);
        require("type", type, LONGEST, faults);
        if (subject != null) {
            require("subject", subject, LONGEST, faults);
        }
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", faults));
        }
    }

    private static void require(String name, String text, int longest, List<String> faults) {
        if (text.isEmpty()) {
            faults.add("`" + name + "` is empty");
        } else if (text.length() > longest) {
            faults.add("`" + name + "` is longer than " + longest + " characters");
        } else if (text.chars().anyMatch(Character::isISOControl)) {
            faults.add("`" + name + "` has control characters");
        }
    }

    /// The JSON form, as structured mode has it.
    public Value.Struct value() {
        return fields().struct();
    }

    Fields fields() {
        var out = new Fields().put("specversion", VERSION).put("id", id);
        out.put("source", source).put("type", type);
        if (subject != null) {
            out.put("subject", subject);
        }
        out.put("time", time.toString());
        if (contentType != null) {
            out.put("datacontenttype", contentType);
        }
        return out.put("data", data);
    }

    /// Reads the JSON form. Attributes that are not known here are passed over.
    ///
    /// @param now the time of one that says none
    /// @throws IllegalArgumentException with everything that is wrong with it
    public static CloudEvent of(Value value, Instant now) {
        if (!(value instanceof Value.Struct struct)) {
            throw new IllegalArgumentException(
                    "an event is an object, not a " + Value.shape(value));
        }
        var faults = new ArrayList<String>();
        if (!Value.text(VERSION).equals(struct.get("specversion"))) {
            faults.add("`specversion` must be \"1.0\"");
        }
        var id = text(struct, "id", true, faults);
        var source = text(struct, "source", true, faults);
        var type = text(struct, "type", true, faults);
        var subject = text(struct, "subject", false, faults);
        var contentType = text(struct, "datacontenttype", false, faults);
        var time = time(text(struct, "time", false, faults), now, faults);
        if (struct.get("data") != null && struct.get("data_base64") != null) {
            faults.add("`data` and `data_base64` exclude one another");
        }
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", faults));
        }
        var bytes = struct.get("data_base64");
        var data = struct.get("data");
        return new CloudEvent(
                id == null ? "" : id,
                source == null ? "" : source,
                type == null ? "" : type,
                subject,
                time,
                contentType,
                bytes != null ? bytes : data == null ? Value.NULL : data);
    }

    private static @Nullable String text(
            Value.Struct struct, String name, boolean required, List<String> faults) {
        return switch (struct.get(name)) {
            case null -> {
                if (required) {
                    faults.add("`" + name + "` is missing");
                }
                yield null;
            }
            case Value.Text(var text) -> text;
            default -> {
                faults.add("`" + name + "` must be a string");
                yield null;
            }
        };
    }

    /// The time that an attribute says.
    private static Instant time(@Nullable String text, Instant now, List<String> faults) {
        if (text == null) {
            return now;
        }
        try {
            return java.time.OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException _) {
            faults.add("`time` is not a time as RFC 3339 writes it: " + text);
            return now;
        }
    }
}
