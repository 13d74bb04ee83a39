package dev.tutti.cli;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Words for a POSIX shell, quoted where they need it, so that a printed command can be pasted.
final class Quoted {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_@%+=:,./-]+(#[A-Za-z0-9_]+)?");

    private Quoted() {}

    static String of(String word) {
        return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
    }

    static String of(List<String> words) {
        return words.stream().map(Quoted::of).collect(Collectors.joining(" "));
    }
}
