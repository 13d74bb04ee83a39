package dev.tutti.cli;

import dev.tutti.server.report.Report;
import dev.tutti.server.view.RunPages;
import dev.tutti.server.view.TaskPages;
import dev.tutti.server.view.Views;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Writes a run as one HTML page.
@Command(
        name = "export",
        description =
                "Writes a run as one HTML page that needs nothing else, with the views of the dashboard: to be"
                        + " kept, mailed or printed.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = ExitCode.HEADING,
        exitCodeList = {
            ExitCode.SUCCEEDED_LINE,
            ExitCode.WRONG_REQUEST_LINE,
            ExitCode.INTERNAL_LINE
        })
final class ExportCommand implements Callable<Integer> {
    private final Shell shell;

    @Parameters(paramLabel = "RUN", description = "The run, by its id or the beginning of it")
    private String run = "";

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "The file to write; - for standard output. Default: run-ID.html")
    private @Nullable String out;

    @Mixin private final Options.PlaceOption store = new Options.PlaceOption();

    ExportCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws IOException {
        try (var tutti = store.open(shell);
                var views = new Views(tutti::reader, tutti::leftAlone);
                var progress = new Progress(shell, shell.errScreen(), "writing", "part")) {
            var found = tutti.run(run.toUpperCase(Locale.ROOT));
            var page =
                    Report.of(
                            tutti,
                            new RunPages(views),
                            new TaskPages(views, _ -> Map.of()),
                            found.id(),
                            progress::at);
            progress.clear();
            if ("-".equals(out)) {
                shell.print(List.of(page));
                return ExitCode.SUCCEEDED;
            }
            var file =
                    Path.of(out == null ? "run-" + Ends.shortId(tutti, found.id()) + ".html" : out);
            Files.write(shell.directory().resolve(file), page.getBytes(StandardCharsets.UTF_8));
            shell.print(List.of(file.toString()));
        }
        return ExitCode.SUCCEEDED;
    }
}
