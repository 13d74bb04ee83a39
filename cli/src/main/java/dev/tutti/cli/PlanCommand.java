package dev.tutti.cli;

import dev.tutti.Planned;
import dev.tutti.Refusal;
import dev.tutti.cli.view.ContractReport;
import dev.tutti.cli.view.ImprovementReport;
import dev.tutti.cli.view.PlanReport;
import dev.tutti.core.expression.Expressions;
import dev.tutti.learning.Improver;
import dev.tutti.planning.Uses;
import dev.tutti.runtime.json.Json;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Shows a plan before it is begun.
@Command(
        name = "plan",
        description = {
            "Shows the plan of a workflow before it is begun: its tasks, what each costs, takes and risks, and why it is there.",
            "",
            "Cost, time and risk are those of `tutti forecast`. Nothing is performed, but that the planner of a goal is"
                    + " asked for its first plan."
        },
        mixinStandardHelpOptions = true,
        exitCodeListHeading = ExitCode.HEADING,
        exitCodeList = {
            ExitCode.SUCCEEDED_LINE,
            ExitCode.WRONG_REQUEST_LINE,
            ExitCode.INTERNAL_LINE
        })
final class PlanCommand implements Callable<Integer> {
    private final Shell shell;

    @Parameters(
            paramLabel = "FILE[#WORKFLOW]",
            description = "The team file, and which of its workflows if it has several")
    private String source = "";

    @Option(names = "--mermaid", description = "The graph for Mermaid, which many viewers draw")
    private boolean mermaid;

    @Option(
            names = "--learn",
            description =
                    "Proposes a cheaper or faster plan of equal quality, from the runs on record: its evidence, and a patch"
                            + " of the team file. Of a goal, whether it needs its planner. Nothing is applied")
    private boolean learn;

    @Mixin private final Foresight foresight = new Foresight();

    @Mixin private final Options.JsonOption json = new Options.JsonOption();

    @Mixin private final Options.ShowOption show = new Options.ShowOption();

    PlanCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws InterruptedException {
        if (mermaid && (json.wanted() || learn)) {
            throw new Refusal("`--mermaid` shows the plan; leave out `--json` and `--learn`");
        }
        var from = TeamSource.of(source, shell.directory());
        var parsed = from.read();
        if (!new Diagnostics(shell, show.of(shell.errScreen())).say(parsed)) {
            return ExitCode.WRONG_REQUEST;
        }
        var team = parsed.team().orElseThrow();
        var workflow = from.choose(team);
        var choreography = workflow.choreography();
        if (choreography != null) {
            return contracts(new ContractReport(team, workflow, choreography));
        }
        var given = foresight.given(parsed.document(), workflow, shell, from);
        Planned planned = null;
        if (workflow.planner() != null && !learn) {
            planned = foresight.planned(shell, from.team(parsed), workflow, given);
            workflow = planned.workflow();
            team = team.with(workflow);
        }
        var experience = foresight.experience(shell, show, team, workflow.name(), null);
        if (learn) {
            var improvement =
                    Improver.of(
                            parsed.document(),
                            workflow.name(),
                            experience,
                            (other, changed) ->
                                    foresight.forecast(
                                            shell, show, other, changed, given, experience));
            var proposal = new ImprovementReport(workflow.name(), parsed, improvement);
            shell.print(
                    json.wanted()
                            ? List.of(Json.pretty(proposal.document()))
                            : proposal.lines(show.of(shell.outScreen())));
            return ExitCode.SUCCEEDED;
        }
        var forecast = foresight.forecast(shell, show, team, workflow, given, experience);
        if (planned != null) {
            forecast = forecast.ofFirstPlan();
        }
        var report =
                new PlanReport(
                        team, workflow, Uses.of(new Expressions(), workflow), planned, forecast);
        shell.print(
                json.wanted()
                        ? List.of(Json.pretty(report.document()))
                        : mermaid ? report.mermaid() : report.lines(show.of(shell.outScreen())));
        return ExitCode.SUCCEEDED;
    }

    /// Where nobody plans, who says what to whom.
    private int contracts(ContractReport report) {
        if (learn) {
            throw new Refusal("`--learn` is for workflows with a plan; this one has contracts");
        }
        shell.print(
                json.wanted()
                        ? List.of(Json.pretty(report.document()))
                        : mermaid ? report.mermaid() : report.lines(show.of(shell.outScreen())));
        return ExitCode.SUCCEEDED;
    }
}
