package dev.tutti.agents.tools.skills;

import dev.tutti.agents.tools.Inputs;
import dev.tutti.agents.tools.With;
import dev.tutti.core.event.Value;
import dev.tutti.runtime.agent.Attempt;
import dev.tutti.runtime.tool.Tool;
import dev.tutti.runtime.tool.Toolbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Two tools: one takes up a skill, the other reads a file of it. An agent knows of each skill its
/// name and what it is for, and nothing more until it takes it up.
final class SkillToolbox implements Toolbox {
    private static final int MOST = 200;

    private final Map<String, SkillFolder> skills = new LinkedHashMap<>();

    /// @throws IllegalArgumentException naming everything that is wrong with the folders
    SkillToolbox(With with, Path base) {
        var named = with.texts("folders");
        if (named.isEmpty()) {
            throw with.wrong("`folders` is needed: the folders of skills, such as [skills]");
        }
        var faults = new ArrayList<String>();
        for (var name : named) {
            for (var folder : folders(base.resolve(name), faults)) {
                try {
                    var skill = SkillFolder.read(folder);
                    if (skills.putIfAbsent(skill.name(), skill) != null) {
                        faults.add("there are two skills `" + skill.name() + "`");
                    }
                } catch (IllegalArgumentException e) {
                    faults.add(e.getMessage());
                }
            }
        }
        if (skills.size() > MOST) {
            faults.add("there are " + skills.size() + " skills; " + MOST + " at most");
        }
        if (!faults.isEmpty()) {
            throw with.wrong(String.join("; ", faults));
        }
    }

    /// The folder itself, if it is a skill, or those in it that are.
    private static List<Path> folders(Path folder, List<String> faults) {
        if (Files.exists(folder.resolve(SkillFolder.FILE))) {
            return List.of(folder);
        }
        try (var within = Files.list(folder)) {
            var found =
                    within.filter(one -> Files.exists(one.resolve(SkillFolder.FILE)))
                            .sorted()
                            .toList();
            if (found.isEmpty()) {
                faults.add("neither " + folder + " nor a folder in it has a " + SkillFolder.FILE);
            }
            return found;
        } catch (IOException e) {
            faults.add("there is no folder " + folder);
            return List.of();
        }
    }

    @Override
    public List<Tool> tools() {
        return List.of(use(), read());
    }

    private Tool use() {
        var known =
                skills.values().stream()
                        .map(skill -> "- " + skill.name() + ": " + skill.description())
                        .collect(Collectors.joining("\n"));
        return tool(
                "use",
                "Takes up a skill: gives its instructions, to be followed, and the names of its files."
                        + " Do so before you begin what a skill is for. There are:\n"
                        + known,
                "{ skill }",
                arguments -> {
                    var skill = skill(arguments);
                    return Value.struct(
                            "instructions",
                            Value.text(skill.instructions()),
                            "files",
                            new Value.Array(
                                    skill.files().stream().<Value>map(Value::text).toList()));
                },
                "skill");
    }

    private Tool read() {
        return tool(
                "read",
                "Reads a file of a skill.",
                "{ skill, file }",
                arguments -> Value.text(skill(arguments).file(text(arguments, "file"))),
                "skill",
                "file");
    }

    private SkillFolder skill(Value.Struct arguments) {
        var name = text(arguments, "skill");
        var skill = skills.get(name);
        if (skill == null) {
            throw new IllegalArgumentException(
                    "there is no skill `" + name + "`; there are " + skills.keySet());
        }
        return skill;
    }

    private static String text(Value.Struct arguments, String name) {
        return arguments.get(name) instanceof Value.Text(var text) ? text : "";
    }

    private interface Answer {
        Value of(Value.Struct arguments);
    }

    private static Tool tool(
            String name, String text, String takes, Answer answer, String... arguments) {
        var input = Value.Struct.EMPTY;
        for (var argument : arguments) {
            input = input.with(argument, Value.text("string"));
        }
        var description =
                new Tool.Description(name, text, Inputs.schema(new With(takes, input)), true);
        return new Tool() {
            @Override
            public Description description() {
                return description;
            }

            @Override
            public Result call(Value.Struct given, Attempt attempt) {
                try {
                    return Result.of(answer.of(given));
                } catch (IllegalArgumentException e) {
                    return Result.error(String.valueOf(e.getMessage()));
                }
            }
        };
    }
}
