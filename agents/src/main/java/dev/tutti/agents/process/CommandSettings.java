package dev.tutti.agents.process;

import dev.tutti.core.event.Value;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a team file says `with` for a command.
///
/// @param words the program and its arguments
/// @param input what comes on its standard input
/// @param output what its standard output is taken for
/// @param verdict whether its exit code is an answer
/// @param workspace the folder it works in
/// @param keep patterns of files in the workspace that are kept as artifacts
/// @param strict whether it runs in a sandbox
/// @param network whether it may use the network, in a sandbox
/// @param environment what it finds in its environment, beside what it is told of its attempt
/// @param read files and folders that it may read, in a sandbox
/// @param usage whether it says beside its output what it used up
record CommandSettings(
        List<String> words,
        Input input,
        Output output,
        boolean verdict,
        Place workspace,
        List<String> keep,
        boolean strict,
        boolean network,
        Map<String, String> environment,
        List<Path> read,
        Limits limits,
        boolean usage) {
    private static final Set<String> NAMES =
            Set.of(
                    "command",
                    "input",
                    "output",
                    "verdict",
                    "workspace",
                    "keep",
                    "sandbox",
                    "network",
                    "env",
                    "read",
                    "limits",
                    "usage");
    private static final int MOST_READ = 32;
    private static final int MOST_PATTERNS = 32;

    /// What comes on the standard input.
    enum Input {
        JSON,
        TEXT,
        ARGS
    }

    /// What the standard output is taken for.
    enum Output {
        EITHER,
        JSON,
        TEXT,
        /// Lines of JSON: how far it is, and in the last one its result.
        LINES
    }

    /// Where a command works.
    sealed interface Place {
        /// The folder of the team file.
        record Team() implements Place {}

        /// A folder of the attempt's own, gone with it.
        record Fresh() implements Place {}

        /// A folder that is there and stays.
        record Folder(Path path) implements Place {}
    }

    /// @param settings as they are for one attempt
    /// @param written the words of the command as the team file has them
    /// @param team the folder of the team file
    /// @throws IllegalArgumentException saying what is wrong and what to write
    static CommandSettings of(Value.Struct settings, List<String> written, Path team) {
        for (var name : settings.fields().keySet()) {
            if (!NAMES.contains(name)) {
                throw new IllegalArgumentException(
                        "`with.%s` is not known to `uses: process`, which takes %s"
                                .formatted(name, NAMES.stream().sorted().toList()));
            }
        }
        boolean strict = "strict".equals(choice(settings, "sandbox", "none", "none", "strict"));
        for (var name : List.of("network", "read", "limits")) {
            if (!strict && settings.get(name) != null) {
                throw new IllegalArgumentException(
                        "`with.%s` holds only in a sandbox: add `sandbox: strict`".formatted(name));
            }
        }
        var limits =
                settings.get("limits") instanceof Value.Struct given
                        ? Limits.of(given)
                        : Limits.USUAL;
        var place = place(settings, strict, team);
        var keep = texts(settings, "keep", MOST_PATTERNS);
        if (!keep.isEmpty() && place instanceof Place.Team) {
            throw new IllegalArgumentException(
                    "`with.keep` takes files out of a workspace: add `workspace: fresh` or a folder");
        }
        return new CommandSettings(
                words(settings, written, team),
                switch (choice(settings, "input", "json", "json", "text", "args")) {
                    case "text" -> Input.TEXT;
                    case "args" -> Input.ARGS;
                    default -> Input.JSON;
                },
                switch (choice(settings, "output", "", "json", "text", "lines")) {
                    case "json" -> Output.JSON;
                    case "text" -> Output.TEXT;
                    case "lines" -> Output.LINES;
                    default -> Output.EITHER;
                },
                flag(settings, "verdict"),
                place,
                keep,
                strict,
                flag(settings, "network"),
                environment(settings),
                texts(settings, "read", MOST_READ).stream()
                        .map(one -> team.toAbsolutePath().resolve(one).normalize())
                        .toList(),
                limits,
                usage(settings));
    }

    private static boolean usage(Value.Struct settings) {
        boolean usage = flag(settings, "usage");
        if (usage && Value.text("text").equals(settings.get("output"))) {
            throw new IllegalArgumentException(
                    "`with.usage`: what a command used up is a field of the object that it prints; leave `output: text` out");
        }
        return usage;
    }

    private static List<String> words(Value.Struct settings, List<String> written, Path team) {
        if (!(settings.get("command") instanceof Value.Array(var items))
                || items.isEmpty()
                || !items.stream().allMatch(Value.Text.class::isInstance)) {
            throw new IllegalArgumentException(
                    "`command` is a list of texts, the program first: [./check.sh, --strict]");
        }
        var words = new ArrayList<String>();
        items.forEach(word -> words.add(((Value.Text) word).value()));
        for (int i = 0; i < words.size(); i++) {
            if (words.get(i).indexOf('\0') >= 0) {
                throw new IllegalArgumentException("a word of `command` has a NUL in it");
            }
            if (i < written.size() && isOptionByItsData(written, i, words.get(i))) {
                throw new IllegalArgumentException(
                        "`command`: the value of `%s` begins with `-` and would be read as an option;"
                                        .formatted(written.get(i))
                                + " put `--` before it, or write `--name=…` in one word");
            }
        }
        var program = team.toAbsolutePath().resolve(words.getFirst()).normalize();
        if (words.getFirst().contains("/") && Files.isRegularFile(program)) {
            words.set(0, program.toString());
        }
        return List.copyOf(words);
    }

    /// Whether a word is an option that nobody wrote: it begins with what an expression gave.
    private static boolean isOptionByItsData(List<String> written, int index, String word) {
        return word.startsWith("-")
                && written.get(index).startsWith("${")
                && !written.subList(0, index).contains("--");
    }

    private static Place place(Value.Struct settings, boolean strict, Path team) {
        var where = settings.get("workspace");
        if (where == null) {
            return strict ? new Place.Fresh() : new Place.Team();
        }
        if (!(where instanceof Value.Text(var name)) || name.isBlank()) {
            throw new IllegalArgumentException("`with.workspace` is `fresh` or a folder");
        }
        if (name.equals("fresh")) {
            return new Place.Fresh();
        }
        var folder = team.toAbsolutePath().resolve(name).normalize();
        if (!Files.isDirectory(folder)) {
            throw new IllegalArgumentException(
                    "`with.workspace`: there is no folder " + folder + "; make it, or say `fresh`");
        }
        return new Place.Folder(folder);
    }

    private static Map<String, String> environment(Value.Struct settings) {
        var environment = new LinkedHashMap<String, String>();
        var given = settings.get("env");
        if (given == null) {
            return environment;
        }
        if (!(given instanceof Value.Struct(var fields))) {
            throw new IllegalArgumentException(
                    "`with.env` gives variables of the environment: { NAME: value }");
        }
        fields.forEach((name, value) -> {
            var text =
                    switch (value) {
                        case Value.Text(var t) -> t;
                        case Value.Int(var n) -> Long.toString(n);
                        case Value.Bool(var b) -> Boolean.toString(b);
                        default -> null;
                    };
            if (!name.matches("[A-Za-z_][A-Za-z0-9_]*") || text == null || text.contains("\0")) {
                throw new IllegalArgumentException(
                        "`with.env.%s` is not a variable and its text".formatted(name));
            }
            environment.put(name, text);
        });
        return environment;
    }

    private static String choice(
            Value.Struct settings, String name, String otherwise, String... choices) {
        return switch (settings.get(name)) {
            case null -> otherwise;
            case Value.Text(var text) when List.of(choices).contains(text) -> text;
            case Value other ->
                    throw new IllegalArgumentException(
                            "`with.%s` is %s, not %s"
                                    .formatted(name, String.join(" or ", choices), said(other)));
        };
    }

    private static String said(@Nullable Value value) {
        return value instanceof Value.Text(var text)
                ? "`" + (text.length() > 80 ? text.substring(0, 80) + "…" : text) + "`"
                : "of another kind";
    }

    private static boolean flag(Value.Struct settings, String name) {
        return switch (settings.get(name)) {
            case null -> false;
            case Value.Bool(var flag) -> flag;
            default -> throw new IllegalArgumentException("`with." + name + "` is true or false");
        };
    }

    private static List<String> texts(Value.Struct settings, String name, int most) {
        var given = settings.get(name);
        if (given == null) {
            return List.of();
        }
        if (!(given instanceof Value.Array(var items))
                || items.size() > most
                || !items.stream()
                        .allMatch(item ->
                                item instanceof Value.Text(var text)
                                        && !text.isBlank()
                                        && text.indexOf('\0') < 0)) {
            throw new IllegalArgumentException(
                    "`with.%s` is a list of texts, %d at most".formatted(name, most));
        }
        return items.stream().map(item -> ((Value.Text) item).value()).toList();
    }
}
