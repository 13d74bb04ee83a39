package dev.tutti.core.event;

import java.util.regex.Pattern;

/// What a name may be. Team files hold their names to [#WORD]; ids made elsewhere only to printable
/// ASCII without blanks, 200 characters at most.
public final class Names {
    public static final Pattern WORD = Pattern.compile("[a-z][a-z0-9_]*");
    private static final int LONGEST = 200;

    private Names() {}

    static void require(String name, String what) {
        if (name.isEmpty() || name.length() > LONGEST || !isPrintable(name)) {
            throw new IllegalArgumentException("not a name for a " + what + ": " + name);
        }
    }

    private static boolean isPrintable(String name) {
        for (int i = 0; i < name.length(); i++) {
            if (name.charAt(i) <= ' ' || name.charAt(i) >= 0x7F) {
                return false;
            }
        }
        return true;
    }
}
