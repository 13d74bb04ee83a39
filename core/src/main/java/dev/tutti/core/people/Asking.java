package dev.tutti.core.people;

import dev.tutti.core.event.Question;
import dev.tutti.core.event.TimeText;
import dev.tutti.core.event.Value;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How a human agent asks, read from what the team file gives it (`with`).
///
/// @param text the question, or null for one made of the task's name
/// @param choices what may be answered, or empty
/// @param ask who is asked, one after the other; at least one
/// @param otherwise what counts as the answer when the last one's time is over, or null
/// @param remind how often, or null
/// @param quorum how many must agree
/// @param fourEyes whether the one who began the run may not answer
public record Asking(
        @Nullable String text,
        List<String> choices,
        List<Question.Rung> ask,
        @Nullable String otherwise,
        @Nullable Duration remind,
        int quorum,
        boolean fourEyes) {

    /// Who is asked when nobody is named.
    public static final String ANYONE = "anyone";

    /// Where the engine itself has a question.
    public static final Asking OPERATOR =
            new Asking(
                    null,
                    List.of(),
                    List.of(new Question.Rung("operator", null)),
                    null,
                    null,
                    1,
                    false);

    /// What `with` of a human agent may have.
    public static final List<String> KEYS =
            List.of("question", "choices", "ask", "otherwise", "remind", "quorum", "four_eyes");

    public Asking {
        choices = List.copyOf(choices);
        ask = List.copyOf(ask);
    }

    /// Reads settings whose expressions are evaluated.
    ///
    /// @throws IllegalArgumentException saying which setting is wrong and what it may be
    public static Asking of(Value.Struct settings) {
        settings.fields().keySet().stream()
                .filter(key -> !KEYS.contains(key))
                .findFirst()
                .ifPresent(key -> {
                    throw new IllegalArgumentException(
                            "`" + key + "` is not a setting of a human agent; they are " + KEYS);
                });
        var choices = texts(settings, "choices");
        var otherwise = text(settings, "otherwise");
        if (otherwise != null
                && !choices.isEmpty()
                && !choices.contains(otherwise)
                && !otherwise.equals(Question.FAIL)) {
            throw new IllegalArgumentException(
                    "`otherwise` is `fail` or one of " + choices + ", not `" + otherwise + "`");
        }
        var remind = text(settings, "remind");
        return new Asking(
                text(settings, "question"),
                choices,
                rungs(settings),
                otherwise,
                remind == null ? null : span("remind", remind),
                quorum(settings),
                settings.get("four_eyes") instanceof Value.Bool(var eyes) && eyes);
    }

    private static int quorum(Value.Struct settings) {
        var quorum = settings.get("quorum");
        if (quorum == null) {
            return 1;
        }
        if (quorum instanceof Value.Int(var n) && n >= 1 && n <= 100) {
            return (int) n;
        }
        throw new IllegalArgumentException("`quorum` is a number from 1 to 100");
    }

    private static List<Question.Rung> rungs(Value.Struct settings) {
        var ask = settings.get("ask");
        if (ask == null) {
            return List.of(new Question.Rung(ANYONE, null));
        }
        var items = ask instanceof Value.Array(var list) ? list : List.of(ask);
        var rungs = new ArrayList<Question.Rung>();
        for (var item : items) {
            switch (item) {
                case Value.Text(var to) -> rungs.add(new Question.Rung(to, null));
                case Value.Struct one -> {
                    var within = text(one, "within");
                    rungs.add(
                            new Question.Rung(
                                    one.text("to"),
                                    within == null ? null : span("within", within)));
                }
                default ->
                        throw new IllegalArgumentException(
                                "`ask` is a name, or a list of `{ to: …, within: 1h }`");
            }
        }
        if (rungs.isEmpty()) {
            throw new IllegalArgumentException("`ask` names nobody");
        }
        return rungs;
    }

    private static List<String> texts(Value.Struct settings, String name) {
        var value = settings.get(name);
        if (value == null) {
            return List.of();
        }
        if (value instanceof Value.Array(var items)
                && items.stream().allMatch(Value.Text.class::isInstance)) {
            return items.stream().map(item -> ((Value.Text) item).value()).distinct().toList();
        }
        throw new IllegalArgumentException("`" + name + "` is a list of words");
    }

    private static @Nullable String text(Value.Struct settings, String name) {
        return switch (settings.get(name)) {
            case null -> null;
            case Value.Text(var text) -> text;
            case Value.Null _ -> null;
            default -> throw new IllegalArgumentException("`" + name + "` is a text");
        };
    }

    /// A span of time as team files write it: `90s`, `4h`, or as ISO 8601 has it.
    private static Duration span(String name, String text) {
        var time = TimeText.parse(text);
        if (time.isPresent()) {
            return time.get();
        }
        try {
            return Duration.parse(text);
        } catch (DateTimeParseException _) {
            throw new IllegalArgumentException(
                    "`" + name + "` is a time such as `1h`, not `" + text + "`");
        }
    }
}
