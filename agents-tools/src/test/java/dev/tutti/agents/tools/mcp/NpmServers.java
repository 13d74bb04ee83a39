package dev.tutti.agents.tools.mcp;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tutti.core.event.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The servers of `src/test/npm`, installed below `target` once for each lock file.
final class NpmServers {
    private static final Path SOURCE = Path.of("src/test/npm");
    private static final Path TARGET = Path.of("target/npm");
    private static final List<String> FILES =
            List.of("package.json", "package-lock.json", ".npmrc");

    private NpmServers() {}

    /// Installs them, or skips the test aloud where there is no Node.
    static synchronized void install() throws IOException, InterruptedException {
        boolean there = isThere("node") && isThere("npm");
        if (!there) {
            System.out.println(
                    "SKIPPED: the tests with real MCP servers need node and npm on the PATH");
        }
        assumeTrue(there, "no Node");
        var stamp = TARGET.resolve("installed");
        var lock = Files.readString(SOURCE.resolve("package-lock.json"));
        if (Files.exists(stamp) && Files.readString(stamp).equals(lock)) {
            return;
        }
        Files.createDirectories(TARGET);
        for (var file : FILES) {
            Files.copy(
                    SOURCE.resolve(file),
                    TARGET.resolve(file),
                    StandardCopyOption.REPLACE_EXISTING);
        }
        var log = TARGET.resolve("npm.log");
        var npm =
                new ProcessBuilder("npm", "ci", "--prefer-offline")
                        .directory(TARGET.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        if (!npm.waitFor(5, TimeUnit.MINUTES) || npm.exitValue() != 0) {
            npm.destroyForcibly();
            throw new IllegalStateException("npm ci failed:\n" + Files.readString(log));
        }
        Files.writeString(stamp, lock);
    }

    private static boolean isThere(String program) {
        for (var folder : System.getenv("PATH").split(":", -1)) {
            if (Files.isExecutable(Path.of(folder, program))) {
                return true;
            }
        }
        return false;
    }

    /// The command that starts one of them.
    static Value.Array command(String name, String... arguments) {
        var words = new ArrayList<Value>();
        words.add(Value.text("node"));
        words.add(Value.text(script(name).toString()));
        for (var argument : arguments) {
            words.add(Value.text(argument));
        }
        return new Value.Array(words);
    }

    static Path script(String name) {
        return TARGET.resolve(
                        "node_modules/@modelcontextprotocol/server-" + name + "/dist/index.js")
                .toAbsolutePath();
    }
}
