package dev.tutti.cli;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A Java process with all that these tests are made with, quick to start.
public final class JavaProcess {
    private static final String CLASSES =
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));

    private JavaProcess() {}

    public static ProcessBuilder of(Class<?> main, List<String> arguments) {
        return of(List.of(), CLASSES, main, arguments);
    }

    /// With flags of its own, such as `-Xmx128m`.
    public static ProcessBuilder of(List<String> flags, Class<?> main, List<String> arguments) {
        return of(flags, CLASSES, main, arguments);
    }

    /// With the classes of a folder in place of those of the same name.
    public static ProcessBuilder of(Path instead, Class<?> main, List<String> arguments) {
        return of(List.of(), instead + File.pathSeparator + CLASSES, main, arguments);
    }

    private static ProcessBuilder of(
            List<String> flags, String classes, Class<?> main, List<String> arguments) {
        var command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:TieredStopAtLevel=1",
                                "-XX:+UseSerialGC",
                                "--enable-native-access=ALL-UNNAMED",
                                "--sun-misc-unsafe-memory-access=allow"));
        command.addAll(flags);
        command.addAll(List.of("-cp", classes, main.getName()));
        command.addAll(arguments);
        return new ProcessBuilder(command);
    }
}
