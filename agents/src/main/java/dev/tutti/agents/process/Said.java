package dev.tutti.agents.process;

import dev.tutti.core.event.Value;
import dev.tutti.runtime.agent.Attempt;
import dev.tutti.runtime.json.Json;
import dev.tutti.runtime.json.JsonException;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a command says while it runs, read by threads of its own so that it never waits for us.
/// They are no virtual threads: those would keep their carriers while they wait for a pipe, and
/// many commands at once would leave none to anybody else.
final class Said implements AutoCloseable {
    private static final int LAST_LINES = 20;
    private static final int LONGEST_LINE = 500;
    private static final int LONGEST_REASON = 2_000;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final Deque<String> last = new ArrayDeque<>();
    private final Process process;
    private final Family family;
    private final List<Thread> readers;
    private final Attempt attempt;
    private final boolean inLines;
    private volatile byte[] lastLine = new byte[0];
    private volatile boolean tooMuch;
    private volatile boolean over;

    /// @param output what its standard output is taken for
    /// @param given what it is given on its standard input
    Said(
            Process process,
            Family family,
            Attempt attempt,
            CommandSettings.Output output,
            byte[] given) {
        this.process = process;
        this.family = family;
        this.attempt = attempt;
        inLines = output == CommandSettings.Output.LINES;
        var names = Thread.ofPlatform().daemon();
        var whose = attempt.run() + "/" + attempt.task();
        names.name("command-input " + whose).start(() -> give(given));
        readers =
                List.of(
                        names.name("command-output " + whose).start(this::readOut),
                        names.name("command-errors " + whose).start(this::readErr));
    }

    private void give(byte[] given) {
        try (var in = process.getOutputStream()) {
            in.write(given);
        } catch (IOException _) {
            // It did not want to know.
        }
    }

    private void readOut() {
        try (InputStream from = process.getInputStream()) {
            var buffer = new byte[8192];
            for (int n = from.read(buffer); n >= 0 && !over; n = from.read(buffer)) {
                int begin = 0;
                for (int i = 0; inLines && i < n; i++) {
                    if (buffer[i] == '\n') {
                        out.write(buffer, begin, i - begin);
                        hear();
                        begin = i + 1;
                    }
                }
                if (out.size() + n - begin > CommandAgent.MOST_OUTPUT) {
                    tooMuch = true;
                    family.kill();
                    return;
                }
                out.write(buffer, begin, n - begin);
            }
            if (inLines) {
                hear();
            }
        } catch (IOException _) {
            // It was killed: what it said until then counts.
        }
    }

    /// A whole line of JSON. Whatever else it says, it is a sign of life.
    private void hear() {
        var line = out.toByteArray();
        out.reset();
        if (new String(line, StandardCharsets.UTF_8).isBlank()) {
            return;
        }
        lastLine = line;
        var how = progress(line);
        if (how == null) {
            attempt.heartbeat();
        } else {
            attempt.progress(how.fraction(), how.message());
        }
    }

    /// How far it is.
    private record HowFar(double fraction, String message) {}

    /// What a line says of how far it is: an object of `progress`, from 0 to 1, and `message`, one
    /// of them at least; null where it is something else.
    private static @Nullable HowFar progress(byte[] line) {
        Value.Struct said;
        try {
            if (!(Json.parse(line) instanceof Value.Struct struct)) {
                return null;
            }
            said = struct;
        } catch (JsonException _) {
            return null;
        }
        var fraction = said.get("progress");
        var message = said.get("message");
        int known = (fraction == null ? 0 : 1) + (message == null ? 0 : 1);
        if (known == 0 || known < said.fields().size()) {
            return null;
        }
        if (message != null && !(message instanceof Value.Text)) {
            return null;
        }
        var words = message instanceof Value.Text(var text) ? shortened(text) : "";
        return switch (fraction) {
            case null -> new HowFar(0, words);
            case Value.Int(var number) -> new HowFar(number, words);
            case Value.Real(var number) -> new HowFar(number, words);
            default -> null;
        };
    }

    private static String shortened(String text) {
        var line = text.lines().findFirst().orElse("");
        return PlainText.of(line.substring(0, Math.min(line.length(), LONGEST_LINE))).strip();
    }

    private void readErr() {
        try (var from =
                new BufferedReader(
                        new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8))) {
            for (var line = line(from); line != null && !over; line = line(from)) {
                attempt.progress(0, line);
                synchronized (last) {
                    last.addLast(line);
                    if (last.size() > LAST_LINES) {
                        last.removeFirst();
                    }
                }
            }
        } catch (IOException _) {
            // As above.
        }
    }

    /// A line, cut where it is too long; null at the end.
    private @Nullable String line(BufferedReader from) throws IOException {
        var line = new StringBuilder();
        int c = from.read();
        if (c < 0) {
            return null;
        }
        for (; c >= 0 && c != '\n' && !over; c = from.read()) {
            if (line.length() < LONGEST_LINE) {
                line.append((char) c);
            }
        }
        return PlainText.of(line.toString()).strip();
    }

    /// Listens until there is nobody left who could say anything, but not for long.
    void awaitLastWords() throws InterruptedException {
        long until = System.nanoTime() + CommandAgent.LAST_WORDS.toNanos();
        for (var reader : readers) {
            reader.join(Duration.ofNanos(until - System.nanoTime()));
        }
    }

    /// Whether it said more than is listened to.
    boolean tooMuch() {
        return tooMuch;
    }

    /// Its output as a text.
    String text() {
        var text =
                inLines
                        ? new String(lastLine, StandardCharsets.UTF_8)
                        : out.toString(StandardCharsets.UTF_8);
        return PlainText.of(text).strip();
    }

    /// Its output as an object of JSON.
    ///
    /// @throws JsonException when it is something else
    Value.Struct object() {
        if (Json.parse(inLines ? lastLine : out.toByteArray()) instanceof Value.Struct struct) {
            return struct;
        }
        throw new JsonException("it is JSON but no object", 1, 1);
    }

    /// Whether the last of its lines says how far it is, and so is no result.
    boolean endsInProgress() {
        return progress(lastLine) != null;
    }

    /// The last lines on its standard error.
    String lastLines() {
        synchronized (last) {
            return String.join("\n", last);
        }
    }

    /// Why it ended with a code: what it said last.
    String reason(int code) {
        var lines = lastLines();
        var words = lines.isBlank() ? text() : lines;
        var end = words.substring(Math.max(0, words.length() - LONGEST_REASON));
        return end.isBlank() ? "it ended with code " + code : end;
    }

    /// A reader that still waits ends with the next that it hears.
    @Override
    public void close() {
        over = true;
    }
}
