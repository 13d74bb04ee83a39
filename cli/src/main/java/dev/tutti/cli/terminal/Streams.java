package dev.tutti.cli.terminal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// What the streams of this process are connected to.
///
/// The system's own programs are asked (`test`, `stty`), and on Linux its `/proc`: calling the C
/// library through the JDK would cost a quarter of a second at the first call.
public final class Streams {
    private static final long PATIENCE_MILLIS = 1_000;

    private Streams() {}

    /// Whether the descriptor (1 standard output, 2 standard error) is a terminal.
    public static boolean isTerminal(int descriptor) {
        var link = Path.of("/proc/self/fd/" + descriptor);
        try {
            if (Files.exists(Path.of("/proc/self/fd"))) {
                var target = Files.readSymbolicLink(link).toString();
                return target.startsWith("/dev/pts/")
                        || target.startsWith("/dev/tty")
                        || target.equals("/dev/console");
            }
        } catch (IOException e) {
            return false;
        }
        return ask("test -t " + descriptor).isPresent();
    }

    /// How large the controlling terminal is.
    public static Screen.Size size() {
        return ask("stty size </dev/tty").flatMap(Streams::size).orElse(Screen.Size.USUAL);
    }

    static Optional<Screen.Size> size(String rowsAndColumns) {
        var parts = rowsAndColumns.strip().split(" ", -1);
        try {
            int rows = Integer.parseInt(parts[0]);
            int columns = Integer.parseInt(parts[parts.length - 1]);
            return rows > 0 && columns > 0
                    ? Optional.of(new Screen.Size(columns, rows))
                    : Optional.empty();
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /// What the command prints, or empty when it fails. Its error stream and output are ours where
    /// it asks for them.
    private static Optional<String> ask(String command) {
        var builder =
                new ProcessBuilder("sh", "-c", command)
                        .redirectError(ProcessBuilder.Redirect.INHERIT);
        if (command.startsWith("test")) {
            builder.redirectOutput(ProcessBuilder.Redirect.INHERIT);
        } else {
            builder.redirectError(ProcessBuilder.Redirect.DISCARD);
        }
        try {
            var process = builder.start();
            process.getOutputStream().close();
            if (!process.waitFor(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                return Optional.empty();
            }
            var output =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.exitValue() == 0 ? Optional.of(output) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    /// Whether the environment names a character set with more than ASCII, by POSIX's order of
    /// precedence.
    public static boolean unicode(Map<String, String> environment) {
        var charset = first(environment, "LC_ALL", "LC_CTYPE", "LANG");
        if (charset == null) {
            return false;
        }
        var lower = charset.toLowerCase(Locale.ROOT);
        return lower.contains("utf-8") || lower.contains("utf8");
    }

    private static @Nullable String first(Map<String, String> environment, String... names) {
        for (var name : names) {
            var value = environment.get(name);
            if (value != null && !value.isEmpty()) {
                return value;
            }
        }
        return null;
    }

    /// Whether the environment asks for lines that stay: `TUTTI_PLAIN`, or a terminal that cannot
    /// move the cursor.
    public static boolean still(Map<String, String> environment) {
        return set(environment, "TUTTI_PLAIN") || dumb(environment);
    }

    /// Whether the environment forbids colour.
    public static boolean colourless(Map<String, String> environment) {
        return set(environment, "NO_COLOR") || dumb(environment);
    }

    private static boolean dumb(Map<String, String> environment) {
        return environment.getOrDefault("TERM", "").equals("dumb");
    }

    private static boolean set(Map<String, String> environment, String name) {
        var value = environment.getOrDefault(name, "");
        return !value.isEmpty() && !(name.equals("TUTTI_PLAIN") && value.equals("0"));
    }
}
