package dev.tutti.cli.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// What this process holds of the machine's memory.
final class Memory {
    private static final String PEAK = "VmHWM:";

    private Memory() {}

    /// The most that it held so far, in bytes; where the system does not tell, what the JVM's heap
    /// takes now.
    static long peak() {
        try (var lines = Files.lines(Path.of("/proc/self/status"))) {
            return lines.filter(line -> line.startsWith(PEAK))
                    .map(line -> line.substring(PEAK.length()).replace("kB", "").strip())
                    .mapToLong(kibibytes -> Long.parseLong(kibibytes) * 1024)
                    .findFirst()
                    .orElseGet(Runtime.getRuntime()::totalMemory);
        } catch (IOException e) {
            return Runtime.getRuntime().totalMemory();
        }
    }
}
