package dev.tutti.runtime.step;

import dev.tutti.core.event.Value;
import dev.tutti.runtime.agent.Attempt.Step;
import dev.tutti.runtime.agent.Attempt.Taken;
import dev.tutti.runtime.journal.Entry;
import dev.tutti.runtime.journal.EventCodec;
import dev.tutti.runtime.journal.Fields;
import dev.tutti.runtime.journal.JournalException;
import dev.tutti.runtime.journal.NewEntry;
import dev.tutti.runtime.json.Json;
import java.time.Instant;
import java.util.Arrays;

/// A step on record.
///
/// @param number its place in the conversation, from 1; one that was there under this number, and
///   all after it, are of no use any more
/// @param token of the attempt that took it
/// @param step what was asked
/// @param taken what it gave, and used up
public record StepTaken(int number, long token, Step step, Taken taken) {
    public static final String TYPE = "StepTaken";
    private static final int VERSION = 1;

    /// Whether it is what `other` asks for.
    public boolean answers(Step other) {
        return step.kind().equals(other.kind())
                && step.name().equals(other.name())
                && Arrays.equals(Json.bytes(step.request()), Json.bytes(other.request()));
    }

    public NewEntry entry(Instant at, String actor) {
        return new NewEntry(TYPE, VERSION, at, actor, "", null, Json.bytes(value()));
    }

    /// As it is kept, and as recordings have it.
    public Value.Struct value() {
        return new Fields()
                .put("number", number)
                .put("token", token)
                .put("kind", step.kind())
                .put("name", step.name())
                .put("request", step.request())
                .put("result", taken.result())
                .put("usage", EventCodec.encode(taken.usage()))
                .struct();
    }

    /// Reads one.
    ///
    /// @throws JournalException `version` when it was written by a later version
    public static StepTaken of(Entry entry) {
        if (!entry.event().type().equals(TYPE) || entry.event().version() != VERSION) {
            throw new JournalException(
                    "version",
                    "the step " + entry.event().type() + " was written by a later Tutti",
                    null);
        }
        return of(Json.parse(entry.event().payload()));
    }

    /// Reads what [#value] gave.
    ///
    /// @throws IllegalArgumentException when it is something else
    public static StepTaken of(Value value) {
        var fields = Fields.of(value);
        return new StepTaken(
                (int) fields.number("number"),
                fields.number("token"),
                new Step(fields.text("kind"), fields.text("name"), fields.value("request")),
                new Taken(fields.value("result"), EventCodec.usage(fields.value("usage"))));
    }
}
