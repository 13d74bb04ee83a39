package dev.tutti.core.expression;

import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;

/// The words of the expression language that look like names.
final class Reserved {

    /// Names of types, as in `type(x) == string`.
    static final Set<String> TYPES =
            Set.of(
                    "bool",
                    "bytes",
                    "double",
                    "int",
                    "list",
                    "map",
                    "null_type",
                    "string",
                    "type",
                    "uint");

    static final Set<String> WORDS = words();

    private Reserved() {}

    private static Set<String> words() {
        var words = new TreeSet<>(PathReader.KEYWORDS);
        words.addAll(TYPES);
        return Collections.unmodifiableSet(words);
    }
}
