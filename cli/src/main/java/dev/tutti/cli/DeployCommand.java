package dev.tutti.cli;

import dev.tutti.Team;
import dev.tutti.view.Figures;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Lets the triggers of a team begin runs.
@Command(
        name = "deploy",
        description = {
            "Lets the triggers of a team (`triggers:` of its workflows) begin runs in a store from now on, in place"
                    + " of those that it had before.",
            "",
            "The team is kept as it is now: deploy it again after it was changed. While no process owns the store"
                    + " (`tutti serve`) nothing is begun; what came meanwhile is, once one does.",
            "",
            "With `--server` the file is the one that the server serves: no other is taken."
        },
        mixinStandardHelpOptions = true,
        exitCodeListHeading = ExitCode.HEADING,
        exitCodeList = {"0:it is on disk", ExitCode.WRONG_REQUEST_LINE, ExitCode.INTERNAL_LINE})
final class DeployCommand implements Callable<Integer> {
    private final Shell shell;

    @Parameters(paramLabel = "FILE", description = "The team file")
    private Path file = Path.of("");

    @Option(
            names = "--as",
            paramLabel = "NAME",
            description =
                    "What it is called here. Default: the name of the file without its ending")
    private @Nullable String name;

    @Mixin private final Options.PlaceOption store = new Options.PlaceOption();

    DeployCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws InterruptedException {
        var team = Team.read(file);
        var as = name == null ? stem(file) : name;
        try (var tutti = store.any(shell).forErrands()) {
            tutti.topics().deploy(as, file.toAbsolutePath().normalize().toString(), team);
            var board = tutti.topics().board();
            long count =
                    board.triggers().stream().filter(one -> one.id().startsWith(as + "/")).count()
                            + board.times().stream()
                                    .filter(one -> one.id().startsWith(as + "/"))
                                    .count();
            shell.say(
                    "deployed "
                            + as
                            + " with "
                            + Figures.count(count, "trigger")
                            + " · see them: tutti triggers");
        }
        return ExitCode.SUCCEEDED;
    }

    private static String stem(Path file) {
        var last = String.valueOf(file.getFileName());
        int dot = last.lastIndexOf('.');
        return dot <= 0 ? last : last.substring(0, dot);
    }
}
