package dev.tutti.teamfile;

import static dev.tutti.core.event.Names.WORD;

import dev.tutti.core.event.Value;
import dev.tutti.core.expression.Expressions;
import dev.tutti.core.expression.Similar;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// Holds the names of one kind of thing to `[a-z][a-z0-9_]*`, and finds those that mislead.
///
/// @param inExpressions whether expressions call these things by their name
/// @param taken words that stand for something else where these names stand
/// @param warnOfLookalikes whether nobody else does
record Names(Report report, boolean inExpressions, Set<String> taken, boolean warnOfLookalikes) {
    private static final int LONGEST = 100;

    /// The entries of `struct` whose names can be used.
    Map<String, Value> check(Value.Struct struct, List<String> at, String what) {
        var usable = new LinkedHashMap<String, Value>();
        var looks = new HashMap<String, String>();
        struct.fields()
                .forEach((name, value) -> {
                    var here = Report.below(at, name);
                    if (isWord(name, here) && isFree(name, here)) {
                        var like = looks.putIfAbsent(Similar.look(name), name);
                        if (like != null && warnOfLookalikes) {
                            report.add(
                                    "W-NAME-01",
                                    what + " `" + like + "` and `" + name + "` are easily confused",
                                    here,
                                    "looks like `" + like + "`",
                                    null);
                        }
                        usable.put(name, value);
                    }
                });
        return usable;
    }

    private boolean isWord(String name, List<String> at) {
        if (WORD.matcher(name).matches() && name.length() <= LONGEST) {
            return true;
        }
        var proposal = name.strip().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_]+", "_");
        report.add(
                "E-NAME-02",
                name.length() > LONGEST
                        ? "a name has " + LONGEST + " characters at most"
                        : "`" + DisplayWidth.shown(name) + "` is not a name: " + reason(name),
                at,
                "not a name",
                WORD.matcher(proposal).matches() && proposal.length() <= LONGEST
                        ? "write `" + proposal + "`"
                        : null);
        return false;
    }

    private static String reason(String name) {
        return name.codePoints()
                .filter(c -> !WORD.matcher("a" + Character.toString(c)).matches())
                .mapToObj(c ->
                        c < 0x80
                                ? "names are small letters, digits and `_`"
                                : "%s is %s (U+%04X)"
                                        .formatted(
                                                "`" + DisplayWidth.shown(c) + "`",
                                                Character.getName(c),
                                                c))
                .findFirst()
                .orElse("names begin with a letter");
    }

    private boolean isFree(String name, List<String> at) {
        boolean reserved =
                Keys.RESERVED.contains(name)
                        || taken.contains(name)
                        || (inExpressions && Expressions.reservedWords().contains(name));
        if (reserved) {
            report.add(
                    "E-NAME-03",
                    "`" + name + "` has a meaning of its own and cannot be a name",
                    at,
                    "reserved",
                    "write `" + name + "_1` or another name");
        }
        return !reserved;
    }
}
