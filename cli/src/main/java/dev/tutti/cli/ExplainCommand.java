package dev.tutti.cli;

import dev.tutti.Refusal;
import dev.tutti.teamfile.Explanations;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// Says what a code means.
@Command(
        name = "explain",
        description =
                "Says what the code of an error or warning means, with an example and its mend; without CODE, lists them.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = ExitCode.HEADING,
        exitCodeList = {ExitCode.SUCCEEDED_LINE, "2:there is no such code"})
final class ExplainCommand implements Callable<Integer> {
    private final Shell shell;

    @Parameters(arity = "0..1", paramLabel = "CODE", description = "Such as E-REF-02")
    private @Nullable String code;

    ExplainCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        if (code == null) {
            shell.print(
                    Explanations.codes().stream()
                            .flatMap(known -> Explanations.of(known).stream())
                            .map(known -> "%-14s%s".formatted(known.code(), known.title()))
                            .toList());
            return ExitCode.SUCCEEDED;
        }
        var found =
                Explanations.of(code)
                        .orElseThrow(() ->
                                new Refusal(
                                        "there is no code `"
                                                + code
                                                + "`; `tutti explain` lists them"));
        shell.print(List.of(found.text().stripTrailing()));
        return ExitCode.SUCCEEDED;
    }
}
