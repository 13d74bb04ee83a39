package dev.tutti.cli;

import dev.tutti.Refusal;
import dev.tutti.Tutti;
import dev.tutti.agents.local.memory.LongTermMemory.Recalled;
import dev.tutti.cli.view.MemoryLines;
import dev.tutti.runtime.agent.Remembrance;
import dev.tutti.runtime.agent.Remembrance.Memories;
import dev.tutti.runtime.json.Json;
import dev.tutti.view.Figures;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// What is remembered from run to run, looked at.
final class MemoryCommands {
    static final String MEMORY = "memory";

    private MemoryCommands() {}

    /// The command `memory` with all that can be done with it.
    static CommandLine all(Shell shell) {
        return new CommandLine(new All(shell))
                .addSubcommand("search", new Search(shell))
                .addSubcommand("list", new Everything(shell))
                .addSubcommand("show", new Show(shell))
                .addSubcommand("remember", new MemoryVerbs.Remember(shell))
                .addSubcommand("forget", new MemoryVerbs.Forget(shell))
                .addSubcommand("export", new Export(shell))
                .addSubcommand("rules", new MemoryVerbs.Rules(shell));
    }

    /// Says what there is.
    @Command(
            name = "memory",
            description = {
                "What is remembered from run to run: searched, told and forgotten.",
                "",
                "Runs remember by `emit: { topic: memory, message: fact, … }`, and recall by an agent"
                        + " that `uses: local/memory`."
            },
            synopsisSubcommandLabel = "COMMAND",
            mixinStandardHelpOptions = true)
    static final class All implements Callable<Integer> {
        private final Shell shell;

        All(Shell shell) {
            this.shell = shell;
        }

        @Override
        public Integer call() {
            Objects.requireNonNull(Main.commandLine(shell, MEMORY).getSubcommands().get(MEMORY))
                    .usage(shell.err());
            return ExitCode.WRONG_REQUEST;
        }
    }

    /// Which memories.
    static final class Which {
        @Option(
                names = "--about",
                paramLabel = "SUBJECT",
                description = "Only what is about this person or thing")
        private @Nullable String about;

        @Option(
                names = "--kind",
                paramLabel = "KIND",
                description = "Only this kind: fact, episode or procedure")
        private List<String> kinds = List.of();

        @Nullable String about() {
            return about;
        }

        Remembrance.Which of() {
            return new Remembrance.Which(about, Set.copyOf(kinds));
        }
    }

    /// Searches.
    @Command(
            name = "search",
            description =
                    "Finds what is remembered, by words and by meaning; what was told long ago counts less.",
            exitCodeList = {
                ExitCode.SUCCEEDED_LINE,
                ExitCode.WRONG_REQUEST_LINE,
                ExitCode.INTERNAL_LINE
            })
    static final class Search extends Remembering {
        @Parameters(paramLabel = "QUERY", description = "Words, or a question")
        private String query = "";

        @Mixin private final Which which = new Which();

        @Option(
                names = "--most",
                paramLabel = "N",
                description = "So many at most. Default: ${DEFAULT-VALUE}")
        private int most = 8;

        @Option(names = "--words", description = "By words alone, which needs no model")
        private boolean words;

        @Mixin private final Options.JsonOption json = new Options.JsonOption();

        @Mixin private final Options.ShowOption show = new Options.ShowOption();

        Search(Shell shell) {
            super(shell);
        }

        @Override
        int with(Tutti tutti, Memories memory) throws IOException, InterruptedException {
            if (query.isBlank() || most < 1) {
                throw new Refusal(
                        query.isBlank()
                                ? "there is nothing to look for: name a word"
                                : "--most is 1 at least");
            }
            var found = memory.search(query, which.of(), most, !words, Instant.now());
            if (json.wanted()) {
                print(found);
                return ExitCode.SUCCEEDED;
            }
            if (recalled(found).isEmpty()) {
                shell.say("nothing is remembered that has to do with this");
            }
            for (var one : recalled(found)) {
                shell.print(MemoryLines.of(one, false, show.of(shell.outScreen())));
            }
            return ExitCode.SUCCEEDED;
        }
    }

    /// Lists everything.
    @Command(
            name = "list",
            description =
                    "Lists what is remembered, the newest first, and the newest messages that told nothing.",
            exitCodeList = {
                ExitCode.SUCCEEDED_LINE,
                ExitCode.WRONG_REQUEST_LINE,
                ExitCode.INTERNAL_LINE
            })
    static final class Everything extends Remembering {
        @Mixin private final Which which = new Which();

        @Option(
                names = "--limit",
                paramLabel = "N",
                description = "The most to list. Default: ${DEFAULT-VALUE}")
        private int limit = 50;

        @Mixin private final Options.JsonOption json = new Options.JsonOption();

        @Mixin private final Options.ShowOption show = new Options.ShowOption();

        Everything(Shell shell) {
            super(shell);
        }

        @Override
        int with(Tutti tutti, Memories memory) throws IOException, InterruptedException {
            var found = memory.list(which.of(), limit, Instant.now());
            if (json.wanted()) {
                print(found);
                return ExitCode.SUCCEEDED;
            }
            int all = count(found, "count");
            var listed = recalled(found);
            for (var one : listed) {
                shell.print(MemoryLines.of(one, false, show.of(shell.outScreen())));
            }
            if (listed.size() < all) {
                shell.say("   " + Figures.count(all - listed.size()) + " more: --limit " + all);
            }
            if (all == 0) {
                shell.say(
                        "nothing is remembered"
                                + (which.about() == null ? "" : " about " + which.about())
                                + " yet; `tutti memory remember TEXT` does, and so do tasks that"
                                + " emit a `fact` to the topic `memory`");
            }
            texts(found, "told_nothing").forEach(why -> shell.say("told nothing: " + why));
            return ExitCode.SUCCEEDED;
        }
    }

    /// Shows one.
    @Command(
            name = "show",
            description = "Shows a memory, who told it, and what says otherwise.",
            exitCodeList = {
                ExitCode.SUCCEEDED_LINE,
                ExitCode.WRONG_REQUEST_LINE,
                ExitCode.INTERNAL_LINE
            })
    static final class Show extends Remembering {
        @Parameters(paramLabel = "ID", description = "The memory, such as m12")
        private String id = "";

        @Mixin private final Options.JsonOption json = new Options.JsonOption();

        @Mixin private final Options.ShowOption show = new Options.ShowOption();

        Show(Shell shell) {
            super(shell);
        }

        @Override
        int with(Tutti tutti, Memories memory) throws IOException, InterruptedException {
            var found = find(memory, id);
            if (json.wanted()) {
                print(found);
                return ExitCode.SUCCEEDED;
            }
            var screen = show.of(shell.outScreen());
            var one = Recalled.of(found);
            shell.print(MemoryLines.of(one, true, screen));
            shell.print(List.of("    told by " + String.join(", ", texts(found, "told_by"))));
            for (var other : one.contradicts()) {
                shell.print(MemoryLines.of(Recalled.of(find(memory, other)), true, screen));
            }
            return ExitCode.SUCCEEDED;
        }
    }

    /// Exports.
    @Command(
            name = "export",
            description = "Writes what is remembered, one JSON object a line, oldest first.",
            exitCodeList = {
                ExitCode.SUCCEEDED_LINE,
                ExitCode.WRONG_REQUEST_LINE,
                ExitCode.INTERNAL_LINE
            })
    static final class Export extends Remembering {
        @Mixin private final Which which = new Which();

        @Option(
                names = "--out",
                paramLabel = "FILE",
                description = "The file to write. Default: standard output")
        private @Nullable String out;

        Export(Shell shell) {
            super(shell);
        }

        @Override
        int with(Tutti tutti, Memories memory) throws IOException, InterruptedException {
            var lines = memory.export(which.of(), Instant.now()).stream().map(Json::text).toList();
            if (out == null) {
                shell.print(lines);
            } else {
                var file = shell.directory().resolve(out);
                Files.write(file, lines, StandardCharsets.UTF_8);
                shell.say(memories(lines.size()) + " in " + file);
            }
            return ExitCode.SUCCEEDED;
        }
    }
}
