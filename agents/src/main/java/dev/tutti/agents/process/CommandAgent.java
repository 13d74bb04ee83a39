package dev.tutti.agents.process;

import dev.tutti.core.event.Failure;
import dev.tutti.core.event.Outcome;
import dev.tutti.core.event.Usage;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.agent.AgentExecutor;
import dev.tutti.runtime.agent.Attempt;
import dev.tutti.runtime.agent.SaidUsage;
import dev.tutti.runtime.json.Json;
import dev.tutti.runtime.json.JsonException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/// Performs each attempt by a command: the task's input comes on its standard input, and what it
/// prints is the output: JSON, the last line of JSON, or else an object with the `text`. Each line
/// on its standard error is a sign of life and shown as progress, and so are lines of JSON that say
/// how far it is. It runs without a shell: in the folder of the team file and with all that this
/// process may do, or in a [Sandbox].
///
/// The whole command is one step of the attempt: a result on record is not made again. A program
/// that ends with another code than 0 has failed and may be tried again.
///
/// The attempt ends with the program, not with what it left in the background: that is killed, as
/// the program and all that came of it are when the run no longer wants the attempt.
final class CommandAgent implements AgentExecutor {
    /// Bytes of output; more than that is a failure.
    static final int MOST_OUTPUT = 4 << 20;

    /// Characters of feedback: an environment holds no text of any length.
    static final int MOST_FEEDBACK = 4_000;

    /// How long is still listened, once the program has ended, while others hold its output open.
    static final Duration LAST_WORDS = Duration.ofSeconds(1);

    private static final long LONGEST_LOOK = 1_000;
    private static final String FILES = "files";

    private final Path folder;
    private final List<String> written;
    private final Sandbox sandbox;

    /// @param folder of the team file: where the command runs, and what relative paths start from
    /// @param written the words of the command as the team file has them, expressions and all
    CommandAgent(Path folder, List<String> written, Sandbox sandbox) {
        this.folder = folder;
        this.written = written;
        this.sandbox = sandbox;
    }

    /// What a command does outside is not known.
    @Override
    public boolean reportsEffects() {
        return false;
    }

    @Override
    public boolean reportsUsage() {
        return true;
    }

    @Override
    public Outcome perform(Attempt attempt) throws Exception {
        var settings = CommandSettings.of(attempt.settings(), written, folder);
        var begun = new AtomicBoolean();
        try {
            var taken =
                    attempt.step(
                            step(attempt),
                            () -> {
                                begun.set(true);
                                return new Doing(attempt, settings).result();
                            });
            if (!begun.get()) {
                keepAgain(attempt, taken.result());
            }
            return Outcome.succeeded(taken.result());
        } catch (Unsuccessful e) {
            if (e.usage().known()) {
                attempt.accounted();
            }
            return new Outcome.Failed(e.failure(), e.usage());
        }
    }

    /// The command as it was written, so that no secret is in it, and all that makes it another.
    private Attempt.Step step(Attempt attempt) {
        return new Attempt.Step(
                "tool",
                "process",
                Value.struct(
                        "command",
                        Value.from(written),
                        "input",
                        attempt.input(),
                        "feedback",
                        Value.text(attempt.feedback().orElse(""))));
    }

    /// Files of a result on record are artifacts of this attempt as well.
    private static void keepAgain(Attempt attempt, Value result) throws IOException {
        if (result instanceof Value.Struct struct
                && struct.get(FILES) instanceof Value.Array(var files)
                && attempt.settings().get("keep") != null) {
            for (var one : files) {
                if (one instanceof Value.Struct file) {
                    try (var content = attempt.open(file.text("artifact")).content()) {
                        attempt.store(content, file.text("type"), file.text("name"));
                    }
                }
            }
        }
    }

    /// One command from its start to its result.
    private final class Doing {
        private final Attempt attempt;
        private final CommandSettings settings;
        private final String mark = Family.newMark();

        private Doing(Attempt attempt, CommandSettings settings) {
            this.attempt = attempt;
            this.settings = settings;
        }

        private Attempt.Taken result() throws Exception {
            return switch (settings.workspace()) {
                case CommandSettings.Place.Team _ when !settings.strict() -> {
                    var builder = new ProcessBuilder(settings.words());
                    builder.directory(folder.toAbsolutePath().toFile());
                    builder.environment().putAll(settings.environment());
                    yield run(builder, folder, (_, _) -> {});
                }
                case CommandSettings.Place.Team _, CommandSettings.Place.Fresh _ -> {
                    try (var workspace = Workspace.at(folder, true, settings.strict())) {
                        yield in(workspace);
                    }
                }
                case CommandSettings.Place.Folder(var path) -> {
                    try (var workspace = Workspace.at(path, false, settings.strict())) {
                        yield in(workspace);
                    }
                }
            };
        }

        private Attempt.Taken in(Workspace workspace) throws Exception {
            if (!settings.strict()) {
                var builder = new ProcessBuilder(settings.words());
                builder.directory(workspace.work().toFile());
                builder.environment().putAll(settings.environment());
                return run(builder, workspace.work(), (_, _) -> {});
            }
            sandbox.require();
            var builder = new ProcessBuilder(sandbox.around(settings, workspace, told()));
            builder.environment().clear();
            builder.environment().put("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
            var watch = new Watch(settings.limits(), workspace.folders());
            return run(
                    builder,
                    workspace.work(),
                    new Overseer() {
                        @Override
                        public void at(List<ProcessHandle> family) throws Unsuccessful {
                            watch.at(family);
                        }

                        @Override
                        public void ended(int code, Said said) throws Unsuccessful {
                            Sandbox.check(code, said.lastLines());
                            watch.atTheEnd();
                        }

                        @Override
                        public long pause() {
                            return Watch.EVERY;
                        }
                    });
        }

        private Attempt.Taken run(ProcessBuilder builder, Path work, Overseer overseer)
                throws Exception {
            builder.environment().putAll(told());
            var process = start(builder);
            var family = new Family(process, mark);
            try (var said = new Said(process, family, attempt, settings.output(), given())) {
                int code = family.await(overseer.pause(), overseer);
                said.awaitLastWords();
                if (said.tooMuch()) {
                    throw Unsuccessful.forGood(
                            "limit_exceeded",
                            "the command printed more than "
                                    + MOST_OUTPUT
                                    + " bytes"
                                    + (settings.output() == CommandSettings.Output.LINES
                                            ? " in one line"
                                            : ""));
                }
                overseer.ended(code, said);
                // Nobody is left who could change a file that is kept.
                family.kill();
                var usage = usage(code, said);
                var result = result(code, said, usage);
                if (settings.usage()) {
                    result = without(result, SaidUsage.FIELD);
                }
                return new Attempt.Taken(
                        settings.keep().isEmpty()
                                ? result
                                : result.with(
                                        FILES, KeptFiles.keep(attempt, work, settings.keep())),
                        usage);
            } finally {
                family.kill();
            }
        }

        private Process start(ProcessBuilder builder) throws InterruptedException {
            attempt.spending();
            try {
                return Starter.start(builder);
            } catch (IOException e) {
                attempt.accounted();
                throw new IllegalArgumentException(
                        "the command cannot be started: " + e.getMessage(), e);
            }
        }

        /// What it is told of its attempt.
        private Map<String, String> told() {
            var told = new LinkedHashMap<String, String>();
            told.put("TUTTI_RUN", attempt.run().value());
            told.put("TUTTI_TASK", attempt.task().toString());
            told.put("TUTTI_ATTEMPT", Integer.toString(attempt.number()));
            told.put("TUTTI_EDIT", attempt.edit().map(CommandAgent::fitting).orElse(""));
            told.put("TUTTI_FEEDBACK", attempt.feedback().map(CommandAgent::fitting).orElse(""));
            told.put("TRACEPARENT", attempt.traceparent());
            told.put(Family.MARK, mark);
            return told;
        }

        private byte[] given() {
            return switch (settings.input()) {
                case JSON -> Json.bytes(attempt.input());
                case ARGS -> new byte[0];
                case TEXT -> text(attempt.input()).getBytes(StandardCharsets.UTF_8);
            };
        }

        /// What it says that it used up, also where it fails.
        private Usage usage(int code, Said said) throws Unsuccessful {
            if (!settings.usage()) {
                return Usage.UNKNOWN;
            }
            try {
                return SaidUsage.of(said.object().get(SaidUsage.FIELD));
            } catch (JsonException _) {
                return Usage.UNKNOWN;
            } catch (IllegalArgumentException e) {
                if (code != 0) {
                    return Usage.UNKNOWN;
                }
                throw new Unsuccessful(
                        new Failure.Rejected("output", String.valueOf(e.getMessage())));
            }
        }

        private static Value.Struct without(Value.Struct struct, String name) {
            var fields = new LinkedHashMap<>(struct.fields());
            fields.remove(name);
            return new Value.Struct(fields);
        }

        private Value.Struct result(int code, Said said, Usage usage) throws Unsuccessful {
            if (settings.verdict()) {
                return Value.struct(
                        "ok",
                        Value.of(code == 0),
                        "reason",
                        Value.text(code == 0 ? "" : said.reason(code)),
                        "exit",
                        Value.of(code));
            }
            if (code != 0) {
                throw new Unsuccessful(
                        new Failure.Transient("exit_" + code, said.reason(code)), usage);
            }
            return switch (settings.output()) {
                case TEXT -> Value.struct("text", Value.text(said.text()));
                case EITHER -> {
                    try {
                        yield said.object();
                    } catch (JsonException _) {
                        yield Value.struct("text", Value.text(said.text()));
                    }
                }
                case LINES -> {
                    if (said.endsInProgress()) {
                        throw new Unsuccessful(
                                new Failure.Rejected(
                                        "output",
                                        "the last line that the command printed says how far it is,"
                                                + " and not its result"));
                    }
                    yield object(said, "the last line that the command printed");
                }
                case JSON -> object(said, "what the command printed");
            };
        }

        private static Value.Struct object(Said said, String what) throws Unsuccessful {
            try {
                return said.object();
            } catch (JsonException e) {
                throw new Unsuccessful(
                        new Failure.Rejected(
                                "output", what + " is not an object of JSON: " + e.getMessage()));
            }
        }
    }

    /// Looks after a command, besides waiting for it.
    private interface Overseer extends Family.Look {
        @Override
        default void at(List<ProcessHandle> family) throws Unsuccessful {}

        /// @throws Unsuccessful when its end is not what it seems
        void ended(int code, Said said) throws Unsuccessful;

        /// Milliseconds between two looks.
        default long pause() {
            return LONGEST_LOOK;
        }
    }

    /// The field `text`, or the only text that there is.
    private static String text(Value.Struct input) {
        if (input.get("text") instanceof Value.Text(var text)) {
            return text;
        }
        var texts = input.fields().values().stream().filter(Value.Text.class::isInstance).toList();
        if (texts.size() == 1 && texts.getFirst() instanceof Value.Text(var only)) {
            return only;
        }
        throw new IllegalArgumentException(
                "`input: text` gives the command the input's field `text`, or its only text; there is "
                        + input.fields().keySet());
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
}
