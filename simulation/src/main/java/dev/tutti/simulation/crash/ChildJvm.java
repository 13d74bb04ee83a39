package dev.tutti.simulation.crash;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.spi.ToolProvider;

/// How processes with the classes of this one are started, many and short ones: with a class data
/// archive, which saves them a third of their work.
///
/// The archive is made once, by a [Worker] that comes to its end. Archives hold classes of jars
/// only, so folders of classes are packed first. Where any of this fails, processes start without.
public final class ChildJvm {
    private static final List<String> OPTIONS =
            List.of(
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "-XX:-UsePerfData",
                    "-Xmx256m",
                    // What does not fit the archive is no reason for a word on their output.
                    "-Xlog:disable",
                    "--enable-native-access=ALL-UNNAMED",
                    "--sun-misc-unsafe-memory-access=allow");

    private static final int PATIENCE_SECONDS = 120;

    private ChildJvm() {}

    /// The command that starts a process.
    ///
    /// @param options of its JVM, besides those that all have
    public static List<String> command(
            List<String> options, Class<?> main, List<String> arguments) {
        var archive = Archive.MADE;
        var command = new ArrayList<String>();
        command.add(java());
        command.addAll(OPTIONS);
        archive.ifPresent(made -> command.add("-XX:SharedArchiveFile=" + made.file()));
        command.addAll(options);
        command.add("-cp");
        command.add(archive.map(Archive::classPath).orElseGet(ChildJvm::ownClassPath));
        command.add(main.getName());
        command.addAll(arguments);
        return command;
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    private static String ownClassPath() {
        return System.getProperty("java.class.path");
    }

    /// Classes as a JVM has laid them out.
    ///
    /// @param classPath with which alone it can be used
    private record Archive(Path file, String classPath) {
        /// Made when it is first asked for, and gone with this process.
        private static final Optional<Archive> MADE = make();

        private static Optional<Archive> make() {
            try {
                var folder = Files.createTempDirectory("tutti-classes");
                Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
                var packed = packed(folder);
                var file = folder.resolve("classes.jsa");
                var command = new ArrayList<String>();
                command.add(java());
                command.addAll(OPTIONS);
                command.addAll(
                        List.of(
                                "-XX:ArchiveClassesAtExit=" + file,
                                "-cp",
                                packed,
                                Worker.class.getName(),
                                folder.resolve("store").toString(),
                                folder.resolve("marks").toString(),
                                "1"));
                var process =
                        new ProcessBuilder(command)
                                .redirectErrorStream(true)
                                .redirectOutput(folder.resolve("log").toFile())
                                .start();
                boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
                process.destroyForcibly();
                return ended && Files.exists(file)
                        ? Optional.of(new Archive(file, packed))
                        : Optional.empty();
            } catch (IOException e) {
                return Optional.empty();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return Optional.empty();
            }
        }

        private static String packed(Path folder) throws IOException {
            var tool =
                    ToolProvider.findFirst("jar").orElseThrow(() -> new IOException("no jar tool"));
            var entries = new ArrayList<String>();
            for (var entry : ownClassPath().split(File.pathSeparator, -1)) {
                if (entry.isEmpty()) {
                    continue;
                }
                if (!Files.isDirectory(Path.of(entry))) {
                    entries.add(entry);
                    continue;
                }
                var jar = folder.resolve(entries.size() + ".jar");
                var out = new PrintStream(OutputStream.nullOutputStream());
                if (tool.run(out, out, "c0f", jar.toString(), "-C", entry, ".") != 0) {
                    throw new IOException("cannot pack " + entry);
                }
                entries.add(jar.toString());
            }
            return String.join(File.pathSeparator, entries);
        }

        private static void delete(Path folder) {
            try (var files = Files.walk(folder)) {
                files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
            } catch (IOException e) {
                // What the operating system does not let go of now goes with its temporary files.
            }
        }
    }
}
