package dev.tutti.runtime.step;

import dev.tutti.core.event.Money;
import dev.tutti.core.event.Usage;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.agent.Attempt.Step;
import dev.tutti.runtime.agent.Attempt.Taken;
import dev.tutti.runtime.journal.Entry;
import dev.tutti.runtime.journal.NewEntry;
import dev.tutti.runtime.json.Json;
import java.math.BigDecimal;
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
        var usage = taken.usage();
        return Value.struct(
                        "number",
                        Value.of(number),
                        "token",
                        Value.of(token),
                        "kind",
                        Value.text(step.kind()),
                        "name",
                        Value.text(step.name()))
                .with("request", step.request())
                .with("result", taken.result())
                .with(
                        "usage",
                        Value.struct(
                                "usd",
                                Value.text(usage.usd().usd().toPlainString()),
                                "input_tokens",
                                Value.of(usage.inputTokens()),
                                "output_tokens",
                                Value.of(usage.outputTokens())));
    }

    /// Reads one.
    ///
    /// @throws IllegalArgumentException when the entry is something else
    public static StepTaken of(Entry entry) {
        if (!entry.event().type().equals(TYPE) || entry.event().version() != VERSION) {
            throw new IllegalArgumentException(
                    entry.event().type() + " of version " + entry.event().version());
        }
        return of(Json.parse(entry.event().payload()));
    }

    /// Reads what [#value] gave.
    ///
    /// @throws IllegalArgumentException when it is something else
    public static StepTaken of(Value value) {
        if (!(value instanceof Value.Struct step
                && step.get("usage") instanceof Value.Struct usage)) {
            throw new IllegalArgumentException("no step: " + value);
        }
        return new StepTaken(
                (int) number(step, "number"),
                number(step, "token"),
                new Step(text(step, "kind"), text(step, "name"), any(step, "request")),
                new Taken(
                        any(step, "result"),
                        new Usage(
                                new Money(new BigDecimal(text(usage, "usd"))),
                                number(usage, "input_tokens"),
                                number(usage, "output_tokens"))));
    }

    private static Value any(Value.Struct of, String name) {
        return of.fields().getOrDefault(name, Value.NULL);
    }

    private static String text(Value.Struct of, String name) {
        if (any(of, name) instanceof Value.Text(var text)) {
            return text;
        }
        throw new IllegalArgumentException("`" + name + "` is a text, not " + any(of, name));
    }

    private static long number(Value.Struct of, String name) {
        if (any(of, name) instanceof Value.Int(var number)) {
            return number;
        }
        throw new IllegalArgumentException("`" + name + "` is a number, not " + any(of, name));
    }
}
