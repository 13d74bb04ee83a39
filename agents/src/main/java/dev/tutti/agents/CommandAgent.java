package dev.tutti.agents;

import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Outcome;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.agent.AgentExecutor;
import dev.tutti.runtime.agent.Attempt;
import dev.tutti.runtime.json.Json;
import dev.tutti.runtime.json.JsonException;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/// Performs each attempt by a command: the task's input comes as JSON on its standard input, and
/// what it prints is the output: JSON, or else an object with the `text`. Each line on its standard
/// error is a sign of life and shown as progress. It runs in the folder of the team file, without a
/// shell and without a sandbox, and sees the environment of this process and `TUTTI_RUN`,
/// `TUTTI_TASK`, `TUTTI_ATTEMPT` and `TUTTI_FEEDBACK`.
///
/// Settings: `command`, the program and its arguments, and `verdict`: whether the exit code is an
/// answer, `{ ok, reason, exit }`, and not a failure. A program that ends with another code than 0
/// has failed and may be tried again.
///
/// The attempt ends with the program, not with what it left in the background: that is killed, as
/// the program and all its descendants are when the run no longer wants the attempt. A process that
/// detached itself is not reached.
final class CommandAgent implements AgentExecutor {
    /// Bytes of output; more than that is a failure.
    static final int MOST_OUTPUT = 4 << 20;

    /// Characters of feedback: an environment holds no text of any length.
    static final int MOST_FEEDBACK = 4_000;

    /// How long is still listened, once the program has ended, while others hold its output open.
    static final Duration LAST_WORDS = Duration.ofSeconds(1);

    private static final int LAST_LINES = 20;
    private static final int LONGEST_LINE = 500;

    private final Path folder;

    /// @param folder where the command runs, and what relative paths of programs start from
    CommandAgent(Path folder) {
        this.folder = folder;
    }

    /// What a command does outside is not known.
    @Override
    public boolean reportsEffects() {
        return false;
    }

    @Override
    public Outcome perform(Attempt attempt) throws Exception {
        var process = start(attempt);
        var family = new Family(process);
        try (var said = new Said(process, family, attempt)) {
            int code = family.await();
            said.awaitLastWords();
            return outcome(attempt, code, said);
        } finally {
            family.kill();
        }
    }

    private Process start(Attempt attempt) {
        var builder = new ProcessBuilder(command(attempt.settings()));
        builder.directory(folder.toAbsolutePath().toFile());
        var environment = builder.environment();
        environment.put("TUTTI_RUN", attempt.run().value());
        environment.put("TUTTI_TASK", attempt.task().toString());
        environment.put("TUTTI_ATTEMPT", Integer.toString(attempt.number()));
        environment.put("TUTTI_FEEDBACK", attempt.feedback().map(CommandAgent::fitting).orElse(""));
        try {
            return builder.start();
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "the command cannot be started: " + e.getMessage(), e);
        }
    }

    /// As much of a text as a variable of the environment can hold, which knows no NUL.
    private static String fitting(String text) {
        var plain = text.replace("\0", "");
        if (plain.length() <= MOST_FEEDBACK) {
            return plain;
        }
        boolean splits = Character.isHighSurrogate(plain.charAt(MOST_FEEDBACK - 1));
        return plain.substring(0, splits ? MOST_FEEDBACK - 1 : MOST_FEEDBACK) + "…";
    }

    private List<String> command(Value.Struct settings) {
        if (!(settings.get("command") instanceof Value.Array(var words))
                || words.isEmpty()
                || !words.stream().allMatch(Value.Text.class::isInstance)) {
            throw new IllegalArgumentException(
                    "`command` is a list of texts, the program first: [./check.sh, --strict]");
        }
        var command = new java.util.ArrayList<String>();
        words.forEach(word -> command.add(((Value.Text) word).value()));
        var program = folder.toAbsolutePath().resolve(command.getFirst()).normalize();
        if (command.getFirst().contains("/") && Files.isRegularFile(program)) {
            command.set(0, program.toString());
        }
        return command;
    }

    private static Outcome outcome(Attempt attempt, int code, Said said) {
        if (said.tooMuch) {
            return Outcome.failed(
                    new Failure.Permanent(
                            "limit_exceeded",
                            "the command printed more than " + MOST_OUTPUT + " bytes"));
        }
        if (attempt.settings().get("verdict") instanceof Value.Bool(var verdict) && verdict) {
            return Outcome.succeeded(
                    Value.struct(
                            "ok",
                            Value.of(code == 0),
                            "reason",
                            Value.text(code == 0 ? "" : said.reason(code)),
                            "exit",
                            Value.of(code)));
        }
        return code == 0
                ? Outcome.succeeded(said.output())
                : Outcome.failed(new Failure.Transient("exit_" + code, said.reason(code)));
    }

    /// What the command says while it runs, read by threads of its own so that it never waits for
    /// us. They are no virtual threads: those would keep their carriers while they wait for a pipe,
    /// and many commands at once would leave none to anybody else.
    private static final class Said implements AutoCloseable {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();
        private final Deque<String> last = new ArrayDeque<>();
        private final Process process;
        private final Family family;
        private final List<Thread> readers;
        private volatile boolean tooMuch;
        private volatile boolean over;

        private Said(Process process, Family family, Attempt attempt) {
            this.process = process;
            this.family = family;
            var names = Thread.ofPlatform().daemon();
            var whose = attempt.run() + "/" + attempt.task();
            names.name("command-input " + whose).start(() -> give(attempt));
            readers =
                    List.of(
                            names.name("command-output " + whose).start(this::readOut),
                            names.name("command-errors " + whose).start(() -> readErr(attempt)));
        }

        private void give(Attempt attempt) {
            try (var in = process.getOutputStream()) {
                in.write(Json.bytes(attempt.input()));
            } catch (IOException _) {
                // It did not want to know.
            }
        }

        private void readOut() {
            try (InputStream from = process.getInputStream()) {
                var buffer = new byte[8192];
                for (int n = from.read(buffer); n >= 0 && !over; n = from.read(buffer)) {
                    if (out.size() + n > MOST_OUTPUT) {
                        tooMuch = true;
                        family.kill();
                        return;
                    }
                    out.write(buffer, 0, n);
                }
            } catch (IOException _) {
                // It was killed: what it said until then counts.
            }
        }

        private void readErr(Attempt attempt) {
            try (var from =
                    new BufferedReader(
                            new InputStreamReader(
                                    process.getErrorStream(), StandardCharsets.UTF_8))) {
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
        private @org.jspecify.annotations.Nullable String line(BufferedReader from)
                throws IOException {
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
            return line.toString().strip();
        }

        /// Listens until there is nobody left who could say anything, but not for long.
        private void awaitLastWords() throws InterruptedException {
            long until = System.nanoTime() + LAST_WORDS.toNanos();
            for (var reader : readers) {
                reader.join(Duration.ofNanos(until - System.nanoTime()));
            }
        }

        private String text() {
            return out.toString(StandardCharsets.UTF_8).strip();
        }

        private Value output() {
            try {
                return Json.parse(out.toByteArray()) instanceof Value.Struct struct
                        ? struct
                        : Value.struct("text", Value.text(text()));
            } catch (JsonException _) {
                return Value.struct("text", Value.text(text()));
            }
        }

        private String reason(int code) {
            String lines;
            synchronized (last) {
                lines = String.join("\n", last);
            }
            var words = lines.isBlank() ? text() : lines;
            var end = words.substring(Math.max(0, words.length() - 2_000));
            return end.isBlank() ? "it ended with code " + code : end;
        }

        /// A reader that still waits ends with the next that it hears.
        @Override
        public void close() {
            over = true;
        }
    }
}
