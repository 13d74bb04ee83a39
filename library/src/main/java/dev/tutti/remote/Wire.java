package dev.tutti.remote;

import dev.tutti.core.event.Amendment;
import dev.tutti.core.event.Money;
import dev.tutti.core.event.TenantId;
import dev.tutti.core.event.Usage;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.journal.Entry;
import dev.tutti.runtime.journal.EventCodec;
import dev.tutti.runtime.journal.JournalReader.Due;
import dev.tutti.runtime.journal.JournalReader.Row;
import dev.tutti.runtime.journal.Message;
import dev.tutti.runtime.journal.NewEntry;
import dev.tutti.runtime.journal.StreamId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Function;

/// The parts of a journal as JSON, for both ends of the wire. Payloads are texts and stay byte for
/// byte what they are.
public final class Wire {
    /// What both ends must agree on; it grows when one could misread the other.
    public static final int FORMAT = 1;

    /// Where a server has its store.
    public static final String STORE = "/api/v1/store";

    private static final HexFormat HEX = HexFormat.of();
    private static final String TENANT = "tenant";
    private static final String STREAM = "stream";
    private static final String PAYLOAD = "payload";
    private static final String ACTOR = "actor";
    private static final String KEY = "key";

    private Wire() {}

    // ---- plans

    /// A plan that was made for a goal.
    public static Value.Struct of(Amendment amendment, Usage usage) {
        return Value.struct("amendment", EventCodec.amendment(amendment))
                .with("usd", Value.text(usage.usd().toString()))
                .with("input_tokens", Value.of(usage.inputTokens()))
                .with("output_tokens", Value.of(usage.outputTokens()));
    }

    static Remote.FirstPlan plan(Value.Struct value) {
        return new Remote.FirstPlan(
                EventCodec.amendment(
                        value.get("amendment") == null ? Value.NULL : value.get("amendment")),
                new Usage(
                        Money.of(value.text("usd")),
                        number(value, "input_tokens"),
                        number(value, "output_tokens")),
                null);
    }

    // ---- to JSON

    public static Value.Struct of(Entry entry) {
        var event = entry.event();
        var value =
                Value.struct(
                        "position",
                        Value.of(entry.position()),
                        TENANT,
                        Value.text(entry.stream().tenant().value()),
                        STREAM,
                        Value.text(entry.stream().name()),
                        "sequence",
                        Value.of(entry.sequence()),
                        "epoch",
                        Value.of(entry.epoch()),
                        "type",
                        Value.text(event.type()),
                        "version",
                        Value.of(event.version()),
                        "at",
                        Value.text(event.at().toString()),
                        ACTOR,
                        Value.text(event.actor()),
                        "cause",
                        Value.text(event.cause()),
                        PAYLOAD,
                        text(event.payload()),
                        "hash",
                        Value.text(HEX.formatHex(entry.hash())));
        return event.keyId() == null ? value : value.with(KEY, Value.text(event.keyId()));
    }

    public static Value.Struct of(StreamId stream) {
        return Value.struct(
                TENANT, Value.text(stream.tenant().value()), STREAM, Value.text(stream.name()));
    }

    public static Value.Struct of(Due due) {
        return of(due.stream()).with("at", Value.text(due.at().toString()));
    }

    public static Value.Struct of(Message message) {
        return of(message.to())
                .with("id", Value.text(message.id()))
                .with("kind", Value.text(message.kind()))
                .with(ACTOR, Value.text(message.actor()))
                .with("at", Value.text(message.at().toString()))
                .with(PAYLOAD, text(message.payload()));
    }

    public static Value.Struct of(Row row) {
        return Value.struct(KEY, Value.text(row.key()), "body", text(row.body()));
    }

    private static Value text(byte[] bytes) {
        return Value.text(new String(bytes, StandardCharsets.UTF_8));
    }

    // ---- and back

    static Entry entry(Value.Struct value) {
        var event =
                new NewEntry(
                        value.text("type"),
                        (int) number(value, "version"),
                        instant(value),
                        value.text(ACTOR),
                        value.text("cause"),
                        value.get(KEY) == null ? null : value.text(KEY),
                        bytes(value, PAYLOAD));
        return new Entry(
                number(value, "position"),
                stream(value),
                number(value, "sequence"),
                number(value, "epoch"),
                event,
                HEX.parseHex(value.text("hash")));
    }

    static StreamId stream(Value.Struct value) {
        return new StreamId(new TenantId(value.text(TENANT)), value.text(STREAM));
    }

    static Due due(Value.Struct value) {
        return new Due(stream(value), instant(value));
    }

    /// Reads a message.
    ///
    /// @throws IllegalArgumentException when it is none
    public static Message message(Value.Struct value) {
        try {
            return new Message(
                    value.text("id"),
                    stream(value),
                    value.text("kind"),
                    value.text(ACTOR),
                    instant(value),
                    bytes(value, PAYLOAD));
        } catch (RuntimeException e) {
            throw new IllegalArgumentException("not a message: " + e.getMessage(), e);
        }
    }

    static Row row(Value.Struct value) {
        return new Row(value.text(KEY), bytes(value, "body"));
    }

    static long number(Value.Struct value, String name) {
        if (value.get(name) instanceof Value.Int(var number)) {
            return number;
        }
        throw new IllegalArgumentException("`" + name + "` is not a number");
    }

    static <T> List<T> list(Value.Struct value, String name, Function<Value.Struct, T> each) {
        if (value.get(name) instanceof Value.Array(var items)) {
            return items.stream()
                    .map(item ->
                            each.apply(item instanceof Value.Struct one ? one : Value.Struct.EMPTY))
                    .toList();
        }
        throw new IllegalArgumentException("`" + name + "` is not a list");
    }

    private static Instant instant(Value.Struct value) {
        return Instant.parse(value.text("at"));
    }

    private static byte[] bytes(Value.Struct value, String name) {
        return value.text(name).getBytes(StandardCharsets.UTF_8);
    }
}
