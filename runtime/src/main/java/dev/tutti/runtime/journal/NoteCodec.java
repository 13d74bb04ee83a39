package dev.tutti.runtime.journal;

import dev.tutti.core.event.ContextPart;
import dev.tutti.core.event.Event;
import dev.tutti.core.event.NoteRef;
import dev.tutti.core.event.Provenance;
import dev.tutti.core.event.Sharing;
import dev.tutti.core.event.Sharing.Reducer;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Value;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Notes as payloads: what tasks declare, and what was written and read.
final class NoteCodec {
    private NoteCodec() {}

    // ---- what was written and read

    static void encode(Fields out, Event.NoteWritten e) {
        out.put("key", e.key()).put("version", e.version()).put("value", e.value());
        out.put("by", e.by());
        if (e.place() >= 0) {
            out.put("place", e.place());
        }
        var from = e.from();
        out.put("task", from.task().toString()).put("token", from.token());
        if (!from.name().isEmpty()) {
            out.put("name", from.name());
        }
        if (!from.read().isEmpty()) {
            out.put("read", refs(from.read()));
        }
        out.put("trust", from.trust().word());
    }

    static Event.NoteWritten written(Fields in) {
        return new Event.NoteWritten(
                in.text("key"),
                (int) in.number("version"),
                in.value("value"),
                in.text("by"),
                in.find("place") == null ? -1 : (int) in.number("place"),
                new Provenance(
                        TaskId.parse(in.text("task")),
                        in.number("token"),
                        in.textOr("name", ""),
                        in.find("read") == null ? List.of() : refs(in, "read"),
                        Provenance.Trust.valueOf(in.text("trust").toUpperCase(Locale.ROOT))));
    }

    static Value refs(List<NoteRef> refs) {
        return new Value.Array(
                refs.stream()
                        .<Value>map(ref ->
                                new Fields()
                                        .put("key", ref.key())
                                        .put("version", ref.version())
                                        .struct())
                        .toList());
    }

    static List<NoteRef> refs(Fields in, String name) {
        return in.list(name).stream()
                .map(Fields::of)
                .map(ref -> new NoteRef(ref.text("key"), (int) ref.number("version")))
                .toList();
    }

    // ---- what attempts are given

    static void encode(Fields out, Event.ContextAssembled e) {
        out.put("task", e.task().toString()).put("token", e.token());
        out.put("budget", e.budget()).put("used", e.used());
        out.put("parts", new Value.Array(e.parts().stream().map(NoteCodec::part).toList()));
    }

    private static Value part(ContextPart part) {
        var out = new Fields().put("name", part.name());
        if (part.version() > 0) {
            out.put("version", part.version());
        }
        out.put("fate", part.fate().word()).put("tokens", part.tokens());
        out.put("score", new Value.Real(part.score())).put("why", part.why());
        if (part.value() != null) {
            out.put("value", part.value());
        }
        return out.struct();
    }

    static Event.ContextAssembled assembled(Fields in) {
        return new Event.ContextAssembled(
                TaskId.parse(in.text("task")),
                in.number("token"),
                (int) in.number("budget"),
                (int) in.number("used"),
                in.list("parts").stream().map(part -> part(Fields.of(part))).toList());
    }

    private static ContextPart part(Fields in) {
        return new ContextPart(
                in.text("name"),
                in.find("version") == null ? 0 : (int) in.number("version"),
                ContextPart.Fate.valueOf(in.text("fate").toUpperCase(Locale.ROOT)),
                (int) in.number("tokens"),
                in.real("score"),
                in.text("why"),
                in.find("value"));
    }

    // ---- what tasks declare

    static @Nullable Value encode(Sharing sharing) {
        if (sharing.isNothing()) {
            return null;
        }
        var out = new Fields();
        if (!sharing.writes().isEmpty()) {
            out.put(
                    "write",
                    new Value.Array(sharing.writes().stream().map(NoteCodec::write).toList()));
        }
        if (!sharing.reads().isEmpty()) {
            out.put("read", Value.from(sharing.reads()));
        }
        if (sharing.outside()) {
            out.put("outside", Value.of(true));
        }
        var giving = sharing.giving();
        if (giving.tokens() > 0) {
            out.put("tokens", giving.tokens());
        }
        if (giving.recall() != null) {
            out.put("recall", recall(giving.recall()));
        }
        if (giving.condensed()) {
            out.put("condensed", Value.of(true));
        }
        return out.struct();
    }

    private static Value recall(Sharing.Recall recall) {
        var out = new Fields().put("most", recall.most());
        if (recall.query() != null) {
            out.put("query", recall.query());
        }
        if (recall.about() != null) {
            out.put("about", recall.about());
        }
        if (!recall.kinds().isEmpty()) {
            out.put("kinds", Value.from(recall.kinds()));
        }
        return out.struct();
    }

    private static Value write(Sharing.Write write) {
        var out = new Fields().put("key", write.key()).put("value", write.value());
        if (write.by() instanceof Reducer.Computed(var expression)) {
            out.put("computed", expression);
        } else if (!write.by().equals(Reducer.LAST)) {
            out.put("by", write.by().word());
        }
        if (write.expect() != null) {
            out.put("expect", write.expect());
        }
        return out.struct();
    }

    private static Sharing.Recall recalled(Fields in) {
        return new Sharing.Recall(
                (int) in.number("most"),
                in.find("query") == null ? null : in.text("query"),
                in.find("about") == null ? null : in.text("about"),
                in.texts("kinds"));
    }

    static Sharing sharing(@Nullable Value value) {
        if (value == null) {
            return Sharing.NOTHING;
        }
        var in = Fields.of(value);
        var recall = in.find("recall");
        return new Sharing(
                in.find("write") == null
                        ? List.of()
                        : in.list("write").stream().map(write -> write(Fields.of(write))).toList(),
                in.texts("read"),
                in.find("outside") != null,
                new Sharing.Giving(
                        in.find("tokens") == null ? 0 : (int) in.number("tokens"),
                        recall == null ? null : recalled(Fields.of(recall)),
                        in.find("condensed") != null));
    }

    private static Sharing.Write write(Fields in) {
        var computed = in.findText("computed");
        return new Sharing.Write(
                in.text("key"),
                in.find("value"),
                computed != null
                        ? new Reducer.Computed(computed)
                        : reducer(in.textOr("by", "last")),
                in.findText("expect"));
    }

    private static Reducer reducer(String word) {
        return switch (word) {
            case "last" -> Reducer.LAST;
            case "append" -> Reducer.APPEND;
            case "max" -> Reducer.MAX;
            case "merge" -> Reducer.MERGE;
            default -> throw new IllegalArgumentException("`" + word + "` keeps no notes");
        };
    }
}
