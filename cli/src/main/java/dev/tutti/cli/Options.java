package dev.tutti.cli;

import dev.tutti.Refusal;
import dev.tutti.cli.terminal.Screen;
import dev.tutti.core.event.Value;
import dev.tutti.wiring.Store;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Options that several commands share.
final class Options {
    private Options() {}

    /// Where runs are kept.
    static final class StoreOption {
        @Option(
                names = "--store",
                paramLabel = "DIR",
                description = "The store's folder. Default: $TUTTI_STORE, or else ./.tutti")
        private @Nullable String store;

        /// The folder; not looked at yet.
        Path folder(Shell shell) {
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

        /// The folder of a store that is there.
        Path existing(Shell shell) {
            var folder = folder(shell);
            if (!Store.exists(folder)) {
                throw new Refusal(
                        "there is no store in "
                                + folder
                                + "; `--store` or TUTTI_STORE names another, `tutti run` makes one");
            }
            return folder;
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
