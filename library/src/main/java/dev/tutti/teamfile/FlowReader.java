package dev.tutti.teamfile;

import dev.tutti.core.event.Task;
import dev.tutti.core.event.Value;
import dev.tutti.core.expression.Expressions;
import dev.tutti.core.plan.PlanCheck;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads whether, how often and beside what a task runs.
final class FlowReader {
    private static final int MOST_ITERATIONS = 10_000;

    private final Expressions expressions;
    private final Report report;

    FlowReader(Expressions expressions, Report report) {
        this.expressions = expressions;
        this.report = report;
    }

    Task.Flow read(Section task) {
        return new Task.Flow(
                when(task),
                new ResolveReader(report).read(task, each(task)),
                loop(task),
                join(task),
                task.words("locks", "a name, or a list of names"),
                task.words("cancels", "a list of tasks"),
                emit(task));
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

    private Task.@Nullable Each each(Section task) {
        if (task.has("max") && !task.has("each")) {
            task.missing("each", "\"${…}\"");
        }
        var each = each(task, task.value("each").orElse(Value.NULL));
        return each == null ? null : each.withMost(most(task));
    }

    private Task.@Nullable Each each(Section task, Value written) {
        int max = max(task);
        return switch (written) {
            case Value.Struct content ->
                    each(new Section(content, Keys.EACH, task.at("each"), report), max);
            case Value.Array _ -> {
                report.add(
                        "E-SHAPE-01",
                        "`each` is an expression that gives a list",
                        task.at("each"),
                        "a list itself",
                        "write `\"${['a', 'b']}\"`");
                yield null;
            }
            case Value.Null _, Value.Bool _, Value.Int _, Value.Real _, Value.Text _ ->
                    task.text("each", "an expression such as `\"${search.passages}\"`")
                            .map(of -> new Task.Each(of, max, null, null, true))
                            .orElse(null);
        };
    }

    private static Task.@Nullable Each each(Section section, int max) {
        var of = section.text("of", "an expression such as `\"${search.passages}\"`");
        if (of.isEmpty() && !section.has("of")) {
            section.missing("of", "\"${…}\"");
        }
        var need = section.value("need").orElse(Value.NULL);
        var text =
                need instanceof Value.Int
                        ? section.whole("need", 1, PlanCheck.MOST_ITEMS)
                                .map(number -> "${" + number + "}")
                                .orElse(null)
                        : section.text("need", "a number, or an expression that gives one")
                                .orElse(null);
        var until = section.text("until", "a condition on `output`").orElse(null);
        boolean cancel = section.flag("cancel_rest", true);
        return of.map(list -> new Task.Each(list, max, text, until, cancel)).orElse(null);
    }

    private Task.@Nullable Loop loop(Section task) {
        return task.struct("loop", "an object such as `{ while: …, max: 5 }`")
                .map(content -> new Section(content, Keys.LOOP, task.at("loop"), report))
                .flatMap(section -> {
                    var condition = section.text("while", "a condition on `output`");
                    if (!section.has("while")) {
                        section.missing("while", "\"${…}\"");
                    }
                    if (!section.has("max")) {
                        section.missing("max", "10");
                    }
                    var max = section.whole("max", 1, MOST_ITERATIONS);
                    return condition.flatMap(text -> max.map(most -> new Task.Loop(text, most)));
                })
                .orElse(null);
    }

    private int max(Section section) {
        return most(section) == null
                ? section.whole("max", 1, PlanCheck.MOST_ITEMS).orElse(Task.DEFAULT_MAX)
                : Task.DEFAULT_MAX;
    }

    /// The expression that gives `max`, or null where it is a number written out.
    private @Nullable String most(Section section) {
        return section.value("max").orElse(Value.NULL) instanceof Value.Text(var text)
                        && expressions.isExpression(text)
                ? text
                : null;
    }

    private Task.Join join(Section task) {
        return task.struct("join", "an object such as `{ need: any }`")
                .map(content -> new Section(content, Keys.JOIN, task.at("join"), report))
                .map(section -> new Task.Join(need(section), section.flag("cancel_rest", false)))
                .orElse(Task.Join.ALL);
    }

    private int need(Section section) {
        if (!(section.value("need").orElse(Value.text("all")) instanceof Value.Text(var word))) {
            return section.whole("need", 1, PlanCheck.MOST_DEPENDENCIES).orElse(0);
        }
        if (word.equals("any")) {
            return 1;
        }
        if (!word.equals("all")) {
            report.unknownWord(word, section.at("need"), List.of("all", "any"));
        }
        return 0;
    }

    private Task.@Nullable Emit emit(Section task) {
        return task.struct("emit", "an object such as `{ message: paid, data: { … } }`")
                .map(content -> new Section(content, Keys.EMIT, task.at("emit"), report))
                .flatMap(section -> {
                    var type = section.text("message", "the type of the message");
                    if (!section.has("message")) {
                        section.missing("message", "…");
                    }
                    var data = section.struct("data", "an object").orElse(Value.Struct.EMPTY);
                    var to = section.text("to", "the id of a run").orElse(null);
                    var topic = new TopicReader(report).name(section).orElse(null);
                    var key = section.text("key", "a text such as `\"${output.order}\"`");
                    if (topic == null && section.has("key")) {
                        TopicReader.keyWithoutTopic(section, report);
                    }
                    if (topic != null && section.has("to")) {
                        report.add(
                                "E-KEY-03",
                                "a message is for a run, `to`, or published, on a `topic`: not both",
                                section.at("to"),
                                "one too many",
                                "remove `to` or `topic`");
                    }
                    return type.map(name -> new Task.Emit(name, data, to, topic, key.orElse(null)));
                })
                .orElse(null);
    }
}
