package dev.tutti.agents.planner;

import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Outcome;
import dev.tutti.core.event.SkillId;
import dev.tutti.core.event.Value;
import dev.tutti.core.planner.Answer.Found;
import dev.tutti.core.planner.Answer.None;
import dev.tutti.core.planner.Problem;
import dev.tutti.core.planner.Search;
import dev.tutti.core.planner.Step;
import dev.tutti.runtime.agent.AgentExecutor;
import dev.tutti.runtime.agent.Attempt;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Proposes the cheapest plan over the skills of a team (`uses: planner/search`).
///
/// What earlier tasks yielded, and what tasks yield that are still to run, is used again. A skill
/// with which a task failed is passed by where there is another way; where there is none it is
/// tried once more, and then given up.
final class SearchPlanner implements AgentExecutor {
    private static final int MOST_FAILURES = 2;
    private static final int MOST_WAITS = 20;

    @Override
    public Outcome perform(Attempt attempt) {
        var worth = Settings.worth(attempt.settings());
        var letter = new Letter(attempt.input(), attempt.shown());
        if (letter.wants().isEmpty()) {
            return Outcome.failed(
                    new Failure.Permanent(
                            "nothing_wanted",
                            "the planner `search` finds plans for what is wanted, and nothing is:"
                                    + " add `wants: [ report ]`, names that skills yield"));
        }
        var failures = letter.failures();
        var problem = letter.problem(worth, failures.keySet());
        var answer = Search.find(problem);
        if (answer instanceof None && !failures.isEmpty()) {
            var hopeless = new LinkedHashSet<SkillId>();
            failures.forEach((skill, count) -> {
                if (count >= MOST_FAILURES) {
                    hopeless.add(skill);
                }
            });
            problem = letter.problem(worth, hopeless);
            answer = Search.find(problem);
        }
        return switch (answer) {
            case Found found ->
                    Outcome.succeeded(proposal(found, problem, letter, failures.keySet()));
            case None none ->
                    Outcome.failed(
                            new Failure.Permanent(
                                    "no_plan",
                                    Explanation.of(none, letter.wants(), failures.keySet())));
        };
    }

    private static Value proposal(
            Found found, Problem problem, Letter letter, Set<SkillId> failed) {
        var tasks = new LinkedHashMap<String, Value>();
        found.steps().forEach(step -> tasks.put(step.name(), task(step)));
        return Value.struct(
                "reason", Value.text(reason(found, failed)),
                "tasks", new Value.Struct(tasks),
                "drop", Value.from(letter.doomed()),
                "output", output(found),
                "complete", Value.of(true),
                "ledger", ledger(found, problem, letter));
    }

    private static Value task(Step step) {
        var fields = new LinkedHashMap<String, Value>();
        fields.put("skill", Value.text(step.skill().value()));
        if (step.each() != null) {
            fields.put("each", Value.text(step.each()));
        }
        if (!step.input().isEmpty()) {
            fields.put("input", Value.from(step.input()));
        }
        return new Value.Struct(fields);
    }

    /// One fact is the output itself, several are its fields.
    private static Value output(Found found) {
        return found.yields().size() == 1
                ? Value.text(found.yields().values().iterator().next())
                : Value.from(found.yields());
    }

    private static String reason(Found found, Set<SkillId> failed) {
        if (found.steps().isEmpty()) {
            return "what is wanted is known, or on its way";
        }
        var again = new LinkedHashSet<String>();
        found.steps().stream()
                .map(Step::skill)
                .filter(failed::contains)
                .forEach(skill -> again.add("`" + skill + "`"));
        var past = new ArrayList<String>();
        failed.forEach(skill -> past.add("`" + skill + "`"));
        past.removeAll(again);
        return (found.optimal()
                        ? "the cheapest plan that yields "
                        : String.format(
                                Locale.ROOT,
                                "a plan at most %.0f %% above the cheapest that yields ",
                                100 * found.gap()))
                + String.join(", ", found.yields().keySet())
                + (past.isEmpty() ? "" : ", without " + String.join(", ", past) + ", which failed")
                + (again.isEmpty()
                        ? ""
                        : "; there is no way without "
                                + String.join(", ", again)
                                + ", so that is tried again");
    }

    /// What is taken for granted.
    private static List<String> guesses(Found found, Letter letter) {
        if (found.steps().isEmpty()) {
            return List.of();
        }
        var guesses = new ArrayList<String>();
        guesses.add(
                String.format(
                        Locale.ROOT,
                        "it costs $%.4f, takes %.0f s and succeeds in %.0f of 100 cases",
                        found.usd(),
                        found.seconds(),
                        100 * found.success()));
        if (found.usd() > letter.left("usd")) {
            guesses.add(
                    String.format(
                            Locale.ROOT,
                            "the budget has $%.4f left, which is less",
                            letter.left("usd")));
        }
        if (found.seconds() > letter.left("seconds")) {
            guesses.add(
                    String.format(
                            Locale.ROOT,
                            "the run has %.0f s of its time left, which is less",
                            letter.left("seconds")));
        }
        letter.waits().entrySet().stream()
                .limit(MOST_WAITS)
                .forEach(wait ->
                        guesses.add(
                                String.format(
                                        Locale.ROOT,
                                        "`%s` takes on nothing for %.0f s as things are, which"
                                                + " counts",
                                        wait.getKey(),
                                        wait.getValue())));
        return guesses;
    }

    private static Value ledger(Found found, Problem problem, Letter letter) {
        return Value.struct(
                "facts",
                Value.from(problem.known().stream().map(Problem.Fact::name).distinct().toList()),
                "guesses",
                Value.from(guesses(found, letter)),
                "progress",
                Value.of(true));
    }
}
