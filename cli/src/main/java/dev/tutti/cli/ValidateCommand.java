package dev.tutti.cli;

import dev.tutti.cli.terminal.Ink;
import dev.tutti.cli.terminal.Line;
import dev.tutti.core.event.Fault;
import dev.tutti.core.event.Task;
import dev.tutti.core.event.Type;
import dev.tutti.core.event.Value;
import dev.tutti.core.goal.Team;
import dev.tutti.core.goal.Workflow;
import dev.tutti.planning.Lint;
import dev.tutti.runtime.json.Json;
import dev.tutti.teamfile.TeamFile;
import dev.tutti.view.Figures;
import dev.tutti.wiring.Unperformed;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Reads a team file and says everything that is wrong with it.
@Command(
        name = "validate",
        description =
                "Checks a team file: everything that is wrong with it, each with its place and the mend.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = ExitCode.HEADING,
        exitCodeList = {
            "0:the file is sound",
            "2:it is not, or cannot be read; with --strict, there are warnings",
            ExitCode.INTERNAL_LINE
        })
final class ValidateCommand implements Callable<Integer> {
    private static final List<Fault> NOTHING = List.of();

    private final Shell shell;

    @Parameters(paramLabel = "FILE", description = "The team file")
    private String source = "";

    @Option(
            names = "--lint",
            description =
                    "Also looks for what is sound and yet not as it should be: chains that could be one task, order that"
                            + " nothing uses, state that several change at once, many behind one place")
    private boolean lint;

    @Option(names = "--strict", description = "Warnings count as faults")
    private boolean strict;

    @Mixin private final Options.JsonOption json = new Options.JsonOption();

    @Mixin private final Options.ShowOption show = new Options.ShowOption();

    ValidateCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        var from = TeamSource.of(source, shell.directory());
        var parsed = from.read();
        var diagnostics = new Diagnostics(shell, show.of(shell.errScreen()));
        var team = parsed.team();
        var more = team.map(sound -> more(sound, parsed)).orElse(NOTHING);
        if (json.wanted()) {
            shell.print(List.of(Json.pretty(diagnostics.document(from, parsed, more))));
        } else if (diagnostics.say(parsed) && team.isPresent()) {
            diagnostics.say(parsed, more);
            shell.print(summary(team.get()));
        }
        boolean warned = !parsed.faults().isEmpty() || !more.isEmpty();
        return team.isEmpty() || (strict && warned) ? ExitCode.WRONG_REQUEST : ExitCode.SUCCEEDED;
    }

    private List<Fault> more(Team team, TeamFile parsed) {
        var more = new ArrayList<>(Unperformed.of(team));
        if (lint) {
            more.addAll(Lint.of(team, parsed.document()));
        }
        return more;
    }

    private List<String> summary(Team team) {
        var screen = show.of(shell.outScreen());
        var lines = new ArrayList<String>();
        lines.add(
                new Line()
                        .add(Ink.GREEN, "sound")
                        .add(
                                ": "
                                        + Figures.count(team.written().size(), "workflow")
                                        + ", "
                                        + Figures.count(team.agents().size(), "agent")
                                        + ", "
                                        + Figures.count(team.skills().size(), "skill"))
                        .show(screen));
        for (var workflow : team.written()) {
            lines.add(
                    new Line()
                            .add("  workflow ")
                            .add(Ink.BOLD, workflow.name())
                            .add("(" + inputs(workflow.input()) + ")  " + tasks(workflow))
                            .show(screen));
        }
        for (var agent : team.agents()) {
            lines.add(
                    new Line()
                            .add("  agent    ")
                            .add(Ink.BOLD, agent.id().value())
                            .add(
                                    "  "
                                            + agent.uses()
                                            + "  "
                                            + agent.skills().stream()
                                                    .map(skill -> skill.value())
                                                    .collect(Collectors.joining(", ")))
                            .show(screen));
        }
        return lines;
    }

    private static String inputs(Type.Struct input) {
        return input.fields().entrySet().stream()
                .map(field ->
                        field.getKey()
                                + ": "
                                + field.getValue().type()
                                + byDefault(field.getValue()))
                .collect(Collectors.joining(", "));
    }

    private static String byDefault(Type.Field field) {
        Value value = field.byDefault();
        return value == null ? field.required() ? "" : "?" : " = " + Json.text(value);
    }

    private static String tasks(Workflow workflow) {
        long fanOuts = workflow.tasks().stream().filter(task -> task.each() != null).count();
        return Figures.count(workflow.tasks().size(), "task")
                + (fanOuts == 0 ? "" : ", " + Figures.count(fanOuts, "fan-out"))
                + ": "
                + workflow.tasks().stream()
                        .map(Task::name)
                        .limit(12)
                        .collect(Collectors.joining(" "))
                + (workflow.tasks().size() > 12 ? " …" : "");
    }
}
