package dev.tutti.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// Prints what a shell needs to complete commands and options.
@Command(
        name = "completion",
        description = {
            "Prints a script that completes commands and options.",
            "",
            "bash: source <(tutti completion bash)",
            "zsh:  source <(tutti completion zsh)"
        },
        mixinStandardHelpOptions = true,
        exitCodeListHeading = ExitCode.HEADING,
        exitCodeList = {ExitCode.SUCCEEDED_LINE, ExitCode.WRONG_REQUEST_LINE})
final class CompletionCommand implements Callable<Integer> {
    /// One script serves both: picocli's switches zsh to bash's completion.
    enum For {
        bash,
        zsh
    }

    private final Shell shell;

    @Parameters(paramLabel = "SHELL", description = "${COMPLETION-CANDIDATES}")
    private For target = For.bash;

    CompletionCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        shell.print(
                List.of(
                        "# completion of tutti for " + target,
                        AutoComplete.bash("tutti", Main.commandLine(shell, null))));
        return ExitCode.SUCCEEDED;
    }
}
