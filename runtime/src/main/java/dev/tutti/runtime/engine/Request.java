package dev.tutti.runtime.engine;

import dev.tutti.core.event.Value;
import dev.tutti.runtime.journal.Definition;
import dev.tutti.runtime.json.Json;
import dev.tutti.runtime.json.JsonException;

/// What someone outside the engine asks of a run: in this process or, as a message, from another.
public sealed interface Request {

    /// Begin the run with a workflow of a team.
    record Start(String workflow, Definition team, Value.Struct inputs) implements Request {}

    /// End it without a result.
    record Cancel(String reason) implements Request {}

    /// The word for it in messages.
    default String kind() {
        return switch (this) {
            case Start _ -> "start";
            case Cancel _ -> "cancel";
        };
    }

    /// As the payload of a message.
    default byte[] payload() {
        return switch (this) {
            case Start(var workflow, var team, var inputs) ->
                    Json.bytes(
                            Value.struct(
                                    "workflow",
                                    Value.text(workflow),
                                    "team",
                                    Json.parse(team.body()),
                                    "inputs",
                                    inputs));
            case Cancel(var reason) -> Json.bytes(Value.struct("reason", Value.text(reason)));
        };
    }

    /// Reads a message.
    ///
    /// @throws IllegalArgumentException when it is not a request
    static Request of(String kind, byte[] payload) {
        var fields = fields(payload);
        if (kind.equals("cancel") && fields.get("reason") instanceof Value.Text(var reason)) {
            return new Cancel(reason);
        }
        if (kind.equals("start")
                && fields.get("workflow") instanceof Value.Text(var workflow)
                && fields.get("team") instanceof Value.Struct team
                && fields.get("inputs") instanceof Value.Struct inputs) {
            return new Start(workflow, definition(team), inputs);
        }
        throw new IllegalArgumentException("not a request: " + kind);
    }

    private static Value.Struct fields(byte[] payload) {
        try {
            return Json.parse(payload) instanceof Value.Struct struct ? struct : Value.Struct.EMPTY;
        } catch (JsonException e) {
            throw new IllegalArgumentException("not JSON: " + e.getMessage(), e);
        }
    }

    /// A team's document as the journal keeps it.
    static Definition definition(Value.Struct document) {
        var body = Json.bytes(document);
        return new Definition(dev.tutti.runtime.artifact.Sha256.hex(body), body);
    }
}
