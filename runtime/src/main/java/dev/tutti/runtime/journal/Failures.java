package dev.tutti.runtime.journal;

import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Value;
import java.util.Locale;

/// Failures as payloads.
final class Failures {
    private Failures() {}

    static Value encode(Failure failure) {
        var out = new Fields();
        return switch (failure) {
            case Failure.Transient(var code, var message) ->
                    out.put("kind", "transient").put("code", code).put("message", message).struct();
            case Failure.Permanent(var code, var message) ->
                    out.put("kind", "permanent").put("code", code).put("message", message).struct();
            case Failure.Crashed() -> out.put("kind", "crashed").struct();
            case Failure.TimedOut(var limit, var due) -> {
                out.put("kind", "timed_out").put("due", due.toString());
                if (limit != Failure.Limit.RUN) {
                    out.put("limit", limit.name().toLowerCase(Locale.ROOT));
                }
                yield out.struct();
            }
            case Failure.Rejected(var gate, var message) ->
                    out.put("kind", "rejected").put("gate", gate).put("message", message).struct();
            case Failure.Quarantined(var crashes) ->
                    out.put("kind", "quarantined").put("crashes", crashes).struct();
            case Failure.Suspended(var question) ->
                    out.put("kind", "suspended").put("question", question).struct();
            case Failure.Interrupted() -> out.put("kind", "interrupted").struct();
            case Failure.Cancelled() -> out.put("kind", "cancelled").struct();
        };
    }

    static Failure decode(Fields in) {
        var kind = in.text("kind");
        return switch (kind) {
            case "transient" -> new Failure.Transient(in.text("code"), in.text("message"));
            case "permanent" -> new Failure.Permanent(in.text("code"), in.text("message"));
            case "crashed" -> new Failure.Crashed();
            case "timed_out" ->
                    new Failure.TimedOut(
                            Failure.Limit.valueOf(
                                    in.textOr("limit", "run").toUpperCase(Locale.ROOT)),
                            in.requiredInstant("due"));
            case "rejected" -> new Failure.Rejected(in.text("gate"), in.text("message"));
            case "quarantined" -> new Failure.Quarantined((int) in.number("crashes"));
            case "suspended" -> new Failure.Suspended(in.text("question"));
            case "interrupted" -> new Failure.Interrupted();
            case "cancelled" -> new Failure.Cancelled();
            default -> throw new IllegalArgumentException("failure " + kind);
        };
    }
}
