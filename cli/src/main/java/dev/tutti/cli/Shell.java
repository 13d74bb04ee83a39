package dev.tutti.cli;

import dev.tutti.cli.terminal.Screen;
import dev.tutti.cli.terminal.Streams;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/// What a command is run with: where its output goes, and what it finds around it. Tests make their
/// own.
///
/// @param out for results
/// @param err for everything else
/// @param directory that relative paths start from
/// @param outScreen what the reader of `out` can be shown
/// @param errScreen what the reader of `err` can be shown
/// @param interrupts how the user says stop
record Shell(
        PrintStream out,
        PrintStream err,
        Map<String, String> environment,
        Path directory,
        Screen outScreen,
        Screen errScreen,
        Interrupts interrupts) {

    private static final int BUFFER = 1 << 16;

    /// Of this process. What is written is UTF-8, whatever the locale says.
    static Shell ofProcess() {
        var environment = System.getenv();
        return new Shell(
                stream(FileDescriptor.out),
                stream(FileDescriptor.err),
                environment,
                Path.of("").toAbsolutePath(),
                screen(1, environment),
                screen(2, environment),
                new Interrupts());
    }

    private static PrintStream stream(FileDescriptor descriptor) {
        return new PrintStream(
                new java.io.BufferedOutputStream(new FileOutputStream(descriptor), BUFFER),
                false,
                StandardCharsets.UTF_8);
    }

    private static Screen screen(int descriptor, Map<String, String> environment) {
        boolean terminal = Streams.isTerminal(descriptor);
        return new Screen(
                terminal && !Streams.still(environment),
                terminal && !Streams.colourless(environment),
                Streams.unicode(environment),
                terminal ? new TerminalSize() : () -> Screen.Size.USUAL);
    }

    void print(Iterable<String> lines) {
        lines.forEach(out::println);
        out.flush();
    }

    /// Draws a line on the terminal behind `err`, over the one that was drawn there before; an
    /// empty one takes that back.
    void draw(String line) {
        err.print("\r" + line + "\u001b[K");
        err.flush();
    }

    void say(Iterable<String> lines) {
        lines.forEach(err::println);
        err.flush();
    }

    void say(String line) {
        err.println(errScreen.signs(line));
        err.flush();
    }
}
