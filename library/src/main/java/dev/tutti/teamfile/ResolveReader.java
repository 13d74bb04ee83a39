package dev.tutti.teamfile;

import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Resolve;
import dev.tutti.core.event.Resolve.By;
import dev.tutti.core.event.Resolve.Step;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads how often a task is done by several, and how their results become one.
final class ResolveReader {
    /// The most that do the same.
    static final int MOST_REPLICAS = 100;

    private static final int MOST_OF_N = 10_000;
    private static final int ROUNDS = 2;
    private static final String ASK = "ask";

    private static final List<String> STRATEGIES =
            List.of(
                    "vote",
                    "weighted_vote",
                    "k_of_n",
                    "numeric",
                    "merge",
                    "first_good",
                    "best_of",
                    "compose",
                    "custom",
                    "debate",
                    "cite",
                    "template",
                    "reduce",
                    "collect");

    /// What is not said of a task with several results: one who judges does none of these.
    private static final List<String> APART = List.of("loop", "compensate", "approve", "emit");

    private final Report report;

    ResolveReader(Report report) {
        this.report = report;
    }

    /// The fan-out of a task, with its replicas and how its results become one.
    Task.@Nullable Each read(Section task, Task.@Nullable Each each) {
        if (task.has("replicas") || task.has("resolve")) {
            apart(task);
        }
        var resolve = task.has("resolve") ? resolve(task) : Optional.<Resolve>empty();
        if (task.value("dispatch").filter(Value.text(Ensembles.ALL)::equals).isPresent()) {
            return all(task, resolve);
        }
        if (!task.has("replicas")) {
            if (task.has("resolve") && !task.has("each")) {
                report.add(
                        "E-KEY-02",
                        "`resolve` is for several results, and this task has one",
                        task.at("resolve"),
                        "one result",
                        "add `replicas: 3`, or run it over a list with `each`");
            }
            if (task.has("each")
                    && resolve.isPresent()
                    && resolve.get().by() instanceof By.Debate) {
                report.add(
                        "E-KEY-03",
                        "a debate is between those who do the same task, and the items of `each` are"
                                + " several",
                        task.at("resolve"),
                        "not with `each`",
                        "use `replicas`, or resolve by `vote`");
            }
            return each == null ? null : resolve.map(each::with).orElse(each);
        }
        if (task.has("each")) {
            report.add(
                    "E-KEY-03",
                    "a task has one of `each` and `replicas`",
                    task.at("replicas"),
                    "one too many",
                    "remove `replicas`, or `each`");
            return each;
        }
        int count = task.whole("replicas", 2, MOST_REPLICAS).orElse(2);
        return Task.Each.replicas(count, resolve.orElseGet(() -> new Resolve(new By.Collect())));
    }

    /// Everyone who can does it; how many those are is known later.
    private Task.Each all(Section task, Optional<Resolve> resolve) {
        for (var key : List.of("replicas", "each")) {
            if (task.has(key)) {
                report.add(
                        "E-KEY-03",
                        "`"
                                + key
                                + "` does not go with `dispatch: all`, which is once by each agent",
                        task.at(key),
                        "one too many",
                        "remove `" + key + "`, or `dispatch: all`");
            }
        }
        if (!task.has("resolve")) {
            apart(task);
        }
        return Task.Each.replicas(2, resolve.orElseGet(() -> new Resolve(new By.Collect())));
    }

    private void apart(Section task) {
        for (var key : APART) {
            if (task.has(key)) {
                report.add(
                        "E-KEY-03",
                        "`"
                                + (task.has("replicas")
                                        ? "replicas"
                                        : task.has("resolve") ? "resolve" : "dispatch: all")
                                + "` does not go with `"
                                + key
                                + "`",
                        task.at(key),
                        "not with several results",
                        "give `" + key + "` to a task that comes after");
            }
        }
    }

    private Optional<Resolve> resolve(Section task) {
        if (task.value("resolve").orElse(Value.NULL) instanceof Value.Text(var word)) {
            var by = by(word, task.at("resolve"), null);
            if (by.filter(ResolveReader::isOthers).isPresent()) {
                needs(null, "then", "ask", task.at("resolve"));
            }
            return by.map(Resolve::new);
        }
        return task.struct("resolve", "a strategy, or an object such as `{ by: vote, below: 0.7 }`")
                .map(content -> new Section(content, Keys.RESOLVE, task.at("resolve"), report))
                .flatMap(this::chain);
    }

    private Optional<Resolve> chain(Section section) {
        if (!section.has("by")) {
            section.missing("by", "vote");
        }
        var by =
                section.text("by", "the name of a strategy")
                        .flatMap(word -> by(word, section.at("by"), section));
        double below = section.has("below") ? section.share("below").orElse(0.0) : 0;
        var steps = new ArrayList<Step>();
        for (var key : List.of("then", "else")) {
            section.text(key, "the name of an agent that judges, or `ask`")
                    .ifPresent(word ->
                            steps.add(
                                    word.equals(ASK)
                                            ? new Step.Ask()
                                            : new Step.Judge(
                                                    new Task.Performer.ByAgent(
                                                            new AgentId(word)))));
        }
        if (section.has("else") && !section.has("then")) {
            section.missing("then", "…");
        }
        boolean best = by.filter(ResolveReader::isOthers).isPresent();
        if (best && steps.isEmpty()) {
            section.missing("then", "…");
        } else if (!best && !steps.isEmpty() && below == 0) {
            section.missing("below", "0.7");
        }
        var on = section.text("on", "the name of a field").orElse(null);
        boolean meaning = section.has("same") && same(section);
        return by.map(strategy -> new Resolve(strategy, on, below, steps, meaning));
    }

    /// Whether others decide, whatever the answers are.
    private static boolean isOthers(By by) {
        return by instanceof By.BestOf || by instanceof By.Compose || by instanceof By.Custom;
    }

    private boolean same(Section section) {
        var word = section.text("same", "`words` or `meaning`").orElse("words");
        if (!List.of("words", "meaning").contains(word)) {
            report.unknownWord(word, section.at("same"), List.of("words", "meaning"));
        }
        return word.equals("meaning");
    }

    private Optional<By> by(String word, List<String> at, @Nullable Section section) {
        return Optional.ofNullable(
                switch (word) {
                    case "vote" -> new By.Vote();
                    case "weighted_vote" -> new By.WeightedVote();
                    case "merge" -> new By.Merge();
                    case "first_good" -> new By.FirstGood();
                    case "best_of" -> new By.BestOf();
                    case "compose" -> new By.Compose();
                    case "custom" -> new By.Custom();
                    case "debate" -> new By.Debate(rounds(section));
                    case "cite" -> new By.Cite();
                    case "collect" -> new By.Collect();
                    case "numeric" -> new By.Numeric(tolerance(section));
                    case "k_of_n" -> {
                        needs(section, "k", "2", at);
                        yield section == null
                                ? null
                                : section.whole("k", 1, MOST_OF_N).map(By.KOfN::new).orElse(null);
                    }
                    case "template" -> {
                        needs(section, "as", "\"${size(output)} answers\"", at);
                        yield text(section).map(By.Template::new).orElse(null);
                    }
                    case "reduce" -> {
                        needs(section, "as", "\"${output + item}\"", at);
                        yield text(section).map(By.Reduce::new).orElse(null);
                    }
                    default -> {
                        report.unknownWord(word, at, STRATEGIES);
                        yield null;
                    }
                });
    }

    private Optional<String> text(@Nullable Section section) {
        return section == null ? Optional.empty() : section.text("as", "an expression");
    }

    private void needs(@Nullable Section section, String key, String example, List<String> at) {
        if (section == null) {
            report.add(
                    "E-KEY-02",
                    "this strategy needs `" + key + "`",
                    at,
                    "needs `" + key + "`",
                    "write `{ by: …, " + key + ": " + example + " }`");
        } else if (!section.has(key)) {
            section.missing(key, example);
        }
    }

    private static int rounds(@Nullable Section section) {
        return section == null
                ? ROUNDS
                : section.whole("rounds", 1, By.Debate.MOST_ROUNDS).orElse(ROUNDS);
    }

    private static double tolerance(@Nullable Section section) {
        return switch (section == null
                ? Value.NULL
                : section.value("tolerance").orElse(Value.NULL)) {
            case Value.Int(var number) -> Math.max(0, number);
            case Value.Real(var number) -> Math.max(0, number);
            case Value.Null _, Value.Bool _, Value.Text _, Value.Array _, Value.Struct _ -> 0;
        };
    }
}
