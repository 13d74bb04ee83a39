package dev.tutti.cli;

import dev.tutti.Refusal;
import dev.tutti.Run;
import dev.tutti.Tutti;
import dev.tutti.cli.view.RunDocument;
import dev.tutti.core.event.Event;
import dev.tutti.core.event.TaskId;
import dev.tutti.core.event.Usage;
import dev.tutti.core.event.Value;
import dev.tutti.core.expression.Expressions;
import dev.tutti.core.run.Command;
import dev.tutti.core.run.Decider;
import dev.tutti.core.run.Decision;
import dev.tutti.core.run.Verb;
import dev.tutti.runtime.engine.Request;
import dev.tutti.runtime.engine.Runs;
import dev.tutti.runtime.json.Json;
import dev.tutti.runtime.projection.RunSummary;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// What all verbs of an operator have in common: which runs, why, in whose name, and what it would
/// do.
final class Steering {
    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "RUN",
            description = "The run, by its id or the beginning of it")
    private @Nullable String run;

    @Option(
            names = "--all-where",
            paramLabel = "KEY=VALUE",
            split = ",",
            description =
                    "Instead of RUN, or with `-` as RUN: every unfinished run with this status and"
                            + " workflow, as in status=waiting,workflow=refund")
    private List<String> where = List.of();

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why; kept in the journal")
    private String reason = "by hand";

    @Option(
            names = "--expect",
            paramLabel = "SEQ",
            description = "Only if the run still has as many events as this")
    private long expected;

    @Option(
            names = "--key",
            paramLabel = "KEY",
            description = "Asked twice under one key it is done once")
    private @Nullable String key;

    @Option(names = "--as", paramLabel = "NAME", description = "In whose name; yours by default")
    private @Nullable String actor;

    @Option(names = "--dry-run", description = "Says what it would do, and does nothing")
    private boolean dry;

    @Mixin private final Options.StoreOption store = new Options.StoreOption();

    @Mixin private final Options.JsonOption json = new Options.JsonOption();

    /// What is to be done, where that depends on the run.
    interface Making {
        Verb verb(Tutti tutti, Run run);
    }

    /// Does it, or says what it would do.
    int carryOut(Shell shell, Verb verb) throws InterruptedException {
        return carryOut(shell, (_, _) -> verb);
    }

    int carryOut(Shell shell, Making making) throws InterruptedException {
        try (var tutti = Tutti.open(store.existing(shell)).forErrands()) {
            if (actor != null) {
                tutti.actingAs(actor);
            }
            if (where.isEmpty()) {
                if (run == null || run.equals("-")) {
                    throw new Refusal("which run? name one, or many with `--all-where`");
                }
                var found = tutti.run(run.toUpperCase(Locale.ROOT));
                var verb = making.verb(tutti, found);
                return dry ? preview(shell, tutti, found, verb) : one(shell, tutti, found, verb);
            }
            return many(shell, tutti, making);
        }
    }

    private int one(Shell shell, Tutti tutti, Run found, Verb verb) throws InterruptedException {
        found.ask(new Request.Intervene(verb, reason, expected), key);
        var id = Ends.shortId(tutti, found.id());
        var status = found.load().state().status().word();
        if (json.wanted()) {
            shell.print(
                    List.of(
                            Json.pretty(
                                    Value.struct(
                                            "format",
                                            RunDocument.FORMAT,
                                            "run",
                                            Value.text(found.id().value()),
                                            "verb",
                                            Value.text(verb.word()),
                                            "status",
                                            Value.text(status)))));
        } else {
            shell.say(
                    "run "
                            + id
                            + ": "
                            + verb.word()
                            + " done, it is "
                            + status
                            + " now · see: tutti show "
                            + id
                            + " · what it waits for: tutti why "
                            + id);
        }
        return ExitCode.SUCCEEDED;
    }

    private int many(Shell shell, Tutti tutti, Making making) throws InterruptedException {
        var chosen = chosen(tutti);
        shell.say("for " + chosen.size() + " runs");
        var bulk = key == null ? "bulk" + Instant.now().toEpochMilli() : key;
        int refused = 0;
        for (var summary : chosen) {
            var one = tutti.run(summary.run().value());
            try {
                var verb = making.verb(tutti, one);
                if (dry) {
                    preview(shell, tutti, one, verb);
                } else {
                    one.ask(
                            new Request.Intervene(verb, reason, 0),
                            bulk + "/" + summary.run().value());
                }
            } catch (Refusal e) {
                refused++;
                shell.say("run " + Ends.shortId(tutti, summary.run()) + ": " + e.getMessage());
            }
        }
        shell.say(
                chosen.size()
                        - refused
                        + (dry ? " would be done, " : " done, ")
                        + refused
                        + " refused");
        return refused == 0 ? ExitCode.SUCCEEDED : ExitCode.WRONG_REQUEST;
    }

    /// Which runs are meant is settled once, before the first is touched.
    private List<RunSummary> chosen(Tutti tutti) {
        var runs = new ArrayList<>(tutti.runs(Integer.MAX_VALUE));
        runs.removeIf(summary -> summary.status().isFinal());
        for (var condition : where) {
            int equals = condition.indexOf('=');
            var name = equals < 0 ? condition : condition.substring(0, equals);
            var value = condition.substring(equals + 1);
            switch (name) {
                case "status" -> runs.removeIf(one -> !one.status().word().equals(value));
                case "workflow" -> runs.removeIf(one -> !one.goal().equals(value));
                default ->
                        throw new Refusal(
                                "`--all-where` knows status and workflow, not `" + name + "`");
            }
        }
        return runs;
    }

    // ---- what it would do

    private int preview(Shell shell, Tutti tutti, Run found, Verb verb) {
        var state = found.load().state();
        var decision =
                new Decider(new Expressions())
                        .decide(
                                state,
                                new Command.Intervene(verb, reason, expected),
                                new Decider.Facts(Instant.now(), tutti.team(found)));
        if (decision.rejection() != null) {
            throw new Refusal(decision.rejection().message());
        }
        var tasks = touched(decision);
        var spent = spent(tutti, found, tasks);
        var effects =
                tasks.stream()
                        .flatMap(task ->
                                decision.after().effectsOf(task).entrySet().stream()
                                        .filter(one -> one.getValue().outcome() == null)
                                        .map(one -> task + " " + one.getKey()))
                        .toList();
        if (json.wanted()) {
            shell.print(
                    List.of(
                            Json.pretty(
                                    Value.struct(
                                            "format",
                                            RunDocument.FORMAT,
                                            "run",
                                            Value.text(found.id().value()),
                                            "verb",
                                            Value.text(verb.word()),
                                            "status",
                                            Value.text(decision.after().status().word()),
                                            "tasks",
                                            Value.from(
                                                    tasks.stream().map(TaskId::toString).toList()),
                                            "spent",
                                            RunDocument.cost(spent),
                                            "effects_again",
                                            Value.from(effects)))));
            return ExitCode.SUCCEEDED;
        }
        shell.print(
                List.of(
                        "would " + verb.word() + " run " + Ends.shortId(tutti, found.id()),
                        "  tasks     " + (tasks.isEmpty() ? "none" : names(tasks)),
                        "  spent     $" + spent.usd() + " on them so far",
                        "  effects   "
                                + (effects.isEmpty()
                                        ? "none would be done again"
                                        : "may be done again: " + String.join(", ", effects)),
                        "  then      the run is " + decision.after().status().word()));
        return ExitCode.SUCCEEDED;
    }

    private static String names(Iterable<TaskId> tasks) {
        var names = new ArrayList<String>();
        tasks.forEach(task -> names.add(task.toString()));
        return names.size() > 12
                ? String.join(", ", names.subList(0, 12)) + " and " + (names.size() - 12) + " more"
                : String.join(", ", names);
    }

    private static Set<TaskId> touched(Decision decision) {
        var tasks = new LinkedHashSet<TaskId>();
        for (var step : decision.steps()) {
            switch (step.event()) {
                case Event.TasksReset e ->
                        step.before().tasks().keySet().stream()
                                .filter(id -> e.tasks().contains(id.name()))
                                .forEach(tasks::add);
                case Event.AttemptEnded e -> tasks.add(e.task());
                case Event.TaskSkipped e -> tasks.add(e.task());
                case Event.OutputGiven e -> tasks.add(e.task());
                case Event.InputGiven e -> tasks.add(e.task());
                case Event.TaskRevised e -> tasks.add(TaskId.of(e.task().name()));
                default -> {}
            }
        }
        return tasks;
    }

    private static Usage spent(Tutti tutti, Run found, Set<TaskId> tasks) {
        var usage = Usage.NONE;
        try (var reader = tutti.reader()) {
            for (var entry :
                    reader.read(
                            dev.tutti.runtime.journal.StreamId.run(
                                    dev.tutti.core.event.TenantId.LOCAL, found.id()),
                            0,
                            Integer.MAX_VALUE)) {
                usage =
                        switch (Runs.event(entry)) {
                            case Event.ResultAccepted e when tasks.contains(e.task()) ->
                                    usage.plus(e.usage());
                            case Event.AttemptEnded e when tasks.contains(e.task()) ->
                                    usage.plus(e.usage());
                            default -> usage;
                        };
            }
        }
        return usage;
    }
}
