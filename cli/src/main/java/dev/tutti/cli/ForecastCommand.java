package dev.tutti.cli;

import static java.util.Objects.requireNonNull;

import dev.tutti.Planned;
import dev.tutti.Refusal;
import dev.tutti.cli.view.ForecastReport;
import dev.tutti.core.event.Event;
import dev.tutti.core.event.Usage;
import dev.tutti.core.event.Value;
import dev.tutti.core.goal.Workflow;
import dev.tutti.core.history.Chronicle;
import dev.tutti.core.history.Moment;
import dev.tutti.forecast.Hindsight;
import dev.tutti.history.Moments;
import dev.tutti.history.Watch;
import dev.tutti.runtime.json.Json;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Says what a run is likely to cost and to take.
@Command(
        name = "forecast",
        description = {
            "Says what a run is likely to cost and when it will be over, before it is begun.",
            "",
            "The plan is played many times in virtual time, by the engine itself, with agents drawn from what is recorded"
                    + " of them in the store, or else from what the team file declares. Nothing is performed, but that the planner of a"
                    + " goal is asked for its first plan.",
            "",
            "With --against, holds such a forecast, made from what was known before, against a run that has ended."
        },
        mixinStandardHelpOptions = true,
        exitCodeListHeading = ExitCode.HEADING,
        exitCodeList = {
            ExitCode.SUCCEEDED_LINE,
            ExitCode.WRONG_REQUEST_LINE,
            ExitCode.INTERNAL_LINE
        })
final class ForecastCommand implements Callable<Integer> {
    private final Shell shell;

    @Parameters(
            arity = "0..1",
            paramLabel = "FILE[#WORKFLOW]",
            description = "The team file, and which of its workflows if it has several")
    private @Nullable String source;

    @Option(
            names = "--against",
            paramLabel = "RUN",
            description =
                    "A run that has ended: its workflow and inputs are foreseen, and compared")
    private @Nullable String against;

    @Mixin private final Foresight foresight = new Foresight();

    @Mixin private final Options.JsonOption json = new Options.JsonOption();

    @Mixin private final Options.ShowOption show = new Options.ShowOption();

    ForecastCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws InterruptedException {
        if ((source == null) == (against == null)) {
            throw new Refusal(
                    source == null
                            ? "name a team file, or a run with `--against`"
                            : "a team file is not needed with `--against`: the run has its own");
        }
        return source == null ? lookBack(String.valueOf(against)) : lookAhead(source);
    }

    private int lookAhead(String named) throws InterruptedException {
        var from = TeamSource.of(named, shell.directory());
        var parsed = from.read();
        if (!new Diagnostics(shell, show.of(shell.errScreen())).say(parsed)) {
            return ExitCode.WRONG_REQUEST;
        }
        var team = parsed.team().orElseThrow();
        var workflow = from.choose(team);
        Foresight.plannedAtAll(workflow);
        var given = foresight.given(parsed.document(), workflow, shell, from);
        boolean goal = workflow.planner() != null;
        if (goal) {
            workflow = foresight.planned(shell, from.team(parsed), workflow, given).workflow();
            team = team.with(workflow);
        }
        var experience = foresight.experience(shell, show, team, workflow.name(), null);
        var forecast = foresight.forecast(shell, show, team, workflow, given, experience);
        print(new ForecastReport(workflow.name(), goal ? forecast.ofFirstPlan() : forecast, null));
        return ExitCode.SUCCEEDED;
    }

    private int lookBack(String run) {
        List<Moment> moments;
        dev.tutti.core.goal.Team team;
        try (var tutti = foresight.store().open(shell);
                var reader = tutti.reader()) {
            var found = tutti.run(run.toUpperCase(Locale.ROOT));
            team = tutti.team(found);
            moments = Moments.of(reader, found.stream(), Watch.NOBODY);
        }
        var chronicle = Chronicle.of(moments);
        if (chronicle.endedAt() == 0) {
            throw new Refusal("run `" + run + "` has not ended yet; nothing can be compared");
        }
        var goal = chronicle.start().goal();
        var workflow =
                team.workflow(goal)
                        .orElseThrow(() -> new Refusal("its team has no workflow `" + goal + "`"));
        Foresight.plannedAtAll(workflow);
        if (workflow.planner() != null) {
            workflow = firstPlan(workflow, moments);
            team = team.with(workflow);
        }
        Value.Struct inputs = chronicle.start().inputs();
        var experience = foresight.experience(shell, show, team, goal, moments.getFirst().at());
        var forecast = foresight.forecast(shell, show, team, workflow, inputs, experience);
        print(new ForecastReport(goal, forecast, Hindsight.of(forecast, moments)));
        return ExitCode.SUCCEEDED;
    }

    /// The plan that the planner gave first.
    private static Workflow firstPlan(Workflow workflow, List<Moment> moments) {
        var planner = requireNonNull(workflow.planner()).agent().value();
        for (var moment : moments) {
            if (moment.event() instanceof Event.PlanAmended(var amendment)
                    && amendment.author().equals(planner)) {
                return Planned.of(workflow, amendment, Usage.NONE).workflow();
            }
        }
        throw new Refusal("the run never had a plan; nothing can be compared");
    }

    private void print(ForecastReport report) {
        shell.print(
                json.wanted()
                        ? List.of(Json.pretty(report.document()))
                        : report.lines(show.of(shell.outScreen())));
    }
}
