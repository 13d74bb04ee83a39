package dev.tutti.cli;

import dev.tutti.Preview;
import dev.tutti.Refusal;
import dev.tutti.Run;
import dev.tutti.Tutti;
import dev.tutti.core.run.Verb;
import dev.tutti.runtime.engine.Request;
import dev.tutti.runtime.json.Json;
import dev.tutti.runtime.projection.RunSummary;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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

    @Mixin private final Options.ReasonOption why = new Options.ReasonOption();

    @Mixin private final Manner manner = new Manner();

    /// What is to be done, where that depends on the run.
    interface Making {
        Verb verb(Tutti tutti, Run run);
    }

    /// Does it, or says what it would do.
    int carryOut(Shell shell, Verb verb) throws InterruptedException {
        return carryOut(shell, (_, _) -> verb);
    }

    int carryOut(Shell shell, Making making) throws InterruptedException {
        try (var tutti = manner.open(shell)) {
            if (where.isEmpty()) {
                if (run == null || run.equals("-")) {
                    throw new Refusal("which run? name one, or many with `--all-where`");
                }
                var found = tutti.run(run.toUpperCase(Locale.ROOT));
                var verb = making.verb(tutti, found);
                return manner.isDry()
                        ? preview(shell, tutti, found, verb)
                        : one(shell, tutti, found, verb);
            }
            return many(shell, tutti, making);
        }
    }

    private int one(Shell shell, Tutti tutti, Run found, Verb verb) throws InterruptedException {
        found.ask(new Request.Intervene(verb, why.reason(), manner.expected()), manner.key());
        var id = Ends.shortId(tutti, found.id());
        var status = found.load().state().status();
        if (manner.isJson()) {
            shell.print(List.of(Json.pretty(Manner.document(found.id(), verb.word(), status))));
        } else {
            shell.say(
                    "run "
                            + id
                            + ": "
                            + verb.word()
                            + " done, it is "
                            + status.word()
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
        var key = manner.key();
        var bulk = key == null ? "bulk" + Instant.now().toEpochMilli() : key;
        int refused = 0;
        for (var summary : chosen) {
            var one = tutti.run(summary.run().value());
            try {
                var verb = making.verb(tutti, one);
                if (manner.isDry()) {
                    preview(shell, tutti, one, verb);
                } else {
                    one.ask(
                            new Request.Intervene(verb, why.reason(), 0),
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
                        + (manner.isDry() ? " would be done, " : " done, ")
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

    private int preview(Shell shell, Tutti tutti, Run found, Verb verb) {
        var preview = Preview.of(tutti, found, verb, why.reason(), manner.expected());
        return manner.print(shell, tutti, found, verb.word(), preview);
    }
}
