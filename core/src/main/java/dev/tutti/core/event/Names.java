package dev.tutti.core.event;

import java.util.regex.Pattern;

/// What a name may be. Team files hold their names to [#WORD]; ids made elsewhere only to printable
/// ASCII without blanks, 200 characters at most.
public final class Names {
    public static final Pattern WORD = Pattern.compile("[a-z][a-z0-9_]*");
    private static final int LONGEST = 200;

    private Names() {}

    static void require(String name, String what) {
        if (name.isEmpty()
                || name.length() > LONGEST
                || !name.chars().allMatch(c -> c > ' ' && c < 0x7F)) {
            throw new IllegalArgumentException("not a name for a " + what + ": " + name);
        }
    }
}
