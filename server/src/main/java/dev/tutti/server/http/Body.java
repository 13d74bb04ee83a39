package dev.tutti.server.http;

import dev.tutti.core.event.Fault;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.artifact.Counted;
import dev.tutti.runtime.json.Json;
import dev.tutti.runtime.json.JsonException;
import io.javalin.http.Context;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/// What comes with a request: an object of JSON, bounded, or else a problem.
public record Body(Value.Struct fields) {
    /// Bytes of a body of JSON.
    public static final int MOST = 8 << 20;

    /// The attribute of a request with the names of the fields that its route reads.
    static final String FIELDS = "tutti.fields";

    private static final int DEEPEST = 100;
    private static final int LONGEST_TEXT = 2_000;
    private static final int MOST_WORDS = 100;

    public static Body of(Context request) {
        var type = request.header("content-type");
        if (type == null || !type.toLowerCase(Locale.ROOT).matches("application/json\\s*(;.*)?")) {
            throw new Problem(
                    415, "wrong_type", "send JSON, with `Content-Type: application/json`");
        }
        if (json(bytes(request, MOST)) instanceof Value.Struct fields) {
            known(request, fields);
            return new Body(fields);
        }
        throw Problem.badRequest("the body is JSON but no object");
    }

    /// A field that nobody reads may be one that was to prevent what is asked, `dry_run` for one.
    private static void known(Context request, Value.Struct fields) {
        Set<String> known = request.attribute(FIELDS);
        if (known == null) {
            return;
        }
        var faults =
                fields.fields().keySet().stream()
                        .filter(name -> !known.contains(name))
                        .map(name -> unknown(name, known))
                        .toList();
        if (!faults.isEmpty()) {
            throw Problem.fields(faults);
        }
    }

    private static Fault unknown(String name, Set<String> known) {
        return new Fault(
                "unknown_field",
                "there is no `" + name + "` here",
                List.of("", name),
                null,
                "",
                known.isEmpty()
                        ? "leave it out"
                        : "what is read here: " + String.join(", ", new TreeSet<>(known)));
    }

    /// What the bytes of a body say, nested as deep as is allowed.
    public static Value json(byte[] bytes) {
        try {
            var value = Json.parse(bytes);
            if (isDeeper(value, DEEPEST)) {
                throw new Problem(
                        400,
                        "too_deep",
                        "the body is nested more than " + DEEPEST + " levels deep");
            }
            return value;
        } catch (JsonException e) {
            throw Problem.badRequest("the body is no JSON: " + e.getMessage());
        }
    }

    private static boolean isDeeper(Value value, int levels) {
        return switch (value) {
            case Value.Struct(var fields) ->
                    levels == 0
                            || fields.values().stream()
                                    .anyMatch(field -> isDeeper(field, levels - 1));
            case Value.Array(var items) ->
                    levels == 0 || items.stream().anyMatch(item -> isDeeper(item, levels - 1));
            case Value.Null _, Value.Bool _, Value.Int _, Value.Real _, Value.Text _ -> false;
        };
    }

    /// The bytes of a body.
    public static byte[] bytes(Context request, int most) {
        try {
            var bytes = request.req().getInputStream().readNBytes(most + 1);
            if (bytes.length > most) {
                throw new Problem(413, "too_long", "the body is longer than " + most + " bytes");
            }
            return bytes;
        } catch (IOException e) {
            throw Problem.badRequest("the body did not come to its end: " + e.getMessage());
        }
    }

    /// A body that is read a part at a time.
    ///
    /// @param most reading on after so many bytes is a [Problem]
    public static Counted stream(Context request, long most) {
        try {
            return new Counted(
                    request.req().getInputStream(),
                    count -> {
                        if (count > most) {
                            throw new Problem(
                                    413, "too_long", "the body is longer than " + most + " bytes");
                        }
                    });
        } catch (IOException e) {
            throw Problem.badRequest("the body cannot be read: " + e.getMessage());
        }
    }

    /// A text, cut where it is too long.
    public String text(String name, String otherwise) {
        return switch (fields.get(name)) {
            case null -> otherwise;
            case Value.Text(var text) ->
                    text.length() > LONGEST_TEXT ? text.substring(0, LONGEST_TEXT) + "…" : text;
            default -> throw Problem.badRequest("`" + name + "` is a string");
        };
    }

    public boolean flag(String name, boolean otherwise) {
        return switch (fields.get(name)) {
            case null -> otherwise;
            case Value.Bool(var flag) -> flag;
            default -> throw Problem.badRequest("`" + name + "` is true or false");
        };
    }

    public double fraction(String name) {
        double fraction =
                switch (fields.get(name)) {
                    case null -> 0;
                    case Value.Int(var n) -> n;
                    case Value.Real(var n) -> n;
                    default -> throw Problem.badRequest("`" + name + "` is a number from 0 to 1");
                };
        return Math.clamp(fraction, 0, 1);
    }

    /// Names as a team file has them.
    public List<String> names(String name) {
        return switch (fields.get(name)) {
            case null -> List.of();
            case Value.Array(var items) when items.size() <= MOST_WORDS ->
                    items.stream().map(item -> name(name, item)).toList();
            default ->
                    throw Problem.badRequest(
                            "`" + name + "` is a list of names, " + MOST_WORDS + " at most");
        };
    }

    private static String name(String list, Value item) {
        if (item instanceof Value.Text(var text) && text.matches("[a-z][a-z0-9_]{0,63}")) {
            return text;
        }
        throw Problem.badRequest(
                "`"
                        + list
                        + "` names skills or agents as the team file does: small letters, digits, `_`");
    }
}
