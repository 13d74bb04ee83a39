package dev.tutti.simulation.refund;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// An outside system that pays refunds: a process of its own that is never killed. One line asks
/// for a refund, one line answers that it is paid. Whatever it pays is a line of its file.
public final class Ledger {
    private final Path file;
    private final boolean honoursKeys;
    private final Set<String> paid = new HashSet<>();

    private Ledger(Path file, boolean honoursKeys) {
        this.file = file;
        this.honoursKeys = honoursKeys;
    }

    /// Arguments: the file, and `keys` for a ledger that pays each key once. Prints its port.
    public static void main(String[] arguments) throws IOException {
        var ledger = new Ledger(Path.of(arguments[0]), arguments[1].equals("keys"));
        try (var server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            System.out.println(server.getLocalPort());
            System.out.flush();
            while (true) {
                var socket = server.accept();
                Thread.ofVirtual().start(() -> ledger.serve(socket));
            }
        }
    }

    private void serve(Socket socket) {
        try (socket;
                var in =
                        new BufferedReader(
                                new InputStreamReader(
                                        socket.getInputStream(), StandardCharsets.UTF_8));
                var out =
                        new OutputStreamWriter(socket.getOutputStream(), StandardCharsets.UTF_8)) {
            var key = in.readLine();
            if (key != null) {
                pay(key);
                out.write("paid\n");
            }
        } catch (IOException e) {
            System.err.println("a refund was asked for and not answered: " + e.getMessage());
        }
    }

    private synchronized void pay(String key) throws IOException {
        if (!honoursKeys || paid.add(key)) {
            Files.write(
                    file,
                    List.of(key),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND,
                    StandardOpenOption.SYNC);
        }
    }

    /// Asks the ledger at a port for a refund; paid when this returns.
    static void refund(int port, String key) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port);
                var in =
                        new BufferedReader(
                                new InputStreamReader(
                                        socket.getInputStream(), StandardCharsets.UTF_8))) {
            socket.getOutputStream().write((key + "\n").getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().flush();
            if (!"paid".equals(in.readLine())) {
                throw new IOException("the ledger gave no answer");
            }
        }
    }

    /// What a ledger has paid so far.
    public static List<String> paid(Path file) throws IOException {
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }
}
