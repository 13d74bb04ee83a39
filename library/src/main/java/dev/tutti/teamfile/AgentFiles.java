package dev.tutti.teamfile;

import dev.tutti.core.event.Value;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Agents that are files of their own: Markdown with front matter (`from: reviewer.md`). The text
/// is the agent's instructions, and what the front matter says of `model` and `tools` holds where
/// the team file says nothing.
///
/// What the files say is put in the place of their names, so that a run keeps what it began with.
final class AgentFiles {
    private static final String FENCE = "---";
    private static final int LONGEST = 1 << 20;

    private final @Nullable Path base;
    private final Map<String, String> files;
    private final Report report;

    /// @param base the folder that the files are found from, or null where none are read
    /// @param files what is known of files by their names; those that are read are added
    AgentFiles(@Nullable Path base, Map<String, String> files, Report report) {
        this.base = base;
        this.files = files;
        this.report = report;
    }

    /// The document with the files in it.
    Value.Struct into(Value.Struct document) {
        if (!(document.get("agents") instanceof Value.Struct agents)) {
            return document;
        }
        var all = new LinkedHashMap<String, Value>();
        agents.fields()
                .forEach((name, agent) ->
                        all.put(
                                name,
                                agent instanceof Value.Struct struct
                                                && struct.get("from")
                                                        instanceof Value.Text(var file)
                                        ? agent(struct, file, List.of("agents", name))
                                        : agent));
        return document.with("agents", new Value.Struct(all));
    }

    private Value.Struct agent(Value.Struct agent, String file, List<String> at) {
        var fields = new LinkedHashMap<>(agent.fields());
        fields.remove("from");
        fields.putIfAbsent("uses", Value.text(Equipment.USER));
        var from = Report.below(at, "from");
        var text = read(file, from);
        if (text != null) {
            var with =
                    fields.get("with") instanceof Value.Struct given ? given : Value.Struct.EMPTY;
            if (with.get("instructions") != null) {
                report.add(
                        "E-FILE-01",
                        "`" + DisplayWidth.shown(file) + "` is the agent's instructions already",
                        Report.below(Report.below(at, "with"), "instructions"),
                        "a second time",
                        "remove `instructions` or `from`");
            }
            fields.put("with", settings(text, file, from).with(with));
        }
        return new Value.Struct(fields);
    }

    private @Nullable String read(String file, List<String> at) {
        var known = files.get(file);
        if (known != null) {
            return known;
        }
        if (base == null) {
            problem("a team without a file of its own has no files to read", at, null);
            return null;
        }
        var path = base.resolve(file);
        try {
            if (!Files.isRegularFile(path)) {
                throw new NoSuchFileException(file);
            }
            if (Files.size(path) > LONGEST) {
                problem("`" + DisplayWidth.shown(file) + "` is longer than 1 MiB", at, null);
                return null;
            }
            var text = Files.readString(path);
            files.put(file, text);
            return text;
        } catch (NoSuchFileException e) {
            problem(
                    "there is no file `" + DisplayWidth.shown(file) + "` beside the team file",
                    at,
                    null);
        } catch (CharacterCodingException e) {
            problem("`" + DisplayWidth.shown(file) + "` is not text in UTF-8", at, null);
        } catch (IOException e) {
            problem(
                    "`" + DisplayWidth.shown(file) + "` cannot be read: " + e.getMessage(),
                    at,
                    null);
        }
        return null;
    }

    private void problem(String message, List<String> at, @Nullable String help) {
        report.add("E-FILE-01", message, at, "this file", help);
    }

    /// The settings that a file stands for.
    private Value.Struct settings(String text, String file, List<String> at) {
        var lines = text.lines().toList();
        int end = lines.isEmpty() || !lines.getFirst().strip().equals(FENCE) ? -1 : 1;
        while (end > 0 && end < lines.size() && !lines.get(end).strip().equals(FENCE)) {
            end++;
        }
        if (end == lines.size()) {
            problem(
                    "the front matter of `" + DisplayWidth.shown(file) + "` does not end",
                    at,
                    "close it with a line `---`");
            return Value.Struct.EMPTY;
        }
        var body = String.join("\n", lines.subList(end + 1, lines.size())).strip();
        var settings = Value.struct("instructions", Value.text(body.replace("${", "$${")));
        return end < 0 ? settings : settings.with(frontMatter(lines.subList(1, end), file, at));
    }

    /// `model` and `tools`; a name and a description are for people, and other keys for others.
    private Value.Struct frontMatter(List<String> lines, String file, List<String> at) {
        var tree = Yaml.read(new Source(String.join("\n", lines)));
        for (var problem : tree.problems()) {
            problem(
                    "the front matter of `"
                            + DisplayWidth.shown(file)
                            + "`: "
                            + problem.fault().message(),
                    at,
                    null);
        }
        var settings = Value.Struct.EMPTY;
        if (tree.root() != null
                && new CoreSchema((_, _, _) -> {}).value(tree.root())
                        instanceof Value.Struct said) {
            if (said.get("model") instanceof Value.Text model && !model.value().equals("inherit")) {
                settings = settings.with("model", model);
            }
            if (said.get("tools") instanceof Value.Array tools) {
                settings = settings.with("tools", tools);
            } else if (said.get("tools") instanceof Value.Text(var names)) {
                var tools = new ArrayList<Value>();
                Arrays.stream(names.split(",", -1))
                        .map(String::strip)
                        .filter(name -> !name.isEmpty())
                        .forEach(name -> tools.add(Value.text(name)));
                settings = settings.with("tools", new Value.Array(tools));
            }
        }
        return settings;
    }
}
