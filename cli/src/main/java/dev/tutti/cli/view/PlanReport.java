package dev.tutti.cli.view;

import dev.tutti.Planned;
import dev.tutti.cli.terminal.Ink;
import dev.tutti.cli.terminal.Line;
import dev.tutti.cli.terminal.Screen;
import dev.tutti.core.event.AgentId;
import dev.tutti.core.event.Passing;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.Usage;
import dev.tutti.core.event.Value;
import dev.tutti.core.goal.Team;
import dev.tutti.core.goal.Workflow;
import dev.tutti.document.PlanDocument;
import dev.tutti.forecast.Forecast;
import dev.tutti.planning.Reasons;
import dev.tutti.planning.Uses;
import dev.tutti.view.Figures;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A plan before it is begun: its graph, and why each part is there.
public final class PlanReport {
    private final Workflow workflow;
    private final Uses uses;
    private final Reasons reasons;
    private final PlanDocument document;
    private final Forecast forecast;
    private final @Nullable Planned planned;
    private final Map<String, Forecast.Member> members = new LinkedHashMap<>();

    /// @param planned how a planner came to it, or null where it was written beforehand
    public PlanReport(
            Team team, Workflow workflow, Uses uses, @Nullable Planned planned, Forecast forecast) {
        this.workflow = workflow;
        this.uses = uses;
        this.planned = planned;
        this.forecast = forecast;
        reasons = new Reasons(uses);
        document = new PlanDocument(team, workflow, uses);
        forecast.path().forEach(member -> members.put(member.task(), member));
    }

    // ---- for people

    public List<String> lines(Screen screen) {
        var lines = new ArrayList<String>();
        lines.add(
                new Line()
                        .add("plan of ")
                        .add(Ink.BOLD, workflow.name())
                        .add("   " + Figures.count(workflow.tasks().size(), "task"))
                        .show(screen, screen.most()));
        if (planned != null) {
            planned(lines, planned, screen);
        }
        var levels = uses.levels();
        int level = -1;
        for (var task : uses.inOrder()) {
            int own = levels.getOrDefault(task.name(), 0);
            if (own != level) {
                level = own;
                lines.add("");
                lines.add(
                        new Line()
                                .add(Ink.DIM, level == 0 ? "at once" : "then (" + (level + 1) + ")")
                                .show(screen));
            }
            task(lines, task, screen);
        }
        lines.add("");
        lines.add(sum(screen));
        for (var limit : forecast.limits()) {
            if (limit.broken() > 0) {
                lines.add(
                        new Line()
                                .add(Ink.YELLOW, "risk: ")
                                .add(
                                        limit.what()
                                                + " is broken in "
                                                + Figures.percent(limit.broken())
                                                + " of the runs")
                                .show(screen, screen.most()));
            }
        }
        for (var assumed : forecast.assumed()) {
            lines.add(
                    new Line()
                            .add(Ink.YELLOW, "assumed: ")
                            .add(assumed)
                            .show(screen, screen.most()));
        }
        return lines;
    }

    private static void planned(List<String> lines, Planned planned, Screen screen) {
        var amendment = planned.amendment();
        lines.add(
                new Line()
                        .add(Ink.DIM, "planned by ")
                        .add(amendment.author())
                        .add(Ink.DIM, ": " + amendment.reason())
                        .show(screen, screen.most()));
        if (amendment.partial()) {
            lines.add(
                    new Line()
                            .add(Ink.YELLOW, "it is to grow: ")
                            .add("the planner is asked again when all of this is done")
                            .show(screen, screen.most()));
        }
        if (!planned.usage().equals(Usage.NONE)) {
            lines.add(
                    new Line()
                            .add(Ink.DIM, "planning took " + Figures.usage(planned.usage()))
                            .show(screen, screen.most()));
        }
    }

    private void task(List<String> lines, Task task, Screen screen) {
        lines.add(
                new Line()
                        .add("  ")
                        .add(Ink.BOLD, task.name())
                        .add("  " + document.doing(task) + how(task))
                        .add(Ink.DIM, "   " + figures(task))
                        .show(screen, screen.most()));
        var before = reasons.before(task);
        if (!before.isEmpty()) {
            lines.add(
                    new Line()
                            .add(Ink.DIM, "    after " + String.join(", ", before))
                            .show(screen, screen.most()));
        }
        lines.add(
                new Line()
                        .add(Ink.DIM, "    because " + String.join("; ", reasons.of(task)))
                        .show(screen, screen.most()));
    }

    /// Whether, how often and under what.
    private static String how(Task task) {
        var words = new ArrayList<String>();
        if (task.each() != null) {
            words.add("for each of " + task.each());
        }
        if (task.when() != null) {
            words.add("if " + task.when());
        }
        if (task.flow().loop() != null) {
            words.add("again while " + task.flow().loop().condition());
        }
        switch (task.passing()) {
            case null -> {}
            case Passing.HandOff(var to, int max) ->
                    words.add(
                            "may be handed over to "
                                    + named(to)
                                    + ", "
                                    + Figures.count(max, "time")
                                    + " at most");
            case Passing.Delegation(var to, int max) ->
                    words.add(
                            "may have "
                                    + Figures.count(max, "part")
                                    + " at most done by "
                                    + String.join(", ", to));
            case Passing.Errand(var by, _) -> words.add("a part of " + by);
            case Passing.Ensemble(var agents) -> words.add("by each of " + named(agents));
            case Passing.Group group ->
                    words.add(
                            "a conversation of "
                                    + named(group.agents())
                                    + ", "
                                    + Figures.count(group.max(), "turn")
                                    + " at most");
        }
        if (task.policy().approval() != null) {
            words.add("once " + task.policy().approval() + " agrees");
        }
        if (task.policy().gate().verify() != null) {
            words.add("verified");
        }
        return words.isEmpty() ? "" : ", " + String.join(", ", words);
    }

    private static String named(List<AgentId> agents) {
        return agents.stream().map(AgentId::value).collect(Collectors.joining(", "));
    }

    private String figures(Task task) {
        var member = members.get(task.name());
        if (member == null || forecast.time().sorted().isEmpty()) {
            return "";
        }
        return ForecastReport.dollars(member.usd())
                + " · "
                + String.format(Locale.ROOT, "%.1f", member.attempts())
                + " attempts · "
                + Figures.percent(member.share())
                + " of the time";
    }

    private String sum(Screen screen) {
        var line = new Line();
        if (forecast.time().sorted().isEmpty()) {
            line.add("its cost and time are not known");
        } else {
            line.add("over after ")
                    .add(Ink.BOLD, took(0.5))
                    .add(" (" + took(0.1) + " to " + took(0.9) + "), costs ")
                    .add(Ink.BOLD, ForecastReport.dollars(forecast.cost().quantile(0.5)))
                    .add(
                            " ("
                                    + ForecastReport.dollars(forecast.cost().quantile(0.1))
                                    + " to "
                                    + ForecastReport.dollars(forecast.cost().quantile(0.9))
                                    + ")");
        }
        line.add(", succeeds " + Figures.percent(forecast.succeeds()));
        if (forecast.waits() > 0) {
            line.add(", waits for a person " + Figures.percent(forecast.waits()));
        }
        return line.show(screen, screen.most());
    }

    private String took(double share) {
        return Figures.took(Duration.ofNanos((long) (forecast.time().quantile(share) * 1e9)));
    }

    // ---- for viewers

    /// As a flowchart of Mermaid: solid arrows hand something on, dotted ones are order alone.
    public List<String> mermaid() {
        var lines = new ArrayList<String>();
        lines.add("flowchart TD");
        for (var task : uses.inOrder()) {
            var shape = task.each() == null ? "[\"%s\"]" : "[[\"%s\"]]";
            var member = members.get(task.name());
            var cost =
                    member == null || member.usd() == 0
                            ? ""
                            : "<br/>" + ForecastReport.dollars(member.usd());
            lines.add(
                    "  "
                            + id(task.name())
                            + shape.formatted(
                                    quoted(task.name())
                                            + "<br/>"
                                            + quoted(document.doing(task))
                                            + cost));
        }
        for (var task : uses.inOrder()) {
            for (var dependency : task.dependencies()) {
                boolean order = uses.isOrderOnly(task.name(), dependency);
                lines.add("  " + id(dependency) + (order ? " -.-> " : " --> ") + id(task.name()));
            }
        }
        return lines;
    }

    /// Some words, such as `end`, mean something to Mermaid.
    private static String id(String task) {
        return "t_" + task;
    }

    private static String quoted(String text) {
        return text.replace("\"", "#quot;").replace("<", "#lt;").replace(">", "#gt;");
    }

    // ---- for programs

    public Value.Struct document() {
        return planned == null ? document.value(forecast) : document.value(forecast, planned);
    }
}
