package dev.tutti.cli;

import dev.tutti.Refusal;
import dev.tutti.Tutti;
import dev.tutti.cli.terminal.Screen;
import dev.tutti.core.event.TimeText;
import dev.tutti.core.event.Value;
import dev.tutti.wiring.Store;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Options that several commands share.
final class Options {
    private static final String STORE = "--store";
    private static final String SERVER = "--server";
    private static final String SERVER_VARIABLE = "TUTTI_SERVER";

    /// Where the token of a server is, for whoever serves as for whoever asks.
    private static final String TOKEN = "TUTTI_TOKEN";

    private Options() {}

    /// The moment that an option says, as one or as how long ago it was; null where it is not
    /// given.
    static @Nullable Instant moment(String option, @Nullable String text) {
        return text == null
                ? null
                : TimeText.moment(text, Instant.now())
                        .orElseThrow(() ->
                                new Refusal(
                                        "`%s %s` is no time: write 24h or 2027-01-31T00:00:00Z"
                                                .formatted(option, text)));
    }

    /// Where runs are kept: in a folder of this machine, for commands that work on the files.
    static final class StoreOption {
        @Option(
                names = STORE,
                paramLabel = "DIR",
                description = "The store's folder. Default: $TUTTI_STORE, or else ./.tutti")
        private @Nullable String store;

        @Option(names = SERVER, hidden = true)
        private @Nullable String server;

        /// The folder; not looked at yet.
        Path folder(Shell shell) {
            if (store == null && !shell.environment().getOrDefault(SERVER_VARIABLE, "").isEmpty()) {
                throw new Refusal(
                        "this needs the store itself, and "
                                + SERVER_VARIABLE
                                + " names a server: say where the store is with `--store`, on the machine"
                                + " that has it");
            }
            return here(shell);
        }

        /// The same for what has nothing to do with servers that it could ask.
        Path here(Shell shell) {
            if (server != null) {
                throw new Refusal(
                        "this needs the store itself: leave out `--server`, and say where the store is"
                                + " with `--store`, on the machine that has it");
            }
            return Options.folder(shell, store);
        }

        /// The folder of a store that is there.
        Path existing(Shell shell) {
            return Options.existing(folder(shell));
        }
    }

    /// Where runs are kept: in a folder, or behind a server.
    static final class PlaceOption {
        @Option(
                names = STORE,
                paramLabel = "DIR",
                description = "The store's folder. Default: $TUTTI_STORE, or else ./.tutti")
        private @Nullable String store;

        @Option(
                names = SERVER,
                paramLabel = "URL",
                description = {
                    "The store behind `tutti serve` instead, with $TUTTI_TOKEN as the token. Default: $TUTTI_SERVER,"
                            + " unless `--store` is given"
                })
        private @Nullable String server;

        /// The store of a server, if one is meant.
        Optional<Tutti> atServer(Shell shell) {
            return url(shell)
                    .map(url -> {
                        var token = shell.environment().getOrDefault(TOKEN, "");
                        if (token.isEmpty()) {
                            throw new Refusal(
                                    "the server needs a token: set "
                                            + TOKEN
                                            + " to the one that `tutti serve` printed, or to a key of yours");
                        }
                        return Tutti.at(url, token.strip());
                    });
        }

        /// Whether a server is meant.
        boolean isServer(Shell shell) {
            return url(shell).isPresent();
        }

        private Optional<URI> url(Shell shell) {
            if (server != null && store != null) {
                throw new Refusal("name a folder by `--store` or a server by `--server`, not both");
            }
            var given =
                    server == null && store == null
                            ? shell.environment().getOrDefault(SERVER_VARIABLE, "")
                            : server == null ? "" : server;
            return given.isEmpty() ? Optional.empty() : Optional.of(url(given));
        }

        private static URI url(String given) {
            try {
                var url = URI.create(given.strip());
                if (List.of("http", "https").contains(String.valueOf(url.getScheme()))
                        && url.getHost() != null
                        && url.getQuery() == null
                        && url.getFragment() == null) {
                    return url;
                }
            } catch (IllegalArgumentException _) {
                // Told below.
            }
            throw new Refusal(
                    "`" + given + "` is not the address of a server; write http://HOST:7070");
        }

        /// The store, whether it is there or not.
        Tutti any(Shell shell) {
            return atServer(shell).orElseGet(() -> Tutti.open(folder(shell)));
        }

        /// The store, which must be there.
        Tutti open(Shell shell) {
            return atServer(shell).orElseGet(() -> Tutti.open(existing(folder(shell))));
        }

        /// The folder, where no server is meant; not looked at yet.
        Path folder(Shell shell) {
            return Options.folder(shell, store);
        }
    }

    private static Path folder(Shell shell, @Nullable String store) {
        var given = store == null ? shell.environment().getOrDefault("TUTTI_STORE", "") : store;
        if (given.startsWith("postgresql:") || given.startsWith("jdbc:")) {
            throw new Refusal(
                    "this Tutti keeps runs in a folder; "
                            + given.substring(0, given.indexOf(':'))
                            + " stores need a later one");
        }
        var folder = shell.directory().resolve(given.isEmpty() ? ".tutti" : given).normalize();
        Log.to(folder);
        return folder;
    }

    private static Path existing(Path folder) {
        if (!Store.exists(folder)) {
            throw new Refusal(
                    "there is no store in "
                            + folder
                            + "; `--store` or TUTTI_STORE names another, `tutti run` makes one");
        }
        return folder;
    }

    /// Why something is done.
    static final class ReasonOption {
        @Option(names = "--reason", paramLabel = "TEXT", description = "Why; kept in the journal")
        private String reason = "by hand";

        String reason() {
            return reason;
        }
    }

    /// How things are shown.
    static final class ShowOption {
        enum Colour {
            auto,
            always,
            never
        }

        @Option(names = "--plain", description = "Lines that stay, without redrawing")
        private boolean plain;

        @Option(
                names = "--color",
                paramLabel = "WHEN",
                description =
                        "auto, always or never. Default: auto, which is only on a terminal, and not where NO_COLOR is set")
        private Colour colour = Colour.auto;

        Screen of(Screen screen) {
            var shown =
                    switch (colour) {
                        case auto -> screen;
                        case always -> screen.withColour(true);
                        case never -> screen.withColour(false);
                    };
            return plain ? shown.still() : shown;
        }
    }

    /// What the workflow is given.
    static final class InputOption {
        @Option(
                names = {"--input", "-i"},
                paramLabel = "NAME=VALUE",
                description =
                        "An input of the workflow. What parses as JSON is JSON, everything else a string.")
        private List<String> inputs = List.of();

        /// As they were written.
        List<String> written() {
            return inputs;
        }

        /// As they were written: paths are those of where the run is.
        Value.Struct asWritten() {
            return Inputs.parse(inputs);
        }

        /// The inputs as they are given, with paths made absolute.
        ///
        /// @param document of the team file
        Value.Struct of(Value.Struct document, String workflow, Shell shell, TeamSource from) {
            return Inputs.withPaths(
                    document, workflow, Inputs.parse(inputs), shell.directory(), from.base());
        }
    }

    /// Output for programs.
    static final class JsonOption {
        @Option(
                names = "--json",
                description = "One JSON document on standard output, and nothing else there")
        private boolean json;

        boolean wanted() {
            return json;
        }
    }
}
