package dev.tutti.teamfile;

import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.SkillId;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.Type;
import dev.tutti.core.event.Value;
import dev.tutti.core.expression.Expressions;
import dev.tutti.core.expression.Similar;
import dev.tutti.core.plan.Dependencies;
import dev.tutti.core.plan.PlanCheck;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Reads the tasks of a workflow. A task that is partly wrong is still read, so that those which
/// name it are not called wrong as well.
final class TaskReader {
    private static final int MOST_ATTEMPTS = 1_000;

    private final Expressions expressions;
    private final Type.Struct inputs;
    private final Report report;

    /// @param inputs the type of the workflow's inputs
    TaskReader(Expressions expressions, Type.Struct inputs, Report report) {
        this.inputs = inputs;
        this.expressions = expressions;
        this.report = report;
    }

    Task read(String name, Value value, List<String> at) {
        var content =
                Section.struct(value, at, "an object such as `{ skill: …, input: … }`", report);
        var section = new Section(content.orElse(Value.Struct.EMPTY), Keys.TASK, at, report);
        var performer =
                content.isPresent() ? performer(section) : new Task.Performer.BySkill(NOBODY);
        var input = section.struct("input", "an object").orElse(Value.Struct.EMPTY);
        var when = when(section);
        var each = each(section);
        var label = section.text("label", "a text").orElse(null);
        var flow =
                new Task.Flow(
                        when,
                        each == null ? null : new Task.Each(each, max(section), null, null, true),
                        null,
                        join(section),
                        List.of(),
                        List.of(),
                        null);
        var policy =
                new Task.Policy(
                        retry(section),
                        remedies(section),
                        timeouts(section),
                        Task.Gate.OPEN,
                        null,
                        null,
                        null);
        return new Task(
                name,
                performer,
                input,
                Dependencies.of(
                        expressions,
                        performer,
                        input,
                        flow,
                        policy,
                        label,
                        section.words("after", "a list of tasks")),
                flow,
                policy,
                label,
                null);
    }

    /// Stands in where the file does not say who performs a task.
    static final SkillId NOBODY = new SkillId("-");

    private Task.Performer performer(Section section) {
        if (section.has("skill") && section.has("agent")) {
            report.add(
                    "E-KEY-03",
                    "a task has a skill or an agent, not both",
                    section.at("agent"),
                    "one too many",
                    "remove `agent` or `skill`");
        }
        if (Stream.of("skill", "agent", "workflow", "goal").noneMatch(section::has)) {
            section.missing("skill", "…");
        }
        var skill = section.text("skill", "the name of a skill");
        var agent = section.text("agent", "the name of an agent");
        if (skill.isPresent()) {
            return new Task.Performer.BySkill(
                    isId(skill.get()) ? new SkillId(skill.get()) : badName("skill", section));
        }
        if (agent.isPresent()) {
            return isId(agent.get())
                    ? new Task.Performer.ByAgent(new AgentId(agent.get()))
                    : new Task.Performer.BySkill(badName("agent", section));
        }
        return new Task.Performer.BySkill(NOBODY);
    }

    private static boolean isId(String name) {
        return name.matches("[a-z][a-z0-9_]*");
    }

    private SkillId badName(String key, Section section) {
        report.add(
                "E-NAME-02",
                "this is not a name: names are small letters, digits and `_`",
                section.at(key),
                "not a name",
                null);
        return NOBODY;
    }

    private @Nullable String when(Section section) {
        return section.value("when")
                .flatMap(value ->
                        value instanceof Value.Bool(var holds)
                                ? Optional.of("${" + holds + "}")
                                : section.text(
                                        "when", "an expression such as `\"${search.found}\"`"))
                .orElse(null);
    }

    private @Nullable String each(Section section) {
        if (section.value("each").orElse(Value.NULL) instanceof Value.Array) {
            report.add(
                    "E-SHAPE-01",
                    "`each` is an expression that gives a list",
                    section.at("each"),
                    "a list itself",
                    "write `\"${['a', 'b']}\"`");
            return null;
        }
        return section.text("each", "an expression such as `\"${search.passages}\"`").orElse(null);
    }

    private int max(Section section) {
        if (section.value("max").orElse(Value.NULL) instanceof Value.Text(var text)
                && expressions.isExpression(text)) {
            var given =
                    expressions
                            .check(text, name -> name.equals("input") ? inputs : Type.Any.ANY)
                            .type();
            var from = expressions.references(text);
            report.add(
                    Type.fits(given, Type.Scalar.INT) ? "E-NOT-YET-01" : "E-CEL-04",
                    Type.fits(given, Type.Scalar.INT)
                            ? "`max` is a number written out; an expression cannot give it yet"
                            : "this is a " + given + ", but `max` needs a whole number",
                    section.at("max"),
                    given
                            + (from.size() == 1
                                    ? ", from `"
                                            + text.substring(
                                                    from.getFirst().span().from(),
                                                    from.getFirst().span().to())
                                            + "`"
                                    : ""),
                    null);
            return Task.DEFAULT_MAX;
        }
        return section.whole("max", 1, PlanCheck.MOST_ITEMS).orElse(Task.DEFAULT_MAX);
    }

    private Task.Join join(Section task) {
        return task.struct("join", "an object such as `{ need: any }`")
                .map(content -> new Section(content, Keys.JOIN, task.at("join"), report))
                .map(section ->
                        switch (section.value("need").orElse(Value.text("all"))) {
                            case Value.Text(var word) when word.equals("all") -> Task.Join.ALL;
                            case Value.Text(var word) when word.equals("any") -> Task.Join.ANY;
                            case Value.Text(var word) -> {
                                unknownWord(word, section.at("need"), List.of("all", "any"));
                                yield Task.Join.ALL;
                            }
                            default ->
                                    section.whole("need", 1, PlanCheck.MOST_DEPENDENCIES)
                                            .map(need -> new Task.Join(need, false))
                                            .orElse(Task.Join.ALL);
                        })
                .orElse(Task.Join.ALL);
    }

    private Task.Retry retry(Section task) {
        var standard = Task.Retry.DEFAULT;
        return task.struct("retry", "an object such as `{ attempts: 3, backoff: 1s..30s }`")
                .map(content -> new Section(content, Keys.RETRY, task.at("retry"), report))
                .map(section -> {
                    int attempts =
                            section.whole("attempts", 1, MOST_ATTEMPTS).orElse(standard.attempts());
                    var pause =
                            section.value("backoff")
                                    .flatMap(value ->
                                            Durations.range(value, section.at("backoff"), report));
                    return pause.map(range -> new Task.Retry(attempts, range.from(), range.to()))
                            .orElse(new Task.Retry(attempts, standard.first(), standard.ceiling()));
                })
                .orElse(standard);
    }

    private List<Task.Remedy> remedies(Section section) {
        var rungs = section.words("on_failure", "a word such as `skip`, or a list of them");
        var at = section.at("on_failure");
        for (var rung : rungs) {
            if (Keys.PLANNED_REMEDIES.contains(rung)) {
                report.add(
                        "E-NOT-YET-01",
                        "`" + rung + "` is not built yet",
                        Report.below(at, rung),
                        "not built yet",
                        "write `fail` or `skip`");
            } else if (!Keys.REMEDIES.contains(rung)) {
                unknownWord(rung, Report.below(at, rung), Keys.REMEDIES);
            }
        }
        if (rungs.size() > 1 && Keys.REMEDIES.containsAll(rungs)) {
            report.add(
                    "E-KEY-03",
                    "both `fail` and `skip` end a ladder; only one can",
                    at,
                    "one too many",
                    null);
        }
        return rungs.contains("skip") ? List.of(Task.Remedy.SKIP) : List.of();
    }

    private Task.Timeouts timeouts(Section task) {
        if (!(task.value("timeout").orElse(Value.NULL) instanceof Value.Struct content)) {
            return task.duration("timeout").map(Task.Timeouts::ofRun).orElse(Task.Timeouts.NONE);
        }
        return new Section(content, Keys.TIMEOUT, task.at("timeout"), report)
                .duration("run")
                .map(Task.Timeouts::ofRun)
                .orElse(Task.Timeouts.NONE);
    }

    private void unknownWord(String word, List<String> at, List<String> known) {
        report.add(
                "E-WORD-01",
                "`" + DisplayWidth.shown(word) + "` is not one of " + String.join(", ", known),
                at,
                "unknown word",
                Similar.to(word, known).map(near -> "write `" + near + "`").orElse(null));
    }
}
