package dev.tutti.server.dashboard;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

/// Stands between a browser and a server, as a proxy does, and can fall silent without hanging up.
final class Wire implements AutoCloseable {
    private final int to;
    private final ServerSocket entry;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile CountDownLatch held = new CountDownLatch(0);

    Wire(int to) throws IOException {
        this.to = to;
        entry = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::take);
    }

    String address() {
        return "http://127.0.0.1:" + entry.getLocalPort();
    }

    /// From now on nothing comes back to the browser.
    void hold() {
        held = new CountDownLatch(1);
    }

    /// What was held arrives, and what follows.
    void release() {
        held.countDown();
    }

    private void take() {
        try {
            while (true) {
                var browser = entry.accept();
                var server = new Socket(InetAddress.getLoopbackAddress(), to);
                open.add(browser);
                open.add(server);
                Thread.ofVirtual().start(() -> pass(browser, server, false));
                Thread.ofVirtual().start(() -> pass(server, browser, true));
            }
        } catch (IOException _) {
            // It is closed.
        }
    }

    private void pass(Socket from, Socket into, boolean back) {
        try (from;
                into) {
            var bytes = new byte[8_192];
            for (int some = from.getInputStream().read(bytes);
                    some >= 0;
                    some = from.getInputStream().read(bytes)) {
                if (back) {
                    held.await();
                }
                into.getOutputStream().write(bytes, 0, some);
                into.getOutputStream().flush();
            }
        } catch (IOException _) {
            // One of them has hung up.
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws IOException {
        release();
        entry.close();
        for (var socket : open) {
            socket.close();
        }
    }
}
