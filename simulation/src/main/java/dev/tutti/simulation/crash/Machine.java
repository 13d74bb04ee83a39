package dev.tutti.simulation.crash;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// What this machine lets a test do to it, and how: mounts in a namespace of their own, which are
/// gone with the process that has them.
final class Machine {
    private static final int PATIENCE_SECONDS = 30;

    private Machine() {}

    /// Runs a command to its end.
    ///
    /// @throws IOException with what it said, when it fails
    static void run(String... command) throws IOException, InterruptedException {
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new IOException(String.join(" ", command) + ": " + said.strip());
        }
    }

    /// A command that mounts something, works in it, and takes the mount away with it.
    ///
    /// @param mount a shell command
    /// @param arguments `$1` and so on in it
    static List<String> within(String mount, Object... arguments) {
        var command =
                new ArrayList<>(
                        List.of(
                                "unshare",
                                "-m",
                                "sh",
                                "-c",
                                mount + " && shift " + arguments.length + " && exec \"$@\"",
                                "sh"));
        Arrays.stream(arguments).map(Object::toString).forEach(command::add);
        return command;
    }

    /// Why no file system in a file can be mounted here; empty when it can.
    static Optional<String> lacksLoops(Path folder) throws InterruptedException {
        try {
            var image = folder.resolve("trial.img");
            makeImage(image, 4);
            run("unshare", "-m", "mount", "-o", "loop", image.toString(), folder.toString());
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /// Why no file system in memory can be mounted here; empty when it can.
    static Optional<String> lacksMounts(Path folder) throws InterruptedException {
        try {
            run("unshare", "-m", "mount", "-t", "tmpfs", "none", folder.toString());
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /// Why no system call can be made to fail here; empty when it can.
    static Optional<String> lacksTracing() throws InterruptedException {
        try {
            run(
                    "strace",
                    "-f",
                    "--seccomp-bpf",
                    "-e",
                    "trace=fsync",
                    "-e",
                    "inject=fsync:error=EIO",
                    "true");
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /// An empty ext4 in a file.
    static void makeImage(Path image, int mebibytes) throws IOException, InterruptedException {
        run("truncate", "-s", mebibytes + "M", image.toString());
        run("mkfs.ext4", "-q", "-F", image.toString());
    }
}
