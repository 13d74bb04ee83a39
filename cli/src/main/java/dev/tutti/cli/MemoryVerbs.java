package dev.tutti.cli;

import dev.tutti.Refusal;
import dev.tutti.Tutti;
import dev.tutti.agents.local.memory.LongTermMemory.Recalled;
import dev.tutti.agents.local.memory.Memory;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.agent.Remembrance.Memories;
import dev.tutti.runtime.json.Json;
import dev.tutti.view.Figures;
import dev.tutti.view.RunDocument;
import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Changes what is remembered from run to run.
final class MemoryVerbs {
    private static final String DONE_LINE = "0:done, and on disk";

    private MemoryVerbs() {}

    /// Tells a fact.
    @Command(
            name = "remember",
            description = {
                "Remembers a fact, for all runs to come.",
                "",
                "The same fact told again confirms the first one. With --attribute and --value, another"
                        + " value of the same attribute is flagged as a contradiction."
            },
            exitCodeList = {DONE_LINE, ExitCode.WRONG_REQUEST_LINE, ExitCode.INTERNAL_LINE})
    static final class Remember extends Remembering {
        @Parameters(paramLabel = "TEXT", description = "A sentence that can be read by itself")
        private String text = "";

        @Option(
                names = "--about",
                paramLabel = "SUBJECT",
                description =
                        "The person or thing that it is about: what it is found and forgotten by")
        private @Nullable String about;

        @Option(
                names = "--attribute",
                paramLabel = "NAME",
                description = "What of the subject it says, such as `city`; with --value")
        private @Nullable String attribute;

        @Option(names = "--value", paramLabel = "VALUE", description = "The value of the attribute")
        private @Nullable String value;

        @Option(
                names = "--expires",
                paramLabel = "TIME",
                description = "When it is to be forgotten: `30d`, or `2027-01-31T00:00:00Z`")
        private @Nullable String expires;

        @Option(
                names = "--outside",
                description = "Say of it that it comes from outside and is not to be trusted")
        private boolean outside;

        @Mixin private final Options.JsonOption json = new Options.JsonOption();

        Remember(Shell shell) {
            super(shell);
        }

        @Override
        Tutti open() {
            return any();
        }

        @Override
        int with(Tutti tutti, Memories memories) throws IOException, InterruptedException {
            var data = new LinkedHashMap<String, Value>();
            data.put("text", Value.text(text));
            put(data, "attribute", attribute);
            put(data, "value", value);
            put(data, "expires", expires);
            put(data, "trust", outside ? "outside" : null);
            var struct = new Value.Struct(data);
            var found = memories.remember(struct, about, telling(tutti), Instant.now());
            if (found.isEmpty()) {
                shell.say("told, and forgotten already: it has expired, or somebody forgot it");
                return ExitCode.SUCCEEDED;
            }
            if (json.wanted()) {
                var fields = new LinkedHashMap<String, Value>();
                fields.put("format", RunDocument.FORMAT);
                fields.putAll(found.get().fields());
                shell.print(List.of(Json.pretty(new Value.Struct(fields))));
                return ExitCode.SUCCEEDED;
            }
            say(Recalled.of(found.get()));
            return ExitCode.SUCCEEDED;
        }

        private void say(Recalled found) {
            Memory memory = found.memory();
            shell.say(
                    memory.confirmations() == 0
                            ? "remembered as " + memory.id()
                            : "confirmed "
                                    + memory.id()
                                    + ", told again "
                                    + Figures.count(memory.confirmations(), "time")
                                    + " by now");
            if (!found.contradicts().isEmpty()) {
                shell.say(
                        "it contradicts "
                                + String.join(", ", found.contradicts())
                                + " · see both: tutti memory show "
                                + memory.id());
            }
        }

        private static void put(Map<String, Value> data, String name, @Nullable String given) {
            if (given != null) {
                data.put(name, Value.text(given));
            }
        }
    }

    /// Forgets.
    @Command(
            name = "forget",
            description = {
                "Forgets one memory, or all about a person or thing: nothing finds, shows, exports or"
                        + " recalls them any more, and the files of the index no longer have them.",
                "",
                "What journals recorded stays: the messages of the topic `memory`, and the runs that told"
                        + " them. They are named."
            },
            exitCodeList = {DONE_LINE, ExitCode.WRONG_REQUEST_LINE, ExitCode.INTERNAL_LINE})
    static final class Forget extends Remembering {
        @Parameters(arity = "0..1", paramLabel = "ID", description = "The memory, such as m12")
        private @Nullable String id;

        @Option(
                names = "--about",
                paramLabel = "SUBJECT",
                description = "All that is about this person or thing")
        private @Nullable String about;

        @Mixin private final Options.JsonOption json = new Options.JsonOption();

        Forget(Shell shell) {
            super(shell);
        }

        @Override
        int with(Tutti tutti, Memories memory) throws IOException, InterruptedException {
            if ((id == null) == (about == null)) {
                throw new Refusal(
                        "name one memory to forget, `tutti memory forget m12`, or all about somebody,"
                                + " `--about SUBJECT`");
            }
            var forgotten =
                    memory.forget(id, about, telling(tutti), Instant.now())
                            .orElseThrow(() ->
                                    new Refusal(
                                            id != null
                                                    ? "there is no memory `"
                                                            + id
                                                            + "`; `tutti memory list` lists what there is"
                                                    : "nothing is remembered about `"
                                                            + about
                                                            + "`; `tutti memory list` says whom and what there is"
                                                            + " something about"));
            if (json.wanted()) {
                print(forgotten);
                return ExitCode.SUCCEEDED;
            }
            var from = texts(forgotten, "recorded_by");
            var naming = texts(forgotten, "named_in");
            shell.say(
                    "forgot "
                            + (id == null
                                    ? memories(count(forgotten, "forgotten")) + " about " + about
                                    : id)
                            + ": no search, show, export or recall gives that any more, and the files of"
                            + " the index no longer have it");
            shell.say(
                    "what journals recorded stays: "
                            + Figures.count(count(forgotten, "messages_on_record"), "message")
                            + " of the topic memory"
                            + (from.isEmpty() ? "" : ", from " + String.join(", ", from))
                            + ", and what runs were given and gave");
            if (!naming.isEmpty()) {
                shell.say(
                        "not about "
                                + about
                                + ", but naming it: "
                                + String.join(", ", naming)
                                + " · tutti memory forget ID");
            }
            return ExitCode.SUCCEEDED;
        }
    }

    /// Shows and changes the rules.
    @Command(
            name = "rules",
            description =
                    "Shows how long memories count and are kept, or changes that for what is told from now on.",
            exitCodeList = {DONE_LINE, ExitCode.WRONG_REQUEST_LINE, ExitCode.INTERNAL_LINE})
    static final class Rules extends Remembering {
        @Option(
                names = "--half-life",
                paramLabel = "TIME",
                description =
                        "After so long without being told again a memory counts half, such as 90d")
        private @Nullable String halfLife;

        @Option(
                names = "--retain-facts",
                paramLabel = "TIME",
                description = "So long facts are kept that do not say so themselves, or forever")
        private @Nullable String facts;

        @Option(
                names = "--retain-episodes",
                paramLabel = "TIME",
                description = "So long what came of runs is kept, or forever")
        private @Nullable String episodes;

        Rules(Shell shell) {
            super(shell);
        }

        @Override
        Tutti open() {
            return any();
        }

        @Override
        int with(Tutti tutti, Memories memories) throws IOException, InterruptedException {
            var data = new LinkedHashMap<String, Value>();
            if (halfLife != null) {
                data.put("half_life", Value.text(halfLife));
            }
            var retain = new LinkedHashMap<String, Value>();
            if (facts != null) {
                retain.put("facts", Value.text(facts));
            }
            if (episodes != null) {
                retain.put("episodes", Value.text(episodes));
            }
            if (!retain.isEmpty()) {
                data.put("retain", new Value.Struct(retain));
            }
            var rules =
                    new LinkedHashMap<>(
                            memories.rules(new Value.Struct(data), telling(tutti), Instant.now())
                                    .fields());
            rules.remove("format");
            shell.print(List.of(Json.text(new Value.Struct(rules))));
            return ExitCode.SUCCEEDED;
        }
    }
}
