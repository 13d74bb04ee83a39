package dev.tutti.cli;

import dev.tutti.cli.terminal.Screen;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/// Runs commands in this process, in a folder of their own, with their streams caught.
final class Console {
    private final Path folder;
    private final Map<String, String> environment =
            new LinkedHashMap<>(Map.of("LANG", "en_US.UTF-8"));
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private Screen screen = Screen.file(true);
    private Interrupts interrupts = new Interrupts();

    /// What a command did.
    record Said(int code, String out, String err) {}

    Console(Path folder) {
        this.folder = folder;
    }

    Console with(String name, String value) {
        environment.put(name, value);
        return this;
    }

    Console on(Screen terminal) {
        screen = terminal;
        return this;
    }

    Path write(String file, String text) {
        try {
            return Files.writeString(folder.resolve(file), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Says stop to the command that runs now.
    void interrupt() {
        interrupts.interrupt();
    }

    /// What the command that runs now has said so far on its error stream.
    synchronized String soFar() {
        return err.toString(StandardCharsets.UTF_8);
    }

    Said run(String... arguments) {
        var out = new ByteArrayOutputStream();
        err.reset();
        interrupts = new Interrupts();
        var shell =
                new Shell(
                        new PrintStream(out, false, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        environment,
                        folder,
                        screen,
                        screen,
                        interrupts);
        int code = Main.run(shell, arguments);
        shell.out().flush();
        return new Said(code, out.toString(StandardCharsets.UTF_8), soFar());
    }
}
