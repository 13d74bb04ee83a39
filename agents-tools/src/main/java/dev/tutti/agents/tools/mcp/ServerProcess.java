package dev.tutti.agents.tools.mcp;

import dev.tutti.agents.tools.mcp.ServerSettings.Place.Program;
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
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A server that is a program, with everything it began. It leads a process group of its own where
/// the system has `setsid`, so that ending the group ends what it left behind too; elsewhere its
/// descendants are ended.
final class ServerProcess implements AutoCloseable {
    /// Bytes of one message.
    static final int LONGEST = 16 << 20;

    /// How long a server has to end by itself once its input is closed, and again when told to.
    static final Duration GRACE = Duration.ofMillis(400);

    private static final Logger LOG = LoggerFactory.getLogger(ServerProcess.class);
    private static final Path SETSID = Path.of("/usr/bin/setsid");
    private static final int LAST_LINES = 20;
    private static final int LAST_WORDS = 3;
    private static final Pattern ERROR = Pattern.compile("(?i)\\b\\w*(error|exception)\\b.*");
    private static final int LONGEST_LINE = 500;

    /// What programs need to find their files and to speak; secrets of ours are not among it.
    private static final List<String> INHERITED =
            List.of(
                    "HOME",
                    "LANG",
                    "LC_ALL",
                    "LOGNAME",
                    "PATH",
                    "SHELL",
                    "TERM",
                    "TMPDIR",
                    "TZ",
                    "USER",
                    "SYSTEMROOT",
                    "APPDATA",
                    "USERPROFILE",
                    "TEMP");

    private final Process process;
    private final boolean leads;
    private final InputStream out;
    private final byte[] buffer = new byte[1 << 16];
    private int at;
    private int end;
    private final Deque<String> last = new ArrayDeque<>();

    private ServerProcess(Process process, boolean leads) {
        this.process = process;
        this.leads = leads;
        this.out = process.getInputStream();
        Thread.ofPlatform().daemon().name("mcp-errors " + process.pid()).start(this::listen);
    }

    /// @throws IllegalArgumentException when there is no such program
    static ServerProcess start(Program program) {
        boolean leads = Files.isExecutable(SETSID);
        var command = new ArrayList<>(program.command());
        var file = program.cwd().resolve(command.getFirst()).normalize();
        if (command.getFirst().contains("/") && Files.isRegularFile(file)) {
            command.set(0, file.toString());
        }
        if (!isThere(command.getFirst(), program)) {
            throw new IllegalArgumentException(
                    "there is no program `" + command.getFirst() + "`; is it installed?");
        }
        if (leads) {
            command.addFirst(SETSID.toString());
        }
        var builder = new ProcessBuilder(command).directory(program.cwd().toFile());
        var environment = builder.environment();
        environment.keySet().removeIf(name -> !INHERITED.contains(name));
        environment.putAll(program.env());
        try {
            return new ServerProcess(builder.start(), leads);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "`" + program.command().getFirst() + "` cannot be started: " + e.getMessage(),
                    e);
        }
    }

    /// `setsid` would say that itself, but as its own failure.
    private static boolean isThere(String word, Program program) {
        if (word.contains("/") || !Files.isExecutable(SETSID)) {
            return true;
        }
        var path =
                Optional.ofNullable(program.env().get("PATH"))
                        .or(() -> Optional.ofNullable(System.getenv("PATH")));
        return path.stream()
                .flatMap(folders -> List.of(folders.split(":")).stream())
                .anyMatch(folder ->
                        Files.isExecutable(Path.of(folder.isEmpty() ? "." : folder, word)));
    }

    /// The next line that it writes, or null when there is no more. For one thread.
    ///
    /// @throws IOException when it is longer than [#LONGEST], or cannot be read
    @Nullable String line() throws IOException {
        var line = new ByteArrayOutputStream(256);
        while (true) {
            if (at == end) {
                at = 0;
                end = Math.max(0, out.read(buffer));
                if (end == 0) {
                    return line.size() == 0 ? null : line.toString(StandardCharsets.UTF_8);
                }
            }
            int from = at;
            while (at < end && buffer[at] != '\n') {
                at++;
            }
            if (line.size() + at - from > LONGEST) {
                throw new IOException("a message is longer than " + LONGEST + " bytes");
            }
            line.write(buffer, from, at - from);
            if (at < end) {
                at++;
                return line.toString(StandardCharsets.UTF_8);
            }
        }
    }

    void write(String line) throws IOException {
        var in = process.getOutputStream();
        in.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        in.flush();
    }

    long pid() {
        return process.pid();
    }

    private void listen() {
        try (var from =
                new BufferedReader(
                        new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8))) {
            var line = new StringBuilder();
            for (int c = from.read(); c >= 0; c = from.read()) {
                if (c != '\n') {
                    if (line.length() < LONGEST_LINE) {
                        line.append((char) c);
                    }
                    continue;
                }
                said(line.toString().strip());
                line.setLength(0);
            }
        } catch (IOException _) {
            // It was ended: what it said until then counts.
        }
    }

    private void said(String line) {
        if (line.isEmpty()) {
            return;
        }
        LOG.debug("{}: {}", process.pid(), line);
        synchronized (last) {
            last.addLast(line);
            if (last.size() > LAST_LINES) {
                last.removeFirst();
            }
        }
    }

    /// How it ended, in words, with the last that it said.
    String obituary() {
        boolean ended = false;
        try {
            ended = process.waitFor(200, TimeUnit.MILLISECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        String how = ended ? "it ended with code " + process.exitValue() : "it closed its output";
        var said = lastWords();
        return said.isEmpty() ? how : how + ": " + said;
    }

    /// The line that names an error, where one does; the last lines otherwise.
    private String lastWords() {
        synchronized (last) {
            return last.stream()
                    .filter(line -> ERROR.matcher(line).find())
                    .findFirst()
                    .orElseGet(() ->
                            String.join(
                                    " / ",
                                    last.stream()
                                            .skip(Math.max(0, last.size() - LAST_WORDS))
                                            .toList()));
        }
    }

    /// Ends it and all that it began: first by closing its input, then by asking, then by force.
    @Override
    public void close() {
        var descendants = new ArrayList<>(process.descendants().toList());
        try {
            process.getOutputStream().close();
        } catch (IOException _) {
            // It was closed from the other end.
        }
        boolean interrupted = Thread.interrupted();
        try {
            if (!process.waitFor(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
                signal("TERM");
                process.destroy();
                process.waitFor(GRACE.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException _) {
            interrupted = true;
        }
        kill(descendants);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /// Ends it and all that it began, at once.
    void kill() {
        kill(process.descendants().toList());
    }

    private void kill(List<ProcessHandle> descendants) {
        signal("KILL");
        process.destroyForcibly();
        descendants.forEach(ProcessHandle::destroyForcibly);
    }

    /// To the whole group. The shell's own command, because not every system has a program for it.
    private void signal(String name) {
        if (!leads) {
            return;
        }
        try {
            new ProcessBuilder("/bin/sh", "-c", "kill -s " + name + " -- -" + process.pid())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor(1, TimeUnit.SECONDS);
        } catch (IOException e) {
            LOG.debug("no signal to group {}", process.pid(), e);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
