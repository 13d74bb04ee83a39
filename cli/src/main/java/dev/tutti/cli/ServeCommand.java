package dev.tutti.cli;

import dev.tutti.Refusal;
import dev.tutti.Team;
import dev.tutti.Tutti;
import dev.tutti.server.OperatorToken;
import dev.tutti.server.Server;
import dev.tutti.server.identity.IdentitySettings;
import dev.tutti.view.Figures;
import java.io.IOException;
import java.net.BindException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Owns a store and serves it over HTTP until it is told to end.
@Command(
        name = "serve",
        description = {
            "Drives the runs of a store, and lets workers do what `uses: worker`.",
            "",
            "Whoever asks shows a token. It is printed when the server first starts and only its hash is kept;"
                    + " TUTTI_TOKEN gives another. On SIGTERM or Ctrl-C no more work is handed out, and what workers"
                    + " hold has a while to end."
        },
        mixinStandardHelpOptions = true,
        exitCodeListHeading = ExitCode.HEADING,
        exitCodeList = {
            "0:it was told to end, and has",
            ExitCode.WRONG_REQUEST_LINE,
            ExitCode.INTERNAL_LINE
        })
final class ServeCommand implements Callable<Integer> {
    private static final int LARGEST_PORT = 65_535;
    private static final long LOOK = 200;
    private static final Pattern SECONDS = Pattern.compile("(\\d{1,5})(s|m)");

    private final Shell shell;
    private String fragment = "";

    @Parameters(
            arity = "0..1",
            paramLabel = "TEAM",
            description =
                    "The team file whose workflows can be begun over HTTP and from the dashboard")
    private @Nullable Path team;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "Where to listen; 0 for any that is free. Default: 7070")
    private int port = 7070;

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            description =
                    "The address to listen at. Default: 127.0.0.1, which only this machine reaches. Tokens are"
                            + " not encrypted on the way: put what speaks TLS before any other")
    private String host = "127.0.0.1";

    @Option(
            names = "--name",
            paramLabel = "HOST",
            description = "A further name that clients know this server by; may be repeated")
    private List<String> names = List.of();

    @Option(
            names = "--lease",
            paramLabel = "TIME",
            description = "How long a worker keeps its work without a sign of life. Default: 30s")
    private String lease = "30s";

    @Option(
            names = "--drain",
            paramLabel = "TIME",
            description = "How long workers have to end when the server is told to. Default: 30s")
    private String drain = "30s";

    @Option(
            names = "--identity",
            paramLabel = "FILE",
            description =
                    "Whose signed tokens (OpenID Connect) count beside keys, for whom, and for what; see docs/server.md")
    private @Nullable Path identity;

    @Option(names = "--new-token", description = "Make another token; the old one is void then")
    private boolean newToken;

    @Mixin private final Options.StoreOption store = new Options.StoreOption();

    ServeCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws Exception {
        if (port < 0 || port > LARGEST_PORT) {
            throw new Refusal("--port is a number from 0 to " + LARGEST_PORT);
        }
        var patience = duration("--drain", drain);
        var folder = store.here(shell);
        var options =
                new Server.Options(host, port, names, duration("--lease", lease))
                        .in(folder)
                        .serving(team())
                        .trusting(identity == null ? null : IdentitySettings.read(identity));
        var token = token(folder);
        shell.interrupts().listen();
        var tutti = Tutti.open(folder);
        // The store is closed first: while attempts end, workers are still told what becomes of
        // them.
        try (var server = start(tutti, token, options);
                tutti) {
            if (!tutti.own()) {
                throw new Refusal(
                        "another process owns the store in "
                                + folder
                                + "; end it, or name another store with --store");
            }
            greet(tutti, server, folder);
            while (!shell.interrupts().interrupted()) {
                shell.interrupts().pause(LOOK);
            }
            shell.say(
                    "ending: "
                            + Figures.count(server.figures().held(), "task")
                            + " with workers; Ctrl-C again leaves at once");
            server.drain(patience);
        }
        return ExitCode.SUCCEEDED;
    }

    /// The team file, which must be sound before anything is served.
    private @Nullable Path team() {
        if (team != null) {
            Team.read(team);
        }
        return team;
    }

    private static Duration duration(String option, String text) {
        var parts = SECONDS.matcher(text);
        if (!parts.matches() || Long.parseLong(parts.group(1)) == 0) {
            throw new Refusal(option + " is a time such as 30s or 5m");
        }
        long number = Long.parseLong(parts.group(1));
        return parts.group(2).equals("s") ? Duration.ofSeconds(number) : Duration.ofMinutes(number);
    }

    private OperatorToken token(Path folder) throws IOException {
        try {
            var token = OperatorToken.of(folder, shell.environment(), newToken);
            token.made()
                    .ifPresent(made -> {
                        shell.say("token " + made);
                        shell.say("      shown this once; give it to workers as TUTTI_TOKEN");
                    });
            fragment = token.made().map(made -> "/#token=" + made).orElse("");
            return token;
        } catch (IllegalArgumentException e) {
            throw new Refusal(String.valueOf(e.getMessage()));
        }
    }

    private static Server start(Tutti tutti, OperatorToken token, Server.Options options) {
        try {
            return Server.start(tutti, token, options);
        } catch (RuntimeException e) {
            for (@Nullable Throwable cause = e; cause != null; cause = cause.getCause()) {
                if (cause instanceof BindException) {
                    throw new Refusal(
                            "nothing can listen at "
                                    + options.host()
                                    + ":"
                                    + options.port()
                                    + " ("
                                    + cause.getMessage()
                                    + "); --port names another");
                }
            }
            throw e;
        }
    }

    private void greet(Tutti tutti, Server server, Path folder) {
        var address = "http://" + host + ":" + server.port();
        shell.say("serving " + folder + " at " + address);
        if (!fragment.isEmpty()) {
            shell.say("open    " + address + fragment);
        }
        // Last, since it looks through the list of all runs.
        var unfinished = tutti.unfinished().size();
        if (unfinished > 0) {
            shell.say(Figures.count(unfinished, "run") + " going on");
        }
    }
}
