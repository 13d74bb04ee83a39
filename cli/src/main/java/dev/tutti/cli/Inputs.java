package dev.tutti.cli;

import dev.tutti.Refusal;
import dev.tutti.core.event.Fault;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.json.Json;
import dev.tutti.runtime.json.JsonException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The inputs of a run as they were written on the command line.
///
/// What parses as JSON is JSON, everything else a string. Inputs that the team file declares as
/// paths are made absolute, since the run may go on in another directory: given ones from where the
/// command runs, defaults from the team file's folder.
final class Inputs {
    private Inputs() {}

    /// Reads `name=value` pairs.
    static Value.Struct parse(List<String> given) {
        var fields = new LinkedHashMap<String, Value>();
        for (var pair : given) {
            int equals = pair.indexOf('=');
            if (equals < 1) {
                throw new Refusal("`--input " + pair + "` is not NAME=VALUE");
            }
            if (fields.put(pair.substring(0, equals), value(pair.substring(equals + 1))) != null) {
                throw new Refusal("input `" + pair.substring(0, equals) + "` is given twice");
            }
        }
        return new Value.Struct(fields);
    }

    private static Value value(String text) {
        try {
            return Json.parse(text);
        } catch (JsonException e) {
            return Value.text(text);
        }
    }

    /// The refusal with a word on what to write where a text looked like JSON.
    static Refusal helped(Refusal refusal, Value.Struct given) {
        if (refusal.faults().isEmpty()) {
            return refusal;
        }
        var message = String.valueOf(refusal.getMessage()).lines().findFirst().orElse("");
        return new Refusal(
                message, refusal.faults().stream().map(fault -> helped(fault, given)).toList());
    }

    private static Fault helped(Fault fault, Value.Struct given) {
        var value = fault.at().size() == 2 ? given.get(fault.at().getLast()) : null;
        if (value == null
                || value instanceof Value.Text
                || fault.help() != null
                || !fault.message().contains("string is needed")) {
            return fault;
        }
        var word = Quoted.of(fault.at().getLast() + "=" + Json.text(Value.text(Json.text(value))));
        return new Fault(
                fault.code(),
                fault.message(),
                fault.at(),
                fault.span(),
                fault.label(),
                "what parses as JSON is JSON; for a string write `--input " + word + "`");
    }

    /// Makes paths absolute.
    ///
    /// @param document of the team file
    /// @param directory that given paths start from
    /// @param base that defaults start from
    static Value.Struct withPaths(
            Value.Struct document, String workflow, Value.Struct given, Path directory, Path base) {
        var bound = given;
        for (var declared : declared(document, workflow).entrySet()) {
            if (!(declared.getValue() instanceof Value.Struct schema) || !isPath(schema)) {
                continue;
            }
            var name = declared.getKey();
            if (given.get(name) instanceof Value.Text(var path)) {
                bound = bound.with(name, Value.text(absolute(directory, path)));
            } else if (given.get(name) == null
                    && schema.get("default") instanceof Value.Text(var path)) {
                bound = bound.with(name, Value.text(absolute(base, path)));
            }
        }
        return bound;
    }

    private static boolean isPath(Value.Struct schema) {
        return Value.text("path").equals(schema.get("format"));
    }

    private static Map<String, Value> declared(Value.Struct document, String workflow) {
        if (document.get("workflows") instanceof Value.Struct workflows
                && workflows.get(workflow) instanceof Value.Struct one
                && one.get("input") instanceof Value.Struct input) {
            return input.get("properties") instanceof Value.Struct properties
                    ? properties.fields()
                    : input.fields();
        }
        return Map.of();
    }

    private static String absolute(Path from, String path) {
        try {
            return from.toAbsolutePath().resolve(path).normalize().toString();
        } catch (InvalidPathException e) {
            throw new Refusal("`" + path + "` is not a path: " + e.getReason());
        }
    }
}
