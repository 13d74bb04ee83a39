package dev.tutti.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;

/// Plays command lines one after the other in this JVM, so that the JVM can keep what it loads for
/// them. Started by the build, to make the start of every later command faster.
final class Rehearsal {
    private static final Duration LIMIT = Duration.ofMinutes(1);

    private Rehearsal() {}

    /// Plays each line of a file that is not empty and no comment.
    ///
    /// @param arguments the file, and an empty folder that stands for `@scene` in it
    public static void main(String[] arguments) throws IOException {
        Thread.ofPlatform().daemon().start(Rehearsal::stopAtTheLimit);
        for (var line : Files.readAllLines(Path.of(arguments[0]))) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            var words =
                    Arrays.stream(line.strip().split("\\s+"))
                            .map(word -> word.replace("@scene", arguments[1]))
                            .toArray(String[]::new);
            var shell = Shell.ofProcess();
            int code = Main.run(shell, words);
            shell.out().flush();
            shell.err().flush();
            System.out.println("rehearsed: tutti " + line + " -> " + code);
        }
        System.exit(ExitCode.SUCCEEDED);
    }

    /// Someone waits for the end of this before the first command.
    private static void stopAtTheLimit() {
        try {
            Thread.sleep(LIMIT);
            System.err.println("the rehearsal took longer than " + LIMIT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(ExitCode.INTERNAL);
    }
}
