package dev.tutti.cli;

import dev.tutti.Refusal;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// Writes a team file to begin with.
@Command(
        name = "init",
        description =
                "Writes a small team file to begin with. Its agents are simulated: it runs at once, and costs nothing.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = ExitCode.HEADING,
        exitCodeList = {
            ExitCode.SUCCEEDED_LINE,
            "2:there is a team file already",
            ExitCode.INTERNAL_LINE
        })
final class InitCommand implements Callable<Integer> {
    static final String FILE = "team.yaml";

    private final Shell shell;

    @Parameters(
            arity = "0..1",
            paramLabel = "DIR",
            description = "The folder, made if there is none. Default: this one")
    private String folder = "";

    InitCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws IOException {
        var target = shell.directory().resolve(folder);
        Files.createDirectories(target);
        try {
            Files.write(
                    target.resolve(FILE), template(), java.nio.file.StandardOpenOption.CREATE_NEW);
        } catch (FileAlreadyExistsException e) {
            throw new Refusal(
                    "there is a "
                            + Path.of(folder).resolve(FILE)
                            + " already; it is left as it is");
        }
        var file = Path.of(folder).resolve(FILE).toString();
        shell.print(List.of(file));
        shell.say("next:");
        shell.say("  " + Quoted.of(List.of("tutti", "validate", file)));
        shell.say(
                "  "
                        + Quoted.of(
                                List.of(
                                        "tutti",
                                        "run",
                                        file,
                                        "--input",
                                        "question=What does a journal change?")));
        return ExitCode.SUCCEEDED;
    }

    /// The file's text.
    static byte[] template() throws IOException {
        try (InputStream in = InitCommand.class.getResourceAsStream(FILE)) {
            if (in == null) {
                throw new IOException("the template is not in the program");
            }
            return in.readAllBytes();
        }
    }
}
