package dev.tutti.cli;

import dev.tutti.Refusal;
import dev.tutti.cli.terminal.Ink;
import dev.tutti.cli.terminal.Line;
import dev.tutti.cli.view.FactLines;
import dev.tutti.document.ReplayDocument;
import dev.tutti.history.Replay;
import dev.tutti.runtime.json.Json;
import dev.tutti.view.Figures;
import dev.tutti.view.Printable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Folds a run again, and says whether everything holds.
@Command(
        name = "replay",
        description = {
            "Folds the journal of a run again from its first event, and says whether all of it holds.",
            "",
            "Checks the chain of hashes, and that the events and what they add up to are the same when they are written"
                    + " and read again. Nothing is evaluated and no agent does anything: `tutti fork RUN --at SEQ` is the"
                    + " command for a run that goes on from an event."
        },
        mixinStandardHelpOptions = true,
        exitCodeListHeading = ExitCode.HEADING,
        exitCodeList = {
            "0:everything holds",
            "1:something does not, or the digest is not the expected one",
            ExitCode.WRONG_REQUEST_LINE,
            ExitCode.INTERNAL_LINE
        })
final class ReplayCommand implements Callable<Integer> {
    private static final int DIGEST = 64;

    private final Shell shell;

    @Parameters(paramLabel = "RUN", description = "The run, by its id or the beginning of it")
    private String run = "";

    @Option(
            names = "--every",
            description =
                    "Compare digests after every event of a long run as well, however long that takes")
    private boolean every;

    @Option(
            names = "--digests",
            description = "Print the digest after each event that is compared, a line each")
    private boolean digests;

    @Option(
            names = "--expect",
            paramLabel = "DIGEST",
            description = "The digest that another version or a copy of the store gave")
    private @Nullable String expected;

    @Mixin private final Options.PlaceOption store = new Options.PlaceOption();

    @Mixin private final Options.JsonOption json = new Options.JsonOption();

    @Mixin private final Options.ShowOption show = new Options.ShowOption();

    ReplayCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        if (expected != null && !expected.matches("[0-9a-f]{" + DIGEST + "}")) {
            throw new Refusal("a digest is 64 hexadecimal digits, as `tutti replay RUN` prints it");
        }
        try (var tutti = store.open(shell);
                var reader = tutti.reader();
                var progress =
                        new Progress(shell, show.of(shell.errScreen()), "replaying", "event")) {
            var found = tutti.run(run.toUpperCase(Locale.ROOT));
            var seen = new LinkedHashMap<Long, String>();
            var replay =
                    Replay.of(
                            reader,
                            found.stream(),
                            every ? Replay.Reach.EVERY : Replay.Reach.USUAL,
                            (sequence, digest) -> {
                                if (digests) {
                                    seen.put(sequence, digest);
                                }
                            },
                            progress::at);
            progress.clear();
            if (json.wanted()) {
                shell.print(
                        List.of(
                                Json.pretty(
                                        ReplayDocument.of(
                                                found.id(),
                                                replay,
                                                expected,
                                                digests ? seen : null))));
            } else {
                seen.forEach((sequence, digest) ->
                        shell.out().println("%6d  %s".formatted(sequence, digest)));
                print(replay);
            }
            return holds(replay) ? ExitCode.SUCCEEDED : ExitCode.FAILED;
        }
    }

    private boolean holds(Replay replay) {
        return replay.mismatch().isEmpty() && isExpected(replay);
    }

    private boolean isExpected(Replay replay) {
        return expected == null || expected.equals(replay.digest());
    }

    private void print(Replay replay) {
        var screen = show.of(shell.outScreen());
        var lines = new java.util.ArrayList<Line>();
        lines.add(
                FactLines.fact(
                        "events",
                        Figures.count(replay.events())
                                + (replay.mismatch().isEmpty()
                                        ? ", their hashes hold"
                                        : " folded")));
        lines.add(FactLines.fact("digest", replay.digest()));
        lines.add(
                FactLines.fact(
                        "compared",
                        replay.compared() == replay.events()
                                ? "after every event"
                                : "after "
                                        + Figures.count(replay.compared())
                                        + " of "
                                        + Figures.count(replay.events(), "event")
                                        + (every ? "" : "; --every compares after each")));
        replay.mismatch()
                .ifPresent(mismatch ->
                        lines.add(
                                FactLines.wrong(
                                        "event "
                                                + mismatch.sequence()
                                                + ": "
                                                + Printable.line(mismatch.what()))));
        if (!isExpected(replay)) {
            lines.add(FactLines.wrong("the digest expected is another"));
        } else if (replay.mismatch().isEmpty()) {
            lines.add(
                    new Line()
                            .add(Ink.GREEN, "everything holds")
                            .add("; nothing was evaluated or done again"));
        } else {
            lines.add(new Line().add("the rest of the store: tutti doctor --verify"));
        }
        shell.print(lines.stream().map(line -> line.show(screen)).toList());
    }
}
