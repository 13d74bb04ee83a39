package dev.tutti.view;

import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Choosing;
import dev.tutti.core.event.Event;
import dev.tutti.core.event.Meant;
import dev.tutti.core.event.Value;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Why an agent was chosen for a task and not the others, in words: all of it is in the event that
/// gave the task away.
public final class Choices {
    private static final int MOST_WORDS = 200;
    private static final int MOST_OF_RULES = 400;

    private Choices() {}

    /// In sentences, the choice first, then who was weighed, then who was not.
    public static List<String> sentences(Event.Assigned e) {
        return sentences(e, null);
    }

    /// As above.
    ///
    /// @param kept which rules of its policy kept whom from it, in words, or null
    public static List<String> sentences(Event.Assigned e, @Nullable String kept) {
        var lines = new ArrayList<String>();
        lines.add(e.task() + ", attempt " + e.attempt() + ": given to " + e.agent() + how(e));
        var instead = e.choosing().instead();
        if (instead != null) {
            lines.add("  " + Printable.line(instead, MOST_WORDS));
        }
        var meant = e.choosing().meant();
        if (meant != null) {
            lines.add("  " + words(meant));
        }
        for (var candidate : e.candidates()) {
            lines.add("  " + sentence(e, candidate));
        }
        int more = e.choosing().considered() - e.candidates().size();
        if (e.choosing().isSaid() && more > 0) {
            lines.add("  and " + Figures.count(more, "other agent") + " that scored less");
        }
        e.choosing().filters().forEach(filter -> lines.add("  left out: " + words(filter, kept)));
        if (!e.reserved().isNone()) {
            lines.add("  set aside for it from the budget: " + e.reserved());
        }
        return lines;
    }

    /// That a skill stands for what was asked for.
    public static String words(Meant meant) {
        return "asked for `"
                + Printable.line(meant.asked(), MOST_WORDS)
                + "`, which no agent has: its skill is "
                + nearness(meant);
    }

    /// How near the skill is that stands for another, and which comes next.
    public static String nearness(Meant meant) {
        var next = meant.next();
        return "the nearest in meaning, with "
                + Figures.similarity(meant.similarity())
                + (next == null
                        ? ""
                        : ", before `"
                                + next.skill()
                                + "` with "
                                + Figures.similarity(next.similarity()));
    }

    /// What was asked for and how near the skill is that stands for it, for programs.
    public static Value document(@Nullable Meant meant) {
        if (meant == null) {
            return Value.NULL;
        }
        var next = meant.next();
        return Value.struct(
                "asked",
                Value.text(meant.asked()),
                "similarity",
                new Value.Real(meant.similarity()),
                "next",
                next == null ? Value.NULL : Value.text(next.skill().value()),
                "next_similarity",
                next == null ? Value.NULL : new Value.Real(next.similarity()));
    }

    private static String how(Event.Assigned e) {
        var choosing = e.choosing();
        if (!choosing.isSaid()) {
            return e.candidates().size() > 1 ? ", chosen of " + e.candidates().size() : "";
        }
        return switch (choosing.policy()) {
            case Choosing.SAME -> ", which goes on from its own steps";
            case "named" -> ", which was named";
            case "claim" -> ": who claimed it first (`claim`)";
            case "auction" -> ": whose bid costs least, all in all (`auction`)";
            case String policy when policy.startsWith("custom/") ->
                    ": the program's own choice (`" + policy + "`, " + choosing.version() + ")";
            case String _ when choosing.considered() == 1 -> ", the only one that can";
            case "learned" ->
                    ": who did best so far, or may be found to (`learned`, "
                            + choosing.version()
                            + ")";
            case "best" -> ": who did best so far (`best`, " + choosing.version() + ")";
            case "cheapest" -> ": who took least money (`cheapest`)";
            case "fastest" -> ": who took least time (`fastest`)";
            case "round_robin" -> ", whose turn it is";
            default -> " by `" + choosing.policy() + "`, " + choosing.version();
        };
    }

    private static String sentence(Event.Assigned e, Event.Candidate one) {
        boolean chosen = one.agent().equals(e.agent());
        var excluded = one.excluded();
        var score = score(e.choosing().policy(), one);
        if (excluded != null && !chosen) {
            return one.agent()
                    + " could not have it: "
                    + Printable.line(excluded, MOST_WORDS)
                    + (score.isEmpty() ? "" : "; its score is " + score);
        }
        if (chosen) {
            return one.agent() + (score.isEmpty() ? " was chosen" : " was chosen with " + score);
        }
        return one.agent() + (score.isEmpty() ? " would have been next" : " has " + score);
    }

    /// The score with what it is made of; empty where it says nothing but whose turn it is.
    private static String score(String policy, Event.Candidate one) {
        var parts = one.parts();
        if (parts != null) {
            return number(one.score()) + made(parts);
        }
        return switch (policy) {
            case "cheapest", "auction" -> "$" + number(-one.score());
            case "fastest" -> Figures.took(Duration.ofMillis(Math.round(-one.score() * 1_000)));
            case "learned", "best" -> number(one.score());
            case String own when own.startsWith("custom/") -> number(one.score());
            default -> "";
        };
    }

    private static String made(Choosing.Parts parts) {
        var words = new StringBuilder(" = ");
        words.append(Figures.percent(Math.clamp(parts.success(), 0, 1))).append(" accepted");
        if (parts.costs() > 0) {
            words.append(" - ").append(number(parts.costs())).append(" for what it takes (");
            var takes = new ArrayList<String>();
            if (parts.usd() > 0) {
                takes.add("$" + number(parts.usd()));
            }
            if (parts.seconds() > 0) {
                takes.add(Figures.took(Duration.ofMillis(Math.round(parts.seconds() * 1_000))));
            }
            words.append(String.join(", ", takes)).append(')');
        }
        if (parts.drawn() != 0) {
            words.append(parts.drawn() > 0 ? " + " : " - ")
                    .append(number(Math.abs(parts.drawn())))
                    .append(" by chance, as it is uncertain");
        }
        return words.toString();
    }

    /// With three digits that matter.
    private static String number(double number) {
        double size = Math.abs(number);
        if (size == 0) {
            return "0";
        }
        return String.format(
                Locale.ROOT, size < 0.01 ? "%.2g" : size < 10 ? "%.3f" : "%.1f", number);
    }

    private static String words(Choosing.Filter filter, @Nullable String kept) {
        return filter.reason() == Choosing.Reason.POLICY && kept != null
                ? "by " + Printable.line(kept, MOST_OF_RULES)
                : words(filter);
    }

    private static String words(Choosing.Filter filter) {
        var names = String.join(", ", filter.agents().stream().map(AgentId::value).toList());
        int more = filter.count() - filter.agents().size();
        return names
                + (more > 0 ? " and " + more + " more" : "")
                + ": "
                + switch (filter.reason()) {
                    case SKILL -> "without the skill";
                    case VERSION -> "without the version of the skill that is required";
                    case LABELS -> "without a label that is required";
                    case ATTEMPTED -> "had an attempt at it, or made what is looked at";
                    case POLICY -> "a rule of the task's policy denies it";
                    case NAMED -> "the task names another";
                    case ABSENT -> "nobody performs it in this process";
                };
    }

    /// In one line, after who it was given to.
    public static String line(Event.Assigned e) {
        long excluded = e.candidates().stream().filter(one -> one.excluded() != null).count();
        int considered = Math.max(e.candidates().size(), e.choosing().considered());
        if (considered <= 1) {
            return "";
        }
        var policy = e.choosing().policy();
        var weighed =
                switch (policy) {
                    case "learned", "best", "cheapest", "fastest" -> " by " + policy + second(e);
                    default -> "";
                };
        return ", chosen of "
                + considered
                + (excluded > 0 ? " (" + excluded + " excluded)" : "")
                + weighed;
    }

    /// The score of who was chosen, and of the best of the others that could have had it.
    private static String second(Event.Assigned e) {
        var first = find(e, true);
        var next = find(e, false);
        var policy = e.choosing().policy();
        return (first == null ? "" : ": " + plain(policy, first))
                + (next == null ? "" : ", before " + next.agent() + " with " + plain(policy, next));
    }

    private static String plain(String policy, Event.Candidate one) {
        return one.parts() == null ? score(policy, one) : number(one.score());
    }

    private static Event.@Nullable Candidate find(Event.Assigned e, boolean chosen) {
        return e.candidates().stream()
                .filter(one -> one.agent().equals(e.agent()) == chosen)
                .filter(one -> chosen || one.excluded() == null)
                .findFirst()
                .orElse(null);
    }

    /// How the choice was made: by which policy, what each filter took out before and in which
    /// order, and how many were left, for programs.
    public static Value.Struct choice(Event.Assigned e) {
        return Value.struct(
                        "policy", Value.text(e.choosing().policy()),
                        "policy_version", Value.text(e.choosing().version()),
                        "considered", Value.of(e.choosing().considered()),
                        "filters", filters(e))
                .with("meant", document(e.choosing().meant()))
                .with("instead", text(e.choosing().instead()))
                .with(
                        "reserved",
                        e.reserved().isNone() ? Value.NULL : Value.text(e.reserved().toString()))
                .with("how", Value.text(how(e).replaceFirst("^[:,] ", "")));
    }

    /// For programs.
    public static Value.Struct document(Event.Assigned e) {
        return document(e, null);
    }

    /// For programs.
    ///
    /// @param kept which rules of its policy kept whom from it, in words, or null
    public static Value.Struct document(Event.Assigned e, @Nullable String kept) {
        return Value.struct(
                        "task",
                        Value.text(e.task().toString()),
                        "agent",
                        Value.text(e.agent().value()))
                .with("attempt", Value.of(e.attempt()))
                .with("token", Value.of(e.token()))
                .with("policy", Value.text(e.choosing().policy()))
                .with("policy_version", Value.text(e.choosing().version()))
                .with("considered", Value.of(e.choosing().considered()))
                .with("candidates", candidates(e))
                .with("filters", filters(e))
                .with("meant", document(e.choosing().meant()))
                .with("instead", text(e.choosing().instead()))
                .with("why", Value.from(sentences(e, kept)));
    }

    /// Who was weighed, for programs.
    public static Value candidates(Event.Assigned e) {
        return new Value.Array(
                e.candidates().stream()
                        .<Value>map(one ->
                                Value.struct(
                                        "agent", Value.text(one.agent().value()),
                                        "score", Value.from(one.score()),
                                        "excluded", text(one.excluded()),
                                        "parts", parts(one.parts())))
                        .toList());
    }

    private static Value text(@Nullable String text) {
        return text == null ? Value.NULL : Value.text(text);
    }

    private static Value parts(Choosing.@Nullable Parts parts) {
        return parts == null
                ? Value.NULL
                : Value.struct(
                        "success", new Value.Real(parts.success()),
                        "usd", new Value.Real(parts.usd()),
                        "seconds", new Value.Real(parts.seconds()),
                        "costs", new Value.Real(parts.costs()),
                        "drawn", new Value.Real(parts.drawn()));
    }

    private static Value filters(Event.Assigned e) {
        return new Value.Array(
                e.choosing().filters().stream()
                        .<Value>map(filter ->
                                Value.struct(
                                        "filter",
                                        Value.text(filter.reason().word()),
                                        "agents",
                                        Value.from(
                                                filter.agents().stream()
                                                        .map(AgentId::value)
                                                        .toList()),
                                        "count",
                                        Value.of(filter.count())))
                        .toList());
    }
}
