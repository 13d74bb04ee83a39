package dev.tutti.agents.process;

import java.util.regex.Pattern;

/// Text of a command for people to read: without what would steer their terminal, such as colours,
/// titles, the clipboard, and directions of writing that hide what is there.
final class PlainText {
    private static final Pattern SEQUENCES =
            Pattern.compile(
                    "(?:\u001b\\[|\u009b)[0-?]*+[ -/]*+[@-~]?"
                            + "|(?:\u001b[\\]PX^_]|[\u009d\u0090\u0098\u009e\u009f])[^\u0007\u001b\u009c]*+(?:\u0007|\u001b\\\\|\u009c)?"
                            + "|\u001b[ -/]*+[0-~]?");
    private static final Pattern CONTROLS =
            Pattern.compile("[\\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069&&[^\n\t]]");

    private PlainText() {}

    static String of(String text) {
        return CONTROLS.matcher(SEQUENCES.matcher(text).replaceAll("")).replaceAll("");
    }
}
