package dev.tutti.server;

import dev.tutti.Tutti;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A server in a process of its own, that can be killed.
final class ServedProcess implements AutoCloseable {
    private final Path store;
    private final Path team;
    final int port;
    private Process process;

    ServedProcess(Path store, Path team) throws IOException, InterruptedException {
        this.store = store;
        this.team = team;
        try (var any = new ServerSocket(0)) {
            port = any.getLocalPort();
        }
        process = start();
    }

    private Process start() throws IOException, InterruptedException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                List.of(
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx512m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ServedProcess.class.getName(),
                        store.toString(),
                        team.toString(),
                        String.valueOf(port)));
        var begun = new ProcessBuilder(command).redirectErrorStream(true).start();
        var out = begun.inputReader();
        for (var line = out.readLine(); line != null; line = out.readLine()) {
            if (line.equals("serving")) {
                Thread.ofVirtual().start(() -> out.lines().forEach(ServedProcess::ignore));
                return begun;
            }
        }
        throw new IOException("it did not start: " + begun.waitFor());
    }

    private static void ignore(String line) {
        // Its log is of no interest, but has to be taken.
    }

    /// Ends it as a power cut would, and starts another on the same store.
    void kill() throws IOException, InterruptedException {
        process.destroyForcibly().waitFor();
        process = start();
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }

    /// Serves until it is killed.
    public static void main(String[] arguments) throws InterruptedException {
        var store = Path.of(arguments[0]);
        var options =
                new Server.Options(
                                "127.0.0.1",
                                Integer.parseInt(arguments[2]),
                                List.of(),
                                Duration.ofSeconds(5))
                        .in(store)
                        .serving(Path.of(arguments[1]));
        var tutti = Tutti.open(store);
        Server.start(tutti, OperatorToken.of(Served.TOKEN), options);
        if (!tutti.own()) {
            throw new IllegalStateException("somebody else has the store");
        }
        System.out.println("serving");
        TimeUnit.HOURS.sleep(1);
    }
}
