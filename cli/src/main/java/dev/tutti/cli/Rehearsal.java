package dev.tutti.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/// Plays command lines one after the other in this JVM, so that the JVM can keep what it loads for
/// them. Started by the build, to make the start of every later command faster.
final class Rehearsal {
    private Rehearsal() {}

    /// Plays each line of a file that is not empty and no comment.
    ///
    /// @param arguments the file, and an empty folder that stands for `@scene` in it
    public static void main(String[] arguments) throws IOException {
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
    }
}
