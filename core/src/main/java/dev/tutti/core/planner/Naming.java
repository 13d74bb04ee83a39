package dev.tutti.core.planner;

import dev.tutti.core.event.Names;
import dev.tutti.core.expression.Expressions;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/// Names of tasks, and how expressions name what is in them.
final class Naming {
    /// What expressions name besides tasks.
    private static final List<String> VARIABLES =
            List.of("input", "item", "env", "secret", "output", "run", "message");

    private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    private final Set<String> taken;

    Naming(List<String> taken) {
        this.taken = new LinkedHashSet<>(taken);
    }

    /// A name for a task that nothing else has, as near to `wanted` as may be.
    String task(String wanted) {
        var plain = wanted.toLowerCase(java.util.Locale.ROOT).replaceAll("[^a-z0-9_]", "_");
        var word = Names.WORD.matcher(plain).matches() ? plain : "do_" + plain;
        boolean reserved = VARIABLES.contains(word) || Expressions.reservedWords().contains(word);
        var name = reserved ? "do_" + word : word;
        for (int i = 2; !taken.add(name); i++) {
            name = word + "_" + i;
        }
        return name;
    }

    /// The field of what an expression gives.
    static String field(String of, String field) {
        return IDENTIFIER.matcher(field).matches() && !Expressions.reservedWords().contains(field)
                ? of + "." + field
                : of + "[\"" + field.replace("\\", "\\\\").replace("\"", "\\\"") + "\"]";
    }

    /// What several of these are called, by the regular rules of English.
    static String plural(String one) {
        if (one.matches(".*([sxz]|[cs]h)")) {
            return one + "es";
        }
        if (one.matches(".*[^aeiou_]y")) {
            return one.substring(0, one.length() - 1) + "ies";
        }
        return one + "s";
    }
}
