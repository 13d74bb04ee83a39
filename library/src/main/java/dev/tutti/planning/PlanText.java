package dev.tutti.planning;

import dev.tutti.core.event.Value;
import dev.tutti.runtime.json.Json;
import dev.tutti.runtime.json.JsonException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// Finds the proposal in what a model wrote: the first object or list that is one, whatever stands
/// around it.
final class PlanText {
    private static final int LONGEST = 1 << 20;
    private static final int MOST_TRIES = 20;

    private static final Pattern STRINGS = Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*+\"");
    private static final Pattern BARE = Pattern.compile("[A-Za-z_][A-Za-z0-9_-]*");
    private static final Pattern COMMA_AT_END = Pattern.compile(",(\\s*[}\\]])");
    private static final Set<String> LITERALS = Set.of("true", "false", "null");

    private PlanText() {}

    static Optional<Value> value(String text, Proposals.Findings findings) {
        if (text.length() > LONGEST) {
            findings.fault(
                    "E-PROPOSAL-01",
                    "a proposal has " + LONGEST + " characters at most",
                    List.of(),
                    text.length() + " characters",
                    null);
            return Optional.empty();
        }
        var whole = json(text.strip());
        if (whole.isPresent()) {
            return whole;
        }
        int tries = 0;
        for (int from = next(text, 0); from >= 0 && tries < MOST_TRIES; tries++) {
            int to = end(text, from);
            if (to > from) {
                var part = text.substring(from, to);
                var read = json(part).or(() -> loose(part, findings));
                if (read.isPresent() && Parts.of(read.get()) != null) {
                    if (part.length() < text.strip().length()) {
                        findings.repair(
                                Repair.Kind.PROSE, List.of(), "left out what stands around it");
                    }
                    return read;
                }
            }
            from = next(text, from + 1);
        }
        findings.fault(
                "E-PROPOSAL-01",
                "there is no proposal in this text",
                List.of(),
                reason(text.strip()),
                "write one JSON object with `tasks`, and nothing else");
        return Optional.empty();
    }

    private static String reason(String text) {
        try {
            Json.parse(text);
            return "something else";
        } catch (JsonException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private static Optional<Value> json(String text) {
        try {
            return Optional.of(Json.parse(text));
        } catch (JsonException e) {
            return Optional.empty();
        }
    }

    /// The same with quotes around names and words that have none, and without commas at the end.
    private static Optional<Value> loose(String text, Proposals.Findings findings) {
        if (!text.startsWith("{")) {
            return Optional.empty();
        }
        var strict = new StringBuilder();
        var parts = STRINGS.matcher(text);
        int at = 0;
        while (parts.find()) {
            strict.append(strict(text.substring(at, parts.start()))).append(parts.group());
            at = parts.end();
        }
        strict.append(strict(text.substring(at)));
        var read = json(strict.toString());
        read.ifPresent(_ ->
                findings.repair(
                        Repair.Kind.LOOSE_JSON,
                        List.of(),
                        "read it with the quotes and without the commas that JSON wants"));
        return read;
    }

    /// @param part without any text in quotes
    private static String strict(String part) {
        return BARE.matcher(COMMA_AT_END.matcher(part).replaceAll("$1"))
                .replaceAll(match ->
                        LITERALS.contains(match.group())
                                ? match.group()
                                : "\"" + match.group() + "\"");
    }

    private static int next(String text, int from) {
        for (int i = from; i < text.length(); i++) {
            if (text.charAt(i) == '{' || text.charAt(i) == '[') {
                return i;
            }
        }
        return -1;
    }

    /// Behind the bracket that closes the one at `from`, or -1 where none does.
    private static int end(String text, int from) {
        int depth = 0;
        boolean quoted = false;
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quoted) {
                if (c == '\\') {
                    i++;
                } else if (c == '"') {
                    quoted = false;
                }
            } else if (c == '"') {
                quoted = true;
            } else if (c == '{' || c == '[') {
                depth++;
            } else if (c == '}' || c == ']') {
                depth--;
                if (depth == 0) {
                    return i + 1;
                }
            }
        }
        return -1;
    }
}
